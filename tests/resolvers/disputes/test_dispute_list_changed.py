"""disputeChanged and disputeListChanged follow disputes within the caller's scope."""

from tortoise.transactions import in_transaction

from connect.payments.mirror import documents
from connect.payments.rules import snapshot
from models import Dispute, Payment, now
from models.transactions import repeatable
from testing.merchants import build_merchant, global_id, store
from testing.service import Service
from testing.stored_payments import add_payment
from testing.subscribers import Socket, socket

ONE = "subscription ($by: DisputeRef!) { disputeChanged(by: $by) { status } }"
LIST = """
subscription ($filter: DisputeFilter) {
  disputeListChanged(filter: $filter) { change disputeId dispute { status } }
}
"""
MERCHANT = """
subscription {
  merchantChanged(by: { externalId: "shop-1" }) { dashboard { tasks { attention } } nextAction { label } }
}
"""


@repeatable
async def decide(payment: Payment, status: str) -> None:
    async with in_transaction():
        row = await Payment.select_for_update().get(id=payment.id)
        assert row.snapshot is not None
        row.snapshot = row.snapshot.replace('"needs_response"', f'"{status}"')
        assert snapshot.decode(row.snapshot).disputes[0].status == status
        await documents.save(row, await now())


async def next_change(client: Socket) -> tuple[str, str | None, dict[str, str] | None]:
    message = (await client.data())["disputeListChanged"]
    return message["change"], message["disputeId"], message["dispute"]


async def test_a_decision_reaches_the_subscribers_of_the_dispute_the_list_and_the_merchant(
    idle: Service,
) -> None:
    built = build_merchant("shop-1")
    await store([built, build_merchant("shop-2")])
    payment = await add_payment(built.merchant, "order-1", "disputed")
    await idle.deliver_changes()
    dispute = await Dispute.get()
    key = global_id("Dispute", dispute.id)
    token = idle.token("merchant", "shop-1")
    async with (
        socket(idle, token=idle.token()) as operator,
        socket(idle, token=token) as own,
        socket(idle, token=token) as followed,
        socket(idle, token=token) as task,
        socket(idle, token=idle.token("merchant", "shop-2")) as other,
    ):
        for client in (operator, own, other):
            await client.subscribe(LIST, {"filter": {"needsResponse": True}})
            assert await next_change(client) == ("READ", None, None)
        await followed.subscribe(ONE, {"by": {"id": key}})
        assert await followed.data() == {"disputeChanged": {"status": "NEEDS_RESPONSE"}}
        await task.subscribe(MERCHANT)
        first = (await task.data())["merchantChanged"]
        assert [one["attention"] for one in first["dashboard"]["tasks"]] == [0, 0, 1, 0]
        assert first["nextAction"] == {"label": "Answer a dispute"}
        await decide(payment, "lost")
        for client in (operator, own):
            assert await next_change(client) == ("LEFT", key, {"status": "LOST"})
        assert await followed.data() == {"disputeChanged": {"status": "LOST"}}
        last = (await task.data())["merchantChanged"]
        assert [one["attention"] for one in last["dashboard"]["tasks"]] == [0, 0, 0, 0]
        await other.subscribe(ONE, {"by": {"id": key}}, id="2")
        (error,) = (await other.receive())["payload"]["errors"]
        assert (error["message"], error["extensions"]["code"]) == ("There is no such dispute.", "NOT_FOUND")
