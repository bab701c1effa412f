import { createClient } from 'graphql-ws'
import { renamedWhileSubscribed } from './subscriptions.js'
import { authorization, url } from './script.js'

const client = createClient({
  url: url.replace('http:', 'ws:'),
  connectionParams: { Authorization: authorization },
  retryAttempts: 0,
})
await renamedWhileSubscribed(client)
await client.dispose()
