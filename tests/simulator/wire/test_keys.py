"""API keys: the kinds of keys that are accepted, and the permissions of restricted keys."""

from typing import Any

import httpx
import pytest
import stripe

from testing.processes import Simulator
from tests.simulator.conftest import connected, error

ORGANIZATION = "sk_org_test_" + "o" * 24
RESTRICTED = "rk_test_restricted123456"


@pytest.mark.parametrize("key", ["sk_live_real", "rk_test_not_created_here", "nonsense"])
async def test_only_known_keys_of_a_sandbox_are_accepted(sim: Simulator, key: str) -> None:
    async with connected(sim, key) as stranger:
        with pytest.raises(stripe.AuthenticationError, match="simulated Stripe"):
            await stranger.create()
    assert sim.control("accounts")["count"] == 0


async def test_a_restricted_key_needs_the_permission_that_the_refusal_names(sim: Simulator) -> None:
    sim.control("keys", {"key": RESTRICTED, "permissions": ["v2_account_storer_read"]})
    async with connected(sim, RESTRICTED) as limited:
        with pytest.raises(stripe.PermissionError) as caught:
            await limited.create()
        assert caught.value.http_status == 403
        assert error(caught.value) == {
            "code": "more_permissions_required",
            "type": "invalid_request_error",
            "message": "The provided key 'rk_test_**********123456' does not have the required permissions "
            "for this endpoint on account 'acct_1SimulatedPlatform'. Having the 'v2_account_storer_write' "
            "permission would allow this request to continue.",
        }
        assert sim.control("accounts")["count"] == 0
        await limited.client.v2.core.accounts.list_async()
        with pytest.raises(stripe.PermissionError, match="'rak_event_read'"):
            await limited.events()
        sim.control("keys", {"key": RESTRICTED, "permissions": ["v2_account_storer_write", "rak_event_read"]})
        account = await limited.create()
        # The permission to write includes the permission to read.
        assert (await limited.fetch(account["id"]))["id"] == account["id"]
        await limited.link(account["id"])
        assert [event["type"] for event in await limited.events()] == ["v2.core.account.created"]
        destination: Any = {"name": "n"}
        with pytest.raises(stripe.PermissionError, match="'rak_webhook_write'"):
            await limited.client.v2.core.event_destinations.create_async(destination)


async def test_a_call_with_an_organization_key_needs_an_account_in_its_context(sim: Simulator) -> None:
    def call(context: str | None, path: str = "/v2/core/accounts") -> httpx.Response:
        headers = {"Authorization": f"Bearer {ORGANIZATION}"}
        if context is not None:
            headers["Stripe-Context"] = context
        return sim.client.get(path, headers=headers)

    async with connected(sim) as platform:
        account = (await platform.create())["id"]
    assert call("acct_1SimulatedPlatform").json()["data"][0]["id"] == account
    assert call(f"acct_1SimulatedPlatform/{account}").status_code == 200
    missing = call(None)
    assert (missing.status_code, missing.json()["error"]["code"]) == (400, "stripe_context_missing")
    assert call(f"acct_1SimulatedPlatform/{account}x").status_code == 404
    for context in ("acct_1Elsewhere", account):
        elsewhere = call(context)
        assert (elsewhere.status_code, elsewhere.json()["error"]["code"]) == (403, "account_invalid")


@pytest.mark.parametrize(
    "order",
    [{"key": "sk_test_1", "permissions": []}, {"key": RESTRICTED, "permissions": ["everything"]}, {}],
)
def test_the_control_plane_refuses_unrestricted_keys_and_unknown_permissions(
    sim: Simulator, order: dict[str, Any]
) -> None:
    answer = httpx.post(f"{sim.base_url}/simulator/keys", json=order, trust_env=False)
    assert answer.status_code == 400
    assert httpx.get(f"{sim.base_url}/simulator/keys", trust_env=False).json()["data"] == []


@pytest.mark.parametrize(("path", "status"), [("/v1/accounts", 200), ("/v2/core/accounts", 401)])
def test_only_v1_accepts_the_key_as_a_basic_auth_user_name(sim: Simulator, path: str, status: int) -> None:
    auth = httpx.BasicAuth("sk_test_curl", "")
    assert httpx.get(f"{sim.base_url}{path}", auth=auth, trust_env=False).status_code == status
    wrong = {"Authorization": "Basic ???"}
    assert httpx.get(f"{sim.base_url}{path}", headers=wrong, trust_env=False).status_code == 401
