"""The rate of each who asks: bursts, patience, and a memory with an end."""

from api.graphql.rates import Rates


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_minutes_worth_at_once_and_then_one_by_one() -> None:
    clock = Clock()
    rates = Rates(6, clock=clock)
    assert [rates.wait("a") for _ in range(6)] == [0.0] * 6
    assert rates.wait("a") == 10.0
    assert rates.wait("a") == 10.0  # asking does not make it worse
    assert rates.wait("b") == 0.0
    clock.now += 9
    assert rates.wait("a") == 1.0
    clock.now += 1
    assert rates.wait("a") == 0.0
    assert rates.wait("a") == 10.0
    clock.now += 3600
    assert [rates.wait("a") for _ in range(7)] == [*[0.0] * 6, 10.0]


def test_over_an_hour_nobody_gets_more_than_the_rate() -> None:
    clock = Clock()
    rates = Rates(60, clock=clock)
    served = 0
    for _ in range(36_000):
        clock.now += 0.1
        served += rates.wait("a") == 0.0
    assert served in {3659, 3660}  # one a second, and one minute's worth


def test_it_forgets_who_was_silent_for_the_longest_time() -> None:
    rates = Rates(1, max_callers=2, clock=Clock())
    assert [rates.wait(who) for who in "abcb"] == [0.0, 0.0, 0.0, 60.0]
    assert rates.wait("a") == 0.0
    assert len(rates._settled_at) == 2
