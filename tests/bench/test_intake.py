"""The measurement of the intake in small: every notification is accepted, recorded once and handled."""

from pathlib import Path

from bench import intake


def test_every_notification_is_accepted_and_ends_in_the_mirror(database_url: str, tmp_path: Path) -> None:
    found = list(intake.measure(database_url, tmp_path, size=60, rounds=1, rates=((40, 3),), seconds=1))
    assert [(result.title, len(result.answers), len(result.delays)) for result in found] == [
        ("a. new ones", 60, 0),
        ("b. the same again", 60, 0),
        ("40 a second, of 3 accounts", 40, 40),
    ]
    for result in found:
        assert result.problems == []
    assert 3 <= found[-1].fetches <= 40
