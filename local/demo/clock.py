"""The clock of the demo, which this process and the local Stripe share. It starts weeks in the past.

The demo's API runs in this process.
"""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import time_machine


class Clock:
    """The clock of the demo. `seconds` is its offset from real time, which is negative until the end."""

    def __init__(self, traveller: time_machine.Traveller, stripe: httpx.Client, seconds: float) -> None:
        self.seconds = seconds
        self._traveller, self._stripe = traveller, stripe

    def pass_until(self, seconds: float) -> None:
        """Advance both clocks, but never turn them back. The local Stripe does all that is then due."""
        passed = seconds - self.seconds
        if passed > 0:
            self._traveller.shift(timedelta(seconds=passed))
            self.seconds = seconds
            _control(self._stripe, "clock", {"advance_seconds": passed})


@contextlib.contextmanager
def running(stripe: httpx.Client, seconds: float) -> Iterator[Clock]:
    """Shift both clocks by these seconds. At the end, both show real time again."""
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds), tick=True) as traveller:
        _control(stripe, "clock", {"advance_seconds": seconds})
        _control(stripe, "deliveries", {"simulated_signatures": True})
        yield Clock(traveller, stripe, seconds)
        offset = float(_control(stripe, "clock", {})["offset"])
        _control(stripe, "clock", {"advance_seconds": -offset})
        _control(stripe, "deliveries", {"simulated_signatures": False})


def _control(stripe: httpx.Client, path: str, order: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = stripe.post(f"/simulator/{path}", json=order).raise_for_status().json()
    return answer
