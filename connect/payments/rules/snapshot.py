"""Parses Stripe's answers about a payment, and encodes them as the JSON text of the `snapshot` column. Pure.

Amounts are in minor units, currencies in upper case. Stripe's enums are open: unknown values pass through.
Malformed parts are left out. The parsers raise ValueError only for an object without an id. A snapshot has
little personal data about the payer: the last four digits of the payment method, a hash of the e-mail
address, and texts that may name the payer, such as the description and the metadata. Addresses of pages and
client secrets are never part of a snapshot.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from connect.merchants.rules.account.snapshot import as_object, as_objects, as_text, storable
from connect.stripe_api import v1_values

Json = Mapping[str, Any]

# The metadata of sessions and intents has the payment's id under PAYMENT_KEY. The metadata of refunds has the
# request's id under REFUND_KEY.
PAYMENT_KEY = "payment_id"
REFUND_KEY = "refund_id"


class Session(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A Checkout Session. `status` is `open`, `complete` or `expired`."""

    id: str
    status: str
    payment_status: str
    amount_total: int | None = None
    currency: str | None = None
    payment_intent: str | None = None
    payment_link: str | None = None
    expires_at: datetime | None = None
    created_at: datetime | None = None
    livemode: bool = False
    metadata: Mapping[str, str] = {}


class Failure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A failed attempt. `message` is Stripe's text for the payer, which no client reads."""

    code: str | None = None
    decline_code: str | None = None
    advice_code: str | None = None
    message: str | None = None


