"""replaceAccount gives a merchant another account. The merchant keeps its ids, timeline and subscriptions."""

from typing import Any

import pytest

from models import ConnectedAccount
from testing.faults import REFUSED, UNAVAILABLE, clear_faults, drop_deliveries, inject_fault
from testing.merchants import build_merchant, store
from testing.service import Service
from testing.state import read_state
from testing.subscribers import socket

REPLACE = """
mutation ($input: ReplaceAccountInput!) {
  replaceAccount(input: $input) {
    __typename
    ... on ReplaceAccountPayload {
      replaced
      merchant {
        id externalId status country displayName
        account { id stripeAccountId closed }
        formerAccounts {
          stripeAccountId country closed disconnected canAcceptPayments createdAt everActiveAt replacedAt
        }
        onboarding { started linksIssued everActiveAt }
        timeline(first: 20, kinds: [CREATED]) { edges { node { message actor } } }
      }
    }
    ... on Error { message }
    ... on InvalidInputError { field fields { name code } }
    ... on ReplacementDiffersError { stripeAccountId isPending }
    ... on CountryNotSupportedError { country }
    ... on StripeRefusedError { code requestId }
    ... on StripeUnavailableError { retryAfterSeconds merchant { externalId status } }
  }
}
"""
CLOSE = 'mutation { closeMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'
READ = "query ($by: MerchantRef!) { merchant(by: $by) { externalId account { stripeAccountId } } }"
NODE = "query ($id: ID!) { node(id: $id) { ... on ConnectedAccount { stripeAccountId } } }"
WATCH = """
subscription { merchantChanged(by: {externalId: "shop-1"}) {
  status account { stripeAccountId } formerAccounts { stripeAccountId }
} }
"""


async def replace(
    service: Service, account: str, external_id: str = "shop-1", role: str = "operator", **changed: Any
) -> dict[str, Any]:
    values = {
        "merchant": {"externalId": external_id},
        "stripeAccountId": account,
        "displayName": "Laden",
        "contactEmail": "laden@shop.example",
        "country": "DE",
        **changed,
    }
    result: dict[str, Any] = (await service.graphql(REPLACE, {"input": values}, role=role))["replaceAccount"]
    return result


async def closed(service: Service) -> dict[str, Any]:
    """Create and close a merchant. Returns its account, with the merchant's id under `merchant`."""
    merchant = (await service.create("shop-1"))["merchant"]
    await service.graphql(CLOSE)
    account: dict[str, Any] = (await service.merchant("shop-1", "id account { id stripeAccountId }"))[
        "account"
    ]
    return account | {"merchant": merchant["id"]}


async def test_the_merchant_keeps_its_ids_and_history_and_gets_another_account(service: Service) -> None:
    drop_deliveries(service)
    old = await closed(service)
    result = await replace(service, old["stripeAccountId"], role="service")
    assert (result["__typename"], result["replaced"]) == ("ReplaceAccountPayload", True)
    merchant = result["merchant"]
    new = merchant["account"]["stripeAccountId"]
    assert merchant["id"] == old["merchant"]
    assert (merchant["status"], merchant["country"], merchant["displayName"]) == ("ONBOARDING", "DE", "Laden")
    assert merchant["account"] == {"id": old["id"], "stripeAccountId": new, "closed": False}
    assert merchant["onboarding"] == {"started": False, "linksIssued": 0, "everActiveAt": None}
    (former,) = merchant["formerAccounts"]
    assert former == former | {
        "stripeAccountId": old["stripeAccountId"],
        "country": "US",
        "closed": True,
        "disconnected": False,
        "canAcceptPayments": False,
        "everActiveAt": None,
    }
    assert former["createdAt"] < former["replacedAt"]
    by = [edge["node"]["actor"] for edge in merchant["timeline"]["edges"]]
    assert by == ["development-service", "development-service", "development-operator"]
    # The ids of both accounts find the merchant, which shows only the current account.
    for reference in ({"stripeAccountId": old["stripeAccountId"]}, {"stripeAccountId": new}):
        found = (await service.graphql(READ, {"by": reference}))["merchant"]
        assert found == {"externalId": "shop-1", "account": {"stripeAccountId": new}}
    assert await service.graphql(NODE, {"id": old["id"]}) == {"node": {"stripeAccountId": new}}
    # A merchant finds itself by its former account. Other merchants do not find it.
    theirs = {"by": {"stripeAccountId": old["stripeAccountId"]}}
    own = await service.graphql(READ, theirs, role="merchant", merchant="shop-1")
    assert own["merchant"]["externalId"] == "shop-1"
    assert await service.graphql(READ, theirs, role="merchant", merchant="shop-2") == {"merchant": None}
    before = await read_state(service)
    again = await replace(service, old["stripeAccountId"], role="service")
    assert again == {**result, "replaced": False}
    assert await read_state(service) == before


