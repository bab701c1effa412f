/**
 * The sign-in of development. Replace this module by the platform's own login.
 *
 * The start server of `make run` lists the merchants and signs tokens for them. In production, `fetchToken` asks
 * the platform's backend or identity provider for the token of the user who is signed in.
 */

import { type ReactNode, useEffect, useState } from 'react'
import type { Settings } from '../api/settings.ts'
import { useText } from '../text/text.ts'
import { Icon } from '../ui/icons.tsx'
import { Button, Heading, Notice, Skeleton } from '../ui/parts.tsx'
import { StatusChip } from '../ui/StatusChip.tsx'

/** The merchant who is signed in. */
export interface Session {
  externalId: string
  displayName: string
}

interface Listed extends Session {
  status: string
}

const KEY = 'portal.session'

/** The session of this tab. It survives the way to Stripe and back; the token does not leave the memory. */
export function readSession(): Session | null {
  const kept = sessionStorage.getItem(KEY)
  return kept ? (JSON.parse(kept) as Session) : null
}

export function keepSession(session: Session | null): void {
  if (session) sessionStorage.setItem(KEY, JSON.stringify(session))
  else sessionStorage.removeItem(KEY)
}

export async function fetchToken(
  settings: Settings,
  session: Session,
): Promise<{ token: string; expiresAt: string }> {
  const url = new URL(settings.tokenUrl, location.href)
  url.searchParams.set('role', 'merchant')
  url.searchParams.set('merchant', session.externalId)
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`The token server answered ${answer.status}`)
  return (await answer.json()) as { token: string; expiresAt: string }
}

interface SignInProps {
  settings: Settings
  onSignIn: (session: Session) => void
}

export function SignIn({ settings, onSignIn }: SignInProps): ReactNode {
  const { t } = useText()
  const [search, setSearch] = useState('')
  const [merchants, setMerchants] = useState<Listed[] | null>(null)
  const [failed, setFailed] = useState(false)
  const [attempt, setAttempt] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt reads the list again
  useEffect(() => {
    const canceled = new AbortController()
    setFailed(false)
    fetch(settings.merchantsUrl, { signal: canceled.signal })
      .then(async (answer) => {
        if (!answer.ok) throw new Error(String(answer.status))
        setMerchants((await answer.json()) as Listed[])
      })
      .catch(() => {
        if (!canceled.signal.aborted) setFailed(true)
      })
    return () => canceled.abort()
  }, [settings, attempt])

  const wanted = search.trim().toLowerCase()
  const found = merchants?.filter(({ externalId, displayName }) =>
    `${displayName} ${externalId}`.toLowerCase().includes(wanted),
  )
  return (
    <main className="sign-in">
      <div className="head">
        <Heading>{t('signIn.title')}</Heading>
        <p>{t('signIn.note')}</p>
      </div>
      {failed && (
        <Notice tone="critical" title={t('signIn.failed.title')} announced>
          <p>{t('signIn.failed.note')}</p>
          <div className="actions">
            <Button kind="plain" onClick={() => setAttempt(attempt + 1)}>
              {t('app.retry')}
            </Button>
          </div>
        </Notice>
      )}
      {merchants && merchants.length > 6 && (
        <div className="with-icon">
          <Icon name="search" small />
          <input
            type="search"
            className="input"
            aria-label={t('signIn.search')}
            placeholder={t('signIn.search')}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        </div>
      )}
      {!failed && !found && <Skeleton lines={5} tall />}
      {found && found.length > 0 && (
        <ul className="sheet rows sign-in-list">
          {found.map((merchant) => (
            <li key={merchant.externalId}>
              <button type="button" onClick={() => onSignIn(merchant)}>
                <span className="sign-in-name">{merchant.displayName}</span>
                <span className="faint">{merchant.externalId}</span>
                <span className="sign-in-status">
                  <StatusChip of="merchant" status={merchant.status} />
                </span>
                <Icon name="next" small />
              </button>
            </li>
          ))}
        </ul>
      )}
      {found?.length === 0 && (
        <p className="soft">{merchants?.length ? t('signIn.none') : t('signIn.empty')}</p>
      )}
    </main>
  )
}
