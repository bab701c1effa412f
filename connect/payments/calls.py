"""Calls of Stripe's API v1 about payments.

`account` is the connected account of the payment. Application fees belong to the platform, so calls about
them name no account. Each function raises StripeRefused, StripeUnavailable or TooManyCalls as `Gateway` does,
and AnswerUnusable if the answer is about another object. `key` is the idempotency key.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from connect.stripe_api import v1_calls
from connect.stripe_api.gateway import Answer, Gateway

# With these expansions, an intent contains everything that the mirror needs, except refunds, disputes and
# early fraud warnings.
EXPAND = ("latest_charge.balance_transaction", "latest_charge.application_fee")
# The same expansions, for a session.
EXPAND_INTENT = tuple(f"payment_intent.{path}" for path in EXPAND)

SESSIONS = "/v1/checkout/sessions"
INTENTS = "/v1/payment_intents"
CHARGES = "/v1/charges"
REFUNDS = "/v1/refunds"
DISPUTES = "/v1/disputes"
WARNINGS = "/v1/radar/early_fraud_warnings"
FEES = "/v1/application_fees"
CUSTOMERS = "/v1/customers"
CUSTOMER_SESSIONS = "/v1/customer_sessions"
DOMAINS = "/v1/payment_method_domains"
RETRIEVE_SESSION, RETRIEVE_INTENT = "checkout_sessions.retrieve", "payment_intents.retrieve"


async def create_session(gateway: Gateway, account: str, body: Mapping[str, Any], key: str) -> Answer:
    """POST /v1/checkout/sessions."""
    return await v1_calls.post(
        gateway, "checkout_sessions.create", SESSIONS, "checkout.session", account, body, key
    )


async def retrieve_session(
    gateway: Gateway, account: str, session_id: str, expand: Sequence[str] = ()
) -> Answer:
    """GET /v1/checkout/sessions/{id}."""
    kind = "checkout.session"
    return await v1_calls.get(gateway, RETRIEVE_SESSION, SESSIONS, kind, account, session_id, expand)


async def list_sessions(gateway: Gateway, account: str, payment_intent: str) -> list[Answer]:
    """GET /v1/checkout/sessions: the sessions of a payment intent, newest first."""
    params = {"payment_intent": payment_intent}
    return await v1_calls.list_all(gateway, "checkout_sessions.list", SESSIONS, account, params)


def sessions_between(
    gateway: Gateway, account: str, since: datetime, until: datetime
) -> AsyncIterator[list[Answer]]:
    """GET /v1/checkout/sessions: the sessions created between these times, page by page, newest first."""
    params = {"created": {"gte": int(since.timestamp()), "lte": int(until.timestamp())}}
    return v1_calls.pages(gateway, "checkout_sessions.list", SESSIONS, account, params)


def intents_between(
    gateway: Gateway, account: str, since: datetime, until: datetime
) -> AsyncIterator[list[Answer]]:
    """GET /v1/payment_intents: the intents created between these times, page by page, newest first."""
    params = {"created": {"gte": int(since.timestamp()), "lte": int(until.timestamp())}}
    return v1_calls.pages(gateway, "payment_intents.list", INTENTS, account, params)


async def expire_session(gateway: Gateway, account: str, session_id: str, key: str) -> Answer:
    """POST /v1/checkout/sessions/{id}/expire. Stripe refuses the call unless the session is open."""
    path = f"{v1_calls.at(SESSIONS, session_id)}/expire"
    operation, kind = "checkout_sessions.expire", "checkout.session"
    return await v1_calls.post(gateway, operation, path, kind, account, {}, key, session_id)


async def create_intent(gateway: Gateway, account: str, body: Mapping[str, Any], key: str) -> Answer:
    """POST /v1/payment_intents."""
    return await v1_calls.post(
        gateway, "payment_intents.create", INTENTS, "payment_intent", account, body, key
    )


async def retrieve_intent(
    gateway: Gateway, account: str, intent_id: str, expand: Sequence[str] = EXPAND
) -> Answer:
    """GET /v1/payment_intents/{id} with its latest charge, balance transaction and application fee."""
    kind = "payment_intent"
    return await v1_calls.get(gateway, RETRIEVE_INTENT, INTENTS, kind, account, intent_id, expand)


def list_intents(
    gateway: Gateway, account: str, since: datetime, starting_after: str | None = None
) -> AsyncIterator[list[Answer]]:
    """GET /v1/payment_intents: the intents created at or after `since` with their latest charges, page by
    page.

    The newest come first. `starting_after` is the id of the last intent of an earlier page.
    """
    params: dict[str, Any] = {"created": {"gte": int(since.timestamp())}, "expand": ["data.latest_charge"]}
    if starting_after is not None:
        params["starting_after"] = starting_after
    return v1_calls.pages(gateway, "payment_intents.list", INTENTS, account, params)


async def cancel_intent(
    gateway: Gateway, account: str, intent_id: str, body: Mapping[str, Any], key: str
) -> Answer:
    """POST /v1/payment_intents/{id}/cancel. Stripe refuses the call for the intent of an open session."""
    path = f"{v1_calls.at(INTENTS, intent_id)}/cancel"
    operation, kind = "payment_intents.cancel", "payment_intent"
    return await v1_calls.post(gateway, operation, path, kind, account, body, key, intent_id)


async def capture_intent(
    gateway: Gateway, account: str, intent_id: str, body: Mapping[str, Any], key: str
) -> Answer:
    """POST /v1/payment_intents/{id}/capture."""
    path = f"{v1_calls.at(INTENTS, intent_id)}/capture"
    operation, kind = "payment_intents.capture", "payment_intent"
    return await v1_calls.post(gateway, operation, path, kind, account, body, key, intent_id)


async def retrieve_charge(gateway: Gateway, account: str, charge_id: str) -> Answer:
    """GET /v1/charges/{id}."""
    return await v1_calls.get(gateway, "charges.retrieve", CHARGES, "charge", account, charge_id)


async def list_charges(gateway: Gateway, account: str, payment_intent: str) -> list[Answer]:
    """GET /v1/charges: all attempts of a payment intent, newest first."""
    return await v1_calls.list_all(
        gateway, "charges.list", CHARGES, account, {"payment_intent": payment_intent}
    )


async def create_refund(gateway: Gateway, account: str, body: Mapping[str, Any], key: str) -> Answer:
    """POST /v1/refunds."""
    return await v1_calls.post(gateway, "refunds.create", REFUNDS, "refund", account, body, key)


async def retrieve_refund(gateway: Gateway, account: str, refund_id: str) -> Answer:
    """GET /v1/refunds/{id}."""
    return await v1_calls.get(gateway, "refunds.retrieve", REFUNDS, "refund", account, refund_id)


async def list_refunds(gateway: Gateway, account: str, payment_intent: str) -> list[Answer]:
    """GET /v1/refunds: all refunds of a payment intent, newest first."""
    return await v1_calls.list_all(
        gateway, "refunds.list", REFUNDS, account, {"payment_intent": payment_intent}
    )


def recent_refunds(gateway: Gateway, account: str, since: datetime) -> AsyncIterator[list[Answer]]:
    """GET /v1/refunds: the refunds created at or after `since`, page by page, newest first."""
    return v1_calls.pages(
        gateway, "refunds.list", REFUNDS, account, {"created": {"gte": int(since.timestamp())}}
    )


async def retrieve_dispute(gateway: Gateway, account: str, dispute_id: str) -> Answer:
    """GET /v1/disputes/{id}."""
    return await v1_calls.get(gateway, "disputes.retrieve", DISPUTES, "dispute", account, dispute_id)


async def list_disputes(gateway: Gateway, account: str, payment_intent: str) -> list[Answer]:
    """GET /v1/disputes: all disputes of a payment intent, newest first."""
    return await v1_calls.list_all(
        gateway, "disputes.list", DISPUTES, account, {"payment_intent": payment_intent}
    )


def recent_disputes(gateway: Gateway, account: str, since: datetime) -> AsyncIterator[list[Answer]]:
    """GET /v1/disputes: the disputes created at or after `since`, page by page, newest first."""
    return v1_calls.pages(
        gateway, "disputes.list", DISPUTES, account, {"created": {"gte": int(since.timestamp())}}
    )


async def retrieve_warning(gateway: Gateway, account: str, warning_id: str) -> Answer:
    """GET /v1/radar/early_fraud_warnings/{id}."""
    operation, kind = "radar.early_fraud_warnings.retrieve", "radar.early_fraud_warning"
    return await v1_calls.get(gateway, operation, WARNINGS, kind, account, warning_id)


async def list_warnings(gateway: Gateway, account: str, payment_intent: str) -> list[Answer]:
    """GET /v1/radar/early_fraud_warnings: all early fraud warnings of a payment intent, newest first."""
    params = {"payment_intent": payment_intent}
    return await v1_calls.list_all(gateway, "radar.early_fraud_warnings.list", WARNINGS, account, params)


def recent_warnings(gateway: Gateway, account: str, since: datetime) -> AsyncIterator[list[Answer]]:
    """GET /v1/radar/early_fraud_warnings: the warnings created at or after `since`, page by page, newest
    first.
    """
    params = {"created": {"gte": int(since.timestamp())}}
    return v1_calls.pages(gateway, "radar.early_fraud_warnings.list", WARNINGS, account, params)


async def retrieve_fee(gateway: Gateway, fee_id: str) -> Answer:
    """GET /v1/application_fees/{id} with its latest ten refunds."""
    return await v1_calls.get(gateway, "application_fees.retrieve", FEES, "application_fee", None, fee_id)


def list_fees(
    gateway: Gateway, since: datetime, starting_after: str | None = None
) -> AsyncIterator[list[Answer]]:
    """GET /v1/application_fees: the fees created at or after `since`, page by page, newest first."""
    params: dict[str, Any] = {"created": {"gte": int(since.timestamp())}}
    if starting_after is not None:
        params["starting_after"] = starting_after
    return v1_calls.pages(gateway, "application_fees.list", FEES, None, params)


async def fees_of_charge(gateway: Gateway, charge_id: str) -> list[Answer]:
    """GET /v1/application_fees: the fees of a charge."""
    return await v1_calls.list_all(gateway, "application_fees.list", FEES, None, {"charge": charge_id})


async def list_fee_refunds(gateway: Gateway, fee_id: str) -> list[Answer]:
    """GET /v1/application_fees/{id}/refunds: all refunds of a fee, newest first."""
    return await v1_calls.list_all(
        gateway, "fee_refunds.list", f"{v1_calls.at(FEES, fee_id)}/refunds", None, {}
    )


async def refund_fee(gateway: Gateway, fee_id: str, body: Mapping[str, Any], key: str) -> Answer:
    """POST /v1/application_fees/{id}/refunds: return a part of a fee to the merchant."""
    path = f"{v1_calls.at(FEES, fee_id)}/refunds"
    return await v1_calls.post(gateway, "fee_refunds.create", path, "fee_refund", None, body, key)


async def create_customer(gateway: Gateway, account: str, body: Mapping[str, Any], key: str) -> Answer:
    """POST /v1/customers."""
    return await v1_calls.post(gateway, "customers.create", CUSTOMERS, "customer", account, body, key)


async def create_customer_session(
    gateway: Gateway, account: str, body: Mapping[str, Any], key: str
) -> Answer:
    """POST /v1/customer_sessions. The answer has a client secret."""
    operation, kind = "customer_sessions.create", "customer_session"
    return await v1_calls.post(gateway, operation, CUSTOMER_SESSIONS, kind, account, body, key)


async def create_domain(gateway: Gateway, account: str, domain: str, key: str) -> Answer:
    """POST /v1/payment_method_domains. Wallets need the domain of the page to be registered.

    A domain that is already registered is returned unchanged
    (https://docs.stripe.com/payments/payment-methods/pmd-registration).
    """
    operation, kind = "payment_method_domains.create", "payment_method_domain"
    return await v1_calls.post(gateway, operation, DOMAINS, kind, account, {"domain_name": domain}, key)


async def list_domains(gateway: Gateway, account: str) -> list[Answer]:
    """GET /v1/payment_method_domains."""
    return await v1_calls.list_all(gateway, "payment_method_domains.list", DOMAINS, account, {})


async def validate_domain(gateway: Gateway, account: str, domain_id: str, key: str) -> Answer:
    """POST /v1/payment_method_domains/{id}/validate: let Stripe check an inactive domain again."""
    path = f"{v1_calls.at(DOMAINS, domain_id)}/validate"
    operation, kind = "payment_method_domains.validate", "payment_method_domain"
    return await v1_calls.post(gateway, operation, path, kind, account, {}, key, domain_id)
