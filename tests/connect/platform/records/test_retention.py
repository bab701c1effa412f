"""One process at a time removes expired data in batches, and keeps data that is still needed."""

import asyncio
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from tortoise.connection import get_connection
from tortoise.models import Model
from tortoise.transactions import in_transaction

from connect.events import inbox, reconcile
from connect.platform.records import retention
from connect.platform.records.retention import Part, Rule
from connect.platform.records.retention_rules import DEFAULTS, REQUESTS, RULES
from models import (
    ClientUse,
    EventEndpoint,
    Merchant,
    Notice,
    OnboardingLink,
    OutgoingDelivery,
    OutgoingEvent,
    Payment,
    PaymentCreation,
    PaymentEntry,
    PeriodicTask,
    ProblemOccurrence,
    StripeEvent,
    TimelineEntry,
    now,
    outage,
    past_uuid7,
    uuid7,
)
from models.account import StripeRequest
from testing.merchants import NOW, build_event, build_merchant, store
from testing.stored_payments import add_payment

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)
NONE: Mapping[str, int] = dict.fromkeys(DEFAULTS, 0)


async def an_id(days: float) -> uuid.UUID:
    """Return an id as if its row was created this number of days ago."""
    return past_uuid7(await now() - days * DAY)


async def run(
    days: Mapping[str, int] = DEFAULTS, batch: int = retention.BATCH, worker: str = "a"
) -> int | None:
    return await retention.run(worker, RULES, days, first_in=retention.NOW, batch=batch, pause_seconds=0)


async def column(model: type[Model], name: str) -> list[Any]:
    return sorted(await model.all().values_list(name, flat=True))


async def add_events(*states: str, days: float) -> None:
    events = [build_event(number, state=state) for number, state in enumerate(states)]
    for event in events:
        event.id = await an_id(days)
        event.stripe_event_id = f"evt_{event.id.hex}"
    await StripeEvent.bulk_create(events)


async def add_merchant() -> Merchant:
    built = build_merchant("shop")
    await store([built])
    return built.merchant


async def test_each_rule_removes_its_expired_rows_and_keeps_the_others() -> None:
    merchant, at = await add_merchant(), await now()
    await add_events("HANDLED", "IGNORED", "PENDING", "FAILED", days=91)
    await add_events("HANDLED", days=89)
    for days, kind in ((1096, "REFRESHED"), (1096, "CAPABILITY_CHANGED"), (1094, "REFRESHED")):
        key = await an_id(days)
        await TimelineEntry.create(id=key, merchant_id=merchant.id, at=at, kind=kind, message="")
    for days in (31, 29):
        await OnboardingLink.create(
            id=await an_id(days),
            merchant_id=merchant.id,
            address_hash=str(days),
            browser_hash="",
            return_to="",
            collect="",
            created_at=at,
        )
    for days, ended in ((100, 91), (100, 89), (100, None)):
        await ProblemOccurrence.create(
            id=await an_id(days),
            code="EVENTS_FAILED",
            message="",
            count=1,
            highest_count=1,
            first_seen_at=at,
            last_seen_at=at,
            ended_at=at - ended * DAY if ended else None,
        )
    for days in (91, 89):
        day = (at - days * DAY).date()
        use: dict[str, Any] = {"client": "app", "version": "", "operations": 1, "last_used_at": at}
        await ClientUse.create(id=await an_id(days), day=day, **use)

    sent, waiting = OutgoingEvent(id=await an_id(91)), OutgoingEvent(id=await an_id(91))
    for place, event in enumerate((sent, waiting)):
        event.position, event.type, event.sequence, event.data, event.created_at = place, "test", 1, "{}", at
        await event.save(force_create=True)
    endpoint = await EventEndpoint.create(
        url="", description="", secret="", state_since=at, created_at=at, updated_at=at
    )
    await OutgoingDelivery.create(endpoint_id=endpoint.id, event_id=waiting.id, run_at=at)
    for days, ended in ((100, 91), (100, 89), (100, None)):
        notice: dict[str, Any] = {"id": await an_id(days), "key": str(ended), "kind": "RESTRICTED"}
        notice |= {"merchant_id": merchant.id, "subject_id": merchant.id, "created_at": at}
        await Notice.create(**notice, resolved_at=at - ended * DAY if ended else None)

    expected = {"events": 2, "timelines": 1, "links": 1, "payers": 0, "requests": 0}
    expected |= {"problems": 1, "clients": 1, "outgoing": 2, "audit": 0}
    assert await retention.due(RULES, DEFAULTS) == expected
    assert await retention.due(RULES, NONE) == NONE
    assert await run(NONE) == 0
    await retention.restart()
    reported: list[Mapping[str, int]] = []

    async def report(total: Mapping[str, int]) -> None:
        reported.append(total)

    await retention.run("a", RULES, DEFAULTS, report=report, first_in=retention.NOW, pause_seconds=0)
    assert reported == [{name: number for name, number in expected.items() if number}]
    assert await retention.due(RULES, DEFAULTS) == NONE
    assert await column(StripeEvent, "state") == ["FAILED", "HANDLED", "PENDING"]
    assert await column(TimelineEntry, "kind") == [
        "CAPABILITY_CHANGED",
        "REFRESHED",
    ]
    assert await column(OnboardingLink, "address_hash") == ["29"]
    assert await ProblemOccurrence.all().count() == 2
    assert await ClientUse.all().count() == 1
    assert await column(OutgoingEvent, "id") == [waiting.id]
    assert await column(Notice, "key") == ["89", "None"]
    assert await run() is None  # the next pass is due in a day


