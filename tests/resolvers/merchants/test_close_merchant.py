"""closeMerchant closes the account at Stripe and the merchant in ConnectQL, permanently."""

from typing import Any

import pytest

from testing.faults import REFUSED, UNAVAILABLE, clear_faults, drop_deliveries, inject_fault
from testing.merchants import build_merchant, store
from testing.service import Service
from testing.state import read_state

pytestmark = pytest.mark.without_worker

CLOSE = """
mutation ($merchant: MerchantRef!) {
  closeMerchant(input: {merchant: $merchant}) {
    __typename
    ... on CloseMerchantPayload {
      merchant {
        externalId status summary account { closed } nextAction { kind by }
        freshness { source } requirements { entries { key } }
        timeline(first: 10) { edges { node { kind actor } } }
      }
    }
    ... on Error { message }
    ... on StripeRefusedError { code requestId remedy }
    ... on StripeUnavailableError { retryAfterSeconds merchant { externalId } }
  }
}
"""


async def close(service: Service, external_id: str = "shop-1", *, role: str = "operator") -> dict[str, Any]:
    answer = await service.graphql(CLOSE, {"merchant": {"externalId": external_id}}, role=role)
    result: dict[str, Any] = answer["closeMerchant"]
    return result


async def test_the_account_is_closed_once(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    await service.create("shop-2")
    closed = await close(service, role="service")
    assert closed["__typename"] == "CloseMerchantPayload"
    merchant = closed["merchant"]
    assert (merchant["status"], merchant["summary"]) == ("CLOSED", "The account is closed.")
    assert merchant["account"] == {"closed": True}
    assert merchant["nextAction"] == {"kind": "NONE", "by": None}
    assert merchant["requirements"] == {"entries": []}
    assert merchant["freshness"] == {"source": "close"}
    history = [edge["node"] for edge in merchant["timeline"]["edges"]]
    assert {"kind": "CLOSED", "actor": "development-service"} in history
    accounts = service.simulator.control("accounts")["data"]
    assert [account["closed"] for account in accounts] == [True, False]
    # Closing again changes nothing and does not call Stripe.
    before = await read_state(service)
    assert await close(service, role="service") == closed
    assert await read_state(service) == before


@pytest.mark.one_database
async def test_each_error_has_its_type_and_changes_nothing(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    await store([build_merchant("creating", "creating"), build_merchant("gone", "disconnected")])
    before = await read_state(service)
    assert await close(service, "nobody") == {
        "__typename": "MerchantNotFoundError",
        "message": "There is no such merchant.",
    }
    for external_id, message in {
        "creating": "The account is still being created at Stripe. Try again in a moment.",
        "gone": "The account is disconnected. The platform can open another one with replaceAccount.",
    }.items():
        assert await close(service, external_id) == {
            "__typename": "MerchantNotReadyError",
            "message": message,
        }
    forbidden = await service.error(
        CLOSE, {"merchant": {"externalId": "shop-1"}}, role="merchant", merchant="shop-1"
    )
    assert forbidden == ("FORBIDDEN", "This operation requires a token with the role operator or service.")
    assert await read_state(service) == before

    inject_fault(service, "/v2/core/accounts/{id}/close", REFUSED)
    refused = await close(service)
    assert refused.pop("requestId").startswith("req_")
    assert refused == {
        "__typename": "StripeRefusedError",
        "message": "Stripe says no.",
        "code": "not_today",
        "remedy": None,
    }
    clear_faults(service)
    inject_fault(service, "/v2/core/accounts/{id}/close", UNAVAILABLE)
    assert await close(service) == {
        "__typename": "StripeUnavailableError",
        "message": "Stripe gave no definite answer. Repeat the same request; repeats are safe.",
        "retryAfterSeconds": 2,
        "merchant": {"externalId": "shop-1"},
    }
    clear_faults(service)
    assert (await service.merchant("shop-1", "status")) == {"status": "ONBOARDING"}
    assert service.simulator.control("accounts") == before[1]
    # The refusal was temporary: a repeat succeeds.
    assert (await close(service))["__typename"] == "CloseMerchantPayload"


@pytest.mark.one_database
async def test_the_refusal_of_live_mode_has_a_remedy_and_changes_nothing(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1")
    service.simulator.control("switches", {"closing_refused": "stripe_loss_liable_cannot_be_deleted"})
    accounts = service.simulator.control("accounts")
    query = "status account { closed } timeline(first: 5) { edges { node { kind } } }"
    merchant = await service.merchant("shop-1", query)
    refused = await close(service)
    assert refused.pop("requestId").startswith("req_")
    assert refused == {
        "__typename": "StripeRefusedError",
        "message": "This account cannot be closed.",
        "code": "stripe_loss_liable_cannot_be_deleted",
        "remedy": "Stop using the account and take no more fees: in live mode, the merchant keeps an account "
        "with a full Dashboard.",
    }
    assert service.simulator.control("accounts") == accounts
    assert await service.merchant("shop-1", query) == merchant
