// Stripe's own pages: onboarding and the Dashboard. They open in the same tab.
import type { Execute } from './execute.ts'
import {
  CreateDashboardLinkDocument,
  type CreateDashboardLinkMutation,
  CreateOnboardingLinkDocument,
  type CreateOnboardingLinkInput,
  type CreateOnboardingLinkMutation,
  type MerchantRef,
} from './generated/operations.ts'
import { isRefusal, type Refusal } from './refusals.ts'
import { withoutReturn } from './returns.ts'

export type OnboardingRefusal = Refusal<CreateOnboardingLinkMutation['createOnboardingLink']>
export type DashboardRefusal = Refusal<CreateDashboardLinkMutation['createDashboardLink']>

export interface LinkOptions {
  merchant: MerchantRef
  /** Where the browser comes back. Default: the address of the page. */
  returnTo?: string
  /** How to leave the app. Default: in the same tab. */
  navigate?: (url: string) => void
}

export interface OnboardingOptions extends LinkOptions {
  collect?: NonNullable<CreateOnboardingLinkInput['collect']>
}

const here = () => withoutReturn(globalThis.location)
const sameTab = (url: string) => globalThis.location.assign(url)

/**
 * Ask for an onboarding link and open it. Call it when the person presses the button: a link works once and for a few
 * minutes. Returns null after the browser was sent away, or the refusal.
 */
export async function startOnboarding(
  execute: Execute,
  { merchant, returnTo = here(), navigate = sameTab, collect }: OnboardingOptions,
): Promise<OnboardingRefusal | null> {
  const input = { merchant, returnTo, ...(collect && { collect }) }
  const { createOnboardingLink: result } = await execute(CreateOnboardingLinkDocument, { input })
  if (isRefusal(result)) return result
  navigate(result.url)
  return null
}

/**
 * Ask for a link into the merchant's Stripe Dashboard and open it. If Stripe issues none, the person logs in there: the
 * browser goes to that page instead.
 */
export async function openDashboard(
  execute: Execute,
  { merchant, returnTo = here(), navigate = sameTab }: LinkOptions,
): Promise<Exclude<DashboardRefusal, { __typename: 'DashboardLinkRefusedError' }> | null> {
  const input = { merchant, returnTo }
  const { createDashboardLink: result } = await execute(CreateDashboardLinkDocument, { input })
  if (result.__typename === 'DashboardLinkRefusedError') navigate(result.loginUrl)
  else if (isRefusal(result)) return result
  else navigate(result.url)
  return null
}
