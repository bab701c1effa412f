"""The mutation setFeePolicy."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from connect.errors import FieldCode, InvalidField, InvalidInput
from connect.merchants.rules.document import Document
from connect.payments.fees import merchant_fees
from connect.payments.rules.money.fee_policies import MAX_TERMS, Terms
from connect.scope import Role
from resolvers.common.errors import InvalidInputError, mutation
from resolvers.common.scalars import CurrencyCode, MinorUnits
from resolvers.common.viewer import require
from resolvers.execution.context import Info
from resolvers.merchants.mutations.errors import MerchantNotFoundError
from resolvers.merchants.reading import merchant_lookup
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.merchants.types.merchant import Merchant


@strawberry.input(
    description="The terms of the platform's fee in a currency. Amounts are in minor units of the currency. "
    "Stripe charges ISK and UGX in steps of 100 minor units, and currencies with three decimals in steps of "
    "10."
)
class FeeTermsInput:
    basis_points: int = field(
        description="The proportional part of the fee, in hundredths of a percent of the amount, from 0 to "
        "10000. For example, 250 means 2.5%."
    )
    currency: CurrencyCode | None = field(
        default=None,
        description="The currency. If it is omitted, the terms apply to all currencies that the list does "
        "not name, and may have only `basisPoints`.",
    )
    flat: MinorUnits = field(default=MinorUnits(0), description="The flat part of the fee.")
    minimum: MinorUnits = field(default=MinorUnits(0), description="The minimum fee.")
    maximum: MinorUnits | None = field(
        default=None,
        description="The maximum fee. It must be at least as high as the minimum and as the flat part. Null "
        "if there is no maximum.",
    )


@strawberry.input(description="The merchant, and the platform's fee for it.")
class SetFeePolicyInput:
    merchant: MerchantRef = field(description="The merchant.")
    policy: strawberry.Maybe[list[FeeTermsInput] | None] = field(
        description=f"The terms: at most one entry for each currency, and at most {MAX_TERMS} entries. They "
        "replace all earlier terms of this merchant. For currencies without terms, the policy in the "
        "platform's settings applies. Null removes the terms of this merchant. The field must not be omitted."
    )


@strawberry.type(description="The fee policy of the merchant was set.")
class SetFeePolicyPayload:
    merchant: Document = field(description="The merchant with its terms.", graphql_type=Merchant)


@mutation(
    "Set the platform's fee for a merchant's new payments, instead of the policy in the platform's settings. "
    "Existing payments keep their fee. A repeated call with the same input changes nothing. ConnectQL does "
    "not call Stripe. For operators and services.",
    *(SetFeePolicyPayload, MerchantNotFoundError, InvalidInputError),
)
async def set_fee_policy(
    info: Info,
    input: Annotated[SetFeePolicyInput, argument(description="The merchant and the terms.")],  # noqa: A002
) -> SetFeePolicyPayload:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    principal = info.context.principal
    merchant = await merchant_lookup.merchant(principal, input.merchant)
    if input.policy is None:
        message = "Give the terms, or null to remove the terms of this merchant."
        user_message = "Enter the terms of the fee."
        raise InvalidInput([InvalidField("policy", FieldCode.REQUIRED, message, user_message)])
    given = input.policy.value
    entries = [(one.currency, _terms(one)) for one in given] if given is not None else None
    row = await merchant_fees.set_policy(merchant.id, entries, actor=principal.subject)
    return SetFeePolicyPayload(merchant=merchant_lookup.of(principal, row))


def _terms(given: FeeTermsInput) -> Terms:
    return Terms(
        basis_points=given.basis_points, flat=given.flat, minimum=given.minimum, maximum=given.maximum
    )
