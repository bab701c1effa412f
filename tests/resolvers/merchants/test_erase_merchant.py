"""eraseMerchant removes the data of a merchant for good, and keeps the amounts."""

import json
from typing import Any

import pytest

from connect.merchants import erasure
from connect.payments import calls
from connect.payments.rules.snapshot import hash_email
from connect.stripe_api.gateway import Gateway
from models import (
    ConnectedAccount,
    Merchant,
    OnboardingLink,
    Payment,
    PaymentEntry,
    Service,
    StripeEvent,
    TimelineEntry,
)
from testing.faults import clear_faults, inject_fault
from testing.payments import INTENT
from testing.service import STRIPE_KEY, eventually
from testing.service import Service as Running
from testing.state import read_tables
from testing.subscribers import socket

ERASE = """
mutation ($id: String!, $confirm: String!) {
  eraseMerchant(input: {merchant: {externalId: $id}, confirmExternalId: $confirm}) {
    __typename
    ... on EraseMerchantPayload { erased merchant { externalId status erasedAt displayName summary } }
    ... on Error { message }
    ... on InvalidInputError { fields { name code } }
    ... on MerchantNotErasableError { obstacles }
  }
}
"""
LIST = """
query ($filter: MerchantFilter) {
  merchants(filter: $filter) { totalCount edges { node { externalId } } }
  platform { statusCounts { status count } }
}
"""
REPLAY = "mutation ($event: ID!) { replayEvent(input: {event: $event}) { __typename } }"
LOG = """
{ platform { auditLog(filter: {action: "eraseMerchant"}) { edges { node { outcome subject actor role } } } } }
"""
NAME, EMAIL, PAYER, ORDER = "Jenny Rosen Hats", "jenny@hats.example", "bob@payer.example", "A hat for Bob"
MARKS = (NAME, "Rosen", EMAIL, hash_email(PAYER), ORDER)


async def erase(service: Running, external_id: str = "shop-1", confirm: str = "shop-1") -> dict[str, Any]:
    answer = await service.graphql(ERASE, {"id": external_id, "confirm": confirm})
    result: dict[str, Any] = answer["eraseMerchant"]
    return result


async def listed(service: Running, **criteria: Any) -> tuple[int, list[str]]:
    page = (await service.graphql(LIST, {"filter": criteria or None}))["merchants"]
    return page["totalCount"], [edge["node"]["externalId"] for edge in page["edges"]]


async def status_of(external_id: str, status: str) -> bool:
    return await Merchant.exists(external_id=external_id, status=status)


async def has_been_erased() -> bool:
    """Whether a worker has erased the data in all rows. The worker will search the rows again later."""
    row = await Merchant.get(external_id="shop-1")
    return row.erased_at is not None and row.erasure_due_at == row.erased_at + erasure.SETTLED


async def marks() -> list[str]:
    """The merchant's marks in the rows of `read_tables`, which omits some tables, such as the audit log."""
    text = json.dumps(await read_tables(), ensure_ascii=False)
    return [mark for mark in MARKS if mark in text]


async def prepare(service: Running) -> str:
    """Create two merchants. The first one has personal data and a payment. Returns its account."""
    created = await service.create("shop-1", displayName=NAME, contactEmail=EMAIL)
    await service.create("shop-2")
    account = created["merchant"]["account"]["stripeAccountId"]
    service.simulator.control(f"accounts/{account}", {"scenario": "activate"})
    await eventually(lambda: status_of("shop-1", "ACTIVE"))
    gateway = Gateway(STRIPE_KEY, service.simulator.base_url)
    order = {name: value for name, value in INTENT.items() if name != "application_fee_amount"}
    order |= {"description": ORDER, "receipt_email": PAYER}
    await calls.create_intent(gateway, account, order, "order-1")
    await gateway.close()
    await eventually(lambda: Payment.exists(state="SUCCEEDED", complete_at=None))
    merchant = await Merchant.get(external_id="shop-1")
    await OnboardingLink.create(
        merchant_id=merchant.id,
        address_hash="a",
        browser_hash="b",
        return_to=f"https://app.example/{EMAIL}",
        collect="",
        created_at=merchant.created_at,
    )
    assert await marks() == list(MARKS)
    return str(account)


