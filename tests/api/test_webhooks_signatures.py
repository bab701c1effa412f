"""The signatures of notifications: secrets, timestamps and malformed headers."""

import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import stripe

from models import StripeEvent
from testing.processes import Simulator
from testing.service import Service, running
from tests.api.webhook_deliveries import NEW, OLD, body, deliver, signature

pytestmark = pytest.mark.one_database


@pytest.fixture
async def service(database_url: str, simulator: Simulator, tmp_path: Path) -> AsyncIterator[Service]:
    """A service with two secrets, as in a rotation. It has no worker, so events keep their first state."""
    secrets = f"{OLD},{NEW}"
    async with running(
        database_url, simulator, tmp_path, WORKER="off", WEBHOOK_SECRETS=secrets, LOG_LEVEL="error"
    ) as service:
        yield service


def test_the_tests_sign_like_the_sdk() -> None:
    at = 1_800_000_000
    theirs = stripe.WebhookSignature.generate_signature_header(body().decode(), OLD, at)
    assert theirs.split(",") == signature(body(), OLD, at).split(",")


async def test_both_secrets_are_valid_during_a_rotation(service: Service) -> None:
    now = time.time()
    old, new = signature(body(3), OLD, now), signature(body(3), NEW, now)
    for number, header in (
        (1, signature(body(1), OLD)),
        (2, signature(body(2), NEW)),
        (3, f"{old},{new.split(',')[1]}"),
        (4, f"{signature(body(4))},v1={'0' * 64},v0=ignored"),
        (5, signature(body(5), at=now - 295)),
        (6, signature(body(6), at=now + 295)),
    ):
        assert (await deliver(service, body(number), header)).status_code == 200, number
    assert await StripeEvent.all().count() == 6


UNSIGNED = (
    "No signature matches. Put the signing secret of this event destination into CONNECTQL_WEBHOOK_SECRETS."
)
MISSING = "The Stripe-Signature header is missing or malformed."


async def test_missing_and_wrong_and_old_signatures_are_refused(service: Service) -> None:
    now = time.time()
    good = signature(body())
    stamp, digest = good.split(",")
    changed = body(livemode=True)
    cases: dict[str, tuple[bytes, str | bytes, str]] = {
        "another secret": (body(), signature(body(), "whsec_" + "x" * 32), UNSIGNED),
        "a prefix of the secret": (body(), signature(body(), NEW[:-1]), UNSIGNED),
        "no secret": (body(), signature(body(), ""), UNSIGNED),
        "empty": (body(), "", UNSIGNED),
        "too long": (body(), f"{good}{',v1=0' * 500}", MISSING),
        "no timestamp": (body(), digest, UNSIGNED),
        "no signature": (body(), stamp, UNSIGNED),
        "another scheme": (body(), good.replace("v1=", "v0="), UNSIGNED),
        "no number": (body(), f"t=now,{digest}", UNSIGNED),
        "beyond ASCII": (body(), f"{stamp},v1=é".encode("latin-1"), MISSING),
        "old and another secret": (body(), signature(body(), "whsec_" + "x" * 32, now - 305), UNSIGNED),
        "another future timestamp": (body(), f"t={int(now) + 305},{digest}", UNSIGNED),
        "two timestamps": (body(), f"t={int(now)},{signature(body(), at=now - 305)}", UNSIGNED),
        "another timestamp": (body(), f"t={int(now) - 1},{digest}", UNSIGNED),
        "another body": (changed, good, UNSIGNED),
        "a space more": (body() + b" ", good, UNSIGNED),
        "no body": (b"", good, UNSIGNED),
    }
    results = {}
    for name, (content, header, _) in cases.items():
        answer = await deliver(service, content, header)
        results[name] = (answer.status_code, answer.json())
    assert results == {name: (400, {"error": reason}) for name, (*_, reason) in cases.items()}
    bare = await service.http.post("/webhooks/stripe", content=body())
    assert (bare.status_code, bare.json()) == (400, {"error": MISSING})
    assert (await service.http.get("/webhooks/stripe")).status_code == 405
    assert await StripeEvent.all().count() == 0


async def test_a_wrong_clock_is_distinguished_from_a_wrong_secret(service: Service) -> None:
    for offset, side in ((-3600, "past"), (-305, "past"), (310, "future"), (86_400, "future")):
        answer = await deliver(service, body(), signature(body(), at=time.time() + offset))
        assert answer.status_code == 400
        start, seconds, rest = re.split(r" is (\d+) s", answer.json()["error"])
        assert start == "The signature matches, but its timestamp"
        assert abs(int(seconds) - abs(offset)) <= 5
        assert rest == (
            f" in the {side}, and at most 300 s are allowed. Synchronize this machine's clock with NTP."
        )
    ancient = await deliver(service, body(), signature(body(), at=0))
    assert ancient.json()["error"].startswith("The signature matches, but its timestamp is 1")
    repeated = signature(body(), at=time.time() - 305)
    behind = await deliver(service, body(), f"{repeated},t={int(time.time())}")
    assert behind.json()["error"].startswith("The signature matches, but its timestamp is 3")
    assert await StripeEvent.all().count() == 0
