"""The timelines of payments: pages, actors, and one statement that reads the timelines of all payments."""

from datetime import timedelta

from models import PaymentEntry, uuid7
from testing.merchants import build_merchant, store
from testing.service import Service
from testing.statements import recorded
from testing.stored_payments import NOW, add_payment

TIMELINES = """
query ($first: Int!, $after: String) {
  payments(orderBy: CREATED_AT_ASC) {
    edges {
      node {
        externalId
        timeline(first: $first, after: $after) {
          edges { cursor node { at kind message actor } } pageInfo { hasNextPage }
        }
      }
    }
  }
}
"""


async def test_one_statement_reads_the_timelines_of_all_payments(idle: Service) -> None:
    built = build_merchant("shop-1")
    await store([built])
    for number in range(4):
        payment = await add_payment(built.merchant, f"order-{number}", age=timedelta(hours=9 - number))
        for entry in range(number):
            at = NOW + timedelta(minutes=entry)
            await PaymentEntry.create(
                id=uuid7(at),
                payment_id=payment.id,
                at=at,
                kind="CREATED" if entry == 0 else "STATE_CHANGED",
                message=f"Entry {entry} of {number}.",
                actor="operator-1" if entry == 0 else None,
            )
    with recorded() as statements:
        found = await idle.graphql(TIMELINES, {"first": 2})
    assert statements.count == 2
    timelines = [edge["node"]["timeline"] for edge in found["payments"]["edges"]]
    messages = [[edge["node"]["message"] for edge in one["edges"]] for one in timelines]
    assert messages == [
        [],
        ["Entry 0 of 1."],
        ["Entry 1 of 2.", "Entry 0 of 2."],
        ["Entry 2 of 3.", "Entry 1 of 3."],
    ]
    assert [one["pageInfo"]["hasNextPage"] for one in timelines] == [False, False, False, True]
    assert timelines[1]["edges"][0]["node"] == {
        "at": "2026-01-31T10:00:00.000Z",
        "kind": "CREATED",
        "message": "Entry 0 of 1.",
        "actor": "operator-1",
    }
    after = timelines[3]["edges"][1]["cursor"]
    own = await idle.graphql(TIMELINES, {"first": 2, "after": after}, role="merchant", merchant="shop-1")
    (last,) = own["payments"]["edges"][3]["node"]["timeline"]["edges"]
    assert (last["node"]["message"], last["node"]["actor"]) == ("Entry 0 of 3.", "platform")


async def test_a_cursor_of_another_list_is_refused(idle: Service) -> None:
    built = build_merchant("shop-1")
    await store([built])
    await add_payment(built.merchant, "order-1")
    page = await idle.graphql("{ payments { edges { cursor } } }", {})
    cursor = page["payments"]["edges"][0]["cursor"]
    answer = (await idle.post(TIMELINES, {"first": 2, "after": cursor})).json()
    assert [error["message"] for error in answer["errors"]] == [
        "`after` is not a cursor of this connection in this order."
    ]
