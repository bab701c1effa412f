"""Compares the mirror, the documents and GraphQL's answers with the state at Stripe, field by field.

It reads the database with the models, GraphQL as a client, and the local Stripe through its control plane.
Differences may vanish while the service is still working, so `settled` repeats a comparison.
"""

import asyncio
import json
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeVar

from tortoise.backends.base.executor import EXECUTOR_CACHE

from connect.merchants.rules.account.snapshot import decode
from models import ConnectedAccount, FormerAccount, Merchant, StripeEvent, TimelineEntry, database
from testing import agreement
from testing.deployment import Deployment
from testing.waits import PATIENCE

T = TypeVar("T")
Json = dict[str, Any]

# Pairs of a field of the snapshot and its name in Stripe's account.
_TOP = (
    ("stripe_account_id", "id"),
    ("livemode", "livemode"),
    ("closed", "closed"),
    ("dashboard", "dashboard"),
    ("contact_email", "contact_email"),
    ("display_name", "display_name"),
    ("applied_configurations", "applied_configurations"),
    ("metadata", "metadata"),
    ("defaults", "defaults"),
    ("requirements", "requirements"),
    ("future_requirements", "future_requirements"),
)
# Some of the fields that `Deployment.merchants` selects.
_SHOWN = ("id", "externalId", "status")


@dataclass(frozen=True)
class EventRow:
    """An event in the inbox. `delivered` is false if the back-fill has stored it."""

    stripe_event_id: str
    type: str
    state: str
    account_id: str | None
    reason: str | None
    delivered: bool


def differences(
    deployment: Deployment, adopted: Collection[str] = (), *, apart: Collection[str] = ()
) -> list[str]:
    """The differences between Stripe and the mirror, the documents or GraphQL's answers.

    Adopted accounts must be mirrored. Accounts in `apart`, and other accounts without our metadata, must not
    be mirrored. Former accounts are compared like the current ones.
    """
    accounts = [account for account in deployment.accounts() if account["id"] not in apart]
    shown = {merchant["externalId"]: merchant for merchant in deployment.merchants()}
    rows = in_database(deployment, _merchants)
    former = in_database(deployment, _former)
    problems: list[str] = []
    at_stripe = {account["id"]: account for account in accounts}
    ours = {key for key, account in at_stripe.items() if "merchant_id" in account["metadata"]}
    ours |= set(adopted)
    mirrored = {row.stripe_account_id for _, row in rows if row is not None}
    problems += [
        f"{row.stripe_account_id} is both a current and a former account"
        for row in former
        if row.stripe_account_id in mirrored
    ]
    mirrored |= {row.stripe_account_id for row in former}
    problems += [
        f"former account of {at_stripe[row.stripe_account_id]['metadata']['external_id']}: {drift}"
        for row in former
        if row.stripe_account_id in at_stripe
        for drift in _drift(row, at_stripe[row.stripe_account_id])
    ]
    problems += [
        f"{at_stripe[key]['metadata'].get('external_id', key)} has no mirror" for key in ours - mirrored
    ]
    problems += [f"{key} is mirrored, but another service owns it" for key in sorted(mirrored - ours)]
    problems += [
        f"{name} is shown but not stored" for name in shown.keys() - {m.external_id for m, _ in rows}
    ]
    for merchant, row in rows:
        name = merchant.external_id
        if row is None:
            problems.append(f"{name} has no account")
            continue
        if row.stripe_account_id in at_stripe:
            problems += [f"{name}: {drift}" for drift in _drift(row, at_stripe[row.stripe_account_id])]
        problems += [f"{name}: {column}" for column in agreement.stale_columns(merchant, row)]
        problems += [f"{name}: {difference}" for difference in _answer_differs(merchant, shown.get(name))]
    return problems


def misordered(deployment: Deployment) -> list[str]:
    """One problem for each fetch that was stored after a newer one, or that was stored but never started."""
    entries, accounts = in_database(deployment, _fetches)
    problems = []
    for merchant_id, fetches in entries.items():
        problems += [
            f"{merchant_id}: fetch {second} was written after fetch {first}"
            for first, second in pairwise(fetches)
            if second < first
        ]
    problems += [
        f"{account.stripe_account_id}: fetch {account.fetch_applied} was never started"
        for account in accounts
        if account.fetch_applied > account.fetches_started
    ]
    return problems


def events(deployment: Deployment) -> list[EventRow]:
    """Every event in the inbox."""
    return in_database(deployment, _events)


def drift_repairs(deployment: Deployment) -> dict[str, int]:
    """The number of DRIFT_REPAIRED timeline entries, by the id of the account."""
    return in_database(deployment, _drift_repairs)


