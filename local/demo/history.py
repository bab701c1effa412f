"""The history of the demo: what happens to each shop, and when. Equal seeds give equal histories."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from local.demo.world import DAYS, LEVELS, TRADES, WITHOUT_CENTS, Shop

Json = dict[str, Any]

# A review after onboarding ends within this many days, unless the shop stays in review.
REVIEW = 1.0
# A review that lasts longer than SLOW_REVIEW days becomes a problem of the platform. Staff dismiss this
# problem NOTICED days before the end.
SLOW_REVIEW, NOTICED = 15.0, 2.5
# A shop opens this many days after the platform creates or adopts it. Its onboarding and review are over by
# then.
OPENING = 2.0
VISA, MASTERCARD, AMEX = "4242424242424242", "5555555555554444", "378282246310005"
CARDS = (VISA,) * 6 + (MASTERCARD,) * 3 + (AMEX,)
# A payout to this bank account fails.
REFUSED_BANK = "000111111113"
PAYERS = (
    *(
        "Ada Okafor",
        "Ben Carter",
        "Chloé Martin",
        "Daniel Weber",
        "Elif Kaya",
        "Freya Larsen",
        "Gabriel Costa",
    ),
    *("Hana Sato", "Ivan Novák", "Julia Rossi", "Kofi Mensah", "Lena Fischer", "Mateo García", "Nina Berg"),
    *("Oliver Smith", "Priya Nair", "Quinn Murphy", "Rosa Jiménez", "Sven Lindqvist", "Tara Byrne"),
)


@dataclass(frozen=True)
class Moment:
    """Something that happens to a shop. `at` is the day, counted from the first. `order` has the details."""

    at: float
    shop: Shop
    act: str
    order: Json = field(default_factory=dict)


def history(shops: Sequence[Shop], seed: int = 1, days: int = DAYS) -> list[Moment]:
    """Return everything that happens to these shops, in order of time."""
    moments: list[Moment] = []
    for shop in shops:
        chance = random.Random(f"{seed} {shop.id}")  # noqa: S311 -- repeatable on purpose
        moments += [moment for moment in _life(shop, chance, days) if moment.at < days]
    return sorted(moments, key=lambda moment: moment.at)


def _life(shop: Shop, chance: random.Random, days: int) -> Iterator[Moment]:
    begins = min(shop.begins + chance.uniform(0.3, 0.6), days - 0.1)
    yield Moment(begins, shop, "adopt" if shop.is_adopted else "create")
    if not shop.is_adopted:
        yield from _onboarding(shop, chance, begins, days)
    if shop.ends not in _NEVER_ACTIVE:
        opens = begins + OPENING
        interval = "daily" if shop.weekly >= 3 else "weekly"
        yield Moment(opens, shop, "schedule", {"interval": interval})
        closes, ending = _ending(shop, chance, days)
        yield from ending
        yield from _bank(shop, opens)
        yield from _service(shop, opens)
        yield from _sales(shop, chance, opens + 0.2, closes)


def _onboarding(shop: Shop, chance: random.Random, begins: float, days: int) -> Iterator[Moment]:
    if shop.ends in {"CREATING", "UNKNOWN"}:
        return
    visit = begins + chance.uniform(0.02, 0.2)
    if shop.ends == "ONBOARDING":
        # Some shops have not opened the form yet, and some have left it.
        if shop.begins < days - 2:
            yield Moment(visit, shop, "visit", {"scenario": None})
            yield Moment(visit + 2, shop, "visit", {"scenario": None})
        return
    if chance.random() < 0.4:
        yield Moment(visit, shop, "visit", {"scenario": None})
        visit += chance.uniform(0.05, 0.4)
    form = "review" if shop.ends == "PENDING_REVIEW" else "complete"
    yield Moment(visit, shop, "visit", {"scenario": form})
    # Staff know about the slow reviews, and dismiss the problem.
    if form == "review" and visit + SLOW_REVIEW < days - NOTICED:
        yield Moment(days - NOTICED, shop, "dismiss", {"code": "REVIEWS_SLOW"})
    if scenario := _NEVER_ACTIVE.get(shop.ends):
        yield Moment(visit + REVIEW * 0.9, shop, "scenario", {"scenario": scenario})


# The final statuses of shops that never sell anything, each with the scenario that causes it. None if the
# status needs no scenario.
_NEVER_ACTIVE: dict[str, str | None] = {
    "ACTION_REQUIRED": "fail_document",
    "CREATING": None,
    "ONBOARDING": None,
    "PENDING_REVIEW": None,
    "UNKNOWN": None,
    "UNSUPPORTED": "unsupported",
}
# The last change of a shop with one of these final statuses: the number of days before the end, the act, and
# its details.
_ENDINGS: dict[str, tuple[float, str, Json]] = {
    "RESTRICTED": (3.6, "scenario", {"scenario": "past_due"}),
    "RESTRICTED_BY_STRIPE": (4.5, "scenario", {"scenario": "restricted_other"}),
    "REJECTED": (5.7, "scenario", {"scenario": "reject"}),
    "NOT_REQUESTED": (9.4, "give_up", {}),
    "DISCONNECTED": (11.4, "scenario", {"scenario": "deauthorize"}),
    "CLOSED": (3.5, "scenario", {"scenario": "close"}),
}
_DUE = (
    {"scenario": "due_soon", "days": 12},
    {"scenario": "due_soon", "days": 5},
    {"scenario": "future_requirements", "days": 24},
)


def _ending(shop: Shop, chance: random.Random, days: int) -> tuple[float, list[Moment]]:
    """Return the day on which the shop stops selling, and its last changes."""
    if shop.ends in _ENDINGS:
        before, act, order = _ENDINGS[shop.ends]
        if shop.service == "canceled":
            before, act, order = 11.4, "close", {}
        at = days - before
        return at - 0.2, [Moment(at, shop, act, order)]
    if shop.ends == "ERASED":
        # All payouts have arrived before the account is closed.
        stops, closes, erased = days - 24, days - 12.3, days - 2.6
        return stops, [Moment(closes, shop, "close"), Moment(erased, shop, "erase")]
    if shop.ends == "ACTIVE_DUE_SOON":
        order = _DUE[shop.begins % len(_DUE)]
        return days, [Moment(days - chance.uniform(2, 3), shop, "scenario", order)]
    if shop.ends == "PAYOUTS_BLOCKED" and shop.service is None:
        return days, [Moment(days - 3.4, shop, "scenario", {"scenario": "payouts_blocked"})]
    if shop.ends == "PAYOUTS_BLOCKED":
        return days, [Moment(days - 9.5, shop, "bank", {"number": REFUSED_BANK})]
    return days, []


def _bank(shop: Shop, opens: float) -> Iterator[Moment]:
    if shop.payout_fails:
        yield Moment(opens + 3, shop, "bank", {"number": REFUSED_BANK})
        yield Moment(opens + 13, shop, "bank", {"number": "000123456789"})


def _service(shop: Shop, opens: float) -> Iterator[Moment]:
    if shop.service is None:
        return
    trial = 45 if shop.service == "trialing" else None
    yield Moment(opens + 0.4, shop, "subscribe", {"trial": trial})
    if shop.service == "overdue":
        yield Moment(opens + 20, shop, "service", {"scenario": "card"})
    if shop.service == "canceled":
        yield Moment(opens + 12, shop, "service", {"scenario": "cancel"})


def _sales(shop: Shop, chance: random.Random, opens: float, closes: float) -> Iterator[Moment]:
    count = max(0, round(shop.weekly * (closes - opens) / 7))
    times = sorted(chance.uniform(opens, closes - 0.05) for _ in range(count))
    for number, at in enumerate(times, 1):
        yield Moment(at, shop, "sell", _sale(shop, chance, f"{1000 + number}"))
    for number, trouble in enumerate(shop.troubles, count + 1):
        yield from _trouble(shop, chance, f"{1000 + number}", trouble, opens, closes)


def _sale(shop: Shop, chance: random.Random, order: str, card: str | None = None) -> Json:
    lines = []
    for name, price in chance.sample(TRADES[shop.trade], chance.choice((1, 1, 2))):
        level = LEVELS.get(shop.currency, 1)
        amount = round(price * level) if shop.currency in WITHOUT_CENTS else round(price * level * 100)
        lines.append({"name": name, "quantity": chance.choice((1, 1, 1, 2)), "amount": amount})
    return {
        "order": order,
        "lines": lines,
        "card": card or chance.choice(CARDS),
        "payer": chance.choice(PAYERS),
    }


# For each trouble: the card, and how many days before the end of the shop's sales the payment is made. None
# means a random time.
_CARDS: dict[str, tuple[str, float | None]] = {
    "refund": (VISA, None),
    "partial": (MASTERCARD, None),
    "refund_fails": ("4000000000005126", 6),
    "declined": ("4000000000009995", None),
    "fraud": ("4000000000005423", 1.6),
    "needs_response": ("4000000000000259", 3.2),
    "not_received": ("4000000000002685", 6.8),
    "under_review": ("4000000000000259", 7.3),
    "won": ("4000000000000259", 26),
    "lost": ("4000000000002685", 17),
    "inquiry": ("4000000000001976", 5.2),
}
# The acts that follow the payment of each trouble, with the days between the payment and the act.
_THEN: dict[str, tuple[tuple[float, str, Json], ...]] = {
    "refund": ((2.1, "refund", {"share": 1.0}),),
    "partial": ((1.4, "refund", {"share": 0.4}),),
    "refund_fails": ((1.2, "refund", {"share": 1.0}),),
    "under_review": ((2.3, "answer", {}),),
    "won": ((2.2, "answer", {}), (9.5, "decide", {"scenario": "win"})),
    "lost": ((3.4, "answer", {}), (9.0, "decide", {"scenario": "lose"})),
}


def _trouble(
    shop: Shop, chance: random.Random, order: str, trouble: str, opens: float, closes: float
) -> Iterator[Moment]:
    card, before = _CARDS[trouble]
    latest = max(opens, closes - 3.5)
    at = chance.uniform(opens, latest) if before is None else max(opens, closes - before)
    yield Moment(at, shop, "sell", _sale(shop, chance, order, card))
    for after, act, details in _THEN.get(trouble, ()):
        yield Moment(at + after, shop, act, {"order": order, **details})
