import {
  disputeStatuses,
  merchantStatuses,
  type PaymentStates,
  paymentWords,
  payoutStatuses,
  refundStatuses,
  statusWords,
} from '@connectql/client'
import type { ReactNode } from 'react'
import { useText } from '../text/text.ts'
import { Chip } from './parts.tsx'
import { toneOf } from './tones.ts'

/** The words and tones of `@connectql/client`, so that the platform's staff read the same. */
const TABLES = {
  merchant: merchantStatuses,
  refund: refundStatuses,
  dispute: disputeStatuses,
  payout: payoutStatuses,
}
const PAYMENT = { state: 'payment.state', refundState: 'payment.refund', disputeState: 'payment.dispute' }

/** A catalog translates the word with a key such as `api.dispute.status.WON`. */
export function StatusChip({ of, status }: { of: keyof typeof TABLES; status: string }): ReactNode {
  const { told } = useText()
  const { label, tone } = statusWords(status, TABLES[of])
  return <Chip tone={toneOf(tone)}>{told(label, `${of}.status.${status}`)}</Chip>
}

/** The one word for a payment: about its dispute if it has one, else about its refunds, else its state. */
export function PaymentChip({ payment }: { payment: PaymentStates }): ReactNode {
  const { told } = useText()
  const { label, tone } = paymentWords(payment)
  return <Chip tone={toneOf(tone)}>{told(label, paymentKey(payment))}</Chip>
}

/** The key of that word in a catalog, such as `payment.dispute.WON`. */
export function paymentKey(payment: PaymentStates): string {
  const { of, status } = paymentWords(payment)
  return `${PAYMENT[of]}.${status}`
}
