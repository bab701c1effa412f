"""The state: records in memory, with a write-through to one SQLite table."""

import asyncio
import json
import random
import secrets
import sqlite3
import string
import time
from collections import Counter, deque
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from simulator.settings import Settings

Json = dict[str, Any]

KINDS = (
    *("account", "token", "link", "session", "event", "destination", "delivery"),
    *("key", "restricted_key", "control", "later", "snapshot"),
    # Objects of v1 are stored under the value of their `object` field.
    *("payment_intent", "payment_method", "charge", "refund", "balance_transaction"),
    *("application_fee", "fee_refund", "checkout.session", "item", "price", "product"),
    *("customer", "customer_session", "payment_method_domain", "dispute"),
    *("payout", "bank_account", "balance_settings"),
    "account_session",
    *("subscription", "invoice", "invoice_payment", "billing_portal.session"),
    *("radar.early_fraud_warning", "file"),
)
# The fields by which `State.having` finds records. A value in such a field changes at most once, from null.
INDEXES = {
    "payment_intent": ("_account",),
    "charge": ("_account", "payment_intent"),
    "refund": ("_account", "charge", "payment_intent"),
    "balance_transaction": ("_account", "source", "_payout"),
    "application_fee": ("_account", "charge"),
    "fee_refund": ("fee",),
    "checkout.session": ("_account", "payment_intent"),
    "customer": ("_account",),
    "dispute": ("_account", "charge", "payment_intent"),
    "radar.early_fraud_warning": ("_account", "charge", "payment_intent"),
    "file": ("_account",),
    "snapshot": ("_account",),
    "payment_method_domain": ("_account",),
    "payout": ("_account",),
    "bank_account": ("_account",),
    "item": ("_session",),
    "price": ("_account",),
    "product": ("_account",),
    "subscription": ("_account", "customer_account"),
    "invoice": ("_account", "_subscription"),
    "invoice_payment": ("_account",),
}
_ALPHABET = string.ascii_letters + string.digits
# Settings of the control plane, with their defaults.
CONTROL: dict[str, Json] = {
    "clock": {"offset": 0.0},
    "deliveries": {
        "mode": "live",
        "duplicate": 0,
        "shuffle": False,
        "delay_seconds": 0.0,
        # The seed of all random choices: the number of copies, their delay, and the dropped notifications.
        "seed": 0,
        "most_copies": 1,
        "jitter_seconds": 0.0,
        "drop_share": 0.0,
        # If true, signatures contain the simulated time, for receivers whose clock is the simulated clock.
        "simulated_signatures": False,
    },
    "lists": {"lag_seconds": 0.0, "hide_events": False},
    # For each account, how many of the next notifications get lost. `events.losses` describes this setting.
    "losses": {},
    # `control.switches` describes each switch.
    "switches": {
        "platform_refused": None,
        "closing_refused": None,
        "account_token_required": False,
        "dashboard_link_needs_onboarding": False,
        "dashboard_link_asks_to_log_in": False,
        "charges_without_capability": False,
        "application_fee_above_amount_refused": False,
        "refund_needs_available_balance": False,
        "platform_controls_payouts": False,
    },
    # The inactive wallets of each domain, with their messages. `money.domains` describes them.
    "domains": {},
    # The action if an invoice is still unpaid after all retries. `billing.course` describes it.
    "billing": {"after_retries": "cancel"},
    # Delays in seconds. `money.payments`, `money.refunds`, `money.disputes` and `money.payouts` use them.
    "money": {
        "booking_seconds": 1.5,
        "fee_seconds": 0.0,
        "debit_seconds": 180.0,
        "refund_seconds": 180.0,
        "refund_reference_seconds": 3 * 86400.0,
        "dispute_seconds": 0.0,
        "dispute_decision_seconds": 5.0,
        "payout_seconds": 60.0,
        "payout_trace_seconds": 86400.0,
    },
}


class Calls:
    """The number of API calls by route, by address, and in the busiest second."""

    def __init__(self) -> None:
        """Start without calls."""
        self.routes: Counter[str] = Counter()
        self.addresses: Counter[str] = Counter()
        self._arrivals: deque[float] = deque(maxlen=100_000)

    def count(self, method: str, template: str, path: str, arrived_at: float) -> None:
        """Count one call that arrived at this time, in seconds."""
        self.routes[f"{method} {template}"] += 1
        self.addresses[f"{method} {path}"] += 1
        self._arrivals.append(arrived_at)

    @property
    def busiest_second(self) -> int:
        """The most calls that arrived within any second, among the latest 100,000."""
        second: deque[float] = deque()
        most = 0
        for arrival in sorted(self._arrivals):
            second.append(arrival)
            while second[0] <= arrival - 1:
                second.popleft()
            most = max(most, len(second))
        return most


