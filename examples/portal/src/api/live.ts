import { useCallback } from 'react'
import {
  type AnyVariables,
  type CombinedError,
  type TypedDocumentNode,
  useQuery,
  useSubscription,
} from 'urql'

export interface Live<Data> {
  data: Data | undefined
  error: CombinedError | undefined
  /** Whether the first answer is still on its way. */
  loading: boolean
  retry: () => void
}

/**
 * Reads an object or a list, and follows it.
 *
 * The messages of the subscription go into the cache. It updates objects, and reads lists again to which a message
 * belongs. The first message comes after each connection, so all is current after a lost connection.
 */
export function useLive<Data, Variables extends AnyVariables, Watched extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  changes: TypedDocumentNode<unknown, Watched>,
  variables: Variables,
  watched: Watched,
): Live<Data> {
  const [result, execute] = useQuery({ query, variables })
  useSubscription({ query: changes, variables: watched })
  return {
    data: result.data,
    error: result.error,
    loading: result.fetching && !result.data,
    retry: useCallback(() => execute({ requestPolicy: 'network-only' }), [execute]),
  }
}
