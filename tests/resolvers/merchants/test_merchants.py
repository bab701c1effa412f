"""merchants: every order in both directions and every filter, compared with a model in Python."""

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connect.merchants.rules.document import wire_time
from connect.merchants.rules.status.status import Status
from models import Merchant
from testing.merchants import KINDS, NOW, BuiltMerchant, build_merchant, encode_cursor, store
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
    """Merchants of every kind in creation order, with equal names and equal deadlines among them."""
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
        # Half of the dates are deadlines of current requirements. The others are transitions.
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
    """The words of the names in this file, in lower case and without accents."""
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


async def test_every_order_pages_through_each_merchant_once_in_both_directions(service: Service) -> None:
    merchants, model = build_merchants()
    await store(merchants)
    for order in ORDERS:
        expected = sort_ids(model, order)
        forward: list[str] = []
        after = None
        while True:
            result = await page(service, first=7, after=after, orderBy=order)
            assert result["pageInfo"]["hasPreviousPage"] is (after is not None)
            forward += ids(result)
            after = result["pageInfo"]["endCursor"]
            if not result["pageInfo"]["hasNextPage"]:
                break
            assert len(result["edges"]) == 7
        assert forward == expected, order
        backward: list[str] = []
        before = None
        while True:
            result = await page(service, last=7, before=before, orderBy=order)
            assert result["pageInfo"]["hasNextPage"] is (before is not None)
            backward = ids(result) + backward
            before = result["pageInfo"]["startCursor"]
            if not result["pageInfo"]["hasPreviousPage"]:
                break
            assert len(result["edges"]) == 7
        assert backward == expected, order
        # A page beyond either end is empty. With two cursors, a page has only rows between them.
        assert ids(await page(service, first=7, after=after, orderBy=order)) == []
        assert ids(await page(service, last=7, before=before, orderBy=order)) == []
        edges = (await page(service, first=30, orderBy=order))["edges"]
        between = {"after": edges[4]["cursor"], "before": edges[20]["cursor"], "orderBy": order}
        assert ids(await page(service, first=100, **between)) == expected[5:20]
        assert ids(await page(service, first=3, **between)) == expected[5:8]
        assert ids(await page(service, last=3, **between)) == expected[17:20]


async def test_pages_do_not_shift_while_merchants_are_added(service: Service) -> None:
    merchants, model = build_merchants(30)
    await store(merchants)
    for order in ORDERS:
        before = sort_ids(model, order)
        pages: list[str] = []
        after = None
        for number in range(10):
            result = await page(service, first=3, after=after, orderBy=order)
            pages += ids(result)
            after = result["pageInfo"]["endCursor"]
            # The new rows sort before, among and after the rows of earlier pages.
            soon = NOW - timedelta(days=10 - number)
            await store(
                [
                    build_merchant(f"new-{order}-{number}-a", "due_soon", name="\t", deadline=soon),
                    build_merchant(f"new-{order}-{number}-z", "active", name="\U0010ffff"),
                ]
            )
        added = [name for name in pages if name.startswith("new-")]
        assert [name for name in pages if name not in added] == before[: len(pages) - len(added)]
        assert len(pages) == len(set(pages)) == 30
        await Merchant.filter(external_id__startswith="new-").delete()


async def test_each_filter_finds_exactly_the_matching_merchants(service: Service) -> None:
    merchants, model = build_merchants()
    await store(merchants)
    filters: list[dict[str, Any]] = [
        {},
        *({"status": [status]} for status, _ in KINDS.values()),
        *({"country": countries} for countries in (["US"], ["DE", "US"], ["FR", "FR", "DE"], ["IE"], [])),
        *({"livemode": livemode} for livemode in (True, False)),
        {"country": ["DE"], "status": ["ACTIVE"], "livemode": True, "search": "shop"},
        {"status": ["ACTIVE", "CLOSED", "ACTIVE", "RESTRICTED"]},
        {"status": ["UNSUPPORTED"]},
        {"status": []},
        {"awaitingActionFrom": "MERCHANT"},
        {"awaitingActionFrom": "STRIPE"},
        *({"dueWithinDays": days} for days in (0, 4, 6, 39, 41, 3650)),
        {"status": ["ACTIVE_DUE_SOON", "ONBOARDING"], "awaitingActionFrom": "MERCHANT", "dueWithinDays": 6},
        {"status": ["PENDING_REVIEW"], "awaitingActionFrom": "MERCHANT"},
        {"awaitingActionFrom": "MERCHANT", "search": "shop"},
        *(
            {"search": text}
            for text in (
                "%", "_", "\\", "a%", "a_", "a_b", "a\\", "a\\\\", "a'", 'a"', "'", "100%", "100% w", "1",
                "[a", "*", "strasse", "STRASSE", "Straße", "ÉCLAIR", "éc", "é_", "É_-", "ωmega", "日", "🦜",
                "İ", "i̇stanbul", "shop", "SHOP ", "shop 1", "owner1@", "OWNER1@SHOP", "o_w", "ext-1", "EXT-1",
                "hop", "", " ", "x" * 255, "€", "muller", "Müller grun", "grün mul", "shop 2 ext",
                "ext shop ext", "strasse owner", "acct_unknown", "2 owner", "eclair shop example",
            )
        ),
    ]  # fmt: skip
    for criteria in filters:
        result = await page(service, first=100, filter=criteria)
        assert ids(result) == sort_ids(apply_filter(model, criteria), "CREATED_AT_ASC"), criteria
    # Without matches, the comparison above would prove nothing.
    for text, count in (
        ("%", 60),
        ("🦜", 60),
        ("100%", 14),
        ("a_b", 4),
        ("a\\", 4),
        ("shop", 60),
        ("strasse", 6),
    ):
        assert len(ids(await page(service, first=100, filter={"search": text}))) >= count, text
    for text in ("muller", "grün mul", "2 owner", "eclair shop example"):
        assert ids(await page(service, first=100, filter={"search": text})), text


