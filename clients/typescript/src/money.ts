// Money is an integer of minor units with a currency. Nothing here uses a float.
import type { MoneyFieldsFragment } from './generated/operations.ts'

export type Money = Pick<MoneyFieldsFragment, 'minorUnits' | 'currency' | 'exponent'>

/** The amount in major units as exact text: `-12.34`. */
export function decimalText({ minorUnits, exponent }: Money): string {
  const digits = String(Math.abs(minorUnits)).padStart(exponent + 1, '0')
  const whole = digits.slice(0, digits.length - exponent)
  const sign = minorUnits < 0 ? '-' : ''
  return exponent ? `${sign}${whole}.${digits.slice(-exponent)}` : sign + whole
}

/** The amount with its currency in the form of a locale. The default is the locale of the browser. */
export function formatMoney(
  money: Money,
  locales?: string | string[],
  options?: Intl.NumberFormatOptions,
): string {
  const style = { ...options, style: 'currency', currency: money.currency } as const
  const usual = new Intl.NumberFormat(locales, style).resolvedOptions().maximumFractionDigits ?? 0
  // Stripe counts ISK and UGX with two decimals, which are always 0 and which nobody writes.
  const hasDecimals = money.minorUnits % 10 ** money.exponent !== 0
  const maximumFractionDigits = hasDecimals ? Math.max(usual, money.exponent) : usual
  const format = new Intl.NumberFormat(locales, { ...style, maximumFractionDigits })
  return format.format(decimalText(money) as Intl.StringNumericLiteral)
}

/**
 * The minor units of an amount that a person typed: `12.5` or `12,50`, without grouping. Null if the text is
 * no such amount, or has more decimals than the currency.
 */
export function parseMinorUnits(text: string, exponent: number): number | null {
  const [, whole, decimals = ''] = /^\s*(\d+)(?:[.,](\d*))?\s*$/.exec(text) ?? []
  if (whole === undefined || decimals.length > exponent) return null
  const minorUnits = Number(whole + decimals.padEnd(exponent, '0'))
  return Number.isSafeInteger(minorUnits) ? minorUnits : null
}
