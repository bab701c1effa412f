"""adoptMerchant turns an account that the platform has into one merchant, or explains why it cannot."""

import asyncio
from typing import Any

import pytest

from connect.events.inbox import FOREIGN
from models import AccountCreation, ConnectedAccount, Merchant, StripeEvent
from testing import existing_accounts
from testing.faults import UNAVAILABLE, clear_faults, drop_deliveries, inject_fault
from testing.service import Service, eventually
from testing.state import read_tables

ADOPT = """
mutation ($input: AdoptMerchantInput!) {
  adoptMerchant(input: $input) {
    __typename
    ... on AdoptMerchantPayload {
      created isAdoptable findings { code severity }
      merchant { id externalId displayName contactEmail country status account { stripeAccountId } }
    }
    ... on Error { message }
    ... on AccountNotAdoptableError { stripeAccountId findings { code severity message remedy } }
    ... on AccountNotFetchedError { retryAfterSeconds }
    ... on ExternalIdTakenError { externalId }
    ... on InvalidInputError { fields { name code } }
    ... on StripeRefusedError { code remedy }
  }
}
"""
HISTORY = "timeline { edges { node { kind message actor } } } freshness { source }"
RECIPIENT = {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}}


def parties(fees: str, losses: str) -> dict[str, Any]:
    return {"defaults": {"responsibilities": {"fees_collector": fees, "losses_collector": losses}}}


async def adopt(
    service: Service, account: str, external_id: str = "shop-1", *, role: str = "operator", **more: Any
) -> dict[str, Any]:
    new = {"externalId": external_id, "stripeAccountId": account, **more}
    result: dict[str, Any] = (await service.graphql(ADOPT, {"input": new}, role=role))["adoptMerchant"]
    return result


def calls(service: Service) -> dict[str, int]:
    """The calls to Stripe about accounts since this function was last used."""
    counted: dict[str, int] = service.simulator.control("calls")["calls"]
    service.simulator.control("calls", method="DELETE")
    return {route: count for route, count in counted.items() if "/accounts" in route}


def codes(result: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in result["findings"]]


async def test_an_account_becomes_a_merchant_and_its_events_are_followed(service: Service) -> None:
    account = existing_accounts.create(service.simulator)
    calls(service)
    # A value of the input is used only if the account lacks the value.
    other = {"displayName": "Other", "contactEmail": "other@shop.example"}
    result = await adopt(service, account, role="service", **other)
    merchant = result["merchant"]
    assert result == {
        "__typename": "AdoptMerchantPayload",
        "created": True,
        "isAdoptable": True,
        "findings": [],
        "merchant": {
            "id": merchant["id"],
            "externalId": "shop-1",
            "displayName": "Old Shop",
            "contactEmail": "old@shop.example",
            "country": "US",
            "status": "ONBOARDING",
            "account": {"stripeAccountId": account},
        },
    }
    assert calls(service) == {"GET /v2/core/accounts/{id}": 1}
    history = await service.merchant("shop-1", HISTORY)
    entry = history["timeline"]["edges"][-1]["node"]
    adopted = {"kind": "CREATED", "message": "An existing account was adopted."}
    assert entry == {**adopted, "actor": "development-service"}
    assert history["freshness"] == {"source": "adopt"}
    service.simulator.control(f"accounts/{account}", {"scenario": "activate"})

    async def is_active() -> bool:
        return bool(await service.merchant("shop-1", "status") == {"status": "ACTIVE"})

    await eventually(is_active)


async def test_a_repeat_returns_the_same_merchant_without_a_call(service: Service) -> None:
    drop_deliveries(service)
    account = existing_accounts.create(service.simulator)
    first = await adopt(service, account)
    calls(service)
    for dry_run in (False, True):
        again = await adopt(service, account, displayName="Another name", dryRun=dry_run)
        assert again == {**first, "created": False}
    assert calls(service) == {}


