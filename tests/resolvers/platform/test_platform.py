"""platform returns status counts and webhook health, to operators only."""

from datetime import timedelta

import pytest

from models import StripeEvent, now
from testing.merchants import KINDS, build_event, build_merchant, store
from testing.service import Service

QUERIES = [
    f"{{ platform {{ {selection} }} }}"
    for selection in (
        "__typename",
        "events { edges { node { id } } }",
        "problems { code }",
        "creations { edges { node { externalId } } }",
        "reconciliation { checked }",
        "workers { name }",
        "stripeCalls { callsPerSecond }",
        "onboardingFunnel { stages { stage } }",
        "problemHistory { edges { node { id } } }",
        "webhooks { oldestWaitingSince delays { events } }",
    )
]


async def test_platform_counts_merchants_and_events(idle: Service) -> None:
    health = "lastReceivedAt backlog oldestWaitingSince failed destinationStatus destinationCheckedAt"
    query = f"{{ platform {{ statusCounts {{ status count }} webhooks {{ {health} }} }} }}"
    unknown = {"destinationStatus": "UNKNOWN", "destinationCheckedAt": None}
    assert (await idle.graphql(query))["platform"] == {
        "statusCounts": [],
        "webhooks": {
            "lastReceivedAt": None,
            "backlog": 0,
            "oldestWaitingSince": None,
            "failed": 0,
            **unknown,
        },
    }
    numbers = {kind: number for number, kind in enumerate(KINDS, start=1)}
    await store(
        build_merchant(f"{kind}-{i}", kind) for kind, number in numbers.items() for i in range(number)
    )
    states = ["HANDLED", "PENDING", "FAILED", "PENDING", "IGNORED", "PENDING", "FAILED"]
    await StripeEvent.bulk_create([build_event(number, state=state) for number, state in enumerate(states)])
    # A back-filled event does not count as a delivery.
    filled = build_event(30)
    filled.back_filled_at = filled.received_at
    await filled.save(force_create=True)
    result = (await idle.graphql(query))["platform"]
    # The counts follow the order of the enum. Statuses without merchants are omitted.
    assert result["statusCounts"] == [
        {"status": KINDS[kind][0], "count": numbers[kind]}
        for kind in (
            "creating",
            "onboarding",
            "review",
            "active",
            "due_soon",
            "rejected",
            "disconnected",
            "closed",
        )
    ]
    assert result["webhooks"] == {
        "lastReceivedAt": "2026-01-31T10:06:00.000Z",
        "backlog": 3,
        "oldestWaitingSince": "2026-01-31T10:01:00.000Z",
        "failed": 2,
        **unknown,
    }


@pytest.mark.one_database
async def test_only_operators_may_read_platform(service: Service) -> None:
    await store([build_merchant("shop-1")])
    for query in QUERIES:
        for role, merchant in (("service", None), ("merchant", "shop-1")):
            answer = await service.post(query, role=role, merchant=merchant)
            assert answer.json()["data"] is None
            assert await service.error(query, role=role, merchant=merchant) == (
                "FORBIDDEN",
                "This operation requires a token with the role operator.",
            )


async def test_platform_has_the_delays_of_recent_events(idle: Service) -> None:
    fields = "events medianMilliseconds p95Milliseconds longestMilliseconds"
    query = f"{{ platform {{ webhooks {{ delays {{ {fields} }} }} }} }}"
    event, at = build_event(1), await now()
    event.stripe_created_at, event.handled_at = at - timedelta(seconds=1.5), at
    await StripeEvent.bulk_create([event])
    assert (await idle.graphql(query))["platform"]["webhooks"]["delays"] == {
        "events": 1,
        "medianMilliseconds": 1500,
        "p95Milliseconds": 1500,
        "longestMilliseconds": 1500,
    }
