import { createClient } from 'graphql-sse'
import { renamedWhileSubscribed } from './subscriptions.js'
import { headers, url } from './script.js'

const client = createClient({ url, headers, retryAttempts: 0 })
await renamedWhileSubscribed(client)
client.dispose()
