// Apollo Client, over event streams. The first token expires while the script runs.
import {
  CreateMerchantDocument,
  errorCodes,
  eventStreamOptions,
  fieldTexts,
  FinancesDocument,
  isRefusal,
  MerchantChangedDocument,
  MerchantDocument,
  type MerchantFilter,
  MerchantListChangedDocument,
  MerchantsDocument,
  PaymentDocument,
  type PaymentRef,
  refusalText,
  renewing,
  UpdateMerchantDocument,
  ViewerDocument,
} from '@connectql/client'
import { apolloExecute, apolloWatch, createApolloClient, possibleTypes } from '@connectql/client/apollo'
import { gql } from '@apollo/client'
import { createClient } from 'graphql-sse'
import { complaints, issuing, received, refusedFirst, report, shop, url } from './service.ts'

const { tokens, issued } = issuing()
const streams = createClient(eventStreamOptions({ url, tokens }))
const client = createApolloClient({ url, tokens, live: renewing(streams, tokens) })
const execute = apolloExecute(client)
const by = { externalId: 'shop-1' }
const CLOSE = gql`mutation { closeMerchant(input: { merchant: { externalId: "shop-5" } }) { __typename } }`

const names = received<string>()
const stop = apolloWatch(client)(MerchantChangedDocument, { by }, ({ data }) => {
  if (data) names.push(data.merchantChanged.displayName)
})
await names.next((name) => name === 'Shop shop-1')

const { merchant } = await execute(MerchantDocument, { by })
// Another query of the same merchant must not remove fields of the first one.
await execute(FinancesDocument, { by })
const isWhole = client.readQuery({ query: MerchantDocument, variables: { by } }) !== null

const variables = { first: 2, orderBy: 'CREATED_AT_ASC' } as const
const watched = client.watchQuery({ query: MerchantsDocument, variables })
const first = received<unknown>()
const list = watched.subscribe(({ data, dataState }) => dataState === 'complete' && first.push(data))
await first.next(() => true)
const pages: number[] = []
for (;;) {
  const { merchants } = client.readQuery({ query: MerchantsDocument, variables })!
  pages.push(merchants.edges.length)
  if (!merchants.pageInfo.hasNextPage) break
  await watched.fetchMore({ variables: { after: merchants.pageInfo.endCursor } })
}
const { merchants } = client.readQuery({ query: MerchantsDocument, variables })!

const { createMerchant } = await execute(CreateMerchantDocument, { input: shop('new-1', { country: 'AQ' }) })

// A list on the screen, which follows all changes.
const filter: MerchantFilter = { status: ['ONBOARDING'] }
const lists = received<string[]>()
const shown = client
  .watchQuery({ query: MerchantsDocument, variables: { filter } })
  .subscribe(
    ({ data, dataState }) =>
      dataState === 'complete' && lists.push(data.merchants.edges.map(({ node }) => node.externalId)),
  )
const stopChanges = apolloWatch(client)(MerchantListChangedDocument, { filter }, () => {})
await lists.next((ids) => ids.length === 5)
await execute(CreateMerchantDocument, { input: shop('shop-6') })
const grown = await lists.next((ids) => ids.includes('shop-6'))
await client.mutate({ mutation: CLOSE })
const left = await lists.next((ids) => ids.includes('shop-6') && !ids.includes('shop-5'))

const failure = await execute(PaymentDocument, { by: {} as PaymentRef }).catch((error: unknown) => errorCodes(error))

// The stream ends when the token expires. It begins again with a new token, and so do requests.
while (issued() < 2) await new Promise((resolve) => setTimeout(resolve, 50))
await execute(UpdateMerchantDocument, { input: { merchant: by, displayName: 'Renamed' } })
await names.next((name) => name === 'Renamed')
const renamed = client.readQuery({ query: MerchantDocument, variables: { by } })?.merchant?.displayName

stop()
stopChanges()
shown.unsubscribe()
list.unsubscribe()
streams.dispose()
client.stop()

// A request whose token is refused is sent again with a new one.
const second = refusedFirst()
const { viewer } = await apolloExecute(createApolloClient({ url, tokens: second.tokens }))(ViewerDocument, {})

report({
  merchant: [merchant?.statusTitle, merchant?.account?.__typename],
  isWhole,
  pages,
  gathered: merchants.edges.map(({ node }) => node.externalId),
  totalCount: merchants.totalCount,
  refusal: isRefusal(createMerchant) && [refusalText(createMerchant), Object.keys(fieldTexts(createMerchant))],
  failure,
  grown,
  left,
  renamed,
  nodes: possibleTypes['Node'],
  issued: issued(),
  renewed: [viewer.role, second.issued()],
  complaints,
})
