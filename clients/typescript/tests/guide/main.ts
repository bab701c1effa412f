// Runs the files of docs/building-an-app.md, beside which the test puts this one.
import { CreateMerchantDocument, MerchantChangedDocument, MerchantDocument, ViewerDocument } from '@connectql/client'
import { print } from 'graphql'
import { signUp } from './backend/sign-up.ts'
import { answerToken } from './backend/tokens.ts'
import { price, typed, wrong } from './src/amount.ts'
import * as apollo from './src/apollo.ts'
import * as persisted from './src/persisted.ts'
import { environment } from './src/relay.ts'
import { refund } from './src/refund.ts'
import { tokens } from './src/tokens.ts'
import * as urql from './src/urql.ts'

// The page of the app and its backend share an origin.
const { fetch } = globalThis
const sessions = [null, { userId: 'jo', customerId: 'shop-1' }]
globalThis.fetch = (input, init) =>
  input === '/connectql-token' ? answerToken(sessions.length > 1 ? sessions.shift()! : sessions[0]!) : fetch(input, init)

const by = { externalId: 'shop-1' }
const signedOut = await tokens.get().catch((error: Error) => error.message)
const customer = { id: 'shop-1', name: 'Hats', email: 'owner@hats.example', country: 'US' }
const signedUp = [await signUp(customer), await signUp(customer)]

const first = ({ watch }: typeof urql | typeof apollo) =>
  new Promise((resolve) => {
    const stop = watch(MerchantChangedDocument, { by }, ({ data, error }) => {
      resolve(data?.merchantChanged.displayName ?? String(error))
      setTimeout(() => stop())
    })
  })

const relay = async (query: typeof MerchantDocument | typeof MerchantChangedDocument, operationKind: string) => {
  const parameters = { text: print(query), operationKind, name: 'Any', id: null, metadata: {} }
  const answer = await environment.getNetwork().execute(parameters as never, { by }, {}).toPromise()
  return (answer as { data: Record<string, { displayName: string }> }).data
}

const { viewer } = await urql.execute(ViewerDocument, {})
const input = { externalId: 'shop-2', displayName: 'Own', contactEmail: 'jo@hats.example', country: 'US' }
const report = {
  signedOut,
  signedUp,
  viewer: [viewer.subject, viewer.role, viewer.merchant?.externalId],
  apollo: (await apollo.execute(MerchantDocument, { by })).merchant?.displayName,
  relay: (await relay(MerchantDocument, 'query'))['merchant']?.displayName,
  live: [await first(urql), await first(apollo), (await relay(MerchantChangedDocument, 'subscription'))['merchantChanged']?.displayName],
  persisted: (await persisted.client.query(MerchantDocument, { by }).toPromise()).data?.merchant?.displayName,
  refund: await refund('UGF5bWVudDox', 'refund-1', { minorUnits: 100, currency: 'USD' }),
  forbidden: await urql.execute(CreateMerchantDocument, { input }).catch((error: { codes: string[] }) => error.codes),
  amounts: [price, typed, wrong],
}
process.stdout.write(JSON.stringify(report))
process.exit()
