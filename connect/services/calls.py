"""Calls of Stripe's API v1 about services, in the scope of the platform, which owns all their objects."""

from collections.abc import Mapping
from typing import Any

import structlog

from connect.errors import AnswerUnusable
from connect.stripe_api import v1_calls
from connect.stripe_api.gateway import Answer, Gateway

SESSIONS = "/v1/checkout/sessions"
SUBSCRIPTIONS = "/v1/subscriptions"
INVOICES = "/v1/invoices"
PORTAL_SESSIONS = "/v1/billing_portal/sessions"

log = structlog.get_logger("stripe_calls")

# The mirror reads at most this many of an account's latest subscriptions, and at most as many of its latest
# invoices.
MOST = 12


async def create_session(gateway: Gateway, body: Mapping[str, Any], key: str) -> Answer:
    """POST /v1/checkout/sessions. Raises AnswerUnusable if Stripe answers with another account's session."""
    operation, kind = "checkout_sessions.create", "checkout.session"
    answer = await v1_calls.post(gateway, operation, SESSIONS, kind, None, body, key)
    return _of_account(answer, body["customer_account"])


async def retrieve_session(gateway: Gateway, account: str, identifier: str) -> Answer:
    """GET /v1/checkout/sessions/{id}. Raises AnswerUnusable if the session belongs to another account."""
    operation, kind = "checkout_sessions.retrieve", "checkout.session"
    answer = await v1_calls.get(gateway, operation, SESSIONS, kind, None, identifier)
    return _of_account(answer, account)


async def expire_session(gateway: Gateway, identifier: str, key: str) -> Answer:
    """POST /v1/checkout/sessions/{id}/expire. Stripe refuses the call unless the session is open."""
    path = f"{v1_calls.at(SESSIONS, identifier)}/expire"
    operation, kind = "checkout_sessions.expire", "checkout.session"
    return await v1_calls.post(gateway, operation, path, kind, None, {}, key, identifier)


async def create_portal_session(gateway: Gateway, body: Mapping[str, Any], key: str) -> Answer:
    """POST /v1/billing_portal/sessions. The answer contains an address that works for a short time.

    Raises AnswerUnusable if Stripe answers with another account's session.
    """
    operation, kind = "billing_portal_sessions.create", "billing_portal.session"
    answer = await v1_calls.post(gateway, operation, PORTAL_SESSIONS, kind, None, body, key)
    return _of_account(answer, body["customer_account"])


async def retrieve_subscription(gateway: Gateway, identifier: str) -> Answer:
    """GET /v1/subscriptions/{id}."""
    operation, kind = "subscriptions.retrieve", "subscription"
    return await v1_calls.get(gateway, operation, SUBSCRIPTIONS, kind, None, identifier)


async def retrieve_invoice(gateway: Gateway, identifier: str) -> Answer:
    """GET /v1/invoices/{id}."""
    return await v1_calls.get(gateway, "invoices.retrieve", INVOICES, "invoice", None, identifier)


async def latest_subscriptions(gateway: Gateway, account: str) -> list[Answer]:
    """GET /v1/subscriptions: the latest subscriptions of an account, newest first, including ended
    subscriptions.
    """
    params = {"customer_account": account, "status": "all", "limit": MOST}
    return await v1_calls.page(gateway, "subscriptions.list", SUBSCRIPTIONS, None, params)


async def latest_invoices(gateway: Gateway, account: str) -> list[Answer]:
    """GET /v1/invoices: the latest invoices of an account, newest first."""
    params = {"customer_account": account, "limit": MOST}
    return await v1_calls.page(gateway, "invoices.list", INVOICES, None, params)


def _of_account(answer: Answer, account: str) -> Answer:
    if answer.get("customer_account") != account:
        log.error("answer_about_another_account", asked=account, answered=answer.get("customer_account"))
        raise AnswerUnusable
    return answer
