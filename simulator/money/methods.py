"""Payment methods: Stripe's test cards and bank accounts, and the payment methods of an account.

https://docs.stripe.com/testing lists the numbers and the ids that stand for them, such as `pm_card_visa`.
"""

from dataclasses import dataclass

from simulator.money import records
from simulator.state import Json, State
from simulator.wire import versions
from simulator.wire.calls import Call
from simulator.wire.errors import Refused

_DECLINED = "Your card was declined."
# The code, message and advice of each decline. Stripe does not publish the messages and the advice,
# so they are taken from recordings.
_DECLINES = {
    "generic_decline": ("card_declined", _DECLINED, "try_again_later"),
    "insufficient_funds": ("card_declined", "Your card has insufficient funds.", "try_again_later"),
    "lost_card": ("card_declined", _DECLINED, "do_not_try_again"),
    "stolen_card": ("card_declined", _DECLINED, "do_not_try_again"),
    "card_velocity_exceeded": (
        "card_declined",
        "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
        "try_again_later",
    ),
    "expired_card": ("expired_card", "Your card has expired.", "do_not_try_again"),
    "incorrect_cvc": ("incorrect_cvc", "Your card's security code is incorrect.", "confirm_card_data"),
    "processing_error": (
        "processing_error",
        "An error occurred while processing your card. Try again in a little bit.",
        "try_again_later",
    ),
}


@dataclass(frozen=True)
class Card:
    """A test card, and its effects on a payment and on the refunds of the payment."""

    token: str
    decline: str | None = None
    authenticates: bool = False
    bypasses_pending: bool = False
    # A refund `succeeds` at once, `pends` and succeeds later, or `fails` after it has succeeded.
    refund: str = "succeeds"
    brand: str = "visa"
    # What follows the payment: a chargeback with this reason, an `inquiry`, `several` chargebacks, or only an
    # early fraud `warning`.
    dispute: str | None = None


@dataclass(frozen=True)
class Bank:
    """A test bank account. `failure` is the failure code of a debit, or None if the debit succeeds.

    With the failure `processing`, a debit does not end automatically.
    """

    token: str
    kind: str = "us_bank_account"
    failure: str | None = None
    dispute: str | None = None


