"""Failed attempts to pay: the kind of the decline, and whether the payer can try again. Pure.

Stripe's codes: https://docs.stripe.com/declines/codes and https://docs.stripe.com/error-codes. Stripe may add
codes, so an unknown code counts as a decline by the bank. A payer must not learn that a card was reported as
lost, stolen or fraudulent. So the codes for these reasons share one kind, whose text names no reason.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from connect.payments.rules.snapshot import Failure


class DeclineKind(enum.Enum):
    """The kinds of declines. `connect.payments.wording.declines` has a text for each kind."""

    FUNDS = "FUNDS"
    EXPIRED = "EXPIRED"
    DETAILS = "DETAILS"
    AUTHENTICATION = "AUTHENTICATION"
    TEMPORARY = "TEMPORARY"
    NOT_ALLOWED = "NOT_ALLOWED"
    DUPLICATE = "DUPLICATE"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    NOT_COMPLETED = "NOT_COMPLETED"
    CARD = "CARD"
    BANK = "BANK"


class Retry(enum.Enum):
    """Whether the payer can try again with the same payment method."""

    NOW = "NOW"
    LATER = "LATER"
    AFTER_CORRECTION = "AFTER_CORRECTION"
    AFTER_AUTHENTICATION = "AFTER_AUTHENTICATION"
    AFTER_CHECK = "AFTER_CHECK"
    NO = "NO"


@dataclass(frozen=True, slots=True)
class Decline:
    kind: DeclineKind
    retry: Retry


# Merchants read this code in place of a withheld code. Stripe uses it for a decline without a reason.
NEUTRAL_CODE = "generic_decline"

_RETRIES = {
    DeclineKind.FUNDS: Retry.LATER,
    DeclineKind.EXPIRED: Retry.NO,
    DeclineKind.DETAILS: Retry.AFTER_CORRECTION,
    DeclineKind.AUTHENTICATION: Retry.AFTER_AUTHENTICATION,
    DeclineKind.TEMPORARY: Retry.NOW,
    DeclineKind.NOT_ALLOWED: Retry.NO,
    DeclineKind.DUPLICATE: Retry.AFTER_CHECK,
    DeclineKind.BANK_ACCOUNT: Retry.NO,
    DeclineKind.NOT_COMPLETED: Retry.NOW,
    DeclineKind.CARD: Retry.NO,
    DeclineKind.BANK: Retry.NO,
}

_CODES = {
    DeclineKind.FUNDS: "insufficient_funds withdrawal_count_limit_exceeded card_velocity_exceeded",
    DeclineKind.EXPIRED: "expired_card invalid_expiry_month invalid_expiry_year expired_payment_method",
    DeclineKind.DETAILS: (
        "incorrect_cvc invalid_cvc incorrect_number invalid_number incorrect_zip incorrect_postal_code "
        "incorrect_address incorrect_pin invalid_pin pin_try_exceeded"
    ),
    DeclineKind.AUTHENTICATION: (
        "authentication_required authentication_not_handled mobile_device_authentication_required "
        "authentication_failure payment_intent_authentication_failure"
    ),
    DeclineKind.TEMPORARY: (
        "processing_error reenter_transaction issuer_not_available try_again_later approve_with_id "
        "three_d_secure_authentication_upstream_error"
    ),
    DeclineKind.NOT_ALLOWED: (
        "card_not_supported currency_not_supported transaction_not_allowed service_not_allowed not_permitted "
        "invalid_amount restricted_card charge_exceeds_transaction_limit payment_method_currency_mismatch "
        "payment_method_not_available payment_intent_incompatible_payment_method "
        "three_d_secure_authentication_not_supported"
    ),
    DeclineKind.DUPLICATE: "duplicate_transaction",
    DeclineKind.BANK_ACCOUNT: (
        "account_closed no_account bank_account_declined bank_account_restricted bank_account_unusable "
        "debit_not_authorized sepa_unsupported_account payment_intent_mandate_invalid"
    ),
    DeclineKind.NOT_COMPLETED: (
        "payment_method_customer_decline payment_method_provider_timeout "
        "payment_intent_payment_attempt_expired"
    ),
    DeclineKind.BANK: (
        "generic_decline do_not_honor call_issuer no_action_taken invalid_account refer_to_customer "
        "new_account_information_available revocation_of_authorization revocation_of_all_authorizations "
        "stop_payment_order do_not_try_again testmode_decline card_declined payment_method_provider_decline "
        "payment_intent_payment_attempt_failed"
    ),
}
# Stripe's and the bank's reasons that payers and merchants must not learn.
_WITHHELD = (
    "fraudulent lost_card stolen_card pickup_card merchant_blacklist security_violation highest_risk_level "
    "card_decline_rate_limit_exceeded payment_method_bank_account_blocked payment_method_restricted"
)
_HARMLESS: Mapping[str, DeclineKind] = {
    code: kind for kind, codes in _CODES.items() for code in codes.split()
}
_KINDS: Mapping[str, DeclineKind] = {**_HARMLESS, **dict.fromkeys(_WITHHELD.split(), DeclineKind.CARD)}


def explain(failure: Failure) -> Decline:
    """The kind of the decline, and whether another attempt is useful.

    The decline code decides. If it is missing or unknown, the error code decides. Stripe's advice has
    priority where it is more precise.
    """
    codes = (failure.decline_code or "", failure.code or "")
    kind = next((_KINDS[code] for code in codes if code in _KINDS), DeclineKind.BANK)
    match failure.advice_code:
        case "do_not_try_again":
            return Decline(kind, Retry.NO)
        case "confirm_card_data" if kind is DeclineKind.BANK:
            return Decline(DeclineKind.DETAILS, Retry.AFTER_CORRECTION)
        case "try_again_later" if kind is DeclineKind.BANK:
            return Decline(kind, Retry.LATER)
    return Decline(kind, _RETRIES[kind])


def neutral_code(code: str) -> str:
    """The code that merchants may read: Stripe's code, or NEUTRAL_CODE for withheld and unknown codes."""
    return code if code in _HARMLESS else NEUTRAL_CODE
