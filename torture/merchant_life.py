"""The simulated life of a merchant, day by day: customers pay, and once in a while something happens to the
merchant's money.

The seed determines the customers, their payments, and the later actions of banks and of the merchant.
"""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from testing.deployment import Deployment
from testing.environment import ORIGIN
from torture import customers
from torture.customers import Shops
from torture.disputes import ANSWER
from torture.moving_clock import Clock
from torture.refunds import REFUND

Json = dict[str, Any]
Event = Callable[["Life"], object]

DAY = 86_400
CURRENCIES = "USD", "USD", "USD", "EUR", "JPY"
# Each day draws its number of sales from these.
SALES = 0, 1, 1, 2
# Banks and the merchant act only on this number of latest payments, which are those of about a week.
LATEST = 6
# If a notification was lost, the next back-fill finds its event within this time.
PATIENCE_SECONDS = 30.0
_VERSION = """
query ($dispute: String!) { dispute(by: {stripeDisputeId: $dispute}) { evidence { version } } }
"""


@dataclass
class Life:
    """A merchant and its customers. `live` simulates one day."""

    clock: Clock
    shops: Shops
    merchant: str
    price: str
    # The days between two payments for the service.
    period: int
    planned: dict[int, list[Callable[[], object]]] = field(default_factory=lambda: defaultdict(list))
    day: int = 0

    @property
    def deployment(self) -> Deployment:
        return self.shops.course.deployment

    @property
    def account(self) -> str:
        return self.shops.accounts[self.merchant]

    @property
    def rng(self) -> random.Random:
        return self.shops.course.rng

    def plan(self, calendar: Sequence[tuple[float, Event]], days: int) -> None:
        """Schedule the events of the calendar within the next `days`, each after its share of these days."""
        for share, event in calendar:
            self.later(int(share * days), partial(event, self))

    def live(self) -> None:
        """Advance the clock by a day, and play the events and sales of the day.

        Banks take back a debit only within some days, so `act` chooses among the latest payments.
        """
        self.clock.pass_time(DAY)
        for event in self.planned.pop(self.day, ()):
            event()
        for _ in range(self.rng.choice(SALES)):
            self.shops.sell()
        if self.rng.random() < 0.3:
            self.shops.act(LATEST)
        self.day += 1

    def later(self, days: int, event: Callable[[], object]) -> None:
        self.planned[self.day + days].append(event)

    def control(self, path: str, **order: Any) -> Json:
        self.shops.course.done[f"life: {order['scenario']}, {path.partition('/')[0]}"] += 1
        found: Json = self.deployment.simulator.control(path, order)
        return found

    def sell(self, amount: int = 5000, card: str = customers.VISA[1]) -> str:
        """Let a customer pay by card. Returns the intent."""
        order = f"life-{self.shops.course.done.total()}"
        values = customers.intent(self.merchant, order, customers.money(amount, "USD"))
        made = self.ask(customers.INTENT, values)["payment"]["stripePaymentIntentId"]
        body = {"payment_method": card, "return_url": f"{ORIGIN}/app"}
        self.shops.call(self.merchant, f"payment_intents/{made}/confirm", body)
        self.clock.pass_time(60)
        return str(made)

    def ask(self, mutation: str, values: Json | Callable[[], Json | None]) -> Json:
        """Repeat a mutation until the service knows its object, and return the payload."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            given = values() if callable(values) else values
            answer = self.deployment.ask(mutation, {"input": given}) if given is not None else {}
            result: Json = next(iter((answer.get("data") or {"": None}).values())) or {}
            if result.get("__typename", "").endswith("Payload"):
                self.shops.course.done[f"life: {result['__typename'].removesuffix('Payload')}"] += 1
                return result
            if time.monotonic() > deadline:
                raise AssertionError(f"day {self.day}: {given} was answered with {answer}")
            # The back-fill begins a minute after an event.
            self.clock.pass_time(90)
            time.sleep(0.3)

    def refund(self, intent: str, amount: int | None = None, **more: Any) -> None:
        values: Json = {
            "payment": {"stripePaymentIntentId": intent},
            "externalId": f"refund-{intent}",
            **more,
        }
        if amount is not None:
            values["amount"] = customers.money(amount, "USD")
        self.ask(REFUND, values)

    def disputed(self, *, inquiry: bool = False) -> tuple[str, str]:
        """Let a customer pay, and dispute the payment. Returns the intent and the dispute."""
        intent = self.sell()
        self.control(f"payments/{intent}", scenario="dispute", inquiry=inquiry)
        view = self.deployment.simulator.control(f"payments?intent={intent}")["data"][0]
        return intent, view["disputes"][0]["id"]

    def version(self, dispute: str) -> str | None:
        """The version of a dispute's evidence; None if the service does not know the dispute yet."""
        found = self.deployment.ask(_VERSION, {"dispute": dispute})["data"]["dispute"]
        return found["evidence"]["version"] if found else None

    def answer(self, dispute: str, text: str) -> None:
        """Submit evidence, as a client does after it has read the dispute."""

        def values() -> Json | None:
            version = self.version(dispute)
            evidence = [{"field": "UNCATEGORIZED_TEXT", "text": text}]
            return (
                {
                    "dispute": {"stripeDisputeId": dispute},
                    "expectedVersion": version,
                    "evidence": evidence,
                    "submit": True,
                }
                if version
                else None
            )

        self.ask(ANSWER, values)
