// urql with graphcache, over WebSocket. The first token expires while the script runs.
import {
  createConnection,
  CreateMerchantDocument,
  type CreateMerchantMutation,
  fieldTexts,
  isRefusal,
  type LiveState,
  MerchantChangedDocument,
  MerchantDocument,
  type MerchantFilter,
  MerchantListChangedDocument,
  type MerchantListFieldsFragment,
  MerchantsDocument,
  type MerchantsQuery,
  refusalText,
  socketOptions,
  UpdateMerchantDocument,
  ViewerDocument,
} from '@connectql/client'
import { createUrqlClient, urqlExecute, urqlWatch } from '@connectql/client/urql'
import { createClient } from 'graphql-ws'
import { complaints, issuing, received, refusedFirst, report, shop, socketUrl, url } from './service.ts'

const { tokens, issued } = issuing()
const connection = createConnection()
const states: LiveState[] = []
connection.subscribe(() => states.push(connection.state()))
const socket = createClient(socketOptions({ url: socketUrl, tokens, connection }))
const client = createUrqlClient({ url, tokens, live: socket })
const execute = urqlExecute(client)
const watch = urqlWatch(client)

const by = { externalId: 'shop-1' }
const CLOSE = 'mutation { closeMerchant(input: { merchant: { externalId: "shop-5" } }) { __typename } }'
const order = { first: 2, orderBy: 'CREATED_AT_ASC' } as const

// The first message is the present state.
const names = received<string>()
const stopMerchant = watch(MerchantChangedDocument, { by }, ({ data }) => {
  if (data) names.push(data.merchantChanged.displayName)
})
await names.next((name) => name === 'Shop shop-1')

// All requests wait for the same token.
const [, , { merchant }] = await Promise.all([
  execute(MerchantDocument, { by: { externalId: 'shop-2' } }),
  execute(MerchantDocument, { by: { externalId: 'shop-3' } }),
  execute(MerchantDocument, { by }),
])

const pages: number[] = []
let after: string | null = null
let list: MerchantsQuery['merchants']
do {
  list = (await execute(MerchantsDocument, { ...order, after })).merchants
  pages.push(list.edges.length)
  after = list.pageInfo.endCursor
} while (list.pageInfo.hasNextPage)

// A list on the screen, which follows all changes.
const filter: MerchantFilter = { status: ['ONBOARDING'] }
const lists = received<MerchantsQuery['merchants']>()
const newest = client.query(MerchantsDocument, { first: 20, filter })
const stopList = newest.subscribe(({ data }) => data && lists.push(data.merchants)).unsubscribe
const stopChanges = watch(MerchantListChangedDocument, { filter }, () => {})
await lists.next(({ edges }) => edges.length === 5)

const create = async (input: ReturnType<typeof shop>): Promise<CreateMerchantMutation['createMerchant']> =>
  (await execute(CreateMerchantDocument, { input })).createMerchant
const invalid = await create(shop('new-1', { displayName: '', contactEmail: 'nobody' }))
const taken = await create(shop('shop-1', { displayName: 'Other' }))
const created = await create(shop('shop-6'))
const grown = await lists.next(({ edges }) => edges.some(({ node }) => node.externalId === 'shop-6'))

const input = { merchant: by, displayName: 'Renamed' }
await execute(UpdateMerchantDocument, { input })
const renamed = client.readQuery(MerchantDocument, { by })?.data?.merchant?.displayName
const renamedInList = await lists.next(({ edges }) => edges.some(({ node }) => node.displayName === 'Renamed'))
// The merchant no longer matches the filter, so it leaves the list.
await client.mutation(CLOSE, {}).toPromise()
const left = await lists.next(({ edges }) => edges.length === 5 && edges.every(({ node }) => node.externalId !== 'shop-5'))

// The service closes the socket when the token expires. Messages then come with a new token.
while (issued() < 2) await new Promise((resolve) => setTimeout(resolve, 50))
await execute(UpdateMerchantDocument, { input: { merchant: by, displayName: 'Renamed again' } })
await names.next((name) => name === 'Renamed again')

const seen = [...states]
stopMerchant()
stopList()
stopChanges()
await socket.dispose()

const externalIds = (edges: readonly { node: MerchantListFieldsFragment }[]) => edges.map(({ node }) => node.externalId)
// A request whose token is refused is sent again with a new one.
const second = refusedFirst()
await second.tokens.get()
const { viewer } = await urqlExecute(createUrqlClient({ url, tokens: second.tokens }))(ViewerDocument, {})

report({
  merchant: [merchant?.statusTitle, merchant?.nextAction.kind, merchant?.requirements.groups[0]?.__typename],
  pages,
  gathered: externalIds(list.edges),
  totalCount: list.totalCount,
  refusals: [invalid, taken].map((one) => isRefusal(one) && [one.__typename, refusalText(one), fieldTexts(one)]),
  created: isRefusal(created) ? created.message : created.created,
  grown: [externalIds(grown.edges), grown.totalCount],
  renamed,
  renamedInList: renamedInList.edges.length,
  left: externalIds(left.edges),
  states: seen,
  issued: issued(),
  renewed: [viewer.role, second.issued()],
  complaints,
})
