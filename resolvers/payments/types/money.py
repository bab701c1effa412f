"""Amounts of money."""

import strawberry
from strawberry import field

from resolvers.common.scalars import CurrencyCode, MinorUnits


@strawberry.type(description="An amount of money.")
class Money:
    minor_units: MinorUnits = field(
        description="The amount in the currency's smallest unit, as Stripe counts it: 1234 for 12.34 USD. It "
        "can be negative."
    )
    currency: CurrencyCode = field(description="The currency.")
    exponent: int = field(
        description="The number of decimals with which Stripe counts the currency: 2 for USD, 0 for JPY. For "
        "ISK and UGX it is 2, although neither currency has a smaller unit."
    )
    decimal: str = field(
        description="The amount in major units, with `exponent` decimals and without thousands separators: "
        "`12.34`."
    )


@strawberry.input(description="An amount of money.")
class MoneyInput:
    minor_units: MinorUnits = field(
        description="The amount in the currency's smallest unit, as Stripe counts it: 1234 for 12.34 USD."
    )
    currency: CurrencyCode = field(description="The currency.")