async def test_an_account_of_api_v1_is_adopted_as_soon_as_api_v2_accepts_it(service: Service) -> None:
    drop_deliveries(service)
    account = existing_accounts.create_by_v1(service.simulator)
    early = await adopt(service, account)
    assert (early["__typename"], codes(early)) == ("AccountNotAdoptableError", ["NOT_YET_IN_V2"])
    existing_accounts.pass_ten_minutes(service.simulator)
    assert codes(await adopt(service, account)) == ["NAME_MISSING", "EMAIL_MISSING"]
    result = await adopt(service, account, displayName="Shop Née", contactEmail="née@münchen.example")
    assert result["created"]
    merchant = result["merchant"]
    assert (merchant["displayName"], merchant["contactEmail"]) == ("Shop Née", "née@xn--mnchen-3ya.example")
    stored = await ConnectedAccount.get()
    assert stored.stripe_account_id == account


EXPRESS = {"dashboard": "express", **parties("application", "application"), "configuration": RECIPIENT}
VERDICTS: list[tuple[dict[str, Any], str | None, list[str]]] = [
    ({}, "close", ["CLOSED"]),
    ({}, "v1_only", ["ONLY_IN_V1"]),
    ({}, "deauthorize", ["ACCOUNT_NOT_FOUND"]),
    (
        EXPRESS,
        None,
        ["DASHBOARD_NOT_FULL", "FEES_COLLECTOR", "LOSSES_COLLECTOR", "NOT_A_MERCHANT", "RECIPIENT"],
    ),
]


@pytest.mark.one_database
@pytest.mark.parametrize(("changed", "scenario", "expected"), VERDICTS)
async def test_an_unsuitable_account_is_refused_with_every_reason(
    service: Service, changed: dict[str, Any], scenario: str | None, expected: list[str]
) -> None:
    drop_deliveries(service)
    account = existing_accounts.create(service.simulator, **changed)
    if scenario is not None:
        service.simulator.control(f"accounts/{account}", {"scenario": scenario})
    before = await read_tables(), service.simulator.control("accounts")
    verdict = await adopt(service, account, dryRun=True)
    assert verdict["__typename"] == "AdoptMerchantPayload"
    assert (verdict["merchant"], verdict["created"], verdict["isAdoptable"]) == (None, False, False)
    assert codes(verdict) == expected
    refused = await adopt(service, account)
    assert refused["__typename"] == "AccountNotAdoptableError"
    assert (refused["stripeAccountId"], codes(refused)) == (account, expected)
    assert all(finding["message"] and finding["remedy"] for finding in refused["findings"])
    assert (await read_tables(), service.simulator.control("accounts")) == before


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"configuration": {"merchant": {"capabilities": {}}}}, ["CARD_PAYMENTS_NOT_REQUESTED"]),
        ({"metadata": {"merchant_id": "01a206b4-a7fa-79b7-86a7-b2328da008fe"}}, ["OTHER_INSTALLATION"]),
    ],
)
async def test_a_dry_run_stores_nothing_and_warnings_permit_the_adoption(
    service: Service, changed: dict[str, Any], expected: list[str]
) -> None:
    drop_deliveries(service)
    account = existing_accounts.create(service.simulator, **changed)
    before = await read_tables()
    findings = [{"code": code, "severity": "WARNS"} for code in expected]
    dry = await adopt(service, account, dryRun=True)
    assert dry == {
        "__typename": "AdoptMerchantPayload",
        "created": False,
        "isAdoptable": True,
        "findings": findings,
        "merchant": None,
    }
    assert await read_tables() == before
    result = await adopt(service, account)
    assert (result["created"], result["isAdoptable"], result["findings"]) == (True, True, findings)


