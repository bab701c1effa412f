import runtime from 'relay-runtime'
import create from './relay/__generated__/operationsCreateMutation.graphql.js'
import entries from './relay/__generated__/operationsEntriesQuery.graphql.js'
import merchantAgain from './relay/__generated__/operationsMerchantAgainQuery.graphql.js'
import merchant from './relay/__generated__/operationsMerchantQuery.graphql.js'
import next from './relay/__generated__/operationsMerchantsNextQuery.graphql.js'
import merchants from './relay/__generated__/operationsMerchantsQuery.graphql.js'
import merchantsFragment from './relay/__generated__/operations_merchants.graphql.js'
import rename from './relay/__generated__/operationsRenameMutation.graphql.js'
import { createInEveryWay, headers, report, url } from './script.js'

const { commitMutation, createOperationDescriptor, fetchQuery, getSingularSelector } = runtime

const complaints = []
console.warn = console.error = (...words) => complaints.push(words.join(' '))

const environment = new runtime.Environment({
  store: new runtime.Store(new runtime.RecordSource()),
  network: runtime.Network.create(async ({ text }, variables) => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ query: text, variables }),
    })
    return answer.json()
  }),
})

/** Send the query, store its answer, and read the answer from the store. */
async function query(node, variables) {
  const operation = createOperationDescriptor(node, variables)
  environment.retain(operation)
  await fetchQuery(environment, node, variables).toPromise()
  return environment.lookup(operation.fragment).data
}
const mutate = (mutation, variables) =>
  new Promise((resolve, reject) =>
    commitMutation(environment, { mutation, variables, onCompleted: resolve, onError: reject }),
  )

const variables = { externalId: 'shop-1' }
const first = await query(merchant, variables)
await query(entries, variables)
const again = await query(merchantAgain, { id: first.merchant.id })

// Like usePaginationFragment: append the next page to the connection in the store.
const root = await query(merchants, {})
const gathered = () =>
  environment.lookup(getSingularSelector(merchantsFragment, root)).data.merchants
const pages = [gathered().edges.length]
while (gathered().pageInfo.hasNextPage) {
  await query(next, { first: 2, after: gathered().pageInfo.endCursor })
  pages.push(gathered().edges.length)
}

await mutate(rename, { ...variables, displayName: 'Renamed' })
const renamed = environment.lookup(createOperationDescriptor(merchant, variables).fragment).data

const { __id, __fragments, __fragmentOwner, ...plain } = first.merchant
report({
  merchant: plain,
  pages,
  gathered: gathered().edges.map((edge) => edge.node.externalId),
  refetched: again.node.__id === first.merchant.id,
  renamed: renamed.merchant.displayName,
  created: await createInEveryWay(async (input) => (await mutate(create, { input })).createMerchant),
  complaints,
})
