"""Switches: behaviour of Stripe that depends on the platform or on the mode, or that is unknown.

| switch | values | meaning |
|---|---|---|
| `platform_refused` | null or a code of PLATFORM | the platform does not fulfil this condition |
| `closing_refused` | null or a code of CLOSING | POST …/close answers with this refusal |
| `account_token_required` | false, true | the platform's country, such as France, requires tokens |
| `dashboard_link_needs_onboarding` | false, true | Dashboard links need an onboarded account |
| `dashboard_link_asks_to_log_in` | false, true | a Dashboard link leads to a page that asks to log in |
| `charges_without_capability` | false, true | accounts charge without an active capability, as in sandboxes |
| `application_fee_above_amount_refused` | false, true | a fee above the amount is refused, not reduced |
| `refund_needs_available_balance` | false, true | a refund above the available balance waits or fails |
| `platform_controls_payouts` | false, true | the platform may control the payouts of `full` accounts |
"""

from simulator.state import CONTROL, Json, State
from simulator.wire.errors import Refused

# The codes and texts of the errors if the platform does not fulfil a condition. The codes come from Stripe's
# specification. Stripe has published few of the texts. The codes in ACCESS refuse all calls of
# `accounts.accounts`, but no call about persons, tokens or links. The codes in CREATION refuse only the
# creation of accounts (https://docs.stripe.com/api/v2/core/accounts/create, error codes).
ACCESS = {
    "accounts_v2_access_blocked": "Accounts v2 is not enabled for your platform.",
    "non_connect_platform_accounts_v2_access_blocked": "Accounts v2 is only available to Connect platforms.",
}
CREATION = {
    "account_create_activation_required": "Activate your account before you create connected accounts.",
    "account_creation_liability_unacknowledged": (
        "Review the responsibilities of managing losses for connected accounts in the platform profile."
    ),
    "account_creation_requirement_collection_and_liability_unacknowledged": (
        "Review the responsibilities of collecting requirements and managing losses in the platform profile."
    ),
    "account_creation_requirement_collection_unacknowledged": (
        "Review the responsibilities of collecting requirements in the platform profile."
    ),
    "cannot_create_connected_account": "Your platform cannot create connected accounts.",
    "cannot_create_new_account_rejected": "Your platform was rejected and cannot create connected accounts.",
    "connect_identity_not_verified": "Verify the identity of your platform before you create accounts.",
    "connect_profile_not_submitted": "Submit the platform profile before you create connected accounts.",
    "platform_registration_required": "Register your platform for Connect before you create accounts.",
}
PLATFORM = {**ACCESS, **CREATION}
# The refusals of POST /v2/core/accounts/{id}/close, from Stripe's specification. Integrators report that live
# mode uses the first code to refuse to close `full` accounts for which Stripe bears losses. It is unknown
# whether a sandbox refuses as well. The simulator closes such accounts unless `closing_refused` is set.
CLOSING = {
    "stripe_loss_liable_cannot_be_deleted": (
        "Account with Stripe-owned loss liability and dashboard cannot be deleted."
    ),
    "cannot_delete_account_with_balance": "The account has a balance and cannot be closed.",
    "cannot_delete_customer_with_available_cash_balance": "The customer has a cash balance.",
    "pending_transactions_cannot_be_deleted": "The account has pending transactions and cannot be closed.",
}
_CODES = {"platform_refused": PLATFORM, "closing_refused": CLOSING}


def turn(state: State, order: Json) -> Json:
    """Change switches, and return all switches. Raises Refused for an unknown switch or value."""
    for name, value in order.items():
        if name not in CONTROL["switches"]:
            raise Refused("parameter_invalid", f"the switches are {', '.join(CONTROL['switches'])}")
        codes = _CODES.get(name)
        if codes is not None and value is not None and value not in codes:
            raise Refused("parameter_invalid", f"{name}: null, or one of {', '.join(codes)}")
        if codes is None and not isinstance(value, bool):
            raise Refused("parameter_invalid", f"{name}: must be true or false")
    return state.steer("switches", order)


def check_platform(state: State, *, creates: bool) -> None:
    """Refuse a call about accounts if the platform does not fulfil a condition."""
    code = state.control("switches")["platform_refused"]
    if code in ACCESS or (creates and code in CREATION):
        raise Refused(code, PLATFORM[code])


def check_token(state: State, body: Json) -> None:
    """Refuse to create an account without a token if the platform's country requires tokens.

    Stripe does not publish the text of this error.
    """
    if state.control("switches")["account_token_required"] and not body.get("account_token"):
        message = "Platforms in your country must create accounts with account tokens."
        raise Refused("account_token_required", message)


def check_closing(state: State, account: Json) -> None:
    """Refuse to close an account if the switch `closing_refused` is set.

    The code about losses applies only to accounts with the full Dashboard for which Stripe bears losses.
    """
    code = state.control("switches")["closing_refused"]
    losses = (account["defaults"].get("responsibilities") or {}).get("losses_collector")
    if code == "stripe_loss_liable_cannot_be_deleted" and (account["dashboard"], losses) != (
        "full",
        "stripe",
    ):
        return
    if code is not None:
        raise Refused(code, CLOSING[code])
