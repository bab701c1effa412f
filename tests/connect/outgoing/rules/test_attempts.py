"""A delivery is attempted for about three days, with growing pauses between the attempts."""

import random
from datetime import timedelta

from connect.outgoing.rules import attempts
from connect.outgoing.rules.attempts import MAX_LOGGED, Attempt, DeliveryError, Result


def test_the_pauses_add_up_to_about_three_days() -> None:
    rand = random.Random(1)
    pauses = [attempts.pause_after(number, rand) for number in range(1, attempts.MAX_ATTEMPTS + 1)]
    assert pauses[-1] is None
    known = [pause for pause in pauses if pause is not None]
    assert all(abs(pause / planned - 1) <= 0.1 for pause, planned in zip(known, attempts.PAUSES, strict=True))
    assert timedelta(hours=70) < sum(attempts.PAUSES, timedelta()) < timedelta(hours=72)


def test_only_the_statuses_from_200_to_299_count_as_success() -> None:
    statuses = [199, 200, 204, 299, 300, 302, 410, 500, None]
    assert [status for status in statuses if Result(status).is_success] == [200, 204, 299]
    assert not Result(error=DeliveryError.TIMED_OUT).is_success


def test_the_log_keeps_the_last_attempts() -> None:
    text = "[]"
    for number in range(MAX_LOGGED + 2):
        text = attempts.add_to_log(text, Attempt(f"at {number}", number, None, DeliveryError.TIMED_OUT))
    kept = attempts.read_log(text)
    assert [one.duration_ms for one in kept] == list(range(2, MAX_LOGGED + 2))
    assert kept[-1] == Attempt("at 21", 21, None, DeliveryError.TIMED_OUT)
