/** The addresses of the API. The page's server gives them in `config.json`. */
export interface Settings {
  apiUrl: string
  subscriptionUrl: string
  /** For development: the merchants to sign in as, and their tokens. */
  merchantsUrl: string
  tokenUrl: string
  /** The platform's key at Stripe, for embedded components. */
  publishableKey?: string
}

export async function loadSettings(): Promise<Settings> {
  const answer = await fetch(`${import.meta.env.BASE_URL}config.json`)
  if (!answer.ok) throw new Error(`config.json: ${answer.status}`)
  return (await answer.json()) as Settings
}
