// Errors of a whole operation. Expected errors of mutations are refusals (refusals.ts).

export interface GraphQLFailure {
  readonly message: string
  readonly extensions?: object | undefined
}

/** Codes of errors that an app usually handles. Others can appear. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE'
  | (string & {})

/** The codes in an error of urql (`graphQLErrors`), of Apollo Client or of an answer (`errors`). */
export function errorCodes(error: unknown): ErrorCode[] {
  const { graphQLErrors, errors, cause } = (error ?? {}) as Record<string, unknown>
  const list = (graphQLErrors ?? errors ?? []) as readonly GraphQLFailure[]
  const codes = list.map((one) => (one?.extensions as { code?: unknown } | undefined)?.code).filter((code) => typeof code === 'string')
  return codes.length || !cause ? codes : errorCodes(cause)
}

/** Whether the service refused the token. */
export const isUnauthenticated = (error: unknown): boolean => errorCodes(error).includes('UNAUTHENTICATED')
