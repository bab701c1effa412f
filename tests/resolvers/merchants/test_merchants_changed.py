"""merchantsChanged sends all matching merchants, then each matching merchant that changes."""

from typing import Any

import pytest

from connect.platform.feed import BATCH, MAX_WAITING
from models import Merchant
from models.changes import Change
from testing.merchants import build_merchant, rename, store
from testing.service import Service
from testing.subscribers import ALL_MERCHANTS, Socket, socket, stream

CHANGES = """
subscription ($filter: MerchantFilter) {
  merchantsChanged(filter: $filter, presentFirst: false) { externalId displayName }
}
"""


async def next_ids(client: Socket, count: int) -> list[str]:
    return [(await client.data())["merchantsChanged"]["externalId"] for _ in range(count)]


@pytest.mark.slow
async def test_the_matching_merchants_come_first_from_oldest_to_newest(idle: Service) -> None:
    count = 2 * BATCH + 1
    await store(
        [build_merchant(f"shop-{number}", ("active", "onboarding")[number % 2]) for number in range(count)]
    )
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(ALL_MERCHANTS)
        assert await next_ids(client, count) == [f"shop-{number}" for number in range(count)]
        await rename("shop-7", "New")
        assert await next_ids(client, 1) == ["shop-7"]
    async with stream(
        idle, ALL_MERCHANTS, {"filter": {"status": ["ACTIVE"]}}, token=idle.token("service")
    ) as events:
        result = [(await events.data())["merchantsChanged"] for _ in range(BATCH + 1)]
        assert result == [
            {"externalId": f"shop-{number}", "status": "ACTIVE"} for number in range(0, count, 2)
        ]


async def test_the_filter_applies_to_each_message(service: Service) -> None:
    await service.create("bakery-1")
    await service.create("bakery-2")
    async with socket(service, token=service.token()) as client:
        await client.subscribe(ALL_MERCHANTS, {"filter": {"status": ["ONBOARDING"], "search": "bakery-"}})
        assert await next_ids(client, 2) == ["bakery-1", "bakery-2"]
        close = 'mutation { closeMerchant(input: {merchant: {externalId: "bakery-1"}}) { __typename } }'
        await service.graphql(close)
        await service.create("other-1")
        await service.create("bakery-3")
        result = {(await client.data())["merchantsChanged"]["externalId"]}
        while "bakery-3" not in result:
            result.add((await client.data())["merchantsChanged"]["externalId"])
        assert "bakery-1" not in result
        assert "other-1" not in result


async def test_without_the_current_state_only_changes_are_sent(idle: Service) -> None:
    await store([build_merchant("shop-1", "active"), build_merchant("shop-2", "active")])
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(CHANGES)
        assert await client.is_silent()
        await rename("shop-2", "New")
        assert await client.data() == {"merchantsChanged": {"externalId": "shop-2", "displayName": "New"}}


async def test_a_new_merchant_is_reported(idle: Service) -> None:
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(ALL_MERCHANTS)
        assert await client.is_silent()
        await idle.create("shop-1")
        seen = [(await client.data())["merchantsChanged"]["status"]]
        if seen == ["CREATING"]:
            seen.append((await client.data())["merchantsChanged"]["status"])
        assert seen[-1] == "ONBOARDING"


@pytest.mark.one_database
async def test_merchants_changed_is_for_operators_and_services(idle: Service) -> None:
    await store([build_merchant("mine", "active")])
    async with socket(idle, token=idle.token("merchant", "mine")) as client:
        await client.subscribe(ALL_MERCHANTS)
        message: dict[str, Any] = await client.receive()
        error = message["payload"]["errors"][0]
        assert error["extensions"]["code"] == "FORBIDDEN"
        assert error["message"] == "This operation requires a token with the role operator or service."
        assert await client.receive() == {"id": "1", "type": "complete"}
        await rename("mine", "New")
        assert await client.is_silent()


@pytest.mark.one_database
async def test_an_invalid_filter_is_refused(idle: Service) -> None:
    async with socket(idle, token=idle.token()) as client:
        for criteria in ({"dueWithinDays": -1}, {"search": "x" * 256}, {"status": ["ACTIVE"] * 17}):
            await client.subscribe(CHANGES, {"filter": criteria})
            error = (await client.receive())["payload"]["errors"][0]
            assert error["extensions"]["code"] == "BAD_USER_INPUT", criteria
            assert await client.receive() == {"id": "1", "type": "complete"}


@pytest.mark.slow
@pytest.mark.one_database
async def test_a_slow_client_uses_bounded_memory_and_gets_each_merchant_once(idle: Service) -> None:
    count = MAX_WAITING + 200
    await store([build_merchant(f"shop-{number}", "active") for number in range(count)])
    feed = idle.app.state.feed
    async with socket(idle, token=idle.token(), max_queue=1) as client:
        await client.subscribe(CHANGES)
        assert await client.is_silent()
        keys: Any = await Merchant.all().order_by("id").values_list("id", flat=True)
        await Merchant.all().update(row_version=2)
        for key in keys:  # all at once: more than a mailbox holds
            feed.deliver(Change("merchant", key))
        assert sum(map(len, feed.mailboxes["merchant", None])) <= MAX_WAITING
        result = [(await client.data())["merchantsChanged"]["externalId"] for _ in range(count)]
        assert sorted(result) == sorted(f"shop-{number}" for number in range(count))
        assert await client.is_silent()
