import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react'
import { Provider } from 'urql'
import { Route, Router, Switch, useLocation } from 'wouter'
import { createApi } from '../api/client.ts'
import { ConnectionContext } from '../api/connection.ts'
import type { Settings } from '../api/settings.ts'
import { DisputePage } from '../disputes/DisputePage.tsx'
import { DisputesPage } from '../disputes/DisputesPage.tsx'
import { OverviewPage } from '../overview/OverviewPage.tsx'
import { PaymentPage } from '../payments/PaymentPage.tsx'
import { PaymentsPage } from '../payments/PaymentsPage.tsx'
import { PayoutPage } from '../payouts/PayoutPage.tsx'
import { PayoutsPage } from '../payouts/PayoutsPage.tsx'
import { PlanPage } from '../plan/PlanPage.tsx'
import { keepSession, readSession, type Session, SignIn } from '../session/development.tsx'
import { useText } from '../text/text.ts'
import { Empty, Page } from '../ui/parts.tsx'
import { SignInAgain } from '../ui/Refusal.tsx'
import { Boundary } from './Boundary.tsx'
import { useMe, WithMerchant } from './merchant.tsx'
import { Shell } from './Shell.tsx'

export function App({ settings }: { settings: Settings }): ReactNode {
  const [session, setSession] = useState(readSession)
  const change = (next: Session | null) => {
    keepSession(next)
    setSession(next)
  }
  if (!session) return <SignIn settings={settings} onSignIn={change} />
  return (
    <SignedIn key={session.externalId} settings={settings} session={session} onSignOut={() => change(null)} />
  )
}

interface SignedInProps {
  settings: Settings
  session: Session
  onSignOut: () => void
}

function SignedIn({ settings, session, onSignOut }: SignedInProps): ReactNode {
  const api = useMemo(() => createApi(settings, session), [settings, session])
  const leave = useCallback(() => {
    api.close()
    onSignOut()
  }, [api, onSignOut])
  return (
    <Provider value={api.client}>
      <ConnectionContext value={api.connection}>
        <SignInAgain value={leave}>
          <Router base={import.meta.env.BASE_URL.replace(/\/$/, '')}>
            <Pages settings={settings} session={session} onSignOut={leave} />
          </Router>
        </SignInAgain>
      </ConnectionContext>
    </Provider>
  )
}

function Pages({ settings, session, onSignOut }: SignedInProps): ReactNode {
  const me = useMe(session)
  const { t } = useText()
  const [location] = useLocation()
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page begins at its top
  useEffect(() => {
    window.scrollTo(0, 0)
  }, [location])
  return (
    <Shell session={session} merchant={me.viewer?.merchant} onSignOut={onSignOut}>
      <WithMerchant me={me}>
        <Boundary key={location}>
          <Switch>
            <Route path="/">
              <OverviewPage settings={settings} />
            </Route>
            <Route path="/payments">
              <PaymentsPage />
            </Route>
            <Route path="/payments/:id">{({ id }) => <PaymentPage key={id} id={id} />}</Route>
            <Route path="/disputes">
              <DisputesPage />
            </Route>
            <Route path="/disputes/:id">{({ id }) => <DisputePage key={id} id={id} />}</Route>
            <Route path="/payouts">
              <PayoutsPage />
            </Route>
            <Route path="/payouts/:id">{({ id }) => <PayoutPage key={id} id={id} />}</Route>
            <Route path="/plan">
              <PlanPage />
            </Route>
            <Route>
              <Page title={t('missing.title')}>
                <Empty icon="search" title={t('missing.title')}>
                  <p>{t('missing.body')}</p>
                </Empty>
              </Page>
            </Route>
          </Switch>
        </Boundary>
      </WithMerchant>
    </Shell>
  )
}
