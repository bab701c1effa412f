"""The answer cache of one process while another process changes merchants."""

from pathlib import Path
from typing import Any

import httpx

from testing.deployment import Deployment, Replica, deployed
from testing.processes import Simulator
from testing.waits import PATIENCE

PAGE = "{ merchants(first: 100, orderBy: DISPLAY_NAME_ASC) { edges { node { externalId displayName } } } }"
ONE = "query ($id: String!) { merchant(by: {externalId: $id}) { displayName freshness { stale } } }"
UPDATE = """
mutation ($id: String!, $name: String!) {
  updateMerchant(input: {merchant: {externalId: $id}, displayName: $name}) {
    ... on UpdateMerchantPayload { merchant { displayName } }
  }
}
"""


def _ask(http: httpx.Client, deployment: Deployment, replica: Replica, query: str, **variables: str) -> Any:
    body = {"query": query, "variables": variables}
    answer = http.post(f"{replica.url}/graphql", json=body, headers=deployment.headers)
    assert "errors" not in answer.json(), answer.json()
    return answer.json()["data"]


def test_a_cached_answer_is_never_older_than_a_write_of_another_process(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    with (
        deployed(database_url, simulator, tmp_path, replicas=2, separate_worker=True) as deployment,
        httpx.Client(trust_env=False, verify=False, timeout=30 * PATIENCE) as http,
    ):
        writer, reader = deployment.replicas
        names = {f"shop-{number}": f"Shop {number}" for number in range(3)}
        for key in names:
            created = deployment.attempt_creation(writer, key)
            assert created is not None
            assert created["__typename"] == "CreateMerchantPayload"
            names[key] = f"Shop {key}"
        for number in range(6):
            key = f"shop-{number % 3}"
            for _ in range(2):  # the second answer comes from the cache
                edges = _ask(http, deployment, reader, PAGE)["merchants"]["edges"]
                assert {e["node"]["externalId"]: e["node"]["displayName"] for e in edges} == names
                assert _ask(http, deployment, reader, ONE, id=key)["merchant"]["displayName"] == names[key]
            names[key] = f"Renamed {number}"
            _ask(http, deployment, writer, UPDATE, id=key, name=names[key])
            assert _ask(http, deployment, reader, ONE, id=key) == {
                "merchant": {"displayName": names[key], "freshness": {"stale": False}}
            }
            writer, reader = reader, writer
