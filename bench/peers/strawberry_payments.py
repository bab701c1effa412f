"""The GraphQL types of payments for the server with Strawberry and Tortoise."""

from datetime import datetime
from typing import NewType

import strawberry

from bench.peers import tortoise_models as models
from bench.peers import words

# GraphQL's Int has 32 bits.
MinorUnits = NewType("MinorUnits", int)
MINOR_UNITS = strawberry.scalar(name="MinorUnits", serialize=int, parse_value=int)


@strawberry.type
class Money:
    minor_units: MinorUnits
    currency: str


@strawberry.type
class PaymentMethod:
    type: str
    brand: str | None
    last4: str | None
    country: str | None
    funding: str | None
    wallet: str | None


@strawberry.type
class Refund:
    row: strawberry.Private[models.Refund]
    external_id: str | None
    origin: str
    state: str
    explanation: str
    reason: str | None
    failure_reason: str | None
    stripe_refund_id: str | None
    created_at: datetime

    @strawberry.field
    def id(self) -> strawberry.ID:
        return strawberry.ID(words.global_id("Refund", self.row.id))

    @strawberry.field
    def amount(self) -> Money:
        return Money(minor_units=MinorUnits(self.row.amount), currency=self.row.currency)


@strawberry.type
class Payment:
    row: strawberry.Private[models.Payment]
    external_id: str | None
    origin: str
    state: str
    refund_state: str
    dispute_state: str
    summary: str
    created_at: datetime
    livemode: bool | None
    stripe_payment_intent_id: str | None

    @strawberry.field
    def id(self) -> strawberry.ID:
        return strawberry.ID(words.global_id("Payment", self.row.id))

    @strawberry.field
    def amount(self) -> Money:
        return Money(minor_units=MinorUnits(self.row.amount), currency=self.row.currency)

    @strawberry.field
    def amount_received(self) -> Money:
        return Money(minor_units=MinorUnits(self.row.amount_received), currency=self.row.currency)

    @strawberry.field
    def amount_refunded(self) -> Money:
        return Money(minor_units=MinorUnits(self.row.amount_refunded), currency=self.row.currency)

    @strawberry.field
    def application_fee(self) -> Money | None:
        return _money(self.row.application_fee, self.row.fee_currency)

    @strawberry.field
    def application_fee_refunded(self) -> Money | None:
        return _money(self.row.application_fee_refunded, self.row.fee_currency)

    @strawberry.field
    def stripe_fee(self) -> Money | None:
        return _money(self.row.stripe_fee, self.row.balance_currency)

    @strawberry.field
    def net(self) -> Money | None:
        return _money(self.row.net, self.row.balance_currency)

    @strawberry.field
    def method(self) -> PaymentMethod | None:
        if self.row.method_type is None:
            return None
        return PaymentMethod(
            type=self.row.method_type,
            brand=self.row.method_brand,
            last4=self.row.method_last4,
            country=self.row.method_country,
            funding=self.row.method_funding,
            wallet=self.row.method_wallet,
        )

    @strawberry.field
    def refunds(self) -> list[Refund]:
        return [_refund(row) for row in self.row.refunds]


def _money(amount: int | None, currency: str | None) -> Money | None:
    if amount is None or currency is None:
        return None
    return Money(minor_units=MinorUnits(amount), currency=currency)


def _refund(row: models.Refund) -> Refund:
    return Refund(
        row=row,
        external_id=row.external_id,
        origin=row.origin,
        state=row.state,
        explanation=row.explanation,
        reason=row.reason,
        failure_reason=row.failure_reason,
        stripe_refund_id=row.stripe_refund_id,
        created_at=row.created_at,
    )


def payment(row: models.Payment) -> Payment:
    """Convert a row, whose refunds must be prefetched, to a payment."""
    return Payment(
        row=row,
        external_id=row.external_id,
        origin=row.origin,
        state=row.state,
        refund_state=row.refund_state,
        dispute_state=row.dispute_state,
        summary=row.summary,
        created_at=row.created_at,
        livemode=row.livemode,
        stripe_payment_intent_id=row.stripe_payment_intent_id,
    )
