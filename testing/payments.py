"""Accounts that can charge, and orders for their payments at the local Stripe."""

from typing import Any

from connect.gateway import Gateway
from testing.processes import Simulator

_CAPABILITIES = {name: {"requested": True} for name in ("card_payments", "ach_debit_payments")}
ACCOUNT: dict[str, Any] = {
    "contact_email": "owner@shop.example",
    "configuration": {"merchant": {"capabilities": _CAPABILITIES}},
    "identity": {"country": "US"},
    "defaults": {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}},
    "dashboard": "full",
}
SESSION: dict[str, Any] = {
    "mode": "payment",
    "line_items": [
        {
            "quantity": 2,
            "price_data": {"currency": "usd", "unit_amount": 1250, "product_data": {"name": "Hat"}},
        }
    ],
    "payment_intent_data": {"application_fee_amount": 100},
    "success_url": "https://shop.example/done",
    "cancel_url": "https://shop.example/cart",
}
# An intent of 10.00 USD that is paid at once by card, with a fee of 1.00 USD.
INTENT: dict[str, Any] = {
    "amount": 1000,
    "currency": "usd",
    "application_fee_amount": 100,
    "payment_method": "pm_card_visa",
    "confirm": True,
    "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
}


async def open_account(gateway: Gateway, simulator: Simulator, name: str = "shop") -> str:
    """Create an account at Stripe that can charge, without a merchant here. Returns its id."""
    account: str = (await gateway.create_account({**ACCOUNT, "display_name": name}, f"account-{name}"))["id"]
    simulator.control(f"accounts/{account}", {"scenario": "activate"})
    return account
