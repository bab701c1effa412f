"""`Stripe-Version`: the valid values of the header, and the fields that depend on the version."""

from typing import Any

import httpx
import pytest
import stripe

from simulator.wire import versions
from simulator.wire.errors import Refused
from testing.processes import Simulator
from tests.simulator.conftest import Stripe, error, plain


@pytest.mark.parametrize(
    ("header", "version"),
    [
        (None, "2026-10-28.endive"),
        ("2026-11-18.endive", "2026-11-18.endive"),
        ("2026-11-18.preview", "2026-11-18.preview"),
        ("2025-12-15.clover; some_beta=v1", "2025-12-15.clover"),
        ("2024-09-30.acacia", "2024-09-30.acacia"),
        ("2024-06-20", "2024-06-20"),
    ],
)
def test_a_date_with_the_name_of_its_release_is_a_valid_version(header: str | None, version: str) -> None:
    assert versions.check(header) == version


@pytest.mark.parametrize(
    "header",
    ["", "latest", "2026-10-28", "2025-09-30.acacia", "2024-06-20.acacia", "2019-2-19", "2026-02-30.clover"],
)
def test_other_values_of_the_version_header_are_refused(header: str) -> None:
    with pytest.raises(Refused) as caught:
        versions.check(header)
    assert str(caught.value) == f"Invalid Stripe API version: {header}"


def test_a_request_with_a_malformed_version_is_refused_in_v1_and_v2(sim: Simulator) -> None:
    headers = {"Authorization": "Bearer sk_test_1", "Stripe-Version": "tomorrow"}
    for path in ("/v1/accounts", "/v2/core/accounts"):
        answer = httpx.get(f"{sim.base_url}{path}", headers=headers, trust_env=False)
        assert answer.status_code == 400
        assert answer.json()["error"]["message"] == "Invalid Stripe API version: tomorrow"


async def test_earlier_versions_accept_the_earlier_names_of_event_sources(api: Stripe) -> None:
    async def create(source: str, version: str) -> dict[str, Any]:
        body: Any = {
            "name": "Here",
            "type": "webhook_endpoint",
            "event_payload": "thin",
            "enabled_events": ["v2.core.account.updated"],
            "events_from": [source],
            "webhook_endpoint": {"url": "http://127.0.0.1:9/"},
        }
        options: Any = {"stripe_version": version}
        return plain(await api.client.v2.core.event_destinations.create_async(body, options))

    earlier, later = "2025-12-15.clover", "2026-03-25.dahlia"
    assert (await create("other_accounts", earlier))["events_from"] == ["@accounts"]
    assert (await create("@accounts", later))["events_from"] == ["@accounts"]
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await create("other_accounts", later)
    assert error(caught.value)["message"].startswith("events_from: 'other_accounts' is not one of @self,")
