"""Checks of amounts in inputs. Pure."""

from collections.abc import Iterator

from connect.errors import AmountTooSmall, FieldCode, InvalidField
from connect.merchants.inputs.currencies import check_currency
from connect.payments.rules.money.currencies import CURRENCIES, Currency
from connect.payments.rules.money.money import Money


def check_amount(name: str, minor_units: int, currency: str) -> Iterator[InvalidField]:
    """Check an amount to charge or to refund. `name` is the path of the `MoneyInput`.

    Stripe's minimum depends on the account, so `check_minimum` checks it.
    """
    if currency not in CURRENCIES:
        yield from check_currency(f"{name}.currency", currency)
        return
    yield from _check_units(f"{name}.minorUnits", minor_units, CURRENCIES[currency], least=1)


def check_fee_amount(name: str, minor_units: int, currency: str, charged: str) -> Iterator[InvalidField]:
    """Check the explicit fee for a payment whose currency is `charged`. A fee of 0 means that there is no
    fee.
    """
    if currency != charged:
        message = f"The fee must be in {charged}, the currency of the payment."
        yield InvalidField(f"{name}.currency", FieldCode.CONTRADICTION, message, f"Choose {charged}.")
        return
    if charged in CURRENCIES:
        yield from _check_units(f"{name}.minorUnits", minor_units, CURRENCIES[charged], least=0)


def check_minimum(name: str, total: int, currency: str, settlement_currency: str | None) -> None:
    """Raise AmountTooSmall for a total that Stripe would refuse.

    Stripe converts the total to the currency in which the account settles and compares it with the minimum of
    that currency. This function checks only totals in that currency, and leaves other totals to Stripe.
    """
    known = CURRENCIES.get(currency)
    if currency != settlement_currency or known is None or known.minimum is None:
        return
    if total < known.minimum:
        raise AmountTooSmall(name, Money(known.minimum, currency))


def _check_units(name: str, value: int, currency: Currency, least: int) -> Iterator[InvalidField]:
    if value < least:
        user_message = (
            "Enter an amount greater than zero." if least else "Enter an amount without a minus sign."
        )
        yield InvalidField(name, FieldCode.AMOUNT_INVALID, f"Must be at least {least}.", user_message)
    elif value > currency.maximum:
        message = f"Must be at most {currency.maximum}, Stripe's maximum for a charge."
        yield InvalidField(name, FieldCode.AMOUNT_INVALID, message, "Enter a smaller amount.")
    elif value % currency.charge_step:
        step = currency.charge_step
        message = f"Must be a multiple of {step}: Stripe charges {currency.code} in steps of "
        message += f"{Money(step, currency.code)}."
        user_message = f"Enter an amount in steps of {Money(step, currency.code)}."
        yield InvalidField(name, FieldCode.AMOUNT_INVALID, message, user_message)
