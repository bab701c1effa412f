"""Switches set conditions of the platform, and make the closing of accounts behave as in live mode."""

from typing import Any

import httpx
import pytest
import stripe

from simulator.control import switches
from testing.processes import Simulator
from tests.simulator.conftest import Stripe, error

LOSSES = "stripe_loss_liable_cannot_be_deleted"
APPLICATION = {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}}


async def refusal(call: Any) -> dict[str, Any]:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await call
    return error(caught.value)


@pytest.mark.parametrize("code", sorted(switches.PLATFORM))
async def test_a_platform_that_does_not_fulfil_a_condition_creates_no_account(
    api: Stripe, sim: Simulator, code: str
) -> None:
    account = (await api.create())["id"]
    sim.control("switches", {"platform_refused": code})
    refused = await refusal(api.create())
    assert refused["code"] == code
    assert ("doc_url" in refused) is ("unacknowledged" in code)
    assert sim.control("accounts")["count"] == 1
    if code in switches.ACCESS:
        assert (await refusal(api.fetch(account)))["code"] == code
    else:
        assert (await api.fetch(account))["id"] == account
    sim.control("switches", {"platform_refused": None})
    assert (await api.create())["id"] != account


async def test_a_full_account_can_be_closed_unless_the_switch_refuses_it_as_live_mode_does(
    api: Stripe, sim: Simulator
) -> None:
    account = (await api.create())["id"]
    other = (await api.create(dashboard="none", defaults=APPLICATION))["id"]
    close = api.client.v2.core.accounts.close_async
    body: Any = {"applied_configurations": ["merchant"]}
    sim.control("switches", {"closing_refused": LOSSES})
    assert await refusal(close(account, body)) == {
        "code": LOSSES,
        "message": "Account with Stripe-owned loss liability and dashboard cannot be deleted.",
        "user_message": "This account cannot be closed.",
    }
    assert (await api.fetch(account))["closed"] is False
    # The rule does not apply to an account whose losses the platform bears.
    await close(other, body)
    assert (await api.fetch(other))["closed"] is True
    sim.control("switches", {"closing_refused": None})
    await close(account, body)
    assert (await api.fetch(account))["closed"] is True


@pytest.mark.parametrize("code", sorted(set(switches.CLOSING) - {LOSSES}))
async def test_an_account_is_not_closed_while_a_switch_refuses_it(
    api: Stripe, sim: Simulator, code: str
) -> None:
    account = (await api.create())["id"]
    sim.control("switches", {"closing_refused": code})
    body: Any = {"applied_configurations": ["merchant"]}
    refused = await refusal(api.client.v2.core.accounts.close_async(account, body))
    assert refused["code"] == code
    assert refused["user_message"]
    assert (await api.fetch(account))["closed"] is False


@pytest.mark.parametrize(
    "order",
    [
        {"platform_refused": "everything"},
        {"closing_refused": "never"},
        {"dashboard_link_asks_to_log_in": "yes"},
        {"colour": True},
    ],
)
def test_unknown_switches_and_values_are_refused(sim: Simulator, order: dict[str, Any]) -> None:
    before = sim.control("switches")
    assert httpx.post(f"{sim.base_url}/simulator/switches", json=order, trust_env=False).status_code == 400
    assert sim.control("switches") == before
