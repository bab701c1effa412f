"""Payments are created under crashes and bad answers: each order has one payment, and is charged once.

`torture.mutations` injects the faults. Every fourth checkout already has a page that expired unpaid, so
the mutation replaces the page. Afterwards customers pay some of the orders.
"""

import random
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from connect.platform.faultpoints import POINTS
from models import PaymentCreation
from testing.deployment import Deployment, service
from testing.report import Report
from torture import comparison, customers, mutations, payment_comparison
from torture.actions import Course
from torture.customers import VISA, Shops
from torture.mutations import FAULTS, Fault, Injection, Mutation
from torture.payments import open_shops

Json = dict[str, Any]

SIZE = 1000  # injections
# Every fourth checkout has a page that has already expired, and customers pay every fourth order.
PART = 4
CHARGING_POINTS = [point for point in POINTS if point.startswith(("payment.", "response."))]
# The session and the intent of another payment, which Stripe sends as wrong answers.
_METADATA = {"payment_id": "01990000-0000-7000-8000-000000000000", "external_id": "another"}
_ANOTHER_SESSION = {
    "id": "cs_test_another",
    "object": "checkout.session",
    "status": "open",
    "payment_status": "unpaid",
    "amount_total": 2500,
    "currency": "usd",
    "expires_at": 4_000_000_000,
    "url": "https://pay.example/another",
    "metadata": _METADATA,
}
_ANOTHER_INTENT = {
    "id": "pi_another",
    "object": "payment_intent",
    "status": "requires_payment_method",
    "amount": 2500,
    "currency": "usd",
    "client_secret": "pi_another_secret",
    "metadata": _METADATA,
}


