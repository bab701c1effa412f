import { Client, fetchExchange, gql } from '@urql/core'
import { cacheExchange } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import { buildSchema, introspectionFromSchema } from 'graphql'
import { createInEveryWay, headers, operation, schema, report, url } from './script.js'

// Types without an id are stored in their parent. Graphcache requires a key function for each.
const parts = ['NextAction', 'RequirementSet', 'Requirement']

const complaints = []
const client = new Client({
  url,
  preferGetMethod: false,
  fetchOptions: { headers },
  exchanges: [
    cacheExchange({
      schema: introspectionFromSchema(buildSchema(schema)),
      keys: Object.fromEntries(parts.map((name) => [name, () => null])),
      resolvers: { Query: { merchants: relayPagination() } },
      logger: (level, text) => level !== 'debug' && complaints.push(text),
    }),
    fetchExchange,
  ],
})

async function answered(result) {
  const { data, error } = await result
  if (error) throw error
  return data
}
const document = (name) => gql(operation(name))
const query = (name, variables, policy) =>
  answered(client.query(document(name), variables, { requestPolicy: policy ?? 'cache-first' }).toPromise())
const mutate = (name, variables) => answered(client.mutation(document(name), variables).toPromise())

const { merchant } = await query('merchant', { externalId: 'shop-1' })
await query('entries', { externalId: 'shop-1' })

const pages = []
let gathered
let after = null
do {
  gathered = (await query('merchants', { first: 2, after })).merchants
  pages.push(gathered.edges.length)
  after = gathered.pageInfo.endCursor
} while (gathered.pageInfo.hasNextPage)

await mutate('rename', { externalId: 'shop-1', displayName: 'Renamed' })
const renamed = await query('merchant', { externalId: 'shop-1' }, 'cache-only')

const created = await createInEveryWay(async (input) => (await mutate('create', { input })).createMerchant)

report({
  merchant,
  pages,
  gathered: gathered.edges.map((edge) => edge.node.externalId),
  renamed: renamed.merchant.displayName,
  created,
  complaints,
})
