"""merchants: the filters, compared with a model in Python, and searches for an account."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connect.merchants.rules.document import wire_time
from testing.merchants import KINDS, build_merchant, store
from testing.service import Service
from tests.resolvers.merchants.listed_merchants import (
    ORDERS,
    apply_filter,
    build_merchants,
    ids,
    page,
    sort_ids,
)

pytestmark = pytest.mark.without_worker


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
        *({"awaitingActionFrom": party} for party in ("STRIPE", "PLATFORM")),
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
