// The name and the version of the app, by which operators see which versions are in use.

export interface App {
  name: string
  version: string
}

/** The headers that name the app. WebSockets send them in `connection_init`. */
export const appHeaders = (app: App | undefined): Record<string, string> =>
  app ? { 'apollographql-client-name': app.name, 'apollographql-client-version': app.version } : {}
