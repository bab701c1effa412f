"""The mirror of services follows events, failed renewals, the end of the grace, and the sweep."""

import dataclasses
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connect.errors import ServiceRunning, StripeUnavailable
from connect.events import inbox
from connect.events.handlers import HANDLERS, with_grace
from connect.merchants import accounts
from connect.platform import periodic
from connect.services import events, mirror
from models import ConnectedAccount, Merchant, Service, StripeEvent, TimelineEntry, now
from testing.merchants import build_merchant, store
from testing.subscriptions import Biller, submit
from tests.connect.conftest import SHOP

POLICY = inbox.Policy(debounce=0, lease=30, first_pause=0, max_attempts=4)
DAY = timedelta(days=1)


async def deliver(biller: Biller, handlers: inbox.Handlers = HANDLERS) -> list[str]:
    """Deliver the new events of services, and let a worker handle them. Returns the types, oldest first."""
    at = datetime.now(UTC)
    pages = biller.shop.gateway.events(at - DAY, at + 90 * DAY, events.TYPES)
    found: list[dict[str, Any]] = [event async for page in pages for event in page][::-1]
    rows = [inbox.arrival(one, json.dumps(one).encode(), HANDLERS, livemode=False) for one in found]
    new = await inbox.record(rows, POLICY)
    while await inbox.work(biller.shop.gateway, "worker", POLICY, handlers):
        pass
    return [one["type"].removeprefix("v1.") for one in found if one["id"] in new]


async def subscribe(biller: Biller) -> str:
    """Begin the subscription. Returns its id."""
    submit((await biller.start()).url)
    await deliver(biller)
    identifier = (await biller.service()).stripe_subscription_id
    assert identifier is not None
    return identifier


async def test_the_events_of_a_service_add_it_to_the_merchants_document(biller: Biller) -> None:
    assert await biller.document() is None
    before = (await Merchant.get(id=biller.shop.merchant.id)).row_version
    identifier = await subscribe(biller)
    service = await biller.document()
    assert (service["stripeSubscriptionId"], service["access"]) == (identifier, "FULL")
    handled = await StripeEvent.all()
    assert {(event.state, event.stripe_account_id) for event in handled} == {("HANDLED", biller.shop.account)}
    # An event about a merchant's own customers causes no call. A replayed event finds the service again.
    calls = biller.shop.calls
    foreign = StripeEvent(type="v1.invoice.paid", subject_key="in_1", stripe_account_id="acct_other")
    assert (await events.handle(biller.shop.gateway, [foreign])).ignored == inbox.FOREIGN
    assert biller.shop.calls == calls
    again = await events.handle(biller.shop.gateway, [handled[-1]])
    assert again.merchant_id == biller.shop.merchant.id
    assert (await Merchant.get(id=biller.shop.merchant.id)).row_version > before


async def test_a_failed_renewal_starts_dunning_and_is_settled_on_the_invoice_page(biller: Biller) -> None:
    identifier = await subscribe(biller)
    biller.shop.simulator.control(f"subscriptions/{identifier}", {"scenario": "card"})
    biller.shop.simulator.control(f"subscriptions/{identifier}", {"scenario": "renew"})
    assert "invoice.payment_failed" in await deliver(biller)
    late = await biller.document()
    dunning = late["dunning"]
    assert (late["status"], late["access"], dunning["attempts"]) == ("PAST_DUE", "GRACE", 1)
    assert dunning["nextAttemptAt"] is not None
    submit(dunning["invoices"][0]["hostedUrl"])
    assert "invoice.paid" in await deliver(biller)
    paid = await biller.document()
    assert (paid["status"], paid["access"], paid["dunning"], paid["graceUntil"]) == (
        *("ACTIVE", "FULL"),
        *(None, None),
    )


@pytest.mark.slow
async def test_a_sent_invoice_is_dunned_from_its_due_date(biller: Biller) -> None:
    """In the Dashboard or with its own call, a platform can create a subscription whose invoices are sent."""
    submit((await biller.start()).url)  # this makes the account a customer
    await deliver(biller)
    identifier = (await biller.service()).stripe_subscription_id
    biller.shop.simulator.control(f"subscriptions/{identifier}", {"scenario": "cancel"})
    await biller.order(collection_method="send_invoice", days_until_due=10)
    await deliver(biller)
    sent = await biller.document()
    assert (sent["status"], sent["collectionMethod"], sent["daysUntilDue"]) == ("ACTIVE", "SEND_INVOICE", 10)
    biller.shop.simulator.control("clock", {"advance_seconds": 3700})
    await deliver(biller)
    waiting = await biller.document()
    assert (waiting["summary"], waiting["dunning"]) == (
        "The subscription is active. An invoice is not paid yet.",
        None,
    )
    assert waiting["invoices"][0]["dueAt"] is not None
    biller.shop.simulator.control("clock", {"advance_seconds": 10 * 86400})
    await deliver(biller)
    late = await biller.document()
    (invoice,) = late["dunning"]["invoices"]
    assert (late["status"], late["access"], late["summary"]) == (
        "PAST_DUE",
        "GRACE",
        "An invoice is overdue. Paying the open invoice settles it.",
    )
    assert (late["dunning"]["attempts"], late["dunning"]["overdueSince"]) == (0, invoice["dueAt"])
    submit(invoice["hostedUrl"])
    await deliver(biller)
    assert (await biller.document())["status"] == "ACTIVE"


