"""The merchants of a run. Each has identifiers and marks. A mark is text that no other merchant may read."""

import asyncio
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import httpx
import stripe

from connect.merchants.rules.document import global_id
from connect.scope import Role
from models import Merchant, PaymentObject, database
from testing import existing_accounts, portable
from testing.account_tokens import account_token
from testing.deployment import Deployment
from testing.environment import ORIGIN, STRIPE_KEY
from testing.faults import REFUSED
from testing.operations import START_SERVICE, new_account, new_merchant
from testing.stored_payments import add_payment
from testing.stored_payouts import add_payout
from testing.subscriptions import make_price, submit
from testing.waits import until

# The account of this merchant is disconnected, so the platform has a problem to report.
GONE = "zeta"
# The scenarios that the accounts play at Stripe. Accounts without a scenario stay new. Stripe asks
# alpha, beta and epsilon for the identity document of a person.
SCENARIOS = {
    "alpha": "due_soon",
    "beta": "fail_document",
    "delta": "activate",
    "epsilon": "owner_document",
    GONE: "deauthorize",
}
# The keys of payments' identifiers in `MerchantData.identifiers`.
ORDER_IDS = "refundedOrder", "disputedOrder"
INTENT_IDS = "refundedIntentId", "disputedIntentId"
# The ids of the refund and the dispute at Stripe.
PART_IDS = "refundedPart", "disputedPart"
PAYMENT_IDS = "refundedPaymentId", "refundedPartId", "disputedPaymentId", "disputedPartId"
# Callers. Alpha and beta are merchants. The tokens of `anonymous` are missing or invalid.
ROLES = "operator", "service", "alpha", "beta", "anonymous"
MARKED = "alpha", "beta"

_CREATE = """
mutation ($input: CreateMerchantInput!) {
  createMerchant(input: $input) { ... on CreateMerchantPayload { merchant {
    id externalId account { id stripeAccountId } timeline { edges { cursor node { id } } }
  } } }
}
"""
_REPLACE = """
mutation ($input: ReplaceAccountInput!) {
  replaceAccount(input: $input) { ... on ReplaceAccountPayload { merchant { account { stripeAccountId } } } }
}
"""
_LINK = """
mutation ($input: CreateOnboardingLinkInput!) {
  createOnboardingLink(input: $input) { ... on CreateOnboardingLinkPayload { url } }
}
"""
_FEE = """
mutation ($ref: MerchantRef!, $flat: MinorUnits!) {
  setFeePolicy(input: { merchant: $ref, policy: [{ currency: "EUR", basisPoints: 0, flat: $flat }] }) {
    ... on SetFeePolicyPayload { merchant { id } }
  }
}
"""
_REFRESH = """
mutation ($ref: MerchantRef!) { refreshMerchant(input: {merchant: $ref}) { __typename } }
"""
_DISMISS = """
mutation ($subject: String!) {
  dismissProblem(input: {code: CREATIONS_REFUSED, subject: $subject}) { __typename }
}
"""
_SERVICE = """
query ($ref: MerchantRef!) { merchant(by: $ref) { service { stripeSubscriptionId } } }
"""
_CURSORS = """
{ a: merchants(first: 3) { edges { cursor } }
  b: merchants(first: 3, orderBy: CREATED_AT_ASC) { edges { cursor } }
  c: merchants(first: 3, orderBy: DISPLAY_NAME_ASC) { edges { cursor } }
  d: merchants(first: 3, orderBy: NEXT_DEADLINE_ASC) { edges { cursor } }
  e: payments(first: 5) { edges { cursor } }
  f: payments(first: 5, orderBy: CREATED_AT_ASC) { edges { cursor } }
  g: disputes(first: 5) { edges { cursor } }
  h: payouts(first: 5) { edges { cursor } }
  platform { events(first: 5) { edges { cursor node { id } } } creations(first: 3) { edges { cursor } } } }
"""


@dataclass(frozen=True)
class MerchantData:
    """The identifiers of a merchant and its payments, and marks that no other merchant may read."""

    identifiers: dict[str, str]
    marks: Sequence[str]


@dataclass(frozen=True)
class Link:
    """An onboarding link of a merchant: the token in its URL, and its cookie."""

    merchant: str
    token: str
    cookie: str


