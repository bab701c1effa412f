"""A model of the list of merchants in Python: all orders, and all filters except the onboarding stages."""

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connect.merchants.rules.status.status import Status
from testing.merchants import KINDS, NOW, BuiltMerchant, build_merchant
from testing.service import Service

MERCHANTS = """
query (
  $first: Int, $after: String, $last: Int, $before: String, $filter: MerchantFilter, $orderBy: MerchantOrder!
) {
  merchants(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
    edges { cursor node { externalId } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount statusCounts { status count }
  }
}
"""
ORDERS = (
    *("CREATED_AT_DESC", "CREATED_AT_ASC", "DISPLAY_NAME_ASC", "NEXT_DEADLINE_ASC"),
    *("STATUS_ASC", "STATUS_SINCE_ASC", "STATUS_SINCE_DESC", "COUNTRY_ASC"),
)
STATUSES = list(Status)
NEVER = datetime(9999, 12, 31, tzinfo=UTC)

# Equal names, upper and lower case, letters outside ASCII and outside the BMP, and LIKE wildcards.
NAMES = [
    "Straße", "STRASSE", "strasse", "Éclair", "éclair", "Zürich", "zebra", "Ωmega", "ΩMEGA", "日本",
    "🦜 Parrots", "100% Wool", "100 Wool", "1000 Wool", "a_b", "aXb", "A_B", "a\\b", "a\\\\b", "a'b", 'a"b',
    "[a-z]", "*", "İstanbul", "Shop", "Shop", "shop", "SHOP", "Shop 2", "Shop 10",
    "Grün & Müller", "Grundmuller",
]  # fmt: skip


@dataclass(frozen=True)
class ModelMerchant:
    """A merchant in the model."""

    external_id: str
    name: str
    email: str
    status: str
    awaiting: str | None
    deadline: datetime | None
    place: int
    country: str
    livemode: bool | None
    since: datetime


def build_merchants(count: int = 60) -> tuple[list[BuiltMerchant], list[ModelMerchant]]:
    """Merchants of every kind in creation order. Some have equal names, and some have equal deadlines."""
    chance = random.Random(20260131)
    deadlines = [
        NOW - timedelta(days=3),
        NOW,
        NOW + timedelta(microseconds=1),
        NOW + timedelta(milliseconds=500),
        datetime.now(UTC) + timedelta(days=5),
        datetime.now(UTC) + timedelta(days=40),
    ]
    merchants, model = [], []
    for place in range(count):
        kind = list(KINDS)[place % len(KINDS)]
        name = NAMES[place % len(NAMES)]
        deadline = chance.choice([None, *deadlines]) if kind in {"onboarding", "review"} else None
        if kind == "due_soon":
            deadline = chance.choice(deadlines)
        external_id = chance.choice(["Ext", "ext", "100%", "é_"]) + f"-{place}"
        email = f"{chance.choice(['Owner', 'owner', 'o_w'])}{place % 7}@shop.example"
        # Some dates are deadlines of current requirements. The others are the dates on which future
        # requirements begin to apply.
        current, future = (deadline, None) if place % 2 or kind == "due_soon" else (None, deadline)
        country, livemode = chance.choice(["US", "DE", "FR"]), chance.random() < 0.5
        since = NOW - timedelta(days=chance.choice([0, 3, 3, 40]))
        merchants.append(
            build_merchant(
                external_id,
                kind,
                name=name,
                email=email,
                country=country,
                livemode=livemode,
                deadline=current,
                transition=future,
                since=since,
            )
        )
        model.append(
            ModelMerchant(
                *(external_id, name, email, *KINDS[kind], deadline, place, country),
                *(livemode if kind != "creating" else None, since),
            )
        )
    return merchants, model


def sort_ids(merchants: list[ModelMerchant], order: str) -> list[str]:
    keys: dict[str, Callable[[ModelMerchant], Any]] = {
        "CREATED_AT_DESC": lambda one: -one.place,
        "CREATED_AT_ASC": lambda one: one.place,
        "DISPLAY_NAME_ASC": lambda one: (one.name.casefold(), one.place),
        "NEXT_DEADLINE_ASC": lambda one: (one.deadline or NEVER, one.place),
        "STATUS_ASC": lambda one: (STATUSES.index(Status(one.status)), one.place),
        "STATUS_SINCE_ASC": lambda one: (one.since, one.place),
        "STATUS_SINCE_DESC": lambda one: (-one.since.timestamp(), -one.place),
        "COUNTRY_ASC": lambda one: (one.country, one.place),
    }
    return [one.external_id for one in sorted(merchants, key=keys[order])]


def apply_filter(merchants: list[ModelMerchant], criteria: dict[str, Any]) -> list[ModelMerchant]:
    result = merchants
    if "status" in criteria:
        result = [one for one in result if one.status in criteria["status"]]
    if "awaitingActionFrom" in criteria:
        result = [one for one in result if one.awaiting == criteria["awaitingActionFrom"]]
    if "country" in criteria:
        result = [one for one in result if one.country in criteria["country"]]
    if "livemode" in criteria:
        result = [one for one in result if one.livemode is criteria["livemode"]]
    if "statusForDays" in criteria:
        until = datetime.now(UTC) - timedelta(days=criteria["statusForDays"])
        result = [one for one in result if one.since <= until]
    if "statusChangedWithinDays" in criteria:
        start = datetime.now(UTC) - timedelta(days=criteria["statusChangedWithinDays"])
        result = [one for one in result if one.since >= start]
    if "dueWithinDays" in criteria:
        until = datetime.now(UTC) + timedelta(days=criteria["dueWithinDays"])
        result = [one for one in result if one.deadline is not None and one.deadline <= until]
    if "search" in criteria:
        searched = split_words(criteria["search"])
        result = [
            one
            for one in result
            if all(
                any(word.startswith(prefix) for word in split_words(one.name, one.email, one.external_id))
                for prefix in searched
            )
        ]
    return result


def split_words(*texts: str) -> set[str]:
    """The words of texts that this file builds, in lower case and without accents."""
    plain = unicodedata.normalize("NFD", " ".join(texts).casefold().replace("\u0307", ""))
    return set(re.findall(r"[^\W_]+", re.sub("[\u0300-\u036f]", "", plain)))


async def page(service: Service, **arguments: Any) -> dict[str, Any]:
    variables = {"orderBy": "CREATED_AT_ASC", **arguments}
    result: dict[str, Any] = (await service.graphql(MERCHANTS, variables))["merchants"]
    edges, info = result["edges"], result["pageInfo"]
    assert info["startCursor"] == (edges[0]["cursor"] if edges else None)
    assert info["endCursor"] == (edges[-1]["cursor"] if edges else None)
    return result


def ids(connection: dict[str, Any]) -> list[str]:
    return [edge["node"]["externalId"] for edge in connection["edges"]]
