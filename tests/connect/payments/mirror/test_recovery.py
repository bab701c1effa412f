"""Lost payments are restored with all their pages, so that a repeated createCheckout opens no new page."""

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from connect.errors import ExternalIdTaken
from connect.merchants import accounts
from connect.merchants.adoption.recovered import Finding
from connect.merchants.rules.messages import Audience
from connect.payments import calls, changes, payments
from connect.payments.inputs import Line, NewCheckout
from connect.payments.mirror import recovery
from connect.payments.payments import Checkout
from connect.stripe_api.gateway import Answer, Gateway
from models import Payment, PaymentCreation, PaymentObject, now, uuid7
from testing.environment import STRIPE_KEY
from testing.payments import SESSION, Shop

SHOP = "https://shop.example"
HAT = Line(name="Hat", quantity=1, unit_amount=2500, currency="USD")
ORDER = NewCheckout(
    external_id="order-1", lines=(HAT,), success_url=f"{SHOP}/done", cancel_url=f"{SHOP}/cart", expires_in=60
)


async def recover(shop: Shop, *, dry_run: bool = False) -> list[tuple[Finding, str]]:
    """Run the recovery, and return each finding with the id at Stripe."""
    since = await now() - timedelta(hours=1)
    found = recovery.run(shop.gateway, since, actor="recover", dry_run=dry_run)
    return [(one.finding, one.stripe_id) async for one in found]


async def checkout(shop: Shop, new: NewCheckout = ORDER) -> Checkout:
    return await payments.create_checkout(
        shop.gateway,
        shop.merchant,
        new,
        origins={SHOP},
        policy=None,
        actor="tests",
        audience=Audience.PLATFORM,
    )


async def lose_page(shop: Shop) -> tuple[str, Checkout]:
    """Restore a backup that was made before the second page of a payment was opened. Returns the id of the
    first page, which is open in the backup, and the second page.
    """
    await accounts.refresh(shop.gateway, shop.merchant, actor="tests")
    backup = (await checkout(shop)).payment
    old = str(backup.stripe_checkout_session_id)
    shop.play(old, "expire")
    page = await checkout(shop)
    await PaymentCreation.filter(number=2).delete()
    await PaymentObject.filter(stripe_object_id=page.payment.stripe_checkout_session_id).delete()
    await backup.save()
    return old, page


async def test_a_lost_page_is_restored_to_its_payment_and_repeated_calls_find_the_page(shop: Shop) -> None:
    old, page = await lose_page(shop)
    new = str(page.payment.stripe_checkout_session_id)
    await Payment.all().update(stripe_account_id="acct_other")
    assert await recover(shop) == []  # any merchant can write such metadata, so it proves nothing
    await Payment.all().update(stripe_account_id=shop.account)

    assert await recover(shop, dry_run=True) == [(Finding.RESTORABLE, new)]
    assert await recover(shop) == [(Finding.RESTORED, new)]
    assert await recover(shop) == []
    first, second = await PaymentCreation.all().order_by("number")
    key = f"checkout:{page.payment.id}:2"
    assert (second.number, second.input, second.idempotency_key) == (2, first.input, key)
    again = await checkout(shop)
    assert (again.payment.id, again.url, again.created) == (page.payment.id, page.url, False)
    with pytest.raises(ExternalIdTaken):
        await checkout(shop, dataclasses.replace(ORDER, customer_email="else@example.com"))

    # Restore a backup that was made before the payment was created.
    await Payment.all().delete()
    await PaymentCreation.all().delete()
    assert await recover(shop) == [(Finding.RESTORED, old), (Finding.RESTORED, new)]
    again = await checkout(shop)
    assert (again.payment.id, again.url, again.created) == (page.payment.id, page.url, False)

    # Open another page of the payment, as if a client had repeated the creation before the recovery.
    body = {**SESSION, "metadata": {"payment_id": str(page.payment.id), "external_id": "order-1"}}
    other = (await calls.create_session(shop.gateway, shop.account, body, "other"))["id"]
    assert await recover(shop) == [(Finding.DUPLICATE, other)]
    shop.play(other, "expire")
    assert await recover(shop) == []


async def test_the_open_page_of_a_canceled_payment_is_left_to_an_operator(shop: Shop) -> None:
    _, page = await lose_page(shop)
    new = str(page.payment.stripe_checkout_session_id)
    await changes.cancel(shop.gateway, await Payment.get(), actor="tests")
    assert await recover(shop, dry_run=True) == [(Finding.DUPLICATE, new)]
    assert await recover(shop) == [(Finding.DUPLICATE, new)]
    assert (await Payment.get()).state == "CANCELED"

    shop.pay(page.url)  # the restored payment shows the charge, so that staff can refund it
    assert await recover(shop) == [(Finding.RESTORED, new)]
    assert (await Payment.get()).state == "SUCCEEDED"


async def test_a_page_that_a_client_gets_again_during_the_recovery_is_no_duplicate(shop: Shop) -> None:
    _, page = await lose_page(shop)
    again: list[Checkout] = []

    class Slow(Gateway):
        async def call(self, operation: str, method: Any, path: str, *args: Any, **options: Any) -> Answer:
            answer = await super().call(operation, method, path, *args, **options)
            if path.endswith(str(page.payment.stripe_checkout_session_id)) and not again:
                again.append(await checkout(shop))
            return answer

    gateway = Slow(STRIPE_KEY, shop.simulator.base_url)
    assert await recover(dataclasses.replace(shop, gateway=gateway)) == []
    await gateway.close()
    assert [one.url for one in again] == [page.url]


async def test_a_session_with_edited_metadata_does_not_become_a_payment(shop: Shop) -> None:
    await accounts.refresh(shop.gateway, shop.merchant, actor="tests")
    payment = (await checkout(shop)).payment
    shop.play(str(payment.stripe_checkout_session_id), "expire")
    (line,) = SESSION["line_items"]
    metadata = {"payment_id": str(payment.id), "external_id": "order-1"}
    cheaper = {**SESSION, "line_items": [{**line, "quantity": 1}], "metadata": metadata}
    shop.pay((await calls.create_session(shop.gateway, shop.account, cheaper, "cheaper"))["url"])
    assert await recover(shop) == []

    metadata = {"payment_id": str(uuid7()), "external_id": "order-2"}
    about = {"mode": "setup", "status": "open", "amount_total": None, "currency": None, "metadata": metadata}
    setup = {"id": "cs_test_setup", "object": "checkout.session", **about}
    for path, body in (("", {"data": [setup], "has_more": False}), ("/cs_test_setup", setup)):
        answer = {"status": 200, "body": body}
        shop.simulator.control("faults", {"method": "GET", "path": f"/v1/checkout/sessions{path}", **answer})
    assert await recover(shop) == []
