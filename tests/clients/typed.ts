import { print } from 'graphql'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import {
  CreateDocument,
  type CreateMerchantInput,
  type CreateMutation,
  MerchantByExternalIdDocument,
  type MerchantStatus,
  MerchantsDocument,
  type MerchantsQuery,
} from './__generated__/operations.ts'
import { createInEveryWay, headers, report, url } from './script.js'

async function ask<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query: print(document), variables }),
  })
  const { data, errors } = (await answer.json()) as { data: Data; errors?: unknown }
  if (errors) throw new Error(JSON.stringify(errors))
  return data
}

/** Does not compile while a member of the result is left out. */
function meaning(result: CreateMutation['createMerchant']): string {
  switch (result.__typename) {
    case 'CreateMerchantPayload':
      return `${result.merchant.externalId} ${result.created}`
    case 'ExternalIdTakenError':
      return `${result.externalId} is taken`
    case 'InvalidInputError':
      return `${result.field} is wrong`
    case 'CountryNotSupportedError':
      return `not in ${result.country}`
    case 'StripeRefusedError':
      return `refused: ${result.code}`
    case 'StripeUnavailableError':
      return `again in ${result.retryAfterSeconds.toFixed(0)} s`
    default:
      return result satisfies never
  }
}

const { merchant } = await ask(MerchantByExternalIdDocument, { externalId: 'shop-1' })
if (!merchant) throw new Error('there is no such merchant')
const status: MerchantStatus = merchant.status

const gathered: string[] = []
let after: string | null = null
do {
  const page: MerchantsQuery = await ask(MerchantsDocument, { first: 2, after })
  gathered.push(...page.merchants.edges.map((edge) => edge.node.externalId))
  after = page.merchants.pageInfo.hasNextPage ? page.merchants.pageInfo.endCursor : null
} while (after !== null)

const created = await createInEveryWay(
  async (input: CreateMerchantInput) => (await ask(CreateDocument, { input })).createMerchant,
)

report({ status, gathered, created: created.map(meaning) })