def prove(
    database: str,
    *,
    seed: int,
    size: int,
    folder: Path,
    points: Sequence[str] | None = None,
    twins: int = 50,
    faults: Sequence[Fault] = FAULTS,
) -> Report:
    """Send each of the two mutations many times at once, then inject faults, half of them into each."""
    problems: list[str] = []
    stripe = {"REVIEW_SECONDS": "2"}
    with service(database, folder, stripe=stripe, **mutations.SERVICE) as deployment:
        accounts = open_shops(deployment, 2)
        checkouts, intents = _checkouts("shop-0"), _intents("shop-1")
        injected: list[Injection] = []
        for number, mutation in enumerate((checkouts, intents)):
            problems += mutations.at_once(deployment, mutation, "at-once", twins)
            half = points[number::2] if points is not None else None
            injected += mutations.injections(mutation, (size + 1 - number) // 2, faults, half)
        found = {one.mutation: one for one in mutations.torment(deployment, injected, seed)}
        paid = _pay(deployment, accounts, {one: sorted(found[one].requested) for one in found})
        compare = partial(payment_comparison.differences, deployment, accounts)
        _, left = comparison.settled(lambda: _charged(deployment, paid) or compare(), 60 + paid)
        views = deployment.simulator.control("payments")["data"]
    figures = {f"{one.name}: {name}": n for one in found for name, n in found[one].injections.items()}
    report = Report(problems=[*problems, *(p for one in found.values() for p in one.problems), *left])
    report.figures = {
        "injections": sum(figures.values()),
        **dict(sorted(figures.items())),
        "orders": sum(len(one.requested) + 1 for one in found.values()),
        "sessions and intents at Stripe": len(views),
        "orders paid": paid,
        "seconds until all requests had finished": round(
            max(one.settled_after_seconds for one in found.values()), 1
        ),
    }
    return report


def _checkouts(merchant: str) -> Mutation:
    amount, fee = customers.money(2500, "USD"), customers.money(100, "USD")

    def values(order: str) -> Json:
        return customers.checkout(merchant, order, amount, fee=fee, customerEmail=f"{order}@payer.example")

    def prepare(deployment: Deployment, order: str) -> None:
        """Let the first page of some orders expire."""
        if not _has_expired(order):
            return
        made = deployment.payload(customers.CHECKOUT, {"input": values(order)}, deployment.replicas[-1])
        session = made["payment"]["checkout"]["stripeCheckoutSessionId"]
        deployment.simulator.control(f"payments/{session}", {"scenario": "expire"})

    return Mutation(
        "createCheckout",
        "created",
        customers.CHECKOUT,
        values,
        prepare,
        path="/v1/checkout/sessions",
        another={"status": 200, "body": _ANOTHER_SESSION},
        **_payments_of(merchant),
    )


def _intents(merchant: str) -> Mutation:
    amount, fee = customers.money(2500, "USD"), customers.money(100, "USD")

    def values(order: str) -> Json:
        return customers.intent(merchant, order, amount, fee=fee)

    def prepare(_deployment: Deployment, _order: str) -> None:
        """Do nothing."""

    return Mutation(
        "createPaymentIntent",
        "created",
        customers.INTENT,
        values,
        prepare,
        path="/v1/payment_intents",
        another={"status": 200, "body": _ANOTHER_INTENT},
        **_payments_of(merchant),
    )


def _payments_of(merchant: str) -> Json:
    """The fields that both mutations share."""
    return {
        "is_settled": _is_settled,
        "compare": partial(_one_each, merchant),
        "node": "payment",
        "stored": partial(_stored, merchant),
        "points": CHARGING_POINTS,
    }


def _has_expired(order: str) -> bool:
    number = order.rpartition("-")[2]
    return number.isdigit() and int(number) % PART == 0


def _is_settled(deployment: Deployment) -> bool:
    return not comparison.in_database(deployment, _is_pending)


async def _is_pending() -> bool:
    return await PaymentCreation.exists(state="PENDING")


def _stored(merchant: str, deployment: Deployment) -> set[str]:
    return {
        node["externalId"]
        for node in payment_comparison.payments(deployment)
        if node["merchant"]["externalId"] == merchant
    }


def _one_each(merchant: str, deployment: Deployment, requested: Collection[str]) -> list[str]:
    """Return a problem for each order that does not have exactly one payment with one open page or intent."""
    shown = [n for n in payment_comparison.payments(deployment) if n["merchant"]["externalId"] == merchant]
    per_order = Counter(node["externalId"] for node in shown)
    account = next(a["id"] for a in deployment.accounts() if a["metadata"]["external_id"] == merchant)
    made: dict[str, list[str]] = {}
    for view in deployment.simulator.control("payments")["data"]:
        if view["account"] == account:
            one = view["session"] or view["intent"]
            made.setdefault(one["metadata"]["external_id"], []).append(one["status"])
    is_page = merchant == "shop-0"
    status = "open" if is_page else "requires_payment_method"
    expected = {
        order: sorted(["expired", status] if is_page and _has_expired(order) else [status])
        for order in {*requested, "at-once"}
    }
    return [
        *(f"{order} has {n} payments" for order, n in per_order.items() if n != 1),
        *(f"{order} has no payment" for order in expected if order not in per_order),
        *(
            f"{order}: Stripe has {made.get(order)} instead of {statuses}"
            for order, statuses in expected.items()
            if sorted(made.get(order, [])) != statuses
        ),
        *(f"nobody requested {order}" for order in made.keys() - expected.keys()),
    ]


def _pay(
    deployment: Deployment, accounts: dict[str, str], requested: Mapping[Mutation, Sequence[str]]
) -> int:
    """Pay some orders as customers, and try to pay each page twice. Returns the number of paid orders."""
    shops = Shops(Course(deployment, random.Random(1)), accounts, pause=0)  # noqa: S311 -- repeatable on purpose
    paid = 0
    for mutation, orders in requested.items():
        for order in orders[::PART]:
            payload = deployment.payload(mutation.text, {"input": mutation.variables(order)})
            if "url" in payload:
                for _ in range(2):
                    form = {"method": "card", "number": VISA[0], **customers.FORM}
                    deployment.simulator.client.post(payload["url"], data=form)
            else:
                intent = payload["payment"]["stripePaymentIntentId"]
                shops.call("shop-1", f"payment_intents/{intent}/confirm", customers.PAID)
            paid += 1
    return paid


def _charged(deployment: Deployment, paid: int) -> list[str]:
    """Return a problem unless this number of payments is paid and booked."""
    shown = payment_comparison.payments(deployment)
    booked = sum(node["state"] == "SUCCEEDED" and node["net"] is not None for node in shown)
    return [] if booked == paid else [f"{booked} payments are booked, and customers paid {paid} orders"]
