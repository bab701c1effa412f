"""The query plans of merchant pages: each uses an index, scans no table and sorts few rows."""

import itertools
import re
import uuid
from typing import Any

import asyncpg  # type: ignore[import-untyped]
from tortoise.connection import get_connection

from connect.merchants.mirror import documents
from connect.scope import Principal, Role
from models import Merchant
from resolvers.common.scalars import CountryCode
from resolvers.merchants.reading import merchant_list
from resolvers.merchants.reading.merchant_filter import MerchantFilter
from resolvers.merchants.reading.merchant_list import MerchantOrder
from resolvers.merchants.types.status import MerchantStatus, OnboardingStage, Party
from resolvers.relay import sources
from resolvers.relay.connection import Order
from testing import seed
from testing.query_plans import Index, Plan, explaining, selects, windows
from testing.statements import recorded

# Enough rows that some searches match many of them and that a full scan is expensive.
MERCHANTS = 4 * sources.MAX_SORTED

OPERATOR = Principal("anybody", Role.OPERATOR)
MERCHANT = Principal("anybody", Role.MERCHANT, seed.external_id(7))

ORDERS, LISTING = merchant_list.ORDERS, merchant_list.LISTING

ID: Index = ("id",)
NAME: Index = ("display_name_folded", "id")
DEADLINE: Index = ("next_deadline_at", "id")
SINCE: Index = ("status_since", "id")
STATUS: Index = ("status_order", "id")
COUNTRY: Index = ("country", "id")
STAGE: Index = ("onboarding_stage", "onboarding_stage_since", "id")
LIVEMODE: Index = ("livemode", "id")
WORD: Index = ("entry",)
ACCOUNT: Index = ("stripe_account_id",)
STANDING: Index = ("status", "awaiting_action_from")


FILTERS: dict[str, MerchantFilter | None] = {
    "all": None,
    "empty filter": MerchantFilter(),
    "status": MerchantFilter(status=[MerchantStatus.ACTIVE]),
    "statuses": MerchantFilter(status=[MerchantStatus.ONBOARDING, MerchantStatus.RESTRICTED]),
    "party": MerchantFilter(awaiting_action_from=Party.MERCHANT),
    "status and party": MerchantFilter(
        status=[MerchantStatus.ONBOARDING], awaiting_action_from=Party.MERCHANT
    ),
    "due": MerchantFilter(due_within_days=30),
    "status and due": MerchantFilter(status=[MerchantStatus.ACTIVE_DUE_SOON], due_within_days=30),
    "changed lately": MerchantFilter(status_changed_within_days=1),
    "rare country": MerchantFilter(country=[CountryCode("IE")]),
    "frequent country": MerchantFilter(country=[CountryCode("US")]),
    "status and country": MerchantFilter(
        status=[MerchantStatus.ACTIVE], country=[CountryCode("US"), CountryCode("DE")]
    ),
    "rare stage": MerchantFilter(onboarding_stage=[OnboardingStage.STOPPED]),
    "stuck": MerchantFilter(
        onboarding_stage=[OnboardingStage.CREATED, OnboardingStage.IN_REVIEW], onboarding_stage_for_days=7
    ),
    "frequent stage": MerchantFilter(onboarding_stage=[OnboardingStage.ACTIVATED]),
    "test mode": MerchantFilter(livemode=False),
    "live mode": MerchantFilter(livemode=True),
    "account": MerchantFilter(search="acct_0123456789abcdef"),
    "rare search": MerchantFilter(search="Amber Bakery"),
    "frequent search": MerchantFilter(search="c"),
    "frequent search and status": MerchantFilter(search="c", status=[MerchantStatus.ACTIVE]),
    "frequent words": MerchantFilter(search="exam cus"),
    "frequent and rare word": MerchantFilter(search="exam 0000123"),
}


def expected(name: str, order: Order) -> tuple[frozenset[Index], bool]:
    """The expected indexes for a filter and an order, and whether the plan may sort."""
    criteria, walked = FILTERS[name] or MerchantFilter(), order.columns
    standing = criteria.status is not None or criteria.awaiting_action_from is not None
    if standing and walked in (ID, NAME, DEADLINE, SINCE):
        walked = STANDING + walked
    if criteria.country is not None and walked == ID:
        walked = COUNTRY
    few = {
        "account": ACCOUNT,
        "rare search": WORD,
        "frequent and rare word": WORD,
        "rare country": COUNTRY,
        "live mode": LIVEMODE,
        "changed lately": SINCE,
        "rare stage": STAGE,
        "stuck": STAGE,
        "due": DEADLINE,
        "status and due": STANDING + DEADLINE,
        "statuses": STANDING,
        "status and party": STANDING,
    }.get(name)
    if name in ("status", "statuses", "status and party") and walked == STATUS:
        few = None
    if few is None or few == walked[: len(few)]:
        return frozenset({walked}), False
    return frozenset({ID, few}), True


async def fill(url: str, merchants: int) -> None:
    """Seed the database. Every merchant also has a former account, as after replaceAccount."""
    await seed.seed(url, merchants)
    connection = get_connection("default")
    await connection.execute_query(
        "INSERT INTO former_account (id, merchant_id, stripe_account_id, snapshot, fetch_applied, synced_at,"
        " replaced_at) SELECT id, merchant_id, 'former_' || stripe_account_id, '{}', 1, synced_at, synced_at"
        " FROM connected_account"
    )
    await connection.execute_query("ANALYZE")


