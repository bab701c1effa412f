// One token for all requests and connections of an app, renewed before it expires.
import { createSource } from './sources.ts'

/** A token and its end. Without `expiresAt`, the claim `exp` of a JWT tells the end. */
export interface Token {
  token: string
  expiresAt?: string | number | Date | null
}

export interface TokenState {
  /** `idle` before the first request, and after `reset`. `failed` if the last attempt brought no token. */
  status: 'idle' | 'renewing' | 'ready' | 'failed'
  /** Why the last attempt brought no token. It stays during the next attempt. */
  error?: unknown
  /** When the token expires, if this is known. */
  expiresAt?: Date
}

export interface TokenSource {
  /** The cached token, or a new one if there is none or it expires soon. */
  get(): Promise<string>
  /** The cached token, if it need not be renewed. */
  peek(): string | undefined
  /** The service refused this token: the next `get` fetches another one. */
  reject(token: string): void
  /** Forget the token, as after signing out. */
  reset(): void
  /** The present state. The object changes only when the state does. */
  state(): TokenState
  /** Call the listener after each change of the state. Returns a function that ends this. */
  subscribe(listener: () => void): () => void
}

/** A token is renewed this long before its end, or when a fifth of its lifetime is left, if that is later. */
const RENEW_BEFORE_MS = 30_000

/**
 * A source of tokens that calls `fetchToken` only when it must, and once for all parallel callers.
 *
 * `fetchToken` returns the token of the signed-in person: from the SDK of an identity provider, or from a
 * backend. It must return a new token when it is called again, and may throw if the person must sign in.
 */
export function createTokenSource(fetchToken: () => Promise<string | Token>): TokenSource {
  const { state, set: enter, subscribe } = createSource<TokenState>({ status: 'idle' })
  let current: { token: string; renewAt: number } | undefined
  let pending: Promise<string> | undefined
  let generation = 0

  async function renew(begun: number): Promise<string> {
    try {
      const fetched = await fetchToken()
      const { token, expiresAt } = typeof fetched === 'string' ? { token: fetched } : fetched
      if (begun !== generation) return token
      const end = expiresAt ? new Date(expiresAt) : expiryOf(token)
      const left = end ? end.getTime() - Date.now() : Infinity
      current = { token, renewAt: Date.now() + left - Math.min(RENEW_BEFORE_MS, left / 5) }
      pending = undefined
      enter(end ? { status: 'ready', expiresAt: end } : { status: 'ready' })
      return token
    } catch (error) {
      if (begun === generation) {
        pending = undefined
        enter({ status: 'failed', error })
      }
      throw error
    }
  }

  const peek = () => (current && Date.now() < current.renewAt ? current.token : undefined)

  return {
    peek,
    get() {
      const token = peek()
      if (token !== undefined) return Promise.resolve(token)
      if (!pending) {
        const begun = generation
        pending = Promise.resolve().then(() => renew(begun))
        enter(state().status === 'failed' ? { ...state(), status: 'renewing' } : { status: 'renewing' })
      }
      return pending
    },
    reject(token) {
      if (current?.token === token) current = undefined
    },
    reset() {
      generation += 1
      current = pending = undefined
      enter({ status: 'idle' })
    },
    state,
    subscribe,
  }
}

/** The end of a JWT, by its claim `exp`. Undefined for other tokens. */
function expiryOf(token: string): Date | undefined {
  try {
    const payload = token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/')
    const { exp } = JSON.parse(atob(payload)) as { exp?: unknown }
    return typeof exp === 'number' ? new Date(exp * 1000) : undefined
  } catch {
    return undefined
  }
}
