"""A rate limit allows bursts, returns waiting times, and remembers a limited number of callers."""

from connect.platform.rates import Rates


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_may_use_the_requests_of_one_minute() -> None:
    clock = Clock()
    rates = Rates(6, clock=clock)
    assert [rates.wait("a") for _ in range(6)] == [0.0] * 6
    assert rates.wait("a") == 10.0
    assert rates.wait("a") == 10.0  # a refused request is not counted
    assert rates.wait("b") == 0.0
    clock.now += 9
    assert rates.wait("a") == 1.0
    clock.now += 1
    assert rates.wait("a") == 0.0
    assert rates.wait("a") == 10.0
    clock.now += 3600
    assert [rates.wait("a") for _ in range(7)] == [*[0.0] * 6, 10.0]


def test_the_rate_limit_holds_over_an_hour() -> None:
    clock = Clock()
    rates = Rates(60, clock=clock)
    served = 0
    for _ in range(36_000):
        clock.now += 0.1
        served += rates.wait("a") == 0.0
    assert served in {3659, 3660}  # one request a second, and one burst


def test_a_request_counts_only_if_its_wait_is_within_the_bound() -> None:
    rates = Rates(6, clock=Clock())
    waits = [rates.wait("a", within=25) for _ in range(10)]
    assert waits == [*[0.0] * 6, 10.0, 20.0, 30.0, 30.0]


def test_a_full_table_forgets_the_caller_whose_last_request_is_oldest() -> None:
    rates = Rates(1, max_callers=2, clock=Clock())
    assert [rates.wait(name) for name in "abcb"] == [0.0, 0.0, 0.0, 60.0]
    assert rates.wait("a") == 0.0
    assert len(rates._settled_at) == 2
