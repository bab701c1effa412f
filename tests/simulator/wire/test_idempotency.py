"""Idempotency keys of v1: a repeat gets the stored answer, and invalid requests store no answer."""

from collections.abc import AsyncIterator

import httpx
import pytest

from testing.processes import Simulator
from tests.simulator.money.conftest import Shop

PATH = "/v1/payment_intents"
FORM = {"amount": "1000", "currency": "usd", "confirm": "true", "return_url": "https://app.example/"}


@pytest.fixture
async def http(sim: Simulator, shop: Shop) -> AsyncIterator[httpx.AsyncClient]:
    """A plain HTTP client that acts for the merchant's account."""
    headers = {"Authorization": "Bearer sk_test_v1", "Stripe-Account": shop.account, "Idempotency-Key": "k"}
    async with httpx.AsyncClient(base_url=sim.base_url, headers=headers, trust_env=False) as client:
        yield client


@pytest.mark.parametrize(("method", "status"), [("pm_card_visa", 200), ("pm_card_chargeDeclined", 402)])
async def test_a_repeat_gets_the_first_answer_byte_for_byte(
    http: httpx.AsyncClient, sim: Simulator, method: str, status: int
) -> None:
    form = {**FORM, "payment_method": method}
    first = await http.post(PATH, data=form)
    assert (first.status_code, first.headers["Original-Request"]) == (status, first.headers["Request-Id"])
    sim.control("clock", {"advance_seconds": 3600})
    again = await http.post(PATH, data=form)
    assert (again.status_code, again.content) == (status, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Original-Request"] == first.headers["Request-Id"] != again.headers["Request-Id"]
    assert len((await http.get(PATH)).json()["data"]) == 1


async def test_a_key_can_be_reused_only_with_the_same_path_and_parameters(http: httpx.AsyncClient) -> None:
    order = {"amount": "1000", "currency": "usd"}
    ids = [(await http.post(PATH, data=order, headers={"Idempotency-Key": k})).json()["id"] for k in "ab"]
    assert (await http.post(f"{PATH}/{ids[0]}/cancel")).json()["status"] == "canceled"
    reason = {"cancellation_reason": "duplicate"}
    others: list[tuple[str, dict[str, str]]] = [
        (f"{PATH}/{ids[1]}/cancel", {}),
        (f"{PATH}/{ids[0]}/cancel", reason),
    ]
    for answer in [await http.post(path, data=body) for path, body in others]:
        assert answer.status_code == 400
        error = answer.json()["error"]
        assert error["type"] == "idempotency_error"
        assert error["message"] == (
            "Keys for idempotent requests can only be used with the same parameters they were first used "
            "with. Try using a key other than 'k' if you meant to execute a different request."
        )
    form = {**FORM, "payment_method": "pm_card_visa"}
    platform = await http.post(PATH, data=form, headers={"Stripe-Account": ""})
    assert (platform.status_code, "Idempotent-Replayed" in platform.headers) == (200, False)


async def test_invalid_parameters_store_no_answer(http: httpx.AsyncClient) -> None:
    assert (await http.post(PATH, data={**FORM, "colour": "red"})).status_code == 400
    assert (await http.post(PATH, data={**FORM, "payment_method": "pm_card_visa"})).status_code == 200


async def test_an_error_has_the_url_of_the_requests_log(http: httpx.AsyncClient, shop: Shop) -> None:
    answer = await http.get(f"{PATH}/pi_none")
    url = answer.json()["error"]["request_log_url"]
    place = f"https://dashboard.stripe.com/{shop.account}/test/logs/{answer.headers['Request-Id']}?t="
    assert url.startswith(place)
