"""platform.creations lists account creations with Stripe's reasons for refusals."""

from typing import Any

from connect.merchants.rules.document import wire_time
from models import AccountCreation
from testing.faults import REFUSED, clear_faults, inject_fault
from testing.merchants import encode_cursor
from testing.service import Service

CREATIONS = """
query ($first: Int, $after: String, $state: CreationState) {
  platform {
    creations(first: $first, after: $after, state: $state) {
      edges {
        cursor
        node {
          externalId state attempts code message remedy requestId createdAt finishedAt
          merchant { externalId }
        }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""


async def creations(service: Service, **arguments: Any) -> dict[str, Any]:
    result: dict[str, Any] = (await service.graphql(CREATIONS, arguments))["platform"]["creations"]
    return result


async def test_refused_creations_are_listed_with_the_reason(idle: Service) -> None:
    idle.simulator.control("deliveries", {"mode": "drop"})
    await idle.create("shop-1")
    inject_fault(idle, "/v2/core/accounts", REFUSED)
    refusal = await idle.create("shop-2")
    clear_faults(idle)
    assert (refusal["__typename"], refusal["code"]) == ("StripeRefusedError", "not_today")
    body = {"error": {"code": "not_found", "message": "No such thing."}}
    inject_fault(idle, "/v2/core/accounts", {"status": 404, "body": body, "times": 1})
    await idle.create("shop-3")
    result = await creations(idle)
    rows = {row.external_id: row for row in await AccountCreation.all()}
    times = {
        name: {"createdAt": wire_time(row.created_at), "finishedAt": wire_time(row.finished_at)}
        for name, row in rows.items()
    }
    assert [edge["node"] for edge in result["edges"]] == [
        {
            "externalId": "shop-3",
            "state": "REFUSED",
            "attempts": 1,
            "code": "not_found",
            "message": "No such thing.",
            "remedy": (
                "Check that CONNECTQL_STRIPE_API_KEY belongs to the platform and mode "
                "that created the account."
            ),
            "requestId": rows["shop-3"].request_id,
            **times["shop-3"],
            "merchant": None,
        },
        {
            "externalId": "shop-2",
            "state": "REFUSED",
            "attempts": 1,
            "code": "not_today",
            "message": "Stripe says no.",
            "remedy": None,
            "requestId": refusal["requestId"],
            **times["shop-2"],
            "merchant": None,
        },
        {
            "externalId": "shop-1",
            "state": "SUCCEEDED",
            "attempts": 1,
            "code": None,
            "message": None,
            "remedy": None,
            "requestId": None,
            **times["shop-1"],
            "merchant": {"externalId": "shop-1"},
        },
    ]
    for state, expected in {"REFUSED": ["shop-3", "shop-2"], "SUCCEEDED": ["shop-1"], "PENDING": []}.items():
        chosen = await creations(idle, state=state)
        assert [edge["node"]["externalId"] for edge in chosen["edges"]] == expected
    first = await creations(idle, first=2)
    assert first["pageInfo"]["hasNextPage"] is True
    rest = await creations(idle, first=2, after=first["pageInfo"]["endCursor"])
    assert [edge["node"]["externalId"] for edge in rest["edges"]] == ["shop-1"]
    assert (rest["pageInfo"]["hasPreviousPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"first": 101}, "`first` must be from 1 to 100; it is 101."),
        (
            {"after": encode_cursor("EVENTS", "x")},
            "`after` is not a cursor of this connection in this order.",
        ),
    ]
    for arguments, message in cases:
        assert await idle.error(CREATIONS, arguments) == ("BAD_USER_INPUT", message)
