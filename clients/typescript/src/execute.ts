// How the functions of this package send an operation: with the client of the app, or with fetch alone.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { type App, appHeaders } from './app.ts'
import { errorCodes, type GraphQLFailure, isUnauthenticated } from './failures.ts'
import type { TokenSource } from './tokens.ts'

/** Send an operation and return its data. Throws if there is none. */
export type Execute = <Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
) => Promise<Data>

/** The answer had errors, or no answer came. `codes` has the codes of ConnectQL, such as `FORBIDDEN`. */
export class RequestFailed extends Error {
  readonly codes: string[]
  readonly errors: readonly GraphQLFailure[]

  constructor(message: string, errors: readonly GraphQLFailure[] = [], cause?: unknown) {
    super(message, { cause })
    this.name = 'RequestFailed'
    this.errors = errors
    this.codes = errorCodes({ errors })
  }
}

export interface Answer {
  // Clients such as Relay type the data themselves.
  data?: any
  errors?: readonly GraphQLFailure[]
}

export interface RequestOptions {
  url: string
  tokens: TokenSource
  app?: App
  fetch?: typeof fetch
}

/** Send the text of an operation with fetch, and return the whole answer. A refused token is renewed once. */
export function createRequest({ url, tokens, app, fetch = globalThis.fetch }: RequestOptions) {
  return async (query: string, variables: unknown): Promise<Answer> => {
    for (let isRepeated = false; ; isRepeated = true) {
      const token = await tokens.get()
      const response = await fetch(url, {
        method: 'POST',
        credentials: 'include',
        headers: { ...appHeaders(app), authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      })
      const answer = readAnswer(await response.text(), response.status)
      if (isRepeated || !isUnauthenticated(answer)) return answer
      tokens.reject(token)
    }
  }
}

export interface ExecuteOptions extends RequestOptions {
  /** `print` of the package `graphql`. */
  print: (document: TypedDocumentNode<unknown, unknown>) => string
}

/** Send documents with fetch, without a client or a cache. */
export function createExecute({ print, ...options }: ExecuteOptions): Execute {
  const request = createRequest(options)
  return async (document, variables) => {
    const { data, errors } = await request(print(document as TypedDocumentNode<unknown, unknown>), variables)
    if (errors?.length) throw new RequestFailed(errors[0]?.message ?? 'The request failed.', errors)
    return data
  }
}

function readAnswer(text: string, status: number): Answer {
  try {
    return JSON.parse(text)
  } catch {
    throw new RequestFailed(`The service answered ${status} without JSON.`)
  }
}
