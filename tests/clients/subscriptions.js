// Both libraries have the same interface. The merchant is renamed after the first message.
import { headers, operation, tell, url } from './script.js'

export async function renamedWhileSubscribed(client) {
  const heard = []
  const variables = { externalId: 'shop-1' }
  for await (const message of client.iterate({ query: operation('changed'), variables })) {
    heard.push(message)
    if (heard.length === 2) break
    await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({
        query: operation('rename'),
        variables: { ...variables, displayName: 'Renamed' },
      }),
    })
  }
  tell(heard)
}
