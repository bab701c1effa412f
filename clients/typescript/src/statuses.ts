// A word and a tone for each status of a merchant, a dispute and a payout. The answers for a merchant have both
// (`statusTitle`, `statusTone`); its table is for filters, legends and charts, which name statuses without a merchant.
import type { DisputeStatus, MerchantStatus, PayoutStatus, StatusTone } from './generated/operations.ts'

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
export function statusWords(status: string, words: StatusTable<'UNKNOWN'> = merchantStatuses): StatusWords {
  return (words as StatusTable<string>)[status] ?? words.UNKNOWN
}
