import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useClient } from 'urql'
import { AccountSessionDocument } from '../api/__generated__/documents.ts'
import type { Settings } from '../api/settings.ts'
import { useMerchant } from '../app/merchant.tsx'

/** Stripe's publishable keys are long. The key of the local Stripe is not, and Stripe's scripts do not work with it. */
const REAL_KEY = /^pk_(test|live)_\w{20,}$/

/** Stripe's own banner of tasks, an embedded component. It is shown only with a real key of the platform. */
export function Banner({ settings: { publishableKey } }: { settings: Settings }): ReactNode {
  if (!publishableKey || !REAL_KEY.test(publishableKey)) return null
  return <StripeBanner publishableKey={publishableKey} />
}

function StripeBanner({ publishableKey }: { publishableKey: string }): ReactNode {
  const place = useRef<HTMLDivElement>(null)
  const client = useClient()
  const { merchant } = useMerchant()
  const { id } = merchant
  const [unloaded, setUnloaded] = useState<unknown>(null)
  useEffect(() => {
    let ended = false
    async function show(): Promise<void> {
      // Nothing of Stripe's is loaded before this line.
      const connect = await import('@stripe/connect-js/pure').catch(setUnloaded)
      if (!connect) return
      const stripe = connect.loadConnectAndInitialize({
        publishableKey,
        fetchClientSecret: async () => {
          const input = { merchant: { id }, components: [{ component: 'NOTIFICATION_BANNER' as const }] }
          const { data, error } = await client.mutation(AccountSessionDocument, { input })
          const result = data?.createAccountSession
          if (result?.__typename === 'CreateAccountSessionPayload') return result.clientSecret
          throw error ?? new Error(result?.__typename)
        },
        appearance: {
          variables: { fontFamily: getComputedStyle(document.body).fontFamily, borderRadius: '10px' },
        },
      })
      if (!ended) place.current?.replaceChildren(stripe.create('notification-banner'))
    }
    void show()
    return () => {
      ended = true
    }
  }, [client, id, publishableKey])
  if (unloaded) throw unloaded
  return <div ref={place} />
}