async def cursor_of(key: MerchantOrder) -> str:
    """The cursor of a merchant in the middle of a page."""
    return (await LISTING.page(OPERATOR, (), first=100, order_by=key)).cursors[50]


async def test_every_page_is_read_from_the_expected_indexes(database: str) -> None:
    await fill(database, MERCHANTS)
    seen = 0
    async with explaining(database) as explain:
        cursors = {key: await cursor_of(key) for key in ORDERS}
        for (name, criteria), (key, order) in itertools.product(FILTERS.items(), ORDERS.items()):
            for window in windows(cursors[key]):
                with recorded() as statements:
                    await LISTING.page(OPERATOR, ("row_version",), filter=criteria, order_by=key, **window)
                for text, values in selects(statements):
                    for plan in await explain(text, values):
                        at = f"{name}, {order.name}: {text}"
                        assert plan.scans == [], at
                        if text.startswith("SELECT (SELECT count(*)"):
                            assert not plan.sorts, at
                        else:
                            indexes, may_sort = expected(name, order)
                            assert all(
                                any(one[: len(index)] == index for one in plan.indexes) for index in indexes
                            ), at
                            # PostgreSQL may read rare rows from another index with the same first columns,
                            # and sort them.
                            assert all(one[:2] == STANDING for one in plan.indexes - indexes), at
                            assert may_sort or not plan.sorts, at
                            seen += 1
    assert seen >= len(FILTERS) * len(ORDERS) * 4 * (1 if database.startswith("sqlite") else 2)


async def test_a_scan_that_finds_too_few_matches_is_cut_short(database: str) -> None:
    """Many merchants match, and all of them are older than the merchants that a scan reads first."""
    matches = sources.MAX_SORTED + 100
    await seed.seed(database, sources.MAX_SCANNED + matches + 100)
    ids: Any = await Merchant.all().order_by("id").limit(matches).values_list("id", flat=True)
    for start in range(0, matches, 500):
        await Merchant.filter(id__in=ids[start : start + 500]).update(livemode=True)
    async with explaining(database) as explain:
        with recorded() as statements:
            page = await LISTING.page(
                OPERATOR, (), filter=MerchantFilter(livemode=True), order_by=MerchantOrder.CREATED_AT_DESC
            )
        assert page.ids == [uuid.UUID(str(key)) for key in reversed(ids[-20:])]
        # Count the matches, find the end of the scan, scan, count again, and read all matches.
        scanned = selects(statements)
        assert len(scanned) == 5
        for place, (text, values) in enumerate(scanned):
            for plan in await explain(text, values):
                assert plan.scans == [], text
                assert plan.indexes == (frozenset({LIVEMODE}), frozenset({ID}))[place in (1, 2)] | (
                    frozenset({ID}) if place == 4 else frozenset()
                ), text
        with recorded() as statements:
            page = await LISTING.page(
                OPERATOR, (), filter=MerchantFilter(livemode=True), order_by=MerchantOrder.CREATED_AT_ASC
            )
        assert page.ids == [uuid.UUID(str(key)) for key in ids[:20]]
        assert len(selects(statements)) == 3


async def test_other_reads_use_an_index_too(database: str) -> None:
    await fill(database, 500)
    async with explaining(database) as explain:
        # With a merchant's token, the merchant's own row is read by its external id.
        for criteria, key in itertools.product(FILTERS.values(), ORDERS):
            with recorded() as statements:
                await LISTING.page(MERCHANT, ("row_version",), filter=criteria, order_by=key)
            ((text, values),) = selects(statements)
            for plan in await explain(text, values):
                assert (plan.indexes - {ACCOUNT}, plan.scans) == (frozenset({("external_id",)}), []), text
        # The search for outdated documents finds none.
        with recorded() as statements:
            assert await documents.rebuild() == 0
        ((text, values),) = selects(statements)
        for plan in await explain(text, values):
            assert plan == Plan(frozenset({("document_version", "id")}), [], sorts=False), text
    if database.startswith("postgres"):
        await _check_the_end_of_the_order_by_status(database)


async def _check_the_end_of_the_order_by_status(database: str) -> None:
    """The last page by status reads none of the erased merchants, although their status sorts last."""
    assert list(MerchantStatus)[-1] is MerchantStatus.ERASED
    some = await Merchant.all().limit(300).values_list("id", flat=True)
    place = list(MerchantStatus).index(MerchantStatus.ERASED)
    await Merchant.filter(id__in=some).update(status="ERASED", status_order=place)
    with recorded() as statements:
        await LISTING.page(OPERATOR, ("row_version",), order_by=MerchantOrder.STATUS_ASC, last=20)
    ((text, values),) = selects(statements)
    server = await asyncpg.connect(database)
    await server.execute("ANALYZE merchant; SET enable_seqscan = off; SET enable_sort = off")
    result = await server.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {text}", *values)
    await server.close()
    assert set(re.findall('"Rows Removed by Filter": ([0-9]+)', result)) == {"0"}, result
