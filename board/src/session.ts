import { type Token, type TokenSource, createTokenSource } from "@connectql/client";
import * as oauth from "oauth4webapi";

import { type Provider, settings } from "./settings";

/** The tokens of a signed-in user. They stay in memory: no storage of the browser holds one. */
export interface Session {
  tokens: TokenSource;
  /**
   * Revoke the refresh token and end the provider's session, if the provider supports both. If the session cannot be
   * ended, the provider's page asks who signs in. Null without a provider.
   */
  signOut: (() => Promise<void>) | null;
}

/** The session has ended: a new token needs a visit to the provider. */
export class SessionEnded extends Error {}

/** The state of a sign-in while the browser visits the provider. */
interface Visit {
  verifier: string;
  state: string;
  nonce: string;
  returnTo: string;
}

const STORED = "connectql-board-visit";
/** Set while the browser visits the provider's page that ends its session. */
const LEFT = "connectql-board-left";
/** Signing out does not wait longer for the revocation, in milliseconds. */
const REVOCATION_TIME = 3_000;

/** Somebody has just signed out in this tab. */
export class SignedOut extends Error {}

/**
 * Return a session, or leave for the provider's page. Null if no sign-in is set up. Throws SignedOut, or an error if
 * the sign-in failed.
 */
export async function start(): Promise<Session | null> {
  const { provider, token } = settings;
  if (provider === null) {
    return token === null ? null : { tokens: once({ token }), signOut: null };
  }
  const answer = new URL(location.href).searchParams;
  const visit = takeVisit();
  if (sessionStorage.getItem(LEFT) !== null) {
    sessionStorage.removeItem(LEFT);
    history.replaceState(null, "", settings.base);
    throw new SignedOut();
  }
  if (answer.has("state") && (answer.has("code") || answer.has("error"))) {
    history.replaceState(null, "", visit?.returnTo ?? settings.base);
    if (visit === null) {
      throw new Error("This answer belongs to no sign-in of this tab.");
    }
    return finish(provider, answer, visit);
  }
  await begin();
  return new Promise<never>(() => undefined); // the browser is leaving this page
}

/** Leave for the provider's page. Afterwards the browser returns to the current address. */
export async function begin({ asSomeoneElse = false } = {}): Promise<void> {
  const { provider } = settings;
  if (provider === null) {
    location.reload();
    return;
  }
  const server = await discover(provider);
  if (server.authorization_endpoint === undefined) {
    throw new Error("The identity provider names no authorization endpoint.");
  }
  const visit: Visit = {
    verifier: oauth.generateRandomCodeVerifier(),
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    returnTo: location.pathname + location.search,
  };
  sessionStorage.setItem(STORED, JSON.stringify(visit));
  const address = new URL(server.authorization_endpoint);
  const parameters = {
    client_id: provider.clientId,
    redirect_uri: redirectUri(),
    response_type: "code",
    scope: provider.scopes,
    state: visit.state,
    nonce: visit.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(visit.verifier),
    code_challenge_method: "S256",
    ...named(provider),
    ...(asSomeoneElse ? { prompt: "login" } : {}),
  };
  for (const [name, value] of Object.entries(parameters)) {
    address.searchParams.set(name, value);
  }
  location.assign(address);
}

