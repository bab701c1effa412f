import { createContext, type ReactNode, useContext } from 'react'
import { useQuery, useSubscription } from 'urql'
import {
  MeDocument,
  MerchantChangedDocument,
  type MerchantPartsFragment,
} from '../api/__generated__/documents.ts'
import type { Session } from '../session/development.tsx'
import { useText } from '../text/text.ts'
import { Empty, Page, Skeleton } from '../ui/parts.tsx'
import { Refusal } from '../ui/Refusal.tsx'

interface Known {
  merchant: MerchantPartsFragment
  mayRefund: boolean
}

const MerchantContext = createContext<Known | null>(null)

/** The merchant who is signed in, as it is now. */
export function useMerchant(): Known {
  const known = useContext(MerchantContext)
  if (!known) throw new Error('useMerchant needs a WithMerchant around it')
  return known
}

/** Reads the merchant and follows it with one subscription, for all pages. */
export function useMe(session: Session) {
  const [{ data, error, fetching }, execute] = useQuery({ query: MeDocument })
  useSubscription({
    query: MerchantChangedDocument,
    variables: { by: { externalId: session.externalId } },
    pause: !data?.viewer.merchant,
  })
  return { viewer: data?.viewer, error, fetching, retry: () => execute({ requestPolicy: 'network-only' }) }
}

type Me = ReturnType<typeof useMe>

export function WithMerchant({ me, children }: { me: Me; children: ReactNode }): ReactNode {
  const { t } = useText()
  const merchant = me.viewer?.merchant
  if (merchant) {
    return (
      <MerchantContext value={{ merchant, mayRefund: me.viewer?.permissions.includes('REFUND') ?? false }}>
        {children}
      </MerchantContext>
    )
  }
  if (me.error) {
    return (
      <Page title={t('nav.overview')}>
        <Refusal of={me.error} onRetry={me.retry} />
      </Page>
    )
  }
  if (me.fetching || !me.viewer) return <Skeleton lines={6} tall />
  return (
    <Page title={t('nav.overview')}>
      <Empty icon="clock" title={t('merchant.none.title')}>
        <p>{t('merchant.none.body')}</p>
      </Empty>
    </Page>
  )
}
