"""Every outcome of a call to Stripe is one of three: an answer, a refusal, or nothing definite."""

from typing import Any

import pytest

from connect.errors import StripeKeyRefused, StripeNotFound, StripeRefused, StripeUnavailable
from connect.gateway import Gateway
from testing.processes import Simulator
from testing.service import STRIPE_KEY


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "reset_before"},
        {"kind": "reset_after"},
        {"kind": "delay", "seconds": 5},
        {"kind": "malformed"},
        {"status": 409},
        {"status": 429},
        {"status": 429, "headers": {"Stripe-Should-Retry": "true"}},
        {"status": 500},
        {"status": 502, "body": "<html>Bad Gateway</html>"},
        {"status": 503},
    ],
    ids=str,
)
async def test_without_a_definite_answer_repeating_may_help(
    gateway: Gateway, simulator: Simulator, fault: dict[str, Any]
) -> None:
    simulator.control("faults", {"method": "GET", **fault})
    with pytest.raises(StripeUnavailable) as caught:
        await gateway.retrieve_account("acct_1234567890123456")
    assert caught.value.retry_after_seconds == 2


async def test_an_unknown_account_is_not_found_with_stripes_request_id(gateway: Gateway) -> None:
    with pytest.raises(StripeNotFound) as caught:
        await gateway.retrieve_account("acct_1234567890123456")
    assert caught.value.code == "not_found"
    assert str(caught.value.request_id).startswith("req_")


async def test_a_refused_request_carries_stripes_code_and_words(gateway: Gateway) -> None:
    with pytest.raises(StripeRefused) as caught:
        await gateway.create_account({"dashboard": "full", "nonsense": 1}, "key-1")
    assert caught.value.code == "parameter_unknown"
    assert "nonsense" in caught.value.message


async def test_a_wrong_key_is_told_without_the_key(simulator: Simulator) -> None:
    gateway = Gateway("sk_live_" + "W" * 24, simulator.base_url, retries=0)
    try:
        with pytest.raises(StripeKeyRefused) as caught:
            await gateway.retrieve_account("acct_1234567890123456")
    finally:
        await gateway.close()
    assert "CONNECTQL_STRIPE_API_KEY" in caught.value.message
    assert "WWW" not in caught.value.message


async def test_the_mode_follows_from_the_key(simulator: Simulator) -> None:
    modes = {}
    for key in (STRIPE_KEY, "sk_live_x", "rk_live_x", "rk_test_x"):
        gateway = Gateway(key, simulator.base_url)
        modes[key[:7]] = gateway.livemode
        await gateway.close()
    assert modes == {"sk_test": False, "sk_live": True, "rk_live": True, "rk_test": False}


async def test_retries_repeat_with_the_same_key(simulator: Simulator) -> None:
    """Two answers are lost after Stripe did the work; there is one account."""
    simulator.control("faults", {"path": "/v2/core/accounts", "kind": "reset_after", "times": 2})
    gateway = Gateway(STRIPE_KEY, simulator.base_url, retries=2)
    body: dict[str, Any] = {
        "contact_email": "a@shop.example",
        "identity": {"country": "US"},
        "dashboard": "full",
    }
    configuration = {"merchant": {"capabilities": {"card_payments": {"requested": True}}}}
    responsibilities = {"fees_collector": "stripe", "losses_collector": "stripe"}
    try:
        answer = await gateway.create_account(
            {**body, "configuration": configuration, "defaults": {"responsibilities": responsibilities}},
            "key-1",
        )
    finally:
        await gateway.close()
    assert [account["id"] for account in simulator.control("accounts")["data"]] == [answer["id"]]