/** Exchange the code in the provider's answer for tokens. */
async function finish(provider: Provider, answer: URLSearchParams, visit: Visit): Promise<Session> {
  const server = await discover(provider);
  const client = { client_id: provider.clientId };
  const parameters = oauth.validateAuthResponse(server, client, answer, visit.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri(),
    visit.verifier,
    { ...options(provider), additionalParameters: named(provider) },
  );
  const asksForIdToken = provider.scopes.split(" ").includes("openid");
  const first = await oauth.processAuthorizationCodeResponse(server, client, response, {
    expectedNonce: asksForIdToken ? visit.nonce : oauth.expectNoNonce,
    requireIdToken: asksForIdToken,
  });

  let refreshToken = first.refresh_token;
  async function renew(): Promise<Token> {
    if (refreshToken === undefined) {
      throw new SessionEnded();
    }
    const more = { ...options(provider), additionalParameters: named(provider) };
    const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, more);
    try {
      const renewed = await oauth.processRefreshTokenResponse(server, client, response);
      // A provider that does not rotate refresh tokens omits them.
      refreshToken = renewed.refresh_token ?? refreshToken;
      return tokenOf(renewed);
    } catch (error) {
      if (!(error instanceof oauth.ResponseBodyError)) {
        throw error; // the provider is unavailable, and the next operation tries again
      }
      refreshToken = undefined; // this token stays refused, and the live connection would send it again and again
      throw new SessionEnded("The identity provider refuses to renew the token.", { cause: error });
    }
  }

  /** Revoke a refresh token. Some providers would accept it even after the end of their session. */
  async function revoke(token: string): Promise<void> {
    const signal = AbortSignal.timeout(REVOCATION_TIME);
    const more = { ...options(provider), signal, additionalParameters: { token_type_hint: "refresh_token" } };
    const response = await oauth.revocationRequest(server, client, oauth.None(), token, more);
    await oauth.processRevocationResponse(response);
  }

  async function signOut(): Promise<void> {
    const token = refreshToken;
    refreshToken = undefined;
    if (token !== undefined && server.revocation_endpoint !== undefined) {
      // If the provider does not answer, signing out continues, and the token expires by itself.
      await revoke(token).catch((error: unknown) => console.warn(error));
    }
    if (server.end_session_endpoint === undefined) {
      // The provider's session stays, so any page of the board would sign in again without a question.
      await begin({ asSomeoneElse: true });
      return;
    }
    // OpenID Connect RP-Initiated Logout 1.0.
    const target = new URL(server.end_session_endpoint);
    target.searchParams.set("client_id", provider.clientId);
    target.searchParams.set("post_logout_redirect_uri", redirectUri());
    if (first.id_token !== undefined) {
      target.searchParams.set("id_token_hint", first.id_token);
    }
    sessionStorage.setItem(LEFT, "");
    location.replace(target);
  }

  return { tokens: once(tokenOf(first), renew), signOut };
}

/** A source that begins with this token, and renews it. */
function once(first: Token, renew?: () => Promise<Token>): TokenSource {
  let unused: Token | null = first;
  return createTokenSource(async () => {
    if (unused !== null) {
      const token = unused;
      unused = null;
      return token;
    }
    if (renew === undefined) {
      throw new SessionEnded();
    }
    return renew();
  });
}

function tokenOf({ access_token, expires_in }: oauth.TokenEndpointResponse): Token {
  return { token: access_token, expiresAt: expires_in === undefined ? null : Date.now() + expires_in * 1000 };
}

let discovered: Promise<oauth.AuthorizationServer> | null = null;

function discover(provider: Provider): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(provider.issuer);
  discovered ??= oauth
    .discoveryRequest(issuer, options(provider))
    .then((response) => oauth.processDiscoveryResponse(issuer, response))
    .catch((error: unknown) => {
      discovered = null; // the next attempt asks again
      throw error;
    });
  return discovered;
}

// The service accepts an issuer without TLS in development only.
function options(provider: Provider) {
  return { [oauth.allowInsecureRequests]: provider.issuer.startsWith("http:") };
}

function named({ audience, resource }: Provider): Record<string, string> {
  return { ...(audience === null ? {} : { audience }), ...(resource === null ? {} : { resource }) };
}

function redirectUri(): string {
  return new URL(settings.base, location.origin).href;
}

function takeVisit(): Visit | null {
  const stored = sessionStorage.getItem(STORED);
  sessionStorage.removeItem(STORED);
  return stored === null ? null : (JSON.parse(stored) as Visit);
}
