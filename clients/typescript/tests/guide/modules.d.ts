// The parts of other packages that docs/mobile-apps.md uses, as their documentation describes them.
declare module 'expo-linking' {
  export function parse(url: string): { queryParams: Record<string, string | string[]> | null }
}
declare module 'expo-web-browser' {
  export function openAuthSessionAsync(
    url: string,
    redirectUrl: string,
  ): Promise<{ type: 'success'; url: string } | { type: 'cancel' | 'dismiss' }>
}
declare module '@capacitor/app' {
  export const App: {
    addListener(event: 'appUrlOpen', listener: (event: { url: string }) => void): Promise<{ remove(): Promise<void> }>
  }
}
declare module '@capacitor/browser' {
  export const Browser: { open(options: { url: string }): Promise<void>; close(): Promise<void> }
}
declare const link: { url: string }
declare function returned(parameters: unknown): void
