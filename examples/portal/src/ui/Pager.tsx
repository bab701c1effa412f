import type { ReactNode } from 'react'
import { Link, useLocation, useSearchParams } from 'wouter'
import { Icon } from './icons.tsx'

interface PagerProps {
  info: { hasNextPage: boolean; endCursor?: string | null } | undefined
  /** The text of the way back to the first page. Null on the first page. */
  newest: string | null
  older: string
}

/** The way to the older part of a list. Each page has an address; the browser's Back leads to the page before. */
export function Pager({ info, newest, older }: PagerProps): ReactNode {
  const [path] = useLocation()
  const [parameters] = useSearchParams()
  const to = (after: string | null) => {
    const next = new URLSearchParams(parameters)
    next.delete('after')
    if (after) next.set('after', after)
    return `${path}?${next}`
  }
  if (!newest && !info?.hasNextPage) return null
  return (
    <nav className="pager" aria-label={older}>
      {newest ? (
        <Link href={to(null)} className="button button-plain">
          <Icon name="back" small />
          {newest}
        </Link>
      ) : (
        <span />
      )}
      {info?.hasNextPage && (
        <Link href={to(info.endCursor ?? null)} className="button button-plain">
          {older}
          <Icon name="next" small />
        </Link>
      )}
    </nav>
  )
}
