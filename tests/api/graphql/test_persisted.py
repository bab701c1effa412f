"""Persisted documents are registered by clients, or published in a manifest."""

import hashlib
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.graphql import persisted
from api.graphql.content_negotiation import JSON, RESPONSE
from api.graphql.persisted import MAX_BYTES, Documents
from api.server.refusals import Refused
from models import Merchant
from testing.deployment import deployment
from testing.processes import Simulator
from testing.service import Service, running
from testing.subscribers import STATUS, socket, stream
from testing.waits import PATIENCE

VIEWER = "query Viewer { viewer { role } }"
ROLE = {"data": {"viewer": {"role": "OPERATOR"}}}
CLOSE = 'mutation Close { closeMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'
INTROSPECTION = "{ __schema { queryType { name } } }"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def by_hash(text: str) -> dict[str, Any]:
    """The request of an Apollo client that sends a hash instead of the text."""
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256(text)}}}


async def ask(
    service: Service, parameters: dict[str, Any], *, get: bool = False, accept: str = JSON
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {service.token()}", "Accept": accept}
    if not get:
        return await service.http.post("/graphql", json=parameters, headers=headers)
    texts = {
        name: value if isinstance(value, str) else json.dumps(value) for name, value in parameters.items()
    }
    return await service.http.get("/graphql", params=texts, headers=headers)


def code(answer: httpx.Response) -> tuple[int, str]:
    (error,) = answer.json()["errors"]
    assert error["extensions"]["requestId"] == answer.headers["x-request-id"]
    return answer.status_code, error["extensions"]["code"]


@pytest.mark.one_database
async def test_a_registered_query_is_run_by_its_hash(idle: Service) -> None:
    for number, get in enumerate((False, True)):
        text = f"query Viewer{number} {{ viewer {{ role }} }}"
        for accept in (JSON, RESPONSE):
            unknown = await ask(idle, by_hash(text), get=get, accept=accept)
            # Apollo clients look for this message or this code. Some of them do so only if the status is 200.
            assert unknown.status_code == 200
            assert unknown.headers["cache-control"] == "no-store"
            assert unknown.json() == {
                "data": None,
                "errors": [
                    {
                        "message": "PersistedQueryNotFound",
                        "extensions": {
                            "code": "PERSISTED_QUERY_NOT_FOUND",
                            "requestId": unknown.headers["x-request-id"],
                        },
                    }
                ],
            }
        assert (await ask(idle, {"query": text, **by_hash(text)}, get=get)).json() == ROLE
        for again in (False, True):
            answer = await ask(idle, by_hash(text), get=again)
            assert answer.json() == ROLE
            assert answer.headers["cache-control"] == "no-store"
        assert (await ask(idle, {"documentId": f"sha256:{sha256(text)}"})).json() == ROLE


@pytest.mark.one_database
async def test_a_refused_registration_stores_nothing(idle: Service) -> None:
    other = {"query": INTROSPECTION, **by_hash(VIEWER)}
    assert code(await ask(idle, other)) == (400, "PERSISTED_QUERY_MISMATCH")
    assert code(await ask(idle, by_hash(VIEWER))) == (200, "PERSISTED_QUERY_NOT_FOUND")
    malformed: list[Any] = [
        {},
        [],
        "x",
        {"version": 2, "sha256Hash": sha256(VIEWER)},
        {"sha256Hash": sha256(VIEWER)},
        {"version": 1, "sha256Hash": 5},
    ]
    for wrong in malformed:
        parameters = {"query": VIEWER, "extensions": {"persistedQuery": wrong}}
        assert code(await ask(idle, parameters)) == (400, "BAD_REQUEST"), wrong
    assert (await ask(idle, {"query": VIEWER, "extensions": {"persistedQuery": None}})).json() == ROLE
    # A registered mutation needs POST, like any other mutation.
    await idle.create()
    close = {"query": CLOSE, **by_hash(CLOSE)}
    assert code(await ask(idle, close, get=True)) == (405, "METHOD_NOT_ALLOWED")
    assert code(await ask(idle, by_hash(CLOSE), get=True)) == (405, "METHOD_NOT_ALLOWED")
    assert [one.status for one in await Merchant.all()] == ["ONBOARDING"]


def test_the_least_recently_used_documents_are_evicted() -> None:
    documents = Documents({})
    texts = [f"{{ a{number} }}".ljust(MAX_BYTES // 8) for number in range(8)]
    for text in texts:
        documents.text({"query": text, **by_hash(text)})
    documents.text(by_hash(texts[0]))
    documents.text({"query": VIEWER, **by_hash(VIEWER)})
    with pytest.raises(Refused) as refused:
        documents.text(by_hash(texts[1]))
    assert (refused.value.code, refused.value.message) == (
        "PERSISTED_QUERY_NOT_FOUND",
        "PersistedQueryNotFound",
    )
    for text in (texts[0], *texts[2:], VIEWER):
        assert documents.text(by_hash(text)) == text
    # A document that is registered twice is counted once.
    for _ in range(8):
        documents.text({"query": texts[0], **by_hash(texts[0])})
    assert documents.text(by_hash(texts[2])) == texts[2]


@pytest.mark.one_database
def test_clients_register_a_query_on_each_replica(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    one = deployment(database_url, simulator, tmp_path, replicas=2, WORKER="off", LOG_FORMAT="text")
    headers = {"Authorization": f"Bearer {one.token()}"}

    def query_as_apollo(url: str) -> list[Any]:
        """Send the hash, and then the text if the service does not know the hash."""
        with httpx.Client(
            base_url=url, headers=headers, trust_env=False, verify=False, timeout=30 * PATIENCE
        ) as http:
            answers = [http.post("/graphql", json=by_hash(VIEWER)).json()]
            if "errors" in answers[0]:
                assert answers[0]["errors"][0]["message"] == "PersistedQueryNotFound"
                answers.append(http.post("/graphql", json={"query": VIEWER, **by_hash(VIEWER)}).json())
        return [answer.get("data") for answer in answers]

    with one.serving(), one.serving(1):
        urls = [replica.url for replica in (*one.replicas, *one.replicas)]
        assert [query_as_apollo(url) for url in urls] == [
            [None, ROLE["data"]],
            [None, ROLE["data"]],
            [ROLE["data"]],
            [ROLE["data"]],
        ]


def manifest(folder: Path) -> str:
    """Write a manifest in Apollo's format with a query, a mutation and a subscription."""
    operations = [
        {"id": sha256(VIEWER), "name": "Viewer", "type": "query", "body": VIEWER},
        {"id": "close", "name": "Close", "type": "mutation", "body": CLOSE},
        {"id": "status", "name": "Status", "type": "subscription", "body": STATUS},
    ]
    file = folder / "manifest.json"
    file.write_text(json.dumps({"format": persisted.APOLLO, "version": 1, "operations": operations}))
    return str(file)


@pytest.mark.one_database
async def test_published_operations_run_by_their_ids(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    changed = {"WORKER": "off", "PERSISTED_OPERATIONS": manifest(tmp_path)}
    async with running(database_url, simulator, tmp_path, **changed) as service:
        await service.create()
        for identifier in (sha256(VIEWER), f"sha256:{sha256(VIEWER)}"):
            for get in (False, True):
                answer = await ask(service, {"documentId": identifier}, get=get)
                assert answer.json() == ROLE
                assert answer.headers["cache-control"] == "no-store"
        assert (await ask(service, by_hash(VIEWER))).json() == ROLE
        for identifier in (
            "nothing",
            "",
            "sha256:",
            f"sha256:{sha256('nothing')}",
            f"x-other:{sha256(VIEWER)}",
        ):
            parameters = {"documentId": identifier}
            assert code(await ask(service, parameters, accept=RESPONSE)) == (400, "DOCUMENT_NOT_FOUND"), (
                identifier
            )
        for more in ({"query": VIEWER}, by_hash(VIEWER)):
            assert code(await ask(service, {"documentId": sha256(VIEWER), **more})) == (400, "BAD_REQUEST")
        assert code(await ask(service, {"documentId": "close"}, get=True)) == (405, "METHOD_NOT_ALLOWED")
        # Unpublished operations run too.
        assert (await ask(service, {"query": "{ viewer { role } }"})).json() == ROLE
        status: dict[str, Any] = {"documentId": "status", "variables": {"id": "shop-1"}}
        async with socket(service, token=service.token()) as client:
            await client.send("subscribe", id="1", payload=status)
            assert await client.data() == {"merchantChanged": {"status": "ONBOARDING"}}
            await client.send("subscribe", id="2", payload={"documentId": "nothing"})
            message = await client.receive()
            assert (message["type"], message["id"]) == ("error", "2")
            assert message["payload"][0]["extensions"]["code"] == "DOCUMENT_NOT_FOUND"
        async with stream(service, token=service.token(), **status) as events:
            assert await events.data() == {"merchantChanged": {"status": "ONBOARDING"}}


@pytest.mark.one_database
async def test_unpublished_operations_can_be_refused(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    changed = {"WORKER": "off", "PERSISTED_OPERATIONS": manifest(tmp_path), "ONLY_PERSISTED": "on"}
    async with running(database_url, simulator, tmp_path, **changed) as service:
        published: list[dict[str, Any]] = [
            {"documentId": sha256(VIEWER)},
            {"documentId": f"sha256:{sha256(VIEWER)}"},
            by_hash(VIEWER),
            {"query": VIEWER, **by_hash(VIEWER)},
            {"query": VIEWER},
        ]
        for parameters in published:
            for get in (False, True):
                assert (await ask(service, parameters, get=get)).json() == ROLE, parameters
        others: list[dict[str, Any]] = [
            {"query": INTROSPECTION},
            {"query": VIEWER + " "},
            {"query": "{ syntax"},
            {"query": ""},
            {"query": INTROSPECTION, **by_hash(INTROSPECTION)},
            by_hash(INTROSPECTION),
            {"documentId": "nothing"},
            {"documentId": f"sha256:{sha256(INTROSPECTION)}"},
        ]
        for parameters in others:
            for accept in (JSON, RESPONSE):
                answer = await ask(service, parameters, accept=accept)
                assert code(answer) == (403, "OPERATION_NOT_PUBLISHED"), parameters
            async with socket(service, token=service.token()) as client:
                await client.send("subscribe", id="1", payload=parameters)
                message = await client.receive()
                assert (message["type"], message["id"]) == ("error", "1")
                assert message["payload"][0]["extensions"]["code"] == "OPERATION_NOT_PUBLISHED"
            with pytest.raises(AssertionError, match="OPERATION_NOT_PUBLISHED"):
                async with stream(service, token=service.token(), **parameters):
                    pass
        # The hash of a published operation does not allow the client to send a different text.
        parameters = {"query": INTROSPECTION, **by_hash(VIEWER)}
        assert code(await ask(service, parameters)) == (400, "PERSISTED_QUERY_MISMATCH")


def test_manifests_of_apollo_and_relay_are_read(tmp_path: Path) -> None:
    file = tmp_path / "manifest.json"
    one = {"id": "a", "name": "A", "type": "query", "body": VIEWER}
    two = {"id": "b", "name": "B", "type": "query", "body": INTROSPECTION}
    apollo = {"format": persisted.APOLLO, "version": 1, "operations": [one, two]}
    for content in (apollo, {"a": VIEWER, "b": INTROSPECTION}):
        file.write_text(json.dumps(content))
        assert persisted.published(file) == {"a": VIEWER, "b": INTROSPECTION}
    for wrong in (
        [],
        5,
        None,
        [VIEWER],
        {"a": 5},
        {**apollo, "version": 2},
        {**apollo, "format": "other"},
        {**apollo, "operations": None},
        {**apollo, "operations": [VIEWER]},
        {**apollo, "operations": [one, {**two, "body": None}]},
        {**apollo, "operations": [one, {**two, "id": "a"}]},
    ):
        file.write_text(json.dumps(wrong))
        with pytest.raises(ValueError, match="is not a manifest of Apollo"):
            persisted.published(file)
    file.write_bytes(b"\xff")
    with pytest.raises(ValueError, match="is not JSON in UTF-8"):
        persisted.published(file)
