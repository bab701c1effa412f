"""The terms of the platform's fee for merchants. One statement reads the terms of all merchants in a list."""

import uuid
from collections.abc import Sequence

import strawberry
from strawberry import field

from connect.payments.rules.document import Document
from connect.payments.rules.money import fee_policies, fees
from connect.payments.rules.money.fee_policies import Terms
from connect.payments.rules.money.fees import FeeSource as FeeSource
from connect.payments.rules.money.money import money
from models import Merchant
from resolvers.common.scalars import CurrencyCode, describe
from resolvers.execution.context import Context
from resolvers.payments.types.money import Money

describe(
    FeeSource,
    "FeeSource",
    "The source of a fee.",
    CALL="The input of the call.",
    MERCHANT="The policy for the merchant, which setFeePolicy sets.",
    PLATFORM="The policy in the platform's settings.",
)


@strawberry.type(
    description="The terms of the platform's fee in a currency: a share of the amount plus a flat amount, "
    "within a minimum and a maximum. The fee is rounded half up, and is at most the amount."
)
class FeeTerms:
    source: FeeSource = field(description="The policy that has these terms: MERCHANT or PLATFORM.")
    currency: CurrencyCode | None = field(
        description="The currency. Null if the terms apply to all currencies that have no terms of their own."
    )
    basis_points: int = field(
        description="The proportional part of the fee, in hundredths of a percent of the amount."
    )
    flat: Money | None = field(description="The flat part of the fee. Null if `currency` is null.")
    minimum: Money | None = field(description="The minimum fee. Null if `currency` is null.")
    maximum: Money | None = field(description="The maximum fee. Null if there is no maximum.")


async def load(context: Context, merchant_ids: Sequence[uuid.UUID]) -> list[list[Document]]:
    """The terms that apply to each merchant."""
    stored = Merchant.filter(id__in=list(merchant_ids), fee_policy__isnull=False)
    texts = dict(await stored.values_list("id", "fee_policy"))
    own = {key: fee_policies.decode(str(text)) for key, text in texts.items()}
    platform = context.charging.policy
    return [[_terms(*terms) for terms in fees.applicable(own.get(key), platform)] for key in merchant_ids]


def _terms(source: FeeSource, currency: str | None, terms: Terms) -> Document:
    return {
        "source": source.value,
        "currency": currency,
        "basisPoints": terms.basis_points,
        "flat": money(terms.flat, currency or ""),
        "minimum": money(terms.minimum, currency or ""),
        "maximum": money(terms.maximum, currency or "") if terms.maximum is not None else None,
    }
