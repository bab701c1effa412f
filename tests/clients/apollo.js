import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { relayStylePagination } from '@apollo/client/utilities'
import { buildSchema } from 'graphql'
import { createInEveryWay, headers, operation, schema, report, url } from './script.js'

// Types without an id are stored in their parent. Merging keeps the fields that different queries request.
const parts = ['DashboardAccess', 'Freshness', 'NextAction', 'Onboarding', 'RequirementSet']

const built = buildSchema(schema)
const possibleTypes = Object.fromEntries(
  Object.values(built.getTypeMap())
    .filter((type) => 'resolveType' in type)
    .map((type) => [type.name, built.getPossibleTypes(type).map((member) => member.name)]),
)

const client = new ApolloClient({
  link: new HttpLink({ uri: url, headers }),
  cache: new InMemoryCache({
    possibleTypes,
    typePolicies: {
      Query: { fields: { merchants: relayStylePagination(['filter', 'orderBy']) } },
      ...Object.fromEntries(parts.map((name) => [name, { merge: true }])),
    },
  }),
})
const document = (name) => gql(operation(name))

const complaints = []
console.warn = console.error = (...words) => complaints.push(words.join(' '))

const one = { query: document('merchant'), variables: { externalId: 'shop-1' } }
const { data } = await client.query(one)
await client.query({ query: document('entries'), variables: { externalId: 'shop-1' } })

const watched = client.watchQuery({ query: document('merchants'), variables: { first: 2 } })
let page = await new Promise((resolve) => watched.subscribe((result) => result.loading || resolve(result)))
const pages = [page.data.merchants.edges.length]
while (page.data.merchants.pageInfo.hasNextPage) {
  page = await watched.fetchMore({ variables: { after: page.data.merchants.pageInfo.endCursor } })
  pages.push(page.data.merchants.edges.length)
}
const gathered = client.readQuery({ query: document('merchants'), variables: { first: 2 } }).merchants

await client.mutate({
  mutation: document('rename'),
  variables: { externalId: 'shop-1', displayName: 'Renamed' },
})
const renamed = client.readQuery(one)

const created = await createInEveryWay(async (input) => {
  const result = await client.mutate({ mutation: document('create'), variables: { input } })
  return result.data.createMerchant
})

report({
  merchant: data.merchant,
  pages,
  gathered: gathered.edges.map((edge) => edge.node.externalId),
  renamed: renamed.merchant.displayName,
  created,
  complaints,
})
client.stop()