@dataclass(frozen=True)
class World:
    """Values for requests, and secrets that no answer may contain."""

    host: str
    tokens: Mapping[str, Sequence[str]]
    merchants: Mapping[str, MerchantData]
    cursors: Sequence[str]
    events: Sequence[str]
    links: Sequence["Link"]
    signing_secret: str
    secrets: Sequence[str]
    # Account tokens that Stripe accepts once, and the external ids of refused creations.
    account_tokens: Sequence[str] = ()
    refused: Sequence[str] = ()
    # Accounts at Stripe that a request may adopt.
    existing: Sequence[str] = ()
    # A price of the platform's own product.
    price: str = ""

    def identifiers(self, *names: str, for_mutation: bool) -> list[str]:
        """Values for an argument. Mutations get no values of marked merchants, so that their marks stay."""
        return [
            merchant.identifiers[name]
            for key, merchant in self.merchants.items()
            for name in names
            if not (for_mutation and key in MARKED)
        ]

    def foreign(self, role: str) -> list[str]:
        """Text that this caller must never read."""
        if role not in (*MARKED, "anonymous"):
            return []
        operators = [] if role == "anonymous" else [_subject("operator"), _subject("service")]
        return operators + [mark for key in MARKED if key != role for mark in self.merchants[key].marks]

    def foreign_identifiers(self, role: str) -> list[str]:
        """Identifiers that an answer may contain only if the caller sent them."""
        if role not in (*MARKED, "anonymous"):
            return []
        return [
            identifier
            for key, merchant in self.merchants.items()
            if key != role
            for identifier in merchant.identifiers.values()
        ]


def make(deployment: Deployment) -> World:
    """Create the merchants and collect their identifiers."""
    replica = deployment.replicas[0]

    def token(role: Role, subject: str, merchant: str | None = None, seconds: int = 12 * 3600) -> str:
        return "Bearer " + deployment.token(role, merchant, subject=subject, lifetime_seconds=seconds)

    operator = token(Role.OPERATOR, _subject("operator"))
    with httpx.Client(base_url=replica.url, trust_env=False, timeout=30) as http:

        def ask(query: str, variables: object = None) -> httpx.Response:
            body = {"query": query, "variables": variables}
            return http.post("/graphql", json=body, headers={"Authorization": operator})

        cursors: list[str] = []
        merchants = {}
        for name in (*MARKED, "gamma", "delta", "epsilon", GONE):
            mark = f"mark{uuid.uuid4().hex[:12]}"
            input_ = new_merchant(
                f"shop-{name}-{uuid.uuid4().hex[:8]}",
                displayName=f"{mark} Shop",
                contactEmail=f"{mark}@shop.example",
                productDescription=f"{mark} is sold here",
            )
            merchant = ask(_CREATE, {"input": input_}).json()["data"]["createMerchant"]["merchant"]
            cursors += [edge["cursor"] for edge in merchant["timeline"]["edges"]]
            former = merchant["account"]["stripeAccountId"]
            details = {field: input_[field] for field in ("displayName", "contactEmail")}
            values = new_account(merchant["externalId"], former, **details, country="US")
            replaced = ask(_REPLACE, {"input": values}).json()["data"]["replaceAccount"]
            identifiers = {
                "id": merchant["id"],
                "externalId": merchant["externalId"],
                "stripeAccountId": replaced["merchant"]["account"]["stripeAccountId"],
                "formerAccountId": former,
                "accountId": merchant["account"]["id"],
            }
            flat = int(mark[4:], 16) % 10**11 + 10**11
            fee = {"ref": {"externalId": merchant["externalId"]}, "flat": flat}
            ask(_FEE, fee).json()["data"]["setFeePolicy"]["merchant"]
            merchants[name] = MerchantData(identifiers, [mark, str(flat)])
        asyncio.run(_store_payments(deployment.database_url, list(merchants.values())))
        for name, scenario in SCENARIOS.items():
            merchant_ids = merchants[name].identifiers
            path = f"accounts/{merchant_ids['stripeAccountId']}"
            if name in MARKED:  # the scenario's requirement concerns this person
                person = {"given_name": "Ada", "surname": merchants[name].marks[0]}
                _update(deployment, path, {"identity": {"entity_type": "company", "individual": person}})
            deployment.simulator.control(path, {"scenario": scenario})
            ask(_REFRESH, {"ref": {"externalId": merchant_ids["externalId"]}})
        price = make_price(deployment.simulator)
        for name in MARKED:
            _subscribe(ask, merchants[name].identifiers, price)
        refused = [f"refused-{uuid.uuid4().hex[:8]}" for _ in range(3)]
        fault = {"path": "/v2/core/accounts", "method": "POST", **REFUSED, "times": len(refused)}
        deployment.simulator.control("faults", fault)
        for external_id in refused:
            ask(_CREATE, {"input": new_merchant(external_id)})
        ask(_DISMISS, {"subject": refused[0]})
        links = []
        for name in MARKED:
            ref = {"externalId": merchants[name].identifiers["externalId"]}
            answer = ask(_LINK, {"input": {"merchant": ref, "returnTo": f"{ORIGIN}/back"}})
            url = answer.json()["data"]["createOnboardingLink"]["url"]
            httpx.get(url, trust_env=False)
            # A used link redirects to its refresh URL, which contains the token.
            link_token = httpx.get(url, trust_env=False).headers["location"].partition("link=")[2]
            links.append(Link(name, link_token, answer.headers["set-cookie"].split(";")[0]))
        edges = ask(_CURSORS).json()["data"]
        events = edges.pop("platform")
        for connection in (*edges.values(), *events.values()):
            cursors += [edge["cursor"] for edge in connection["edges"]]
    merchant_tokens = {
        name: token(Role.MERCHANT, f"subject-{name}", merchants[name].identifiers["externalId"])
        for name in MARKED
    }
    tokens = {
        "operator": [operator],
        "service": [token(Role.SERVICE, _subject("service"))],
        **{name: [value] for name, value in merchant_tokens.items()},
        "anonymous": [
            *_invalid_tokens(operator, merchant_tokens["alpha"]),
            token(Role.OPERATOR, "late", seconds=-3600),
        ],
    }
    return World(
        host=replica.url.removeprefix("http://"),
        tokens=tokens,
        merchants=merchants,
        cursors=cursors,
        events=[edge["node"]["id"] for edge in events["events"]["edges"]],
        links=links,
        signing_secret=deployment.signing_secret,
        secrets=[deployment.signing_secret, str(replica.folder)],
        account_tokens=[account_token(deployment.simulator) for _ in range(20)],
        refused=refused,
        existing=[existing_accounts.create(deployment.simulator) for _ in range(20)],
        price=price,
    )


