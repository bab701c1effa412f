"""The query plans of pages of disputes and payouts on PostgreSQL: each page uses the index of its order."""

import itertools
from collections.abc import Mapping
from typing import Any

import pytest
from strawberry import Some
from tortoise.connection import get_connection

from connect.disputes.rules.stages import DisputeKind
from connect.scope import Principal, Role
from resolvers.common.scalars import DateTime
from resolvers.disputes import dispute_list
from resolvers.disputes.dispute import DisputeStatus
from resolvers.disputes.dispute_filter import DisputeFilter
from resolvers.finances import payout_list
from resolvers.finances.payout import PayoutStatus
from resolvers.finances.payout_list import PayoutFilter
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.relay.documents import Listing
from testing.merchants import build_merchant, store
from testing.query_plans import Explain, Index, explaining, selects, windows
from testing.statements import recorded

ROWS, MERCHANTS = 20_000, 40
OWNER = "shop-1"
OPERATOR, CALLER = Principal("anybody", Role.OPERATOR), Principal("anybody", Role.MERCHANT, OWNER)
OWN = MerchantRef(id=None, external_id=Some(OWNER), stripe_account_id=None)
JUNE = DateTime("2026-06-01T00:00:00Z")

# The rows need no payments and no other merchants, so the foreign keys are not checked.
SEED = f"""
SET session_replication_role = replica;
CREATE TEMP TABLE owner AS
  SELECT n, CASE n WHEN 0 THEN (SELECT id FROM merchant) ELSE gen_random_uuid() END AS id
  FROM generate_series(0, {MERCHANTS - 1}) n;
CREATE TEMP TABLE row AS
  SELECT n, (n * 7919) % 100 AS share, timestamptz '2026-01-01Z' + n * interval '20 minutes' AS at,
    (lpad(to_hex(extract(epoch FROM timestamptz '2026-01-01Z')::bigint * 1000 + n::bigint * 1200000), 12, '0')
      || '7000' || '8000' || lpad(to_hex(n), 12, '0'))::uuid AS key
  FROM generate_series(1, {ROWS}) n;
INSERT INTO dispute (id, payment_id, stripe_dispute_id, merchant_id, merchant_external_id, stripe_account_id,
    status, kind, needs_response, due_by, respond_by, created_at, document, row_version)
  SELECT key, gen_random_uuid(), 'du_' || row.n, owner.id, 'shop', 'acct_1',
    CASE WHEN share < 60 THEN 'LOST' WHEN share < 95 THEN 'WON' ELSE 'NEEDS_RESPONSE' END,
    CASE WHEN share % 20 = 0 THEN 'INQUIRY' ELSE 'CHARGEBACK' END, share >= 95, at,
    CASE WHEN share >= 95 THEN at ELSE timestamptz '9999-01-01Z' END, at, '{{}}', 1
  FROM row JOIN owner ON owner.n = row.n % {MERCHANTS};
INSERT INTO payout (id, merchant_id, merchant_external_id, stripe_account_id, stripe_payout_id, created_at,
    updated_at, synced_at, arrives_at, synced_by, snapshot, status, amount, currency, document,
    document_version, row_version, fetches_started, fetch_applied, attempts)
  SELECT key, owner.id, 'shop', 'acct_1', 'po_' || row.n, at, at, at, at, 'webhook', '{{}}',
    CASE WHEN share < 97 THEN 'paid' WHEN share < 99 THEN 'failed' ELSE 'pending' END, 100, 'USD', '{{}}',
    1, 1, 1, 1, 0
  FROM row JOIN owner ON owner.n = row.n % {MERCHANTS};
RESET session_replication_role;
ANALYZE;
"""

BY_DEADLINE: Index = ("respond_by", "id")
OF_MERCHANT: Index = ("merchant_id",)
OF_STATUS: Index = ("status",)
# This index finds a merchant by its external id.
LOOKUPS: set[Index] = {("external_id",)}

# For each filter: the columns at the start of the expected index. The columns of the sort order follow them.
DISPUTES: Mapping[str, tuple[DisputeFilter | None, Index]] = {
    "all": (None, ()),
    "status": (DisputeFilter(status=[DisputeStatus.LOST]), OF_STATUS),
    "statuses": (DisputeFilter(status=[DisputeStatus.WON, DisputeStatus.NEEDS_RESPONSE]), OF_STATUS),
    "kind": (DisputeFilter(kind=[DisputeKind.INQUIRY]), ()),
    "needs response": (DisputeFilter(needs_response=True), OF_STATUS),
    "needs no response": (DisputeFilter(needs_response=False), ()),
    "due": (DisputeFilter(due_before=JUNE), ()),
    "needs response, due": (DisputeFilter(needs_response=True, due_before=JUNE), OF_STATUS),
    "merchant": (DisputeFilter(merchant=OWN), OF_MERCHANT),
    "merchant, status": (DisputeFilter(merchant=OWN, status=[DisputeStatus.WON]), OF_MERCHANT),
}
PAYOUTS: Mapping[str, tuple[PayoutFilter | None, Index]] = {
    "all": (None, ()),
    "created": (PayoutFilter(created_from=JUNE), ()),
    "status": (PayoutFilter(status=[PayoutStatus.PAID]), OF_STATUS),
    "statuses": (PayoutFilter(status=[PayoutStatus.FAILED, PayoutStatus.PENDING]), OF_STATUS),
    "status, created": (PayoutFilter(status=[PayoutStatus.PAID], created_before=JUNE), OF_STATUS),
    "merchant": (PayoutFilter(merchant=OWN), OF_MERCHANT),
    "merchant, status": (
        PayoutFilter(merchant=OWN, status=[PayoutStatus.PAID]),
        (*OF_MERCHANT, *OF_STATUS),
    ),
}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_every_page_of_disputes_and_payouts_is_read_from_the_index_of_its_order(database: str) -> None:
    await store([build_merchant(OWNER)])
    await get_connection("default").execute_script(SEED)
    async with explaining(database) as explain:
        await _check(explain, dispute_list.LISTING, DISPUTES)
        await _check(explain, payout_list.LISTING, PAYOUTS)


async def _check(explain: Explain, listing: Listing, filters: Mapping[str, tuple[Any, Index]]) -> None:
    pages = {key: await listing.page(OPERATOR, (), first=100, order_by=key) for key in listing.orders}
    for (name, (criteria, first)), (key, order) in itertools.product(filters.items(), listing.orders.items()):
        is_own = criteria is None or criteria.merchant is None
        expected = {(*first, *order.columns)}
        if getattr(criteria, "due_before", None) is not None:
            # Few disputes are due before June. PostgreSQL may read them by their deadline, and sort them.
            expected |= {BY_DEADLINE, (*first, *BY_DEADLINE)}
        for principal, window in itertools.product(
            [OPERATOR, CALLER] if is_own else [OPERATOR], windows(pages[key].cursors[50])
        ):
            with recorded() as statements:
                await listing.page(principal, ("row_version",), filter=criteria, order_by=key, **window)
            ((text, values),) = selects(statements)
            for plan in await explain(text, values):
                at = f"{name}, {key}, {principal.role}, {window}: {text}\n{plan}"
                assert all(scan not in {"dispute", "payout"} for scan in plan.scans), at
                assert not plan.sorts, at
                if principal is OPERATOR:
                    assert plan.indexes - LOOKUPS <= expected, at
                    assert plan.indexes & expected, at
