// Mercurius, which compiles each operation after its first request. The argument is `tables` or `documents`.
import Fastify from 'fastify'
import mercurius from 'mercurius'
import { resolvers, typeDefs } from './schema.js'

const source = await import(`./${process.argv[2]}.js`)
const app = Fastify()
app.register(mercurius, { schema: typeDefs, resolvers: resolvers(source), jit: 1 })
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
