"""The whole service behind PgBouncer, mostly in transaction mode, in which clients share sessions."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from connect.platform.feed import UNDELIVERED
from models import database as databases
from testing import pgbouncer
from testing.processes import Simulator
from testing.service import Service, running
from testing.waits import eventually

pytestmark = [
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
    pytest.mark.skipif(
        pgbouncer.find() is None and not os.environ.get("CI"), reason="There is no PgBouncer on this machine"
    ),
]

# More merchants than the pooler has sessions.
MERCHANTS = 6
UPDATE = """mutation ($id: String!, $name: String!) {
  updateMerchant(input: {merchant: {externalId: $id}, displayName: $name}) { __typename }
}"""

PLATFORM = """{ platform {
  workers { isAlive }
  onboardingFunnel { stages { stage count stuckCount medianSeconds } }
  stripeCalls { lastMinute { calls } }
  webhooks { oldestWaitingSince delays { events } }
  problemHistory { edges { node { code } } }
} }"""


@pytest.fixture
def pooled_url(database_url: str) -> Iterator[str]:
    with pgbouncer.running(database_url) as url:
        yield url


async def names_after_updates(service: Service) -> list[str]:
    """Create MERCHANTS merchants at the same time, and rename each of them three times.

    Returns, for each merchant, the types of the answers and then the final display name.
    """

    async def work(number: int) -> list[str]:
        created = await service.create(f"shop-{number}")
        found = [created["__typename"]]
        for step in range(3):
            variables = {"id": f"shop-{number}", "name": f"Shop {number}.{step}"}
            answer = await service.graphql(UPDATE, variables)
            found.append(answer["updateMerchant"]["__typename"])
        found.append((await service.merchant(f"shop-{number}", "displayName"))["displayName"])
        return found

    return [text for found in await asyncio.gather(*map(work, range(MERCHANTS))) for text in found]


async def test_everything_works_with_a_direct_address_for_the_feed(
    pooled_url: str, database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    await databases.migrate(pooled_url)
    # With this limit, no call to Stripe waits long, even on a slow machine.
    settings = {"DATABASE_DIRECT_URL": database_url, "STRIPE_CALLS_PER_SECOND": "100"}
    async with running(pooled_url, simulator, tmp_path, **settings) as service:
        expected = [
            text
            for number in range(MERCHANTS)
            for text in ["CreateMerchantPayload", *["UpdateMerchantPayload"] * 3, f"Shop {number}.2"]
        ]
        assert await names_after_updates(service) == expected
        platform = (await service.graphql(PLATFORM))["platform"]
        assert platform["workers"] == [{"isAlive": True}]
        stages = {stage["stage"]: stage["count"] for stage in platform["onboardingFunnel"]["stages"]}
        assert stages["CREATED"] == MERCHANTS

        async def has_counted() -> bool:
            calls = (await service.graphql(PLATFORM))["platform"]["stripeCalls"]["lastMinute"]["calls"]
            return bool(calls >= 4 * MERCHANTS)  # a creation and three changes of each merchant

        await eventually(has_counted)
        ready = await service.http.get("/readyz")
        assert (ready.status_code, ready.json()["feed"]) == (200, "ok")


@pytest.mark.listens  # the portable profile needs no direct address
async def test_without_a_direct_address_the_process_is_not_ready_and_names_the_setting(
    pooled_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(pooled_url, simulator, tmp_path) as service:

        async def is_unready() -> bool:
            return (await service.http.get("/readyz")).status_code == 503

        await eventually(is_unready)
        ready = await service.http.get("/readyz")
        states = {"status": "not ready", "database": "ok", "migrations": "ok", "feed": UNDELIVERED}
        assert (ready.status_code, ready.json()) == (503, states)
        assert (await service.create("shop-1"))["__typename"] == "CreateMerchantPayload"


async def test_a_pooler_in_session_mode_needs_no_setting(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    with pgbouncer.running(database_url, "session", sessions=40) as url:
        async with running(url, simulator, tmp_path) as service:
            assert (await service.create("shop-1"))["__typename"] == "CreateMerchantPayload"

            async def is_listening() -> bool:
                return bool((await service.http.get("/readyz")).json()["feed"] == "ok")

            await eventually(is_listening)
