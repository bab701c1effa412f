// How hooks subscribe: with the client of the app.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'

/** Begin a subscription of a client. Returns a function that ends it. `urqlWatch` and `apolloWatch` make one. */
export type Watch = <Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  next: (result: { data?: Data | undefined; error?: unknown }) => void,
) => () => void
