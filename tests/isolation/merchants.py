"""Two onboarded merchants with unique data, and all references that one merchant could use for the other."""

import base64
import binascii
import json
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import stripe

from connect.merchants.rules.document import global_id
from models import (
    ConnectedAccount,
    DismissedProblem,
    FormerAccount,
    Merchant,
    Payment,
    PaymentEntry,
    PaymentObject,
    Payout,
    StripeEvent,
    TimelineEntry,
    WalletDomain,
    now,
)
from testing import confidential
from testing.operations import REPLACE, new_account
from testing.service import RETURN_TO, STRIPE_KEY, Service, eventually
from testing.state import read_tables
from testing.stored_payments import add_payment
from testing.stored_payouts import add_payout
from tests.isolation.values import Candidates, Value

# Each mark occurs only in the data of one merchant. TWIN replaces it in references to no merchant.
MARKS = {"alfa": "5d81c0a7", "kilo": "6e92d1b8"}
TWIN = "7fa3e2c9"
SCENARIOS = {"alfa": "fail_document", "kilo": "due_soon"}
LAST4 = {"alfa": "7301", "kilo": "7402"}
# The flat part of the platform's fee, in minor units.
FEES = {"alfa": 730158264, "kilo": 740269375}
STATUSES = {"alfa": "ACTION_REQUIRED", "kilo": "ACTIVE_DUE_SOON"}
KINDS = "Merchant", "ConnectedAccount", "StripeEvent", "Payment", "Refund", "Dispute", "Payout"
ORDERS = (
    *("CREATED_AT_DESC", "CREATED_AT_ASC", "DISPLAY_NAME_ASC", "NEXT_DEADLINE_ASC"),
    *("STATUS_ASC", "STATUS_SINCE_ASC", "STATUS_SINCE_DESC", "COUNTRY_ASC"),
)
LINK = """
mutation ($id: String!, $to: URL!) {
  createOnboardingLink(input: {merchant: {externalId: $id}, returnTo: $to}) {
    ... on CreateOnboardingLinkPayload { url }
  }
}
"""
FEE = """
mutation ($id: String!, $flat: MinorUnits!) {
  setFeePolicy(
    input: { merchant: { externalId: $id }, policy: [{ currency: "EUR", basisPoints: 0, flat: $flat }] }
  ) { ... on SetFeePolicyPayload { merchant { id } } }
}
"""
_PAGE = "%s: merchants(first: $first, orderBy: %s) { edges { cursor node { externalId } } }"
CURSORS = f"""
query ($first: Int!) {{
  {" ".join(_PAGE % (order, order) for order in ORDERS)}
  payments(first: $first) {{
    edges {{ cursor node {{ merchant {{ externalId }} timeline(first: 100) {{ edges {{ cursor }} }} }} }}
  }}
  disputes(first: $first) {{ edges {{ cursor node {{ merchant {{ externalId }} }} }} }}
  payouts(first: $first) {{
    edges {{ cursor node {{ merchant {{ externalId }} transactions(first: 1) {{ edges {{ cursor }} }} }} }}
  }}
  merchants(first: $first) {{
    edges {{ node {{ externalId timeline(first: 100) {{ edges {{ cursor }} }} }} }}
  }}
  platform {{
    events(first: 100) {{ edges {{ cursor node {{ merchant {{ externalId }} }} }} }}
    creations(first: 100) {{ edges {{ cursor node {{ merchant {{ externalId }} }} }} }}
  }}
}}
"""
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Stripe's ids, hashes and exact times, as the database stores them and as clients receive them.
_UNIQUE = re.compile(
    r"(?:acct|evt|person|req|alu|cs|pi|ch|re|du|fee|txn)_\w{8,}|[0-9a-f]{64}|"
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.\d{3}"
)


@dataclass(frozen=True)
class Link:
    """The address of an onboarding link, and the cookie in the browser of its merchant."""

    address: str
    cookie: tuple[str, str]


