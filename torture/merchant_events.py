"""The events of a merchant's life, and the calendars that spread them over its days.

Some events schedule further events for later days.
"""

from typing import Any

from testing.environment import ORIGIN, STRIPE_KEY
from testing.operations import START_SERVICE
from torture import customers
from torture.disputes import ACCEPT
from torture.merchant_life import Event, Life
from torture.payouts import CREATE

Json = dict[str, Any]

# The numbers of two bank accounts that accept payouts, and of one to which every payout fails.
BANKS = "000123456789", "000987654321"
NO_ACCOUNT = "000111111116"
# A card that can be saved, but never charged.
EMPTY = "4000000000000341"
# The smallest amount that the platform pays out itself, in cents.
LEAST_PAYOUT = 100
SCHEDULE = """
mutation ($input: UpdatePayoutScheduleInput!) {
  updatePayoutSchedule(input: $input) {
    __typename
    ... on UpdatePayoutSchedulePayload { merchant { id } }
    ... on Error { message }
  }
}
"""


def subscribe(life: Life) -> None:
    """Let the merchant subscribe to the platform's service and pay for it by card."""
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
    """Give the subscription a card that cannot be charged, so that the next renewal fails. A new card
    later pays for the renewal.
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
    """Start the service again if Stripe has canceled the subscription."""
    if _subscription(life)["status"] == "canceled":
        subscribe(life)


def stop_paying(life: Life) -> None:
    """Give the subscription only a card that cannot be charged. Stripe cancels the subscription after two
    weeks of retries.
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
    """Let a client refund a payment after an early fraud warning."""
    intent = life.sell()
    life.control(f"payments/{intent}", scenario="warn")
    life.later(1, lambda: life.refund(intent))


def refund(life: Life) -> None:
    """Refund a part of one payment, and two whole payments. The last refund succeeds, and later fails."""
    life.refund(life.sell(), 1200)
    life.refund(life.sell())
    life.refund(life.sell(card="pm_card_refundFail"))


def lose_bank(life: Life) -> None:
    """Let payouts fail because the bank account does not exist. Later, they resume with another account."""
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
    """Let the platform stop automatic payouts, pay out a part of the balance, and start daily payouts."""
    life.deployment.simulator.control("switches", {"platform_controls_payouts": True})
    merchant = {"merchant": {"externalId": life.merchant}}
    life.ask(SCHEDULE, {**merchant, "interval": "MANUAL"})
    life.later(2, lambda: _pay_out(life))
    life.later(7, lambda: life.ask(SCHEDULE, {**merchant, "interval": "DAILY"}))


def _pay_out(life: Life, days: int = 4) -> None:
    """Pay out half of the available balance. If it is too small, try again on the next `days` days."""
    balance = life.deployment.simulator.control("ledger")["balances"][life.account]["available"]
    amount = balance.get("usd", 0) // 2
    if amount < LEAST_PAYOUT:
        if days:
            life.later(1, lambda: _pay_out(life, days - 1))
        return
    merchant = {"merchant": {"externalId": life.merchant}}
    money = customers.money(amount, "USD")
    life.ask(CREATE, {**merchant, "externalId": f"payout-{life.day}", "amount": money})


# Each event, with the share of the simulated days that pass before it.
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
# The merchant's events in the last part of a year. Stripe then sends and lists no events, so only the
# service's sweeps can find the changes.
SILENT_CALENDAR: tuple[tuple[float, Event], ...] = (
    (0.0, lose_dispute),
    (0.0, lose_bank),
    (0.1, answer_in_dashboard),
    (0.1, reserve),
    (0.2, _reschedule(interval="weekly", weekly_payout_days=["monday", "thursday"])),
    (0.3, overdraw),
)
