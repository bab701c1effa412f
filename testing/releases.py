"""Dumps of filled databases, one for each release and kind of database.

`python -m testing.releases 0.1.0` dumps databases of the present code. Run it once for each release and never
change the dumps afterwards. `tests/models/test_upgrade.py` migrates all of them.
"""

import asyncio
import re
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

from models import database
from testing import postgres, processes
from testing.processes import ROOT, Simulator
from testing.service import RETURN_TO, eventually, running

DUMPS = ROOT / "tests/models/releases"

LINK = """
mutation ($input: CreateOnboardingLinkInput!) { createOnboardingLink(input: $input) { __typename } }
"""
CLOSE = "mutation ($input: CloseMerchantInput!) { closeMerchant(input: $input) { __typename } }"

# Settings of the session and commands of psql. An older server may not support a newer server's settings.
NOT_DATA = re.compile(r"^(SET |SELECT pg_catalog\.set_config|\\|--|$)")


async def fill(database_url: str, simulator: Simulator, folder: Path) -> None:
    """Create an active, a new, a closed and a refused merchant, and an onboarding link of the new one."""
    simulator.control("reset", {})
    await database.migrate(database_url)
    async with running(database_url, simulator, folder) as service:
        active = await service.create("active")
        account = active["merchant"]["account"]["stripeAccountId"]
        simulator.control(f"accounts/{account}", {"scenario": "activate"})
        await service.create("new")
        variables = {"merchant": {"externalId": "new"}, "returnTo": RETURN_TO}
        await service.graphql(LINK, {"input": variables})
        await service.create("closed")
        await service.graphql(CLOSE, {"input": {"merchant": {"externalId": "closed"}}})
        await service.create("refused", country="KP")

        async def is_active() -> bool:
            return (await service.merchant("active", "status")) == {"status": "ACTIVE"}

        await eventually(is_active)


def dump(database_url: str) -> str:
    """A database as SQL text."""
    if database_url.startswith("sqlite"):
        with sqlite3.connect(database_url.removeprefix("sqlite:///")) as connection:
            return "\n".join(connection.iterdump()) + "\n"
    command = [str(postgres.find_tools() / "pg_dump"), "--inserts", "--no-owner", "--no-privileges"]
    lines = subprocess.run([*command, database_url], capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    return "\n".join(line for line in lines if not NOT_DATA.match(line)) + "\n"


def write(release: str) -> None:
    folder = DUMPS / release
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as temporary,
        processes.simulator(REVIEW_SECONDS="0.3") as simulator,
        postgres.server() as server,
    ):
        urls = {"sqlite": f"sqlite:///{temporary}/filled.db", "postgresql": postgres.create_database(server)}
        for name, url in urls.items():
            asyncio.run(fill(url, simulator, Path(temporary)))
            (folder / f"{name}.sql").write_text(dump(url), encoding="utf-8")


if __name__ == "__main__":
    write(sys.argv[1])
