import { refusalText } from '@connectql/client'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import type { CombinedError } from 'urql'
import type { RefusalPartsFragment } from '../api/__generated__/documents.ts'
import { NoToken } from '../api/client.ts'
import type { Problem } from '../api/stripe.ts'
import { type Format, useFormat } from '../text/format.ts'
import { type Text, useText } from '../text/text.ts'
import { Button, Notice } from './parts.tsx'
import { paymentKey } from './StatusChip.tsx'

/** A refusal in words for the merchant. */
export interface Explained {
  title: string
  body: string
  /** What the merchant can do about it. */
  remedy: string | null
  /** A text for each invalid input, by the path of the field. */
  fields: Record<string, string>
  /** The seconds until a repeat makes sense. Null if a repeat changes nothing. */
  retryAfter: number | null
  /** Whether signing in again can help. */
  signsIn: boolean
  /** The API's text for developers. */
  detail: string | null
}

export function useExplained(): (problem: Problem) => Explained {
  const text = useText()
  const format = useFormat()
  return (problem) => ('__typename' in problem ? ofResult(problem, text, format) : ofRequest(problem, text))
}

/** A typed refusal. Types without words of their own here have the words of `@connectql/client`. */
function ofResult(refusal: RefusalPartsFragment, { t, told }: Text, { money }: Format): Explained {
  const invalid = 'fields' in refusal ? refusal.fields : []
  const fields = Object.fromEntries(
    invalid.map((one) => [one.name, told(one.userMessage, `field.${one.code}`)]),
  )
  const wrong = Object.values(fields).join(' ')
  const explained: Explained = {
    title: t('refusal.title'),
    body: wrong || told(refusalText(refusal), `refusal.${refusal.__typename}`),
    remedy: null,
    fields,
    retryAfter: null,
    signsIn: false,
    detail: refusal.message,
  }
  switch (refusal.__typename) {
    case 'InvalidInputError':
      return { ...explained, title: t('refusal.input.title') }
    case 'RefundTooLargeError':
      return {
        ...explained,
        title: t('refusal.tooLarge.title'),
        body: t('refusal.tooLarge.body', { remaining: money(refusal.remaining) }),
      }
    case 'DisputeOpenError':
      return {
        ...explained,
        title: t('refusal.dispute.title'),
        body: t('refusal.dispute.body', { disputed: money(refusal.disputed), cost: money(refusal.cost) }),
        remedy: t('refusal.dispute.remedy'),
      }
    case 'PaymentNotChangeableError':
      return {
        ...explained,
        title: t('refusal.payment.title'),
        body: t('refusal.payment.body', {
          summary: told(refusal.payment.summary, `${paymentKey(refusal.payment)}.summary`),
        }),
      }
    case 'StripeUnavailableError':
      return {
        ...explained,
        title: t('refusal.unavailable.title'),
        body: t('refusal.unavailable.body'),
        retryAfter: refusal.retryAfterSeconds,
      }
    case 'StripeRefusedError':
      return {
        ...explained,
        title: t('refusal.stripe.title'),
        body: wrong || t('refusal.stripe.body'),
        remedy: t('refusal.stripe.remedy'),
      }
    case 'MerchantNotReadyError':
      return { ...explained, title: t('refusal.notReady.title'), remedy: t('refusal.notReady.remedy') }
    case 'ServiceRunningError':
      return { ...explained, title: t('refusal.running.title'), body: t('refusal.running.body') }
    case 'ReturnUrlNotAllowedError':
      return { ...explained, title: t('refusal.setup.title'), body: t('refusal.setup.body') }
    case 'ExternalIdTakenError':
      return { ...explained, title: t('refusal.taken.title'), body: t('refusal.taken.body') }
    default:
      return explained
  }
}

/** A refusal of the whole request, or no answer at all. */
function ofRequest(error: CombinedError, { t }: Text): Explained {
  const extensions = error.graphQLErrors[0]?.extensions ?? {}
  const explained: Explained = {
    title: t('refusal.title'),
    body: t('refusal.unknown.body'),
    remedy: null,
    fields: {},
    retryAfter: 0,
    signsIn: false,
    detail: error.message,
  }
  if (error.networkError instanceof NoToken && navigator.onLine) {
    return { ...explained, title: t('refusal.token.title'), body: t('refusal.token.body'), signsIn: true }
  }
  if (error.networkError) {
    return { ...explained, title: t('refusal.network.title'), body: t('refusal.network.body') }
  }
  switch (extensions.code) {
    case 'FORBIDDEN':
      return {
        ...explained,
        title: t('refusal.forbidden.title'),
        body: t('refusal.forbidden.body'),
        retryAfter: null,
      }
    case 'UNAUTHENTICATED':
      return {
        ...explained,
        title: t('refusal.signedOut.title'),
        body: t('refusal.signedOut.body'),
        signsIn: true,
      }
    case 'RATE_LIMITED': {
      const seconds = Number(extensions.retryAfterSeconds ?? 1)
      return {
        ...explained,
        title: t('refusal.rate.title'),
        body: t('refusal.rate.body'),
        retryAfter: seconds,
      }
    }
    case 'UNAVAILABLE':
      return { ...explained, title: t('refusal.unavailable.title'), body: t('refusal.unavailable.body') }
    default:
      return explained
  }
}

/** Leads to the sign-in. */
export const SignInAgain = createContext(() => {})

interface RefusalProps {
  of: Problem
  onRetry?: () => void
}

export function Refusal({ of, onRetry }: RefusalProps): ReactNode {
  const { t } = useText()
  const { title, body, remedy, retryAfter, signsIn, detail } = useExplained()(of)
  const signInAgain = useContext(SignInAgain)
  return (
    <Notice tone="critical" title={title} announced>
      <p>{body}</p>
      {remedy && <p>{remedy}</p>}
      {((onRetry && retryAfter !== null) || signsIn) && (
        <div className="actions">
          {onRetry && retryAfter !== null && <Retry seconds={retryAfter} onRetry={onRetry} />}
          {signsIn && <Button onClick={signInAgain}>{t('refusal.signedOut.action')}</Button>}
        </div>
      )}
      {detail && detail !== body && (
        <details>
          <summary>{t('refusal.details')}</summary>
          <p>{detail}</p>
        </details>
      )}
    </Notice>
  )
}

/** A button that counts down until a repeat makes sense. */
function Retry({ seconds, onRetry }: { seconds: number; onRetry: () => void }): ReactNode {
  const { t } = useText()
  const [left, setLeft] = useState(seconds)
  useEffect(() => {
    setLeft(seconds)
    if (seconds <= 0) return undefined
    const timer = setInterval(() => setLeft((now) => Math.max(0, now - 1)), 1000)
    return () => clearInterval(timer)
  }, [seconds])
  return (
    <Button kind="plain" busy={left > 0} onClick={onRetry}>
      {left > 0 ? t('app.retryIn', { seconds: left }) : t('app.retry')}
    </Button>
  )
}