CARDS = {
    "4242424242424242": Card("pm_card_visa"),
    "5555555555554444": Card("pm_card_mastercard", brand="mastercard"),
    "378282246310005": Card("pm_card_amex", brand="amex"),
    "4000000000000002": Card("pm_card_visa_chargeDeclined", "generic_decline"),
    "4000000000009995": Card("pm_card_visa_chargeDeclinedInsufficientFunds", "insufficient_funds"),
    "4000000000009987": Card("pm_card_visa_chargeDeclinedLostCard", "lost_card"),
    "4000000000009979": Card("pm_card_visa_chargeDeclinedStolenCard", "stolen_card"),
    "4000000000006975": Card("pm_card_visa_chargeDeclinedVelocityLimitExceeded", "card_velocity_exceeded"),
    "4000000000000069": Card("pm_card_chargeDeclinedExpiredCard", "expired_card"),
    "4000000000000127": Card("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc"),
    "4000000000000119": Card("pm_card_chargeDeclinedProcessingError", "processing_error"),
    "4000000000000341": Card("pm_card_chargeCustomerFail", "generic_decline"),
    "4000002500003155": Card("pm_card_authenticationRequiredOnSetup", authenticates=True),
    "4000002760003184": Card("pm_card_authenticationRequired", authenticates=True),
    "4000000000003220": Card("pm_card_threeDSecure2Required", authenticates=True),
    "4000008400001629": Card(
        "pm_card_threeDSecureRequiredChargeDeclined", "generic_decline", authenticates=True
    ),
    "4000000000000077": Card("pm_card_bypassPending", bypasses_pending=True),
    "4000000000007726": Card("pm_card_pendingRefund", refund="pends"),
    "4000000000005126": Card("pm_card_refundFail", refund="fails"),
    "4000000000000259": Card("pm_card_createDispute", dispute="fraudulent"),
    "4000000000002685": Card("pm_card_createDisputeProductNotReceived", dispute="product_not_received"),
    "4000000000001976": Card("pm_card_createDisputeInquiry", dispute="inquiry"),
    "4000000000005423": Card("pm_card_createIssuerFraudRecord", dispute="warning"),
    "4000000404000079": Card("pm_card_createMultipleDisputes", dispute="several"),
}
BANKS = {
    "000123456789": Bank("pm_usBankAccount_success"),
    "000111111113": Bank("pm_usBankAccount_accountClosed", failure="account_closed"),
    "000111111116": Bank("pm_usBankAccount_noAccount", failure="no_account"),
    "000222222227": Bank("pm_usBankAccount_insufficientFunds", failure="insufficient_funds"),
    "000333333335": Bank("pm_usBankAccount_debitNotAuthorized", failure="debit_not_authorized"),
    "000555555559": Bank("pm_usBankAccount_dispute", dispute="debit_not_authorized"),
    "000000000009": Bank("pm_usBankAccount_processing", failure="processing"),
    "AT611904300234573201": Bank("pm_sepaDebit_success", "sepa_debit"),
    "AT861904300235473202": Bank("pm_sepaDebit_fails", "sepa_debit", "insufficient_funds"),
}
_NUMBERS = {
    **{card.token: number for number, card in CARDS.items()},
    **{bank.token: number for number, bank in BANKS.items()},
}
_NUMBERS["pm_card_chargeDeclined"] = "4000000000000002"
# For each payment method, the capability that it needs, and the only currency that it takes, or None if it
# takes all currencies.
_CAPABILITIES = {
    "card": ("card_payments", None),
    "us_bank_account": ("ach_debit_payments", "usd"),
    "sepa_debit": ("sepa_debit_payments", "eur"),
}
TYPES = tuple(_CAPABILITIES)
_ADDRESS = "city country line1 line2 postal_code state"


def offered(state: State, account: str, currency: str, choice: Json) -> list[str]:
    """Return the payment methods that a payment offers: those of the account that take the currency and pass
    the request's filters.
    """
    allowed = choice.get("allowed_payment_method_types") or TYPES
    excluded = choice.get("excluded_payment_method_types") or ()
    names = []
    for name, (capability, currencies) in _CAPABILITIES.items():
        is_active = records.status_of(state, account, capability) == "active"
        is_free = name == "card" and state.control("switches")["charges_without_capability"]
        if (is_active or is_free) and currencies in {None, currency} and name in allowed:
            names.append(name)
    return [name for name in names if name not in excluded]


def check_types(call: Call) -> None:
    """Refuse the parameter `payment_method_types`, which Stripe removed in 2026-09-30.

    In requests with earlier versions, rename it to `allowed_payment_method_types`
    (https://docs.stripe.com/changelog/endive/2026-09-30).
    """
    name = "payment_method_types"
    if name in call.body and call.version >= versions.NO_METHOD_TYPES:
        message = f"The `{name}` parameter is no longer supported. Use dynamic payment methods instead."
        raise Refused(f"{name}_no_longer_supported", message, param=name)
    if name in call.body:
        call.body["allowed_payment_method_types"] = call.body.pop(name)
        if "mode" not in call.body:  # then an intent does not choose its methods automatically
            call.body["automatic_payment_methods"] = {"allow_redirects": "never", "enabled": "false"}


def none_offered(what: str) -> Refused:
    """Return the error for a payment that can offer no payment method.

    The text is copied from a recording of Stripe.
    """
    message = (
        f"No valid payment method types for this {what}. Please ensure that you have activated payment "
        "methods compatible with your chosen currency in your dashboard "
        "(https://dashboard.stripe.com/settings/payment_methods)"
    )
    return Refused(None, message)


def billing(**known: str | None) -> Json:
    """Return billing details with the known values."""
    address = {**records.nulls(_ADDRESS), "country": known.get("country")}
    address["postal_code"] = known.get("postal_code")
    return {
        "address": address,
        "email": known.get("email"),
        "name": known.get("name"),
        "phone": None,
        "tax_id": None,
    }


