"""The expected errors of the mutations of payouts."""

from typing import Any

import strawberry
from strawberry import field

from connect import errors
from connect.payments.rules.money.money import Money as Amount
from models import Merchant as MerchantRow
from resolvers.common.errors import Error, InvalidField, expected
from resolvers.common.scalars import CurrencyCode
from resolvers.execution.context import Info
from resolvers.finances.balance import PayoutObstacle
from resolvers.merchants.reading import merchant_lookup
from resolvers.payments.mutations.errors import money
from resolvers.payments.types.money import Money


@expected(
    errors.PayoutsBlocked, "Stripe makes no payouts to the merchant at present. No payout was requested."
)
class PayoutsBlockedError(Error):
    merchant_row: strawberry.Private[MerchantRow]

    @strawberry.field(
        description="The reasons. Each has a `remedy`, and `url` is a page of the merchant's Dashboard.",
        graphql_type=list[PayoutObstacle],
    )
    def obstacles(self, info: Info) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = merchant_lookup.of(info.context.principal, self.merchant_row)[
            "payoutObstacles"
        ]
        return found


@expected(
    errors.PayoutTooLarge,
    "The payout is higher than the balance from which Stripe would pay it. Nothing was paid.",
)
class PayoutTooLargeError(Error):
    amount: strawberry.Private[Amount]
    fields: list[InvalidField] = field(description="The field of the input that has the amount.")

    @strawberry.field(
        description="The amount that Stripe can pay out now with the method of the input. It can be negative."
    )
    def available(self) -> Money:
        return money(self.amount)


@expected(
    errors.BankAccountMissing,
    "The merchant has no bank account in the currency of the payout. Nothing was paid.",
)
class BankAccountMissingError(Error):
    currency: CurrencyCode = field(description="The currency of the payout.")
    fields: list[InvalidField] = field(description="The field of the input that has the currency.")
