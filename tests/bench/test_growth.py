"""A short run of `make bench-growth`."""

import asyncio
from pathlib import Path

import pytest

from bench import growth
from testing import seed


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_every_query_is_measured_and_memory_is_sampled(database_url: str, tmp_path: Path) -> None:
    asyncio.run(seed.seed(database_url, 200))
    result = growth.measure(database_url, tmp_path, 200, repeats=1, warm_ups=0, starts=1, requests=1)
    orders, filters = len(growth.ORDERS), len(growth.FILTERS)
    assert len(result.queries) == orders * (5 + filters) + filters + len(growth.COUNTED)
    sent = [requests for requests, _ in result.memory]
    assert (sent[0], len(sent)) == (0, growth.MEMORY_SAMPLES + 1)
    assert sent[-1] >= 1
