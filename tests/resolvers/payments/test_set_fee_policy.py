"""setFeePolicy sets the fee of a merchant's new payments. A merchant reads its own terms and sets none."""

from pathlib import Path
from typing import Any

import pytest

from models import Merchant, TimelineEntry
from testing.processes import Simulator
from testing.service import Service, running
from tests.resolvers.payments.mutations.test_checkout import app_order, open_shop, run

TERMS = "source currency basisPoints flat { minorUnits } minimum { minorUnits } maximum { minorUnits }"
SET = f"""
mutation ($input: SetFeePolicyInput!) {{
  setFeePolicy(input: $input) {{
    __typename
    ... on Error {{ message }}
    ... on InvalidInputError {{ fields {{ name code message }} }}
    ... on SetFeePolicyPayload {{ merchant {{ feePolicy {{ {TERMS} }} }} }}
  }}
}}
"""
READ = f"""
query ($by: MerchantRef!) {{
  merchant(by: $by) {{
    updatedAt feePolicy {{ {TERMS} }}
    timeline(kinds: [UPDATED]) {{
      edges {{ node {{ message actor changes {{ name title before after }} }} }}
    }}
  }}
}}
"""
PAY = """
mutation ($input: CreatePaymentIntentInput!) {
  createPaymentIntent(input: $input) {
    ... on Error { __typename message }
    ... on CreatePaymentIntentPayload {
      payment { appliedFee {
        source fee { decimal currency } basisPoints flat { decimal } minimum { decimal } maximum { decimal }
      } }
    }
  }
}
"""
USD = {"currency": "USD", "basisPoints": 250, "flat": 30, "minimum": 50, "maximum": 2000}
ME: dict[str, Any] = {"role": "merchant", "merchant": "shop-1"}
OTHER: dict[str, Any] = {"role": "merchant", "merchant": "shop-2"}


def terms(source: str, currency: str | None, share: int, *amounts: int | None) -> dict[str, Any]:
    names = "flat", "minimum", "maximum"
    shown = dict(zip(names, [*amounts, None, None, None], strict=False))
    moneys = {name: {"minorUnits": value} if value is not None else None for name, value in shown.items()}
    return {"source": source, "currency": currency, "basisPoints": share, **moneys}


async def assign(service: Service, policy: Any, shop: str = "shop-1", **caller: Any) -> dict[str, Any]:
    return await run(service, SET, {"merchant": {"externalId": shop}, "policy": policy}, **caller)


async def read(service: Service, shop: str = "shop-1", **caller: Any) -> dict[str, Any]:
    data = await service.graphql(READ, {"by": {"externalId": shop}}, **(caller or {"role": "service"}))
    return dict(data["merchant"])


async def fee(service: Service, external_id: str, currency: str = "USD") -> dict[str, Any]:
    amount = {"minorUnits": 2500, "currency": currency}
    paid = await run(service, PAY, app_order(externalId=external_id, amount=amount))
    return dict(paid["payment"]["appliedFee"])