@dataclass(frozen=True)
class Party:
    """One of the two merchants: its references, and the data that the other merchant may not see."""

    external_id: str
    id: str
    email: str
    # These strings identify the merchant's rows and the calls about its account.
    keys: frozenset[str]
    marks: frozenset[str]
    # Services and operators see `shown`. Only operators see `shown_to_operators`.
    shown: frozenset[str]
    shown_to_operators: frozenset[str]
    link: Link
    name_values: tuple[Value, ...]
    id_values: tuple[Value, ...]

    def candidates_for(self, caller: "Party") -> Candidates:
        """Return the values with which the caller could refer to this merchant."""
        literals = [Value(text, text) for text in ("", "%", "x" * 5000)]
        plain: dict[str, list[Any]] = {
            "Int": [1, 100, 0],
            "Boolean": [True, False],
            "URL": [RETURN_TO, "https://evil.example/"],
            "CountryCode": ["US", "XX"],
            "CurrencyCode": ["USD", "XXX"],
            "Date": ["1985-03-24", "yesterday"],
            "DateTime": ["2026-01-01T00:00:00Z", "yesterday"],
            "MinorUnits": [1000, "x"],
        }
        return Candidates(
            {"ID": caller.id, "String": caller.email}
            | {scalar: values[0] for scalar, values in plain.items()},
            {"ID": [*self.id_values, *literals], "String": [*self.name_values, *literals]}
            | {scalar: [Value(value, value) for value in values] for scalar, values in plain.items()},
        )


async def create_parties(service: Service) -> tuple[Party, Party]:
    """Create two onboarded merchants with links, events, requirements and a long history.

    Returns after all asynchronous work on them has ended.
    """
    links = {name: await _onboard(service, name) for name in MARKS}
    for name, status in STATUSES.items():
        await eventually(lambda name=name, status=status: _is(name, status))  # type: ignore[misc]
    await eventually(_all_handled)
    service.simulator.control("deliveries", {"mode": "drop"})
    at = await now()
    for name, mark in MARKS.items():
        merchant = await Merchant.get(external_id=external_id(name))
        # The history is longer than one page, so later entries do not change the length of a page.
        await TimelineEntry.bulk_create(
            [
                TimelineEntry(
                    merchant_id=merchant.id,
                    kind="REFRESHED",
                    message=f"{name}-{mark} entry {number}",
                    actor=f"{name}-{mark} actor",
                    at=at,
                )
                for number in range(25)
            ]
        )
        await DismissedProblem.create(
            code="CREATIONS_REFUSED",
            subject=external_id(name),
            actor=f"{name}-{mark} operator",
            dismissed_at=at,
        )
        account = await ConnectedAccount.get(merchant_id=merchant.id)
        await WalletDomain.create(
            merchant_id=merchant.id,
            stripe_account_id=account.stripe_account_id,
            domain=f"{name}-{mark}.example",
            state="INACTIVE",
            apple_pay="inactive",
            error_message=f"{name}-{mark} reason",
            updated_at=at,
        )
        for kind, number in (("refunded", 1), ("disputed", 2)):
            payment = await add_payment(
                merchant,
                f"{name}-{mark}-order-{number}",
                kind,
                email=_payer(name),
                last4=LAST4[name],
            )
            await PaymentEntry.create(
                payment_id=payment.id,
                kind="CREATED",
                message=f"{name}-{mark} payment",
                actor=f"{name}-{mark} actor",
                at=at,
            )
        await add_payout(merchant, amount=FEES[name], last4=LAST4[name])
    written = await read_tables()
    cursors = await service.graphql(CURSORS, {"first": 100})
    alfa, kilo = [await _party(name, links[name], cursors, written) for name in MARKS]
    assert not alfa.marks & kilo.marks
    return alfa, kilo


def _payer(name: str) -> str:
    return f"{name}-{MARKS[name]}-payer@shop.example"


def external_id(name: str) -> str:
    return f"{name}-{MARKS[name]}-id"


