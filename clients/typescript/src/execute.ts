// How the functions of this package send an operation: with the client of the app, or with fetch alone.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { errorCodes, type GraphQLFailure } from './failures.ts'
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

export interface FetchOptions {
  url: string
  tokens: TokenSource
  /** `print` of the package `graphql`. */
  print: (document: TypedDocumentNode<unknown, unknown>) => string
  fetch?: typeof fetch
}

/** Send operations with fetch, without a client or a cache. A refused token is renewed once. */
export function createExecute({ url, tokens, print, fetch = globalThis.fetch }: FetchOptions): Execute {
  return async (document, variables) => {
    const body = JSON.stringify({
      query: print(document as TypedDocumentNode<unknown, unknown>),
      variables,
    })
    for (let attempt = 1; ; attempt += 1) {
      const token = await tokens.get()
      const answer = await fetch(url, {
        method: 'POST',
        credentials: 'include',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body,
      })
      const text = await answer.text()
      const { data, errors } = readAnswer(text, answer.status)
      if (!errors?.length) return data
      if (!errorCodes({ errors }).includes('UNAUTHENTICATED') || attempt === 2) {
        throw new RequestFailed(errors[0]?.message ?? 'The request failed.', errors)
      }
      tokens.reject(token)
    }
  }
}

function readAnswer(text: string, status: number) {
  try {
    return JSON.parse(text)
  } catch {
    throw new RequestFailed(`The service answered ${status} without JSON.`)
  }
}
