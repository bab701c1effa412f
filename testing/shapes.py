"""The shapes of seeded merchants: a merchant and its mirror for every situation of an account.

Marks are placeholders for the values that differ between merchants. `testing.seed` replaces the marks.
"""

import copy
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connect.merchants.mirror import documents
from connect.merchants.mirror.timeline import TimelineKind
from connect.merchants.rules.account.persons import select
from connect.merchants.rules.account.snapshot import encode, parse
from connect.merchants.rules.document import wire_time
from models import ConnectedAccount, Merchant, TimelineEntry
from simulator.accounts import accounts, records, requirements
from simulator.accounts.rules import dig
from simulator.control import scenarios
from simulator.settings import Settings
from simulator.state import Json, State
from simulator.wire.calls import Call

# A fixed time, so that the rows depend only on the arguments.
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)

MERCHANT = uuid.UUID("0badcafe-0000-7000-8000-000000000001")
ACCOUNT = uuid.UUID("0badcafe-0000-7000-8000-000000000002")
ENTRIES = tuple(uuid.UUID(f"0badcafe-0000-7000-8000-00000000001{number}") for number in range(4))
EXTERNAL_ID = "external-id-mark"
NAME = "Name Mark"
EMAIL = "address@mark.example"
STRIPE_ID = "acct_IdMark"
PERSON = "person_test_IdMark"
CREATED = NOW - timedelta(days=900, milliseconds=111)
SYNCED = NOW - timedelta(milliseconds=222)
ACTIVE = NOW - timedelta(days=899, milliseconds=333)

CAPABILITIES = (
    "card_payments",
    "ach_debit_payments",
    "affirm_payments",
    "cashapp_payments",
    "klarna_payments",
    "link_payments",
)
# Days from NOW to the deadlines.
DAYS = tuple(range(2, 62, 3))


@dataclass(frozen=True)
class Case:
    """One situation of an account. Of a thousand merchants, `share` are in this situation."""

    share: int
    scenarios: tuple[str, ...]
    days: tuple[int, ...] = (0,)
    left_open: int | None = None  # items that the merchant has not provided yet
    capabilities: tuple[str, ...] = CAPABILITIES
    ever_active: bool = False
    confirmed: bool = True  # whether Stripe has confirmed the account
    disconnected: bool = False


CASES = (
    Case(610, ("activate",), ever_active=True),
    Case(90, ("due_soon",), days=DAYS, ever_active=True),
    Case(30, ("future_requirements",), days=DAYS, ever_active=True),
    Case(20, ()),  # onboarding has just begun
    Case(50, (), left_open=6),
    Case(30, (), left_open=3),
    Case(20, ("fail_document",)),
    Case(40, ("review",)),
    Case(25, ("payouts_blocked",), ever_active=True),
    Case(30, ("past_due",), ever_active=True),
    Case(8, ("activate", "restricted_other"), ever_active=True),
    Case(10, ("activate", "reject")),
    Case(5, ("activate", "unsupported")),
    Case(5, ("activate",), capabilities=("ach_debit_payments",)),
    Case(10, ("activate", "close"), ever_active=True),
    Case(8, ("activate",), ever_active=True, disconnected=True),
    Case(5, (), capabilities=()),  # without Stripe's merchant configuration
    Case(4, (), confirmed=False),
)


@dataclass(frozen=True)
class Shape:
    """The rows of one merchant, with marks."""

    weight: float
    merchant: Merchant
    account: ConnectedAccount | None
    entries: tuple[TimelineEntry, ...]


class _StoppedClock(State):
    def now(self) -> float:
        return NOW.timestamp()


def shapes() -> Iterator[Shape]:
    """The shapes of all cases, one for each deadline of a case."""
    for case in CASES:
        for days in case.days:
            yield _shape(case, days)


