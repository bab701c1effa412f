// GraphQL Yoga, which caches parsed and validated documents itself.
import { createServer } from 'node:http'
import { createSchema, createYoga } from 'graphql-yoga'
import { resolvers, typeDefs } from './schema.js'
import * as tables from './tables.js'

const schema = createSchema({
  typeDefs,
  resolvers: resolvers(tables),
  resolverValidationOptions: { requireResolversForResolveType: 'ignore' },
})
createServer(createYoga({ schema, graphiql: false, logging: false })).listen(Number(process.env.PORT), '127.0.0.1')
