"""enableDestination lets Stripe send events again."""

from typing import Any

import pytest

from connect.platform import health
from testing.faults import REFUSED, UNAVAILABLE, clear_faults, inject_fault
from testing.service import Service, eventually

ENABLE = """
mutation {
  enableDestination {
    __typename
    ... on EnableDestinationPayload { destinationStatus }
    ... on DestinationNotEnabledError { message requestId retryAfterSeconds }
  }
}
"""
HEALTH = "{ platform { problems { code } webhooks { destinationStatus } } }"
DISABLED = {"status": "disabled", "status_details": {"disabled": {"reason": "user"}}}


async def enable(service: Service) -> dict[str, Any]:
    result: dict[str, Any] = (await service.graphql(ENABLE))["enableDestination"]
    return result


async def has_status(service: Service, status: str, *codes: str) -> bool:
    platform = (await service.graphql(HEALTH))["platform"]
    shown = [one["code"] for one in platform["problems"]]
    return bool(platform["webhooks"]["destinationStatus"] == status and shown == list(codes))


@pytest.mark.one_database
async def test_a_disabled_destination_is_enabled_once_and_the_problem_ends(service: Service) -> None:
    await eventually(lambda: has_status(service, "ENABLED"))
    destination = (await health.last_check()).destination
    assert destination is not None
    service.simulator.control(f"destinations/{destination.id}", DISABLED)
    path = f"/v2/core/event_destinations/{destination.id}/enable"

    inject_fault(service, path, UNAVAILABLE)
    unanswered = await enable(service)
    assert unanswered.pop("message").startswith("Stripe gave no definite answer.")
    assert unanswered == {
        "__typename": "DestinationNotEnabledError",
        "requestId": None,
        "retryAfterSeconds": 2,
    }
    clear_faults(service)
    inject_fault(service, path, REFUSED)
    refused = await enable(service)
    assert refused["message"] == "Stripe says no."
    assert refused["requestId"].startswith("req_")
    assert refused["retryAfterSeconds"] is None
    clear_faults(service)

    enabled = {"__typename": "EnableDestinationPayload", "destinationStatus": "ENABLED"}
    service.simulator.control("calls", method="DELETE")
    assert await enable(service) == enabled
    assert await enable(service) == enabled
    calls = service.simulator.control("calls")["calls"]
    assert {route: number for route, number in calls.items() if route.endswith("/enable")} == {
        "POST /v2/core/event_destinations/{id}/enable": 1
    }
    # A worker checks at once instead of after the usual minute.
    await eventually(lambda: has_status(service, "ENABLED"))


@pytest.mark.one_database
async def test_without_a_destination_the_error_has_the_cause_and_the_remedy(service: Service) -> None:
    await eventually(lambda: has_status(service, "ENABLED"))
    destination = (await health.last_check()).destination
    assert destination is not None
    elsewhere = {"webhook_endpoint": {"url": "http://127.0.0.1:9/elsewhere"}}
    service.simulator.control(f"destinations/{destination.id}", elsewhere)
    missing = await enable(service)
    assert missing["message"].startswith("Stripe has no event destination with the address ")
    assert "Run `python -m api destination " in missing["message"]
    assert (missing["requestId"], missing["retryAfterSeconds"]) == (None, None)
    for role in ("service", "merchant"):
        code, _ = await service.error(ENABLE, role=role, merchant="shop-1" if role == "merchant" else None)
        assert code == "FORBIDDEN"
