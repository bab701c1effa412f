"""A short run of `make bench`."""

import dataclasses
from pathlib import Path

from tortoise.backends.base.executor import EXECUTOR_CACHE

from bench import answers, reads, servers


def test_the_chosen_servers_give_the_same_answers_and_are_measured(postgres_url: str, tmp_path: Path) -> None:
    EXECUTOR_CACHE.clear()  # it may hold SQL with another database's placeholders
    with reads.prepared(postgres_url, 120, tmp_path) as (full_bench, secret):
        variables = {name: values[:3] for name, values in full_bench.variables.items()}
        bench = dataclasses.replace(full_bench, variables=variables)
        available = [*servers.ours(bench.url, secret, "http://127.0.0.1:9"), *servers.peers(bench.url)]
        names = {"connectql", "connectql, not compiled", "strawberry + tortoise", "mercurius + jit"}
        chosen = [one for one in available if one.name in names]
        with reads.started(chosen, bench) as running:
            reads.compare(bench, running)
            table = reads.measure(bench, running, rounds=1, seconds=0.1)
    assert {len(figures.cpu) for figures in table.values()} == {1}
    lines = list(reads.lines(table, [one.name for one in chosen]))
    assert sum(line.startswith("| connectql |") for line in lines) == 5
    assert sum(line.startswith("| strawberry + tortoise |") for line in lines) == 4


def test_a_different_answer_is_reported() -> None:
    one = {"data": {"merchants": [{"id": 1, "closed": False}]}}
    assert answers.difference(one, {"data": {"merchants": [{"id": 1, "closed": False}]}}) is None
    assert answers.difference(one, {"data": {"merchants": [{"id": 1, "closed": 0}]}}) == (
        ".data.merchants[0].closed: false against 0"
    )
    assert answers.difference(one, {"data": {"merchants": []}}) is not None
    assert answers.difference(one, {"data": None}) is not None
