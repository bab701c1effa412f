"""The mirror of an account keeps the newest fetch, and the timeline and the document follow the mirror."""

import asyncio
import json
import random
from typing import Any

import pytest

from connect.merchants import accounts
from connect.merchants.mirror import documents, mirror
from connect.merchants.mirror.mirror import Outcome
from connect.merchants.rules import document
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount, Merchant, TimelineEntry, now, uuid7
from testing.processes import Simulator
from tests.connect.conftest import SHOP

pytestmark = pytest.mark.usefixtures("database")


async def _account(gateway: Gateway) -> ConnectedAccount:
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    return await ConnectedAccount.get(merchant_id=merchant.id)


def _scenario(simulator: Simulator, account: ConnectedAccount, name: str, **more: Any) -> None:
    simulator.control(f"accounts/{account.stripe_account_id}", {"scenario": name, **more})


async def test_an_older_answer_never_replaces_a_newer_one(gateway: Gateway, simulator: Simulator) -> None:
    account = await _account(gateway)
    older_fetch = await mirror.begin(account)
    older = await gateway.retrieve_account(account.stripe_account_id)
    _scenario(simulator, account, "activate")
    newer_fetch = await mirror.begin(account)
    newer = await gateway.retrieve_account(account.stripe_account_id)
    assert await mirror.write(account, newer, newer_fetch, "webhook") is Outcome.CHANGED
    assert await mirror.write(account, older, older_fetch, "webhook") is Outcome.DROPPED
    assert (await Merchant.get()).status == "ACTIVE"


async def test_after_shuffled_writes_the_mirror_has_the_newest_answer_and_the_timeline_is_in_order(
    gateway: Gateway, simulator: Simulator
) -> None:
    account = await _account(gateway)
    fetches = []
    for name in ("review", "activate", "due_soon", "reject"):
        _scenario(simulator, account, name)
        fetches.append(
            (await mirror.begin(account), await gateway.retrieve_account(account.stripe_account_id))
        )
    random.Random(7).shuffle(fetches)
    await asyncio.gather(*(mirror.write(account, answer, fetch, "webhook") for fetch, answer in fetches))
    assert (await Merchant.get()).status == "REJECTED"
    numbers = await TimelineEntry.exclude(fetch=None).order_by("id").values_list("fetch", flat=True)
    assert list(numbers) == sorted(numbers)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("scenario", "status"),
    [
        ("activate", "ACTIVE"),
        ("review", "PENDING_REVIEW"),
        ("fail_document", "ACTION_REQUIRED"),
        ("due_soon", "ACTIVE_DUE_SOON"),
        ("past_due", "RESTRICTED"),
        ("future_requirements", "ACTIVE_DUE_SOON"),
        ("reject", "REJECTED"),
        ("unsupported", "UNSUPPORTED"),
        ("restricted_other", "RESTRICTED_BY_STRIPE"),
        ("payouts_blocked", "PAYOUTS_BLOCKED"),
        ("close", "CLOSED"),
    ],
)
async def test_the_status_follows_from_the_state_of_the_account(
    gateway: Gateway, simulator: Simulator, scenario: str, status: str
) -> None:
    account = await _account(gateway)
    _scenario(simulator, account, "activate")
    await mirror.refresh(gateway, account, "webhook")
    if scenario in {"review", "fail_document"}:  # states of an account that has never been active
        await Merchant.all().update(ever_active_at=None)
    _scenario(simulator, account, scenario)
    await mirror.refresh(gateway, account, "webhook")
    merchant = await Merchant.get()
    assert merchant.status == status
    assert json.loads(merchant.document)["status"] == status


@pytest.mark.one_database
async def test_the_timeline_has_the_values_before_and_after_a_change(
    gateway: Gateway, simulator: Simulator
) -> None:
    account = await _account(gateway)
    _scenario(simulator, account, "activate")
    await mirror.refresh(gateway, account, "webhook")
    entries = {row.kind: row for row in await TimelineEntry.filter(fetch=2)}
    assert set(entries) == {"STATUS_CHANGED", "REQUIREMENTS_CHANGED", "CAPABILITY_CHANGED", "UPDATED"}
    assert (entries["STATUS_CHANGED"].status_before, entries["STATUS_CHANGED"].status_after) == (
        "ONBOARDING",
        "ACTIVE",
    )
    restricted = {"status": "restricted", "codes": ["requirements_past_due"]}
    active = {"status": "active", "codes": []}
    names = ("card_payments", "stripe_balance.payouts")
    assert entries["CAPABILITY_CHANGED"].before == dict.fromkeys(names, restricted)
    assert entries["CAPABILITY_CHANGED"].after == dict.fromkeys(names, active)
    assert entries["REQUIREMENTS_CHANGED"].after == {}
    assert (await Merchant.get()).ever_active_at is not None


@pytest.mark.one_database
async def test_an_unchanged_account_adds_nothing_to_the_timeline(gateway: Gateway) -> None:
    account = await _account(gateway)
    before = await TimelineEntry.all().count()
    assert await mirror.refresh(gateway, account, "webhook") is Outcome.UNCHANGED
    assert await TimelineEntry.all().count() == before


