"""API keys in the headers of v1 and v2: secret, restricted and publishable keys, and keys of an organization.

Restricted keys work with all APIs (https://docs.stripe.com/keys/restricted-api-keys). The control plane
creates them with a list of permissions (`POST /simulator/keys`).

| path | permission | source |
|---|---|---|
| /v2/core/accounts, /v2/core/account_links | `v2_account_storer_read`, `…_write` | recorded by integrators |
| /v2/core/account_tokens, persons and their tokens | `v2_account_storer_read`, `…_write` | assumed |
| /v2/core/events | `rak_event_read` | v1's name; assumed for v2 |
| /v2/core/event_destinations | `rak_webhook_read`, `…_write` | v1's name; assumed for v2 |
| /v1/account | `rak_accounts_kyc_basic_read` | reported by integrators |
| /v1/accounts | `rak_connected_account_read`, `…_write` | reported by integrators |
| /v1/account_links | `rak_account_link_write` | reported by integrators |
| /v1/account_sessions | `rak_account_session_write` | assumed |
| /v1/checkout/sessions | `rak_checkout_session_read`, `…_write` | reported by integrators |
| /v1/payment_intents, /v1/charges | `rak_payment_intent_…`, `rak_charge_…` | reported by integrators |
| /v1/refunds | `rak_charge_…`: the Dashboard has one row for charges and refunds | reported by integrators |
| /v1/balance | `rak_balance_read` | reported by integrators |
| /v1/payment_methods | `rak_payment_method_read` | reported by integrators |
| /v1/customers | `rak_customer_…` | reported by integrators |
| /v1/events | `rak_event_read` | reported by integrators |
| /v1/disputes | `rak_dispute_…` | reported by integrators |
| /v1/customer_sessions | `rak_customer_session_write` | reported by integrators |
| /v1/payment_method_domains | `rak_payment_method_domain_…` | reported by integrators |
| /v1/application_fees, /v1/payouts | `rak_application_fee_…`, `rak_payout_…` | reported by integrators |
| /v1/balance_transactions | `rak_balance_transaction_source_read` | reported by integrators |
| /v1/subscriptions, /v1/invoices, /v1/invoice_payments | `rak_subscription_…`, `rak_invoice_…` | assumed |
| /v1/prices, /v1/products | `rak_plan_…`, `rak_product_…` | assumed |
| /v1/billing_portal | `rak_customer_portal_…` | assumed |
| /v1/balance_settings | `rak_balance_settings_…` | assumed |
| /v1/files | `rak_file_…` | assumed |
| /v1/radar/early_fraud_warnings | `rak_early_fraud_warning_read` | assumed |
"""

import base64
import binascii
import re

from starlette.requests import Request

from simulator.state import Json, State
from simulator.wire.errors import Refused, is_v1, masked

# The platform's own account.
PLATFORM = "acct_1SimulatedPlatform"
# The prefix of the keys of the platform's organization. These keys need the header `Stripe-Context`
# (https://docs.stripe.com/keys/organization-api-keys).
ORGANIZATION = "sk_org_test_"
# Prefixes of paths, each with its permission. The first prefix that matches a path decides.
_PERMISSIONS = (
    ("/v2/core/events", "rak_event"),
    ("/v2/core/event_destinations", "rak_webhook"),
    ("/v2/", "v2_account_storer"),
    ("/v1/account_links", "rak_account_link"),
    ("/v1/account_sessions", "rak_account_session"),
    ("/v1/accounts", "rak_connected_account"),
    ("/v1/account", "rak_accounts_kyc_basic"),
    ("/v1/application_fees", "rak_application_fee"),
    ("/v1/balance_settings", "rak_balance_settings"),
    ("/v1/balance_transactions", "rak_balance_transaction_source"),
    ("/v1/balance", "rak_balance"),
    ("/v1/billing_portal", "rak_customer_portal"),
    ("/v1/charges", "rak_charge"),
    ("/v1/checkout/sessions", "rak_checkout_session"),
    ("/v1/customer_sessions", "rak_customer_session"),
    ("/v1/customers", "rak_customer"),
    ("/v1/disputes", "rak_dispute"),
    ("/v1/events", "rak_event"),
    ("/v1/files", "rak_file"),
    ("/v1/invoice_payments", "rak_invoice"),
    ("/v1/invoices", "rak_invoice"),
    ("/v1/payment_intents", "rak_payment_intent"),
    ("/v1/payment_method_domains", "rak_payment_method_domain"),
    ("/v1/payment_methods", "rak_payment_method"),
    ("/v1/payouts", "rak_payout"),
    ("/v1/prices", "rak_plan"),
    ("/v1/products", "rak_product"),
    ("/v1/radar/early_fraud_warnings", "rak_early_fraud_warning"),
    ("/v1/refunds", "rak_charge"),
    ("/v1/subscriptions", "rak_subscription"),
)
PERMISSIONS = sorted({f"{name}_{verb}" for _, name in _PERMISSIONS for verb in ("read", "write")})


