"""The query plans of pages of payments: each uses an index, scans no table of payments and sorts few rows."""

import asyncio
import functools
import itertools

from strawberry import Some
from strawberry.dataloader import DataLoader

from connect.merchants.rules.document import global_id
from connect.payments.rules.state import DisputeState, PaymentState, RefundState
from connect.scope import Principal, Role
from models import Merchant, Payment
from models.sql import Select
from models.statements import read_together
from resolvers.common.scalars import CurrencyCode, DateTime, MinorUnits
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.payments.reading import payment_list
from resolvers.payments.reading.payment_filter import MerchantPaymentFilter, PaymentFilter, with_merchant
from resolvers.payments.reading.payment_list import LISTING
from resolvers.payments.types.payment import PaymentOrigin
from resolvers.relay import connection, sources
from resolvers.relay.connection import read_page
from testing import seed, seed_payments
from testing.query_plans import Explain, Index, explaining, selects, windows
from testing.statements import recorded

# Enough rows that some conditions match more rows than are sorted, and that a full scan is expensive.
PAYMENTS = 4 * sources.MAX_SORTED
MERCHANTS = 40

OPERATOR = Principal("anybody", Role.OPERATOR)
# The first merchants have the most payments.
OWNER = seed.external_id(1)

ID: Index = ("id",)
MERCHANT: Index = ("merchant_id", "id")
MERCHANT_STATE: Index = ("merchant_id", "state", "id")
STATE: Index = ("state", "id")
REFUND: Index = ("refund_state", "id")
REFUND_STATE: Index = ("refund_state", "state", "id")
DISPUTE: Index = ("dispute_state", "id")
ORDER: Index = ("external_id", "id")
MAIL: Index = ("payer_email_hash", "id")
LAST4: Index = ("last4", "id")
AMOUNT: Index = ("currency", "amount", "id")
# These indexes find a merchant, or one order of a merchant.
OF_MERCHANT: Index = ("external_id",)
ORDER_OF_MERCHANT: Index = ("merchant_id", "external_id")

OWN = MerchantRef(id=None, external_id=Some(OWNER), stripe_account_id=None)
USD = CurrencyCode("USD")
SUCCEEDED, EXPIRED = PaymentState.SUCCEEDED, PaymentState.EXPIRED
# For each filter, the index from which a page is read in its order. If there are two indexes, one of them
# finds the few matches of a condition, which are then sorted.
FILTERS: dict[str, tuple[PaymentFilter | None, set[Index]]] = {
    "all": (None, {ID}),
    "created": (
        PaymentFilter(
            created_from=DateTime("2025-01-01T00:00:00Z"), created_before=DateTime("2026-01-01T00:00:00Z")
        ),
        {ID},
    ),
    "state": (PaymentFilter(state=[SUCCEEDED]), {STATE}),
    "states": (PaymentFilter(state=[EXPIRED, PaymentState.CANCELED]), {STATE}),
    "refund state": (PaymentFilter(refund_state=[RefundState.PARTIAL]), {REFUND}),
    "dispute state": (PaymentFilter(dispute_state=[DisputeState.LOST]), {DISPUTE}),
    "rare state, created": (
        PaymentFilter(state=[PaymentState.CANCELED], created_from=DateTime("2025-01-01T00:00:00Z")),
        {STATE},
    ),
    "origin Stripe": (PaymentFilter(origin=PaymentOrigin.STRIPE), {ORDER}),
    "origin API": (PaymentFilter(origin=PaymentOrigin.API), {ID}),
    "frequent currency": (PaymentFilter(currency=USD), {ID}),
    "rare currency": (PaymentFilter(currency=CurrencyCode("JPY")), {AMOUNT, ID}),
    "rare amounts": (PaymentFilter(currency=USD, minimum_amount=MinorUnits(90000)), {AMOUNT, ID}),
    "refund state, state": (
        PaymentFilter(state=[SUCCEEDED, EXPIRED], refund_state=[RefundState.FULL, RefundState.PARTIAL]),
        {REFUND_STATE},
    ),
    "frequent states": (
        PaymentFilter(state=[SUCCEEDED], refund_state=[RefundState.NONE], dispute_state=[DisputeState.NONE]),
        {DISPUTE},
    ),
    "rare states": (
        PaymentFilter(state=[SUCCEEDED], refund_state=[RefundState.FULL], dispute_state=[DisputeState.NONE]),
        {REFUND_STATE, ID},
    ),
    "mail": (PaymentFilter(search=seed_payments.email(7)), {MAIL}),
    "last digits": (PaymentFilter(search="4242"), {LAST4}),
    "order": (PaymentFilter(search=seed_payments.external_id(77)), {ORDER}),
    "last digits, state": (PaymentFilter(search="4242", state=[SUCCEEDED]), {LAST4, ID}),
    "merchant": (PaymentFilter(merchant=OWN), {MERCHANT}),
    "merchant, states": (PaymentFilter(merchant=OWN, state=[SUCCEEDED, EXPIRED]), {MERCHANT_STATE}),
    "merchant, refund state": (PaymentFilter(merchant=OWN, refund_state=[RefundState.NONE]), {MERCHANT}),
    "merchant, rare refund state": (
        PaymentFilter(merchant=OWN, refund_state=[RefundState.PARTIAL]),
        {REFUND, ID},
    ),
    "merchant, last digits": (PaymentFilter(merchant=OWN, search="4242"), {LAST4, ID}),
}
# With a cursor, this filter gives the ids a lower and an upper bound. PostgreSQL assumes that few rows lie
# between the bounds. In a table of this size, PostgreSQL may read these rows by their ids.
SHORT_BY_ESTIMATE = "rare state, created"
INDEXES = {
    *(ID, MERCHANT, MERCHANT_STATE, STATE, REFUND, REFUND_STATE, DISPUTE, ORDER, MAIL, LAST4, AMOUNT),
    *(OF_MERCHANT, ORDER_OF_MERCHANT),
}


