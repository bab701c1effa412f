"""A short run of `make fuzz`."""

from pathlib import Path

from fuzz import run


def test_every_answer_keeps_its_promises(database_url: str, tmp_path: Path) -> None:
    report = run.prove(database_url, tmp_path, size=300, seed=7)
    assert report.problems == []
    assert report.figures["code: none, with data"]