@pytest.mark.slow
async def test_the_policy_of_a_merchant_sets_the_fee_of_its_new_payments(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    standard = [terms("PLATFORM", "USD", 300, 0, 0), terms("PLATFORM", None, 100)]
    policy = "USD 3%, * 1%"
    async with running(database_url, simulator, tmp_path, WORKER="off", FEE_POLICY=policy) as service:
        await open_shop(service)
        await service.create("shop-2")
        assert (await read(service))["feePolicy"] == standard
        before = await fee(service, "before")
        assert (before["source"], before["fee"]) == ("PLATFORM", {"decimal": "0.75", "currency": "USD"})

        own = [terms("MERCHANT", "USD", 250, 30, 50, 2000), standard[1]]
        assert (await assign(service, [USD]))["merchant"]["feePolicy"] == own
        updated = (await read(service))["updatedAt"]
        assert await assign(service, [USD], role="operator") == await assign(service, [USD])
        assert (await read(service))["updatedAt"] == updated

        applied = {
            "source": "MERCHANT",
            "fee": {"decimal": "0.93", "currency": "USD"},
            "basisPoints": 250,
            "flat": {"decimal": "0.30"},
            "minimum": {"decimal": "0.50"},
            "maximum": {"decimal": "20.00"},
        }
        assert await fee(service, "order-1") == applied
        euros = await fee(service, "order-2", "EUR")
        assert (euros["source"], euros["fee"]) == ("PLATFORM", {"decimal": "0.25", "currency": "EUR"})

        # Terms without a currency apply to all other currencies, so none of the terms in the settings apply.
        await assign(service, [{"basisPoints": 200}])
        assert (await read(service))["feePolicy"] == [terms("MERCHANT", None, 200)]
        assert (await fee(service, "order-3"))["fee"]["decimal"] == "0.50"
        # Payments keep their fee.
        assert await fee(service, "order-1") == applied
        assert await fee(service, "before") == before
        assert (await assign(service, None))["merchant"]["feePolicy"] == standard
        assert (await fee(service, "order-4"))["source"] == "PLATFORM"

        changes = [
            ("USD 2.5% + 0.30 min 0.50 max 20.00", None),
            ("* 2%", "USD 2.5% + 0.30 min 0.50 max 20.00"),
            (None, "* 2%"),
        ]
        for caller, actor in (({}, "development-service"), (ME, "platform")):
            edges = (await read(service, **caller))["timeline"]["edges"][:3]
            assert [(edge["node"]["message"], edge["node"]["actor"]) for edge in edges] == [
                ("Changed: Platform's fee.", actor)
            ] * 3
            assert [edge["node"]["changes"] for edge in edges[::-1]] == [
                [{"name": "feePolicy", "title": "Platform's fee", "before": before, "after": after}]
                for after, before in changes
            ]


async def test_a_merchant_sees_its_own_terms_and_sets_none(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    async with running(database_url, simulator, tmp_path, WORKER="off", MERCHANTS_MAY_CHARGE="on") as service:
        await open_shop(service)
        await service.create("shop-2")
        await assign(service, [USD])
        own = [terms("MERCHANT", "USD", 250, 30, 50, 2000)]
        assert (await read(service, **ME))["feePolicy"] == own
        assert (await read(service, "shop-2", **OTHER))["feePolicy"] == []
        for merchant in ("shop-1", "shop-2"):
            given = {"merchant": {"externalId": merchant}, "policy": None}
            assert (await service.error(SET, {"input": given}, **ME))[0] == "FORBIDDEN"
        assert (await read(service))["feePolicy"] == own
        refused = await run(service, PAY, app_order(amount={"minorUnits": 900, "currency": "EUR"}), **ME)
        assert refused["message"] == "The platform takes no payments in EUR, only in USD."


async def test_invalid_terms_are_refused_with_field_and_remedy(idle: Service) -> None:
    await idle.create("shop-1")
    missing = await assign(idle, None, "shop-9")
    assert missing["__typename"] == "MerchantNotFoundError"
    refused = await assign(idle, [{**USD, "flat": 3000}, {"currency": "ISK", "basisPoints": -1, "flat": 50}])
    assert refused["fields"] == [
        {
            "name": "policy[0].maximum",
            "code": "AMOUNT_INVALID",
            "message": "The maximum is below the flat amount. Raise it, or remove it.",
        },
        {
            "name": "policy[1].basisPoints",
            "code": "AMOUNT_INVALID",
            "message": "The share must be from 0% to 100% (10000 basis points).",
        },
        {
            "name": "policy[1].flat",
            "code": "AMOUNT_INVALID",
            "message": "The flat amount must be a multiple of 1.00 ISK.",
        },
    ]
    omitted = await run(idle, SET, {"merchant": {"externalId": "shop-1"}})
    assert [(one["name"], one["code"]) for one in omitted["fields"]] == [("policy", "REQUIRED")]
    assert (await Merchant.get()).fee_policy is None
    assert not await TimelineEntry.filter(kind="UPDATED").exists()
