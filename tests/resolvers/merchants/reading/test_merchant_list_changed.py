"""merchantListChanged reports merchants that match a filter and merchants that have left it."""

from typing import Any

import pytest

from connect.platform.feed import MAX_WAITING
from models import Merchant, MerchantWord, changes
from models.changes import Change
from testing.merchants import build_merchant, rename, store
from testing.service import Service
from testing.subscribers import Socket, socket, stream

CHANGES = """
subscription ($filter: MerchantFilter) {
  merchantListChanged(filter: $filter) {
    __typename change merchantId
    merchant { externalId displayName status timeline(first: 1) { edges { cursor } } }
  }
}
"""
READ = {"__typename": "MerchantListChange", "change": "READ", "merchantId": None, "merchant": None}


async def change(client: Socket) -> Any:
    return (await client.data())["merchantListChanged"]


async def next_change(client: Socket) -> tuple[str, str, str | None]:
    """The kind, the merchant's id, and the merchant's current name (None if the message has no merchant)."""
    message = await change(client)
    merchant = message["merchant"]
    return message["change"], message["merchantId"], merchant and merchant["displayName"]


async def test_the_kind_tells_a_match_from_a_merchant_that_has_left(idle: Service) -> None:
    one, two = build_merchant("shop-1", name="Amber Bakery"), build_merchant("shop-2", name="Amber Books")
    await store([one, two])
    async with socket(idle, token=idle.token("service")) as client:
        await client.subscribe(CHANGES, {"filter": {"search": "amber"}})
        assert await change(client) == READ
        assert await client.is_silent()
        await rename("shop-1", "Amber Bakery & Café")
        assert await next_change(client) == ("CHANGED", one.id, "Amber Bakery & Café")
        await rename("shop-1", "Clover Bakery")
        assert await next_change(client) == ("LEFT", one.id, "Clover Bakery")
        await rename("shop-1", "Amber Again")
        assert await next_change(client) == ("CHANGED", one.id, "Amber Again")


async def test_a_merchant_with_another_status_is_reported_as_left(idle: Service) -> None:
    await idle.create("shop-1")
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(CHANGES, {"filter": {"status": ["ONBOARDING"]}})
        assert await change(client) == READ
        close = 'mutation { closeMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'
        await idle.graphql(close)
        message = await change(client)
        while message["change"] == "CHANGED":
            message = await change(client)
        assert (message["change"], message["merchant"]["status"]) == ("LEFT", "CLOSED")


async def test_a_removed_merchant_is_reported_as_left(idle: Service) -> None:
    one = build_merchant("shop-1")
    await store([one])
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(CHANGES)
        assert await change(client) == READ
        await Merchant.filter(id=one.merchant.id).delete()
        await changes.publish(Change("merchant", one.merchant.id))
        assert await next_change(client) == ("LEFT", one.id, None)


async def test_a_refused_creation_is_reported_as_left(idle: Service) -> None:
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(CHANGES)
        assert await change(client) == READ
        refusal = {"status": 400, "body": {"error": {"code": "no", "message": "Stripe says no."}}, "times": 1}
        idle.simulator.control("faults", refusal)
        assert (await idle.create("shop-1"))["__typename"] == "StripeRefusedError"
        message = await change(client)
        while message["change"] == "CHANGED":
            assert message["merchant"]["status"] == "CREATING"
            message = await change(client)
        assert (message["change"], message["merchant"]) == ("LEFT", None)
    assert await MerchantWord.all().count() == 0


@pytest.mark.slow
async def test_subscribers_are_told_to_read_again_if_changes_may_have_been_lost(idle: Service) -> None:
    await store([build_merchant("shop-1")])
    feed = idle.app.state.feed
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(CHANGES)
        assert await change(client) == READ
        feed.miss()
        assert await change(client) == READ
        for number in range(MAX_WAITING + 1):
            feed.deliver(Change("merchant", build_merchant(f"other-{number}").merchant.id))
        assert await change(client) == READ
        assert await client.is_silent()


@pytest.mark.one_database
async def test_one_change_has_different_kinds_for_subscribers_with_different_filters(
    idle: Service,
) -> None:
    one = build_merchant("shop-1", name="Amber")
    await store([one])
    async with (
        socket(idle, token=idle.token()) as first,
        socket(idle, token=idle.token()) as second,
        stream(idle, CHANGES, {"filter": {"search": "clover"}}, token=idle.token()) as third,
    ):
        await first.subscribe(CHANGES, {"filter": {"search": "amber"}})
        await second.subscribe(CHANGES, {"filter": {"search": "clover"}})
        assert await change(first) == await change(second) == READ
        assert (await third.data())["merchantListChanged"] == READ
        await rename("shop-1", "Clover")
        assert await next_change(first) == ("LEFT", one.id, "Clover")
        assert await next_change(second) == ("CHANGED", one.id, "Clover")
        assert (await third.data())["merchantListChanged"]["change"] == "CHANGED"


@pytest.mark.one_database
async def test_merchant_list_changed_is_for_operators_and_services(idle: Service) -> None:
    await store([build_merchant("mine")])
    async with socket(idle, token=idle.token("merchant", "mine")) as client:
        await client.subscribe(CHANGES)
        error = (await client.receive())["payload"]["errors"][0]
        assert error["extensions"]["code"] == "FORBIDDEN"
        assert await client.receive() == {"id": "1", "type": "complete"}


@pytest.mark.one_database
async def test_an_invalid_filter_is_refused(idle: Service) -> None:
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(CHANGES, {"filter": {"country": ["Germany"]}})
        error = (await client.receive())["payload"]["errors"][0]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert error["message"] == "`filter.country` takes codes of two capital letters, such as `DE`."
