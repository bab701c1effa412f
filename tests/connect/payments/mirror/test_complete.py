"""A payment that Stripe has not booked yet is fetched at most three more times."""

from datetime import timedelta

from connect.payments.mirror import complete
from models import Payment, now
from testing.payments import Shop


async def due(payment: Payment) -> None:
    await Payment.filter(id=payment.id).update(complete_at=await now())


async def test_a_payment_that_stripe_does_not_book_is_fetched_three_more_times(shop: Shop) -> None:
    payment = await shop.intent()
    assert payment.complete_at is not None
    shop.forget_calls()
    assert await complete.run(shop.gateway) == 0
    pauses = []
    for _ in range(3):
        await due(payment)
        at = await now()
        assert await complete.run(shop.gateway) == 1
        assert await complete.run(shop.gateway) == 0
        payment = await Payment.get(id=payment.id)
        pauses.append(payment.complete_at and round((payment.complete_at - at) / timedelta(minutes=1)))
    assert pauses == [5, 60, None]
    assert shop.calls == {"GET /v1/payment_intents/{id}": 3}
    assert (payment.completions, payment.synced_by) == (3, "complete")


async def test_a_booked_payment_is_not_fetched_again(shop: Shop) -> None:
    payment = await shop.intent()
    shop.simulator.control("clock", {"advance_seconds": 5})
    await due(payment)
    refusal = {"error": {"type": "api_error", "message": "Later."}}
    shop.simulator.control("faults", {"method": "GET", "status": 500, "body": refusal})
    assert await complete.run(shop.gateway) == 1  # the fetch fails, so another fetch is planned
    assert (await Payment.get(id=payment.id)).complete_at is not None
    await due(payment)
    assert await complete.run(shop.gateway) == 1
    booked = await Payment.get(id=payment.id)
    assert (booked.complete_at, booked.completions) == (None, 0)
