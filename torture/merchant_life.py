"""The simulated life of a merchant, day by day: customers pay, and once in a while something happens to the
merchant's money. Each event of CALENDAR has a place in the period. Some events plan others for later days.
The random numbers of a seed choose the customers, so a seed always gives the same life.
"""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from testing.deployment import Deployment
from testing.environment import ORIGIN, STRIPE_KEY
from testing.operations import START_SERVICE
from torture import customers
from torture.customers import Shops
from torture.disputes import ACCEPT, ANSWER
from torture.moving_clock import Clock
from torture.payouts import CREATE
from torture.refunds import REFUND

Json = dict[str, Any]
Event = Callable[["Life"], object]

DAY = 86_400
CURRENCIES = "USD", "USD", "USD", "EUR", "JPY"
# The number of sales on a day is one of these.
SALES = 0, 1, 1, 2
# The number of payments in about a week.
LATEST = 6
# The numbers of bank accounts that work, and the number of one whose payouts fail.
BANKS = "000123456789", "000987654321"
NO_ACCOUNT = "000111111116"
# A card that can be saved, but never charged.
EMPTY = "4000000000000341"
# The least amount that the platform pays out itself, in cents.
LEAST_PAYOUT = 100
# If a notification was lost, the next back-fill finds its event within this time.
PATIENCE_SECONDS = 30.0
SCHEDULE = """
mutation ($input: UpdatePayoutScheduleInput!) {
  updatePayoutSchedule(input: $input) {
    __typename
    ... on UpdatePayoutSchedulePayload { merchant { id } }
    ... on Error { message }
  }
}
"""
_VERSION = """
query ($dispute: String!) { dispute(by: {stripeDisputeId: $dispute}) { evidence { version } } }
"""


@dataclass
class Life:
    """A merchant and its customers. `live` lives one day."""

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
        """Plan the events for the next `days`, each after its share of these days."""
        for share, event in calendar:
            self.later(int(share * days), partial(event, self))

    def live(self) -> None:
        """Let a day pass, with its events and sales.

        Banks take back only debits of the latest payments, because they do so within some days.
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
        """The payload of a mutation, which is repeated until the service knows the object."""
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


def subscribe(life: Life) -> None:
    """Start the platform's service, and pay for it by card."""
    values = {
        "merchant": {"externalId": life.merchant},
        "price": life.price,
        "successUrl": f"{ORIGIN}/done",
        "cancelUrl": f"{ORIGIN}/plans",
    }
    url = life.ask(START_SERVICE, values)["url"]
    form = {"number": customers.VISA[0], **customers.FORM}
    life.deployment.simulator.client.post(url, data=form)


def _subscription(life: Life) -> Json:
    headers = {"Authorization": f"Bearer {STRIPE_KEY}"}
    query = {"customer_account": life.account, "status": "all"}
    found = life.deployment.simulator.client.get("/v1/subscriptions", params=query, headers=headers).json()
    latest: Json = found["data"][0]
    return latest


def _change_card(life: Life, number: str) -> None:
    current = _subscription(life)
    if current["status"] != "canceled":
        life.control(f"subscriptions/{current['id']}", scenario="card", number=number)


def fall_behind(life: Life) -> None:
    """Give the subscription an empty card, so that the next renewal fails. A new card settles the renewal
    later.
    """
    _change_card(life, EMPTY)
    life.later(1, lambda: _recover(life))


def _recover(life: Life) -> None:
    """Change the card some days after a renewal has failed."""
    status = _subscription(life)["status"]
    if status == "past_due":
        life.later(5, lambda: _change_card(life, customers.VISA[0]))
    elif status == "active":
        life.later(1, lambda: _recover(life))


def subscribe_again(life: Life) -> None:
    """Start the service again after Stripe has canceled the subscription."""
    if _subscription(life)["status"] == "canceled":
        subscribe(life)


def stop_paying(life: Life) -> None:
    """Give the subscription an empty card and no other one. Stripe cancels the subscription after two weeks
    of retries.
    """
    _change_card(life, EMPTY)


def win_dispute(life: Life) -> None:
    _, dispute = life.disputed()
    life.later(2, lambda: life.answer(dispute, "winning_evidence"))


def lose_dispute(life: Life) -> None:
    """Let a dispute pass its deadline without an answer."""
    life.disputed()


def accept_dispute(life: Life) -> None:
    _, dispute = life.disputed()

    def values() -> Json | None:
        version = life.version(dispute)
        return {"dispute": {"stripeDisputeId": dispute}, "expectedVersion": version} if version else None

    life.later(1, lambda: life.ask(ACCEPT, values))


def answer_in_dashboard(life: Life) -> None:
    """Let the merchant save evidence in the Dashboard, and submit it there."""
    _, dispute = life.disputed()
    life.control(f"payments/{dispute}", scenario="stage", text="The parcel arrived.")
    life.later(3, lambda: life.control(f"payments/{dispute}", scenario="answer"))
    life.later(20, lambda: life.control(f"payments/{dispute}", scenario="lose"))