async def test_deliveries_expire_with_their_events_if_the_endpoint_is_not_enabled() -> None:
    at, places = await now(), iter(range(2))
    for state in ("ENABLED", "DISABLED"):
        endpoint = await EventEndpoint.create(
            url="", description="", secret="", state=state, state_since=at, created_at=at, updated_at=at
        )
        event = await OutgoingEvent.create(
            id=await an_id(91), position=next(places), type="test", sequence=1, data=state, created_at=at
        )
        await OutgoingDelivery.create(
            id=await an_id(91), endpoint_id=endpoint.id, event_id=event.id, run_at=at
        )
    assert await retention.due(RULES, DEFAULTS) == {**NONE, "outgoing": 2}
    await run()
    assert await column(OutgoingEvent, "data") == ["ENABLED"]
    assert await OutgoingDelivery.all().count() == 1


async def test_the_payers_data_is_removed_and_the_amounts_stay() -> None:
    merchant = await add_merchant()
    age = NOW - await now() + 731 * DAY
    paid = await add_payment(merchant, "paid", age=age)
    disputed = await add_payment(merchant, "disputed", "disputed", age=age)
    await add_payment(merchant, "new", age=age - 2 * DAY)
    request: dict[str, Any] = {
        "merchant_id": merchant.id,
        "stripe_account_id": paid.stripe_account_id,
        "input": '{"metadata": "Jenny"}',
        "body": '{"metadata": "Jenny"}',
        "run_at": NOW,
        "created_at": NOW,
    }
    for number, (payment, state) in enumerate([(paid, "SUCCEEDED"), (disputed, "SUCCEEDED")]):
        await PaymentCreation.create(
            id=await an_id(731),
            idempotency_key=str(number),
            payment_id=payment.id,
            external_id=payment.external_id,
            kind="INTENT",
            state=state,
            **request,
        )
        await PaymentEntry.create(
            id=await an_id(1100), payment_id=payment.id, at=NOW, kind="CREATED", message=""
        )
    before = json.loads(paid.document)
    assert (paid.last4, before["method"]["last4"]) == ("4242", "4242")
    assert await retention.due(RULES, DEFAULTS) == {**NONE, "payers": 1, "requests": 2, "timelines": 1}
    await run()

    row = await Payment.get(id=paid.id)
    after = json.loads(row.document)
    assert (row.last4, row.payer_email_hash, after["method"]["last4"]) == (None, None, None)
    assert (after["description"], after["metadata"]) == (None, [])
    amounts = ("amount", "amountReceived", "stripeFee", "net", "stripePaymentIntentId", "createdAt", "state")
    assert {name: after[name] for name in amounts} == {name: before[name] for name in amounts}
    assert row.row_version > paid.row_version
    (creation,) = await PaymentCreation.filter(payment_id=paid.id)
    assert (creation.input, creation.body) == ("{}", "{}")
    (kept,) = await PaymentCreation.filter(payment_id=disputed.id)
    assert (kept.input, kept.body) == ('{"metadata": "Jenny"}', "{}")
    assert (await Payment.get(id=disputed.id)).payer_forgotten_at is None
    assert await column(PaymentEntry, "payment_id") == [disputed.id]
    assert await Payment.filter(last4="4242").count() == 2


async def test_only_one_of_two_processes_removes_rows_while_events_arrive_and_are_replayed() -> None:
    await add_events(*["HANDLED"] * 24, "FAILED", days=91)
    replayed = await StripeEvent.filter(state="HANDLED").order_by("-id").first()
    assert replayed is not None

    async def change() -> None:
        await inbox.replay(replayed.id)
        await add_events("HANDLED", days=0)

    first, second, _ = await asyncio.gather(run(batch=2), run(batch=2, worker="b"), change())
    # The replay comes before the removal, because the replayed event is in the last batch.
    assert sorted([first or 0, second or 0]) == [0, 13]
    assert None in {first, second}
    assert await column(StripeEvent, "state") == ["FAILED", "HANDLED", "PENDING"]
    (task,) = await PeriodicTask.filter(name=retention.TASK)
    assert task.leased_until is None


async def test_rows_that_could_not_be_removed_are_checked_again_after_thirty_days() -> None:
    await add_events("FAILED", "HANDLED", days=91)
    await run()
    await StripeEvent.filter(state="FAILED").update(state="HANDLED")
    task = await PeriodicTask.get(name=retention.TASK)
    task.due_at = await now()
    await task.save()
    await run()
    assert await StripeEvent.all().count() == 1
    began_at = (await now() - retention.RESTART - DAY).isoformat()
    task.state = {**task.state, "began_at": began_at}
    await task.save()
    await run()
    assert await StripeEvent.all().count() == 0


