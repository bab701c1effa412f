// An OpenID provider for the tests of the board. Anybody signs in, and the name decides the role.
import { createServer } from 'node:http'

import Provider from 'oidc-provider'

const { PORT, REDIRECT_URI, AUDIENCE, SECONDS } = process.env
const issuer = `http://127.0.0.1:${PORT}`
const seen = { codes: 0, refreshes: 0, revocations: 0, methods: [], refuses: false }

const page = '<!doctype html><html lang="en"><title>Sign in</title>'

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: 'board',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      redirect_uris: [REDIRECT_URI],
      post_logout_redirect_uris: [REDIRECT_URI],
    },
  ],
  clientBasedCORS: (_, origin) => origin === new URL(REDIRECT_URI).origin,
  cookies: { keys: ['the tests sign their cookies with this'] },
  features: {
    devInteractions: { enabled: false },
    revocation: { enabled: true },
    rpInitiatedLogout: {
      // The provider's default page asks the same question, but loads a font from another host.
      logoutSource: (context, question) => {
        context.body = `${page}${question}<button form="op.logoutForm" name="logout" value="yes">Yes</button>`
      },
    },
    resourceIndicators: {
      enabled: true,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        audience: AUDIENCE,
        scope: 'operate',
        accessTokenFormat: 'jwt',
        accessTokenTTL: Number(SECONDS),
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  extraTokenClaims: (_, { accountId }) =>
    accountId.startsWith('shop') ? { role: 'merchant', merchant: accountId } : { role: 'operator' },
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  issueRefreshToken: () => true,
  // Nobody is asked for consent.
  async loadExistingGrant({ oidc }) {
    const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId })
    grant.addOIDCScope('openid')
    grant.addResourceScope(oidc.params.resource, 'operate')
    await grant.save()
    return grant
  },
  pkce: { required: () => true },
  ttl: { AccessToken: Number(SECONDS), Grant: 600, IdToken: 600, Interaction: 600, RefreshToken: 600, Session: 600 },
})

provider.on('grant.success', ({ oidc }) => {
  seen[oidc.params.grant_type === 'refresh_token' ? 'refreshes' : 'codes'] += 1
})
provider.on('authorization.accepted', ({ oidc }) => seen.methods.push(oidc.params.code_challenge_method))

const form = `${page}<form method="post">
<label>Name <input name="name"></label><button>Sign in</button></form>`
const next = provider.callback()

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, issuer)
  if (pathname === '/seen') {
    response.end(JSON.stringify(seen))
  } else if (pathname === '/refuse' || pathname === '/accept') {
    seen.refuses = pathname === '/refuse'
    response.end()
  } else if (pathname === '/token' && request.method === 'POST' && seen.refuses) {
    response.writeHead(400, { 'content-type': 'application/json', 'access-control-allow-origin': '*' })
    response.end('{"error": "invalid_grant"}')
  } else if (pathname.startsWith('/interaction/') && request.method === 'POST') {
    const body = new URLSearchParams(Buffer.concat(await request.toArray()).toString())
    await provider.interactionFinished(request, response, { login: { accountId: body.get('name') } })
  } else if (pathname.startsWith('/interaction/')) {
    response.writeHead(200, { 'content-type': 'text/html' }).end(form)
  } else {
    if (pathname === '/token/revocation' && request.method === 'POST') {
      response.on('finish', () => (seen.revocations += response.statusCode === 200))
    }
    next(request, response)
  }
}).listen(Number(PORT), '127.0.0.1')
