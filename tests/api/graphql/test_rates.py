"""Rate limits: bursts, waiting times, and the size of the table."""

import pytest

from api.graphql.rates import Rates, network


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_may_use_one_minutes_requests() -> None:
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


def test_a_full_table_drops_the_caller_with_the_oldest_request() -> None:
    rates = Rates(1, max_callers=2, clock=Clock())
    assert [rates.wait(name) for name in "abcb"] == [0.0, 0.0, 0.0, 60.0]
    assert rates.wait("a") == 0.0
    assert len(rates._settled_at) == 2


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:DB8:1:2:0:0:0:2", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("no:address", "no:other", False),
    ],
)
def test_all_addresses_of_one_ipv6_network_are_one_caller(one: str, other: str, is_same: bool) -> None:
    assert (network(one) == network(other)) is is_same
