"""Events: destinations, signed thin notifications, retries, and the list of events."""

import asyncio
import json
from collections import Counter
from typing import Any

import pytest
import stripe

from simulator.events.destinations import SOURCES
from testing.processes import Simulator
from testing.waits import until
from tests.simulator.conftest import Receiver, Stripe, plain


async def subscribe(api: Stripe, url: str, **changes: Any) -> dict[str, Any]:
    """Create an event destination for connected accounts. The answer has the signing secret."""
    parameters: Any = {
        "name": "Product",
        "type": "webhook_endpoint",
        "event_payload": "thin",
        "enabled_events": ["v2.core.account.created", "v2.core.account[requirements].updated"],
        "events_from": ["@accounts"],
        "webhook_endpoint": {"url": url},
        "include": ["webhook_endpoint.signing_secret", "webhook_endpoint.url"],
        **changes,
    }
    return plain(await api.client.v2.core.event_destinations.create_async(parameters))


def secret_of(destination: dict[str, Any]) -> str:
    """Return a destination's signing secret."""
    return str(destination["webhook_endpoint"]["signing_secret"])


async def test_a_notification_is_thin_and_signed(api: Stripe, receiver: Receiver) -> None:
    destination = await subscribe(api, receiver.url)
    account = await api.create(key="key-1")
    body, header = receiver.wait(1)[0]
    notification: Any = api.client.parse_event_notification(body, header, secret_of(destination))
    assert type(notification).__name__ == "V2CoreAccountCreatedEventNotification"
    assert str(notification.context) == account["id"]
    assert notification.related_object.url == f"/v2/core/accounts/{account['id']}"
    assert notification.reason.request.idempotency_key == "key-1"
    assert notification.livemode is False
    assert set(json.loads(body)) == {
        "id",
        "object",
        "type",
        "created",
        "livemode",
        "context",
        "reason",
        "related_object",
    }
    # The async helpers of the SDK send an extra query parameter, which must be accepted.
    event = await notification.fetch_event_async()
    assert (event.id, event.type) == (notification.id, "v2.core.account.created")
    assert (await notification.fetch_related_object_async()).id == account["id"]
    with pytest.raises(stripe.SignatureVerificationError):
        api.client.parse_event_notification(body, header, "whsec_other")


async def test_only_subscribed_events_from_connected_accounts_are_sent(
    api: Stripe, sim: Simulator, receiver: Receiver
) -> None:
    await subscribe(api, receiver.url, events_from=["@self"], enabled_events=["v2.core.account.created"])
    await subscribe(api, receiver.url)
    account = await api.create()
    sim.control(f"accounts/{account['id']}", {"scenario": "activate"})
    receiver.wait(2)
    assert [one["type"] for one in sim.control("deliveries")["data"]] == [
        "v2.core.account.created",
        "v2.core.account[requirements].updated",
    ]


async def test_the_signing_secret_is_shown_once(api: Stripe, receiver: Receiver) -> None:
    destination = await subscribe(api, receiver.url)
    assert secret_of(destination).startswith("whsec_")
    service = api.client.v2.core.event_destinations
    url: Any = {"include": ["webhook_endpoint.url"]}
    assert plain(await service.retrieve_async(destination["id"]))["webhook_endpoint"] == {
        "signing_secret": None,
        "url": None,
    }
    assert plain(await service.retrieve_async(destination["id"], url))["webhook_endpoint"] == {
        "signing_secret": None,
        "url": receiver.url,
    }
    without_includes = await subscribe(api, receiver.url, include=[])
    assert without_includes["webhook_endpoint"] == {"signing_secret": None, "url": None}


async def test_a_destination_can_be_changed_and_disabled_and_enabled_and_pinged_and_deleted(
    api: Stripe, sim: Simulator, receiver: Receiver
) -> None:
    destination = await subscribe(api, receiver.url)
    service = api.client.v2.core.event_destinations
    changes: Any = {"name": "Other", "enabled_events": ["v2.core.account.closed"]}
    renamed = plain(await service.update_async(destination["id"], changes))
    assert (renamed["name"], renamed["enabled_events"]) == ("Other", ["v2.core.account.closed"])
    disabled = plain(await service.disable_async(destination["id"]))
    assert (disabled["status"], disabled["status_details"]) == ("disabled", {"disabled": {"reason": "user"}})
    await api.create()
    assert plain(await service.enable_async(destination["id"]))["status"] == "enabled"
    ping = plain(await service.ping_async(destination["id"]))
    assert [json.loads(body)["id"] for body, _ in receiver.wait(1)] == [ping["id"]]
    assert [one["type"] for one in sim.control("deliveries")["data"]] == ["v2.core.event_destination.ping"]
    assert plain(await service.delete_async(destination["id"]))["id"] == destination["id"]
    assert plain(await service.list_async())["data"] == []
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await service.retrieve_async(destination["id"])
    assert caught.value.http_status == 404


