import { formatMoney, type Money } from '@connectql/client'
import { useMemo } from 'react'
import { useText } from './text.ts'

export interface Format {
  /** An amount, such as €1,234.50. */
  money: (amount: Money) => string
  /** A day: 24 November, with the year unless it is this year. Days without a time have no time zone. */
  day: (at: string) => string
  time: (at: string) => string
  dayAndTime: (at: string) => string
  /** The weekday and the day: Tuesday, 24 November; or Today, or Yesterday. */
  heading: (at: string) => string
  /** The distance in days: tomorrow, in 5 days, 2 days ago. */
  distance: (at: string) => string
  percent: (basisPoints: number) => string
}

export function useFormat(): Format {
  const { locale } = useText()
  return useMemo(() => formats(locale), [locale])
}

function formats(locale: string): Format {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 })

  function day(at: string, weekday?: 'long'): string {
    const date = new Date(at)
    const year = date.getFullYear() === new Date().getFullYear() ? undefined : 'numeric'
    return new Intl.DateTimeFormat(locale, {
      ...(weekday && { weekday }),
      day: 'numeric',
      month: weekday ? 'long' : 'short',
      ...(year && { year }),
      ...(isDay(at) && { timeZone: 'UTC' }),
    }).format(date)
  }

  return {
    money: (amount) => formatMoney(amount, locale),
    day: (at) => day(at),
    time: (at) => time.format(new Date(at)),
    dayAndTime: (at) => `${day(at)}, ${time.format(new Date(at))}`,
    heading(at) {
      const days = daysUntil(at)
      if (days > 0 || days < -1) return day(at, 'long')
      const text = relative.format(days, 'day')
      return text.slice(0, 1).toLocaleUpperCase(locale) + text.slice(1)
    },
    distance(at) {
      const days = daysUntil(at)
      return Math.abs(days) < 60 ? relative.format(days, 'day') : day(at)
    },
    percent: (basisPoints) => percent.format(basisPoints / 10_000),
  }
}

/** The number of midnights from now until then. */
export function daysUntil(at: string): number {
  const date = new Date(at)
  const then = isDay(at)
    ? Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate())
    : Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())
  const now = new Date()
  return Math.round((then - Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())) / 86_400_000)
}

/** The local day of a time, to group by. */
export function dayOf(at: string): string {
  return new Date(at).toDateString()
}

function isDay(at: string): boolean {
  return at.length === 10
}
