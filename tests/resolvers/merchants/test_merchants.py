"""merchants: every order in both directions, and pages compared with a model in Python."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from models import Merchant
from testing.merchants import KINDS, NOW, build_merchant, store
from testing.service import Service
from tests.resolvers.merchants.listed_merchants import (
    ORDERS,
    STATUSES,
    apply_filter,
    build_merchants,
    ids,
    page,
    sort_ids,
)

pytestmark = pytest.mark.without_worker


async def test_paging_in_every_order_and_direction_shows_each_merchant_once(service: Service) -> None:
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
            criteria["awaitingActionFrom"] = chance.choice(["MERCHANT", "STRIPE", "PLATFORM"])
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
