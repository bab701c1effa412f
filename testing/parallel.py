"""How the suite is distributed over pytest-xdist's workers, and which tests `make test-fast` runs."""

import functools
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).resolve().parent.parent / "tests"
# Tests that mostly wait, for example for leases of killed processes or for timeouts. The longest come first.
WAITING = (
    "torture",
    "local",
    "testing/test_releases.py",
    "api/graphql/test_connections_cleanup.py",
    "api/test_app.py",
    "api/test_worker_outage.py",
    "api/server",
    "api/test_calls_to_stripe.py",
    "api/graphql/test_websocket_protocol.py",
    "api/graphql/test_connections.py",
    "api/graphql/test_event_stream.py",
    "api/test_worker.py",
    "models/test_changes.py",
    "bench/test_live.py",
)
# Other tests that start several processes, a browser or Node, that send thousands of requests, that store
# thousands of rows, or that read all files. The longest come first, because workers begin with them.
BUSY = (
    "isolation",
    "journeys",
    "bench",
    "api/test_graphiql.py",
    "api/commands/test_doctor.py",
    "api/commands/test_doctor_stripe.py",
    "api/commands/test_doctor_tokens.py",
    "api/test_outage.py",
    "api/test_main.py",
    "api/graphql/test_answer_cache.py",
    "api/graphql/test_persisted.py",
    "clients",
    "fuzz",
    "resolvers/merchants/test_query_plans_of_the_database.py",
    "resolvers/payments/test_query_plans_of_payments.py",
    "resolvers/merchants/reading/test_counts.py",
    "resolvers/platform/test_reconciliation.py",
    "connect/merchants/test_large_accounts.py",
    "api/commands/test_importing.py",
    "api/commands/test_init.py",
    "api/commands/test_manifests.py",
    "api/test_crowds.py",
    "simulator/control/test_control.py",
    "simulator/platforms/test_saves.py",
    "api/configuration/test_no_proxy.py",
    "models/test_migrations.py",
    "models/test_upgrade.py",
    "testing/test_forks.py",
    "testing/test_seed.py",
    "testing/test_seed_payments.py",
    "test_private_api.py",
    "test_tree.py",
)
LONG = (*WAITING, *BUSY)
_PLACES = tuple(str(TESTS / entry) for entry in LONG)
# In each of these files, the tests share work that one process does once, such as parsing all code or running
# `make run`.
TOGETHER = frozenset(
    TESTS / file
    for file in (
        "isolation/test_isolation.py",
        "local/test_run.py",
        "models/test_upgrade.py",
        "test_private_api.py",
        "test_tree.py",
    )
)
# Fixtures that need more than this process, SQLite and the local Stripe, and those that wait for a worker.
HEAVY = frozenset({"page", "node", "postgres_url", "postgres_cluster", "postgres_template", "service"})


def is_fast(item: pytest.Item) -> bool:
    """Whether a test needs neither PostgreSQL nor a browser nor Node nor a worker, and is short."""
    if is_long(item.path) or HEAVY & set(getattr(item, "fixturenames", ())):
        return False
    if item.get_closest_marker("slow"):
        return False
    parameters: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
    values = [one if isinstance(one, tuple) else (one,) for one in parameters.values()]
    return not any("postgresql" in one or "portable" in one for one in values)


def is_long(path: Path) -> bool:
    """Whether the file or folder is an entry of LONG, or is inside of one."""
    return _rank(path) < len(LONG)


def spread(items: Sequence[pytest.Item], workers: int, cores: int) -> list[pytest.Item]:
    """Order tests so that each worker begins with its share of the long tests.

    If there are more workers than cores, the surplus workers begin with the tests that mostly wait: those in
    files of WAITING, and those with the marker `waits`. Meanwhile, the other workers use the cores. `--dist
    worksteal` first gives each worker a block of consecutive tests. When a worker has finished its block, it
    gets tests from the end of another worker's block.
    """
    if workers < 2:
        return list(items)
    long: list[pytest.Item] = []
    waiting: list[list[pytest.Item]] = []
    short: list[pytest.Item] = []
    for item in items:
        if is_long(item.path):
            long.append(item)
        elif item.get_closest_marker("waits"):
            waiting.append([item])
        else:
            short.append(item)
    units = _units(sorted(long, key=lambda item: _rank(item.path)))
    shares: list[list[pytest.Item]] = [[] for _ in range(workers)]
    beyond = range(cores if workers > cores else 0, workers)
    within = range(min(workers, cores))
    files = sum(_rank(unit[0].path) < len(WAITING) for unit in units)
    for group, chosen in ((units[:files] + waiting, beyond), (units[files:], within)):
        for number, unit in enumerate(group):
            shares[chosen[number % len(chosen)]] += unit
    ordered: list[pytest.Item] = []
    for worker, share in enumerate(shares):
        size = (len(items) - len(ordered)) // (workers - worker)  # the size of a block in worksteal
        rest = max(size - len(share), 0)
        ordered += share + short[:rest]
        short = short[rest:]
    return ordered + short


def _units(items: Sequence[pytest.Item]) -> list[list[pytest.Item]]:
    """Group the tests. One worker runs all tests of a group, one after another."""
    grouped = itertools.groupby(items, lambda item: item.path if item.path in TOGETHER else item)
    return [list(unit) for _, unit in grouped]


@functools.cache
def _rank(path: Path) -> int:
    """The index of the entry in LONG that contains the path, or `len(LONG)` if no entry does."""
    text = f"{path}/"
    numbers = (number for number, place in enumerate(_PLACES) if text.startswith(f"{place}/"))
    return next(numbers, len(LONG))