def new(state: State, account: str, number: str, details: Json | None = None) -> Json:
    """Create and save a payment method for a test number, and return it."""
    kind = "card" if number in CARDS else BANKS[number].kind
    method = {
        "id": records.new_id("pm"),
        "object": "payment_method",
        "_account": account,
        "_number": number,
        "allow_redisplay": "unspecified",
        "billing_details": details or billing(),
        "created": int(state.now()),
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": kind,
        kind: _PARTS[kind](number),
    }
    return records.save(state, method)


def _card(number: str) -> Json:
    brand = CARDS[number].brand
    brands = {"amex": "american_express"}
    return {
        "brand": brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": "US",
        "display_brand": brands.get(brand, brand),
        "exp_month": 12,
        "exp_year": 2034,
        "fingerprint": f"fp{number[-12:]}",
        "funding": "credit",
        "generated_from": None,
        "last4": number[-4:],
        "networks": {"available": [brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def _us_bank_account(number: str) -> Json:
    return {
        "account_holder_type": "individual",
        "account_type": "checking",
        "bank_name": "STRIPE TEST BANK",
        "financial_connections_account": None,
        "fingerprint": f"fp{number}",
        "last4": number[-4:],
        "networks": {"preferred": "ach", "supported": ["ach"]},
        "routing_number": "110000000",
        "status_details": {},
    }


def _sepa_debit(number: str) -> Json:
    return {
        "bank_code": number[4:9],
        "branch_code": "",
        "country": number[:2],
        "fingerprint": f"fp{number[-12:]}",
        "generated_from": {"charge": None, "setup_attempt": None},
        "last4": number[-4:],
    }


_PARTS = {"card": _card, "us_bank_account": _us_bank_account, "sepa_debit": _sepa_debit}


def of_test_id(call: Call, identifier: str) -> Json:
    """Return the saved payment method with this id. For a test id, create a new payment method."""
    if identifier in _NUMBERS:
        return new(call.state, records.owner(call), _NUMBERS[identifier])
    return records.find(call, "payment_method", identifier, "payment_method")


def details(method: Json, capture_before: int | None, *, authenticated: bool) -> Json:
    """Return `payment_method_details` of a charge."""
    kind = method["type"]
    if kind != "card":
        parts = {
            "us_bank_account": "account_holder_type account_type bank_name fingerprint last4 routing_number",
            "sepa_debit": "bank_code branch_code country fingerprint last4",
        }
        part = {name: method[kind][name] for name in parts[kind].split()}
        return {"type": kind, kind: {**part, **records.nulls("expected_debit_date mandate")}}
    card = method["card"]
    names = "brand checks country exp_month exp_year fingerprint funding last4 regulated_status wallet"
    secure = {
        **records.nulls("exemption_indicator result_reason"),
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "result": "authenticated",
        "transaction_id": records.new_id("dst"),
        "version": "2.2.0",
    }
    part = {
        **{name: card[name] for name in names.split()},
        **records.nulls("authorization_code installments mandate network_transaction_id"),
        "extended_authorization": {"status": "disabled"},
        "incremental_authorization": {"status": "unavailable"},
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "three_d_secure": secure if authenticated else None,
    }
    if capture_before is not None:
        part["capture_before"] = capture_before
    return {"type": "card", "card": part}


def declined(method: Json) -> tuple[str, str, str, str] | None:
    """Return the code, decline code, message and advice if the test card is declined, or None."""
    card = CARDS.get(method["_number"])
    if card is None or card.decline is None:
        return None
    code, message, advice = _DECLINES[card.decline]
    return code, card.decline, message, advice


def disputes(number: str) -> str | None:
    """Return the `dispute` of the card or bank account with this test number."""
    return CARDS[number].dispute if number in CARDS else BANKS[number].dispute


def show(call: Call) -> Json:
    """GET /v1/payment_methods/{id}."""
    return records.show(records.find(call, "payment_method", call.path["id"]))
