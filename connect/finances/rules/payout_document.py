"""The JSON document of a payout: the data about it that clients may read, except its transactions. Pure.

Increase VERSION with every change of the document's shape or wording. The service then rebuilds older
documents when it starts.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from connect.finances.rules import failures
from connect.finances.rules.obstacles import is_late
from connect.finances.rules.payouts import FAILED, ON_THE_WAY, STATUSES, Destination, Snapshot
from connect.finances.wording import SENTENCES
from connect.merchants.rules.document import global_id
from connect.merchants.rules.messages import Message, say
from connect.merchants.rules.wire import wire_time, word
from connect.payments.rules.money.money import money

VERSION = 3

METHODS = frozenset({"standard", "instant"})
DESTINATIONS = frozenset({"bank_account", "card"})
RECONCILIATIONS = frozenset({"not_applicable", "in_progress", "completed"})

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Profile:
    """The columns of a payout from which its document is built."""

    id: uuid.UUID
    merchant_id: uuid.UUID
    created_at: datetime
    updated_at: datetime
    synced_at: datetime
    synced_by: str
    failed_at: datetime | None = None
    transactions_at: datetime | None = None


def build(profile: Profile, known: Snapshot) -> Document:
    is_open = known.status in ON_THE_WAY
    late = is_open and is_late(known.arrives_at or profile.created_at, profile.synced_at)
    return {
        "__typename": "Payout",
        "id": global_id("Payout", profile.id),
        "merchantId": global_id("Merchant", profile.merchant_id),
        "status": word(known.status, STATUSES),
        "summary": _text(_summary(known, late=late)),
        "amount": money(known.amount, known.currency),
        "arrivalDate": (known.arrives_at or profile.created_at).date().isoformat(),
        "isLate": late,
        "automatic": known.automatic,
        "method": word(known.method, METHODS),
        "destination": _destination(known.destination) if known.destination is not None else None,
        "failure": _failure(profile, known) if known.status == FAILED else None,
        "traceId": known.trace_id,
        "reconciliation": word(known.reconciliation, RECONCILIATIONS),
        "transactionsCompleteAt": wire_time(profile.transactions_at),
        "statementDescriptor": known.statement_descriptor,
        "livemode": known.livemode,
        "externalId": known.external_id,
        "stripePayoutId": known.id,
        "createdAt": wire_time(profile.created_at),
        "updatedAt": wire_time(profile.updated_at),
        "freshness": {"syncedAt": wire_time(profile.synced_at), "source": profile.synced_by},
    }


def _summary(known: Snapshot, *, late: bool) -> Message:
    if known.status == FAILED:
        return failures.reason(known.failure_code, known.amount)
    if known.status not in STATUSES:
        return say("payout.unknown")
    kind = "payout.debit" if known.amount < 0 else "payout"
    return say(f"{kind}.{'late' if late else known.status}")


def _destination(destination: Destination) -> Document:
    return {
        "type": word(destination.type, DESTINATIONS),
        "name": destination.name,
        "last4": destination.last4,
        "country": destination.country,
        "currency": destination.currency,
    }


def _failure(profile: Profile, known: Snapshot) -> Document:
    return {
        "code": failures.code_for_clients(known.failure_code),
        "explanation": _text(failures.reason(known.failure_code, known.amount)),
        "remedy": _text(failures.remedy(known.failure_code, known.amount)),
        "wasPaid": known.was_paid,
        "noticedAt": wire_time(profile.failed_at),
    }


def _text(message: Message) -> str:
    """The texts about a payout are the same for all readers."""
    text = SENTENCES[message.key]
    if not isinstance(text, str):
        raise TypeError(message.key)
    return text
