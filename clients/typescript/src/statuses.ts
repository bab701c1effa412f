// A word and a tone for each status of a merchant. Answers have both (`statusTitle`, `statusTone`); this table is for
// filters, legends and charts, which name statuses without a merchant.
import type { MerchantStatus, StatusTone } from './generated/operations.ts'

export interface StatusWords {
  label: string
  tone: StatusTone
  /** The place in the order `STATUS_ASC`. */
  order: number
}

const words: Record<MerchantStatus, [label: string, tone: StatusTone]> = {
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
}

/** All statuses in the order of the schema. */
export const merchantStatuses = Object.fromEntries(
  Object.entries(words).map(([status, [label, tone]], order) => [status, { label, tone, order }]),
) as Record<MerchantStatus, StatusWords>

/** The words of a status, also of one that is newer than this package. */
export function statusWords(status: string): StatusWords {
  return merchantStatuses[status as MerchantStatus] ?? merchantStatuses.UNKNOWN
}
