import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Link, useLocation, useRoute } from 'wouter'
import type { MerchantPartsFragment } from '../api/__generated__/documents.ts'
import { useConnection } from '../api/connection.ts'
import type { Session } from '../session/development.tsx'
import { type Key, useText } from '../text/text.ts'
import { Icon, type IconName } from '../ui/icons.tsx'

interface ShellProps {
  session: Session
  merchant: MerchantPartsFragment | null | undefined
  onSignOut: () => void
  children: ReactNode
}

/** The frame of all pages: a bar at the bottom of a phone, a rail at the side of a desktop. */
export function Shell({ session, merchant, onSignOut, children }: ShellProps): ReactNode {
  const { t } = useText()
  const name = merchant?.displayName ?? session.displayName
  const attention = (kind: string) =>
    merchant?.dashboard.tasks.find((task) => task.kind === kind)?.attention ?? 0
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t('app.skip')}
      </a>
      <header className="side">
        <div className="top">
          <Link href="/" className="brand">
            <span className="brand-mark" aria-hidden="true">
              {name.slice(0, 1).toLocaleUpperCase()}
            </span>
            <span className="brand-name">{name}</span>
          </Link>
          <SignOut onSignOut={onSignOut} />
        </div>
        <nav className="nav" aria-label={t('nav.label')}>
          <ul>
            <Item to="/" icon="overview" text="nav.overview" />
            <Item to="/payments" icon="payments" text="nav.payments" />
            <Item
              to="/disputes"
              icon="disputes"
              text="nav.disputes"
              count={attention('RESPOND_TO_DISPUTES_AND_REFUNDS')}
            />
            <Item to="/payouts" icon="payouts" text="nav.payouts" count={attention('MANAGE_FINANCES')} />
            <Item
              to="/plan"
              icon="plan"
              text="nav.plan"
              count={merchant?.service?.access === 'GRACE' ? 1 : 0}
            />
          </ul>
        </nav>
        <div className="rail-foot">
          <Live />
          <SignOut onSignOut={onSignOut} />
        </div>
      </header>
      <main id="content" className="main" tabIndex={-1}>
        {children}
      </main>
      <Connection />
      <Announcement text={merchant?.summary} />
    </div>
  )
}

/** Tells a screen reader the merchant's state when it changes by itself, on any page. */
function Announcement({ text }: { text: string | undefined }): ReactNode {
  const first = useRef(text)
  const [changed, setChanged] = useState('')
  useEffect(() => {
    if (first.current === undefined) first.current = text
    else if (text !== undefined && text !== first.current) setChanged(text)
  }, [text])
  return (
    <div role="status" className="unseen">
      {changed}
    </div>
  )
}

function SignOut({ onSignOut }: { onSignOut: () => void }): ReactNode {
  const { t } = useText()
  return (
    <button type="button" className="account" onClick={onSignOut}>
      <Icon name="switch" small />
      {t('app.signOut')}
    </button>
  )
}

function Item({
  to,
  icon,
  text,
  count = 0,
}: {
  to: string
  icon: IconName
  text: Key
  count?: number
}): ReactNode {
  const { t } = useText()
  const [location] = useLocation()
  const [below] = useRoute(`${to}/*`)
  const here = location === to || (to !== '/' && below)
  return (
    <li>
      <Link href={to} aria-current={here ? 'page' : undefined}>
        <Icon name={icon} />
        <span>{t(text)}</span>
        {count > 0 && (
          <span className="badge">
            <span aria-hidden="true">{count}</span>
            <span className="unseen">{t('nav.attention', { count })}</span>
          </span>
        )}
      </Link>
    </li>
  )
}

function Live(): ReactNode {
  const { t } = useText()
  const state = useConnection()
  if (state !== 'live') return null
  return (
    <span className="live">
      <span className="dot" aria-hidden="true" />
      {t('connection.live')}
    </span>
  )
}

/** Tells calmly that the page does not update at the moment. The region is always there, so changes are read. */
function Connection(): ReactNode {
  const { t } = useText()
  const state = useConnection()
  return (
    <div role="status">
      {(state === 'offline' || state === 'reconnecting') && (
        <p className="connection">
          <span className="dot" aria-hidden="true" />
          {t(`connection.${state}`)}
        </p>
      )}
    </div>
  )
}
