"""The shapes of seeded payments: a payment of every kind with its objects at Stripe and its timeline.

Marks are placeholders for the values that differ between payments. `testing.seed_payments` replaces the
marks.
"""

import functools
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connect.disputes import rows
from connect.payments.mirror import documents
from connect.payments.rules import entries
from connect.payments.rules.entries import EntryKind
from connect.payments.rules.snapshot import Snapshot, encode
from models import Dispute, Payment, PaymentEntry, PaymentObject
from testing import payment_answers, shapes

PAYMENT = uuid.UUID("0badcafe-0000-7000-8000-000000000021")
MERCHANT = uuid.UUID("0badcafe-0000-7000-8000-000000000022")
OBJECTS = tuple(uuid.UUID(f"0badcafe-0000-7000-8000-00000000003{number}") for number in range(4))
ENTRIES = tuple(uuid.UUID(f"0badcafe-0000-7000-8000-00000000004{number}") for number in range(6))
OWNER = "merchant-id-mark"
ORDER = "order-id-mark"
ACCOUNT = "acct_PaymentMark"
KEY = "PaymentKeyMark"
EMAIL = "payer@mark.example"
LAST4 = "9876"
CREATED = datetime(2023, 12, 13, 11, 10, 9, 111000, tzinfo=UTC)
# Stripe's times are whole seconds.
SECOND = CREATED.replace(microsecond=0)
LATER, LATEST = SECOND + timedelta(days=1), SECOND + timedelta(days=7)
SYNCED = shapes.NOW - timedelta(milliseconds=333)

# Of a thousand payments, the number of each kind.
SHARES = {
    "succeeded": 799,
    "expired": 60,
    "open": 30,
    "refunded": 27,
    "fully refunded": 25,
    "failed attempt": 15,
    "canceled": 10,
    "processing": 10,
    "disputed": 3,
    "dispute won": 3,
    "dispute lost": 4,
    "inquiry": 1,
    "warned": 1,
    "refund pending": 4,
    "refund failed": 2,
    "authorized": 4,
    "creating": 2,
}
# Of a hundred payments, the number in each currency.
CURRENCIES = {"USD": 70, "EUR": 20, "GBP": 9, "JPY": 1}
# Of a thousand payments, the number with each amount.
AMOUNTS = {500: 150, 999: 200, 1500: 150, 2499: 200, 4900: 150, 9900: 100, 25000: 40, 99900: 9, 500000: 1}
# Of the payments that have an intent, the share that was created at Stripe, and the share without a page.
FROM_STRIPE, WITHOUT_PAGE = 0.06, 0.1


@dataclass(frozen=True, slots=True)
class Case:
    """A kind of payment with its currency, amount and origin.

    `weight` is proportional to the share of such payments.
    """

    weight: float
    kind: str
    currency: str
    amount: int
    origin: str
    has_page: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """The rows of one payment, with marks."""

    payment: Payment
    objects: tuple[PaymentObject, ...]
    disputes: tuple[Dispute, ...]
    entries: tuple[PaymentEntry, ...]


def cases() -> Iterator[Case]:
    """Every kind with every currency and amount.

    Cases with an intent exist with both origins, ConnectQL and Stripe, and with and without a page.
    """
    for kind, share in SHARES.items():
        has_intent = payment_answers.STATUSES[kind] is not None
        pages = {True: 1 - WITHOUT_PAGE, False: WITHOUT_PAGE} if has_intent else {True: 1.0}
        origins = {"API": 1 - FROM_STRIPE, "STRIPE": FROM_STRIPE} if has_intent else {"API": 1.0}
        for currency, of_currency in CURRENCIES.items():
            for amount, of_amount in AMOUNTS.items():
                for has_page, of_page in pages.items():
                    for origin, of_origin in origins.items():
                        weight = share * of_currency * of_amount * of_page * of_origin
                        yield Case(weight, kind, currency, amount, origin, has_page)


@functools.cache
def shape(case: Case) -> Shape:
    """The rows of a payment of this case."""
    known = payment_answers.build(
        case.kind,
        KEY,
        amount=case.amount,
        currency=case.currency,
        email=EMAIL,
        last4=LAST4,
        at=SECOND,
        payment_id=str(PAYMENT),
        has_session=case.has_page,
    )
    payment = Payment(
        id=PAYMENT,
        merchant_id=MERCHANT,
        merchant_external_id=OWNER,
        stripe_account_id=ACCOUNT,
        origin=case.origin,
        external_id=ORDER if case.origin == "API" else None,
        amount=case.amount,
        currency=case.currency,
        created_at=CREATED,
        updated_at=SYNCED,
    )
    found = payment_answers.objects(known)
    objects = tuple(
        PaymentObject(stripe_object_id=stripe_id, kind=name, id=key, payment_id=PAYMENT)
        for key, (stripe_id, name) in zip(OBJECTS, found, strict=False)
    )
    if known is not None:
        payment.snapshot = encode(known)
        payment.synced_at, payment.synced_by = SYNCED, "webhook"
        payment.fetches_started = payment.fetch_applied = 1
        payment.stripe_checkout_session_id = known.session.id if known.session is not None else None
        payment.stripe_payment_intent_id = known.intent.id if known.intent is not None else None
    ids = {one.stripe_object_id: one.id for one in objects}
    documents.set_document(payment, documents.derive(payment, ids=ids))
    return Shape(
        payment, objects, tuple(_disputes(payment, known, ids)), tuple(_entries(known or Snapshot()))
    )


def _disputes(payment: Payment, known: Snapshot | None, ids: Mapping[str, uuid.UUID]) -> Iterator[Dispute]:
    for one in known.disputes if known is not None else ():
        row = Dispute(id=ids[one.id])
        rows.derive(row, payment, one, is_refunded=False)
        yield row


def _entries(known: Snapshot) -> Iterator[PaymentEntry]:
    changes = list(entries.changes(Snapshot(), known))
    created = entries.Change(EntryKind.CREATED, "The payment was created.", None, None)
    for key, change in zip(ENTRIES, [created, *changes], strict=False):
        yield PaymentEntry(
            id=key,
            payment_id=PAYMENT,
            at=CREATED,
            kind=change.kind.value,
            message=change.message,
            actor="operator" if change is created else None,
            before=change.before,
            after=change.after,
            fetch=None if change is created else 1,
        )
