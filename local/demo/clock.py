"""One clock for the API and the local Stripe, which begins weeks ago and ends now."""

import time
from pathlib import Path
from typing import Any

import httpx

from local.shifted import seen

PAUSE, PATIENCE = 0.004, 30.0


class Clock:
    """The seconds between the clock of the demo and the real one. They are negative until the end."""

    def __init__(self, folder: Path, stripe: httpx.Client, seconds: float) -> None:
        """Set the clock. The API starts after this, and reads `file`."""
        self.file = (folder / "clock").absolute()
        self.seconds = 0.0
        self._stripe = stripe
        self._write(seconds)
        self._set_stripe(seconds)
        self._control("deliveries", {"simulated_signatures": True})

    def pass_until(self, seconds: float) -> None:
        """Advance both clocks. The API is ahead of the local Stripe for a moment, and never behind."""
        before = self.seconds
        self._write(seconds)
        deadline = time.monotonic() + PATIENCE
        while not (seen(self.file).exists() and seen(self.file).read_text() == repr(seconds)):
            if time.monotonic() > deadline:
                raise RuntimeError("the API does not follow the clock")
            time.sleep(PAUSE)
        self._set_stripe(seconds - before)

    def end(self) -> None:
        """Leave the local Stripe in real time."""
        self._set_stripe(-float(self._control("clock", {})["offset"]))
        self._control("deliveries", {"simulated_signatures": False})

    def now(self) -> float:
        """The Unix time of the demo."""
        return time.time() + self.seconds

    def _write(self, seconds: float) -> None:
        self.seconds = seconds
        new = self.file.with_suffix(".new")
        new.write_text(repr(seconds))
        new.replace(self.file)

    def _set_stripe(self, seconds: float) -> None:
        self._control("clock", {"advance_seconds": seconds})

    def _control(self, path: str, order: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self._stripe.post(f"/simulator/{path}", json=order).raise_for_status().json()
        return answer
