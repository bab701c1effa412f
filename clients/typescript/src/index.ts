export * from './generated/operations.ts'
export type { App } from './app.ts'
export { createTokenSource, type Token, type TokenSource, type TokenState } from './tokens.ts'
export {
  type Answer,
  createExecute,
  createRequest,
  type Execute,
  type ExecuteOptions,
  RequestFailed,
  type RequestOptions,
} from './execute.ts'
export { type ErrorCode, errorCodes, isUnauthenticated } from './failures.ts'
export {
  type AnyRefusal,
  fieldTexts,
  isRefusal,
  type Refusal,
  type RefusalTexts,
  refusalText,
  refusalTexts,
  type StaffRefusal,
  type Success,
} from './refusals.ts'
export {
  disputeStates,
  disputeStatuses,
  merchantStatuses,
  type PaymentStates,
  paymentStates,
  paymentWords,
  payoutStatuses,
  refundStates,
  refundStatuses,
  type StatusTable,
  type StatusWords,
  statusWords,
} from './statuses.ts'
export { decimalText, formatMoney, type Money, parseMinorUnits } from './money.ts'
export { type AppReturn, readReturn, withoutReturn } from './returns.ts'
export {
  type DashboardRefusal,
  type LinkOptions,
  type OnboardingOptions,
  type OnboardingRefusal,
  openDashboard,
  startOnboarding,
} from './links.ts'
export {
  type Connection,
  createConnection,
  eventStreamOptions,
  type Live,
  type LiveOptions,
  type LiveState,
  renewing,
  socketOptions,
} from './live.ts'
export { documentHash } from './persisted.ts'
export type { Watch } from './watch.ts'
