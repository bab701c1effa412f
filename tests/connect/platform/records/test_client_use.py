"""The service stores a limited number of names of clients and versions that have no manifest."""

import pytest

from connect.platform.records import client_use
from connect.platform.records.client_use import MAX_NAMES, MAX_STORED, OTHER, Uses
from models import ClientUse, OperationManifest, now


@pytest.mark.usefixtures("database")
async def test_names_above_the_limits_count_as_other() -> None:
    at = await now()
    uses = Uses()
    for number in range(MAX_NAMES + 20):
        uses.count(f"client-{number}", "1")
    for name in ("a" * 65, "two\nlines"):
        uses.count(name, "1")
    uses.count(" client-0 ", "1")
    await uses.store()
    stored = {(row.client, row.version): row.operations for row in await ClientUse.all()}
    assert len(stored) == MAX_NAMES + 1
    assert (stored["client-0", "1"], stored["client-1", "1"], stored[OTHER]) == (2, 1, 22)

    more = [
        ClientUse(day=at.date(), client=f"more-{n}", version="", operations=1, last_used_at=at)
        for n in range(MAX_STORED)
    ]
    await ClientUse.bulk_create(more)
    uses.count("late", "1")
    uses.count("client-0", "1")
    await uses.store()
    assert not await ClientUse.exists(client="late")
    assert (await ClientUse.get(client=OTHER[0])).operations == 23
    assert (await ClientUse.get(client="client-0")).operations == 3
    assert len(await client_use.versions()) == MAX_NAMES + 1 + MAX_STORED

    # The use of a version with a manifest is stored even if callers invent many other names.
    await OperationManifest.create(client="app", version="1", documents="{}", operations=0, added_at=at)
    uses.count("client-0", "1")
    await uses.store()
    for number in range(MAX_NAMES + 20):
        uses.count(f"invented-{number}", "1")
    uses.count("app", "1")
    await uses.store()
    assert (await ClientUse.get(client="app")).operations == 1
    assert not await ClientUse.exists(client="invented-0")
