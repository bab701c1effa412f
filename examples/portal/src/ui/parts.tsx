import { type ReactNode, useEffect, useRef } from 'react'
import { Link } from 'wouter'
import type { MoneyPartsFragment } from '../api/__generated__/documents.ts'
import { useFormat } from '../text/format.ts'
import { useText } from '../text/text.ts'
import { Icon, type IconName } from './icons.tsx'
import type { Tone } from './tones.ts'

export function Chip({ tone, children }: { tone: Tone; children: ReactNode }): ReactNode {
  return (
    <span className={`chip tone-${tone}`}>
      <span className="dot" aria-hidden="true" />
      {children}
    </span>
  )
}

export function Money({ of }: { of: MoneyPartsFragment | null | undefined }): ReactNode {
  const { money } = useFormat()
  return <span className="numbers">{of ? money(of) : '–'}</span>
}

/** A time with its exact value for machines and for the pointer. */
export function When({ at, as }: { at: string; as: 'day' | 'time' | 'dayAndTime' | 'distance' }): ReactNode {
  const format = useFormat()
  return (
    <time dateTime={at} title={at.length > 10 ? format.dayAndTime(at) : format.day(at)}>
      {format[as](at)}
    </time>
  )
}

interface PageProps {
  title: string
  note?: ReactNode
  /** The page above this one. */
  back?: { to: string; text: string }
  aside?: ReactNode
  children: ReactNode
}

/** A page with its heading. After a change of page the heading has the focus, so screen readers read it. */
export function Page({ title, note, back, aside, children }: PageProps): ReactNode {
  return (
    <div className="page">
      <header className="head">
        {back && (
          <Link href={back.to} className="back">
            <Icon name="back" small />
            {back.text}
          </Link>
        )}
        <div className="head-line">
          <Heading>{title}</Heading>
          {aside}
        </div>
        {note && <p>{note}</p>}
      </header>
      {children}
    </div>
  )
}

let firstPage = true

/** The only h1 of a page, which is also the title of the window. */
export function Heading({ children, className }: { children: string; className?: string }): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null)
  const { t } = useText()
  useEffect(() => {
    document.title = t('app.title', { page: children })
  }, [children, t])
  useEffect(() => {
    // The first page was opened by the browser, which moves the focus itself.
    if (!firstPage) heading.current?.focus({ preventScroll: true })
    firstPage = false
  }, [])
  return (
    <h1 ref={heading} tabIndex={-1} className={className}>
      <span key={children} className="fresh">
        {children}
      </span>
    </h1>
  )
}

interface SectionProps {
  title: string
  note?: ReactNode
  more?: { to: string; text: string } | undefined
  children: ReactNode
}

export function Section({ title, note, more, children }: SectionProps): ReactNode {
  return (
    <section className="section">
      <div className="section-head">
        <h2>{title}</h2>
        {note && <span className="section-note">{note}</span>}
        {more && (
          <Link href={more.to} className="go">
            {more.text}
            <Icon name="next" small />
          </Link>
        )}
      </div>
      {children}
    </section>
  )
}

interface ButtonProps {
  children: ReactNode
  kind?: 'primary' | 'plain'
  large?: boolean
  busy?: boolean
  type?: 'button' | 'submit'
  icon?: IconName
  onClick?: () => void
}

/** While the button is busy it keeps the focus and ignores clicks. */
export function Button({
  children,
  kind = 'primary',
  large,
  busy,
  type = 'button',
  icon,
  onClick,
}: ButtonProps): ReactNode {
  return (
    <button
      type={type}
      className={`button button-${kind}${large ? ' button-large' : ''}`}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onClick?.()
      }}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : icon && <Icon name={icon} small />}
      {children}
    </button>
  )
}

/** A link to another site, which opens beside the app. */
export function Out({
  to,
  children,
  className,
}: {
  to: string
  children: ReactNode
  className?: string
}): ReactNode {
  const { t } = useText()
  return (
    <a href={to} target="_blank" rel="noopener noreferrer" className={className ?? 'go'}>
      {children}
      <Icon name="out" small />
      <span className="unseen"> {t('app.newTab')}</span>
    </a>
  )
}

interface NoticeProps {
  tone: Tone
  title?: string
  icon?: IconName
  /** Whether a screen reader reads the notice when it appears. */
  announced?: boolean
  children?: ReactNode
}

export function Notice({ tone, title, icon, announced = false, children }: NoticeProps): ReactNode {
  const alarming = tone === 'critical' || tone === 'warning'
  return (
    <div
      className={`notice tone-${tone}`}
      role={announced ? (tone === 'critical' ? 'alert' : 'status') : undefined}
    >
      <Icon name={icon ?? (alarming ? 'alert' : tone === 'positive' ? 'check' : 'info')} />
      <div className="notice-body">
        {title && <p className="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  )
}

export function Empty({
  icon,
  title,
  children,
}: {
  icon: IconName
  title: string
  children?: ReactNode
}): ReactNode {
  return (
    <div className="sheet empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  )
}

/** Lines in place of a text that is on its way. */
export function Skeleton({ lines = 3, tall = false }: { lines?: number; tall?: boolean }): ReactNode {
  const { t } = useText()
  const widths = ['62%', '88%', '74%', '94%', '56%']
  return (
    <div role="status" className={tall ? 'skeleton skeleton-tall' : 'skeleton'}>
      <span className="unseen">{t('app.loading')}</span>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike
        <span key={line} className="bone" style={{ width: widths[line % widths.length] }} />
      ))}
    </div>
  )
}
