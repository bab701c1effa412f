"""createAccountSession: a secret with which a page shows components of a merchant's account."""

from pathlib import Path
from typing import Any

import pytest

from testing.faults import drop_deliveries
from testing.processes import Simulator
from testing.service import running

CREATE = """
mutation ($input: CreateAccountSessionInput!) {
  createAccountSession(input: $input) {
    __typename
    ... on Error { message }
    ... on InvalidInputError { fields { name code } }
    ... on ComponentNotAllowedError { component allowed fields { name code } }
    ... on CreateAccountSessionPayload {
      clientSecret publishableKey stripeAccountId expiresAt components { component features }
    }
  }
}
"""
PUBLISHABLE = "pk_test_" + "P" * 24


@pytest.mark.one_database
async def test_a_merchant_gets_the_components_that_the_platform_allows(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    me: dict[str, Any] = {"role": "merchant", "merchant": "shop-1"}
    settings = {"STRIPE_PUBLISHABLE_KEY": PUBLISHABLE, "MERCHANTS_MAY_EMBED": "payments,payouts_list"}
    async with running(database_url, simulator, tmp_path, WORKER="off", **settings) as service:
        drop_deliveries(service)
        account = (await service.create("shop-1"))["merchant"]["account"]["stripeAccountId"]
        await service.create("shop-2")

        async def create(*components: Any, shop: str = "shop-1", **caller: Any) -> Any:
            given = {"merchant": {"externalId": shop}, "components": list(components)}
            return (await service.graphql(CREATE, {"input": given}, **caller))["createAccountSession"]

        payments = {"component": "PAYMENTS", "features": ["REFUND_MANAGEMENT"]}
        made = await create(payments, {"component": "PAYOUTS_LIST"}, **me)
        secret = made.pop("clientSecret")
        assert secret.startswith("accs_secret__")
        assert made.pop("expiresAt").endswith("Z")
        assert made == {
            "__typename": "CreateAccountSessionPayload",
            "publishableKey": PUBLISHABLE,
            "stripeAccountId": account,
            "components": [payments, {"component": "PAYOUTS_LIST", "features": []}],
        }
        again = (await create(payments, **me))["clientSecret"]
        assert again != secret
        refused = await create(payments, {"component": "PAYOUTS"}, **me)
        assert refused == {
            "__typename": "ComponentNotAllowedError",
            "message": "Merchants may not use PAYOUTS. The platform allows: PAYMENTS, PAYOUTS_LIST.",
            "component": "PAYOUTS",
            "allowed": ["PAYMENTS", "PAYOUTS_LIST"],
            "fields": [{"name": "components[1].component", "code": "NOT_AVAILABLE"}],
        }
        assert (await create(role="service"))["fields"] == [{"name": "components", "code": "REQUIRED"}]
        foreign = await create(payments, shop="shop-2", **me)
        assert foreign == await create(payments, shop="shop-3", **me)
        assert foreign["__typename"] == "MerchantNotFoundError"
        for role in ("operator", "service"):
            opened = await create({"component": "PAYOUTS"}, role=role)
            assert opened["components"][0]["features"] == [
                *("EDIT_PAYOUT_SCHEDULE", "EXTERNAL_ACCOUNT_COLLECTION"),
                *("INSTANT_PAYOUTS", "STANDARD_PAYOUTS"),
            ]
        assert service.simulator.control("calls")["calls"]["POST /v1/account_sessions"] == 4
