"""Account tokens, as a merchant's browser creates them."""

from typing import Any

from testing import confidential
from testing.processes import Simulator


def account_token(simulator: Simulator, **details: Any) -> str:
    """Create a token with the publishable key."""
    details = {"contact_email": "owner@shop.example", "display_name": "From the token", **details}
    headers = {"Authorization": "Bearer pk_test_browser"}
    answer = simulator.client.post("/v2/core/account_tokens", json=details, headers=headers)
    return confidential.keep("account token", answer.json()["id"])
