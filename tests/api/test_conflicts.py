"""Mutations that conflict with other transactions of the database."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
import pytest

from models.database import PORTABLE
from testing import portable, postgres
from testing.faults import drop_deliveries
from testing.processes import Simulator
from testing.service import RETURN_TO, running

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

SHOP = 'merchant: {externalId: "shop-1"}'
INPUTS = {
    "refreshMerchant": SHOP,
    "updateMerchant": f'{SHOP}, displayName: "New"',
    "createOnboardingLink": f'{SHOP}, returnTo: "{RETURN_TO}"',
    "closeMerchant": SHOP,
}
# The first change of a merchant fails with a serialization error. The next change succeeds, because a
# rollback does not reset the sequence.
CONFLICT = """
CREATE SEQUENCE changes;
CREATE FUNCTION conflict() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF nextval('changes') = 1 THEN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER conflict BEFORE UPDATE ON merchant FOR EACH ROW EXECUTE FUNCTION conflict();
"""


async def test_a_mutation_is_repeated_after_a_conflict(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(database_url, simulator, tmp_path, WORKER="off") as service:
        drop_deliveries(service)
        await service.create("shop-1")
        server = await asyncpg.connect(database_url)
        await server.execute(CONFLICT)
        for mutation, values in INPUTS.items():
            await server.execute("ALTER SEQUENCE changes RESTART")
            query = f"mutation {{ {mutation}(input: {{{values}}}) {{ __typename }} }}"
            payload = mutation[0].upper() + mutation[1:] + "Payload"
            assert await service.graphql(query) == {mutation: {"__typename": payload}}
            assert await server.fetchval("SELECT last_value FROM changes") >= 2
        await server.close()


async def test_many_concurrent_creations_succeed_in_a_serializable_database(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    name = urlsplit(database_url).path.removeprefix("/")
    statement = f'ALTER DATABASE "{name}" SET default_transaction_isolation = serializable'
    await postgres.execute(database_url, statement)
    calls = dict.fromkeys(("STRIPE_CALLS_PER_SECOND", "STRIPE_CALLS_PER_SECOND_OF_OPERATION"), "100")
    async with running(database_url, simulator, tmp_path, **calls) as service:
        # With the portable profile, concurrent creations conflict. A creation gives up after ten conflicts,
        # so the test starts fewer creations.
        count = 10 if portable.profile(database_url) == PORTABLE else 30
        created = await asyncio.gather(*(service.create(f"shop-{number}") for number in range(count)))
        assert {one["__typename"] for one in created} == {"CreateMerchantPayload"}
