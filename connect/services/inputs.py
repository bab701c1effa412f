"""Checks of the inputs of services, before anything is stored or sent to Stripe. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from connect.errors import FieldCode, InvalidField, InvalidInput
from connect.payments.inputs.return_addresses import check_return_address, convert_return_address

MAX_QUANTITY = 999_999
# Stripe's longest trial is two years (https://docs.stripe.com/billing/subscriptions/trials).
MAX_TRIAL_DAYS = 730


@dataclass(frozen=True, slots=True, kw_only=True)
class NewService:
    """A subscription to begin. If `price` is None, `check` sets the first price of the settings."""

    success_url: str
    cancel_url: str
    price: str | None = None
    quantity: int = 1
    trial_days: int | None = None


def check(
    new: NewService, origins: Collection[str], prices: Sequence[str], *, is_merchant: bool
) -> NewService:
    """Return the checked input, with the price filled in and the addresses converted to ASCII. Merchants may
    only choose a price that is in the settings.

    Raises InvalidInput.
    """
    fields = [*_check_price(new.price, prices, is_merchant=is_merchant)]
    fields += _check_range("quantity", new.quantity, MAX_QUANTITY)
    if new.trial_days is not None and is_merchant:
        message = "Only operators and services may give a trial. Omit it."
        fields.append(_problem("trialDays", FieldCode.NOT_AVAILABLE, message))
    elif new.trial_days is not None:
        fields += _check_range("trialDays", new.trial_days, MAX_TRIAL_DAYS)
    fields += check_return_address("successUrl", new.success_url, origins)
    fields += check_return_address("cancelUrl", new.cancel_url, origins)
    if fields:
        raise InvalidInput(fields)
    return replace(
        new,
        price=new.price or prices[0],
        success_url=convert_return_address(new.success_url),
        cancel_url=convert_return_address(new.cancel_url),
    )


def _check_price(price: str | None, prices: Sequence[str], *, is_merchant: bool) -> Iterator[InvalidField]:
    if price is None:
        if not prices:
            message = "Pass a price, because the platform's settings contain none (CONNECTQL_SERVICE_PRICES)."
            neutral = "The platform offers no price." if is_merchant else message
            yield _problem("price", FieldCode.REQUIRED, neutral)
    elif is_merchant and price not in prices:
        message = f"The platform offers: {', '.join(prices)}." if prices else "The platform offers no price."
        yield _problem("price", FieldCode.NOT_AVAILABLE, message)
    elif not (price.startswith("price_") and price.isascii() and price.isidentifier() and len(price) <= 255):
        message = "Give the id of a recurring price on the platform's account: price_..."
        yield _problem("price", FieldCode.NOT_AVAILABLE, message)


def _check_range(name: str, value: int, most: int) -> Iterator[InvalidField]:
    if not 1 <= value <= most:
        yield _problem(name, FieldCode.OUT_OF_RANGE, f"Must be from 1 to {most:,}.")


def _problem(name: str, code: FieldCode, message: str) -> InvalidField:
    return InvalidField(name, code, message, "Choose another subscription.")
