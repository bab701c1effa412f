"""The comparison of reads, in its smallest form: the same code as `make bench`."""

import dataclasses
from pathlib import Path

from tortoise.backends.base.executor import EXECUTOR_CACHE

from bench import answers, reads, servers


def test_all_servers_give_the_same_answers_and_are_measured(postgres_url: str, tmp_path: Path) -> None:
    EXECUTOR_CACHE.clear()  # holds SQL with the other database's placeholders
    with reads.prepared(postgres_url, 120, tmp_path) as (whole, secret):
        bench = dataclasses.replace(whole, asked={name: asked[:3] for name, asked in whole.asked.items()})
        known = [*servers.ours(bench.url, secret), *servers.peers(bench.url)]
        names = {"connectql", "connectql, not compiled", "strawberry + tortoise", "limit: one statement"}
        chosen = [one for one in known if one.name in names]
        with reads.started(chosen, bench) as running:
            reads.compare(bench, running)
            table = reads.measure(bench, running, rounds=1, seconds=0.1)
    assert {len(figures.cpu) for figures in table.values()} == {1}
    lines = list(reads.lines(table, [one.name for one in chosen]))
    assert sum(line.startswith("| connectql |") for line in lines) == 2
    assert sum(line.startswith("| strawberry + tortoise |") for line in lines) == 2


def test_a_different_answer_is_found() -> None:
    one = {"data": {"merchants": [{"id": 1, "closed": False}]}}
    assert answers.difference(one, {"data": {"merchants": [{"id": 1, "closed": False}]}}) is None
    assert answers.difference(one, {"data": {"merchants": [{"id": 1, "closed": 0}]}}) == (
        ".data.merchants[0].closed: false against 0"
    )
    assert answers.difference(one, {"data": {"merchants": []}}) is not None
    assert answers.difference(one, {"data": None}) is not None
