"""Shops that can charge at the local Stripe, their payments, and customers who pay."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from connect.payments import calls
from connect.payments.mirror import documents, mirror
from connect.stripe_api.gateway import Gateway
from models import Merchant, Payment, now
from models.payment import API
from testing.merchants import build_merchant, store
from testing.processes import Simulator

CARD = {"email": "Jo@Example.com", "expiry": "12/34", "cvc": "123", "name": "Jo", "country": "US"}
_CAPABILITIES = {name: {"requested": True} for name in ("card_payments", "ach_debit_payments")}
ACCOUNT: dict[str, Any] = {
    "contact_email": "owner@shop.example",
    "configuration": {"merchant": {"capabilities": _CAPABILITIES}},
    "identity": {"country": "US"},
    "defaults": {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}},
    "dashboard": "full",
}
# A payment page for 25.00 USD, with an application fee of 1.00 USD.
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
# An intent of 10.00 USD that is paid at once by card, with an application fee of 1.00 USD.
INTENT: dict[str, Any] = {
    "amount": 1000,
    "currency": "usd",
    "application_fee_amount": 100,
    "payment_method": "pm_card_visa",
    "confirm": True,
    "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
}


async def open_account(gateway: Gateway, simulator: Simulator, name: str = "shop") -> str:
    """Create an account at Stripe that can charge and belongs to no merchant. Returns its id."""
    account: str = (await gateway.create_account({**ACCOUNT, "display_name": name}, f"account-{name}"))["id"]
    simulator.control(f"accounts/{account}", {"scenario": "activate"})
    return account


@dataclass(frozen=True)
class Shop:
    """A merchant whose account can charge."""

    gateway: Gateway
    simulator: Simulator
    merchant: Merchant
    account: str

    async def checkout(self, external_id: str = "order-1") -> tuple[Payment, str]:
        """Create a payment with a page. Returns the payment and the URL of its page."""
        payment = await self.payment(external_id, 2500)
        metadata = {"payment_id": str(payment.id)}
        intent = {**SESSION["payment_intent_data"], "metadata": metadata}
        body = {
            **SESSION,
            "metadata": metadata,
            "client_reference_id": str(payment.id),
            "payment_intent_data": intent,
        }
        key = f"checkout:{payment.id}:1"
        answer = await calls.create_session(self.gateway, self.account, body, key)
        return await mirror.attach(payment.id, answer), answer["url"]

    async def intent(self, external_id: str = "order-1", **changed: Any) -> Payment:
        """Create a payment with an intent that is paid at once."""
        payment = await self.payment(external_id, 1000)
        body = {**INTENT, **changed, "metadata": {"payment_id": str(payment.id)}}
        answer = await calls.create_intent(self.gateway, self.account, body, f"intent:{payment.id}:1")
        return await mirror.attach(payment.id, answer)

    async def payment(self, external_id: str, amount: int) -> Payment:
        """Store a payment whose creation Stripe has not answered yet."""
        at = await now()
        payment = Payment(
            merchant_id=self.merchant.id,
            merchant_external_id=self.merchant.external_id,
            stripe_account_id=self.account,
            origin=API,
            external_id=external_id,
            created_at=at,
            updated_at=at,
            amount=amount,
            currency="USD",
        )
        await documents.create(payment)
        return payment

    async def elsewhere(self, **changed: Any) -> str:
        """Charge a card as another program of the merchant would do it. Returns the id of the intent."""
        order = {name: value for name, value in INTENT.items() if name != "application_fee_amount"}
        key = f"elsewhere:{await now() + timedelta()}"
        answer = await calls.create_intent(self.gateway, self.account, {**order, **changed}, key)
        intent: str = answer["id"]
        return intent

    def pay(self, url: str, number: str = "4242424242424242", **more: str) -> None:
        """Let a customer submit the page. The payment may be declined."""
        form = {**CARD, "method": "card", "number": number, **more}
        answer = self.simulator.client.post(url, data=form)
        assert answer.status_code in {303, 422}, answer.text

    def play(self, identifier: str, scenario: str, **order: Any) -> dict[str, Any]:
        """Let a bank or the merchant act on a payment, page or refund."""
        path = f"payments/{identifier}"
        played: dict[str, Any] = self.simulator.control(path, {"scenario": scenario, **order})
        return played

    @property
    def calls(self) -> dict[str, int]:
        """The calls since the last `forget_calls`, by method and path."""
        counted: dict[str, int] = self.simulator.control("calls")["calls"]
        return counted

    def forget_calls(self) -> None:
        self.simulator.control("calls", method="DELETE")


async def open_shop(gateway: Gateway, simulator: Simulator, external_id: str = "shop") -> Shop:
    """A stored merchant with an account that can charge."""
    account = await open_account(gateway, simulator, external_id)
    built = build_merchant(external_id)
    assert built.account is not None
    built.account.stripe_account_id = account
    await store([built])
    return Shop(gateway, simulator, built.merchant, account)