@pytest.mark.one_database
async def test_an_account_of_another_mode_is_refused(service: Service) -> None:
    drop_deliveries(service)
    account = existing_accounts.create(service.simulator)
    (shown,) = service.simulator.control("accounts")["data"]
    body = {name: value for name, value in shown.items() if name != "simulator"} | {"livemode": True}
    answer = {"status": 200, "body": body, "times": 9}
    inject_fault(service, f"/v2/core/accounts/{account}", answer, "GET")
    refused = await adopt(service, account)
    assert codes(refused) == ["OTHER_MODE"]
    assert refused["findings"][0]["message"] == (
        "The account belongs to live mode, and this service works in a sandbox."
    )
    assert await Merchant.all().count() == 0


async def test_an_account_never_gets_two_merchants_and_a_merchant_never_two_accounts(
    service: Service,
) -> None:
    drop_deliveries(service)
    first, second = (existing_accounts.create(service.simulator) for _ in range(2))
    await adopt(service, first)
    calls(service)
    taken = await adopt(service, first, "shop-2")
    assert codes(taken) == ["ACCOUNT_TAKEN"]
    assert taken["findings"][0]["message"] == "The account belongs to the merchant shop-1."
    dry = await adopt(service, first, "shop-2", dryRun=True)
    assert (codes(dry), dry["isAdoptable"]) == (["ACCOUNT_TAKEN"], False)
    for dry_run in (False, True):
        other = await adopt(service, second, dryRun=dry_run)
        assert (other["__typename"], other["externalId"]) == ("ExternalIdTakenError", "shop-1")
    assert calls(service) == {}
    created = await service.create("shop-1")
    assert created["__typename"] == "ExternalIdTakenError"
    created = await service.create("shop-3")
    own = created["merchant"]["account"]["stripeAccountId"]
    same = await adopt(service, own, "shop-3")
    assert (same["created"], same["merchant"]["id"]) == (False, created["merchant"]["id"])
    assert codes(await adopt(service, own, "shop-4")) == ["ACCOUNT_TAKEN"]
    assert await Merchant.all().count() == 2


@pytest.mark.waits
async def test_the_account_of_an_unfinished_creation_is_not_adopted(idle: Service) -> None:
    drop_deliveries(idle)
    inject_fault(idle, "/v2/core/accounts", {"kind": "reset_after", "times": 9})
    assert (await idle.create("shop-1"))["__typename"] == "StripeUnavailableError"
    clear_faults(idle)
    (account,) = idle.simulator.control("accounts")["data"]
    pending = await adopt(idle, account["id"], "shop-2")
    assert codes(pending) == ["CREATED_FOR_MERCHANT"]
    assert pending["findings"][0]["remedy"].startswith("Repeat createMerchant or replaceAccount for that ")
    assert (await adopt(idle, account["id"], "shop-1"))["__typename"] == "ExternalIdTakenError"
    created = await idle.create("shop-1")
    assert created["merchant"]["account"]["stripeAccountId"] == account["id"]
    # After the creation has succeeded, a second account with the same metadata is refused as well.
    metadata = account["metadata"]
    second = existing_accounts.create(idle.simulator, metadata=metadata)
    refused = await adopt(idle, second, "shop-2")
    assert codes(refused) == ["CREATED_FOR_MERCHANT"]
    assert refused["findings"][0]["remedy"].startswith("If the account belongs to another merchant, remove ")


@pytest.mark.waits
async def test_the_account_that_a_refused_creation_left_behind_can_be_adopted(idle: Service) -> None:
    drop_deliveries(idle)
    inject_fault(idle, "/v2/core/accounts", {"kind": "reset_after", "times": 9})
    await idle.create("shop-1")
    clear_faults(idle)
    (account,) = idle.simulator.control("accounts")["data"]
    await AccountCreation.all().update(state="REFUSED")
    await Merchant.all().delete()
    result = await adopt(idle, account["id"], "shop-1")
    assert (result["created"], result["findings"]) == (True, [])