async def _onboard(service: Service, name: str) -> Link:
    mark = MARKS[name]
    payload = await service.create(
        external_id(name),
        displayName=f"{name}-{mark} Shop",
        contactEmail=f"{name}-{mark}@shop.example",
        doingBusinessAs=f"{name}-{mark} Trading",
        support={"email": f"{name}-{mark}-help@shop.example"},
    )
    await service.graphql(FEE, {"id": external_id(name), "flat": FEES[name]})
    former = payload["merchant"]["account"]["stripeAccountId"]
    account = await _replace(service, name, former)
    # The requirement of the scenario is about this person.
    person = {"given_name": "Ada", "surname": f"{name}-{mark}"}
    service.simulator.client.post(
        f"/v2/core/accounts/{account}",
        json={"identity": {"entity_type": "company", "individual": person}},
        headers={"Authorization": f"Bearer {STRIPE_KEY}", "Stripe-Version": stripe.api_version},
    ).raise_for_status()
    answer = await service.post(
        LINK, {"id": external_id(name), "to": RETURN_TO}, role="merchant", merchant=external_id(name)
    )
    url = answer.json()["data"]["createOnboardingLink"]["url"]
    service.http.cookies.clear()
    key, _, value = answer.headers["set-cookie"].partition(";")[0].partition("=")
    # If a browser opens a link again, Stripe redirects the browser to the refresh address.
    async with httpx.AsyncClient(trust_env=False, verify=False) as browser:
        await browser.get(url)
        again = (await browser.get(url)).headers["location"]
        service.simulator.control(f"accounts/{account}", {"scenario": SCENARIOS[name]})
        address = confidential.keep("link's address", parse_qs(urlsplit(again).query)["link"][0])
        back = await browser.get(f"{service.url}/onboarding/return?link={address}", cookies=None)
        assert back.status_code == 302
    return Link(address, (key, value))


async def _replace(service: Service, name: str, former: str) -> str:
    """Replace the account, so that the merchant has a former account. Returns the id of the new account."""
    mark = MARKS[name]
    details = {"displayName": f"{name}-{mark} Shop", "contactEmail": f"{name}-{mark}@shop.example"}
    values = new_account(external_id(name), former, **details, country="US")
    answer = (await service.graphql(REPLACE, {"input": values}))["replaceAccount"]
    return str(answer["merchant"]["account"]["stripeAccountId"])


async def _is(name: str, status: str) -> bool:
    return (await Merchant.get(external_id=external_id(name))).status == status


async def _all_handled() -> bool:
    return not await StripeEvent.filter(state="PENDING").exists()


async def _party(name: str, link: Link, cursors: dict[str, Any], written: dict[str, list[str]]) -> Party:
    merchant = await Merchant.get(external_id=external_id(name))
    account = await ConnectedAccount.get(merchant_id=merchant.id)
    former = (await FormerAccount.get(merchant_id=merchant.id)).stripe_account_id
    event = await StripeEvent.filter(merchant_id=merchant.id).latest("id")
    assert event is not None
    entry = await TimelineEntry.filter(merchant_id=merchant.id).latest("id")
    assert entry is not None
    payments = await Payment.filter(merchant_id=merchant.id).order_by("external_id")
    refund = await PaymentObject.get(payment_id=payments[0].id, kind="refund")
    dispute = await PaymentObject.get(payment_id=payments[1].id, kind="dispute")
    keys = {str(merchant.id), str(account.id), account.stripe_account_id, former, f"{name}-{MARKS[name]}"}
    payout = await Payout.get(merchant_id=merchant.id)
    keys |= {str(payout.id), *(str(payment.id) for payment in payments)}
    ids = [
        global_id("Merchant", merchant.id),
        global_id("ConnectedAccount", account.id),
        global_id("StripeEvent", event.id),
        str(entry.id),
        str(merchant.id),
        merchant.external_id,
        account.stripe_account_id,
    ]
    of_payments = [
        global_id("Payment", payments[0].id),
        global_id("Refund", refund.id),
        global_id("Dispute", dispute.id),
        global_id("Payout", payout.id),
    ]
    orders = [payments[0].external_id or "", f"pi_{payments[0].id.hex}", refund.stripe_object_id]
    orders += [dispute.stripe_object_id, payout.stripe_payout_id]
    listed = list(_cursors(merchant.external_id, cursors))
    names = [
        merchant.external_id,
        account.stripe_account_id,
        former,
        merchant.display_name,
        merchant.contact_email.upper(),
        merchant.contact_email[:-8],
        event.stripe_event_id,
        ids[0],
    ]
    own = [row for table in written.values() for row in table if belongs(row, keys)]
    marks = {*keys, *ids, *of_payments, *orders, *listed, *link.cookie, link.address, str(FEES[name])}
    for row in own:
        result = _UUID.findall(row)
        marks |= {*result, *_UNIQUE.findall(row)}
        marks |= {global_id(kind, uuid.UUID(key)) for kind in KINDS for key in result}
    others = "\n".join(row for table in written.values() for row in table if not belongs(row, keys))
    return Party(
        merchant.external_id,
        ids[0],
        merchant.contact_email,
        frozenset(keys),
        frozenset(mark for mark in marks if mark not in others),
        frozenset(
            {
                *(*ids[:2], ids[3], *ids[5:], merchant.display_name, merchant.contact_email, *listed[:-3]),
                f"Ada {name}-{MARKS[name]}",
                former,
                f"{name}-{MARKS[name]}.example",
                *(*of_payments, *orders, LAST4[name], str(FEES[name])),
            }
        ),
        frozenset({ids[2], event.stripe_event_id, *listed[-2:], f"{name}-{MARKS[name]} operator"}),
        link,
        (
            *(Value(text, twin(text)) for text in (*names, *orders)),
            *(Value(text, twin(text), depends_on_order=True) for text in listed),
        ),
        tuple(Value(text, twin(text)) for text in (*ids, *of_payments)),
    )


