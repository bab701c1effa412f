"""Workers begin with their shares of the long tests, and surplus workers with tests that mostly wait."""

from pathlib import Path
from typing import Any, cast

import pytest

from testing import parallel


class Item:
    def __init__(self, name: str, number: int, *marks: str) -> None:
        self.path = parallel.TESTS / name
        self.label = f"{Path(name).stem}-{number}"
        self.marks = marks

    def get_closest_marker(self, name: str) -> str | None:
        return name if name in self.marks else None


def spread(items: list[Item], workers: int, cores: int = 2) -> list[str]:
    ordered = parallel.spread(cast("Any", items), workers, cores)
    return [cast("Item", item).label for item in ordered]


def test_long_tests_are_distributed_and_tests_that_share_work_stay_together() -> None:
    short = [Item("test_short.py", n) for n in range(12)]
    long = [Item("fuzz/test_run.py", n) for n in range(3)]
    together = [Item("test_tree.py", n) for n in range(2)]
    items = [*short, *together, *long]
    assert spread(items, 1) == [item.label for item in items]
    ordered = spread(items, 2)
    assert sorted(ordered) == sorted(item.label for item in items)
    first, second = ordered[:8], ordered[8:]
    assert first[:3] == ["test_run-0", "test_run-2", "test_short-0"]
    assert second[:4] == ["test_run-1", "test_tree-0", "test_tree-1", "test_short-6"]


def test_surplus_workers_begin_with_the_tests_that_mostly_wait() -> None:
    busy = [Item("fuzz/test_run.py", n) for n in range(4)]
    waiting = [Item("torture/test_live.py", n) for n in range(4)]
    short = [Item("test_short.py", n) for n in range(8)]
    items = [*short, *busy, *waiting]
    assert spread(items, 4) == [
        *("test_run-0", "test_run-2", "test_short-0", "test_short-1"),
        *("test_run-1", "test_run-3", "test_short-2", "test_short-3"),
        *("test_live-0", "test_live-2", "test_short-4", "test_short-5"),
        *("test_live-1", "test_live-3", "test_short-6", "test_short-7"),
    ]
    assert spread(items, 2)[:4] == ["test_live-0", "test_live-2", "test_run-0", "test_run-2"]


def test_a_surplus_worker_begins_with_the_tests_marked_waits() -> None:
    items = [Item("test_short.py", n, *(["waits"] if n in {1, 4} else [])) for n in range(6)]
    assert [label[-1] for label in spread(items, 3)] == ["0", "2", "3", "5", "1", "4"]


def test_every_listed_path_exists() -> None:
    paths = [*(parallel.TESTS / entry for entry in parallel.LONG), *parallel.TOGETHER]
    assert [str(path) for path in paths if not path.exists()] == []


@pytest.mark.parametrize(("name", "is_long"), [("fuzz/test_run.py", True), ("test_documents.py", False)])
def test_a_file_is_long_if_it_or_its_folder_is_listed(name: str, is_long: bool) -> None:
    assert parallel.is_long(parallel.TESTS / name) is is_long


class Marked(Item):
    """A test with markers and fixtures."""

    def __init__(self, name: str, *marks: str, fixturenames: tuple[str, ...] = ()) -> None:
        super().__init__(name, 0, *marks)
        self.fixturenames = fixturenames


@pytest.mark.parametrize(
    ("item", "is_fast"),
    [
        (Marked("test_documents.py"), True),
        (Marked("test_documents.py", "slow"), False),
        (Marked("test_documents.py", fixturenames=("page",)), False),
        (Marked("fuzz/test_run.py"), False),
    ],
)
def test_a_fast_test_is_short_and_needs_no_other_process(item: Marked, is_fast: bool) -> None:
    assert parallel.is_fast(cast("Any", item)) is is_fast
