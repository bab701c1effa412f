"""Requests for payouts outside the schedule: their input, its checks, and the request's body. Pure."""

import enum
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from connect.errors import FieldCode, InvalidField, InvalidInput, PayoutTooLarge
from connect.finances.rules.inputs import check_amount
from connect.finances.rules.payouts import EXTERNAL_ID, MAX_EXTERNAL_ID, REQUEST_KEY
from connect.finances.rules.snapshot import Finances
from connect.merchants.inputs.texts import check_text
from connect.payments.rules.money.money import Money

STATEMENT = 22


class Method(enum.Enum):
    """The speed of a payout (https://docs.stripe.com/api/payouts/create)."""

    STANDARD = "STANDARD"
    INSTANT = "INSTANT"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayout:
    external_id: str
    amount: Money
    method: Method = Method.STANDARD
    statement_descriptor: str | None = None


def check_input(new: NewPayout) -> Iterator[InvalidField]:
    yield from check_text("externalId", new.external_id, MAX_EXTERNAL_ID)
    yield from check_amount("amount", new.amount.minor_units, new.amount.currency)
    if new.statement_descriptor is not None:
        yield from check_text("statementDescriptor", new.statement_descriptor, STATEMENT)


def is_blocked(finances: Finances, document: dict[str, Any]) -> bool:
    """Whether Stripe pays nothing out to the merchant with these finances and this document."""
    is_off = finances.settings is not None and finances.settings.status == "disabled"
    return is_off or not document["canReceivePayouts"]


def check_balance(finances: Finances, new: NewPayout) -> None:
    """Raise InvalidInput or PayoutTooLarge if Stripe would refuse the payout.

    If the mirror has no balance, nothing is checked here, and Stripe decides.
    """
    balance = finances.balance
    if balance is None:
        return
    # Stripe shows the amounts for instant payouts only for some accounts.
    currency, is_instant = new.amount.currency, new.method is Method.INSTANT and bool(balance.instant)
    if currency not in balance.available:
        held = ", ".join(balance.available) or "no currency"
        message = f"The balance has no {currency}. It has {held}."
        code = FieldCode.NOT_AVAILABLE
        raise InvalidInput([InvalidField("amount.currency", code, message, "Choose another currency.")])
    available = (balance.instant if is_instant else balance.available).get(currency, 0)
    if new.amount.minor_units > available:
        raise PayoutTooLarge(Money(available, currency), is_instant=is_instant)


def canonical(new: NewPayout) -> str:
    """The input as canonical text: equal inputs have equal texts."""
    amount = [new.amount.minor_units, new.amount.currency]
    return json.dumps(
        {"amount": amount, "method": new.method.value, "statement_descriptor": new.statement_descriptor}
    )


def body(request_id: str, new: NewPayout) -> dict[str, Any]:
    """The body of the request for a payout (https://docs.stripe.com/api/payouts/create)."""
    values: dict[str, Any] = {
        "amount": new.amount.minor_units,
        "currency": new.amount.currency.lower(),
        "method": new.method.value.lower(),
        "metadata": {REQUEST_KEY: request_id, EXTERNAL_ID: new.external_id},
        "expand": ["destination"],
    }
    if new.statement_descriptor is not None:
        values["statement_descriptor"] = new.statement_descriptor
    return values
