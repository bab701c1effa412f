"""replayEvent processes an event again, whatever its state."""

import uuid
from typing import Any

import pytest

from models import Merchant, StripeEvent
from testing.faults import drop_deliveries
from testing.merchants import build_event, build_merchant, global_id, store
from testing.service import Service, eventually
from testing.state import read_state

REPLAY = """
mutation ($event: ID!) {
  replayEvent(input: {event: $event}) {
    __typename
    ... on ReplayEventPayload {
      event {
        id stripeEventId type state attempts lastError receivedAt handledAt merchant { externalId }
      }
    }
    ... on Error { message }
  }
}
"""


async def replay(service: Service, event_id: str) -> dict[str, Any]:
    result: dict[str, Any] = (await service.graphql(REPLAY, {"event": event_id}))["replayEvent"]
    return result


async def test_a_failed_ignored_or_handled_event_is_processed_again(service: Service) -> None:
    drop_deliveries(service)
    created = await service.create("shop-1")
    account = created["merchant"]["account"]["stripeAccountId"]
    merchant = await Merchant.get(external_id="shop-1")
    for number, state in enumerate(("FAILED", "IGNORED", "HANDLED")):
        row = build_event(number, merchant=merchant, state=state)
        row.stripe_account_id = row.subject_key = account
        row.attempts, row.last_error = 16, "It went wrong."
        await row.save(force_create=True)
        scenario = ("activate", "past_due", "activate")[number]
        service.simulator.control(f"accounts/{account}", {"scenario": scenario})
        replayed = await replay(service, global_id("StripeEvent", row.id))
        assert replayed == {
            "__typename": "ReplayEventPayload",
            "event": {
                "id": global_id("StripeEvent", row.id),
                "stripeEventId": f"evt_{number}",
                "type": "v2.core.account.updated",
                "state": "PENDING",
                "attempts": 0,
                "lastError": None,
                "receivedAt": f"2026-01-31T10:0{number}:00.000Z",
                "handledAt": None,
                "merchant": {"externalId": "shop-1"},
            },
        }
        await eventually(StripeEvent.filter(id=row.id, state="HANDLED", attempts=1, last_error=None).exists)
        expected = ("ACTIVE", "RESTRICTED", "ACTIVE")[number]
        assert await service.merchant("shop-1", "status freshness { source }") == {
            "status": expected,
            "freshness": {"source": "webhook"},
        }


@pytest.mark.one_database
async def test_each_error_has_its_type_and_changes_nothing(service: Service) -> None:
    drop_deliveries(service)
    one = build_merchant("shop-1")
    await store([one])
    row = build_event(1, merchant=one.merchant, state="FAILED")
    await row.save(force_create=True)
    event_id = global_id("StripeEvent", row.id)
    before = await read_state(service)
    missing = global_id("StripeEvent", uuid.uuid4())
    for invalid_id in ("", "x", "evt_1", str(row.id), one.id, missing, event_id + "x"):
        assert await replay(service, invalid_id) == {
            "__typename": "EventNotFoundError",
            "message": "There is no such event.",
        }
    forbidden = ("FORBIDDEN", "This operation requires a token with the role operator.")
    for value in (event_id, "x"):
        assert await service.error(REPLAY, {"event": value}, role="service") == forbidden
        refused = await service.error(REPLAY, {"event": value}, role="merchant", merchant="shop-1")
        assert refused == forbidden
    assert await read_state(service) == before
