"""The measurement of growth in small: every query is answered."""

import asyncio
from pathlib import Path

from bench import growth
from testing import seed


def test_every_query_is_measured_and_the_memory_sampled(database_url: str, tmp_path: Path) -> None:
    asyncio.run(seed.seed(database_url, 200))
    found = growth.measure(database_url, tmp_path, 200, repeats=1, starts=1, requests=1)
    orders, filters = len(growth.ORDERS), len(growth.FILTERS)
    assert len(found.questions) == orders * (5 + filters) + filters + 1
    done = [requests for requests, _ in found.memory]
    assert (done[0], len(done)) == (0, growth.LOOKS + 1)
    assert done[-1] >= 1