async def test_pages_agree_with_a_model_in_python(service: Service) -> None:
    merchants, model = build_merchants()
    await store(merchants)
    chance = random.Random(7)
    for _ in range(120):
        order = chance.choice(ORDERS)
        criteria: dict[str, Any] = {}
        if chance.random() < 0.4:
            criteria["status"] = chance.sample([status for status, _ in KINDS.values()], chance.randint(1, 5))
        if chance.random() < 0.3:
            criteria["awaitingActionFrom"] = chance.choice(["MERCHANT", "STRIPE"])
        if chance.random() < 0.3:
            criteria["dueWithinDays"] = chance.choice([0, 6, 41])
        if chance.random() < 0.2:
            criteria["country"] = chance.sample(["US", "DE", "FR", "AT"], chance.randint(1, 3))
        if chance.random() < 0.2:
            criteria["livemode"] = chance.random() < 0.5
        if chance.random() < 0.2:
            criteria["statusForDays"] = chance.choice([1, 30])
        if chance.random() < 0.2:
            criteria["statusChangedWithinDays"] = chance.choice([10, 3650])
        if chance.random() < 0.4:
            one = chance.choice(model)
            values = chance.sample([one.name, one.email, one.external_id], chance.randint(1, 2))
            criteria["search"] = " ".join(value[: chance.randint(1, len(value))] for value in values).upper()
        expected = sort_ids(apply_filter(model, criteria), order)
        whole = await page(service, first=100, orderBy=order, filter=criteria)
        assert ids(whole) == expected, (order, criteria)
        statuses = Counter(one.status for one in apply_filter(model, criteria))
        assert whole["totalCount"] == len(expected), criteria
        assert whole["statusCounts"] == [
            {"status": status.value, "count": statuses[status.value]}
            for status in STATUSES
            if statuses[status.value]
        ], criteria
        size = chance.randint(1, 9)
        if not expected:
            continue
        place = chance.randrange(len(expected))
        cursor = whole["edges"][place]["cursor"]
        if chance.random() < 0.5:
            result = await page(service, first=size, after=cursor, orderBy=order, filter=criteria)
            rest = expected[place + 1 :]
            assert ids(result) == rest[:size], (order, criteria, place, size)
            assert result["pageInfo"]["hasNextPage"] is (len(rest) > size)
        else:
            result = await page(service, last=size, before=cursor, orderBy=order, filter=criteria)
            rest = expected[:place]
            assert ids(result) == rest[-size:], (order, criteria, place, size)
            assert result["pageInfo"]["hasPreviousPage"] is (len(rest) > size)


async def test_the_id_of_an_account_finds_its_merchant_in_every_order(service: Service) -> None:
    merchants, _ = build_merchants(20)
    await store(merchants)
    one = next(one for one in merchants if one.account is not None and one.merchant.status == "ACTIVE")
    account = one.account.stripe_account_id if one.account is not None else ""
    for order in ORDERS:
        for text, found in (
            (account, [one.merchant.external_id]),
            (f" {account}\n", [one.merchant.external_id]),
            (account[:-1], []),
            (account.upper().replace("ACCT", "acct"), []),
            (f"{account} shop", []),
        ):
            result = await page(service, first=5, orderBy=order, filter={"search": text})
            assert ids(result) == found, text
            assert result["totalCount"] == len(found), text
    excluded = {"search": account, "status": ["CLOSED"]}
    assert ids(await page(service, first=5, filter=excluded)) == []


async def test_by_default_a_page_has_the_twenty_newest_merchants(service: Service) -> None:
    merchants, _ = build_merchants(25)
    await store(merchants)
    result = (
        await service.graphql("{ merchants { edges { node { externalId } } pageInfo { hasNextPage } } }")
    )["merchants"]
    assert ids(result) == [one.merchant.external_id for one in reversed(merchants)][:20]
    assert result["pageInfo"] == {"hasNextPage": True}
    assert len(ids(await page(service, first=100))) == 25
    assert ids(await page(service, last=1)) == [merchants[-1].merchant.external_id]


