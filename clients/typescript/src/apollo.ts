// For Apollo Client: a cache that knows the schema, tokens, and live updates.
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, Observable, type TypePolicies } from '@apollo/client'
import { getMainDefinition, relayStylePagination } from '@apollo/client/utilities'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import type { Modifier, Reference } from '@apollo/client/cache'
import { type DocumentNode, type OperationDefinitionNode, print } from 'graphql'
import { tap } from 'rxjs'
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
import { embeddedTypes, outputTypes, possibleTypes } from './schema.ts'
import type { TokenSource } from './tokens.ts'
import type { Watch } from './watch.ts'

export { possibleTypes }

/** Types without an id are merged inside their parent, and lists gather their pages. */
export function createTypePolicies(): TypePolicies {
  const policies: TypePolicies = {}
  for (const { name, fields } of outputTypes) {
    const lists = [...fields].flatMap(([field, { listArguments }]) => (listArguments ? [[field, listArguments] as const] : []))
    if (!lists.length) continue
    policies[name] = {
      fields: Object.fromEntries(lists.map(([field, names]) => [field, relayStylePagination(names)])),
    }
  }
  for (const name of embeddedTypes) policies[name] = { ...policies[name], keyFields: false, merge: true }
  return policies
}

/** An InMemoryCache with `possibleTypes` and the policies. */
export function createCache(): InMemoryCache {
  return new InMemoryCache({ possibleTypes, typePolicies: createTypePolicies() })
}

export interface ApolloOptions {
  url: string
  tokens: TokenSource
  app?: App
  /** A client of graphql-ws or graphql-sse, for subscriptions. */
  live?: Live
  cache?: InMemoryCache
  /** Links before the token, such as createPersistedQueryLink. */
  links?: ApolloLink[]
}

/** A client of Apollo with all that ConnectQL needs. */
export function createApolloClient({ url, tokens, app, live, cache, links = [] }: ApolloOptions): ApolloClient {
  const http = ApolloLink.from([tokenLink(tokens), new HttpLink({ uri: url, credentials: 'include', headers: appHeaders(app) })])
  const last = live ? ApolloLink.split(isSubscription, liveLink(live), http) : http
  const store = cache ?? createCache()
  return new ApolloClient({ link: ApolloLink.from([listLink(store), ...links, last]), cache: store })
}

const kindOf = (document: DocumentNode) => (getMainDefinition(document) as OperationDefinitionNode).operation
const isSubscription = ({ query }: ApolloLink.Operation) => kindOf(query) === 'subscription'

/** The token in each request. After UNAUTHENTICATED the request is repeated once with a new token. */
export function tokenLink(tokens: TokenSource): ApolloLink {
  return new ApolloLink(
    (operation, forward) =>
      new Observable((observer) => {
        let subscription: { unsubscribe(): void } | undefined
        let isOver = false
        async function send(isRepeated: boolean): Promise<void> {
          const token = await tokens.get()
          if (isOver) return
          operation.setContext(({ headers = {} }) => ({
            headers: { ...(headers as Record<string, string>), authorization: `Bearer ${token}` },
          }))
          const repeat = () => {
            tokens.reject(token)
            send(true).catch((error: unknown) => observer.error(error))
          }
          let isRefused = false
          subscription = forward(operation).subscribe({
            next(result) {
              isRefused = !isRepeated && isUnauthenticated(result)
              if (!isRefused) observer.next(result)
            },
            error: (error) => (!isRepeated && isRefusedToken(error) ? repeat() : observer.error(error)),
            complete: () => (isRefused ? repeat() : observer.complete()),
          })
        }
        send(false).catch((error: unknown) => observer.error(error))
        return () => {
          isOver = true
          subscription?.unsubscribe()
        }
      }),
  )
}

const isRefusedToken = (error: unknown) =>
  isUnauthenticated(error) || (error as { statusCode?: number } | null)?.statusCode === 401

/** Send operations with graphql-ws or graphql-sse. */
export function liveLink(live: Live): ApolloLink {
  return new ApolloLink(
    ({ query, variables, extensions, operationName }) =>
      new Observable((observer) =>
        live.subscribe(
          { query: print(query), variables, extensions, operationName: operationName ?? null },
          {
            next: (result) => observer.next(result as ApolloLink.Result),
            error: (error) => observer.error(error),
            complete: () => observer.complete(),
          },
        ),
      ),
  )
}

/** Lists follow creations and the messages of subscriptions to lists: the link changes them in the cache. */
export function listLink(cache: InMemoryCache): ApolloLink {
  return new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      tap((result) => {
        for (const [field, value] of Object.entries((result as { data?: Values }).data ?? {})) {
          const { filter, input } = operation.variables as Values
          const list = creators[field]
          if (list && isCreation(value)) modifyLists(cache, list, input?.merchant, (_list, { DELETE }) => DELETE)
          if (field in listChanges) changeLists(readListChange(field, value, filter), cache)
        }
      }),
    ),
  )
}

/** Read lists again after `READ` or for a new member, and remove a member that has left. */
function changeLists({ member, hasLeft, list, filter }: ListChange, cache: InMemoryCache): void {
  modifyLists(cache, list, filter['merchant'], (existing, { DELETE, readField }, own) => {
    if (!isSameFilter(own, filter)) return existing
    const edges = (existing['edges'] ?? []) as Reference[]
    const others = edges.filter((edge) => readField<Reference>('node', edge)?.__ref !== member)
    if (others.length === edges.length) return hasLeft ? existing : DELETE
    return hasLeft ? { ...existing, edges: others } : existing
  })
}

type ModifierDetails = Parameters<Modifier<unknown>>[1]
type ChangeList = (existing: Values, details: ModifierDetails, filter: Values) => unknown

/** Change the cached lists of Query, and those of a merchant. `filter` is that which Query would need. */
function modifyLists(cache: InMemoryCache, list: string, merchant: Values | undefined, change: ChangeList): void {
  const modify = (id: string, more: Values) =>
    cache.modify({
      id,
      fields: {
        [list]: (existing: unknown, details: ModifierDetails) => {
          const names = details.storeFieldName.slice(list.length + 1)
          const own = (names ? JSON.parse(names) : {}) as Values
          return change(existing as Values, details, { ...own['filter'], ...more })
        },
      },
    })
  modify('ROOT_QUERY', {})
  if (!merchant) return
  const root = cache.extract()['ROOT_QUERY'] as Values | undefined
  const key = merchant['id']
    ? `Merchant:${merchant['id']}`
    : root?.[`merchant(${JSON.stringify({ by: merchant })})`]?.__ref
  if (key) modify(key, { merchant })
}

/** `execute` for the functions of `@connectql/client`, over a client of Apollo. */
export function apolloExecute(client: ApolloClient): Execute {
  return async <Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables) => {
    try {
      const { data } = kindOf(document as DocumentNode) === 'mutation'
        ? await client.mutate({ mutation: document as DocumentNode, variables: variables as {} })
        : await client.query({ query: document as DocumentNode, variables: variables as {} })
      return data as Data
    } catch (error) {
      const { message, errors } = error as Error & { errors?: [] }
      throw new RequestFailed(message, errors, error)
    }
  }
}

/** `watch` for the hooks of `@connectql/client/react`, over a client of Apollo. */
export function apolloWatch(client: ApolloClient): Watch {
  return (document, variables, next) => {
    const messages = client.subscribe({ query: document as DocumentNode, variables: variables as {} })
    const subscription = messages.subscribe({ next: next as never, error: (error) => next({ error }) })
    return () => subscription.unsubscribe()
  }
}