async def test_rebuilding_an_unchanged_document_keeps_it(gateway: Gateway, simulator: Simulator) -> None:
    account = await _account(gateway)
    _scenario(simulator, account, "due_soon")
    await mirror.refresh(gateway, account, "webhook")
    before = await Merchant.get()
    assert await documents.rebuild() == 0
    assert await documents.rebuild(everything=True) == 1
    after = await Merchant.get()
    assert after.document == before.document
    assert (after.status, after.awaiting_action_from, after.next_deadline_at) == (
        before.status,
        before.awaiting_action_from,
        before.next_deadline_at,
    )


async def test_documents_of_an_older_version_are_rebuilt(gateway: Gateway) -> None:
    await _account(gateway)
    good = await Merchant.get()
    await Merchant.all().update(document="{}", document_version=0, awaiting_action_from=None)
    assert await documents.rebuild() == 1
    merchant = await Merchant.get()
    assert (merchant.document, merchant.document_version) == (good.document, document.VERSION)
    assert merchant.awaiting_action_from == "MERCHANT"


async def test_the_times_of_a_row_from_an_older_release_are_derived_from_the_timeline(
    gateway: Gateway,
) -> None:
    await _account(gateway)
    good = await Merchant.get()
    await Merchant.all().update(
        document_version=1, merchant_document=None, updated_at=None, status_since=None
    )
    assert await documents.rebuild() == 1
    merchant = await Merchant.get()
    assert (merchant.updated_at, merchant.status_since) == (good.updated_at, good.status_since)
    assert (merchant.document, merchant.merchant_document) == (good.document, good.merchant_document)


@pytest.mark.parametrize("writer", ["rebuild", "refresh"])
async def test_a_change_that_a_replica_of_release_0_1_0_wrote_gets_the_right_times(
    gateway: Gateway, simulator: Simulator, writer: str
) -> None:
    """Release 0.1.0 writes neither the document for merchants nor the times of the last changes."""
    account = await _account(gateway)
    before = await Merchant.get()
    _scenario(simulator, account, "activate")
    await mirror.refresh(gateway, account, "webhook")
    good = await Merchant.get()
    assert good.status_since != before.status_since
    await Merchant.all().update(
        document_version=1,
        merchant_document=before.merchant_document,
        updated_at=before.updated_at,
        status_since=before.status_since,
    )
    if writer == "rebuild":
        assert await documents.rebuild() == 1
    else:
        await mirror.refresh(gateway, account, "webhook")
    merchant = await Merchant.get()
    assert (merchant.updated_at, merchant.status_since) == (good.updated_at, good.status_since)
    assert merchant.merchant_document is not None
    assert json.loads(merchant.merchant_document)["status"] == "ACTIVE"


async def test_the_times_of_the_last_change_and_of_the_status_are_recorded(
    gateway: Gateway, simulator: Simulator
) -> None:
    account = await _account(gateway)
    created = await Merchant.get()
    assert created.status_since == created.updated_at
    assert (created.onboarding_stage, created.onboarding_stage_since) == ("CREATED", created.created_at)
    await mirror.refresh(gateway, account, "webhook")
    assert (await Merchant.get()).updated_at == created.updated_at
    _scenario(simulator, account, "activate")
    await mirror.refresh(gateway, account, "webhook")
    active = await Merchant.get()
    assert (active.status, active.status_since) == ("ACTIVE", active.updated_at)
    assert active.status_since != created.status_since
    assert (active.onboarding_stage, active.onboarding_stage_since) == ("ACTIVATED", active.updated_at)
    _scenario(simulator, account, "future_requirements")
    await mirror.refresh(gateway, account, "webhook")
    shown = json.loads((await Merchant.get()).document)
    changed = await Merchant.get()
    assert shown["updatedAt"] == document.wire_time(changed.updated_at)
    assert shown["statusSince"] == document.wire_time(changed.status_since)
    assert shown["onboarding"]["stageSince"] == document.wire_time(active.onboarding_stage_since)


async def test_documents_of_a_newer_version_are_rebuilt_only_on_request(gateway: Gateway) -> None:
    """During a rolling deployment, an older replica must not undo the work of a newer replica."""
    await _account(gateway)
    await Merchant.all().update(document="{}", document_version=document.VERSION + 1)
    assert await documents.rebuild() == 0
    assert (await Merchant.get()).document == "{}"
    assert await documents.rebuild(everything=True) == 1
    assert (await Merchant.get()).document_version == document.VERSION


@pytest.mark.slow
@pytest.mark.one_database
async def test_rebuilding_covers_more_than_one_batch() -> None:
    at = await now()
    rows = []
    for number in range(450):
        row = Merchant(
            id=uuid7(),
            external_id=f"m-{number}",
            display_name="M",
            contact_email="m@shop.example",
            country="US",
            created_at=at,
        )
        documents.derive_columns(row, None)
        row.document_version = 0
        rows.append(row)
    await Merchant.bulk_create(rows)
    assert await documents.rebuild() == 450
    assert await Merchant.filter(document_version=document.VERSION).count() == 450


@pytest.mark.one_database
async def test_disconnecting_and_reconnecting_changes_the_status(gateway: Gateway) -> None:
    account = await _account(gateway)
    await mirror.set_connected(account, connected=False)
    assert (await Merchant.get()).status == "DISCONNECTED"
    await mirror.set_connected(account, connected=True)
    assert (await Merchant.get()).status == "ONBOARDING"
