// For urql: a cache that knows the schema, tokens, and live updates.
import { Client, type Exchange, fetchExchange, subscriptionExchange } from '@urql/core'
import { type AuthConfig, type AuthUtilities, authExchange } from '@urql/exchange-auth'
import { type Cache, type CacheExchangeOpts, cacheExchange, type Resolver } from '@urql/exchange-graphcache'
import { relayPagination } from '@urql/exchange-graphcache/extras'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { type App, appHeaders } from './app.ts'
import { type Execute, RequestFailed } from './execute.ts'
import { isUnauthenticated } from './failures.ts'
import {
  creators,
  isCreation,
  isSameFilter,
  type ListChange,
  listChanges,
  readListChange,
  type Values,
} from './lists.ts'
import type { Live } from './live.ts'
import { embeddedTypes, outputTypes } from './schema.ts'
import type { TokenSource } from './tokens.ts'
import type { Watch } from './watch.ts'

export interface UrqlOptions {
  url: string
  tokens: TokenSource
  app?: App
  /** A client of graphql-ws or graphql-sse, for subscriptions. */
  live?: Live
  /** Default: a cacheExchange with `graphcacheOptions()`. */
  cache?: Exchange
  /** Exchanges between the cache and the token, such as persistedExchange. */
  exchanges?: Exchange[]
}

/** A client of urql with all that ConnectQL needs. */
export function createUrqlClient({ url, tokens, app, live, cache, exchanges = [] }: UrqlOptions): Client {
  return new Client({
    url,
    preferGetMethod: false,
    fetchOptions: { credentials: 'include', headers: appHeaders(app) },
    exchanges: [
      cache ?? cacheExchange(graphcacheOptions()),
      ...exchanges,
      authExchange(tokenAuth(tokens)),
      ...(live ? [liveExchange(live)] : []),
      fetchExchange,
    ],
  })
}

/** Send subscriptions with graphql-ws or graphql-sse. */
export function liveExchange(live: Live): Exchange {
  return subscriptionExchange({
    forwardSubscription: ({ query, variables, extensions }) => ({
      subscribe: (sink) => {
        const request = { query: query ?? '', variables: variables ?? {}, ...(extensions && { extensions }) }
        return { unsubscribe: live.subscribe(request, sink as Parameters<Live['subscribe']>[1]) }
      },
    }),
  })
}

/** The configuration of authExchange: the token in each request, renewed before its end and after UNAUTHENTICATED. */
export function tokenAuth(tokens: TokenSource): (utilities: AuthUtilities) => Promise<AuthConfig> {
  return async (utilities) => {
    // The first request fetches a token, and not the creation of the client, when nobody may have signed in yet.
    let fetched = ''
    return {
      addAuthToOperation: (operation) =>
        utilities.appendHeaders(operation, { authorization: `Bearer ${tokens.peek() ?? fetched}` }),
      willAuthError: () => tokens.peek() === undefined,
      didAuthError(error, operation) {
        if (!isUnauthenticated(error)) return false
        const { fetchOptions } = operation.context
        const options = typeof fetchOptions === 'function' ? fetchOptions() : fetchOptions
        const header = new Headers(options?.headers).get('authorization') ?? ''
        tokens.reject(header.replace('Bearer ', ''))
        return true
      },
      async refreshAuth() {
        fetched = await tokens.get()
      },
    }
  }
}

/** `execute` for the functions of `@connectql/client`, over a client of urql. */
export function urqlExecute(client: Client): Execute {
  return async <Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables) => {
    const isMutation = document.definitions.some((one) => 'operation' in one && one.operation === 'mutation')
    const send = isMutation ? client.mutation.bind(client) : client.query.bind(client)
    const { data, error } = await send(document, variables as never).toPromise()
    if (error) throw new RequestFailed(error.message, error.graphQLErrors, error)
    return data as Data
  }
}

/** `watch` for the hooks of `@connectql/client/react`, over a client of urql. */
export function urqlWatch(client: Client): Watch {
  return (document, variables, next) =>
    client.subscription(document, variables as never).subscribe(next as never).unsubscribe
}

/**
 * Options for cacheExchange or offlineExchange. With `schema`, graphcache keeps the fields of refusals, and gives
 * partial answers while the rest is loading.
 */
