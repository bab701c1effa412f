// A word and a tone for each status of a merchant, a payment, a refund, a dispute and a payout. The answers for a
// merchant have both (`statusTitle`, `statusTone`); its table is for filters, legends and charts, which name statuses
// without a merchant. Each table is named after its enum.
import type {
  DisputeState,
  DisputeStatus,
  MerchantStatus,
  PaymentState,
  PayoutStatus,
  RefundState,
  RefundStatus,
  StatusTone,
} from './generated/operations.ts'

export interface StatusWords {
  label: string
  tone: StatusTone
  /** The place in the order of the schema. For merchants this is `STATUS_ASC`. */
  order: number
}

export type StatusTable<Status extends string> = Record<Status, StatusWords>

const table = <Status extends string>(words: Record<Status, [label: string, tone: StatusTone]>): StatusTable<Status> =>
  Object.fromEntries(
    Object.entries<[string, StatusTone]>(words).map(([status, [label, tone]], order) => [status, { label, tone, order }]),
  ) as StatusTable<Status>

/** All statuses in the order of the schema. */
export const merchantStatuses: StatusTable<MerchantStatus> = /* @__PURE__ */ table({
  CREATING: ['Being created', 'WAITING'],
  ONBOARDING: ['Onboarding', 'NEUTRAL'],
  ACTION_REQUIRED: ['Information needed', 'WARNING'],
  PENDING_REVIEW: ['In review', 'WAITING'],
  ACTIVE: ['Active', 'POSITIVE'],
  ACTIVE_DUE_SOON: ['Active, information due', 'WARNING'],
  PAYOUTS_BLOCKED: ['Payouts on hold', 'WARNING'],
  RESTRICTED: ['Payments paused', 'CRITICAL'],
  RESTRICTED_BY_STRIPE: ['Restricted by Stripe', 'CRITICAL'],
  REJECTED: ['Rejected', 'CRITICAL'],
  UNSUPPORTED: ['Not supported', 'CRITICAL'],
  NOT_REQUESTED: ['Payments not requested', 'NEUTRAL'],
  DISCONNECTED: ['Disconnected', 'NEUTRAL'],
  CLOSED: ['Closed', 'NEUTRAL'],
  UNKNOWN: ['Unknown', 'NEUTRAL'],
  ERASED: ['Erased', 'NEUTRAL'],
})

export const paymentStates: StatusTable<PaymentState> = /* @__PURE__ */ table({
  AWAITING_CUSTOMER: ['Not paid yet', 'NEUTRAL'],
  REQUIRES_ACTION: ['To be confirmed', 'WAITING'],
  PROCESSING: ['Processing', 'WAITING'],
  AUTHORIZED: ['Reserved', 'WAITING'],
  SUCCEEDED: ['Paid', 'POSITIVE'],
  ATTEMPT_FAILED: ['Attempt failed', 'WARNING'],
  FAILED: ['Failed', 'CRITICAL'],
  CANCELED: ['Canceled', 'NEUTRAL'],
  EXPIRED: ['Expired', 'NEUTRAL'],
  UNKNOWN: ['Being checked', 'NEUTRAL'],
})

/** The refunds of a payment in one word: `Payment.refundState`. */
export const refundStates: StatusTable<RefundState> = /* @__PURE__ */ table({
  NONE: ['Not refunded', 'NEUTRAL'],
  PENDING: ['Refund on its way', 'WAITING'],
  PARTIAL: ['Partly refunded', 'NEUTRAL'],
  FULL: ['Refunded', 'NEUTRAL'],
  FAILED: ['Refund failed', 'CRITICAL'],
})

/** The disputes of a payment in one word: `Payment.disputeState`. */
export const disputeStates: StatusTable<DisputeState> = /* @__PURE__ */ table({
  NONE: ['Not disputed', 'NEUTRAL'],
  INQUIRY: ['Bank asks', 'WARNING'],
  NEEDS_RESPONSE: ['Disputed', 'CRITICAL'],
  UNDER_REVIEW: ['With the bank', 'WAITING'],
  WON: ['Dispute won', 'POSITIVE'],
  LOST: ['Dispute lost', 'NEUTRAL'],
  PREVENTED: ['Dispute prevented', 'NEUTRAL'],
  WARNED: ['Bank warns', 'WARNING'],
  UNKNOWN: ['See the Dashboard', 'NEUTRAL'],
})

/** One refund: `Refund.state`. */
export const refundStatuses: StatusTable<RefundStatus> = /* @__PURE__ */ table({
  PENDING: ['On its way', 'WAITING'],
  REQUIRES_ACTION: ['Customer must act', 'WAITING'],
  SUCCEEDED: ['Sent', 'POSITIVE'],
  FAILED: ['Failed', 'CRITICAL'],
  CANCELED: ['Canceled', 'NEUTRAL'],
  UNKNOWN: ['Being checked', 'NEUTRAL'],
})

/** A dispute that was decided is neutral or positive: nobody can act on it. */
export const disputeStatuses: StatusTable<DisputeStatus> = /* @__PURE__ */ table({
  WARNING_NEEDS_RESPONSE: ['Bank asks', 'WARNING'],
  WARNING_UNDER_REVIEW: ['With the bank', 'WAITING'],
  WARNING_CLOSED: ['Closed', 'NEUTRAL'],
  NEEDS_RESPONSE: ['Needs an answer', 'CRITICAL'],
  UNDER_REVIEW: ['With the bank', 'WAITING'],
  APPEAL_NEEDS_RESPONSE: ['Needs an answer', 'CRITICAL'],
  APPEAL_UNDER_REVIEW: ['With the bank', 'WAITING'],
  WON: ['Won', 'POSITIVE'],
  LOST: ['Lost', 'NEUTRAL'],
  PREVENTED: ['Prevented', 'NEUTRAL'],
  UNKNOWN: ['Unknown', 'NEUTRAL'],
})

export const payoutStatuses: StatusTable<PayoutStatus> = /* @__PURE__ */ table({
  PENDING: ['Pending', 'WAITING'],
  IN_TRANSIT: ['On its way', 'WAITING'],
  PAID: ['Paid', 'POSITIVE'],
  FAILED: ['Failed', 'CRITICAL'],
  CANCELED: ['Canceled', 'NEUTRAL'],
  UNKNOWN: ['Unknown', 'NEUTRAL'],
})

/** The words of a status, also of one that is newer than this package. */
export function statusWords(status: string, words: StatusTable<string> = merchantStatuses): StatusWords {
  return words[status] ?? words['UNKNOWN'] ?? merchantStatuses.UNKNOWN
}

export interface PaymentStates {
  state: PaymentState
  refundState: RefundState
  disputeState: DisputeState
}

/**
 * The words of a payment: those of its dispute if it has one, else those of its refunds, else those of its state. `of`
 * and `status` tell which, for translations.
 */
export function paymentWords(payment: PaymentStates): StatusWords & { of: keyof PaymentStates; status: string } {
  const { state, refundState, disputeState } = payment
  if (disputeState !== 'NONE' && disputeState !== 'PREVENTED') {
    return { of: 'disputeState', status: disputeState, ...statusWords(disputeState, disputeStates) }
  }
  if (refundState !== 'NONE') return { of: 'refundState', status: refundState, ...statusWords(refundState, refundStates) }
  return { of: 'state', status: state, ...statusWords(state, paymentStates) }
}
