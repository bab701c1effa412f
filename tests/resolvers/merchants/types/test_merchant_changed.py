"""merchantChanged sends the current state, then newer states, to callers that may see the merchant."""

import contextlib
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from connect.merchants.mirror import mirror
from models import ConnectedAccount, Merchant
from testing.merchants import EVERY_FIELD, build_merchant, rename, store
from testing.service import Service, eventually
from testing.statements import recorded
from testing.subscribers import LATEST_ENTRY, STATUS, has_no_watchers, socket, stream

CLOSE = 'mutation { closeMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'
NAME = "subscription ($id: String!) { merchantChanged(by: {externalId: $id}) { displayName } }"
EVERYTHING = f"subscription ($by: MerchantRef!) {{ merchantChanged(by: $by) {{ {EVERY_FIELD} }} }}"
READ = f"query ($by: MerchantRef!) {{ merchant(by: $by) {{ {EVERY_FIELD} }} }}"
ALIASES = """
subscription { x: merchantChanged(by: {externalId: "shop-1"}) { ...F y: __typename } }
fragment F on Merchant { z: status }
"""
NONE = {
    "data": None,
    "errors": [{"message": "There is no such merchant.", "extensions": {"code": "NOT_FOUND"}}],
}


def without_request_id(payload: dict[str, Any]) -> dict[str, Any]:
    for error in payload["errors"]:
        assert len(error["extensions"].pop("requestId")) == 32
    return payload


async def test_the_current_state_comes_first_and_then_each_change(service: Service) -> None:
    await service.create("shop-1")
    await service.create("shop-2")
    async with (
        socket(service, token=service.token()) as client,
        stream(service, STATUS, {"id": "shop-1"}, token=service.token("merchant", "shop-1")) as events,
    ):
        await client.subscribe(STATUS, {"id": "shop-1"})
        assert await client.data() == {"merchantChanged": {"status": "ONBOARDING"}}
        assert await events.data() == {"merchantChanged": {"status": "ONBOARDING"}}
        await service.graphql(CLOSE)
        assert await client.data() == {"merchantChanged": {"status": "CLOSED"}}
        assert await events.data() == {"merchantChanged": {"status": "CLOSED"}}


@pytest.mark.one_database
async def test_a_message_equals_the_answer_to_a_query(idle: Service) -> None:
    await idle.create("shop-1")
    account = (await idle.merchant("shop-1", "account { stripeAccountId }"))["account"]["stripeAccountId"]
    key = (await idle.merchant("shop-1", "id"))["id"]
    async with socket(idle, token=idle.token()) as client:
        for number, by in enumerate(({"externalId": "shop-1"}, {"id": key}, {"stripeAccountId": account})):
            await client.subscribe(EVERYTHING, {"by": by}, id=str(number))
            message = (await client.data(id=str(number)))["merchantChanged"]
            assert message == (await idle.graphql(READ, {"by": by}))["merchant"]
            await client.send("complete", id=str(number))
        await client.subscribe(ALIASES)
        assert await client.data() == {"x": {"z": "ONBOARDING", "y": "Merchant"}}


async def test_each_message_reads_the_timeline_again(idle: Service) -> None:
    await idle.create("shop-1")
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(LATEST_ENTRY, {"id": "shop-1"})
        result = await client.data()
        assert result["merchantChanged"]["timeline"]["edges"] == [{"node": {"kind": "STATUS_CHANGED"}}]
        await idle.graphql(
            'mutation { refreshMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'
        )
        result = await client.data()
        assert result["merchantChanged"]["timeline"]["edges"] == [{"node": {"kind": "REFRESHED"}}]


@pytest.mark.one_database
async def test_a_fetch_without_changes_sends_no_message(idle: Service) -> None:
    await idle.create("shop-1")
    account = await ConnectedAccount.get()
    query = (
        'subscription { merchantChanged(by: {externalId: "shop-1"}) { displayName freshness { source } } }'
    )
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(query)
        assert (await client.data())["merchantChanged"]["freshness"] == {"source": "create"}
        await mirror.refresh(idle.app.state.gateway, account, "sweep")
        assert (await idle.merchant("shop-1", "freshness { source }"))["freshness"] == {"source": "sweep"}
        assert await client.is_silent()
        await rename("shop-1", "Renamed")
        result = (await client.data())["merchantChanged"]
        assert result == {"displayName": "Renamed", "freshness": {"source": "sweep"}}


