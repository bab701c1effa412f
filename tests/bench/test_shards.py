"""The simulation of several databases is repeatable.

If a ring or slots determine the database of a merchant, merchants move only to a new database.
"""

from collections.abc import Callable

import pytest

from bench import shards


@pytest.mark.parametrize("place", [shards.ring, shards.slots])
def test_merchants_move_only_to_the_new_database(place: Callable[[int], shards.Placement]) -> None:
    hashes, shares = shards.merchants(2000, seed=1)
    old, new = place(4), place(5)
    owners = [(old(value), new(value)) for value in hashes]
    assert {owner for _, owner in owners} == set(range(5))
    assert all(owner in {first, 4} for first, owner in owners)
    count, _ = shards.moved(old, new, hashes, shares)
    assert 0.15 < count < 0.27


def test_with_modulo_placement_most_merchants_move() -> None:
    hashes, shares = shards.merchants(2000, seed=1)
    count, load = shards.moved(shards.modulo(4), shards.modulo(5), hashes, shares)
    assert 0.75 < count < 0.85
    assert load > 0.5


def test_placing_large_merchants_by_hand_reduces_the_load_of_the_busiest_database() -> None:
    hashes, shares = shards.merchants(2000, seed=1)
    by_hash = shards.hottest(shards.modulo(4), 4, hashes, shares)
    assert 1 <= shards.pinned(shards.modulo(4), 4, hashes, shares) < by_hash


def test_the_report_depends_only_on_size_and_seed() -> None:
    lines = list(shards.report(300, 7))
    assert lines == list(shards.report(300, 7)) != list(shards.report(300, 8))
    assert sum(line.startswith("| ") for line in lines) == 2 + 15 + 24
