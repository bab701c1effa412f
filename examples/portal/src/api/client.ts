import { type Connection, createConnection, createTokenSource, socketOptions } from '@connectql/client'
import { createUrqlClient, graphcacheOptions } from '@connectql/client/urql'
import { cacheExchange } from '@urql/exchange-graphcache'
import { createClient as createSocket } from 'graphql-ws'
import type { Client } from 'urql'
import { fetchToken, type Session } from '../session/development.tsx'
import type { Settings } from './settings.ts'

/** The name by which the service counts the requests of this app. */
const APP = { name: 'merchant-portal', version: '1' }

/** No token came, so no request was sent. */
export class NoToken extends Error {}

export interface Api {
  client: Client
  connection: Connection
  /** Ends the live connection and forgets the token. */
  close: () => void
}

export function createApi(settings: Settings, session: Session): Api {
  const tokens = createTokenSource(() =>
    fetchToken(settings, session).catch((cause: unknown) => {
      throw new NoToken(String(cause), { cause })
    }),
  )
  const connection = createConnection()
  const socket = createSocket(socketOptions({ url: settings.subscriptionUrl, tokens, app: APP, connection }))
  const client = createUrqlClient({
    url: settings.apiUrl,
    tokens,
    app: APP,
    live: socket,
    // Each page of a list has an address of its own here, so the cache does not join the pages.
    cache: cacheExchange({ ...graphcacheOptions(), resolvers: {} }),
  })
  return {
    client,
    connection,
    close() {
      void socket.dispose()
      tokens.reset()
    },
  }
}
