"""platformChanged sends the state of the platform first, and the new state after changes."""

from typing import Any

import pytest

from connect.events import inbox
from connect.events.handlers import HANDLERS
from models import StripeEvent
from testing.faults import drop_deliveries
from testing.merchants import build_event
from testing.service import Service
from testing.statements import recorded
from testing.subscribers import Socket, socket
from tests.resolvers.platform.test_dismiss_problem import check

NUMBERS = "subscription { platformChanged { statusCounts { status count } webhooks { backlog } } }"
PROBLEMS = "subscription { platformChanged { problems { code count } webhooks { failed } } }"


async def state(client: Socket) -> Any:
    return (await client.data())["platformChanged"]


async def codes(client: Socket) -> set[str]:
    return {problem["code"] for problem in (await state(client))["problems"]}


@pytest.mark.slow
async def test_a_change_of_the_problems_is_sent_to_all_subscribers(idle: Service) -> None:
    event = build_event(1, state="FAILED")
    await StripeEvent.bulk_create([event])
    dismiss = "mutation { dismissProblem(input: {code: EVENTS_FAILED}) { __typename } }"
    async with (
        socket(idle, token=idle.token()) as first,
        socket(idle, token=idle.token()) as second,
    ):
        for client in (first, second):
            await client.subscribe(PROBLEMS)
            message = await state(client)
            assert {"code": "EVENTS_FAILED", "count": 1} in message["problems"]
            assert message["webhooks"] == {"failed": 1}
        # Each subscriber pauses for up to a second after a message.
        assert [await first.is_silent() for _ in range(4)] == [True] * 4
        with recorded() as statements:
            await idle.graphql(dismiss)
            assert "EVENTS_FAILED" not in await codes(first)
            assert "EVENTS_FAILED" not in await codes(second)
        # Both subscribers share one execution, which counts the failed events once.
        pairs = zip(statements.texts, statements.parameters, strict=True)
        counts = [text for text, values in pairs if "COUNT(" in text and list(values or ()) == ["FAILED"]]
        assert len(counts) == 1
        await inbox.replay(event.id)
        assert (await state(first))["webhooks"] == {"failed": 0}


@pytest.mark.waits
async def test_a_problem_that_a_worker_finds_is_sent_once(idle: Service) -> None:
    await check(idle)
    await idle.deliver_changes()
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(PROBLEMS)
        assert "EVENTS_FAILED" not in await codes(client)
        await StripeEvent.bulk_create([build_event(1, state="FAILED")])
        assert await client.is_silent()
        await check(idle)
        assert "EVENTS_FAILED" in await codes(client)
        await check(idle)
        assert await client.is_silent()


@pytest.mark.slow
async def test_changes_of_merchants_and_events_are_sent_together(idle: Service) -> None:
    drop_deliveries(idle)
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(NUMBERS)
        assert await state(client) == {"statusCounts": [], "webhooks": {"backlog": 0}}
        for number in range(3):
            await idle.create(f"shop-{number}")
        arrivals = [
            inbox.arrival({"id": "evt_1", "type": "v1.account.updated"}, b"{}", HANDLERS, livemode=False)
        ]
        assert await inbox.record(arrivals, idle.settings.inbox)
        counts = [{"status": "ONBOARDING", "count": 3}]
        # The pause before a message may end between the changes, so several messages may arrive.
        messages = [await state(client)]
        while messages[-1] != {"statusCounts": counts, "webhooks": {"backlog": 1}}:
            messages.append(await state(client))
        assert await client.is_silent()


@pytest.mark.one_database
async def test_only_operators_may_subscribe(idle: Service) -> None:
    for role, merchant in (("service", None), ("merchant", "mine")):
        token = idle.token(role, merchant) if merchant else idle.token(role)
        async with socket(idle, token=token) as client:
            await client.subscribe(PROBLEMS)
            error = (await client.receive())["payload"]["errors"][0]
            assert error["extensions"]["code"] == "FORBIDDEN"
            assert await client.receive() == {"id": "1", "type": "complete"}
