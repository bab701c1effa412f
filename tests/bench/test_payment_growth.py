"""A short run of `make bench-growth-payments`."""

import asyncio
from pathlib import Path

from bench import payment_growth
from testing import copied_payments, postgres


def test_every_page_of_copied_payments_is_measured(postgres_url: str, tmp_path: Path) -> None:
    url = postgres.create_database(postgres_url)
    asyncio.run(copied_payments.fill(url, 3000, 30, seeded=1000))
    # tests/resolvers/payments/test_query_plans_of_payments.py checks the plans of all kinds of filters.
    filters = dict(list(payment_growth.FILTERS.items())[::4])
    result = payment_growth.measure(url, tmp_path, 3000, repeats=1, filters=filters)
    assert len(result.queries) == len(filters) + 1 + len(payment_growth.OWN)
    assert len(result.blocks) == len(filters) + len(payment_growth.OWN)
    assert {len(pages) for pages in [*result.queries.values(), *result.blocks.values()]} == {6}
    assert (result.plans > len(filters), result.problems) == (True, [])