@pytest.mark.one_database
async def test_after_a_close_the_first_fetch_removes_the_capabilities(idle: Service) -> None:
    await idle.create("shop-1")
    account = await ConnectedAccount.get()
    query = 'subscription { merchantChanged(by: {externalId: "shop-1"}) { status capabilities { name } } }'
    capabilities = [{"name": "card_payments"}, {"name": "stripe_balance.payouts"}]
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(query)
        message = (await client.data())["merchantChanged"]
        assert message == {"status": "ONBOARDING", "capabilities": capabilities}
        await idle.graphql(CLOSE)
        message = (await client.data())["merchantChanged"]
        assert message == {"status": "CLOSED", "capabilities": capabilities}
        await mirror.refresh(idle.app.state.gateway, account, "webhook")
        assert (await client.data())["merchantChanged"] == {"status": "CLOSED", "capabilities": []}
        await mirror.refresh(idle.app.state.gateway, account, "webhook")
        assert await client.is_silent()


async def test_an_uncommitted_change_sends_no_message(idle: Service) -> None:
    await store([build_merchant("shop-1", "active")])
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(NAME, {"id": "shop-1"})
        assert await client.data() == {"merchantChanged": {"displayName": "Shop shop-1"}}
        with contextlib.suppress(ZeroDivisionError):
            async with in_transaction():
                await rename("shop-1", "Never")
                raise ZeroDivisionError
        await rename("shop-1", "After")
        assert await client.data() == {"merchantChanged": {"displayName": "After"}}


@pytest.mark.slow
async def test_a_burst_ends_with_the_newest_state_and_sends_no_older_one(idle: Service) -> None:
    await store([build_merchant("shop-1", "active")])
    async with (
        socket(idle, token=idle.token()) as client,
        stream(idle, NAME, {"id": "shop-1"}, token=idle.token()) as events,
    ):
        await client.subscribe(NAME, {"id": "shop-1"})
        await client.data()
        await events.data()
        for number in range(100, 200):
            await rename("shop-1", str(number))
        for listener in (client, events):
            seen = [0]
            while seen[-1] != 199:
                seen.append(int((await listener.data())["merchantChanged"]["displayName"]))
            assert seen == sorted(set(seen))


@pytest.mark.one_database
async def test_a_merchant_can_watch_only_itself(idle: Service) -> None:
    await store([build_merchant("mine", "active"), build_merchant("other", "active")])
    async with socket(idle, token=idle.token("merchant", "mine")) as client:
        await client.subscribe(NAME, {"id": "mine"}, id="mine")
        assert await client.data(id="mine") == {"merchantChanged": {"displayName": "Shop mine"}}
        for name in ("other", "nobody", "", "\x00", "x" * 300):
            await client.subscribe(NAME, {"id": name}, id="other")
            message = await client.receive()
            assert message["type"] == "next"
            assert without_request_id(message["payload"]) == NONE, name
            assert await client.receive() == {"id": "other", "type": "complete"}
        await rename("other", "Secret")
        await rename("mine", "Known")
        assert await client.data(id="mine") == {"merchantChanged": {"displayName": "Known"}}


async def test_a_subscriber_that_loses_access_gets_no_more_messages(idle: Service) -> None:
    await store([build_merchant("mine", "active")])
    async with (
        socket(idle, token=idle.token("merchant", "mine")) as client,
        stream(idle, NAME, {"id": "mine"}, token=idle.token("merchant", "mine")) as events,
        socket(idle, token=idle.token()) as operator,
    ):
        await client.subscribe(NAME, {"id": "mine"})
        await operator.subscribe(NAME, {"id": "mine"})
        for listener in (client, events, operator):
            assert await listener.data() == {"merchantChanged": {"displayName": "Shop mine"}}
        await Merchant.all().update(external_id="theirs")  # the token now names a missing merchant
        await rename("theirs", "Secret")
        assert await operator.data() == {"merchantChanged": {"displayName": "Secret"}}
        message = await client.receive()
        assert without_request_id(message["payload"]) == NONE
        assert await client.receive() == {"id": "1", "type": "complete"}
        event, payload = await events.receive()
        assert (event, without_request_id(payload)) == ("next", NONE)
        assert await events.receive() == ("complete", "")
    await eventually(lambda: has_no_watchers(idle))


