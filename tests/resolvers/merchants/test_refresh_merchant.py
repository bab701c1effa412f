"""refreshMerchant fetches the account from Stripe without waiting for an event."""

import asyncio
from functools import partial
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest

from connect.merchants.mirror import mirror
from models import ConnectedAccount
from models.database import CONNECTIONS
from testing.faults import REFUSED, UNAVAILABLE, clear_faults, drop_deliveries, inject_fault
from testing.merchants import build_merchant, store
from testing.service import Service
from testing.state import read_state
from testing.waits import PATIENCE, eventually

REFRESH = """
mutation ($merchant: MerchantRef!) {
  refreshMerchant(input: {merchant: $merchant}) {
    __typename
    ... on RefreshMerchantPayload {
      merchant {
        externalId status canAcceptPayments canReceivePayouts freshness { source stale }
        timeline(first: 4) { edges { node { kind actor statusBefore statusAfter } } }
      }
    }
    ... on Error { message }
    ... on StripeRefusedError { code requestId }
    ... on StripeUnavailableError { retryAfterSeconds merchant { externalId } }
  }
}
"""


async def refresh(
    service: Service, external_id: str = "shop-1", *, role: str = "operator", merchant: str | None = None
) -> dict[str, Any]:
    reference = {"merchant": {"externalId": external_id}}
    result: dict[str, Any] = (await service.graphql(REFRESH, reference, role=role, merchant=merchant))[
        "refreshMerchant"
    ]
    return result


async def test_every_role_may_refresh_the_merchants_that_it_sees(service: Service) -> None:
    drop_deliveries(service)
    created = await service.create("shop-1")
    account = created["merchant"]["account"]["stripeAccountId"]
    for scenario, status, caller in [
        ("activate", "ACTIVE", {"role": "merchant", "merchant": "shop-1"}),
        ("past_due", "RESTRICTED", {"role": "service"}),
        ("payouts_blocked", "PAYOUTS_BLOCKED", {"role": "operator"}),
    ]:
        before = await service.merchant("shop-1", "status")
        service.simulator.control(f"accounts/{account}", {"scenario": scenario})
        assert await service.merchant("shop-1", "status") == before  # no event was delivered
        result = await refresh(service, **caller)
        assert result["__typename"] == "RefreshMerchantPayload"
        merchant = result["merchant"]
        assert merchant["status"] == status
        assert merchant["canAcceptPayments"] is (status != "RESTRICTED")
        assert merchant["canReceivePayouts"] is (status == "ACTIVE")
        assert merchant["freshness"] == {"source": "refresh", "stale": False}
        actor = f"development-{caller['role']}"
        first, second, *_ = [edge["node"] for edge in merchant["timeline"]["edges"]]
        assert first == {"kind": "REFRESHED", "actor": actor, "statusBefore": None, "statusAfter": None}
        assert second == {
            "kind": "STATUS_CHANGED",
            "actor": actor,
            "statusBefore": before["status"],
            "statusAfter": status,
        }


@pytest.mark.one_database
async def test_each_error_has_its_type_and_changes_nothing(service: Service) -> None:
    drop_deliveries(service)
    created = await service.create("shop-1")
    await store([build_merchant("creating", "creating")])
    before = await read_state(service)
    assert await refresh(service, "nobody") == {
        "__typename": "MerchantNotFoundError",
        "message": "There is no such merchant.",
    }
    assert await refresh(service, "creating") == {
        "__typename": "MerchantNotReadyError",
        "message": "The account is still being created at Stripe. Try again in a moment.",
    }
    assert await read_state(service) == before

    fields = "status freshness { source syncedAt } timeline { edges { node { id } } }"
    before_faults = await service.merchant("shop-1", fields)
    inject_fault(service, "/v2/core/accounts/{id}", REFUSED, "GET")
    refused = await refresh(service)
    assert refused.pop("requestId").startswith("req_")
    assert refused == {"__typename": "StripeRefusedError", "message": "Stripe says no.", "code": "not_today"}
    clear_faults(service)
    inject_fault(service, "/v2/core/accounts/{id}", UNAVAILABLE, "GET")
    assert await refresh(service) == {
        "__typename": "StripeUnavailableError",
        "message": "Stripe gave no definite answer. Repeat the same request; repeats are safe.",
        "retryAfterSeconds": 2,
        "merchant": {"externalId": "shop-1"},
    }
    clear_faults(service)
    account = created["merchant"]["account"]["stripeAccountId"]
    service.simulator.control(f"accounts/{account}", {"scenario": "deauthorize"})
    refused = await refresh(service)
    assert (refused["__typename"], refused["code"]) == ("StripeRefusedError", "not_found")
    assert await service.merchant("shop-1", fields) == before_faults


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_locked_merchant_does_not_block_others(service: Service, database_url: str) -> None:
    drop_deliveries(service)
    await service.create("locked")
    other = await asyncpg.connect(database_url)
    try:
        transaction = other.transaction()
        await transaction.start()
        await other.execute(
            "SELECT 1 FROM merchant JOIN connected_account ON merchant_id = merchant.id FOR UPDATE"
        )
        refreshes = [asyncio.create_task(refresh(service, "locked")) for _ in range(CONNECTIONS + 2)]
        await asyncio.sleep(0.5)
        created = await service.create("free")  # before the first blocked statement ends
        assert created["__typename"] == "CreateMerchantPayload"
        assert not any(task.done() for task in refreshes)
        await transaction.rollback()
        results = await asyncio.gather(*refreshes)
    finally:
        await other.close()
    assert {result["__typename"] for result in results} == {"RefreshMerchantPayload"}