async def test_a_failed_delivery_is_retried_and_fails_after_the_last_attempt(
    api: Stripe, sim: Simulator, receiver: Receiver
) -> None:
    await subscribe(api, receiver.url, enabled_events=["v2.core.account.created"])
    receiver.answers += [500, 302, 200]
    await api.create()
    until(lambda: sim.control("deliveries")["data"][0]["status"] == "delivered")
    assert [attempt["status"] for attempt in sim.control("deliveries")["data"][0]["attempts"]] == [
        500,
        302,
        200,
    ]
    receiver.answers += [500] * 3
    account = await api.create()
    until(lambda: sim.control("deliveries")["data"][1]["status"] == "failed")
    assert len(sim.control("deliveries")["data"][1]["attempts"]) == 3
    events = await api.events(object_id=account["id"])
    assert [event["type"] for event in events] == ["v2.core.account.created"]


async def test_deliveries_can_be_held_and_duplicated_and_dropped(
    api: Stripe, sim: Simulator, receiver: Receiver
) -> None:
    await subscribe(api, receiver.url)
    sim.control("deliveries", {"mode": "hold", "duplicate": 1, "shuffle": True})
    account = await api.create()
    sim.control(f"accounts/{account['id']}", {"scenario": "activate"})
    assert receiver.received == []
    assert sim.control("deliveries/flush", {}) == {"released": 4}
    bodies = [json.loads(body)["id"] for body, _ in receiver.wait(4)]
    assert len(set(bodies)) == 2
    sim.control("deliveries", {"mode": "drop", "duplicate": 0})
    await api.create()
    assert sim.control("deliveries?status=dropped")["data"][0]["attempts"] == []
    sim.control("deliveries", {"mode": "live"})
    dropped = sim.control("deliveries?status=dropped")["data"][0]["event"]
    sim.control(f"events/{dropped}/redeliver", {})
    assert json.loads(receiver.wait(5)[4][0])["id"] == dropped


async def test_random_deliveries_are_the_same_with_the_same_seed(
    api: Stripe, sim: Simulator, receiver: Receiver
) -> None:
    await subscribe(api, receiver.url, enabled_events=["v2.core.account.updated"])
    account = await api.create()
    chance = {"seed": 7, "most_copies": 3, "jitter_seconds": 0.2, "drop_share": 0.3}

    def storm() -> list[tuple[bool, float]]:
        before = len(sim.control("deliveries")["data"])
        sim.control("deliveries", chance)
        sim.control(f"accounts/{account['id']}", {"scenario": "touch", "times": 40})
        deliveries = sim.control("deliveries")["data"][before:]
        return [(delivery["status"] == "dropped", delivery["due_in"]) for delivery in deliveries]

    first = storm()
    assert storm() == first
    assert all(0 <= due_in <= 0.2 for _, due_in in first)
    assert len({due_in for _, due_in in first}) == len(first)
    counts = sim.control("deliveries/counts")
    dropped = counts["statuses"]["dropped"]
    assert counts["events"] == 80
    assert 0 < dropped == 2 * sum(is_dropped for is_dropped, _ in first)
    until(
        lambda: (
            sim.control("deliveries/counts")["statuses"]
            == {"dropped": dropped, "delivered": 2 * len(first) - dropped}
        )
    )
    deliveries = sim.control("deliveries")["data"]
    copies = Counter(delivery["event"] for delivery in deliveries)
    assert set(copies.values()) == {1, 2, 3}
    lost = {delivery["event"] for delivery in deliveries if delivery["status"] == "dropped"}
    received = Counter(json.loads(body)["id"] for body, _ in receiver.received)
    assert received == {event: times for event, times in copies.items() if event not in lost}


async def test_the_control_plane_can_create_an_event_without_an_account(
    api: Stripe, sim: Simulator, receiver: Receiver
) -> None:
    await subscribe(api, receiver.url)
    returned = {"type": "v2.core.account_link.returned"}
    sim.control("notify", {"notification": returned, "data": {"account_id": "acct_1"}})
    notification = json.loads(receiver.wait(1)[0][0])
    assert (notification["context"], "related_object" in notification) == (None, False)
    assert "data" not in notification
    event: Any = plain(await api.client.v2.core.events.retrieve_async(notification["id"]))
    assert event["data"]["account_id"] == "acct_1"
    assert [event["id"] for event in await api.events()] == [notification["id"]]