async def test_the_timeline_records_the_changes_of_a_service(biller: Biller) -> None:
    async def told() -> list[tuple[object, object]]:
        rows = await TimelineEntry.filter(kind="SERVICE_CHANGED").order_by("id")
        return [((row.after or {}).get("status"), (row.after or {}).get("access")) for row in rows]

    identifier = await subscribe(biller)
    play = f"subscriptions/{identifier}"
    biller.shop.simulator.control(play, {"scenario": "renew"})
    await deliver(biller)
    assert await told() == [("ACTIVE", "FULL")]  # the renewal was paid
    biller.shop.simulator.control(play, {"scenario": "card"})
    biller.shop.simulator.control(play, {"scenario": "renew"})
    await deliver(biller)
    submit((await biller.document())["dunning"]["invoices"][0]["hostedUrl"])
    await deliver(biller)
    biller.shop.simulator.control(play, {"scenario": "cancel"})
    await deliver(biller)
    await mirror.refresh(biller.shop.gateway, await biller.service())  # the fetch shows no change
    assert await told() == [
        ("ACTIVE", "FULL"),
        ("PAST_DUE", "GRACE"),
        ("ACTIVE", "FULL"),
        ("CANCELED", "NONE"),
    ]


async def test_access_ends_with_the_grace_even_though_stripe_sends_no_event(biller: Biller) -> None:
    identifier = await subscribe(biller)
    biller.shop.simulator.control(f"subscriptions/{identifier}", {"scenario": "card"})
    biller.shop.simulator.control(f"subscriptions/{identifier}", {"scenario": "renew"})
    await deliver(biller)
    assert await mirror.end_graces() == 0
    service = await biller.service()
    assert service.snapshot is not None
    earlier = json.loads(service.snapshot)
    for invoice in earlier["invoices"]:
        invoice["finalized_at"] = (await now() - 15 * DAY).isoformat()
    past = {"snapshot": json.dumps(earlier), "grace_until": await now() - DAY}
    await Service.filter(id=service.id).update(**past)
    assert await mirror.end_graces() == 1
    assert (await biller.document())["access"] == "NONE"
    last = await TimelineEntry.filter(kind="SERVICE_CHANGED").order_by("-id").first()
    assert last is not None
    assert last.after == {"access": "NONE"}
    assert await mirror.end_graces() == 0
    # If a fetch shows only a newer overdue invoice, no new grace period begins.
    await mirror.refresh(biller.shop.gateway, await biller.service())
    assert (await biller.document())["access"] == "NONE"


@pytest.mark.slow
async def test_the_platform_sets_the_length_of_the_grace(biller: Biller) -> None:
    identifier = await subscribe(biller)
    biller.shop.simulator.control(f"subscriptions/{identifier}", {"scenario": "card"})
    biller.shop.simulator.control(f"subscriptions/{identifier}", {"scenario": "renew"})
    await deliver(biller, with_grace(0 * DAY))
    assert (await biller.document())["access"] == "NONE"
    # After the setting changes, the next fetch sets the new grace period, and the sweep ends it.
    await Service.all().update(synced_at=await now() - DAY)
    assert await mirror.sweep(biller.shop.gateway, "worker", grace=2 * DAY) == 1
    until = (await biller.service()).grace_until
    assert until is not None
    assert until - await now() < 2 * DAY
    await Service.all().update(grace_until=await now())
    await periodic.hasten(mirror.TASK)
    assert await mirror.sweep(biller.shop.gateway, "worker", grace=0 * DAY) == 1
    assert (await biller.document())["access"] == "NONE"
    with pytest.raises(ServiceRunning):
        await biller.start(grace=3 * DAY)
    assert (await biller.document())["access"] == "GRACE"


