// Shared by the scripts: the service that the test has started, tokens, and the report to the test.
import { createTokenSource, type CreateMerchantInput, type TokenSource } from '@connectql/client'

const { API_URL = '', TOKENS = '[]' } = process.env

export const url = API_URL
export const socketUrl = API_URL.replace('http', 'ws')
/** Warnings and errors of the client libraries. */
export const complaints: string[] = []
console.warn = console.error = (...words: unknown[]) => complaints.push(words.join(' '))

/** Issues these tokens, one for each call, and counts the calls. None tells when it expires. */
export function issuing(left: string[] = JSON.parse(TOKENS)): { tokens: TokenSource; issued: () => number } {
  let count = 0
  const tokens = createTokenSource(async () => {
    const token = left.shift()
    if (token === undefined) throw new Error('more tokens were fetched than expected')
    count += 1
    return { token, expiresAt: '2999-01-01' }
  })
  return { tokens, issued: () => count }
}

/** The first token is refused by the service, the second one is good. */
export const refusedFirst = () => issuing(['a.b.c', ...JSON.parse(TOKENS).slice(-1)])

export const report = (result: object) => process.stdout.write(JSON.stringify(result))

export const shop = (externalId: string, changed: Partial<CreateMerchantInput> = {}): CreateMerchantInput => ({
  externalId,
  displayName: `Shop ${externalId}`,
  contactEmail: 'owner@shop.example',
  country: 'US',
  ...changed,
})

/** Values that arrive one by one. `next` waits for the first value that fits. */
export function received<Value>() {
  const values: Value[] = []
  let wake = () => {}
  return {
    values,
    push(value: Value) {
      values.push(value)
      wake()
    },
    async next(fits: (value: Value) => boolean): Promise<Value> {
      for (;;) {
        const found = values.find(fits)
        if (found) return found
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}
