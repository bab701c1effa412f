"""Reads the objects of Stripe and of GraphQL, and compares them by their ids."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from testing.deployment import Deployment
from testing.environment import STRIPE_KEY

Json = dict[str, Any]


def read(
    deployment: Deployment, query: str, variables: Mapping[str, Any] | None = None, parent: str | None = None
) -> list[Json]:
    """The nodes of all pages of the connection `found`, which is a root field or a field of `parent`."""
    nodes: list[Json] = []
    after = None
    while True:
        data = deployment.ask(query, {**(variables or {}), "after": after})["data"]
        page = (data[parent] if parent else data)["found"]
        nodes += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return nodes
        after = page["pageInfo"]["endCursor"]


def at_stripe(deployment: Deployment, path: str, account: str | None = None, **query: str) -> list[Json]:
    """All objects of a list of Stripe's API."""
    headers = {"Authorization": f"Bearer {STRIPE_KEY}", **({"Stripe-Account": account} if account else {})}
    found: list[Json] = []
    while True:
        after = {"starting_after": found[-1]["id"]} if found else {}
        params = {"limit": "100", **query, **after}
        answer = deployment.simulator.client.get(f"/v1/{path}", params=params, headers=headers)
        page = answer.raise_for_status().json()
        found += page["data"]
        if not page["has_more"]:
            return found


def one_at_stripe(deployment: Deployment, path: str, account: str) -> Json:
    """An object that exists once for each account, such as `balance_settings`."""
    headers = {"Authorization": f"Bearer {STRIPE_KEY}", "Stripe-Account": account}
    answer = deployment.simulator.client.get(f"/v1/{path}", headers=headers)
    found: Json = answer.raise_for_status().json()
    return found


def apart(
    kind: str, expected: Mapping[str, Json], shown: Mapping[str, Json], plain: Callable[[Json], Json]
) -> list[str]:
    """Describe how the objects that GraphQL shows differ from the expected ones. The keys are ids.

    `plain` converts an object that GraphQL shows to the form of the expected ones.
    """
    problems = [f"the {kind} {key} is missing" for key in expected.keys() - shown.keys()]
    problems += [f"the {kind} {key} is not at Stripe" for key in shown.keys() - expected.keys()]
    for key in expected.keys() & shown.keys():
        actual = plain(shown[key])
        problems += [
            f"the {kind} {key} has the {name} {actual.get(name)!r}, at Stripe {value!r}"
            for name, value in expected[key].items()
            if actual.get(name) != value
        ]
    return problems


def money(value: Json | None) -> Any:
    """The minor units and the currency of an amount."""
    return (int(value["minorUnits"]), value["currency"]) if value is not None else None


def moment(text: str | None) -> datetime | None:
    """Parse a time of GraphQL."""
    return datetime.fromisoformat(text) if text is not None else None


def date(seconds: int | None) -> datetime | None:
    """Convert a time of Stripe, which is in seconds."""
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
