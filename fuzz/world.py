"""The merchants of a run, with their identifiers, and with marks that other callers must never read."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx

from connect.scope import Role
from testing.deployment import Deployment
from testing.environment import ORIGIN
from testing.operations import new_merchant

# This merchant disconnects its account, which is a problem of the platform.
GONE = "zeta"
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
_LINK = """
mutation ($input: CreateOnboardingLinkInput!) {
  createOnboardingLink(input: $input) { ... on CreateOnboardingLinkPayload { url } }
}
"""
_CURSORS = """
{ a: merchants(first: 3) { edges { cursor } }
  b: merchants(first: 3, orderBy: CREATED_AT_ASC) { edges { cursor } }
  c: merchants(first: 3, orderBy: DISPLAY_NAME_ASC) { edges { cursor } }
  d: merchants(first: 3, orderBy: NEXT_DEADLINE_ASC) { edges { cursor } }
  platform { events(first: 5) { edges { cursor node { id } } } creations(first: 3) { edges { cursor } } } }
"""


@dataclass(frozen=True)
class MerchantData:
    """A merchant's identifiers by argument name, and marks in fields that only this merchant may read."""

    identifiers: Mapping[str, str]
    marks: Sequence[str]


@dataclass(frozen=True)
class Link:
    """An onboarding link of a merchant, with the token in its URL and its cookie."""

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

    def identifiers(self, name: str, *, for_mutation: bool) -> list[str]:
        """Values for an argument. Mutations leave marked merchants unchanged."""
        return [
            merchant.identifiers[name]
            for key, merchant in self.merchants.items()
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
            identifiers = {
                "id": merchant["id"],
                "externalId": merchant["externalId"],
                "stripeAccountId": merchant["account"]["stripeAccountId"],
                "accountId": merchant["account"]["id"],
            }
            merchants[name] = MerchantData(identifiers, [mark])
        account = merchants[GONE].identifiers["stripeAccountId"]
        deployment.simulator.control(f"accounts/{account}", {"scenario": "deauthorize"})
        links = []
        for name in MARKED:
            ref = {"externalId": merchants[name].identifiers["externalId"]}
            answer = ask(_LINK, {"input": {"merchant": ref, "returnTo": f"{ORIGIN}/back"}})
            url = answer.json()["data"]["createOnboardingLink"]["url"]
            httpx.get(url, trust_env=False)
            # A used link redirects to its refresh URL, which holds the token.
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
    header, payload, signature = operator.removeprefix("Bearer ").split(".")
    other = merchant_tokens["alpha"].removeprefix("Bearer ").split(".")
    invalid = [
        "",
        "Bearer",
        "Bearer null",
        "Basic b3BlcmF0b3I6",
        f"Bearer {header}.{payload}.",
        f"Bearer {other[0]}.{payload}.{other[2]}",
        f"Bearer eyJhbGciOiJub25lIn0.{payload}.",
        f"Bearer eyJhbGciOiJIUzI1NiJ9.{payload}.{signature}",
        f"Bearer {'A' * 9000}",
        token(Role.OPERATOR, "late", seconds=-3600),
    ]
    tokens = {
        "operator": [operator],
        "service": [token(Role.SERVICE, _subject("service"))],
        **{name: [value] for name, value in merchant_tokens.items()},
        "anonymous": invalid,
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
    )


def _subject(role: str) -> str:
    return f"subject-of-the-{role}"