async def test_the_control_plane_can_send_any_notification(
    api: Stripe, sim: Simulator, receiver: Receiver
) -> None:
    secret = secret_of(await subscribe(api, receiver.url))
    parse = api.client.parse_event_notification
    odd = {"type": "v9.unheard.of", "livemode": True}
    sim.control("notify", {"notification": odd})
    parsed = parse(*receiver.wait(1)[0], secret)
    assert (type(parsed).__name__, parsed.livemode) == ("UnknownEventNotification", True)
    sim.control("notify", {"secret": "whsec_wrong"})
    with pytest.raises(stripe.SignatureVerificationError):
        parse(*receiver.wait(2)[1], secret)
    sim.control("notify", {"stale_seconds": 301})
    with pytest.raises(stripe.SignatureVerificationError, match="tolerance"):
        parse(*receiver.wait(3)[2], secret)
    sim.control("notify", {"payload": "not json"})
    assert receiver.wait(4)[3][0] == b"not json"


async def test_events_are_listed_newest_first_and_filtered(api: Stripe, sim: Simulator) -> None:
    first = await api.create()
    sim.control("clock", {"advance_seconds": 10})
    second = await api.create()
    sim.control(f"accounts/{first['id']}", {"scenario": "touch", "times": 3})
    created = await api.events(types=["v2.core.account.created"])
    assert [event["context"] for event in created] == [second["id"], first["id"]]
    assert len(await api.events(object_id=first["id"])) == 4
    since = await api.events(created={"gte": created[0]["created"]})
    assert len(since) == 4
    assert len(await api.events(created={"lt": created[0]["created"]})) == 1
    page: Any = await api.client.v2.core.events.list_async(
        {"limit": 1, "types": ["v2.core.account.updated", "v2.core.account.created"]}
    )
    assert len([event async for event in page.auto_paging_iter()]) == 5
    sim.control("clock", {"advance_seconds": 31 * 86400})
    assert await api.events() == []


async def test_the_control_plane_can_hide_events_from_the_list(api: Stripe, sim: Simulator) -> None:
    await api.create()
    sim.control("lists", {"hide_events": True})
    assert await api.events() == []
    sim.control("lists", {"lag_seconds": 0})
    assert await api.events() == []
    sim.control("lists", {"hide_events": False})
    assert [event["type"] for event in await api.events()] == ["v2.core.account.created"]


async def test_many_events_are_listed_page_by_page(api: Stripe, sim: Simulator) -> None:
    account = await api.create()
    sim.control(f"accounts/{account['id']}", {"scenario": "touch", "times": 1_000})
    newest: Any = await api.client.v2.core.events.list_async({"limit": 1})
    path = f"/v2/core/events?limit=100&created[lte]={newest.data[0].created}"
    sizes = []
    headers = {"Authorization": "Bearer sk_test_simulated"}
    while path:
        page = sim.client.get(path, headers=headers).json()
        sizes.append(len(page["data"]))
        path = page["next_page_url"]
    assert sizes == [100] * 10 + [1]


async def test_a_notification_can_arrive_before_the_answer(
    api: Stripe, sim: Simulator, receiver: Receiver
) -> None:
    await subscribe(api, receiver.url)
    sim.control("faults", {"path": "/v2/core/accounts", "kind": "delay_after", "seconds": 0.4})
    creating = asyncio.create_task(api.create())
    await asyncio.to_thread(receiver.wait, 1)
    assert not creating.done()
    assert json.loads(receiver.received[0][0])["context"] == (await creating)["id"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"enabled_events": ["*"]},
            "enabled_events: thin event destinations do not support selecting all event types",
        ),
        (
            {"enabled_events": ["v2.core.acount.updated"]},
            "enabled_events: 'v2.core.acount.updated' is not an event type",
        ),
        (
            {"events_from": ["@acounts"]},
            f"events_from: '@acounts' is not one of {', '.join(SOURCES)}",
        ),
    ],
)
async def test_a_thin_destination_of_all_types_or_of_an_unknown_type_or_source_is_refused(
    api: Stripe, receiver: Receiver, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await subscribe(api, receiver.url, **changes)
    assert caught.value.user_message == message
    assert plain(await api.client.v2.core.event_destinations.list_async())["data"] == []
    if "enabled_events" in changes:
        destination = await subscribe(api, receiver.url)
        update: Any = {"enabled_events": changes["enabled_events"]}
        with pytest.raises(stripe.InvalidRequestError):
            await api.client.v2.core.event_destinations.update_async(destination["id"], update)
