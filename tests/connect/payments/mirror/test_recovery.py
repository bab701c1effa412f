"""Lost payments return with all their pages, so that a repeat makes no further page."""

import dataclasses
from datetime import timedelta

import pytest

from connect.errors import ExternalIdTaken
from connect.merchants import accounts
from connect.merchants.adoption.recovered import Finding
from connect.merchants.rules.messages import Audience
from connect.payments import calls, payments
from connect.payments.inputs import Line, NewCheckout
from connect.payments.mirror import recovery
from connect.payments.payments import Checkout
from models import Payment, PaymentCreation, PaymentObject, now
from testing.payments import SESSION, Shop

SHOP = "https://shop.example"
HAT = Line(name="Hat", quantity=1, unit_amount=2500, currency="USD")
ORDER = NewCheckout(
    external_id="order-1", lines=(HAT,), success_url=f"{SHOP}/done", cancel_url=f"{SHOP}/cart", expires_in=60
)


async def recover(shop: Shop, *, dry_run: bool = False) -> list[tuple[Finding, str]]:
    """The findings, with the ids at Stripe."""
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


async def test_a_lost_page_returns_to_its_payment_and_repeats_find_it(shop: Shop) -> None:
    await accounts.refresh(shop.gateway, shop.merchant, actor="tests")
    backup = (await checkout(shop)).payment
    old = str(backup.stripe_checkout_session_id)
    shop.play(old, "expire")
    page = await checkout(shop)
    new = str(page.payment.stripe_checkout_session_id)
    before = await PaymentCreation.all().order_by("number").values("number", "input", "idempotency_key")
    # The backup is from before the new page. It shows the old page as open.
    await PaymentCreation.filter(number=2).delete()
    await PaymentObject.filter(stripe_object_id=new).delete()
    await backup.save()
    await Payment.all().update(stripe_account_id="acct_other")
    assert await recover(shop) == []  # another merchant can write any metadata
    await Payment.all().update(stripe_account_id=shop.account)

    assert await recover(shop, dry_run=True) == [(Finding.RESTORABLE, new)]
    assert await recover(shop) == [(Finding.RESTORED, new)]
    assert await recover(shop) == []
    after = await PaymentCreation.all().order_by("number").values("number", "input", "idempotency_key")
    assert after == before
    again = await checkout(shop)
    assert (again.payment.id, again.url, again.created) == (page.payment.id, page.url, False)
    with pytest.raises(ExternalIdTaken):
        await checkout(shop, dataclasses.replace(ORDER, customer_email="else@example.com"))

    # The backup is from before the payment.
    await Payment.all().delete()
    await PaymentCreation.all().delete()
    assert await recover(shop) == [(Finding.RESTORED, old), (Finding.RESTORED, new)]
    again = await checkout(shop)
    assert (again.payment.id, again.url, again.created) == (page.payment.id, page.url, False)

    # A client repeated the creation before the recovery, so that two pages of the payment are open.
    body = {**SESSION, "metadata": {"payment_id": str(page.payment.id), "external_id": "order-1"}}
    other = (await calls.create_session(shop.gateway, shop.account, body, "other"))["id"]
    assert await recover(shop) == [(Finding.DUPLICATE, other)]
    shop.play(other, "expire")
    assert await recover(shop) == []
