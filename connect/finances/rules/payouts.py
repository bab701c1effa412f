"""Parses Stripe's answers about payouts, and reads and writes the JSON text of `payout.snapshot`. Pure.

Amounts are in minor units, currencies in upper case. The parsers raise ValueError only for an object without
an id or an amount.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from connect.finances.rules.obstacles import is_late
from connect.finances.rules.snapshot import Payouts, Sent
from connect.merchants.rules.account.snapshot import as_object, as_text, storable
from connect.stripe_api import v1_values

Json = Mapping[str, Any]

PENDING, IN_TRANSIT, PAID, FAILED, CANCELED = "pending", "in_transit", "paid", "failed", "canceled"
STATUSES = frozenset({PENDING, IN_TRANSIT, PAID, FAILED, CANCELED})
# A payout in these states is still on its way.
ON_THE_WAY = frozenset({PENDING, IN_TRANSIT})
RECONCILED = "completed"
INSTANT = "instant"
# The metadata keys of a payout that createPayout has requested. The first key's value is the id of the
# request. If Stripe's answer is lost, the payout is found by this id. The second key's value is the
# platform's own id of the payout.
REQUEST_KEY, EXTERNAL_ID = "connectql_request", "external_id"
MAX_EXTERNAL_ID = 255
# The summary of an account lists at most this many failed and this many late payouts.
MAX_SUMMARIZED = 20


class Destination(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The bank account or debit card. `type` is `bank_account` or `card`."""

    type: str
    name: str | None = None
    last4: str | None = None
    country: str | None = None
    currency: str | None = None


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A payout. A negative amount is a debit of the bank account, which fills a negative balance.

    `was_paid` is true if an earlier fetch showed the payout as paid.
    """

    id: str
    status: str
    amount: int
    currency: str
    arrives_at: datetime | None = None
    created_at: datetime | None = None
    automatic: bool = False
    method: str | None = None
    destination: Destination | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    trace_id: str | None = None
    trace_status: str | None = None
    reconciliation: str | None = None
    statement_descriptor: str | None = None
    livemode: bool = False
    # The platform's own id of a payout that was requested with createPayout.
    external_id: str | None = None
    was_paid: bool = False


@dataclass(frozen=True, slots=True)
class Inside:
    """A balance transaction inside a payout."""

    id: str
    type: str
    category: str
    amount: int
    fee: int
    net: int
    currency: str
    source: str | None
    created_at: datetime | None


def decode(text: str) -> Snapshot:
    return _DECODER.decode(text)


def encode(snapshot: Snapshot) -> str:
    return msgspec.json.encode(snapshot).decode()


def parse(answer: Json) -> Snapshot:
    """Parse a `payout` with its expanded destination."""
    answer = storable(answer)
    trace = as_object(answer.get("trace_id"))
    return Snapshot(
        id=v1_values.identifier(answer),
        status=as_text(answer.get("status")) or "unknown",
        amount=_total(answer, "amount"),
        currency=v1_values.currency_code(answer.get("currency")) or "",
        arrives_at=v1_values.moment(answer.get("arrival_date")),
        created_at=v1_values.moment(answer.get("created")),
        automatic=answer.get("automatic") is True,
        method=as_text(answer.get("method")),
        destination=_destination(answer),
        failure_code=as_text(answer.get("failure_code")),
        failure_message=as_text(answer.get("failure_message")),
        trace_id=as_text(trace.get("value")),
        trace_status=as_text(trace.get("status")),
        reconciliation=as_text(answer.get("reconciliation_status")),
        statement_descriptor=as_text(answer.get("statement_descriptor")),
        livemode=answer.get("livemode") is True,
        external_id=_external_id(as_object(answer.get("metadata"))),
    )


def differs(listed: Snapshot, known: Snapshot) -> bool:
    """Whether a payout in Stripe's list differs from the stored payout. Lists do not expand the
    destination, so the destination is not compared.
    """
    names = "status", "failure_code", "trace_id", "reconciliation", "arrives_at", "amount"
    return any(getattr(listed, name) != getattr(known, name) for name in names)


def parse_inside(rows: Sequence[Json], payout: Snapshot) -> list[Inside] | None:
    """The transactions inside a payout. None if they do not add up to exactly the payout's amount.

    Stripe's list contains the payout's own row, which takes the money out of the balance.
    """
    inside = [
        Inside(
            id=v1_values.identifier(row),
            type=as_text(row.get("type")) or "unknown",
            category=as_text(row.get("reporting_category")) or "unknown",
            amount=_total(row, "amount"),
            fee=_total(row, "fee"),
            net=_total(row, "net"),
            currency=v1_values.currency_code(row.get("currency")) or "",
            source=as_text(row.get("source")),
            created_at=v1_values.moment(row.get("created")),
        )
        for row in map(storable, rows)
        if row.get("source") != payout.id
    ]
    is_whole = all(row.currency == payout.currency for row in inside)
    return inside if is_whole and sum(row.net for row in inside) == payout.amount else None


def summarize(payouts: Iterable[tuple[str, Snapshot, datetime | None]], at: datetime) -> Payouts:
    """Summarize an account's payouts. They are given newest first, each with its node id and the time of its
    failure.

    A payout that came back stays in the summary until a later payout in its currency has arrived. Instant
    payouts and debits do not count as later payouts: an instant payout goes to a debit card, and a debit
    takes money from the bank account. A failed debit stays in the summary until a later debit or payout in
    its currency is paid.
    """
    failed, late, coming = list[Sent](), list[Sent](), list[Sent]()
    arrived, debited = set[str](), set[str]()
    # The currency and the bank account of each later payout that is on its way, except instant payouts.
    later: set[tuple[str, Destination]] = set()
    for key, one, failed_at in payouts:
        if not one.currency:
            continue
        sent = Sent(
            id=key,
            amount=one.amount,
            currency=one.currency,
            arrives_on=(one.arrives_at or at).date(),
            code=one.failure_code,
            at=failed_at or one.arrives_at,
        )
        if one.status == PAID:
            if one.amount < 0:
                debited.add(one.currency)
            elif one.method != INSTANT:
                arrived.add(one.currency)
        elif one.status == FAILED and one.currency not in (arrived | debited if one.amount < 0 else arrived):
            followed = any(name == one.currency and bank != one.destination for name, bank in later)
            failed.append(msgspec.structs.replace(sent, followed=followed))
        elif one.status in ON_THE_WAY:
            if one.amount > 0 and one.method != INSTANT and one.destination is not None:
                later.add((one.currency, one.destination))
            (late if is_late(one.arrives_at or at, at) else coming).append(sent)
    # A debit goes to Stripe, not to the bank account.
    incoming = [sent for sent in coming if sent.amount > 0]
    first = min(incoming, key=lambda sent: (sent.arrives_on, sent.currency), default=None)
    return Payouts(failed=tuple(failed[:MAX_SUMMARIZED]), late=tuple(late[:MAX_SUMMARIZED]), coming=first)


def _total(answer: Json, name: str) -> int:
    value = v1_values.total(answer.get(name))
    if value is None:
        raise ValueError(f"{name} is not an amount")
    return value


def _external_id(metadata: Json) -> str | None:
    """The platform's own id of a payout that createPayout has requested. None for any other payout, because
    its metadata may use this key for another purpose.
    """
    external_id = as_text(metadata.get(EXTERNAL_ID))
    is_ours = external_id is not None and as_text(metadata.get(REQUEST_KEY)) is not None
    return external_id if is_ours and len(external_id or "") <= MAX_EXTERNAL_ID else None


def _destination(answer: Json) -> Destination | None:
    details = as_object(answer.get("destination"))
    kind = as_text(details.get("object")) or as_text(answer.get("type"))
    if kind is None:
        return None
    last4 = as_text(details.get("last4"))
    return Destination(
        type=kind,
        name=as_text(details.get("bank_name")) or as_text(details.get("brand")),
        last4=last4 if last4 is not None and len(last4) <= 4 else None,
        country=as_text(details.get("country")),
        currency=v1_values.currency_code(details.get("currency")),
    )


_DECODER = msgspec.json.Decoder(Snapshot)
