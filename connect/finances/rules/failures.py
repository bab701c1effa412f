"""The failures of payouts in plain words: what happened, and what to do. Pure.

https://docs.stripe.com/payouts#payout-failures
"""

from connect.merchants.rules.messages import Message, say

_MESSAGES = {
    "closed": ("account_closed",),
    "frozen": ("account_frozen", "bank_account_restricted"),
    "details": (
        "no_account",
        "invalid_account_number",
        "invalid_account_number_length",
        "incorrect_account_type",
    ),
    "holder": (
        "incorrect_account_holder_address",
        "incorrect_account_holder_details",
        "incorrect_account_holder_name",
        "incorrect_account_holder_tax_id",
    ),
    "branch": ("bank_ownership_changed",),
    "currency": ("invalid_currency",),
    "debits": ("debit_not_authorized",),
    "declined": ("declined", "could_not_process"),
    "balance": ("insufficient_funds",),
    "card": (
        "exceeds_amount_limit",
        "exceeds_count_limit",
        "expired_card",
        "invalid_card",
        "issuer_unavailable",
        "lost_or_stolen_card",
        "unsupported_card",
    ),
}
_BY_CODE = {code: name for name, codes in _MESSAGES.items() for code in codes}
# The texts with these names have separate versions for debits. The other texts about the bank account fit
# both payouts and debits.
_OF_DEBITS = frozenset({"balance", "declined", "frozen", "unknown"})
_REMEDIES_OF_DEBITS = frozenset({"balance"})
# A reader must not learn that a card was reported as lost or stolen.
WITHHELD = {"lost_or_stolen_card": "invalid_card"}


def code_for_clients(code: str | None) -> str:
    """Stripe's code, or a neutral code if the code must be withheld, or `unknown` if there is no code."""
    return WITHHELD.get(code or "", code or "unknown")


def reason(code: str | None, amount: int) -> Message:
    """The reason for a failure in plain words. A negative amount is a debit of the bank account."""
    return say(f"payout.failed.{_name(code, amount, _OF_DEBITS)}")


def remedy(code: str | None, amount: int) -> Message:
    """The remedy for a failure in plain words."""
    return say(f"payout.remedy.{_name(code, amount, _REMEDIES_OF_DEBITS)}")


def _name(code: str | None, amount: int, of_debits: frozenset[str]) -> str:
    name = _BY_CODE.get(code or "", "unknown")
    return f"debit.{name}" if amount < 0 and name in of_debits else name