async def refuse(service: Running, account: str) -> None:
    """Check that obstacles, a wrong confirmation and other roles prevent the erasure.

    At the end, no obstacle is left.
    """
    merchant = await Merchant.get(external_id="shop-1")
    wrong = await erase(service, confirm="shop-2")
    assert wrong["fields"] == [{"name": "confirmExternalId", "code": "CONTRADICTION"}]
    assert (await erase(service))["obstacles"] == ["ACCOUNT_OPEN"]
    service.simulator.control(f"accounts/{account}", {"scenario": "deauthorize"})
    await eventually(lambda: status_of("shop-1", "DISCONNECTED"))
    row = await Service.create(merchant_id=merchant.id, stripe_account_id=account, is_open=True)
    assert (await erase(service))["obstacles"] == ["SERVICE_RUNNING"]
    await row.delete()
    # Make the account closed instead of disconnected. The open disputes and pending refunds of a disconnected
    # account are no obstacle, because Stripe shows no more changes of such an account.
    await Payment.all().update(dispute_state="NEEDS_RESPONSE", refund_state="PENDING")
    await ConnectedAccount.filter(merchant_id=merchant.id).update(disconnected_at=None, closed=True)
    assert (await erase(service))["obstacles"] == ["DISPUTES_OPEN", "REFUNDS_PENDING"]
    await Payment.all().update(dispute_state="NONE", refund_state="NONE")
    for role, of in (("service", None), ("merchant", "shop-1")):
        variables = {"id": "shop-1", "confirm": "shop-1"}
        forbidden = await service.error(ERASE, variables, role=role, merchant=of)
        assert forbidden[0] == "FORBIDDEN"
    assert await marks() == list(MARKS)


async def test_the_erasure_removes_the_data_for_good_and_keeps_the_amounts(service: Running) -> None:
    account = await prepare(service)
    before = json.loads((await Payment.get()).document)
    await refuse(service, account)
    async with socket(service, token=service.token()) as client:
        await client.subscribe('subscription { merchantChanged(by: {externalId: "shop-1"}) { status } }')
        await client.data()
        erased = await erase(service)
        assert erased["merchant"].pop("erasedAt")
        assert erased == {
            "__typename": "EraseMerchantPayload",
            "erased": True,
            "merchant": {
                "externalId": "shop-1",
                "status": "ERASED",
                "displayName": "Erased merchant",
                "summary": "The data of this merchant was erased.",
            },
        }
        assert await client.data() == {"merchantChanged": {"status": "ERASED"}}
    assert (await erase(service))["erased"] is False
    await eventually(has_been_erased)
    assert await marks() == []
    after = json.loads((await Payment.get()).document)
    amounts = ("id", "amount", "amountReceived", "net", "stripePaymentIntentId", "createdAt")
    assert {name: after[name] for name in amounts} == {name: before[name] for name in amounts}
    assert await PaymentEntry.all().count() == 0
    assert await TimelineEntry.filter(merchant__external_id="shop-1").count() == 0

    # Neither events nor other calls bring the data back.
    for edge in (await service.graphql(EVENTS))["platform"]["events"]["edges"]:
        await service.graphql(REPLAY, {"event": edge["node"]["id"]})
    await eventually(no_event_waits)
    for query in (REFRESH, CREATE_AGAIN):
        result = next(iter((await service.graphql(query)).values()))
        assert result["__typename"] in {"MerchantNotReadyError", "ExternalIdTakenError"}
        assert result["message"].startswith("The data of this merchant was erased.")
    assert await marks() == []

    assert await listed(service) == (1, ["shop-2"])
    assert await listed(service, status=["ERASED"]) == (1, ["shop-1"])
    counts = (await service.graphql(LIST))["platform"]["statusCounts"]
    assert counts == [{"status": "ONBOARDING", "count": 1}]
    log = [edge["node"] for edge in (await service.graphql(LOG))["platform"]["auditLog"]["edges"]]
    assert [entry["outcome"] for entry in log] == [
        *("OK", "OK", "FORBIDDEN", "FORBIDDEN", "MerchantNotErasableError", "MerchantNotErasableError"),
        *("MerchantNotErasableError", "InvalidInputError"),
    ]
    assert {entry["subject"] for entry in log[:2]} == {before["merchantId"]}


async def no_event_waits() -> bool:
    return not await StripeEvent.exists(state="PENDING")


EVENTS = "{ platform { events(first: 100) { edges { node { id } } } } }"
REFRESH = """
mutation { refreshMerchant(input: {merchant: {externalId: "shop-1"}}) {
  __typename ... on Error { message }
} }
"""
CREATE_AGAIN = """
mutation {
  createMerchant(input: {
    externalId: "shop-1", displayName: "Jenny Rosen Hats", contactEmail: "jenny@hats.example", country: "US"
  }) { __typename ... on Error { message } }
}
"""


@pytest.mark.one_database
async def test_the_obstacle_of_a_merchant_without_an_account_is_its_pending_creation(idle: Running) -> None:
    """closeMerchant refuses such a merchant, so ACCOUNT_OPEN would name an impossible remedy."""
    inject_fault(idle, "/v2/core/accounts", {"times": 1, "status": 200, "body": []})
    assert (await idle.create("shop-1"))["merchant"]["status"] == "CREATING"
    refused = await erase(idle)
    assert (refused["__typename"], refused["obstacles"]) == ("MerchantNotErasableError", ["REQUESTS_PENDING"])
    clear_faults(idle)
    assert (await idle.create("shop-1"))["merchant"]["status"] == "ONBOARDING"
    assert (await erase(idle))["obstacles"] == ["ACCOUNT_OPEN"]