def authenticate(request: Request, state: State) -> str:
    """Return the key of a request. Raises Refused if the key is unknown, or may not make this call."""
    path = request.url.path
    key = _read(request)
    if key.startswith(("sk_test_", ORGANIZATION)):
        return key
    if key.startswith("rk_test_") and key in state.all("restricted_key"):
        _check_permission(request, state, key)
        return key
    if key.startswith("pk_test_"):
        # A browser sends the data of an account or a person to Stripe, which returns a token
        # (https://docs.stripe.com/api/v2/core/account-tokens/create).
        if request.method == "POST" and path.endswith(("/account_tokens", "/person_tokens")):
            return key
        # A payer's application reads and confirms an intent with its client secret
        # (https://docs.stripe.com/api/payment_intents/retrieve).
        verb = {"GET": "", "POST": "/confirm"}.get(request.method, "-")
        if re.fullmatch(rf"/v1/payment_intents/\w+{verb}", path):
            return key
        message = "This API call cannot be made with a publishable API key. Please use a secret API key."
        raise Refused("secret_key_required", message, 401, "invalid_request_error")
    hint = "send `Authorization: Bearer sk_test_…`"
    if key.startswith(("sk_live_", "rk_live_", "pk_live_", "sk_org_live_")):
        hint = "do not use live keys"
    elif key.startswith("rk_test_"):
        hint = "create this restricted key with `POST /simulator/keys`"
    message = f"Invalid API Key provided: {masked(key)}. This is a simulated Stripe: {hint}."
    raise Refused("api_key_invalid", message, 401, "invalid_request_error")


def _read(request: Request) -> str:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return secret.strip()
    if scheme.lower() == "basic" and is_v1(request.url.path):
        # v1 accepts the key as the user name (https://docs.stripe.com/api/authentication).
        try:
            return base64.b64decode(secret).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def _check_permission(request: Request, state: State, key: str) -> None:
    """Refuse a call that the key's permissions do not cover. A permission to write includes reading."""
    path = request.url.path
    name = next((permission for prefix, permission in _PERMISSIONS if path.startswith(prefix)), None)
    if name is None:
        return  # no route has this path
    has = set(state.all("restricted_key")[key]["permissions"])
    verb = "read" if request.method == "GET" else "write"
    if f"{name}_write" in has or f"{name}_{verb}" in has:
        return
    message = (
        f"The provided key '{masked(key)}' does not have the required permissions for this endpoint on "
        f"account '{PLATFORM}'. Having the '{name}_{verb}' permission would allow this request to continue."
    )
    raise Refused("more_permissions_required", message, 403, "invalid_request_error")


def create(state: State, order: Json) -> Json:
    """Create the restricted key `key` of the request, or change its `permissions`. Returns the record."""
    key, permissions = order.get("key"), order.get("permissions", [])
    if not isinstance(key, str) or not key.startswith("rk_test_"):
        raise Refused("parameter_invalid", "key: must begin with rk_test_")
    if not isinstance(permissions, list) or set(permissions) - set(PERMISSIONS):
        raise Refused("parameter_invalid", f"permissions: a list of {', '.join(PERMISSIONS)}")
    record = {"key": key, "permissions": permissions}
    state.save("restricted_key", key, record)
    return record
