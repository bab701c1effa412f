import { type Connection, type TokenSource, isUnauthenticated, socketOptions } from "@connectql/client";
import { Client, type CombinedError, fetchExchange, subscriptionExchange } from "@urql/core";
import { authExchange } from "@urql/exchange-auth";
import { cacheExchange } from "@urql/exchange-graphcache";
import { createClient as createSocket } from "graphql-ws";

import { settings } from "./settings";

/** Return the GraphQL client of a session. */
export function createClient(tokens: TokenSource, connection: Connection): Client {
  const url = new URL(settings.endpoint, location.href);
  const live = createSocket(
    socketOptions({ url: url.href.replace(/^http/, "ws"), tokens, connection }),
  );
  return new Client({
    url: url.href,
    preferGetMethod: false,
    // Lists are shown at once from the cache, and read again.
    requestPolicy: "cache-and-network",
    exchanges: [
      cacheExchange({}),
      authExchange(async ({ appendHeaders }) => {
        let token = await tokens.get().catch(() => "");
        return {
          addAuthToOperation: (operation) => appendHeaders(operation, { Authorization: `Bearer ${token}` }),
          willAuthError: () => tokens.peek() !== token,
          didAuthError(error, { context: { fetchOptions } }) {
            const isRefused = isUnauthenticated(error);
            if (isRefused) {
              // Another operation may have renewed the token in the meantime.
              const { headers } = (typeof fetchOptions === "function" ? fetchOptions() : fetchOptions) ?? {};
              tokens.reject(new Headers(headers).get("Authorization")?.replace("Bearer ", "") ?? "");
            }
            return isRefused;
          },
          async refreshAuth() {
            token = await tokens.get().catch(() => token);
          },
        };
      }),
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({
            unsubscribe: live.subscribe({ query: query ?? "", variables: variables ?? {} }, sink as never),
          }),
        }),
      }),
    ],
  });
}

/** The code of the first error in a GraphQL answer. Undefined if there was no answer. */
export function codeOf(error: CombinedError | undefined): string | undefined {
  const code: unknown = error?.graphQLErrors[0]?.extensions["code"];
  return typeof code === "string" ? code : undefined;
}

/** The sentence and the request id of an error. */
export function describe(error: CombinedError): { message: string; requestId: string | null } {
  const [first] = error.graphQLErrors;
  if (first === undefined) {
    return { message: "The service cannot be reached.", requestId: null };
  }
  const requestId: unknown = first.extensions["requestId"];
  return { message: first.message, requestId: typeof requestId === "string" ? requestId : null };
}