export function graphcacheOptions(): Pick<CacheExchangeOpts, 'schema' | 'keys' | 'resolvers' | 'updates'> {
  return {
    schema: introspection(),
    keys: Object.fromEntries(embeddedTypes.map((name) => [name, () => null])),
    resolvers: connectionResolvers(),
    updates: {
      Mutation: Object.fromEntries(
        Object.entries(creators).map(([field, list]) => [
          field,
          (result: Values, args: Values, cache: Cache) => {
            if (!isCreation(result[field])) return
            lists(cache, list, args['input']?.['merchant']).forEach(drop(cache))
          },
        ]),
      ),
      Subscription: Object.fromEntries(
        Object.keys(listChanges).map((field) => [
          field,
          (result: Values, args: Values, cache: Cache) =>
            changeLists(readListChange(field, result[field], args['filter']), cache),
        ]),
      ),
    },
  }
}

interface List {
  entity: string
  fieldName: string
  fieldArguments: Values | null
  /** The filter that Query would need for the same list. */
  filter: Values
}

/** The cached lists of Query, and those of a merchant. */
function lists(cache: Cache, list: string, merchant?: Values): List[] {
  const key = merchant?.['id']
    ? `Merchant:${merchant['id']}`
    : merchant && (cache.resolve('Query', 'merchant', { by: merchant }) as string | null)
  const of = (entity: string, more: Values): List[] =>
    cache
      .inspectFields(entity)
      .filter(({ fieldName }) => fieldName === list)
      .map(({ fieldName, arguments: fieldArguments }) => {
        const filter = { ...(fieldArguments?.['filter'] as Values | undefined), ...more }
        return { entity, fieldName, fieldArguments, filter }
      })
  return [...of('Query', {}), ...(key ? of(key, { merchant }) : [])]
}

/** Forget a list, so that it is read again if it is on the screen. */
const drop =
  (cache: Cache) =>
  ({ entity, fieldName, fieldArguments }: List): void =>
    cache.invalidate(entity, fieldName, fieldArguments as never)

/** Read lists again after `READ` or for a new member, and remove a member that has left. */
function changeLists({ member, hasLeft, list, filter }: ListChange, cache: Cache): void {
  for (const one of lists(cache, list, filter['merchant'])) {
    if (!isSameFilter(one.filter, filter)) continue
    const connection = cache.resolve(one.entity, one.fieldName, one.fieldArguments as never) as string | null
    const edges = (connection && (cache.resolve(connection, 'edges') as string[] | null)) || []
    const others = edges.filter((edge) => cache.resolve(edge, 'node') !== member)
    const isMember = others.length < edges.length
    if (!hasLeft) {
      if (!isMember) drop(cache)(one)
    } else if (connection && isMember) {
      cache.link(connection, 'edges', others)
    }
  }
}

/** All pages of a list as one, with the other fields of the connection, which relayPagination leaves out. */
function connectionResolvers(): Record<string, Record<string, Resolver>> {
  const pages = relayPagination()
  const whole: Resolver = (parent, args, cache, info) => {
    const page = pages(parent, args, cache, info) as Values | undefined
    if (!page) return page
    const connection = cache.resolve(info.parentKey, info.fieldName, args) as string | null
    const others = connection ? cache.inspectFields(connection) : []
    const more = others
      .filter(({ fieldName }) => !(fieldName in page))
      .map(({ fieldName }) => [fieldName, cache.resolve(connection, fieldName)])
    return { ...page, ...Object.fromEntries(more) }
  }
  const resolvers: Record<string, Record<string, Resolver>> = {}
  for (const { name, fields } of outputTypes) {
    for (const [field, { listArguments }] of fields) {
      if (listArguments) (resolvers[name] ??= {})[field] = whole
    }
  }
  return resolvers
}

/** The part of an introspection that graphcache reads. */
function introspection() {
  const types = outputTypes.map(({ name, kind, related, fields }) => ({
    name,
    kind,
    [kind === 'UNION' ? 'possibleTypes' : 'interfaces']: related.map((one) => ({ name: one })),
    fields: [...fields].map(([field, { marks }]) => ({ name: field, type: typeOf(marks), args: [] })),
  }))
  return {
    __schema: {
      queryType: { name: 'Query' },
      mutationType: { name: 'Mutation' },
      subscriptionType: { name: 'Subscription' },
      types,
    },
  } as unknown as NonNullable<CacheExchangeOpts['schema']>
}

type Marked = { kind: 'NON_NULL' | 'LIST'; ofType: Marked } | { kind: 'SCALAR'; name: string }

/** `[?]` is a list that is never null, of members that may be null. */
function typeOf(marks: string): Marked {
  return marks.endsWith('?') ? nullable(marks.slice(0, -1)) : { kind: 'NON_NULL', ofType: nullable(marks) }
}

function nullable(marks: string): Marked {
  return marks ? { kind: 'LIST', ofType: typeOf(marks.slice(1, -1)) } : { kind: 'SCALAR', name: 'Any' }
}
