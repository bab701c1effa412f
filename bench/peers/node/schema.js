// The service's own schema, with resolvers for the measured fields.
import { readFileSync } from 'node:fs'
import { key } from './database.js'

export const typeDefs = readFileSync(new URL('../../../schema.graphql', import.meta.url), 'utf8')

export function resolvers(source) {
  return {
    Query: {
      merchants: (_, { first, after }) => source.page(first, key(after)),
      payments: (_, { first, after }) => source.payments(first, key(after)),
      merchant: (_, { by }) => source.one(by.externalId),
    },
  }
}