def settled(
    looks: Callable[[], Sequence[str]], seconds: float, pause: float = 0.5
) -> tuple[float, Sequence[str]]:
    """Call `looks` until it returns no problems or the time is up. Return the time and the last problems."""
    seconds *= PATIENCE
    started = time.monotonic()
    while True:
        left = looks()
        passed = time.monotonic() - started
        if not left or passed > seconds:
            return passed, left
        time.sleep(pause)


def in_database(deployment: Deployment, read: Callable[[], Awaitable[T]]) -> T:
    """Await `read` in this process, while the models are connected to the service's database."""

    async def connected() -> T:
        EXECUTOR_CACHE.clear()  # it may hold SQL with another database's placeholders
        await database.connect(deployment.database_url)
        try:
            return await read()
        finally:
            await database.close()

    return asyncio.run(connected())


async def _merchants() -> list[tuple[Merchant, ConnectedAccount | None]]:
    # One statement reads both rows, so that they belong to the same moment.
    accounts = await ConnectedAccount.all().select_related("merchant")
    rows: list[tuple[Merchant, ConnectedAccount | None]] = [(row.merchant, row) for row in accounts]
    without = await Merchant.exclude(id__in=[row.merchant_id for row in accounts])
    return rows + [(merchant, None) for merchant in without]


async def _former() -> list[FormerAccount]:
    return await FormerAccount.all()


async def _fetches() -> tuple[dict[Any, list[int]], list[ConnectedAccount]]:
    fetches: dict[Any, list[int]] = defaultdict(list)
    rows = await TimelineEntry.exclude(fetch=None).order_by("id").values_list("merchant_id", "fetch")
    for merchant_id, fetch in rows:
        fetches[merchant_id].append(fetch)
    return fetches, await ConnectedAccount.all()


async def _events() -> list[EventRow]:
    columns = "stripe_event_id", "type", "state", "stripe_account_id", "last_error", "back_filled_at"
    rows: Any = await StripeEvent.all().order_by("id").values_list(*columns)
    return [
        EventRow(event, kind, state, account, reason, back_filled_at is None)
        for event, kind, state, account, reason, back_filled_at in rows
    ]


async def _drift_repairs() -> dict[str, int]:
    accounts = await ConnectedAccount.all().values_list("merchant_id", "stripe_account_id")
    names: dict[Any, str] = dict(accounts)
    repairs: dict[str, int] = defaultdict(int)
    for (merchant_id,) in await TimelineEntry.filter(kind="DRIFT_REPAIRED").values_list("merchant_id"):
        repairs[names[merchant_id]] += 1
    return repairs


def _drift(row: ConnectedAccount | FormerAccount, account: Json) -> list[str]:
    if account["simulator"]["deauthorized"]:
        # The account cannot be fetched any more, so the mirror may be out of date.
        return (
            []
            if row.disconnected_at is not None
            else ["the account is disconnected, but the mirror does not show it"]
        )
    snapshot = decode(row.snapshot)
    expected = {field: account[name] for field, name in _TOP}
    expected["country"] = account["identity"]["country"]
    expected["entity_type"] = account["identity"]["entity_type"]
    mirrored = {field: getattr(snapshot, field) for field in expected}
    mirrored["applied_configurations"] = list(snapshot.applied_configurations)
    # A missing configuration is null in Stripe's answer, and may be absent in the mirror.
    expected["configuration"] = _without_null(account["configuration"])
    mirrored["configuration"] = _without_null(snapshot.configuration)
    problems = [
        f"{field} is {mirrored[field]!r}, at Stripe {expected[field]!r}"
        for field in expected
        if mirrored[field] != expected[field]
    ]
    if row.disconnected_at is None:
        return problems
    return [*problems, "the mirror shows a disconnection, but the account is connected"]


def _without_null(configuration: Mapping[str, Any] | None) -> Json:
    return {name: part for name, part in (configuration or {}).items() if part is not None}


def _answer_differs(merchant: Merchant, shown: Json | None) -> list[str]:
    if shown is None:
        return ["stored but not shown"]
    document = json.loads(merchant.document)
    expected = {name: document[name] for name in _SHOWN} | {
        "account": {"stripeAccountId": document["account"]["stripeAccountId"]},
        "capabilities": [{n: c[n] for n in ("name", "status")} for c in document["capabilities"]],
        "requirements": {
            "entries": [
                {n: e[n] for n in ("key", "awaitingActionFrom")} for e in document["requirements"]["entries"]
            ]
        },
    }
    return [
        f"GraphQL shows {name} as {shown[name]!r}, the document {value!r}"
        for name, value in expected.items()
        if shown[name] != value
    ]
