"""Errors about payouts."""

from typing import Any

from connect.errors.base import ConnectError, FieldCode, InvalidField
from connect.payments.rules.money.money import Money


class PayoutNotFound(ConnectError):
    message = "There is no such payout."


class PayoutsBlocked(ConnectError):
    """`merchant_row` is the row of the merchant, updated by a new fetch."""

    message = "Stripe pays nothing out to this merchant now. `obstacles` has the reasons and remedies."

    def __init__(self, merchant_row: Any) -> None:
        super().__init__()
        self.merchant_row = merchant_row


class PayoutTooLarge(ConnectError):
    """`amount` is the balance from which the payout would be paid. It can be negative."""

    def __init__(self, available: Money, *, is_instant: bool) -> None:
        how = "with an instant payout" if is_instant else "now"
        if available.minor_units > 0:
            message = f"At most {available} can be paid out {how}."
            user_message = f"Enter an amount of at most {available}."
        else:
            message = user_message = f"Nothing can be paid out {how}: {available} is available."
        super().__init__(f"{message} Other money is pending or reserved: read `balance` of the merchant.")
        self.amount = available
        code = FieldCode.AMOUNT_INVALID
        self.fields = (InvalidField("amount.minorUnits", code, self.message, user_message),)


class BankAccountMissing(ConnectError):
    """`currency` is the currency of the payout."""

    def __init__(self, currency: str) -> None:
        super().__init__(
            f"The merchant has no bank account for {currency} at Stripe. Ask the merchant to add one in "
            "the Stripe Dashboard (createDashboardLink), or pay out another currency."
        )
        self.currency = currency
        user_message = f"Add a bank account for {currency} in the Stripe Dashboard."
        code = FieldCode.NOT_AVAILABLE
        self.fields = (InvalidField("amount.currency", code, self.message, user_message),)