async def test_every_page_of_payments_is_read_from_an_index(database: str) -> None:
    await seed.seed(database, MERCHANTS, payments=PAYMENTS)
    caller = Principal("anybody", Role.MERCHANT, OWNER)
    assert await Payment.filter(merchant_external_id=OWNER).count() > sources.MAX_SORTED
    async with explaining(database) as explain:
        await _check_pages_of_merchants(explain)
        await _check_ids_of_all_matches(explain, OPERATOR, caller)
        pages = {
            key: await LISTING.page(OPERATOR, (), first=100, order_by=key) for key in payment_list.ORDERS
        }
        for (name, (criteria, expected)), key in itertools.product(FILTERS.items(), payment_list.ORDERS):
            is_own = criteria is None or criteria.merchant is None
            # Two of the four windows suffice: the others send the same statements with the opposite order.
            for principal, window in itertools.product(
                [OPERATOR, caller] if is_own else [OPERATOR], windows(pages[key].cursors[50])[::3]
            ):
                with recorded() as statements:
                    await LISTING.page(principal, ("row_version",), filter=criteria, order_by=key, **window)
                *_, last = selects(statements)
                for text, values in selects(statements):
                    for plan in await explain(text, values):
                        at = f"{name}, {key}, {principal.role}: {text}\n{plan}"
                        # The table of merchants is so small that a scan of it is cheaper than its index.
                        assert all("payment" not in scan for scan in plan.scans), at
                        assert plan.indexes <= INDEXES, at
                        if principal is OPERATOR and text == last[0]:
                            others = {OF_MERCHANT}
                            if criteria is not None and criteria.search is not None:
                                others |= {ORDER, ORDER_OF_MERCHANT}
                            needed = expected
                            if name == SHORT_BY_ESTIMATE and not expected & plan.indexes:
                                needed = {ID}
                            assert needed <= plan.indexes <= needed | others, at
                            # SQLite sorts the payments with an external id, because it expects only one.
                            assert not plan.sorts or len(expected) > 1 or ORDER in plan.indexes, at


async def _check_pages_of_merchants(explain: Explain) -> None:
    """The pages of several merchants are read together, from the same indexes."""
    owners = [global_id("Merchant", one.id) for one in await Merchant.all().order_by("id").limit(3)]
    filters = {name: of for name, (of, _) in FILTERS.items() if of is None or of.merchant is None}
    for name, criteria in filters.items():
        new = functools.partial(Select, DataLoader(read_together, cache=False).load)
        conditions = {**vars(criteria or PaymentFilter())}
        del conditions["merchant"]
        each = [with_merchant(MerchantPaymentFilter(**conditions), owner) for owner in owners]
        pages = [LISTING.page(OPERATOR, (), new, first=20, filter=one) for one in each]
        with recorded() as statements:
            await asyncio.gather(*pages)
        # At most five statements: the counts, the ends of the scans, and the pages. If rare matches are far
        # away, counts and pages are read again.
        assert len(selects(statements)) <= 5, name
        for text, values in selects(statements):
            for plan in await explain(text, values):
                at = f"{name}: {text}\n{plan}"
                assert all("payment" not in scan for scan in plan.scans), at
                assert plan.indexes <= INDEXES, at


async def _check_ids_of_all_matches(explain: Explain, *principals: Principal) -> None:
    """After a scan that found too few matches, the ids of a page are read from indexes alone."""
    frequent = PaymentFilter(currency=USD, state=[SUCCEEDED], refund_state=[RefundState.NONE])
    for (key, order), principal in itertools.product(payment_list.ORDERS.items(), principals):
        everything = await LISTING.page(principal, (), first=100, filter=frequent, order_by=key)
        bounded = await payment_list.plan(principal, frequent, order)
        assert bounded is not None
        assert bounded.bound is not None
        ranges = (await bounded.bound.otherwise()).ranges
        for window in windows(everything.cursors[50]):
            page = await LISTING.page(principal, (), filter=frequent, order_by=key, **window)
            select = Select()
            part = connection.window(**{"first": None, "after": None, **window})
            with recorded() as statements:
                found = await read_page(select, "payment", order, part, ranges=ranges(select))
            assert found.cursors == page.cursors
            ((text, values),) = selects(statements)
            for plan in await explain(text, values):
                assert all("payment" not in scan for scan in plan.scans), f"{text}\n{plan}"
                assert plan.indexes <= INDEXES, f"{text}\n{plan}"
