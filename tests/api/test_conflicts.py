"""Mutations on a database whose administrator has made all transactions serializable."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
import pytest

from testing import postgres
from testing.processes import Simulator
from testing.service import RETURN_TO, eventually, running

SHOP = 'merchant: {externalId: "shop-1"}'
INPUTS = {
    "refreshMerchant": SHOP,
    "updateMerchant": f'{SHOP}, displayName: "New"',
    "createOnboardingLink": f'{SHOP}, returnTo: "{RETURN_TO}"',
    "closeMerchant": SHOP,
}


async def is_waiting(connection: asyncpg.Connection) -> bool:
    waiting = "wait_event_type = 'Lock' AND datname = current_database()"
    return bool(await connection.fetchval(f"SELECT count(*) FROM pg_stat_activity WHERE {waiting}"))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_mutation_is_repeated_after_a_conflict(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    """Another connection changes the merchant while each mutation waits for the merchant's lock."""
    name = urlsplit(database_url).path.removeprefix("/")
    statement = f'ALTER DATABASE "{name}" SET default_transaction_isolation = serializable'
    await postgres.execute(database_url, statement)
    simulator.control("deliveries", {"mode": "drop"})
    async with running(database_url, simulator, tmp_path, WORKER="off") as service:
        await service.create("shop-1")
        other = await asyncpg.connect(database_url)
        for mutation, values in INPUTS.items():
            async with other.transaction():
                await other.execute("UPDATE merchant SET updated_at = updated_at")
                query = f"mutation {{ {mutation}(input: {{{values}}}) {{ __typename }} }}"
                answer = asyncio.create_task(service.graphql(query))
                await eventually(lambda: is_waiting(other))
            payload = mutation[0].upper() + mutation[1:] + "Payload"
            assert await answer == {mutation: {"__typename": payload}}
        await other.close()
