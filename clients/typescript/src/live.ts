// Live updates over graphql-ws (WebSocket) or graphql-sse (event streams), with tokens that are renewed.
import type { ClientOptions as EventStreamOptions } from 'graphql-sse'
import type { ClientOptions as SocketOptions } from 'graphql-ws'
import { type App, appHeaders } from './app.ts'
import { type GraphQLFailure, isUnauthenticated } from './failures.ts'
import { createSource, type Source } from './sources.ts'
import type { TokenSource } from './tokens.ts'

/** `connecting` for the first time, `live`, or `lost` while a lost connection is being replaced. */
export type LiveState = 'idle' | 'connecting' | 'live' | 'lost'

/** The state of the app's connection, for a message such as "Reconnecting". */
export type Connection = Source<LiveState>

export const createConnection = (): Connection => createSource<LiveState>('idle')

export interface LiveOptions {
  /** For sockets `wss://…/graphql`, and for event streams `https://…/graphql`. */
  url: string
  tokens: TokenSource
  app?: App
  connection?: Connection
}

interface Request {
  query: string
  operationName?: string | null
  variables?: Record<string, unknown> | null
  extensions?: Record<string, unknown> | null
}

interface Result {
  data?: Record<string, unknown> | null | undefined
  errors?: readonly GraphQLFailure[] | undefined
}

interface Sink {
  next(result: Result): void
  error(error: unknown): void
  complete(): void
}

/** A client of graphql-ws or of graphql-sse. */
export interface Live {
  subscribe(request: Request, sink: Sink): () => void
}

const PING_MS = 20_000
const PONG_MS = 10_000

/**
 * Options for `createClient` of graphql-ws. The client connects again for as long as something is subscribed: after
 * the token has expired, a restart of the service, a lost network, or a connection that no longer answers.
 */
export function socketOptions({ url, tokens, app, connection }: LiveOptions): SocketOptions {
  let sent: string | undefined
  let isRenewal = false
  let unanswered: ReturnType<typeof setTimeout> | undefined
  let drop: () => unknown = () => {}
  return {
    url,
    lazyCloseTimeout: 1000,
    keepAlive: PING_MS,
    connectionParams: async () => {
      const leave = drop
      try {
        sent = await tokens.get()
      } catch {
        // After an error graphql-ws would never connect again. After a lost connection it does.
        leave()
        return {}
      }
      return { ...appHeaders(app), Authorization: `Bearer ${sent}` }
    },
    retryAttempts: Infinity,
    shouldRetry: () => true,
    // With a new token, the first attempt is made at once.
    retryWait: (failures) => (isRenewal && failures === 0 ? Promise.resolve() : pause(failures)),
    on: {
      connecting: (isRetry) => isRenewal || connection?.set(isRetry ? 'lost' : 'connecting'),
      opened: (socket) => {
        const opened = socket as WebSocket
        drop = () => opened.readyState === opened.OPEN && abandon(opened)
        globalThis.addEventListener?.('offline', drop)
      },
      connected: () => {
        isRenewal = false
        connection?.set('live')
      },
      ping: (isReceived) => {
        if (!isReceived) unanswered = setTimeout(() => drop(), PONG_MS)
      },
      pong: (isReceived) => {
        if (isReceived) clearTimeout(unanswered)
      },
      closed: (event) => {
        clearTimeout(unanswered)
        globalThis.removeEventListener?.('offline', drop)
        const { code } = event as { code?: number }
        // The service closes with 4403 when the token expires. A second refusal in a row is no renewal.
        isRenewal = code === 4403 && !isRenewal
        if (code === 4403 && sent !== undefined) tokens.reject(sent)
        if (!isRenewal) connection?.set(code === 1000 ? 'idle' : 'lost')
      },
    },
  }
}

/** Treat a socket as closed. Closing a dead one in the usual way can take a minute. */
function abandon(socket: WebSocket): void {
  const { onclose } = socket
  socket.onclose = socket.onerror = null
  socket.close()
  onclose?.call(socket, { code: 4499, reason: 'No answer', wasClean: false } as CloseEvent)
}

/** The token with which the stream of a request began. */
const streamTokens = new WeakMap<object, string>()

/**
 * Options for `createClient` of graphql-sse. Pass the client through `renewing`, because a stream ends when its
 * token expires.
 */
export function eventStreamOptions({ url, tokens, app, connection }: LiveOptions): EventStreamOptions {
  return {
    url,
    credentials: 'include',
    headers: async (request): Promise<Record<string, string>> => {
      const token = await tokens.get().catch(() => null)
      if (token === null) return {}
      streamTokens.set(request, token)
      return { ...appHeaders(app), authorization: `Bearer ${token}` }
    },
    fetchFn: async (input: string, init: RequestInit) => {
      const authorization = new Headers(init.headers).get('authorization')
      // After an error here graphql-sse tries again. After one in `headers` it never would.
      if (!authorization) throw new Error('There is no token at the moment.')
      const answer = await fetch(input, init)
      if (answer.status === 401) tokens.reject(authorization.replace('Bearer ', ''))
      return answer
    },
    retryAttempts: Infinity,
    retry: (failures) => {
      connection?.set('lost')
      return pause(failures)
    },
    on: {
      connecting: () => connection?.state() === 'idle' && connection.set('connecting'),
      connected: () => connection?.set('live'),
    },
  }
}

/** The same client, but a subscription that ends with UNAUTHENTICATED begins again with a new token. */
export function renewing(client: Live, tokens: TokenSource): Live {
  return {
    subscribe(request, sink) {
      let isOver = false
      let refusals = 0
      let stop = () => {}
      function begin() {
        let isRefused = false
        stop = client.subscribe(request, {
          next(result) {
            isRefused = isUnauthenticated(result) && refusals < 2
            refusals = isRefused ? refusals + 1 : 0
            if (!isRefused) sink.next(result)
          },
          error: (error) => sink.error(error),
          complete() {
            if (isOver || !isRefused) return sink.complete()
            tokens.reject(streamTokens.get(request) ?? '')
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
