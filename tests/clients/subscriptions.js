// Both libraries have the same interface. The merchant is renamed after the first message.
import { headers, operation, report, url } from './script.js'

export async function renamedWhileSubscribed(client) {
  const messages = []
  const variables = { externalId: 'shop-1' }
  for await (const message of client.iterate({ query: operation('changed'), variables })) {
    messages.push(message)
    if (messages.length === 2) break
    await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({
        query: operation('rename'),
        variables: { ...variables, displayName: 'Renamed' },
      }),
    })
  }
  report(messages)
}