@pytest.mark.one_database
async def test_invalid_input_names_every_field(service: Service) -> None:
    calls(service)
    result = await adopt(service, "cus_1", " ", displayName="", contactEmail="nobody")
    assert result["fields"] == [
        {"name": "externalId", "code": "REQUIRED"},
        {"name": "stripeAccountId", "code": "ACCOUNT_INVALID"},
        {"name": "displayName", "code": "REQUIRED"},
        {"name": "contactEmail", "code": "EMAIL_INVALID"},
    ]
    assert calls(service) == {}


async def test_without_an_answer_nothing_is_stored_and_a_repeat_succeeds(service: Service) -> None:
    drop_deliveries(service)
    account = existing_accounts.create(service.simulator)
    inject_fault(service, f"/v2/core/accounts/{account}", UNAVAILABLE, "GET")
    before = await read_tables()
    for dry_run in (True, False):
        result = await adopt(service, account, dryRun=dry_run)
        assert (result["__typename"], result["retryAfterSeconds"]) == ("AccountNotFetchedError", 2)
    assert await read_tables() == before
    clear_faults(service)
    assert (await adopt(service, account))["created"]


@pytest.mark.one_database
async def test_a_platform_without_accounts_v2_gets_stripes_refusal(service: Service) -> None:
    account = existing_accounts.create(service.simulator)
    service.simulator.control("switches", {"platform_refused": "accounts_v2_access_blocked"})
    result = await adopt(service, account)
    assert (result["__typename"], result["code"]) == ("StripeRefusedError", "accounts_v2_access_blocked")
    assert result["remedy"]
    assert await Merchant.all().count() == 0


async def test_simultaneous_adoptions_make_one_merchant_with_one_call(service: Service) -> None:
    drop_deliveries(service)
    account = existing_accounts.create(service.simulator)
    calls(service)
    results = await asyncio.gather(*(adopt(service, account) for _ in range(20)))
    assert {result["__typename"] for result in results} == {"AdoptMerchantPayload"}
    assert sum(result["created"] for result in results) == 1
    assert len({result["merchant"]["id"] for result in results}) == 1
    assert calls(service) == {"GET /v2/core/accounts/{id}": 1}


async def test_simultaneous_adoptions_of_one_account_for_several_merchants_make_one_merchant(
    service: Service,
) -> None:
    drop_deliveries(service)
    account, other = (existing_accounts.create(service.simulator) for _ in range(2))
    pairs = [(account, f"shop-{number}") for number in range(5)] + [(other, "shop-1"), (other, "shop-9")]
    results = await asyncio.gather(*(adopt(service, *pair) for pair in pairs))
    assert sum(result.get("created", False) for result in results) == 2
    assert {result["__typename"] for result in results} <= {
        "AdoptMerchantPayload",
        "AccountNotAdoptableError",
        "ExternalIdTakenError",
    }
    mirrors = await ConnectedAccount.all().values_list("stripe_account_id", flat=True)
    assert sorted(map(str, mirrors)) == sorted([account, other])
    assert await Merchant.all().count() == 2


@pytest.mark.one_database
async def test_a_merchant_cannot_adopt(service: Service) -> None:
    account = existing_accounts.create(service.simulator)
    new = {"externalId": "shop-1", "stripeAccountId": account}
    code, _ = await service.error(ADOPT, {"input": new}, role="merchant", merchant="shop-1")
    assert code == "FORBIDDEN"
    assert await Merchant.all().count() == 0


async def test_events_before_the_adoption_are_ignored_without_a_call(service: Service) -> None:
    account = existing_accounts.create(service.simulator)

    async def is_ignored() -> bool:
        rows: Any = await StripeEvent.all().values_list("state", "last_error")
        return bool(rows) and set(rows) == {("IGNORED", FOREIGN)}

    await eventually(is_ignored)
    assert calls(service) == {"POST /v2/core/accounts": 1}
    assert (await adopt(service, account))["created"]
