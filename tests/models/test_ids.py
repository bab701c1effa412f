"""Ids of past times."""

from datetime import UTC, datetime, timedelta

from models.ids import past_uuid7, uuid7

AT = datetime(2026, 1, 31, 10, tzinfo=UTC)


def test_an_id_of_a_past_time_sorts_among_the_ids_of_that_time() -> None:
    uuid7(AT + timedelta(days=1))  # first make an id of a later time
    before, after = (past_uuid7(AT + timedelta(milliseconds=step)) for step in (-1, 1))
    assert before < past_uuid7(AT) < after
    assert past_uuid7(AT).int >> 80 == int(AT.timestamp() * 1000)
    assert past_uuid7(AT).version == 7
    assert past_uuid7(AT) != past_uuid7(AT)
