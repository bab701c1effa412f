// Hooks over plain functions, so they work with urql, with Apollo Client and without a client. A subscription's first
// message is the present state and each later one the state after a change, so the hooks need no cache.
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { Execute } from './execute.ts'
import { MerchantChangedDocument, type MerchantFieldsFragment, type MerchantRef } from './generated/operations.ts'
import { type OnboardingOptions, type OnboardingRefusal, startOnboarding } from './links.ts'
import type { Connection, LiveState } from './live.ts'
import type { Source } from './sources.ts'
import type { TokenSource, TokenState } from './tokens.ts'
import type { Watch } from './watch.ts'

export interface LiveMerchant {
  /** The present state, or the last known one while the connection is lost. Undefined before the first message. */
  merchant: MerchantFieldsFragment | undefined
  error: unknown
}

/** A merchant that changes by itself. */
export function useLiveMerchant(watch: Watch, by: MerchantRef): LiveMerchant {
  const [live, setLive] = useState<LiveMerchant>({ merchant: undefined, error: undefined })
  const key = JSON.stringify(by)
  useEffect(() => {
    setLive({ merchant: undefined, error: undefined })
    return watch(MerchantChangedDocument, { by: JSON.parse(key) as MerchantRef }, ({ data, error }) =>
      setLive((last) => ({ merchant: data?.merchantChanged ?? last.merchant, error })),
    )
  }, [watch, key])
  return live
}

export interface OnboardingStart {
  start: (options: OnboardingOptions) => void
  /** From the press of the button until the browser has left the page. */
  isStarting: boolean
  refusal: OnboardingRefusal | null
  error: unknown
}

/** For the button that opens Stripe's form in the same tab. */
export function useStartOnboarding(execute: Execute): OnboardingStart {
  const [state, setState] = useState<Omit<OnboardingStart, 'start'>>(IDLE)
  const isBusy = useRef(false)
  const end = useCallback((outcome: { refusal?: OnboardingRefusal; error?: unknown }) => {
    isBusy.current = false
    setState({ ...IDLE, ...outcome })
  }, [])
  useEffect(() => {
    // With the back button, browsers show the page as it was left.
    const onShow = ({ persisted }: PageTransitionEvent) => persisted && end({})
    globalThis.addEventListener('pageshow', onShow)
    return () => globalThis.removeEventListener('pageshow', onShow)
  }, [end])
  const start = useCallback(
    (options: OnboardingOptions) => {
      if (isBusy.current) return
      isBusy.current = true
      setState({ ...IDLE, isStarting: true })
      startOnboarding(execute, options).then(
        (refusal) => refusal && end({ refusal }),
        (error: unknown) => end({ error }),
      )
    },
    [execute, end],
  )
  return { start, ...state }
}

const IDLE = { isStarting: false, refusal: null, error: undefined }

const useSource = <State>({ subscribe, state }: Pick<Source<State>, 'subscribe' | 'state'>): State =>
  useSyncExternalStore(subscribe, state, state)

/** The state of the token, for example to ask the person to sign in again after `failed`. */
export const useTokenState: (tokens: TokenSource) => TokenState = useSource

/** The state of the live connection, for a message such as "Reconnecting". */
export const useConnection: (connection: Connection) => LiveState = useSource