def belongs(row: str, keys: Iterable[str]) -> bool:
    """Tell whether a row (as text) belongs to the merchant with these keys."""
    return any(key in row for key in keys)


def _cursors(owner: str, pages: dict[str, Any]) -> Iterable[str]:
    """Yield the cursors in these pages for operators that refer to the merchant `owner` or to its objects."""
    payment = next(
        edge for edge in pages["payments"]["edges"] if edge["node"]["merchant"]["externalId"] == owner
    )
    yield payment["cursor"]
    yield payment["node"]["timeline"]["edges"][0]["cursor"]
    for edge in pages["disputes"]["edges"]:
        if edge["node"]["merchant"]["externalId"] == owner:
            yield edge["cursor"]
    for edge in pages["payouts"]["edges"]:
        if edge["node"]["merchant"]["externalId"] == owner:
            yield edge["cursor"]
            yield edge["node"]["transactions"]["edges"][0]["cursor"]
    for order in ORDERS:
        for edge in pages[order]["edges"]:
            if edge["node"]["externalId"] == owner:
                yield edge["cursor"]
    for edge in pages["merchants"]["edges"]:
        if edge["node"]["externalId"] == owner:
            timeline = edge["node"]["timeline"]["edges"]
            yield from (timeline[place]["cursor"] for place in (0, -1))
    for page in pages["platform"].values():
        edges = [edge for edge in page["edges"] if edge["node"]["merchant"]["externalId"] == owner]
        yield edges[0]["cursor"]


def twin(text: str) -> str:
    """Return a value of the same kind, length and sort position that refers to no merchant."""
    try:
        inside = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True).decode()
    except (ValueError, binascii.Error):
        inside = ""
    if inside.startswith(("[", *(f"{kind}:" for kind in KINDS))):
        if inside.startswith("["):
            assert all(isinstance(part, str) for part in json.loads(inside))
        return base64.urlsafe_b64encode(twin(inside).encode()).decode().rstrip("=")
    # Change only the last 48 bits of an id, which are random. The first bits contain the time, by which
    # rows are sorted.
    result = _UUID.sub(lambda key: str(uuid.UUID(int=uuid.UUID(key[0]).int ^ ((1 << 48) - 1))), text)
    for mark in MARKS.values():
        result = re.sub(mark, TWIN, result, flags=re.IGNORECASE)
    result = re.sub(
        r"\b(acct|evt|pi|po|re|du)_(\w+)", lambda key: f"{key[1]}_{key[2].swapcase()[::-1]}", result
    )
    assert len(result) == len(text)
    assert result != text
    return result