async def take_too_long() -> None:
    """Raise the error of a statement that exceeds its time limit."""
    if get_connection("default").capabilities.dialect == "sqlite":
        raise outage.Unavailable(outage.TIME_OUT)
    async with in_transaction() as connection:
        await connection.execute_query("SET LOCAL statement_timeout = 10")
        await connection.execute_query("SELECT pg_sleep(60)")


async def test_rows_that_take_too_long_do_not_delay_others_but_an_outage_ends_the_step() -> None:
    await add_events(*["HANDLED"] * 7, days=91)
    slow = sorted(row.id for row in await StripeEvent.all())[2]
    leases = list[Any]()

    async def remove(ids: Sequence[uuid.UUID]) -> int:
        if slow in ids:
            leases.append((await PeriodicTask.get(name=retention.TASK)).leased_until)
            await take_too_long()
        return await StripeEvent.filter(id__in=list(ids)).delete()

    rules, days = [Rule("slow", "", 90, 0, (Part("stripe_event", apply=remove),))], {"slow": 90}
    options: dict[str, Any] = {"first_in": retention.NOW, "pause_seconds": 0}
    assert await retention.run("a", rules, days, **options) == 1
    assert await column(StripeEvent, "id") == [slow]
    assert leases == sorted(set(leases))  # each attempt has a new lease
    assert len(leases) == 4

    async def fail(_: Sequence[uuid.UUID]) -> int:
        raise outage.Unavailable("connection lost")

    await retention.restart()
    with pytest.raises(outage.Unavailable):
        await retention.run(
            "a", [Rule("slow", "", 90, 0, (Part("stripe_event", apply=fail),))], days, **options
        )


async def test_a_row_or_a_rule_that_fails_does_not_delay_others(monkeypatch: pytest.MonkeyPatch) -> None:
    await add_events(*["HANDLED"] * 7, days=91)
    poison = sorted(row.id for row in await StripeEvent.all())[2]
    merchant, at = await add_merchant(), await now()
    link: dict[str, Any] = {"merchant_id": merchant.id, "return_to": "", "collect": "", "created_at": at}
    await OnboardingLink.create(id=await an_id(91), address_hash="", browser_hash="", **link)

    async def remove(ids: Sequence[uuid.UUID]) -> int:
        if poison in ids:
            raise ValueError("poison")
        return await StripeEvent.filter(id__in=list(ids)).delete()

    rules = [
        Rule("missing", "", 90, 0, (Part("no_such_table"),)),
        Rule("poisoned", "", 90, 0, (Part("stripe_event", apply=remove),)),
        Rule("links", "", 90, 0, (Part("onboarding_link"),)),
    ]
    days, reported = {rule.name: 90 for rule in rules}, list[Mapping[str, int]]()

    async def report(total: Mapping[str, int]) -> None:
        reported.append(total)

    options: dict[str, Any] = {"report": report, "first_in": retention.NOW, "pause_seconds": 0}
    assert await retention.run("a", rules, days, **options, batch=5) == 3
    assert reported == [{"poisoned": 6, "links": 1}]
    assert await column(StripeEvent, "id") == [poison]
    assert await OnboardingLink.all().count() == 0

    # After too many failures, a rule waits for the next pass, even if another step continues this pass.
    await StripeEvent.all().delete()
    await add_events(*["HANDLED"] * 4, days=91)
    (poison,) = [one.id for one in await StripeEvent.all().order_by("id").limit(1)]
    monkeypatch.setattr(retention, "MAX_FAILURES", 1)
    await retention.restart()
    assert await retention.run("a", rules, days, **options, batch=2) == 1
    assert await StripeEvent.all().count() == 4
    await retention.restart()
    poison = uuid7()
    assert await retention.run("a", rules, days, **options, batch=2) == 2
    assert await StripeEvent.all().count() == 0


async def test_a_stopped_pass_continues_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "STEP", 2)
    await add_events(*["HANDLED"] * 5, days=91)
    assert [await run(batch=2), await run(batch=2), await run(batch=2)] == [2, 1, None]
    assert await StripeEvent.all().count() == 0


@pytest.mark.one_database
async def test_no_setting_can_delete_an_event_that_stripe_still_lists() -> None:
    (events,) = (rule for rule in RULES if rule.name == "events")
    longest = reconcile.MAX_AGE + inbox.MAX_OUTAGE
    assert timedelta(days=events.minimum) > longest
    assert all(rule.minimum <= rule.default for rule in RULES if rule.default)


@pytest.mark.one_database
def test_every_kind_of_stored_request_to_stripe_has_a_rule() -> None:
    tables = {
        re.sub("(?<=[a-z])(?=[A-Z])", "_", one.__name__).lower() for one in StripeRequest.__subclasses__()
    }
    # Fee returns need no rule, because their bodies contain only an amount and Stripe's id of the refund.
    assert tables == {*REQUESTS, "fee_return"}