class Method(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The payment method. `type` is Stripe's word, such as `card` or `us_bank_account`."""

    type: str
    brand: str | None = None
    last4: str | None = None
    country: str | None = None
    funding: str | None = None
    wallet: str | None = None


class Transaction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A balance transaction on the merchant's account. `net` is `amount` minus `fee`.

    `stripe_fee` and `application_fee` are the parts of `fee`. The currency is that of the settlement.
    """

    id: str
    amount: int
    fee: int
    net: int
    currency: str
    stripe_fee: int = 0
    application_fee: int = 0
    available_on: datetime | None = None


class Fee(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The application fee that Stripe booked on the platform."""

    id: str
    amount: int | None = None
    amount_refunded: int | None = None
    currency: str | None = None


class Charge(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An intent's latest attempt that reached the bank."""

    id: str
    status: str
    amount: int
    currency: str
    amount_captured: int = 0
    amount_refunded: int = 0
    captured: bool = False
    paid: bool = False
    disputed: bool = False
    failure: Failure | None = None
    # Whether the bank reversed the payment after its success.
    reversed: bool = False
    method: Method | None = None
    capture_before: datetime | None = None
    transaction: Transaction | None = None
    application_fee_amount: int | None = None
    fee: Fee | None = None
    created_at: datetime | None = None


class Intent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A PaymentIntent with its latest charge."""

    id: str
    status: str
    amount: int
    currency: str
    amount_received: int = 0
    amount_capturable: int = 0
    capture_method: str | None = None
    application_fee_amount: int | None = None
    cancellation_reason: str | None = None
    failure: Failure | None = None
    # The type of the payer's next step, such as `redirect_to_url`.
    next_action: str | None = None
    charge: Charge | None = None
    description: str | None = None
    created_at: datetime | None = None
    canceled_at: datetime | None = None
    livemode: bool = False
    metadata: Mapping[str, str] = {}


class Refund(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A refund, requested here or at Stripe. `reference` is the number by which the customer's bank finds
    it.
    """

    id: str
    status: str
    amount: int
    currency: str
    reason: str | None = None
    pending_reason: str | None = None
    failure_reason: str | None = None
    reference: str | None = None
    # The id of our request for this refund.
    request_id: str | None = None
    created_at: datetime | None = None


class Program(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A card network's program that takes special evidence for a dispute. `name` and `status` are Stripe's
    values.

    `missing` has Stripe's names of the parts that the evidence lacks.
    """

    name: str
    status: str
    missing: tuple[str, ...] = ()


class Dispute(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A dispute or inquiry. `fee` is the sum of the fees of its balance transactions.

    `case_type` is the card network's word for a dispute about a card payment, such as `compliance`.
    `evidence_hash` is a hash of the staged or submitted evidence. It changes with the evidence.
    """

    id: str
    status: str
    amount: int
    currency: str
    reason: str | None = None
    case_type: str | None = None
    due_by: datetime | None = None
    has_evidence: bool = False
    past_due: bool = False
    submission_count: int = 0
    evidence_hash: str | None = None
    has_appeal: bool = False
    programs: tuple[Program, ...] = ()
    is_charge_refundable: bool = False
    withdrawn: int = 0
    fee: int = 0
    fee_currency: str | None = None
    created_at: datetime | None = None


class FraudWarning(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An early fraud warning of the payer's bank. It is not a dispute, and moves no money.

    `actionable` means that a full refund can still avoid a dispute. Stripe's type of the fraud is left out,
    because no reader may learn it.
    """

    id: str
    actionable: bool = False
    created_at: datetime | None = None


class Snapshot(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that is known about one payment at Stripe. Lists are in the order of creation."""

    session: Session | None = None
    intent: Intent | None = None
    refunds: tuple[Refund, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    warnings: tuple[FraudWarning, ...] = ()
    payer_email_hash: str | None = None


def parse_session(answer: Json) -> Session:
    """Parse a `checkout.session`."""
    answer = storable(answer)
    return Session(
        id=v1_values.identifier(answer),
        status=as_text(answer.get("status")) or "unknown",
        payment_status=as_text(answer.get("payment_status")) or "unknown",
        amount_total=v1_values.amount(answer.get("amount_total")),
        currency=v1_values.currency_code(answer.get("currency")),
        payment_intent=reference(answer.get("payment_intent")),
        payment_link=reference(answer.get("payment_link")),
        expires_at=v1_values.moment(answer.get("expires_at")),
        created_at=v1_values.moment(answer.get("created")),
        livemode=answer.get("livemode") is True,
        metadata=_metadata(answer),
    )


def parse_intent(answer: Json) -> Intent:
    """Parse a `payment_intent`. The result has the charge if `latest_charge` is expanded."""
    answer = storable(answer)
    charge = answer.get("latest_charge")
    return Intent(
        id=v1_values.identifier(answer),
        status=as_text(answer.get("status")) or "unknown",
        amount=v1_values.amount(answer.get("amount")) or 0,
        currency=v1_values.currency_code(answer.get("currency")) or "",
        amount_received=v1_values.amount(answer.get("amount_received")) or 0,
        amount_capturable=v1_values.amount(answer.get("amount_capturable")) or 0,
        capture_method=as_text(answer.get("capture_method")),
        application_fee_amount=v1_values.amount(answer.get("application_fee_amount")),
        cancellation_reason=as_text(answer.get("cancellation_reason")),
        failure=_failure(answer.get("last_payment_error")),
        next_action=as_text(as_object(answer.get("next_action")).get("type")),
        charge=parse_charge(charge) if isinstance(charge, Mapping) and v1_values.has_id(charge) else None,
        description=as_text(answer.get("description")),
        created_at=v1_values.moment(answer.get("created")),
        canceled_at=v1_values.moment(answer.get("canceled_at")),
        livemode=answer.get("livemode") is True,
        metadata=_metadata(answer),
    )


def parse_charge(answer: Json) -> Charge:
    """Parse a `charge`. The result has the balance transaction if it is expanded, and the amounts of the fee
    if the fee is expanded.
    """
    code = as_text(answer.get("failure_code"))
    card = as_object(as_object(answer.get("payment_method_details")).get("card"))
    return Charge(
        id=v1_values.identifier(answer),
        status=as_text(answer.get("status")) or "unknown",
        amount=v1_values.amount(answer.get("amount")) or 0,
        currency=v1_values.currency_code(answer.get("currency")) or "",
        amount_captured=v1_values.amount(answer.get("amount_captured")) or 0,
        amount_refunded=v1_values.amount(answer.get("amount_refunded")) or 0,
        captured=answer.get("captured") is True,
        paid=answer.get("paid") is True,
        disputed=answer.get("disputed") is True,
        failure=Failure(code=code, message=as_text(answer.get("failure_message"))) if code else None,
        reversed=reference(answer.get("failure_balance_transaction")) is not None,
        method=_method(answer.get("payment_method_details")),
        capture_before=v1_values.moment(card.get("capture_before")),
        transaction=parse_transaction(answer.get("balance_transaction")),
        application_fee_amount=v1_values.amount(answer.get("application_fee_amount")),
        fee=_fee(answer.get("application_fee")),
        created_at=v1_values.moment(answer.get("created")),
    )


def parse_transaction(answer: object) -> Transaction | None:
    """Parse an expanded `balance_transaction`. Returns None for an id or a missing value."""
    if not isinstance(answer, Mapping) or not v1_values.has_id(answer):
        return None
    fees = as_objects(answer.get("fee_details"))
    return Transaction(
        id=v1_values.identifier(answer),
        amount=v1_values.amount(answer.get("amount")) or 0,
        fee=v1_values.amount(answer.get("fee")) or 0,
        net=v1_values.amount(answer.get("net")) or 0,
        currency=v1_values.currency_code(answer.get("currency")) or "",
        stripe_fee=_sum(fee for fee in fees if fee.get("type") != "application_fee"),
        application_fee=_sum(fee for fee in fees if fee.get("type") == "application_fee"),
        available_on=v1_values.moment(answer.get("available_on")),
    )


def parse_refund(answer: Json) -> Refund:
    """Parse a `refund`."""
    answer = storable(answer)
    details = as_object(answer.get("destination_details"))
    by_type = as_object(details.get(as_text(details.get("type")) or ""))
    return Refund(
        id=v1_values.identifier(answer),
        status=as_text(answer.get("status")) or "unknown",
        amount=v1_values.amount(answer.get("amount")) or 0,
        currency=v1_values.currency_code(answer.get("currency")) or "",
        reason=as_text(answer.get("reason")),
        pending_reason=as_text(answer.get("pending_reason")),
        failure_reason=as_text(answer.get("failure_reason")),
        reference=as_text(by_type.get("reference")),
        request_id=_metadata(answer).get(REFUND_KEY),
        created_at=v1_values.moment(answer.get("created")),
    )


def parse_dispute(answer: Json) -> Dispute:
    """Parse a `dispute`."""
    answer = storable(answer)
    details = as_object(answer.get("evidence_details"))
    card = as_object(as_object(answer.get("payment_method_details")).get("card"))
    transactions = as_objects(answer.get("balance_transactions"))
    withdrawn = -_sum(transactions)
    currency = next((v1_values.currency_code(one.get("currency")) for one in transactions), None)
    return Dispute(
        id=v1_values.identifier(answer),
        status=as_text(answer.get("status")) or "unknown",
        amount=v1_values.amount(answer.get("amount")) or 0,
        currency=v1_values.currency_code(answer.get("currency")) or "",
        reason=as_text(answer.get("reason")),
        case_type=as_text(card.get("case_type")),
        due_by=v1_values.moment(details.get("due_by")),
        has_evidence=details.get("has_evidence") is True,
        past_due=details.get("past_due") is True,
        submission_count=v1_values.amount(details.get("submission_count")) or 0,
        evidence_hash=_hash(answer.get("evidence")),
        has_appeal=bool(as_object(as_object(answer.get("evidence")).get("appeal"))),
        programs=tuple(_programs(as_object(details.get("enhanced_eligibility")))),
        is_charge_refundable=answer.get("is_charge_refundable") is True,
        withdrawn=withdrawn,
        fee=sum(v1_values.amount(one.get("fee")) or 0 for one in transactions),
        fee_currency=currency,
        created_at=v1_values.moment(answer.get("created")),
    )


def _programs(eligibility: Json) -> Iterator[Program]:
    for name in sorted(eligibility):
        if found := as_object(eligibility[name]):
            missing = found.get("required_actions")
            texts = [one for one in missing if isinstance(one, str)] if isinstance(missing, list) else []
            yield Program(name=name, status=as_text(found.get("status")) or "unknown", missing=tuple(texts))


def _hash(value: object) -> str | None:
    if not isinstance(value, Mapping):
        return None
    return hashlib.sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()[:32]


def parse_warning(answer: Json) -> FraudWarning:
    """Parse a `radar.early_fraud_warning`."""
    answer = storable(answer)
    return FraudWarning(
        id=v1_values.identifier(answer),
        actionable=answer.get("actionable") is True,
        created_at=v1_values.moment(answer.get("created")),
    )


def without_metadata(known: Snapshot) -> Snapshot:
    """The snapshot without the metadata, because other programs often write the payer's name there."""
    session, intent = known.session, known.intent
    return msgspec.structs.replace(
        known,
        session=msgspec.structs.replace(session, metadata={}) if session is not None else None,
        intent=msgspec.structs.replace(intent, metadata={}) if intent is not None else None,
    )


def without_payer(known: Snapshot) -> Snapshot:
    """The snapshot without anything that identifies the payer. Amounts, dates and Stripe's ids stay.

    Removes the hash of the e-mail address, the last four digits, the description, the metadata, Stripe's
    message about a failed attempt, and the hash of the evidence in a dispute.
    """
    known = without_metadata(known)
    replace, intent = msgspec.structs.replace, known.intent
    if intent is not None:
        charge = intent.charge
        if charge is not None:
            method = replace(charge.method, last4=None) if charge.method is not None else None
            charge = replace(charge, method=method, failure=_without_message(charge.failure))
        intent = replace(intent, description=None, failure=_without_message(intent.failure), charge=charge)
    disputes = tuple(replace(one, evidence_hash=None) for one in known.disputes)
    return replace(known, intent=intent, disputes=disputes, payer_email_hash=None)


def _without_message(failure: Failure | None) -> Failure | None:
    return msgspec.structs.replace(failure, message=None) if failure is not None else None


def email_hash(answer: Json) -> str | None:
    """The hash of the payer's e-mail address in a session, intent or charge, or None without an address."""
    candidates = (
        as_object(answer.get("customer_details")).get("email"),
        answer.get("customer_email"),
        answer.get("receipt_email"),
        as_object(answer.get("billing_details")).get("email"),
    )
    address = next((text for text in map(as_text, candidates) if text), None)
    return hash_email(address) if address is not None else None


def hash_email(address: str) -> str:
    """SHA-256 of the address in lower case, for searching."""
    return hashlib.sha256(address.strip().lower().encode(errors="replace")).hexdigest()


def reference(value: object) -> str | None:
    """The id in an expandable field: the id itself, or the id of the expanded object. None without an id."""
    return as_text(value) or as_text(as_object(value).get("id"))


def encode(snapshot: Snapshot) -> str:
    """The text of the `snapshot` column."""
    return msgspec.json.encode(snapshot).decode()


def decode(text: str | None) -> Snapshot:
    """The snapshot that `encode` wrote. Without a text, the snapshot is empty."""
    return _DECODER.decode(text) if text is not None else Snapshot()


def _sum(items: Iterable[Json]) -> int:
    return sum(v1_values.amount(item.get("amount")) or 0 for item in items)


def _metadata(answer: Json) -> dict[str, str]:
    values = as_object(answer.get("metadata")).items()
    return {key: value for key, value in values if isinstance(value, str)}


def _failure(value: object) -> Failure | None:
    if not isinstance(value, Mapping):
        return None
    names = "code", "decline_code", "advice_code", "message"
    return Failure(**{name: as_text(value.get(name)) for name in names})


def _method(value: object) -> Method | None:
    details = as_object(value)
    kind = as_text(details.get("type"))
    if kind is None:
        return None
    by_type = as_object(details.get(kind))
    last4 = as_text(by_type.get("last4"))
    return Method(
        type=kind,
        brand=as_text(by_type.get("brand")) or as_text(by_type.get("bank_name")),
        last4=last4 if last4 is not None and len(last4) <= 4 else None,
        country=as_text(by_type.get("country")),
        funding=as_text(by_type.get("funding")),
        wallet=as_text(as_object(by_type.get("wallet")).get("type")),
    )


def _fee(value: object) -> Fee | None:
    fee_id = reference(value)
    if fee_id is None:
        return None
    fee = as_object(value)
    return Fee(
        id=fee_id,
        amount=v1_values.amount(fee.get("amount")),
        amount_refunded=v1_values.amount(fee.get("amount_refunded")),
        currency=v1_values.currency_code(fee.get("currency")),
    )


_DECODER = msgspec.json.Decoder(Snapshot)
