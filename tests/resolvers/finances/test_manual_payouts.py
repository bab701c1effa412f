"""The mutations createPayout and updatePayoutSchedule: their payloads, typed errors and roles."""

from pathlib import Path
from typing import Any

import pytest

from testing.processes import Simulator
from testing.service import Service, running
from tests.resolvers.payments.mutations.test_checkout import open_shop, run

CREATE = """
mutation ($input: CreatePayoutInput!) {
  createPayout(input: $input) {
    __typename
    ... on Error { message }
    ... on InvalidInputError { fields { name code } }
    ... on PayoutTooLargeError { available { decimal currency } fields { name code } }
    ... on PayoutsBlockedError { obstacles { kind remedy } }
    ... on BankAccountMissingError { currency fields { name } }
    ... on StripeRefusedError { code remedy }
    ... on CreatePayoutPayload {
      created payout { status automatic amount { decimal } merchant { externalId } }
    }
  }
}
"""
SCHEDULE = """
mutation ($input: UpdatePayoutScheduleInput!) {
  updatePayoutSchedule(input: $input) {
    __typename
    ... on Error { message }
    ... on InvalidInputError { fields { name code } }
    ... on StripeRefusedError { code remedy }
    ... on UpdatePayoutSchedulePayload { merchant { payoutSchedule { interval weeklyDays summary } } }
  }
}
"""
ELSEWHERE = {
    "amount": "1000",
    "currency": "usd",
    "payment_method": "pm_card_bypassPending",
    "confirm": "true",
    "automatic_payment_methods[enabled]": "true",
    "automatic_payment_methods[allow_redirects]": "never",
}
BY = {"externalId": "shop-1"}


def order(units: int = 300, external_id: str = "p-1", currency: str = "USD", **more: Any) -> dict[str, Any]:
    amount = {"minorUnits": units, "currency": currency}
    return {"merchant": BY, "externalId": external_id, "amount": amount, **more}


async def funded(service: Service) -> str:
    """Open a shop with an available balance of 9.41 USD. Returns the id of its account."""
    account = await open_shop(service)
    headers = {"Authorization": "Bearer sk_test_simulated", "Stripe-Account": account}
    paid = service.simulator.client.post("/v1/payment_intents", data=ELSEWHERE, headers=headers)
    paid.raise_for_status()
    service.simulator.control("clock", {"advance_seconds": 5})
    return account


@pytest.mark.slow
async def test_payouts_are_requested_or_refused_with_reasons(idle: Service) -> None:
    account = await funded(idle)
    refused = await run(idle, CREATE, order())
    assert (refused["__typename"], refused["code"]) == (
        "StripeRefusedError",
        "not_allowed_on_standard_account",
    )
    assert "platform controls" in refused["remedy"]
    idle.simulator.control("switches", {"platform_controls_payouts": True})
    paid = {"status": "PENDING", "automatic": False, "amount": {"decimal": "3.00"}, "merchant": BY}
    expected = {"__typename": "CreatePayoutPayload", "created": True, "payout": paid}
    assert await run(idle, CREATE, order()) == expected
    assert await run(idle, CREATE, order()) == {**expected, "created": False}
    assert (await run(idle, CREATE, order(301)))["__typename"] == "ExternalIdTakenError"
    too_large = await run(idle, CREATE, order(642, "p-2"))
    assert (too_large["available"], too_large["fields"]) == (
        {"decimal": "6.41", "currency": "USD"},
        [{"name": "amount.minorUnits", "code": "AMOUNT_INVALID"}],
    )
    for currency, code in (("usd", "CURRENCY_UNKNOWN"), ("EUR", "NOT_AVAILABLE"), ("$", "CURRENCY_UNKNOWN")):
        invalid = await run(idle, CREATE, order(1, "p-2", currency))
        assert invalid["fields"] == [{"name": "amount.currency", "code": code}]
    schedule = {"merchant": BY, "interval": "WEEKLY", "weeklyDays": ["FRIDAY"]}
    changed = await run(idle, SCHEDULE, schedule)
    assert changed["merchant"]["payoutSchedule"] == {
        "interval": "WEEKLY",
        "weeklyDays": ["FRIDAY"],
        "summary": "Stripe pays out the available balance every week on Friday.",
    }
    invalid = await run(idle, SCHEDULE, {**schedule, "interval": "DAILY"})
    assert invalid["fields"] == [{"name": "weeklyDays", "code": "CONTRADICTION"}]
    idle.simulator.control(f"accounts/{account}", {"scenario": "payouts_blocked"})
    blocked = await run(idle, CREATE, order(1, "p-2"))
    assert blocked["__typename"] == "PayoutsBlockedError"
    assert [one["kind"] for one in blocked["obstacles"]] == ["INFORMATION_NEEDED"]


@pytest.mark.slow
@pytest.mark.one_database
async def test_a_merchant_pays_out_only_if_the_platform_allows_it(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    me: dict[str, Any] = {"role": "merchant", "merchant": "shop-1"}
    stranger: dict[str, Any] = {"role": "merchant", "merchant": "shop-2"}
    schedule = {"merchant": BY, "interval": "MANUAL"}
    async with running(database_url, simulator, tmp_path, WORKER="off") as service:
        await funded(service)
        for query, given in ((CREATE, order()), (SCHEDULE, schedule)):
            assert (await service.error(query, {"input": given}, **me))[0] == "FORBIDDEN"
    async with running(
        database_url, simulator, tmp_path, WORKER="off", MERCHANTS_MAY_PAY_OUT="on"
    ) as service:
        for query, given in ((CREATE, order()), (SCHEDULE, schedule)):
            assert (await run(service, query, given, **stranger))["__typename"] == "MerchantNotFoundError"
        refused = await run(service, CREATE, order(), **me)
        assert (refused["code"], refused["remedy"]) == ("refused", None)
        service.simulator.control("switches", {"platform_controls_payouts": True})
        assert (await run(service, CREATE, order(), **me))["created"] is True
        assert (await run(service, SCHEDULE, schedule, **me))["__typename"] == "UpdatePayoutSchedulePayload"