def settle_inquiry(life: Life) -> None:
    """Answer an inquiry with a full refund."""
    intent, _ = life.disputed(inquiry=True)
    life.later(1, lambda: life.refund(intent, duringInquiry=True))


def escalate_inquiry(life: Life) -> None:
    _, dispute = life.disputed(inquiry=True)
    life.later(4, lambda: life.control(f"payments/{dispute}", scenario="escalate"))
    life.later(5, lambda: life.answer(dispute, "losing_evidence"))


def heed_warning(life: Life) -> None:
    """Let the merchant refund a payment after an early fraud warning."""
    intent = life.sell()
    life.control(f"payments/{intent}", scenario="warn")
    life.later(1, lambda: life.refund(intent))


def refund(life: Life) -> None:
    """Refund a part and the whole. A third refund succeeds first, and fails later."""
    life.refund(life.sell(), 1200)
    life.refund(life.sell())
    life.refund(life.sell(card="pm_card_refundFail"))


def lose_bank(life: Life) -> None:
    """Let a payout come back, because the bank has closed the account. Payouts resume with another
    account.
    """
    life.control(f"balances/{life.account}", scenario="replace_bank", number=NO_ACCOUNT)
    life.later(12, lambda: life.control(f"balances/{life.account}", scenario="replace_bank", number=BANKS[1]))


def return_payout(life: Life) -> None:
    """Let the bank return a payout that was paid."""
    headers = {"Authorization": f"Bearer {STRIPE_KEY}", "Stripe-Account": life.account}
    paid = life.deployment.simulator.client.get(
        "/v1/payouts", params={"status": "paid"}, headers=headers
    ).json()["data"]
    if not paid:
        life.later(1, lambda: return_payout(life))
        return
    life.control(f"payouts/{paid[0]['id']}", scenario="fail", code="account_frozen")
    life.later(3, lambda: life.control(f"balances/{life.account}", scenario="replace_bank", number=BANKS[0]))


def overdraw(life: Life) -> None:
    """Let the merchant refund a large payment after it was paid out. Later sales fill the balance again."""
    intent = life.sell(30_000)
    life.later(6, lambda: life.control(f"payments/{intent}", scenario="refund"))


def reserve(life: Life) -> None:
    """Let Stripe hold a part of the balance for two weeks."""
    order = {"amount": 4000, "currency": "usd"}
    life.control(f"balances/{life.account}", scenario="reserve", **order)
    life.later(14, lambda: life.control(f"balances/{life.account}", scenario="release", **order))


def _reschedule(**schedule: Any) -> Event:
    def event(life: Life) -> None:
        life.control(f"balances/{life.account}", scenario="reschedule", **schedule)

    return event


def control_payouts(life: Life) -> None:
    """The platform stops automatic payouts, pays out a part of the balance, and starts daily payouts."""
    life.deployment.simulator.control("switches", {"platform_controls_payouts": True})
    merchant = {"merchant": {"externalId": life.merchant}}
    life.ask(SCHEDULE, {**merchant, "interval": "MANUAL"})
    life.later(4, lambda: _pay_out(life))
    life.later(6, lambda: life.ask(SCHEDULE, {**merchant, "interval": "DAILY"}))


def _pay_out(life: Life) -> None:
    balance = life.deployment.simulator.control("ledger")["balances"][life.account]["available"]
    amount = balance.get("usd", 0) // 2
    if amount < LEAST_PAYOUT:
        life.later(1, lambda: _pay_out(life))
        return
    merchant = {"merchant": {"externalId": life.merchant}}
    money = customers.money(amount, "USD")
    life.ask(CREATE, {**merchant, "externalId": f"payout-{life.day}", "amount": money})


# The share of the days before each event.
CALENDAR: tuple[tuple[float, Event], ...] = (
    (0.02, subscribe),
    (0.05, refund),
    (0.08, win_dispute),
    (0.12, lose_dispute),
    (0.16, settle_inquiry),
    (0.20, heed_warning),
    (0.24, overdraw),
    (0.30, _reschedule(interval="weekly", weekly_payout_days=["tuesday", "friday"])),
    (0.33, escalate_inquiry),
    (0.36, lose_bank),
    (0.44, fall_behind),
    (0.48, _reschedule(interval="monthly", monthly_payout_days=[1, 31])),
    (0.54, answer_in_dashboard),
    (0.58, reserve),
    (0.62, _reschedule(interval="daily")),
    (0.66, return_payout),
    (0.70, accept_dispute),
    (0.74, stop_paying),
    (0.80, refund),
    (0.84, control_payouts),
    (0.89, subscribe_again),
)
# The events of the silent part, in which only the service's sweeps can find them.
SILENT_CALENDAR: tuple[tuple[float, Event], ...] = (
    (0.0, lose_dispute),
    (0.0, lose_bank),
    (0.1, answer_in_dashboard),
    (0.1, reserve),
    (0.2, _reschedule(interval="weekly", weekly_payout_days=["monday", "thursday"])),
    (0.3, overdraw),
)