async def test_merchants_are_found_by_the_age_of_their_status(service: Service) -> None:
    at = datetime.now(UTC)
    await store(
        [
            build_merchant("old", "review", since=at - timedelta(days=21)),
            build_merchant("new", "review", since=at - timedelta(days=1)),
            build_merchant("active", since=at - timedelta(days=400)),
        ]
    )
    query = """
    query ($filter: MerchantFilter, $order: MerchantOrder) {
      merchants(filter: $filter, orderBy: $order) { edges { node { externalId statusSince } } }
    }
    """
    for order in ORDERS:
        for criteria, found in [
            ({"statusForDays": 14}, {"old", "active"}),
            ({"statusForDays": 14, "status": ["PENDING_REVIEW"]}, {"old"}),
            ({"statusForDays": 14, "awaitingActionFrom": "STRIPE"}, {"old"}),
            ({"statusForDays": 0, "status": ["PENDING_REVIEW"], "search": "shop"}, {"old", "new"}),
            ({"statusForDays": 401}, set()),
        ]:
            page = await service.graphql(query, {"filter": criteria, "order": order})
            nodes = [edge["node"] for edge in page["merchants"]["edges"]]
            assert {node["externalId"] for node in nodes} == found
            if found == {"old"}:
                assert nodes[0]["statusSince"] == wire_time(at - timedelta(days=21))


@pytest.mark.one_database
async def test_an_invalid_argument_is_refused_by_name(service: Service) -> None:
    await store([build_merchant("a"), build_merchant("b")])
    some_id = "01a206b6-bebc-7c0d-92c7-f963a4a70e6c"
    cases: list[tuple[dict[str, Any], str]] = [
        ({"first": 0}, "`first` must be from 1 to 100; it is 0."),
        ({"first": -1}, "`first` must be from 1 to 100; it is -1."),
        ({"first": 101}, "`first` must be from 1 to 100; it is 101."),
        ({"last": 0}, "`last` must be from 1 to 100; it is 0."),
        ({"last": 101}, "`last` must be from 1 to 100; it is 101."),
        ({"first": 1, "last": 1}, "Give `first` or `last`, not both."),
        ({"filter": {"dueWithinDays": -1}}, "`filter.dueWithinDays` must be from 0 to 3650."),
        ({"filter": {"dueWithinDays": 3651}}, "`filter.dueWithinDays` must be from 0 to 3650."),
        ({"filter": {"statusForDays": -1}}, "`filter.statusForDays` must be from 0 to 3650."),
        ({"filter": {"status": ["ACTIVE"] * 16}}, "`filter.status` takes at most 15."),
    ]
    search = "`filter.search` takes at most 255 characters, none of them U+0000."
    cases += [({"filter": {"search": text}}, search) for text in ("x" * 256, "a\x00")]
    for order, others in {
        "CREATED_AT_ASC": [
            encode_cursor("CREATED_AT_ASC"),
            encode_cursor("CREATED_AT_ASC", some_id, some_id),
        ],
        "CREATED_AT_DESC": [
            encode_cursor("CREATED_AT_DESC", "x"),
            encode_cursor("CREATED_AT_DESC", some_id.upper()),
        ],
        "DISPLAY_NAME_ASC": [
            encode_cursor("DISPLAY_NAME_ASC", "a", "x"),
            encode_cursor("DISPLAY_NAME_ASC", "\ud800", some_id),
            encode_cursor("DISPLAY_NAME_ASC", "a\x00", some_id),
            encode_cursor("DISPLAY_NAME_ASC", 1, some_id),
        ],
        "NEXT_DEADLINE_ASC": [
            encode_cursor("NEXT_DEADLINE_ASC", "soon", some_id),
            encode_cursor("NEXT_DEADLINE_ASC", "2026-01-31T10:00:00+00:00", some_id),
            encode_cursor("NEXT_DEADLINE_ASC", "2026-01-31 10:00:00", some_id),
            encode_cursor("NEXT_DEADLINE_ASC", "0001-01-01 00:00:00+14:00", some_id),
            encode_cursor("NEXT_DEADLINE_ASC", "2026-01-31 10:00:00+00:00", some_id.replace("-", "")),
        ],
    }.items():
        foreign = encode_cursor("CREATED_AT_ASC" if order != "CREATED_AT_ASC" else "CREATED_AT_DESC", some_id)
        garbage = [
            "",
            "x",
            "é",
            "!!!!",
            "bnVsbA",
            encode_cursor(),
            encode_cursor(order, None),
            "W10" * 2000,
            foreign,
            *others,
        ]
        for text in garbage:
            for argument in ("after", "before"):
                message = f"`{argument}` is not a cursor of this connection in this order."
                cases.append(({argument: text, "orderBy": order}, message))
    real = (await page(service, first=1, orderBy="DISPLAY_NAME_ASC"))["pageInfo"]["endCursor"]
    cases.append(
        (
            {"after": real, "orderBy": "CREATED_AT_ASC"},
            "`after` is not a cursor of this connection in this order.",
        )
    )
    for arguments, message in cases:
        refused = await service.error(MERCHANTS, {"orderBy": "CREATED_AT_ASC", **arguments})
        assert refused == ("BAD_USER_INPUT", message), arguments