async def test_the_removal_of_the_merchant_ends_the_subscription(idle: Service) -> None:
    idle.simulator.control(
        "faults", {"status": 503, "headers": {"Stripe-Should-Retry": "false"}, "times": 100}
    )
    await idle.create("shop-1")
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(STATUS, {"id": "shop-1"})
        assert await client.data() == {"merchantChanged": {"status": "CREATING"}}
        idle.simulator.control("faults", method="DELETE")
        refusal = {"status": 400, "body": {"error": {"code": "no", "message": "Stripe says no."}}, "times": 1}
        idle.simulator.control("faults", refusal)
        assert (await idle.create("shop-1"))["__typename"] == "StripeRefusedError"
        assert without_request_id((await client.receive())["payload"]) == NONE
        assert await client.receive() == {"id": "1", "type": "complete"}


@pytest.mark.one_database
async def test_equal_operations_share_one_execution(idle: Service) -> None:
    await store([build_merchant("shop-1", "active")])
    async with contextlib.AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(socket(idle, token=idle.token())) for _ in range(20)]
        for client in clients:
            await client.subscribe(LATEST_ENTRY, {"id": "shop-1"})
            await client.data()
        other = await stack.enter_async_context(socket(idle, token=idle.token("service")))
        await other.subscribe(LATEST_ENTRY, {"id": "shop-1"})
        await other.data()
        with recorded() as statements:
            await rename("shop-1", "New")
            for client in [*clients, other]:
                await client.data()
        # All subscribers share one read of the merchant. The operators share one execution, and the service
        # has an execution of its own.
        assert len([text for text in statements.texts if "row_version, document FROM merchant" in text]) == 1
        assert len([text for text in statements.texts if "timeline_entry" in text]) == 2


@pytest.mark.one_database
async def test_shared_executions_do_not_share_answers_that_depend_on_the_caller(service: Service) -> None:
    await service.create("shop-1")
    query = """
      subscription ($id: String!) {
        merchantChanged(by: {externalId: $id}) { status timeline(first: 1) { edges { node { kind actor } } } }
      }
    """
    async with (
        socket(service, token=service.token()) as operator,
        socket(service, token=service.token("service")) as another,
        socket(service, token=service.token("merchant", "shop-1")) as merchant,
    ):
        for client in operator, another, merchant:
            await client.subscribe(query, {"id": "shop-1"})
            await client.data()
        await service.graphql(
            'mutation { closeMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'
        )
        messages = [(await client.data())["merchantChanged"] for client in (operator, another, merchant)]
    assert [result["status"] for result in messages] == ["CLOSED"] * 3
    entries = [result["timeline"]["edges"][0]["node"] for result in messages]
    assert [entry["actor"] for entry in entries] == [
        "development-operator",
        "development-operator",
        "platform",
    ]


@pytest.mark.slow
async def test_a_slow_client_gets_the_newest_state(idle: Service) -> None:
    await store([build_merchant("shop-1", "active")])
    # Storing a long name is slow, so each message has the name several times.
    repeated = " ".join(f"name{number}: displayName" for number in range(20))
    async with socket(idle, token=idle.token(), max_queue=1, max_size=None) as client:
        await client.subscribe(NAME.replace("displayName", repeated), {"id": "shop-1"})
        await client.data()
        for number in range(50):
            # Together, the names are larger than all buffers between the service and the client.
            await rename("shop-1", f"{number:03d}" * 5_000)
        received = 0
        while not (await client.data())["merchantChanged"]["name0"].startswith("049"):
            received += 1
        assert received < 48
        await rename("shop-1", "after")
        assert (await client.data())["merchantChanged"]["name19"] == "after"


@pytest.mark.by_hand
async def test_after_a_gap_only_missed_changes_are_sent(idle: Service) -> None:
    await store([build_merchant("shop-1", "active")])
    feed = idle.app.state.feed
    async with socket(idle, token=idle.token()) as client:
        await client.subscribe(NAME, {"id": "shop-1"})
        await client.data()
        await Merchant.all().update(display_name="Missed", row_version=9)  # without a notification
        assert await client.is_silent()
        document = (await Merchant.get()).document.replace("Shop shop-1", "Missed")
        await Merchant.all().update(document=document)
        feed.miss()  # simulates a lost connection
        assert await client.data() == {"merchantChanged": {"displayName": "Missed"}}
        feed.miss()
        assert await client.is_silent()  # the client already has this state
