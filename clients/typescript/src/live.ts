// Live updates over graphql-ws (WebSocket) or graphql-sse (event streams), with tokens that are renewed.
import type { ExecutionResult } from 'graphql'
import type { ClientOptions as EventStreamOptions } from 'graphql-sse'
import type { ClientOptions as SocketOptions } from 'graphql-ws'
import { isUnauthenticated } from './failures.ts'
import type { TokenSource } from './tokens.ts'

/** `connecting` for the first time, `live`, or `lost` while a lost connection is being replaced. */
export type LiveState = 'idle' | 'connecting' | 'live' | 'lost'

/** The state of the app's connection, for a sign such as "Reconnecting". */
export interface Connection {
  state(): LiveState
  set(state: LiveState): void
  subscribe(listener: () => void): () => void
}

export function createConnection(): Connection {
  const listeners = new Set<() => void>()
  let current: LiveState = 'idle'
  return {
    state: () => current,
    set(state) {
      if (state === current) return
      current = state
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export interface LiveOptions {
  /** For sockets `wss://…/graphql`, and for event streams `https://…/graphql`. */
  url: string
  tokens: TokenSource
  connection?: Connection
}

interface Request {
  query: string
  operationName?: string | null
  variables?: Record<string, unknown> | null
  extensions?: Record<string, unknown> | null
}

interface Sink {
  next(result: ExecutionResult<Record<string, unknown>, unknown>): void
  error(error: unknown): void
  complete(): void
}

/** A client of graphql-ws or of graphql-sse. */
export interface Live {
  subscribe(request: Request, sink: Sink): () => void
}

/** Options for `createClient` of graphql-ws. The client connects again for as long as something is subscribed. */
export function socketOptions({ url, tokens, connection }: LiveOptions): SocketOptions {
  let sent: string | undefined
  let wasRefused = false
  return {
    url,
    lazyCloseTimeout: 1000,
    keepAlive: 20_000,
    connectionParams: async () => {
      sent = await tokens.get()
      return { Authorization: `Bearer ${sent}` }
    },
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: async (retries) => {
      // The service closes with 4403 when the token expires: the first attempt with a new token is made at once.
      const isFirst = wasRefused && retries === 0
      wasRefused = false
      if (!isFirst) await pause(retries)
    },
    on: {
      connecting: (isRetry) => connection?.set(isRetry ? 'lost' : 'connecting'),
      connected: () => connection?.set('live'),
      closed: (event) => {
        const { code } = event as { code?: number }
        if (code === 4403 && sent !== undefined) {
          wasRefused = true
          tokens.reject(sent)
        }
        connection?.set(code === 1000 ? 'idle' : 'lost')
      },
      error: () => connection?.set('lost'),
    },
  }
}

/**
 * Options for `createClient` of graphql-sse. Pass the client through `renewing`, because a stream ends when its
 * token expires.
 */
export function eventStreamOptions({ url, tokens, connection }: LiveOptions): EventStreamOptions {
  return {
    url,
    credentials: 'include',
    headers: async () => ({ authorization: `Bearer ${await tokens.get()}` }),
    fetchFn: async (input: string, init: RequestInit) => {
      const answer = await fetch(input, init)
      const authorization = new Headers(init.headers).get('authorization')
      if (answer.status === 401 && authorization) tokens.reject(authorization.replace('Bearer ', ''))
      return answer
    },
    retryAttempts: Infinity,
    retry: pause,
    on: {
      connecting: (isRetry) => connection?.set(isRetry ? 'lost' : 'connecting'),
      connected: () => connection?.set('live'),
    },
  }
}

/** The same client, but a subscription that ends with UNAUTHENTICATED begins again with a new token. */
export function renewing(client: Live, tokens: TokenSource): Live {
  return {
    subscribe(request, sink) {
      let isOver = false
      let renewals = 0
      let stop = () => {}
      function begin() {
        const used = tokens.peek()
        let isRefused = false
        stop = client.subscribe(request, {
          next(result) {
            isRefused = isUnauthenticated(result) && renewals < 2
            if (isRefused) {
              renewals += 1
              return
            }
            renewals = 0
            sink.next(result)
          },
          error: (error) => sink.error(error),
          complete() {
            if (isOver || !isRefused) return sink.complete()
            if (used !== undefined) tokens.reject(used)
            begin()
          },
        })
      }
      begin()
      return () => {
        isOver = true
        stop()
      }
    },
  }
}

const LONGEST_PAUSE_MS = 30_000

/** Wait longer after each failure, by a random share, so that not all apps come back at once. */
async function pause(failures: number): Promise<void> {
  const most = Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** failures)
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer)
      globalThis.removeEventListener?.('online', end)
      resolve()
    }
    const timer = setTimeout(end, most / 2 + (Math.random() * most) / 2)
    globalThis.addEventListener?.('online', end)
  })
}
