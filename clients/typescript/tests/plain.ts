// Everything that needs no client: each document, links to Stripe's pages, returns, money, tokens.
import * as connectql from '@connectql/client'
import {
  createExecute,
  createTokenSource,
  documentHash,
  errorCodes,
  eventStreamOptions,
  formatMoney,
  isRefusal,
  merchantStatuses,
  type PaymentStates,
  parseMinorUnits,
  paymentWords,
  readReturn,
  socketOptions,
  startOnboarding,
  withoutReturn,
} from '@connectql/client'
import persisted from '@connectql/client/persisted-documents.json' with { type: 'json' }
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { type DocumentNode, print } from 'graphql'
import { createClient as createStreams } from 'graphql-sse'
import { createClient } from 'graphql-ws'
import { issuing, refusedFirst, report, shop, socketUrl, url } from './service.ts'

type Name = Extract<keyof typeof connectql, `${string}Document`>
type VariablesOf<Document> = Document extends TypedDocumentNode<unknown, infer Variables> ? Variables : never

const { tokens, issued } = issuing()
const execute = createExecute({ url, tokens, print })
const merchant = { externalId: 'shop-1' }
const by = merchant
const payment = { order: { merchant, externalId: 'order-1' } }
const returnTo = 'http://app.example:3000/connect?tab=payments'
const urls = { successUrl: returnTo, cancelUrl: returnTo }
const amount = { minorUnits: 1000, currency: 'USD' }

// Does not compile while a document is left out.
const variables: { [Document in Name]: VariablesOf<(typeof connectql)[Document]> } = {
  ViewerDocument: {},
  MerchantDocument: { by },
  MerchantsDocument: {},
  MerchantSettingsDocument: { by },
  MerchantTimelineDocument: { by },
  CreateMerchantDocument: { input: shop('shop-1') },
  UpdateMerchantDocument: { input: { merchant, displayName: 'Renamed' } },
  RefreshMerchantDocument: { input: { merchant } },
  CreateOnboardingLinkDocument: { input: { merchant, returnTo } },
  CreateDashboardLinkDocument: { input: { merchant, returnTo } },
  CreateAccountSessionDocument: { input: { merchant, components: [{ component: 'ACCOUNT_ONBOARDING' }] } },
  MerchantChangedDocument: { by },
  MerchantListChangedDocument: {},
  PaymentDocument: { by: payment },
  PaymentsDocument: {},
  PaymentTimelineDocument: { by: payment },
  CreateCheckoutDocument: {
    input: { merchant, externalId: 'order-1', lines: [{ name: 'Hat', quantity: 1, unitAmount: amount }], ...urls },
  },
  RefundPaymentDocument: { input: { payment, externalId: 'refund-1' } },
  CapturePaymentDocument: { input: { payment } },
  CancelPaymentDocument: { input: { payment } },
  PaymentChangedDocument: { by: payment },
  PaymentListChangedDocument: {},
  DisputeDocument: { by: { stripeDisputeId: 'du_1' } },
  DisputesDocument: {},
  DisputeListChangedDocument: {},
  FinancesDocument: { by },
  PayoutsDocument: {},
  FinancesChangedDocument: { by },
  PayoutListChangedDocument: {},
  ServiceDocument: { by },
  StartServiceDocument: { input: { merchant, ...urls } },
  CreateBillingPortalLinkDocument: { input: { merchant, returnTo } },
  ServiceChangedDocument: { by },
}

const socket = createClient(socketOptions({ url: socketUrl, tokens }))
const outcomes: Record<string, unknown> = {}
const hashes: string[] = []
for (const [name, chosen] of Object.entries(variables)) {
  const document = connectql[name as Name] as DocumentNode
  hashes.push(await documentHash(document, print))
  const [definition] = document.definitions
  const kind = definition && 'operation' in definition && definition.operation
  if (kind === 'subscription') {
    const request = { query: print(document), variables: chosen as Record<string, unknown> }
    for await (const { errors } of socket.iterate(request)) {
      outcomes[name] = errors ? errorCodes({ errors }) : 'message'
      break
    }
  } else {
    const data = await execute(document as TypedDocumentNode<Record<string, { __typename: string }>, unknown>, chosen)
    outcomes[name] = kind === 'mutation' ? Object.values(data)[0]?.__typename : 'data'
  }
}
await socket.dispose()

