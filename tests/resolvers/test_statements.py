"""The number of SQL statements of a query does not depend on the number of objects."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connect.outgoing import positions
from models import EventEndpoint, StripeEvent, now
from testing.merchants import EVERY_FIELD, add_entries, build_event, build_merchant, global_id, store
from testing.processes import Simulator
from testing.service import Service, running
from testing.statements import recorded
from testing.stored_payments import add_payment

MERCHANTS = f"query ($first: Int!) {{ merchants(first: $first) {{ edges {{ node {{ {EVERY_FIELD} }} }} }} }}"
NODES = f"""
query ($ids: [ID!]!) {{
  nodes(ids: $ids) {{
    id
    ... on Merchant {{ {EVERY_FIELD} }}
    ... on ConnectedAccount {{ stripeAccountId }}
    ... on StripeEvent {{ stripeEventId merchant {{ {EVERY_FIELD} }} }}
  }}
}}
"""
EVENTS = f"""
query ($first: Int!) {{
  platform {{ events(first: $first) {{ edges {{ node {{ id state merchant {{ {EVERY_FIELD} }} }} }} }} }}
}}
"""
PAYMENTS = """
query ($first: Int!, $rare: MerchantPaymentFilter!) {
  merchants(first: $first) { edges { node {
    externalId
    newest: payments(first: 2) { edges { node { externalId refunds { id } } } pageInfo { hasNextPage } }
    oldest: payments(first: 1, orderBy: CREATED_AT_ASC) { edges { node { externalId merchant { id } } } }
    states: payments(filter: {state: [SUCCEEDED, UNKNOWN]}) { edges { node { externalId } } }
    rare: payments(filter: $rare) { edges { node { externalId } } }
    disputes(first: 1) { edges { node { status } } }
    answered: disputes(filter: {needsResponse: false}) { edges { node { status } } }
  } } }
}
"""
OUTGOING = """
query ($first: Int!) { outgoingEvents(first: $first) { edges { node { type deliveries { state } } } } }
"""
PAGE = "{ merchants { edges { node { id account { id } requirements { entries { key } } } } } }"


@pytest.fixture
async def idle(database_url: str, simulator: Simulator, tmp_path: Path) -> AsyncIterator[Service]:
    """The service without a worker, because the statements of a worker would be counted too."""
    async with running(database_url, simulator, tmp_path, WORKER="off") as result:
        yield result


@pytest.mark.slow
async def test_the_number_of_statements_does_not_depend_on_the_number_of_objects(idle: Service) -> None:
    merchants = [
        build_merchant(f"shop-{number}", ("active", "onboarding", "due_soon")[number % 3])
        for number in range(40)
    ]
    await store(merchants)
    for one in merchants:
        await add_entries(one.merchant, 5)
    events = [build_event(number, merchant=one.merchant) for number, one in enumerate(merchants)]
    await StripeEvent.bulk_create(events)

    async def statements(query: str, variables: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with recorded() as recording:
            data = await idle.graphql(query, variables)
        return recording.count, data

    for count in (2, 40):
        # One statement for the documents, one for the fee policies and one for the timelines.
        number, data = await statements(MERCHANTS, {"first": count})
        assert number == 3
        nodes = [edge["node"] for edge in data["merchants"]["edges"]]
        assert len(nodes) == count
        assert all(len(node["timeline"]["edges"]) == 3 and node["account"] for node in nodes)

        # One statement for each of the three types, one for the events' merchants, and one each for the fee
        # policies and the timelines.
        kinds = [
            *(one.id for one in merchants[:count]),
            *(global_id("ConnectedAccount", one.account.id) for one in merchants[:count] if one.account),
            *(global_id("StripeEvent", one.id) for one in events[: min(count, 20)]),
        ]
        number, data = await statements(NODES, {"ids": kinds})
        assert number == 6
        assert [node["id"] for node in data["nodes"]] == kinds

        # Statements for the ids of the page, its events, their merchants, the fee policies and the timelines.
        number, data = await statements(EVENTS, {"first": count})
        assert number == 5
        nodes = [edge["node"]["merchant"] for edge in data["platform"]["events"]["edges"]]
        assert len({node["externalId"] for node in nodes}) == count
        assert all(len(node["timeline"]["edges"]) == 3 for node in nodes)

    # Six statements: the merchants, the first three pages of payments, the counts for the last filter, the
    # page of that filter, both pages of disputes, and the merchants of the payments.
    for number, one in enumerate(merchants):
        for name, kind in (("a", "refunded"), ("b", "disputed"), ("c", "creating")):
            age = timedelta(hours=number, minutes="cba".index(name))
            await add_payment(one.merchant, f"{number}-{name}", kind, age=age)
    for count in (2, 40):
        number, data = await statements(PAYMENTS, {"first": count, "rare": {"disputeState": ["NONE"]}})
        assert number == 6
        for edge in data["merchants"]["edges"]:
            node = edge["node"]
            assert node["disputes"]["edges"] == [{"node": {"status": "NEEDS_RESPONSE"}}]
            assert node["answered"]["edges"] == []
            shop = node["externalId"].removeprefix("shop-")
            listed = {
                name: [each["node"]["externalId"].removeprefix(f"{shop}-") for each in node[name]["edges"]]
                for name in ("newest", "oldest", "states", "rare")
            }
            assert listed == {
                "newest": ["c", "b"],
                "oldest": ["a"],
                "states": ["c", "b", "a"],
                "rare": ["c", "a"],
            }
            assert node["newest"]["pageInfo"] == {"hasNextPage": True}

    # One statement for the events, and one for their deliveries. Events without a position are not listed.
    at = await now()
    await EventEndpoint.create(
        url="https://a.example", description="", secret="x", state_since=at, created_at=at, updated_at=at
    )
    await positions.assign()
    for count in (2, 40):
        number, data = await statements(OUTGOING, {"first": count})
        assert number == 2
        nodes = [edge["node"] for edge in data["outgoingEvents"]["edges"]]
        assert [node["deliveries"] for node in nodes] == [[{"state": "PENDING"}]] * count

    is_postgresql = idle.settings.database_url.startswith("postgresql")
    for query, expected in [
        ("{ viewer { subject role merchant { id } } }", 0),
        ('{ merchant(by: {externalId: "shop-1"}) { id account { stripeAccountId } } }', 1),
        # The first run reads the keys and versions, then the documents. The second run finds the rendered
        # objects in the cache.
        (PAGE, 2),
        (PAGE, 1),
        ("{ platform { statusCounts { status count } } }", 1),
        ("{ platform { webhooks { lastReceivedAt backlog failed destinationStatus } } }", 4),
        ("{ platform { onboardingFunnel { stages { count stuckCount medianSeconds } } } }", 3),
        ("{ platform { problemHistory { edges { node { code } } } } }", 2),
        # On PostgreSQL, one more statement reads the clock.
        ("{ platform { problems { code } } }", 30 if is_postgresql else 29),
        ("{ platform { creations { edges { node { externalId merchant { id } } } } } }", 2),
        ("{ __schema { queryType { name } } }", 0),
    ]:
        assert (await statements(query, {}))[0] == expected, query