def _shape(case: Case, days: int) -> Shape:
    merchant = Merchant(
        id=MERCHANT,
        external_id=EXTERNAL_ID,
        display_name=NAME,
        contact_email=EMAIL,
        country="US",
        created_at=CREATED,
        ever_active_at=ACTIVE if case.ever_active else None,
        links_issued=1 if case.scenarios else 0,
        last_link_issued_at=CREATED if case.scenarios else None,
        last_returned_at=ACTIVE if case.ever_active else None,
    )
    account = _account(case, days) if case.confirmed else None
    documents.derive_columns(merchant, account)
    return Shape(case.share / len(case.days), merchant, account, tuple(_entries(merchant.status)))


def _account(case: Case, days: int) -> ConnectedAccount:
    snapshot = parse(_answer(case, days))
    return ConnectedAccount(
        id=ACCOUNT,
        merchant_id=MERCHANT,
        stripe_account_id=snapshot.stripe_account_id,
        snapshot=encode(snapshot),
        closed=snapshot.closed,
        disconnected_at=SYNCED if case.disconnected else None,
        fetches_started=3,
        fetch_applied=3,
        synced_at=SYNCED,
        synced_by="webhook",
    )


def _answer(case: Case, days: int) -> Json:
    """Stripe's answer about the account, built by the simulator's code."""
    state = _StoppedClock(Settings("127.0.0.1", 0, None, 3.0, 600.0, (1.0,)))
    capabilities = {name: {"requested": True} for name in case.capabilities}
    body: Json = {
        "contact_email": EMAIL,
        "display_name": NAME,
        "dashboard": "full",
        "identity": {"country": "us", "entity_type": "company"},
        "defaults": {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}},
        "metadata": {"merchant_id": str(MERCHANT), "external_id": EXTERNAL_ID},
    }
    if capabilities:
        body["configuration"] = {"merchant": {"capabilities": capabilities}}
    account_id = accounts.create(Call(state, "req_1", {}, {}, body, None, ""))
    account = records.edit(state, account_id) | {
        "id": STRIPE_ID,
        "person": PERSON,
        "created": wire_time(CREATED),
    }
    records.publish(state, account)
    for name in case.scenarios:
        scenarios.play(state, STRIPE_ID, {"scenario": name, "days": days})
    if case.left_open is not None:
        _fill_in(state, case.left_open)
    answer: Json = copy.deepcopy(records.find(state, STRIPE_ID)["view"])
    return {**answer, "persons": select(answer, [])}


def _fill_in(state: State, left_open: int) -> None:
    """Provide all items of onboarding except the last `left_open` ones."""
    account = records.edit(state, STRIPE_ID)
    proposals = scenarios.proposals("US")
    for item in requirements.open_items(account)[:-left_open]:
        scenarios.provide(account, item, dig(proposals, item))
    records.publish(state, account)


def _entries(status: str) -> Iterator[TimelineEntry]:
    entries: tuple[tuple[TimelineKind, str, Json | None, Json | None], ...] = (
        (TimelineKind.CREATED, "The merchant was created.", None, None),
        (TimelineKind.LINK_ISSUED, "An onboarding link was issued.", None, None),
        (
            TimelineKind.CAPABILITY_CHANGED,
            "card_payments: absent to restricted",
            {"card_payments": None},
            {"card_payments": {"status": "restricted", "codes": ["requirements_past_due"]}},
        ),
        (
            TimelineKind.STATUS_CHANGED,
            f"Status changed from CREATING to {status}.",
            {"status": "CREATING"},
            {"status": status},
        ),
    )
    for key, (kind, message, before, after) in zip(ENTRIES, entries, strict=True):
        is_change = kind is TimelineKind.STATUS_CHANGED
        yield TimelineEntry(
            id=key,
            merchant_id=MERCHANT,
            at=CREATED,
            kind=kind.value,
            message=message,
            actor="operator" if before is None else None,
            status_before="CREATING" if is_change else None,
            status_after=status if is_change else None,
            before=before,
            after=after,
            fetch=None if before is None else 1,
        )