async def _store_payments(database_url: str, merchants: Sequence[MerchantData]) -> None:
    """For each merchant, store a refunded payment, a disputed payment and a failed payout.

    The external ids of the payments and the e-mail addresses of their payers contain the merchant's first
    mark. The payout's amount is the second mark.
    """
    await database.connect(database_url, profile=portable.profile(database_url))
    try:
        for data in merchants:
            merchant = await Merchant.get(external_id=data.identifiers["externalId"])
            for kind, part in (("refunded", "Refund"), ("disputed", "Dispute")):
                order = f"order-{data.marks[0]}-{kind}"
                payment = await add_payment(merchant, order, kind, email=f"{data.marks[0]}@payers.example")
                stored = await PaymentObject.get(payment_id=payment.id, kind=part.lower())
                data.identifiers.update(
                    {
                        f"{kind}Order": order,
                        f"{kind}PaymentId": global_id("Payment", payment.id),
                        f"{kind}IntentId": payment.stripe_payment_intent_id or "",
                        f"{kind}PartId": global_id(part, stored.id),
                        f"{kind}Part": stored.stripe_object_id,
                    }
                )
            payout = await add_payout(merchant, "failed", amount=int(data.marks[1]))
            data.identifiers.update(
                {"payoutId": global_id("Payout", payout.id), "stripePayoutId": payout.stripe_payout_id}
            )
    finally:
        await database.close()


def _invalid_tokens(operator: str, merchant: str) -> list[str]:
    """Authorization headers without a token, or with a token whose signature is missing or wrong."""
    header, payload, signature = operator.removeprefix("Bearer ").split(".")
    other = merchant.removeprefix("Bearer ").split(".")
    return [
        "",
        "Bearer",
        "Bearer null",
        "Basic b3BlcmF0b3I6",
        f"Bearer {header}.{payload}.",
        f"Bearer {other[0]}.{payload}.{other[2]}",
        f"Bearer eyJhbGciOiJub25lIn0.{payload}.",
        f"Bearer eyJhbGciOiJIUzI1NiJ9.{payload}.{signature}",
        f"Bearer {'A' * 9000}",
    ]


def _subscribe(ask: Callable[..., httpx.Response], identifiers: dict[str, str], price: str) -> None:
    """Subscribe a merchant to the platform's product, and add the id of the subscription to `identifiers`."""
    ref = {"externalId": identifiers["externalId"]}
    addresses = {"successUrl": f"{ORIGIN}/done", "cancelUrl": f"{ORIGIN}/plans"}
    answer = ask(START_SERVICE, {"input": {"merchant": ref, "price": price, **addresses}})
    submit(answer.json()["data"]["startService"]["url"])
    found = until(lambda: ask(_SERVICE, {"ref": ref}).json()["data"]["merchant"]["service"], 30)
    identifiers["subscriptionId"] = found["stripeSubscriptionId"]


def _update(deployment: Deployment, path: str, body: object) -> None:
    """Change an account at Stripe."""
    headers = {"Authorization": f"Bearer {STRIPE_KEY}", "Stripe-Version": stripe.api_version}
    answer = deployment.simulator.client.post(f"/v2/core/{path}", json=body, headers=headers)
    answer.raise_for_status()


def _subject(role: str) -> str:
    return f"subject-of-the-{role}"
