"""The payments of `testing.seed`: copies of the shapes of `testing.payment_shapes`."""

import functools
import itertools
import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from connect.merchants.rules.document import global_id, wire_time
from connect.payments.rules.snapshot import hash_email
from models import Dispute, Payment, PaymentEntry, PaymentObject
from testing import payment_shapes, shapes, templates
from testing.payment_shapes import Case
from testing.templates import Pattern, Row, key, letters, stored

MODELS = (Payment, PaymentObject, Dispute, PaymentEntry)
BATCH = 10_000
# Every fifth payment has a timeline, which is enough for the measurements.
TIMELINES = 5
# The age of the first payment.
AGE = timedelta(days=700)
# The average number of payments per payer.
PAYMENTS_OF_PAYER = 4

UUIDS = (
    *(payment_shapes.PAYMENT, payment_shapes.MERCHANT),
    *(*payment_shapes.OBJECTS, *payment_shapes.ENTRIES),
)
# The number of ids that ConnectQL creates for the objects and the timeline of each payment.
OWN_IDS = len(UUIDS) - 2
TIMES = (
    payment_shapes.CREATED,
    payment_shapes.SECOND,
    payment_shapes.LATER,
    payment_shapes.LATEST,
    payment_shapes.SYNCED,
)
LAST4, LAST4_FIELD = "last4 column", f'"last4":"{payment_shapes.LAST4}"'
NODES = (
    global_id("Payment", payment_shapes.PAYMENT),
    global_id("Merchant", payment_shapes.MERCHANT),
    *(global_id(name, at) for at in payment_shapes.OBJECTS for name in ("Refund", "Dispute")),
)
MARKS = (
    *(*map(str, UUIDS), *(str(wire_time(at)) for at in TIMES), *map(stored, TIMES), *NODES),
    *(payment_shapes.OWNER, payment_shapes.ORDER, payment_shapes.ACCOUNT, payment_shapes.KEY),
    *(hash_email(payment_shapes.EMAIL), LAST4, LAST4_FIELD),
)
MARK = templates.one_of(MARKS)


@dataclass(frozen=True, slots=True)
class Owner:
    """A merchant with an account."""

    id: uuid.UUID
    external_id: str
    stripe_account_id: str


def external_id(number: int) -> str:
    """The external id of the payment with this number, from 1."""
    return f"order-{number:08}"


def email(number: int) -> str:
    """The e-mail address of the payer with this number, from 0."""
    return f"payer{number}@customers.example"


@functools.cache
def _patterns(case: Case) -> tuple[tuple[Pattern, ...], ...]:
    """The patterns of the rows that a case has in each table."""
    shape = payment_shapes.shape(case)
    return tuple(
        tuple(templates.pattern(row, MARK, TIMES, {"last4": LAST4}) for row in rows)
        for rows in ((shape.payment,), shape.objects, shape.disputes, shape.entries)
    )


def batches(owners: Sequence[Owner], payments: int, chance: random.Random) -> Iterator[list[list[Row]]]:
    """The rows for each table, in batches of payments. The first merchants have the most payments."""
    cases = list(payment_shapes.cases())
    weights = list(itertools.accumulate(case.weight for case in cases))
    for start in range(1, payments + 1, BATCH):
        numbers = range(start, min(start + BATCH, payments + 1))
        batch: list[list[Row]] = [[], [], [], []]
        chosen = chance.choices(cases, cum_weights=weights, k=len(numbers))
        for number, case in zip(numbers, chosen, strict=True):
            owner = owners[int(len(owners) * chance.random() ** 3)]
            swaps = _swaps(number, payments, owner, chance)
            has_timeline = number % TIMELINES == 0
            of_tables = _patterns(case)[: 4 if has_timeline else 3]
            for rows, of_table in zip(batch, of_tables, strict=False):
                rows.extend(pattern.fill(swaps) for pattern in of_table)
        yield batch


def _swaps(number: int, payments: int, owner: Owner, chance: random.Random) -> dict[Any, Any]:
    """The value that replaces each mark for this payment."""
    created = shapes.NOW - AGE + (AGE - timedelta(days=2)) * number / payments
    created = created.replace(microsecond=created.microsecond // 1000 * 1000)
    second = created.replace(microsecond=0)
    synced = created + timedelta(milliseconds=chance.randrange(3_600_000))
    moments = (created, second, second + timedelta(days=1), second + timedelta(days=7), synced)
    payment_id, *own = (key(created, order, chance) for order in range(OWN_IDS + 1))
    objects = own[: len(payment_shapes.OBJECTS)]
    last4 = f"{chance.randrange(10_000):04}"
    values = (
        *map(str, (payment_id, owner.id, *own)),
        *map(wire_time, moments),
        *map(stored, moments),
        *(global_id("Payment", payment_id), global_id("Merchant", owner.id)),
        *(global_id(name, at) for at in objects for name in ("Refund", "Dispute")),
        *(owner.external_id, external_id(number), owner.stripe_account_id, letters(chance, 24)),
        *(hash_email(email(chance.randrange(payments // PAYMENTS_OF_PAYER + 1))), last4),
        f'"last4":"{last4}"',
    )
    return dict(zip(MARKS, values, strict=True)) | dict(zip(TIMES, moments, strict=True))
