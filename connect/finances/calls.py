"""Calls of Stripe's API v1 about the balance and the payouts of a connected account.

Each function raises StripeRefused, StripeUnavailable, TooManyCalls or AnswerUnusable, as in `v1_calls`.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from connect.stripe_api import v1_calls
from connect.stripe_api.gateway import Answer, Gateway

BALANCE = "/v1/balance"
SETTINGS = "/v1/balance_settings"
TRANSACTIONS = "/v1/balance_transactions"
PAYOUTS = "/v1/payouts"

# The transaction types of movements between the balance and Stripe's reserve
# (https://docs.stripe.com/reports/balance-transaction-types).
RESERVE_TYPES = ("reserve_hold", "reserve_release")


async def retrieve_balance(gateway: Gateway, account: str) -> Answer:
    """GET /v1/balance."""
    return await v1_calls.get(gateway, "balance.retrieve", BALANCE, "balance", account, None)


async def retrieve_settings(gateway: Gateway, account: str) -> Answer:
    """GET /v1/balance_settings."""
    operation, kind = "balance_settings.retrieve", "balance_settings"
    return await v1_calls.get(gateway, operation, SETTINGS, kind, account, None)


async def list_reserves(gateway: Gateway, account: str) -> list[Answer]:
    """GET /v1/balance_transactions: all movements into and out of reserves, newest first.

    Stripe sends no thin events about reserves.
    """
    rows: list[Answer] = []
    for kind in RESERVE_TYPES:
        operation, params = "balance_transactions.list", {"type": kind}
        rows += await v1_calls.list_all(gateway, operation, TRANSACTIONS, account, params)
    return sorted(rows, key=lambda row: row.get("created") or 0, reverse=True)


async def transactions_inside(gateway: Gateway, account: str, payout_id: str) -> list[Answer]:
    """GET /v1/balance_transactions: all transactions inside a payout, and the transaction of the payout
    itself.

    Stripe refuses the call until it has reconciled the payout. For manual payouts, it always refuses the call
    (https://docs.stripe.com/payouts/reconciliation).
    """
    operation, params = "balance_transactions.list", {"payout": payout_id}
    return await v1_calls.list_all(gateway, operation, TRANSACTIONS, account, params)


async def retrieve_payout(gateway: Gateway, account: str, payout_id: str) -> Answer:
    """GET /v1/payouts/{id} with the bank account."""
    operation, expand = "payouts.retrieve", ("destination",)
    return await v1_calls.get(gateway, operation, PAYOUTS, "payout", account, payout_id, expand)


def recent_payouts(gateway: Gateway, account: str, since: datetime) -> AsyncIterator[list[Answer]]:
    """GET /v1/payouts: the payouts created at or after `since`, page by page, newest first."""
    params = {"created": {"gte": int(since.timestamp())}}
    return v1_calls.pages(gateway, "payouts.list", PAYOUTS, account, params)


async def create_payout(gateway: Gateway, account: str, body: Mapping[str, Any], key: str) -> Answer:
    """POST /v1/payouts."""
    return await v1_calls.post(gateway, "payouts.create", PAYOUTS, "payout", account, body, key)


async def update_settings(gateway: Gateway, account: str, body: Mapping[str, Any], key: str) -> Answer:
    """POST /v1/balance_settings."""
    operation, kind = "balance_settings.update", "balance_settings"
    return await v1_calls.post(gateway, operation, SETTINGS, kind, account, body, key)
