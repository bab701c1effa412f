"""Manifests in the database are served without a restart until they are retired. Their use is counted."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.graphql import manifests as api_manifests
from api.graphql.manifests import Manifests
from api.graphql.persisted import Documents, Unknown
from api.server.refusals import Refused
from connect.platform.records import manifests
from models import ClientUse, outage
from testing.processes import Simulator
from testing.service import eventually, running
from testing.subscribers import STATUS, socket

ROLE = "query Role { viewer { role } }"
CLIENTS = """
query Clients {
  platform { clients {
    name version lastUsedAt operationsInWeek operationsInMonth manifestAddedAt publishedOperations
  } }
}
"""
IOS = {"apollographql-client-name": "ios", "apollographql-client-version": "3.1"}


@pytest.mark.slow
async def test_manifests_are_published_used_and_retired_while_the_service_runs(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    changed = {"WORKER": "off", "ONLY_PERSISTED": "on"}
    async with running(database_url, simulator, tmp_path, **changed) as service:

        async def ask(parameters: dict[str, Any], **headers: str) -> tuple[int, Any]:
            authorization = {"Authorization": f"Bearer {service.token()}"}
            answer = await service.http.post(
                "/graphql", json=parameters, headers={**authorization, **headers}
            )
            body = answer.json()
            return answer.status_code, body["errors"][0]["extensions"]["code"] if "errors" in body else body[
                "data"
            ]

        refused = (403, "OPERATION_NOT_PUBLISHED")
        assert await ask({"query": ROLE}, **IOS) == refused
        assert await manifests.add("ios", "3.1", {"role": ROLE, "status": STATUS})
        handler = service.app.state.graphql.manifests

        # The refusal above has read the ids from the database. For an unknown operation, the service reads
        # the ids again if the last read is at least a second ago.
        async def is_served() -> bool:
            return await ask({"documentId": "role"}) != refused

        await eventually(is_served)
        assert await manifests.add("web", "7", {"role": ROLE, "clients": CLIENTS})
        assert await handler.look()
        operator = {"viewer": {"role": "OPERATOR"}}
        sha256 = hashlib.sha256(ROLE.encode()).hexdigest()
        by_hash = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256}}}
        for parameters in (
            {"documentId": "role"},
            {"documentId": f"sha256:{sha256}"},
            {"query": ROLE},
            by_hash,
        ):
            assert await ask(parameters, **IOS) == (200, operator)
        assert await ask({"documentId": "role"}) == (200, operator)
        assert await ask({"query": "{ viewer { role } }"}, **IOS) == refused
        async with socket(service) as client:
            payload = {"Authorization": f"Bearer {service.token()}", **IOS}
            await client.send("connection_init", payload=payload)
            assert await client.receive() == {"type": "connection_ack"}
            await client.send(
                "subscribe", id="1", payload={"documentId": "status", "variables": {"id": "none"}}
            )
            assert (await client.receive())["type"] == "next"

        await handler.uses.store()
        await ask({"documentId": "role"}, **IOS)
        await handler.uses.store()
        weeks_ago = datetime.now(UTC) - timedelta(days=20)
        day = weeks_ago.date()
        await ClientUse.create(day=day, client="ios", version="3.0", operations=4, last_used_at=weeks_ago)
        _, data = await ask({"documentId": "clients"})
        clients = data["platform"]["clients"]
        used = {"name": "ios", "version": "3.1", "operationsInWeek": 6, "operationsInMonth": 6}
        old = {"name": "ios", "version": "3.0", "operationsInWeek": 0, "operationsInMonth": 4}
        unused = {"name": "web", "version": "7", "operationsInWeek": 0, "operationsInMonth": 0}
        times = [(one.pop("lastUsedAt"), one.pop("manifestAddedAt")) for one in clients]
        assert clients == [
            {**old, "publishedOperations": 0},
            {**used, "publishedOperations": 2},
            {**unused, "publishedOperations": 2},
        ]
        assert [(last is None, added is None) for last, added in times] == [
            (False, True),
            (False, False),
            (True, False),
        ]

        with pytest.raises(manifests.ManifestRefused, match=r"^ios 3.1 was used at .* pass --even-if-used.$"):
            await manifests.retire("ios", "3.1", even_if_used=False)
        await manifests.retire("web", "7", even_if_used=False)
        assert await handler.look()
        assert await ask({"documentId": "clients"}) == refused
        assert await ask({"documentId": "role"}) == (200, operator)
        await manifests.retire("ios", "3.1", even_if_used=True)
        assert await handler.look()
        assert await ask({"documentId": "role"}) == refused
        assert not await handler.look()


@pytest.mark.usefixtures("database")
async def test_during_an_outage_an_unknown_operation_gets_a_503_instead_of_a_refusal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail() -> None:
        raise outage.Unavailable("time-out")

    handler = Manifests(Documents({"known": ROLE}, only_published=True), {"known": ROLE})
    with monkeypatch.context() as patched:
        patched.setattr(manifests, "ids", fail)
        # The second request comes too soon for another read.
        for _ in range(2):
            with pytest.raises(Refused) as refused:
                await handler.text({"documentId": "role"})
            assert (refused.value.code, refused.value.status) == ("UNAVAILABLE", 503)
        assert await handler.text({"documentId": "known"}) == ROLE
    monkeypatch.setattr(api_manifests, "LOOK_AGAIN", 0)
    with pytest.raises(Unknown):
        await handler.text({"documentId": "role"})