async def test_a_subscription_continues_across_a_replacement(service: Service) -> None:
    old = (await closed(service))["stripeAccountId"]
    async with socket(service, token=service.token("merchant", "shop-1")) as client:
        await client.subscribe(WATCH)
        first = (await client.data())["merchantChanged"]
        assert first == {"status": "CLOSED", "account": {"stripeAccountId": old}, "formerAccounts": []}
        new = (await replace(service, old))["merchant"]["account"]["stripeAccountId"]
        while True:
            message = (await client.data())["merchantChanged"]
            if message["status"] != "CLOSED":
                break
        assert message == {
            "status": "ONBOARDING",
            "account": {"stripeAccountId": new},
            "formerAccounts": [{"stripeAccountId": old}],
        }
        service.simulator.control(f"accounts/{new}", {"scenario": "activate"})
        assert (await client.data())["merchantChanged"]["account"] == {"stripeAccountId": new}


@pytest.mark.one_database
async def test_each_error_has_its_type_and_replaces_no_account(service: Service) -> None:
    drop_deliveries(service)
    account = (await closed(service))["stripeAccountId"]
    await store([build_merchant("creating", "creating"), build_merchant("adopted", "active")])
    adopted = (await ConnectedAccount.get(merchant__external_id="adopted")).stripe_account_id
    before = await read_state(service)
    assert await replace(service, account, "nobody") == {
        "__typename": "MerchantNotFoundError",
        "message": "There is no such merchant.",
    }
    assert await replace(service, account, "creating") == {
        "__typename": "MerchantNotReadyError",
        "message": "The account is still being created at Stripe. Try again in a moment.",
    }
    invalid = await replace(service, adopted)
    assert (invalid["__typename"], invalid["fields"]) == (
        "InvalidInputError",
        [{"name": "stripeAccountId", "code": "ACCOUNT_NOT_CURRENT"}],
    )
    assert await read_state(service) == before

    inject_fault(service, "/v2/core/accounts", UNAVAILABLE)
    pending = await replace(service, account)
    assert pending["__typename"] == "StripeUnavailableError"
    assert pending["merchant"] == {"externalId": "shop-1", "status": "CLOSED"}
    differs = await replace(service, account, country="FR")
    assert (differs["__typename"], differs["stripeAccountId"], differs["isPending"]) == (
        "ReplacementDiffersError",
        account,
        True,
    )
    clear_faults(service)
    inject_fault(service, "/v2/core/accounts", REFUSED)
    refused = await replace(service, account)
    assert (refused["__typename"], refused["code"]) == ("StripeRefusedError", "not_today")
    clear_faults(service)
    unsupported = await replace(service, account, country="KP")
    assert (unsupported["__typename"], unsupported["country"]) == ("CountryNotSupportedError", "KP")
    shown = await service.merchant("shop-1", "status account { stripeAccountId } formerAccounts { closed }")
    assert shown == {"status": "CLOSED", "account": {"stripeAccountId": account}, "formerAccounts": []}


@pytest.mark.one_database
@pytest.mark.parametrize("caller", ["shop-1", "shop-2"])
async def test_merchants_may_not_replace_accounts(service: Service, caller: str) -> None:
    drop_deliveries(service)
    account = (await closed(service))["stripeAccountId"]
    before = await read_state(service)
    values = {
        "merchant": {"externalId": "shop-1"},
        "stripeAccountId": account,
        "displayName": "Laden",
        "contactEmail": "laden@shop.example",
        "country": "DE",
    }
    error = await service.error(REPLACE, {"input": values}, role="merchant", merchant=caller)
    assert error == ("FORBIDDEN", "This operation requires a token with the role operator or service.")
    assert await read_state(service) == before
