"""Retries of calls about accounts, and the faults that are set for such calls."""

import asyncio

import httpx
import pytest
import stripe

from testing.processes import Simulator
from testing.waits import until
from tests.simulator.conftest import Stripe, connected, error, params, refusal, statuses


async def test_a_retry_with_the_same_key_creates_nothing_and_shows_the_current_account(
    api: Stripe, sim: Simulator
) -> None:
    first = await api.create(key="key-1")
    sim.control(f"accounts/{first['id']}", {"scenario": "activate"})
    again = await api.create(key="key-1")
    assert again["id"] == first["id"]
    assert statuses(first) == ("restricted", "restricted")
    assert statuses(again) == ("active", "active")
    assert sim.control("accounts")["count"] == 1
    with pytest.raises(stripe.APIError) as caught:
        await api.create(key="key-1", display_name="Another")
    assert caught.value.http_status == 409
    assert set(error(caught.value)) == {"code", "message"}
    assert error(caught.value)["code"] == "idempotency_error"


async def test_a_retry_with_the_same_key_repeats_failed_work(api: Stripe, sim: Simulator) -> None:
    fault = {"method": "POST", "path": "/v2/core/accounts", "kind": "status", "status": 503}
    sim.control("faults", fault)
    with pytest.raises(stripe.APIError):
        await api.create(key="key-2")
    account = await api.create(key="key-2")
    assert (await api.create(key="key-2"))["id"] == account["id"]
    assert sim.control("accounts")["count"] == 1


async def test_a_second_request_with_a_key_in_use_is_a_conflict(api: Stripe, sim: Simulator) -> None:
    sim.control("faults", {"path": "/v2/core/accounts", "kind": "delay", "seconds": 0.5})
    first = asyncio.create_task(api.create(key="key-3"))
    await asyncio.sleep(0.2)
    assert await refusal(api.create(key="key-3")) == (409, "idempotency_error")
    await first
    assert sim.control("accounts")["count"] == 1


async def test_a_retry_after_a_lost_answer_returns_the_same_account(api: Stripe, sim: Simulator) -> None:
    fault = {"path": "/v2/core/accounts", "kind": "reset_after"}
    sim.control("faults", fault)
    with pytest.raises(stripe.APIConnectionError):
        await api.create(key="key-4")
    created = sim.control("accounts")["data"][0]["id"]
    assert (await api.create(key="key-4"))["id"] == created
    sim.control("faults", {**fault, "kind": "reset_before"})
    with pytest.raises(stripe.APIConnectionError):
        await api.create(key="key-5")
    assert sim.control("accounts")["count"] == 1


async def test_work_continues_after_the_client_disconnects(sim: Simulator) -> None:
    sim.control("faults", {"path": "/v2/core/accounts", "kind": "delay", "seconds": 0.3})
    headers = {"Authorization": "Bearer sk_test_x"}
    async with httpx.AsyncClient(base_url=sim.base_url, headers=headers, timeout=0.1) as impatient:
        with pytest.raises(httpx.ReadTimeout):
            await impatient.post("/v2/core/accounts", json=params())
    until(lambda: sim.control("accounts")["count"] == 1)


async def test_a_client_with_retries_survives_a_lost_answer(sim: Simulator) -> None:
    sim.control("faults", {"path": "/v2/core/accounts", "kind": "reset_after"})
    async with connected(sim, retries=2) as api:
        await api.create()
    assert sim.control("accounts")["count"] == 1
    assert sim.control("calls")["calls"]["POST /v2/core/accounts"] == 2


async def test_a_fault_applies_to_one_call_by_default(api: Stripe, sim: Simulator) -> None:
    account = await api.create()
    path = f"/v2/core/accounts/{account['id']}"
    sim.control(
        "faults", {"method": "GET", "path": path, "status": 429, "headers": {"Stripe-Should-Retry": "true"}}
    )
    with pytest.raises(stripe.RateLimitError) as limited:
        await api.fetch(account["id"])
    assert limited.value.code == "account_rate_limit_exceeded"
    assert (limited.value.headers or {})["stripe-should-retry"] == "true"
    sim.control("faults", {"method": "GET", "path": path, "status": 502, "body": "<h1>Bad gateway</h1>"})
    with pytest.raises(stripe.APIError, match="Bad gateway"):
        await api.fetch(account["id"])
    sim.control("faults", {"method": "GET", "path": "/v2/core/accounts/{id}", "kind": "malformed"})
    with pytest.raises(stripe.APIError):
        await api.fetch(account["id"])
    assert (await api.fetch(account["id"]))["id"] == account["id"]
