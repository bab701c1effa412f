"""Payments in the Dashboard: the list, refunds by the merchant, captures, disputes and fraud warnings."""

import httpx

from testing.processes import Simulator
from tests.simulator.money.conftest import Shop


async def test_the_dashboard_lists_payments_and_the_balance(shop: Shop, browser: httpx.AsyncClient) -> None:
    home = str(browser.base_url).rstrip("/")
    assert "No payments yet" in (await browser.get(home)).text
    made = await shop.pay(1250, description="Two hats")
    shop.pass_time(2)
    page = (await browser.get(home)).text
    assert f'/payments/{made["id"]}">$12.50</a>' in page
    assert [text in page for text in ("Two hats", "<dd>$11.84</dd>", "<dd>$0.00</dd>")] == [True] * 3


async def test_the_platform_keeps_its_fee_after_a_refund_by_the_merchant(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    made = await shop.pay(1000, application_fee_amount=100)
    path = f"/payments/{made['id']}"
    assert 'value="10.00"' in (await browser.get(path)).text
    refusals = (("1.001", "Enter an amount with at most 2 decimals."), ("10.01", "is greater than"))
    for text, refusal in refusals:
        refused = await browser.post(f"{path}/refund", data={"amount": text, "reason": "duplicate"})
        assert (refused.status_code, refusal in refused.text) == (422, True)
    answer = await browser.post(f"{path}/refund", data={"amount": "4", "reason": "duplicate"})
    assert answer.headers["location"] == f"/dashboard/{shop.account}{path}"
    refund = (await shop.v1.refunds.list_async({"payment_intent": made["id"]}, shop.scope)).data[0]
    assert (refund.amount, refund.reason) == (400, "duplicate")
    assert (await shop.v1.application_fees.list_async()).data[0].amount_refunded == 0
    page = (await browser.get(path)).text
    assert ("partially refunded" in page, 'value="6.00"' in page) == (True, True)
    assert [kind for kind, _ in await shop.events()][-2:] == ["refund.created", "charge.refunded"]


async def test_an_authorization_is_captured_or_canceled(shop: Shop, browser: httpx.AsyncClient) -> None:
    for action, status in (("capture", "succeeded"), ("cancel", "canceled")):
        made = await shop.pay(capture_method="manual")
        await browser.post(f"/payments/{made['id']}/{action}")
        assert (await shop.get(made["id"]))["status"] == status
        again = await browser.post(f"/payments/{made['id']}/{action}")
        assert f"The payment has the status {status}." in again.text


async def test_the_start_page_shows_the_platforms_fees(shop: Shop, sim: Simulator) -> None:
    assert "Balance of the platform" not in sim.client.get("/").text
    await shop.pay(application_fee_amount=123)
    shop.pass_time(2)
    assert "<dd>$1.23</dd>" in sim.client.get("/").text


async def test_a_payment_of_another_account_is_not_shown(shop: Shop, sim: Simulator) -> None:
    made = await shop.pay()
    assert sim.client.get(f"/dashboard/acct_none/payments/{made['id']}").status_code == 404
    assert sim.client.post(f"/dashboard/acct_none/payments/{made['id']}/refund").status_code == 404


async def test_a_dispute_is_shown_answered_and_decided_in_the_dashboard(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    home = str(browser.base_url).rstrip("/")
    made = await shop.pay(1250)
    path = f"/payments/{made['id']}"
    assert "No disputes." in (await browser.get(home)).text
    await browser.post(f"{path}/dispute", data={"reason": "duplicate", "inquiry": "1"})
    assert ">inquiry</span>" in (await browser.get(home)).text
    dispute = (await shop.v1.disputes.list_async({}, shop.scope)).data[0].id
    await browser.post(f"/disputes/{dispute}", data={"action": "stage", "text": "Delivered."})
    assert ">Delivered.</textarea>" in (await browser.get(path)).text
    steps = (
        ("answer", "inquiry in review"),
        ("escalate", "needs response"),
        ("answer", "under review"),
        ("win", "won"),
    )
    for action, status in steps:
        moved = await browser.post(f"/disputes/{dispute}", data={"action": action})
        assert moved.headers["location"] == f"/dashboard/{shop.account}{path}#disputes"
        assert f">{status}</span>" in (await browser.get(path)).text
    again = await browser.post(f"/disputes/{dispute}", data={"action": "accept"})
    assert (again.status_code, "already closed" in again.text) == (422, True)
    shown = await shop.v1.disputes.retrieve_async(dispute, {}, shop.scope)
    assert (shown.evidence.uncategorized_text, shown.evidence_details.submission_count) == ("Delivered.", 2)
    wrong = [
        (await browser.post(place, data={"action": action})).status_code
        for place, action in ((f"/disputes/{dispute}", "none"), ("/disputes/du_none", "win"))
    ]
    assert wrong == [404, 404]
    await browser.post(f"{path}/dispute", data={"reason": "fraudulent"})
    newest = (await shop.v1.disputes.list_async({}, shop.scope)).data[0]
    await browser.post(f"/disputes/{newest.id}", data={"action": "accept"})
    assert (await shop.v1.disputes.retrieve_async(newest.id, {}, shop.scope)).status == "lost"
    page = (await browser.get(path)).text
    assert ('id="status">disputed</span>' in page, 'id="refund"' in page) == (True, False)


async def test_a_fraud_warning_is_shown_until_the_payment_is_refunded(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    home = str(browser.base_url).rstrip("/")
    made = await shop.pay(1250)
    path = f"/payments/{made['id']}"
    await browser.post(f"{path}/warn")
    assert "refund to avoid a dispute" in (await browser.get(path)).text
    assert 'id="warning-list"' in (await browser.get(home)).text
    await browser.post(f"{path}/refund", data={"amount": "12.50", "reason": "fraudulent"})
    assert ">ended</span>" in (await browser.get(path)).text
    assert 'id="warning-list"' not in (await browser.get(home)).text
