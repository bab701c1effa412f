"""Each step towards a deadline has one notice, and the last step ends seven days after the deadline."""

import uuid
from datetime import UTC, datetime, timedelta

from connect.outgoing.rules.notices import Cause, NoticeKind, step

AT = datetime(2026, 1, 31, 10, tzinfo=UTC)


def test_the_step_is_the_smallest_that_covers_the_remaining_time() -> None:
    days = (15, 14, 8, 7, 3.5, 3, 1.5, 1, 0.1, 0, -1, -7, -7.1)
    assert [step(AT + timedelta(days=left), AT) for left in days] == [
        *(None, 14, 14, 7, 7, 3, 3, 1, 1, 0, 0, 0, None)
    ]


def test_the_key_of_a_notice_names_its_cause_and_step() -> None:
    key = uuid.UUID(int=1)
    one = Cause(NoticeKind.DEADLINE, key, key, AT, 7)
    assert one.key == f"DEADLINE:{key}:1769853600:7"
    others = [
        one._replace(days=3),
        one._replace(at=AT + timedelta(seconds=1)),
        one._replace(subject_id=uuid.UUID(int=2)),
    ]
    assert len({one.key, *(other.key for other in others)}) == 4
    assert Cause(NoticeKind.PAYOUT_FAILED, key, key).key == f"PAYOUT_FAILED:{key}"
