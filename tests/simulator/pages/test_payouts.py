"""Payouts in the Dashboard: a requested payout, its failure, a change of the bank account, the schedule."""

import httpx

from tests.simulator.money.conftest import Shop


async def test_a_payout_fails_and_the_next_one_goes_to_another_bank_account(
    shop: Shop, browser: httpx.AsyncClient
) -> None:
    home = str(browser.base_url).rstrip("/")
    await shop.pay(method="pm_card_bypassPending")
    shop.pass_time(2)
    assert "Automatic, every business day." in (await browser.get(home)).text
    answer = await browser.post("/payouts", data={"action": "pay_out"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/dashboard/{shop.account}#payouts")
    (made,) = (await shop.v1.payouts.list_async({}, shop.scope)).data
    page = (await browser.get(f"/payouts/{made.id}")).text
    assert [text in page for text in ("$9.41", "-$9.41", "•••• 6789", "charge")] == [True] * 4
    await browser.post(f"/payouts/{made.id}", data={"code": "no_account"})
    page = (await browser.get(home)).text
    assert [
        text in page
        for text in (
            "The bank found no account with these details.",
            "Payouts are off: the bank refused the last payout.",
        )
    ] == [True] * 2
    assert (await browser.post("/payouts", data={"action": "replace_bank", "number": "1"})).status_code == 422
    await browser.post("/payouts", data={"action": "replace_bank", "number": "DE89 3704 0044 0532 0130 00"})
    shop.pass_time(60)
    await browser.post("/payouts", data={"action": "pay_out"})
    assert "ending in 3000" in (await browser.get(home)).text
    second = (await shop.v1.payouts.list_async({}, shop.scope)).data[0]
    assert (second.amount, second.id != made.id) == (941, True)


async def test_the_merchant_changes_the_schedule(browser: httpx.AsyncClient) -> None:
    await browser.post("/payouts", data={"action": "reschedule", "interval": "weekly"})
    page = (await browser.get(str(browser.base_url).rstrip("/"))).text
    assert "Automatic, every week on Monday." in page


async def test_the_page_of_an_unknown_payout_says_that_there_is_none(browser: httpx.AsyncClient) -> None:
    answer = await browser.get("/payouts/po_unknown")
    assert (answer.status_code, "No such payout" in answer.text) == (404, True)