def token(prefix: str, length: int = 16) -> str:
    """Return a new random id: the prefix, and `length` letters and digits."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(length))


def rfc3339(moment: float) -> str:
    """Format a Unix time as RFC 3339 in UTC with milliseconds, as v2 does."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class State:
    """All records by kind and id, in order of creation."""

    def __init__(self, settings: Settings) -> None:
        """Load the records of earlier runs, if there is a file."""
        self.settings = settings
        self.wake = asyncio.Event()
        self.calls = Calls()
        self.faults: list[Json] = []
        # Counts the changes of records, so that pages can notice a change.
        self.changes = 0
        self.timers: dict[str, float] = {}
        self.outbox: list[str] = []
        # The request that causes the current changes. The events about these changes name it.
        self.reason: Json | None = None
        # The charges whose sums `control.audits` has not checked since their last change.
        self.touched: set[str] = set()
        # The timed work of `control.later`: a heap of tuples with the time, a serial number and the id.
        self.later: list[tuple[float, int, str]] = []
        self._indexes: dict[tuple[str, str, object], dict[str, None]] = {}
        self._records: dict[str, dict[str, Json]] = {kind: {} for kind in KINDS}
        self._file = _open(settings)
        if self._file:
            for kind, key, body in self._file.execute("SELECT kind, id, body FROM record ORDER BY made"):
                self._records[kind][key] = json.loads(body)
                self._index(kind, key, self._records[kind][key])
        self.chance = random.Random(self.control("deliveries")["seed"])

    def all(self, kind: str) -> dict[str, Json]:
        """Return the records of a kind by id, oldest first. A caller that changes a record must save it."""
        return self._records[kind]

    def newest(self, kind: str) -> Iterator[Json]:
        """Return the records of a kind, newest first."""
        return reversed(self._records[kind].values())

    def having(self, kind: str, field: str, value: object) -> list[Json]:
        """Return the records of a kind with this value in a field of INDEXES, oldest first."""
        records = self._records[kind]
        return [records[key] for key in self._indexes.get((kind, field, value), ())]

    def _index(self, kind: str, key: str, body: Json) -> None:
        for field in INDEXES.get(kind, ()):
            if body.get(field) is not None:  # records of earlier versions may lack a field
                self._indexes.setdefault((kind, field, body[field]), {})[key] = None

    def save(self, kind: str, key: str, body: Json) -> None:
        """Save a new or changed record."""
        self.changes += 1
        self._records[kind][key] = body
        self._index(kind, key, body)
        if self._file:
            self._file.execute(
                "INSERT INTO record (kind, id, body) VALUES (?, ?, ?)"
                " ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
                (kind, key, json.dumps(body)),
            )

    def drop(self, kind: str, key: str) -> None:
        """Delete a record, if it exists."""
        self.changes += 1
        self._records[kind].pop(key, None)
        if self._file:
            self._file.execute("DELETE FROM record WHERE kind = ? AND id = ?", (kind, key))

    def control(self, name: str) -> Json:
        """Return a setting of the control plane."""
        return CONTROL[name] | self._records["control"].get(name, {})

    def steer(self, name: str, changes: Json) -> Json:
        """Change fields of a setting of the control plane, and return the whole setting."""
        self.save("control", name, self.control(name) | changes)
        return self.control(name)

    def now(self) -> float:
        """Return the simulated Unix time, which is real time plus the offset of the control plane."""
        return time.time() + float(self.control("clock")["offset"])

    def today(self) -> date:
        """Return the simulated day."""
        return datetime.fromtimestamp(self.now(), UTC).date()

    def replace(self, records: dict[str, dict[str, Json]]) -> None:
        """Replace all records of these kinds. The caller schedules their timers and their later work."""
        for kind, rows in records.items():
            for key in list(self._records[kind]):
                self.drop(kind, key)
            for index in [index for index in self._indexes if index[0] == kind]:
                del self._indexes[index]
            for key, body in rows.items():
                self.save(kind, key, body)
        self.timers.clear()
        self.touched.clear()

    def reset(self) -> None:
        """Delete all records, counts, faults and timers."""
        self.changes += 1
        for records in self._records.values():
            records.clear()
        self._indexes.clear()
        self.later.clear()
        self.calls = Calls()
        self.chance = random.Random(self.control("deliveries")["seed"])
        self.faults.clear()
        self.timers.clear()
        self.touched.clear()
        self.outbox.clear()
        if self._file:
            self._file.execute("DELETE FROM record")

    def close(self) -> None:
        """Close the state file, if there is one."""
        if self._file:
            self._file.close()


def _open(settings: Settings) -> sqlite3.Connection | None:
    if settings.state is None:
        return None
    settings.state.parent.mkdir(parents=True, exist_ok=True)
    file = sqlite3.connect(settings.state, isolation_level=None)
    file.execute("PRAGMA journal_mode = WAL")
    # The state survives a crash of the process, but not of the machine.
    file.execute("PRAGMA synchronous = OFF")
    file.execute(
        "CREATE TABLE IF NOT EXISTS record (made INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL,"
        " body TEXT NOT NULL, UNIQUE (kind, id))"
    )
    return file
