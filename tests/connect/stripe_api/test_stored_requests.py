"""The columns of new and of successful stored requests."""

from datetime import UTC, datetime, timedelta

import pytest

from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Gateway
from testing.environment import STRIPE_KEY

NOW = datetime(2026, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize(("attempt", "lease"), [(1, 3), (8, 10), (80, 10)])
async def test_a_lease_is_two_seconds_longer_than_an_attempt_but_at_most_ten_seconds(
    attempt: int, lease: int
) -> None:
    gateway = Gateway(STRIPE_KEY, timeout=attempt)
    new = stored_requests.new(gateway, NOW)
    await gateway.close()
    assert new["leased_until"] == new["run_at"] == NOW + timedelta(seconds=lease)


def test_success_replaces_an_earlier_refusal() -> None:
    assert stored_requests.success(NOW) == {
        "state": "SUCCEEDED",
        "finished_at": NOW,
        "leased_until": None,
        "error_code": None,
        "error_message": None,
        "request_id": None,
    }
