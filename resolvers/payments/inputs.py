"""The parts that the inputs of payments share."""

from collections.abc import Sequence

import strawberry
from strawberry import field

from connect.errors import FieldCode, InvalidField, InvalidInput
from connect.payments.inputs import CaptureMode
from connect.payments.rules.money import Money as Amount
from connect.scope import Role
from resolvers.execution.context import Context
from resolvers.payments.money import MoneyInput
from resolvers.scalars import describe
from resolvers.viewer import require

describe(
    CaptureMode,
    "CaptureMode",
    "When the payer's money is charged.",
    AUTOMATIC="At once.",
    MANUAL="With capturePayment. Until then the amount is only reserved, on cards for about 7 days. Most "
    "methods other than cards do not support this mode, so Stripe does not offer them.",
)


@strawberry.input(description="An entry of Stripe's metadata.")
class MetadataInput:
    key: str = field(
        description="1 to 40 characters, without square brackets. `payment_id` and `external_id` are "
        "reserved."
    )
    value: str = field(description="1 to 500 characters.")


def metadata(entries: Sequence[MetadataInput] | None) -> tuple[tuple[str, str], ...]:
    return tuple((entry.key, entry.value) for entry in entries or ())


def require_charging(context: Context) -> None:
    """Raise Forbidden unless the caller may create, cancel and capture payments."""
    roles = [Role.OPERATOR, Role.SERVICE]
    if context.charging.merchants_may_charge:
        roles.append(Role.MERCHANT)
    require(context, *roles)


def require_refunding(context: Context) -> None:
    """Raise Forbidden unless the caller may refund payments."""
    roles = [Role.OPERATOR, Role.SERVICE]
    if context.charging.merchants_may_refund:
        roles.append(Role.MERCHANT)
    require(context, *roles)


def fee(context: Context, given: MoneyInput | None) -> MoneyInput | None:
    """The fee of the input. Raises InvalidInput for a merchant, who may not set the platform's fee."""
    if given is not None and context.principal.role is Role.MERCHANT:
        message = "Only operators and services may set the fee. Omit it."
        user_message = "The fee cannot be chosen."
        raise InvalidInput([InvalidField("fee", FieldCode.NOT_AVAILABLE, message, user_message)])
    return given


def amount(name: str, given: MoneyInput | None) -> Amount | None:
    """The amount of an optional input. Raises InvalidInput for a malformed currency code."""
    if given is None:
        return None
    try:
        return Amount(given.minor_units, given.currency)
    except ValueError:
        message = "Give an ISO 4217 code in upper case, such as USD or EUR."
        user_message = "Choose a currency from the list."
        code = FieldCode.CURRENCY_UNKNOWN
        raise InvalidInput([InvalidField(f"{name}.currency", code, message, user_message)]) from None
