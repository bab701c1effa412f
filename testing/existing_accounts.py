"""Accounts that the platform had at Stripe before it used ConnectQL."""

from typing import Any

import httpx
import stripe

from testing.environment import STRIPE_KEY
from testing.processes import Simulator

Json = dict[str, Any]


def create(simulator: Simulator, name: str = "Old Shop", **changed: Any) -> str:
    """Create an account that can be adopted. `changed` replaces fields of the request. Returns its id."""
    body: Json = {
        "display_name": name,
        "contact_email": "old@shop.example",
        "dashboard": "full",
        "identity": {"country": "US"},
        "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
        "defaults": {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}},
        **changed,
    }
    answer = _post(simulator, "/v2/core/accounts", json=body)
    return str(answer["id"])


def create_by_v1(simulator: Simulator, **changed: str) -> str:
    """Create a standard account with API v1, without a name. API v2 accepts the account ten minutes later."""
    return str(_post(simulator, "/v1/accounts", data={"type": "standard", "country": "US", **changed})["id"])


def update(simulator: Simulator, account_id: str, body: Json) -> None:
    """Change an account at Stripe."""
    _post(simulator, f"/v2/core/accounts/{account_id}", json=body)


def pass_ten_minutes(simulator: Simulator) -> None:
    simulator.control("clock", {"advance_seconds": 601})


def _post(simulator: Simulator, path: str, **content: Any) -> Json:
    headers = {"Authorization": f"Bearer {STRIPE_KEY}", "Stripe-Version": stripe.api_version}
    answer: httpx.Response = simulator.client.post(path, headers=headers, **content)
    body: Json = answer.raise_for_status().json()
    return body