async def _fetches(service: Service) -> int:
    calls: dict[str, int] = service.simulator.control("calls")["calls"]
    return calls.get("GET /v2/core/accounts/{id}", 0)


async def test_simultaneous_refreshes_of_one_merchant_share_a_fetch(service: Service) -> None:
    """The second fetch serves all requests that came during the first one."""
    drop_deliveries(service)
    created = await service.create("shop-1")
    # All requests must arrive during the first fetch.
    delay = {"kind": "delay", "seconds": min(PATIENCE, 4)}
    inject_fault(service, "/v2/core/accounts/{id}", delay, "GET")
    first = asyncio.create_task(refresh(service, role="merchant", merchant="shop-1"))
    await eventually(partial(_fetches, service))
    account = created["merchant"]["account"]["stripeAccountId"]
    service.simulator.control(f"accounts/{account}", {"scenario": "activate"})
    others = [refresh(service, role="merchant", merchant="shop-1") for _ in range(59)]
    results = await asyncio.gather(first, *others)
    assert {result["__typename"] for result in results} == {"RefreshMerchantPayload"}
    assert {result["merchant"]["status"] for result in results[1:]} == {"ACTIVE"}
    assert await _fetches(service) == 2
    timeline = await service.merchant("shop-1", "timeline(kinds: [REFRESHED]) { edges { node { actor } } }")
    actors = [edge["node"]["actor"] for edge in timeline["timeline"]["edges"]]
    assert actors == ["development-merchant"] * 2


async def test_the_requests_that_share_a_failed_fetch_get_its_error(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    inject_fault(service, "/v2/core/accounts/{id}", UNAVAILABLE, "GET")
    results = await asyncio.gather(*(refresh(service) for _ in range(20)))
    assert {result["__typename"] for result in results} == {"StripeUnavailableError"}
    assert await _fetches(service) <= 3


async def test_one_merchants_token_causes_a_limited_number_of_calls(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    answered = 0
    while True:
        result = await refresh(service, role="merchant", merchant="shop-1")
        if result["__typename"] != "RefreshMerchantPayload":
            break
        answered += 1
    # Every three seconds, one more call is allowed.
    assert answered >= service.settings.stripe_calls_per_minute_of_merchant
    assert await _fetches(service) == answered
    seconds = result["retryAfterSeconds"]
    assert 1 <= seconds <= 3
    assert result == {
        "__typename": "StripeUnavailableError",
        "message": f"Too many calls to Stripe. Repeat the same request in {seconds} s; repeats are safe.",
        "retryAfterSeconds": seconds,
        "merchant": {"externalId": "shop-1"},
    }
    assert (await refresh(service))["__typename"] == "RefreshMerchantPayload"  # an operator has its own limit


async def test_a_fetch_of_another_replica_answers_a_waiting_request(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    account = await ConnectedAccount.get()
    gateway = service.app.state.gateway
    inject_fault(service, "/v2/core/accounts/{id}", {"kind": "delay", "seconds": 3}, "GET")
    first = asyncio.create_task(refresh(service))
    await eventually(partial(_fetches, service))
    second = asyncio.create_task(refresh(service))
    await asyncio.sleep(0.3)
    await mirror.refresh(gateway, account, "refresh")
    results = await asyncio.gather(first, second)
    assert {result["__typename"] for result in results} == {"RefreshMerchantPayload"}
    assert await _fetches(service) == 2
