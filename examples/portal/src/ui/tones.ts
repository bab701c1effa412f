import type {
  InvoicePartsFragment,
  MerchantPartsFragment,
  PaymentRowFragment,
  RefundPartsFragment,
} from '../api/__generated__/documents.ts'

export type Tone = 'positive' | 'neutral' | 'waiting' | 'warning' | 'critical'

const TONES: Record<string, Tone> = {
  POSITIVE: 'positive',
  NEUTRAL: 'neutral',
  WAITING: 'waiting',
  WARNING: 'warning',
  CRITICAL: 'critical',
}

export function toneOf(tone: MerchantPartsFragment['statusTone']): Tone {
  return TONES[tone] ?? 'neutral'
}

const PAYMENT: Record<PaymentRowFragment['state'], Tone> = {
  AWAITING_CUSTOMER: 'neutral',
  REQUIRES_ACTION: 'waiting',
  PROCESSING: 'waiting',
  AUTHORIZED: 'waiting',
  SUCCEEDED: 'positive',
  ATTEMPT_FAILED: 'warning',
  FAILED: 'critical',
  CANCELED: 'neutral',
  EXPIRED: 'neutral',
  UNKNOWN: 'neutral',
}
const REFUND: Record<PaymentRowFragment['refundState'], Tone> = {
  NONE: 'neutral',
  PENDING: 'waiting',
  PARTIAL: 'neutral',
  FULL: 'neutral',
  FAILED: 'critical',
}
const DISPUTE: Record<PaymentRowFragment['disputeState'], Tone> = {
  NONE: 'neutral',
  INQUIRY: 'warning',
  NEEDS_RESPONSE: 'critical',
  UNDER_REVIEW: 'waiting',
  WON: 'positive',
  LOST: 'neutral',
  PREVENTED: 'neutral',
  WARNED: 'warning',
  UNKNOWN: 'neutral',
}

/** The one word for a payment: about its dispute if it has one, then about its refund, then its state. */
export function paymentWord({ state, refundState, disputeState }: PaymentRowFragment) {
  if (disputeState !== 'NONE' && disputeState !== 'PREVENTED') {
    return { key: `payment.dispute.${disputeState}`, tone: DISPUTE[disputeState] ?? 'neutral' } as const
  }
  if (refundState !== 'NONE') {
    return { key: `payment.refund.${refundState}`, tone: REFUND[refundState] ?? 'neutral' } as const
  }
  return { key: `payment.state.${state}`, tone: PAYMENT[state] ?? 'neutral' } as const
}

export const REFUND_TONES: Record<RefundPartsFragment['state'], Tone> = {
  PENDING: 'waiting',
  REQUIRES_ACTION: 'waiting',
  SUCCEEDED: 'positive',
  FAILED: 'critical',
  CANCELED: 'neutral',
  UNKNOWN: 'neutral',
}

export const INVOICE_TONES: Record<InvoicePartsFragment['status'], Tone> = {
  DRAFT: 'neutral',
  OPEN: 'warning',
  PAID: 'positive',
  UNCOLLECTIBLE: 'neutral',
  VOID: 'neutral',
  UNKNOWN: 'neutral',
}

export const ACCESS_TONES: Record<NonNullable<MerchantPartsFragment['service']>['access'], Tone> = {
  FULL: 'positive',
  GRACE: 'warning',
  NONE: 'critical',
}