// A subscription survives an attempt without a token. After a reset, a renewal that had begun leaves no token.
let attempts = 0
const failingFirst = () => {
  attempts = 0
  return createTokenSource(async () => {
    attempts += 1
    if (attempts === 1) throw new Error('no token at the moment')
    return tokens.get()
  })
}
const request = { query: print(connectql.MerchantChangedDocument), variables: { by } }
const streams = createStreams(eventStreamOptions({ url, tokens: failingFirst() }))
for await (const _message of streams.iterate(request)) break
streams.dispose()
const failing = failingFirst()
const patient = createClient(socketOptions({ url: socketUrl, tokens: failing }))
for await (const _message of patient.iterate(request)) break
await patient.dispose()
failing.reset()
const late = failing.get()
failing.reset()
await late
const survived = [attempts, failing.peek() ?? null, failing.state().status]

// The page navigates to the link, or shows the refusal.
const visited: string[] = []
const navigate = (link: string) => visited.push(new URL(link).pathname.split('/')[1] ?? '')
const started = await startOnboarding(execute, { merchant, returnTo, navigate })
const refused = await startOnboarding(execute, { merchant, returnTo: 'https://elsewhere.example/', navigate })

// One renewal serves all callers; a refused token is replaced once, and a short token before it ends.
let fetched = 0
const counted = createTokenSource(async () => {
  fetched += 1
  return { token: `token-${fetched}`, expiresAt: Date.now() + 300 }
})
const parallel = await Promise.all([counted.get(), counted.get(), counted.get()])
counted.reject('token-1')
counted.reject('token-1')
const afterRefusal = await counted.get()
counted.reject('token-1')
const kept = await counted.get()
await new Promise((resolve) => setTimeout(resolve, 270))
const renewedEarly = await counted.get()

// A request whose token is refused is sent again with a new one. Requests and sockets name the app.
const second = refusedFirst()
const app = { name: 'portal', version: '3.1' }
const { connectionParams } = socketOptions({ url, tokens, app })
const named: unknown[] = [typeof connectionParams === 'function' && (await connectionParams())]
const spy: typeof fetch = (input, init) => {
  named.push(init?.headers)
  return fetch(input, init)
}
const { viewer } = await createExecute({ url, tokens: second.tokens, app, fetch: spy, print })(
  connectql.ViewerDocument,
  {},
)

const address = 'https://app.example/connect?tab=a%20b&onboarding=returned&merchant=shop-1&status=ACTIVE#top'
const money = (minorUnits: number, currency: string, exponent: number) =>
  formatMoney({ minorUnits, currency, exponent }, 'en-US').replace(/\u00a0/g, ' ')

report({
  outcomes,
  isPersisted: JSON.stringify(hashes.sort()) === JSON.stringify(Object.keys(persisted).sort()),
  started,
  visited,
  refused: refused && isRefusal(refused) && connectql.refusalText(refused),
  survived,
  tokens: [parallel, afterRefusal, kept, renewedEarly, counted.state().status, fetched],
  issued: issued(),
  renewed: [viewer.role, second.issued()],
  named: named.map((headers) => Object.values(headers as Record<string, string>).slice(0, 2)),
  returns: [
    readReturn(address),
    readReturn('https://app.example/?onboarding=expired'),
    readReturn('https://app.example/?dashboard=web_view&status=NEWER'),
    readReturn('https://app.example/?merchant=mine&status=open'),
    withoutReturn('https://app.example/a?status=ACTIVE&b=%2F'),
  ],
  money: [
    money(-123456, 'USD', 2),
    money(500, 'JPY', 0),
    money(100000, 'UGX', 2),
    money(12345, 'KWD', 3),
    money(9007199254740991, 'EUR', 2),
  ],
  typed: ['12.5', ' 1 ', '1,05', '1.005', '1e3', '-1', ''].map((text) => parseMinorUnits(text, 2)),
  statuses: merchantStatuses,
  words: [
    ['SUCCEEDED', 'PARTIAL', 'NONE'],
    ['SUCCEEDED', 'NONE', 'PREVENTED'],
    ['SUCCEEDED', 'FULL', 'WON'],
    ['OF_A_LATER_VERSION', 'NONE', 'NONE'],
  ].map(([state, refundState, disputeState]) => {
    const payment = { state, refundState, disputeState } as PaymentStates
    return paymentWords(payment).label
  }),
})
