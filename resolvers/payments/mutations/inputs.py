"""The parts that the mutations of payments share."""

from typing import Any

import strawberry
from strawberry import field

from connect.errors import FieldCode, InvalidField, InvalidInput
from connect.payments.inputs import CaptureMode
from connect.payments.rules.money.money import Money as Amount
from connect.scope import Role
from resolvers.common.scalars import describe
from resolvers.execution.context import Context
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.payments.types.money import MoneyInput

describe(
    CaptureMode,
    "CaptureMode",
    "When the payer's money is charged.",
    AUTOMATIC="As soon as the payer has confirmed the payment.",
    MANUAL="When capturePayment is called. Until then, the amount is only reserved. A card reserves it for "
    "about 7 days. Most payment methods other than cards do not support this mode, so the payer does not see "
    "them.",
)


@strawberry.input(description="An entry of Stripe's metadata.")
class MetadataInput:
    key: str = field(
        description="1 to 40 characters, without square brackets. `payment_id` and `external_id` are "
        "reserved."
    )
    value: str = field(description="1 to 500 characters.")


@strawberry.input
class NewPaymentInput:
    """The fields that createCheckout and createPaymentIntent share."""

    merchant: MerchantRef = field(description="The merchant who is paid.")
    external_id: str = field(
        description="The platform's own id of the order: 1 to 255 characters, unique among all payments of "
        "the merchant, whether createCheckout or createPaymentIntent created them."
    )
    capture: CaptureMode = field(default=CaptureMode.AUTOMATIC, description="When the money is charged.")
    fee: MoneyInput | None = field(
        default=None,
        description="The platform's fee, from 0 to the amount, in the same currency. If omitted, it is "
        "calculated with the platform's fee policy. Merchants must omit it.",
    )
    statement_descriptor_suffix: str | None = field(
        default=None,
        description="The text that follows the merchant's prefix on card statements. It may contain only "
        "Latin characters, at least one of them a letter, and none of < > \\ ' \" *. The prefix, two "
        "separating characters and this text may together have at most 22 characters.",
    )
    metadata: list[MetadataInput] | None = field(
        default=None, description="At most 48 entries, stored at Stripe."
    )


def common(context: Context, given: NewPaymentInput) -> dict[str, Any]:
    """The shared fields, for the constructors of `connect.payments.inputs`. Raises InvalidInput."""
    own_fee = fee(context, given.fee)
    return {
        "external_id": given.external_id,
        "capture": given.capture,
        "fee": own_fee.minor_units if own_fee is not None else None,
        "fee_currency": own_fee.currency if own_fee is not None else None,
        "statement_descriptor_suffix": given.statement_descriptor_suffix,
        "metadata": tuple((entry.key, entry.value) for entry in given.metadata or ()),
    }


def fee(context: Context, given: MoneyInput | None) -> MoneyInput | None:
    """The fee of the input, or None. Raises InvalidInput if a caller with the role merchant sets a fee."""
    if given is not None and context.principal.role is Role.MERCHANT:
        message = "Only operators and services may set the fee. Omit it."
        user_message = "The fee cannot be chosen."
        raise InvalidInput([InvalidField("fee", FieldCode.NOT_AVAILABLE, message, user_message)])
    return given


def amount(name: str, given: MoneyInput | None) -> Amount | None:
    """The amount of an optional input, or None. Raises InvalidInput for a malformed currency code."""
    return required_amount(name, given) if given is not None else None


def required_amount(name: str, given: MoneyInput) -> Amount:
    """The amount of an input. Raises InvalidInput for a malformed currency code."""
    try:
        return Amount(given.minor_units, given.currency)
    except ValueError:
        message = "Give an ISO 4217 code in upper case, such as USD or EUR."
        user_message = "Choose a currency from the list."
        code = FieldCode.CURRENCY_UNKNOWN
        raise InvalidInput([InvalidField(f"{name}.currency", code, message, user_message)]) from None
