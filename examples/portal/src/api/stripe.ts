import {
  type AppReturn,
  type OnboardingOptions,
  RequestFailed,
  readReturn,
  startOnboarding,
} from '@connectql/client'
import { urqlExecute } from '@connectql/client/urql'
import { useCallback, useEffect, useState } from 'react'
import { CombinedError, useClient } from 'urql'
import type { RefusalPartsFragment } from './__generated__/documents.ts'

/** A reason why something did not work. */
export type Problem = RefusalPartsFragment | CombinedError

/** How the browser came back from Stripe, until a page has told it. The address bar loses these parameters. */
let lastReturn: AppReturn | null = readReturn()

export function takeReturn(): AppReturn | null {
  const taken = lastReturn
  lastReturn = null
  return taken
}

/** A page of this app, as the address to which Stripe sends the browser. */
export function addressOf(page: string): string {
  return new URL(import.meta.env.BASE_URL + page, location.origin).href
}

/** Whether the browser is leaving for Stripe. With its Back button the page is shown as it was left, and this ends. */
export function useLeaving(): [boolean, (leaving: boolean) => void] {
  const [leaving, setLeaving] = useState(false)
  useEffect(() => {
    const show = ({ persisted }: PageTransitionEvent) => persisted && setLeaving(false)
    addEventListener('pageshow', show)
    return () => removeEventListener('pageshow', show)
  }, [])
  return [leaving, setLeaving]
}

/** Opens Stripe's form in this tab. Returns null when the browser is on its way, or the problem. */
export function useOnboarding(): (options: OnboardingOptions) => Promise<Problem | null> {
  const client = useClient()
  return useCallback(
    async (options) => {
      try {
        return (await startOnboarding(urqlExecute(client), options)) as RefusalPartsFragment | null
      } catch (error) {
        if (error instanceof RequestFailed && error.cause instanceof CombinedError) return error.cause
        throw error
      }
    },
    [client],
  )
}
