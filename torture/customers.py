"""The payments of a proof: customers pay, banks decide, and merchants act in the Dashboard.

Customers pay on Checkout pages or confirm intents, both created by the service. Other payments are made
without the service. Pages, banks and the Dashboard cause no calls to Stripe's API.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from testing.deployment import Deployment
from testing.environment import ORIGIN, STRIPE_KEY
from torture.actions import Course

Json = dict[str, Any]

# For each currency, the smallest amount and the step between amounts, in minor units.
CURRENCIES = {"USD": (200, 1), "EUR": (200, 1), "JPY": (500, 1), "ISK": (50_000, 100), "KWD": (1000, 10)}
# Direct calls to Stripe are at least this many seconds apart, because Stripe's limit counts them as well.
CALL_SECONDS = 0.25
FORM = {"email": "jo@payer.example", "expiry": "12/34", "cvc": "123", "name": "Jo", "country": "US"}


@dataclass(frozen=True)
class Customer:
    """A way to pay: the test numbers that the customer tries in turn, with their payment methods.

    `answer` is the result of 3-D Secure.
    """

    weight: int
    methods: tuple[tuple[str, str], ...] = ()
    capture: str = "AUTOMATIC"
    answer: str = "complete"

    @property
    def is_debit(self) -> bool:
        return any(token.startswith("pm_us") for _, token in self.methods)


VISA = "4242424242424242", "pm_card_visa"
DECLINED = "4000000000009995", "pm_card_visa_chargeDeclinedInsufficientFunds"
PAID = {"payment_method": VISA[1], "return_url": f"{ORIGIN}/app"}
SECURE = "4000002760003184", "pm_card_authenticationRequired"
CUSTOMERS = {
    "paid": Customer(8, (VISA,)),
    "declined": Customer(1, (DECLINED,)),
    "declined twice, then paid": Customer(
        3, (DECLINED, ("4000000000000069", "pm_card_chargeDeclinedExpiredCard"), VISA)
    ),
    "authenticated": Customer(3, (SECURE,)),
    "not authenticated": Customer(1, (SECURE,), answer="fail"),
    "not authenticated, then paid": Customer(1, (SECURE, VISA), answer="fail"),
    "authorized": Customer(5, (VISA,), "MANUAL"),
    "debited": Customer(2, (("000123456789", "pm_usBankAccount_success"),)),
    "debit failed": Customer(2, (("000222222227", "pm_usBankAccount_insufficientFunds"),)),
    "debit disputed": Customer(1, (("000555555559", "pm_usBankAccount_dispute"),)),
    "debit open": Customer(2, (("000000000009", "pm_usBankAccount_processing"),)),
    "refund pends": Customer(2, (("4000000000007726", "pm_card_pendingRefund"),)),
    "refund fails": Customer(2, (("4000000000005126", "pm_card_refundFail"),)),
    "fraud": Customer(1, (("4000000000000259", "pm_card_createDispute"),)),
    "inquiry": Customer(1, (("4000000000001976", "pm_card_createDisputeInquiry"),)),
    "warned": Customer(1, (("4000000000005423", "pm_card_createIssuerFraudRecord"),)),
    "two disputes": Customer(1, (("4000000404000079", "pm_card_createMultipleDisputes"),)),
    "page not used": Customer(1),
}

# A dispute in one of these states blocks refunds.
CHARGED_BACK = {"needs_response", "under_review", "lost"}

CHECKOUT = """
mutation ($input: CreateCheckoutInput!) {
  createCheckout(input: $input) {
    __typename
    ... on CreateCheckoutPayload {
      created url payment { id externalId checkout { stripeCheckoutSessionId } }
    }
    ... on Error { message }
  }
}
"""
INTENT = """
mutation ($input: CreatePaymentIntentInput!) {
  createPaymentIntent(input: $input) {
    __typename
    ... on CreatePaymentIntentPayload { created payment { id externalId stripePaymentIntentId } }
    ... on Error { message }
  }
}
"""


def money(amount: int, currency: str) -> Json:
    return {"minorUnits": str(amount), "currency": currency}


def checkout(merchant: str, order: str, amount: Json, **more: object) -> Json:
    """Valid input of createCheckout."""
    return {
        "merchant": {"externalId": merchant},
        "externalId": order,
        "lines": [{"name": "Hat", "quantity": 1, "unitAmount": amount}],
        "successUrl": f"{ORIGIN}/done",
        "cancelUrl": f"{ORIGIN}/cart",
        **more,
    }


def intent(merchant: str, order: str, amount: Json, **more: object) -> Json:
    """Valid input of createPaymentIntent."""
    return {"merchant": {"externalId": merchant}, "externalId": order, "amount": amount, **more}


class Shops:
    """The merchants of a proof and their payments. `accounts` maps external ids to account ids.

    Direct calls to Stripe are at least `pause` seconds apart. Card payments are made in one of `currencies`.
    """

    def __init__(
        self,
        course: Course,
        accounts: dict[str, str],
        *,
        pause: float = CALL_SECONDS,
        currencies: Sequence[str] = tuple(sorted(CURRENCIES)),
    ) -> None:
        self.course, self.accounts, self._pause = course, accounts, pause
        self._currencies = currencies
        self.intents: list[str] = []
        self.sessions: list[str] = []  # the sessions of unused pages
        self._called_at = 0.0
        # Every kind of customer comes once before any kind is repeated.
        self.first = self._rng.sample(list(CUSTOMERS), len(CUSTOMERS))

    @property
    def _rng(self) -> random.Random:
        return self.course.rng

    @property
    def _deployment(self) -> Deployment:
        return self.course.deployment

    def sell(self) -> None:
        """Let a customer pay a merchant in one of three ways, or only open a page."""
        weights = [one.weight for one in CUSTOMERS.values()]
        kind = self.first.pop() if self.first else self._rng.choices(list(CUSTOMERS), weights)[0]
        customer, merchant = CUSTOMERS[kind], self._rng.choice(sorted(self.accounts))
        currency = "USD" if customer.is_debit else self._rng.choice(self._currencies)
        least, step = CURRENCIES[currency]
        amount = least + step * self._rng.randrange(5000)
        fee = amount // step * self._rng.randrange(30) // 100 * step
        way = self._rng.choices((self._by_page, self._by_app, self._elsewhere), (5, 2, 3))[0]
        way = self._by_page if not customer.methods else way
        way(customer, merchant, money(amount, currency), money(fee, currency))
        self.course.done[f"customers: {kind}"] += 1

    def _order(self) -> str:
        return f"order-{self.course.done.total()}"

    def _by_page(self, customer: Customer, merchant: str, amount: Json, fee: Json) -> None:
        more = {"fee": fee, "capture": customer.capture}
        result = self._ask(CHECKOUT, checkout(merchant, self._order(), amount, **more))
        if result is None:
            return
        session, url = result["payment"]["checkout"]["stripeCheckoutSessionId"], result["url"]
        for number, token in customer.methods:
            method = "us_bank_account" if token.startswith("pm_us") else "card"
            answer = self._post(url, method=method, number=number, account=number, **FORM)
            if answer.is_redirect and "/authenticate/" in answer.headers["location"]:
                self._post(answer.headers["location"], result=customer.answer)
        if customer.methods:
            view = self._deployment.simulator.control(f"payments?session={session}")["data"]
            self.intents += [one["intent"]["id"] for one in view]
        else:
            self.sessions.append(session)

    def _by_app(self, customer: Customer, merchant: str, amount: Json, fee: Json) -> None:
        more = {"fee": fee, "capture": customer.capture}
        result = self._ask(INTENT, intent(merchant, self._order(), amount, **more))
        if result is None:
            return
        made = result["payment"]["stripePaymentIntentId"]
        self.intents.append(made)
        for _, token in customer.methods:
            body = {"payment_method": token, "return_url": f"{ORIGIN}/app"}
            self._authenticate(customer, self.call(merchant, f"payment_intents/{made}/confirm", body))

    def _elsewhere(self, customer: Customer, merchant: str, amount: Json, fee: Json) -> None:
        """Charge a customer without the service, and in some cases without an application fee."""
        body: Json = {
            "amount": amount["minorUnits"],
            "currency": amount["currency"].lower(),
            "capture_method": "manual" if customer.capture == "MANUAL" else "automatic_async",
            "automatic_payment_methods[enabled]": "true",
            "payment_method": customer.methods[0][1],
            "confirm": "true",
            "return_url": f"{ORIGIN}/elsewhere",
        }
        if int(fee["minorUnits"]) and self._rng.random() < 0.5:
            body["application_fee_amount"] = fee["minorUnits"]
        made = self.call(merchant, "payment_intents", body)
        self.intents.append(made["id"])
        self._authenticate(customer, made)
        for _, token in customer.methods[1:]:
            order = {"payment_method": token, "return_url": f"{ORIGIN}/elsewhere"}
            self._authenticate(customer, self.call(merchant, f"payment_intents/{made['id']}/confirm", order))

    def _authenticate(self, customer: Customer, made: Json) -> None:
        action = made.get("next_action") or {}
        if made["status"] == "requires_action":
            self._post(action["redirect_to_url"]["url"], result=customer.answer)

    def _ask(self, mutation: str, values: Json) -> Json | None:
        """Send a mutation to a random replica. Returns None if the service or Stripe was unavailable."""
        replica = self._rng.choice(list(self._deployment.replicas))
        try:
            answer = self._deployment.ask(mutation, {"input": values}, replica)
        except httpx.HTTPError:
            self.course.done["orders without an answer"] += 1
            return None
        result: Json = next(iter((answer.get("data") or {"": None}).values())) or {}
        if result.get("__typename", "").endswith("Payload"):
            return result
        codes = [error["extensions"]["code"] for error in answer.get("errors", ())]
        if codes != ["UNAVAILABLE"] and result.get("__typename") != "StripeUnavailableError":
            raise AssertionError(f"an order was answered with {answer}")
        self.course.done["orders without an answer"] += 1
        return None

    def _post(self, url: str, **form: str) -> httpx.Response:
        return self._deployment.simulator.client.post(url, data=form)

    def call(self, merchant: str, path: str, body: Json) -> Json:
        """Call Stripe without the service. Returns the intent, also after a decline."""
        time.sleep(max(0.0, self._called_at + self._pause - time.monotonic()))
        self._called_at = time.monotonic()
        headers = {"Authorization": f"Bearer {STRIPE_KEY}", "Stripe-Account": self.accounts[merchant]}
        answer = self._deployment.simulator.client.post(f"/v1/{path}", data=body, headers=headers)
        self.course.done["direct calls to Stripe"] += 1
        found: Json = answer.json()
        if answer.status_code == 402:
            found = found["error"]["payment_intent"]
        elif answer.is_error:
            raise AssertionError(f"{path}: {answer.text}")
        return found

    def act(self, latest: int = 300) -> None:
        """Let a bank decide about one of the latest payments, or let the merchant change it in the Dashboard.

        Once in a while, an unused page expires instead.
        """
        if self.sessions and self._rng.random() < 0.05:
            self._play(self.sessions.pop(self._rng.randrange(len(self.sessions))), "expire")
            return
        if not self.intents:
            return
        made = self._rng.choice(self.intents[-latest:])
        view = self._view(made)
        choices = possible(view, self._rng)
        if choices:
            identifier, scenario, order = self._rng.choice(choices)
            try:
                self._play(identifier, scenario, **order)
            except RuntimeError:
                # The local Stripe decides about debits itself, so the payment may have changed since.
                if self._view(made) == view:
                    raise

    def _view(self, intent: str) -> Json:
        found: Json = self._deployment.simulator.control(f"payments?intent={intent}")["data"][0]
        return found

    def _play(self, identifier: str, scenario: str, **order: Any) -> None:
        self._deployment.simulator.control(f"payments/{identifier}", {"scenario": scenario, **order})
        kind = {"pi": "payment", "cs": "page", "du": "dispute"}.get(identifier[:2], "refund")
        self.course.done[f"then: {scenario}, {kind}"] += 1


def possible(view: Json, rng: random.Random) -> list[tuple[str, str, Json]]:
    """The scenarios that the state of a payment allows. Each is a tuple of the object's id,
    the scenario's name, and its arguments.
    """
    intent, charge = view["intent"], view["charge"]
    if intent["status"] == "requires_capture":
        return [(intent["id"], scenario, {}) for scenario in ("capture", "capture", "cancel", "expire")]
    if intent["status"] == "processing":
        return [(intent["id"], scenario, {}) for scenario in ("succeed", "fail")]
    if intent["status"] != "succeeded" or charge["status"] != "succeeded":
        return []
    open_refunds = [one["id"] for one in view["refunds"] if one["status"] == "pending"]
    choices: list[tuple[str, str, Json]] = [
        (refund, scenario, {}) for refund in open_refunds for scenario in ("succeed", "fail")
    ]
    for dispute in view["disputes"]:
        is_inquiry = dispute["status"].startswith("warning")
        if dispute["status"] not in {"won", "lost", "warning_closed"}:
            names = ("answer", "lose", "escalate" if is_inquiry else "win")
            choices += [(dispute["id"], name, {}) for name in names]
    left = charge["amount_captured"] - charge["amount_refunded"]
    is_charged_back = any(one["status"] in CHARGED_BACK for one in view["disputes"])
    if left and not is_charged_back:
        least, step = CURRENCIES[intent["currency"].upper()]
        part = min(left, least + step * rng.randrange(max(1, left // step)))
        choices += [(intent["id"], "refund", {"amount": part}), (intent["id"], "refund", {})]
        if not view["disputes"]:
            amount = charge["amount_captured"]
            if charge["payment_method_details"]["type"] == "card":
                choices.append((intent["id"], "warn", {}))
            choices.append((intent["id"], "dispute", {"inquiry": rng.random() < 0.5, "amount": amount}))
        if charge["payment_method_details"]["type"] != "card" and not view["refunds"]:
            choices.append((intent["id"], "return", {}))
    return choices
