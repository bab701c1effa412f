"""The limit on calls to Stripe, for two replicas that share a database."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from connect.merchants import accounts
from connect.merchants.inputs import NewMerchant
from connect.scope import Role
from connect.stripe_api.gateway import Gateway
from models import AccountCreation, ConnectedAccount
from testing.deployment import Deployment, deployed
from testing.environment import STRIPE_KEY
from testing.operations import CREATE, new_merchant
from testing.processes import Simulator
from testing.service import Service, running
from testing.statements import Statements
from testing.waits import PATIENCE, eventually

REFRESH = """
mutation ($id: String!) {
  refreshMerchant(input: {merchant: {externalId: $id}}) {
    __typename
    ... on StripeUnavailableError { retryAfterSeconds }
  }
}
"""
# There are so many merchants that some fetches would wait too long and are refused.
MERCHANTS, CALLS_PER_SECOND = 60, 8
# A busy machine sends some calls later than planned. Without a common limit, two replicas would make 16
# calls in a second.
MAX_CALLS_OF_REPLICAS = 12
# Stripe's limit in a sandbox. The default of CONNECTQL_STRIPE_CALLS_PER_SECOND is 20.
MAX_CALLS_IN_A_SECOND = 25


async def _create(simulator: Simulator, count: int) -> list[str]:
    gateway = Gateway(STRIPE_KEY, simulator.base_url)
    ids = [f"shop-{number}" for number in range(count)]
    for external_id in ids:
        await accounts.create(gateway, NewMerchant(external_id, "Shop", "a@shop.example", "US"), actor="test")
    await gateway.close()
    return ids


async def _refresh_all(deployment: Deployment, ids: list[str], *roles: Role) -> list[dict[str, Any]]:
    """Refresh these merchants concurrently. Each replica gets half of the requests, and so does each role."""
    limits = httpx.Limits(max_connections=len(ids))
    async with httpx.AsyncClient(timeout=60 * PATIENCE, trust_env=False, limits=limits) as http:

        async def refresh(number: int, external_id: str) -> dict[str, Any]:
            role = roles[number // 2 % len(roles)]
            merchant = external_id if role is Role.MERCHANT else None
            answer = await http.post(
                f"{deployment.replicas[number % 2].url}/graphql",
                json={"query": REFRESH, "variables": {"id": external_id}},
                headers={"Authorization": f"Bearer {deployment.token(role, merchant)}"},
            )
            assert "errors" not in answer.json(), answer.text
            result: dict[str, Any] = answer.json()["data"]["refreshMerchant"]
            return result

        return await asyncio.gather(*(refresh(number, one) for number, one in enumerate(ids)))


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_clients_of_all_replicas_share_one_limit(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    simulator.control("deliveries", {"mode": "drop"})
    ids = await _create(simulator, MERCHANTS)
    limit = {"STRIPE_CALLS_PER_SECOND": str(CALLS_PER_SECOND)}
    with deployed(
        database_url, simulator, tmp_path, replicas=2, separate_worker=False, **limit
    ) as deployment:
        simulator.control("calls", method="DELETE")
        results = await _refresh_all(deployment, ids, Role.OPERATOR, Role.MERCHANT)
        calls = simulator.control("calls")
    names = Counter(result["__typename"] for result in results)
    assert calls["busiest_second"] <= MAX_CALLS_OF_REPLICAS
    assert names.keys() == {"RefreshMerchantPayload", "StripeUnavailableError"}
    assert names["RefreshMerchantPayload"] == calls["calls"]["GET /v2/core/accounts/{id}"]
    assert all(1 <= r["retryAfterSeconds"] <= 6 for r in results if "retryAfterSeconds" in r)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_many_refreshes_of_one_merchant_at_two_replicas_make_few_calls(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    simulator.control("deliveries", {"mode": "drop"})
    (shop,) = await _create(simulator, 1)
    with deployed(database_url, simulator, tmp_path, replicas=2, separate_worker=False) as deployment:
        simulator.control("calls", method="DELETE")
        results = await _refresh_all(deployment, [shop] * 100, Role.OPERATOR)
        calls = simulator.control("calls")["calls"]
    assert {result["__typename"] for result in results} == {"RefreshMerchantPayload"}
    assert calls["GET /v2/core/accounts/{id}"] <= 12


async def test_pacing_a_single_call_costs_one_statement(idle: Service, statements: Statements) -> None:
    await idle.create("shop-1")
    statements.clear()
    await idle.create("shop-2")
    assert len(statements.with_text("periodic_task")) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_many_creations_are_slowed_down_and_not_refused(service: Service) -> None:
    turns = asyncio.Semaphore(8)  # more creations at a time would wait too long on a slow machine

    async def create(number: int) -> str:
        async with turns:
            variables = {"input": new_merchant(f"shop-{number}")}
            result = (await service.graphql(CREATE, variables, role="service"))["createMerchant"]
        return str(result["__typename"])

    results = await asyncio.gather(*(create(number) for number in range(40)))
    assert Counter(results) == {"CreateMerchantPayload": 40}
    assert service.simulator.control("calls")["busiest_second"] <= MAX_CALLS_IN_A_SECOND


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_worker_completes_creations_that_were_refused_by_the_limit(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    # Each delivery would cause another call, which would delay the creations.
    simulator.control("deliveries", {"mode": "drop"})
    async with running(database_url, simulator, tmp_path, STRIPE_CALLS_PER_SECOND="4") as service:
        ids = [f"shop-{number}" for number in range(32)]
        variables = [{"input": new_merchant(one)} for one in ids]
        results = await asyncio.gather(*(service.graphql(CREATE, one, role="service") for one in variables))
        names = Counter(result["createMerchant"]["__typename"] for result in results)
        assert names.keys() == {"CreateMerchantPayload", "StripeUnavailableError"}

        async def all_created() -> bool:
            return not await AccountCreation.exclude(state="SUCCEEDED").exists()

        await eventually(all_created, seconds=60)
        assert await ConnectedAccount.all().count() == 32
    assert simulator.control("calls")["calls"]["POST /v2/core/accounts"] == 32
