import { type AppReturn, type Execute, RequestFailed, readReturn } from '@connectql/client'
import { urqlExecute } from '@connectql/client/urql'
import { useEffect, useMemo, useState } from 'react'
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

/** `execute` for the functions and hooks of `@connectql/client`. */
export function useExecute(): Execute {
  const client = useClient()
  return useMemo(() => urqlExecute(client), [client])
}

/** The problem in what `execute` has thrown. */
export function problemOf(error: unknown): Problem | null {
  if (error === undefined) return null
  if (error instanceof RequestFailed && error.cause instanceof CombinedError) return error.cause
  throw error
}
