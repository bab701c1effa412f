// The parameters with which the browser comes back from Stripe's pages.
import type { MerchantStatus } from './generated/operations.ts'
import { merchantStatuses } from './statuses.ts'

export interface AppReturn {
  /** The page at Stripe. */
  page: 'onboarding' | 'dashboard'
  /**
   * `returned`: the merchant finished or left the form. `expired`: ask for a new link. `web_view`: open the link in
   * a browser of the system.
   */
  outcome: 'returned' | 'expired' | 'web_view'
  /** The external id. Null in a browser that did not ask for the link. */
  merchant: string | null
  status: MerchantStatus | null
  /** The address without these parameters. */
  url: string
}

const PAGES = ['onboarding', 'dashboard'] as const
const OUTCOMES = ['returned', 'expired', 'web_view']
const OURS = [...PAGES, 'merchant', 'status']

/**
 * What the address tells about a return from Stripe, or null. For the address of the page, which is the default, it
 * also removes the parameters from the address bar. Call it once, when the app starts.
 *
 * Anybody can write such an address, so take it as a hint for a greeting, and read the merchant.
 */
export function readReturn(location?: string | URL | Location): AppReturn | null {
  const own = globalThis.location
  const from = location ?? own
  if (!from) return null
  const url = new URL(String(from))
  const page = PAGES.find((name) => OUTCOMES.includes(url.searchParams.get(name) ?? ''))
  if (!page) return null
  const outcome = url.searchParams.get(page) as AppReturn['outcome']
  const merchant = url.searchParams.get('merchant')
  const status = url.searchParams.get('status')
  const clean = withoutReturn(url)
  if (from === own) globalThis.history?.replaceState(globalThis.history.state, '', clean)
  return {
    page,
    outcome,
    merchant,
    status: status !== null && Object.hasOwn(merchantStatuses, status) ? (status as MerchantStatus) : null,
    url: clean,
  }
}

/** The address without the parameters of a return. Other parameters keep their spelling. */
export function withoutReturn(location: string | URL | Location): string {
  const [address = '', ...fragment] = String(location).split('#')
  const [path, query = ''] = address.split('?', 2)
  const others = query.split('&').filter((part) => part && !OURS.includes(part.split('=', 1)[0] ?? ''))
  return [others.length ? `${path}?${others.join('&')}` : path, ...fragment].join('#')
}