async def test_the_sweep_finds_a_change_without_an_event(biller: Biller) -> None:
    identifier = await subscribe(biller)
    biller.shop.simulator.control(f"subscriptions/{identifier}", {"scenario": "cancel"})
    assert await mirror.sweep(biller.shop.gateway, "worker") == 0
    await Service.all().update(synced_at=await now() - DAY)
    assert await mirror.sweep(biller.shop.gateway, "other") == 0  # the sweep runs once a minute
    await periodic.hasten(mirror.TASK)
    assert await mirror.sweep(biller.shop.gateway, "worker") == 1
    assert (await biller.document())["status"] == "CANCELED"


async def add_services(number: int, **columns: Any) -> None:
    """Store merchants with services. Stripe has no subscriptions for them."""
    built = [build_merchant(f"other-{index}") for index in range(number)]
    await store(built)
    for one in built:
        account = f"acct_{one.merchant.external_id}"
        await Service.create(merchant_id=one.merchant.id, stripe_account_id=account, **columns)


@pytest.mark.parametrize(("status", "fetched"), [(400, [1, 1, 0]), (401, [0, 1, 1])])
async def test_a_service_that_cannot_be_fetched_does_not_delay_the_others(
    biller: Biller, status: int, fetched: list[int]
) -> None:
    """A refusal with status 400 concerns only this service. One with status 401 concerns all services."""
    await subscribe(biller)
    await Service.all().update(synced_at=None)
    await add_services(1)
    error = {"type": "invalid_request_error", "message": "This account is not a customer."}
    place = {"method": "GET", "path": "/v1/subscriptions"}
    biller.shop.simulator.control("faults", {**place, "status": status, "body": {"error": error}})
    counts = []
    for _ in fetched:
        counts.append(await mirror.sweep(biller.shop.gateway, "worker"))
        await periodic.hasten(mirror.TASK)
    assert counts == fetched
    first, last = await Service.all().order_by("synced_at")
    assert (first.is_open, last.is_open) == (False, True)


async def test_a_sweep_ends_every_grace_period_that_is_over(biller: Biller) -> None:
    late = json.dumps(
        {"id": "sub_1", "status": "past_due", "overdue_since": (await now() - 15 * DAY).isoformat()}
    )
    await add_services(
        mirror.BATCH + 1, snapshot=late, is_open=True, grace_until=await now(), synced_at=await now()
    )
    assert await mirror.sweep(biller.shop.gateway, "worker") == mirror.BATCH + 1
    assert not await Service.exists(grace_until__isnull=False)


@pytest.mark.slow
async def test_after_a_full_batch_the_next_sweep_is_due_at_once(biller: Biller) -> None:
    await add_services(mirror.BATCH + 1, synced_at=None)
    assert await mirror.sweep(biller.shop.gateway, "worker") == mirror.BATCH
    assert await mirror.sweep(biller.shop.gateway, "worker") == 1
    assert await mirror.sweep(biller.shop.gateway, "worker") == 0


async def test_the_sweep_finds_the_subscription_of_an_adopted_account(biller: Biller) -> None:
    await subscribe(biller)
    await Service.all().delete()
    await Merchant.all().update(service=None)
    assert await mirror.sweep(biller.shop.gateway, "worker") == 1
    assert (await biller.document())["status"] == "ACTIVE"
    await periodic.hasten(mirror.TASK)
    assert await mirror.sweep(biller.shop.gateway, "worker") == 0


async def test_an_older_fetch_is_dropped(biller: Biller) -> None:
    await subscribe(biller)
    service = await biller.service()
    old = await mirror.write(service, None, service.fetch_applied, await now())
    assert old.is_open
    assert (await biller.document())["status"] == "ACTIVE"


async def test_an_event_about_a_former_account_updates_the_merchants_service(new_biller: Biller) -> None:
    biller, old = new_biller, new_biller.shop.account
    page = await biller.start()
    german = dataclasses.replace(SHOP, country="DE", display_name="Laden")
    await accounts.replace(biller.shop.gateway, biller.shop.merchant, old, german, actor="tests")
    before = await biller.service()
    await mirror.ensure(await ConnectedAccount.get(merchant_id=biller.shop.merchant.id))
    # The answer about the old account is not written, and the caller gets an error.
    with pytest.raises(StripeUnavailable):
        await mirror.refresh(biller.shop.gateway, before)
    submit(page.url)
    await deliver(biller)
    assert (await biller.document())["status"] == "ACTIVE"
    assert (await biller.service()).stripe_account_id == old


async def test_events_of_an_account_without_a_merchant_are_ignored(biller: Biller) -> None:
    identifier = await subscribe(biller)
    await Service.all().delete()
    await Merchant.filter(id=biller.shop.merchant.id).delete()
    biller.shop.simulator.control(f"subscriptions/{identifier}", {"scenario": "cancel"})
    await deliver(biller)
    last = await StripeEvent.filter(type="v1.customer.subscription.deleted").get()
    assert (last.state, last.last_error) == ("IGNORED", inbox.FOREIGN)
