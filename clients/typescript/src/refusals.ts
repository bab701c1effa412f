// Refusals: the members of a mutation's result that tell why nothing happened.
import type { ErrorName } from './generated/operations.ts'

/** The members of a result that are refusals. The schema names them all `...Error`. */
export type Refusal<Result> = Extract<Result, { __typename: `${string}Error` }>

/** The members of a result that are not refusals. */
export type Success<Result> = Exclude<Result, { __typename: `${string}Error` }>

/** Any refusal, as the fragment RefusalFields selects it. */
export interface AnyRefusal {
  __typename: string
  message: string
  fields?: readonly { name: string; userMessage: string }[]
  retryAfterSeconds?: number
}

/** Whether the result of a mutation is a refusal, also one that this version does not know. */
export function isRefusal<Result extends { __typename: string }>(
  result: Result,
): result is Refusal<Result> {
  return result.__typename.endsWith('Error')
}

/** Refusals that only operators and the platform's own backend get. Show their `message`, which is for developers. */
export type StaffRefusal =
  | 'AccountNotAdoptableError'
  | 'AccountNotFetchedError'
  | 'DestinationNotEnabledError'
  | 'EventEndpointNotFoundError'
  | 'EventNotFoundError'
  | 'MerchantNotErasableError'
  | 'ProblemNotFoundError'
  | 'ReplacementDiffersError'

/** Texts for people, by the type of the refusal. Replace or translate any of them. */
export type RefusalTexts = Record<Exclude<ErrorName, StaffRefusal>, string>

export const refusalTexts: RefusalTexts = {
  AmountTooSmallError: 'The amount is too small.',
  BankAccountMissingError: 'There is no bank account in this currency.',
  ComponentNotAllowedError: 'This view is not available.',
  CountryNotSupportedError: 'Payments are not available in this country.',
  CurrencyNotSupportedError: 'This currency is not available.',
  DashboardLinkRefusedError: 'Log in at Stripe to open the Dashboard.',
  DisputeChangedError: 'This dispute has changed. Check it and try again.',
  DisputeNotAnswerableError: 'This dispute cannot be answered now.',
  DisputeNotFoundError: 'This dispute was not found.',
  DisputeOpenError: 'There is a dispute about this payment: a refund could pay the customer twice.',
  ExternalIdTakenError: 'This id is in use already.',
  FeeTooLargeError: 'The fee is larger than the amount.',
  InvalidInputError: 'Please check the marked fields.',
  MerchantNotFoundError: 'This business was not found.',
  MerchantNotReadyError: 'This is not possible now.',
  PaymentNotChangeableError: 'This payment has changed. This is not possible now.',
  PaymentNotFoundError: 'This payment was not found.',
  PaymentNotPayableError: 'This payment can no longer be paid.',
  PayoutTooLargeError: 'The amount is more than the available balance.',
  PayoutsBlockedError: 'Payouts are on hold at the moment.',
  RefundTooLargeError: 'The amount is more than what is left to refund.',
  ReturnUrlNotAllowedError: 'This page cannot be opened from here.',
  ServiceRunningError: 'The plan is running already.',
  StripeRefusedError: 'Stripe did not accept this.',
  StripeUnavailableError: 'Stripe does not answer at the moment. Try again.',
}

/**
 * The text of a refusal for the person who uses the app, in one line. Refusals with invalid fields give the
 * fields' own texts. `message` of a refusal is for developers and is never shown.
 */
export function refusalText(refusal: AnyRefusal, texts: RefusalTexts = refusalTexts): string {
  const own = refusal.fields?.map((field) => field.userMessage).join(' ')
  return own || (texts as Record<string, string>)[refusal.__typename] || 'This did not work.'
}

/** The text for each invalid field, by its name, such as `contactEmail` or `capabilities[1]`. */
export function fieldTexts(refusal: AnyRefusal | null | undefined): Record<string, string> {
  return Object.fromEntries((refusal?.fields ?? []).map((field) => [field.name, field.userMessage]))
}
