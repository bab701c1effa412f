/** The settings that api/board/page.py writes into the page. */
export interface Settings {
  /** The path of the board, without a slash at its end. */
  base: string;
  /** The path of the GraphQL endpoint. */
  endpoint: string;
  /** A development token, for a browser on the developer's machine. */
  token: string | null;
  /** The identity provider. Null if sign-in is not set up. */
  provider: Provider | null;
}

export interface Provider {
  issuer: string;
  clientId: string;
  scopes: string;
  /** Parameters that some providers need to issue a token for this API. */
  audience: string | null;
  resource: string | null;
}

const element = document.getElementById("settings");
export const settings = JSON.parse(element?.textContent ?? "null") as Settings;
