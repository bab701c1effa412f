"""Checks of the inputs that create payments."""

import enum
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from connect.errors import FieldCode, InvalidField, InvalidInput
from connect.merchants.inputs.addresses import check_email, convert_email
from connect.merchants.inputs.details import check_statement
from connect.merchants.inputs.texts import check_text
from connect.payments.inputs.locales import check_locale
from connect.payments.inputs.metadata import check_metadata
from connect.payments.inputs.return_addresses import check_return_address, convert_return_address
from connect.payments.rules.money.amounts import check_amount, check_fee_amount
from connect.payments.rules.money.currencies import CURRENCIES
from connect.payments.rules.money.money import LARGEST, Money

MAX_LINES = 100
MAX_QUANTITY = 999_999
MAX_NAME, MAX_DESCRIPTION = 250, 500
# The shortest and longest time after which Stripe closes an unused page, in minutes.
EXPIRY = (30, 24 * 60)
# The maximum length of the text on the customer's statement, and the length of the "* " after the account's
# prefix (https://docs.stripe.com/get-started/account/statement-descriptors#dynamic).
STATEMENT, SEPARATOR = 22, 2
MAX_CUSTOMER = 255


class CaptureMode(enum.Enum):
    AUTOMATIC = "AUTOMATIC"
    MANUAL = "MANUAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of an order. `unit_amount` is in minor units."""

    name: str
    quantity: int
    unit_amount: int
    currency: str
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """The fields in the inputs of all payments. `fee` and `fee_currency` are both set or both omitted."""

    external_id: str
    capture: CaptureMode = CaptureMode.AUTOMATIC
    fee: int | None = None
    fee_currency: str | None = None
    statement_descriptor_suffix: str | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    # The customer's e-mail address, which is personal data.
    customer_email: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCheckout(Common):
    """A payment on Stripe's page. `expires_in` is in minutes."""

    lines: tuple[Line, ...]
    success_url: str
    cancel_url: str
    expires_in: int | None = None
    locale: str | None = None

    @property
    def total(self) -> Money:
        return Money(sum(line.quantity * line.unit_amount for line in self.lines), self.lines[0].currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewIntent(Common):
    """A payment in an app or on a page of the platform. `amount` is in minor units.

    `customer` is the id of a customer on the merchant's account.
    """

    amount: int
    currency: str
    description: str | None = None
    customer: str | None = None

    @property
    def total(self) -> Money:
        return Money(self.amount, self.currency)


def check_checkout(new: NewCheckout, origins: Collection[str]) -> NewCheckout:
    """Check the input, and return it with its addresses in ASCII. `origins` are the allowed origins of the
    return addresses. Raises InvalidInput.
    """
    fields = [*check_text("externalId", new.external_id, 255), *_check_lines(new.lines)]
    fields += check_return_address("successUrl", new.success_url, origins)
    fields += check_return_address("cancelUrl", new.cancel_url, origins)
    least, most = EXPIRY
    if new.expires_in is not None and not least <= new.expires_in <= most:
        message = f"Must be from {least} to {most}: Stripe keeps a page open for 30 minutes to 24 hours."
        user_message = "Choose a time from 30 minutes to 24 hours."
        fields.append(InvalidField("expiresInMinutes", FieldCode.OUT_OF_RANGE, message, user_message))
    if new.locale is not None:
        fields += check_locale("locale", new.locale)
    currency = new.lines[0].currency if new.lines else ""
    fields += _check_common(new, currency, "customerEmail")
    if fields:
        raise InvalidInput(fields)
    return replace(
        new,
        success_url=convert_return_address(new.success_url),
        cancel_url=convert_return_address(new.cancel_url),
        customer_email=_ascii(new.customer_email),
        metadata=tuple(sorted(new.metadata)),
    )


def check_intent(new: NewIntent) -> NewIntent:
    """Check the input, and return it with its e-mail address in ASCII. Raises InvalidInput."""
    fields = [*check_text("externalId", new.external_id, 255)]
    fields += check_amount("amount", new.amount, new.currency)
    if new.description is not None:
        fields += check_text("description", new.description, MAX_DESCRIPTION, lines=True)
    if new.customer is not None and not (
        new.customer.startswith("cus_") and new.customer.isascii() and new.customer.isidentifier()
    ):
        message = "Give the id of a customer on the merchant's account, such as cus_PqVz8dJw1nRk2L."
        user_message = "Choose another customer."
        fields.append(InvalidField("stripeCustomerId", FieldCode.CUSTOMER_INVALID, message, user_message))
    elif new.customer is not None:
        fields += check_text("stripeCustomerId", new.customer, MAX_CUSTOMER)
    fields += _check_common(new, new.currency, "receiptEmail")
    if fields:
        raise InvalidInput(fields)
    return replace(new, customer_email=_ascii(new.customer_email), metadata=tuple(sorted(new.metadata)))


def check_for_account(new: Common, prefix: str | None) -> None:
    """Check the length of the suffix together with the account's statement prefix. Raises InvalidInput."""
    suffix = new.statement_descriptor_suffix
    if suffix is None or prefix is None:
        return
    most = STATEMENT - SEPARATOR - len(prefix)
    if len(suffix) > most:
        message = (
            f"Give at most {most} characters, because the statement descriptor begins with the account's "
            f"prefix {prefix!r} and '* ', and has at most {STATEMENT} characters."
        )
        name, user_message = "statementDescriptorSuffix", f"Enter at most {most} characters."
        raise InvalidInput([InvalidField(name, FieldCode.TOO_LONG, message, user_message)])


def _check_lines(lines: tuple[Line, ...]) -> Iterator[InvalidField]:
    if not 1 <= len(lines) <= MAX_LINES:
        message = f"Give 1 to {MAX_LINES} lines."
        code = FieldCode.TOO_MANY if lines else FieldCode.REQUIRED
        yield InvalidField("lines", code, message, message)
        return
    for index, line in enumerate(lines):
        path = f"lines[{index}]"
        yield from check_text(f"{path}.name", line.name, MAX_NAME)
        if line.description is not None:
            yield from check_text(f"{path}.description", line.description, MAX_DESCRIPTION, lines=True)
        if not 1 <= line.quantity <= MAX_QUANTITY:
            message = f"Must be from 1 to {MAX_QUANTITY}."
            user_message = f"Enter a number from 1 to {MAX_QUANTITY}."
            yield InvalidField(f"{path}.quantity", FieldCode.OUT_OF_RANGE, message, user_message)
        yield from check_amount(f"{path}.unitAmount", line.unit_amount, line.currency)
        if line.currency != lines[0].currency:
            message = "All lines must have the same currency. Create one payment for each currency."
            user_message = "Choose the same currency for all lines."
            yield InvalidField(f"{path}.unitAmount.currency", FieldCode.CONTRADICTION, message, user_message)
    total = sum(line.quantity * line.unit_amount for line in lines)
    known = CURRENCIES.get(lines[0].currency)
    if total > (known.maximum if known is not None else LARGEST):
        limit = known.maximum if known is not None else LARGEST
        message = f"The total must be at most {limit} minor units, Stripe's maximum for a charge."
        yield InvalidField("lines", FieldCode.AMOUNT_INVALID, message, "Enter smaller amounts.")


def _check_common(new: Common, currency: str, email: str) -> Iterator[InvalidField]:
    if new.fee is not None:
        yield from check_fee_amount("fee", new.fee, new.fee_currency or "", currency)
    if new.customer_email is not None:
        yield from check_email(email, new.customer_email)
    if new.statement_descriptor_suffix is not None:
        limits = (1, STATEMENT - SEPARATOR - 2)  # a prefix has at least 2 characters
        yield from check_statement("statementDescriptorSuffix", new.statement_descriptor_suffix, limits)
    yield from check_metadata("metadata", new.metadata)


def _ascii(email: str | None) -> str | None:
    return convert_email(email) if email is not None else None
