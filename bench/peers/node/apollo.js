// Apollo Server, which caches parsed and validated documents itself.
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { resolvers, typeDefs } from './schema.js'
import * as tables from './tables.js'

const server = new ApolloServer({ typeDefs, resolvers: resolvers(tables), introspection: false })
await startStandaloneServer(server, { listen: { port: Number(process.env.PORT), host: '127.0.0.1' } })
