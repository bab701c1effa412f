"""A short run of `make bench-intake`."""

from pathlib import Path

from bench import intake


def test_notifications_are_accepted_and_stored_once_and_handled_at_a_steady_rate(
    database_url: str, tmp_path: Path
) -> None:
    results = list(intake.measure(database_url, tmp_path, size=60, rounds=1, rates=((40, 3),), seconds=1))
    assert [(result.title, len(result.answers), len(result.delays)) for result in results] == [
        ("a. new notifications", 60, 0),
        ("b. repeated notifications", 60, 0),
        ("40 per second, for 3 accounts", 40, 40),
    ]
    for result in results:
        assert result.problems == []
    assert 3 <= results[-1].fetches <= 40
