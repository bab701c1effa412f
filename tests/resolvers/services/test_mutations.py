"""startService and createBillingPortalLink: roles, payloads, and the changes of the merchant's service."""

from pathlib import Path
from typing import Any

import pytest

from connect.stripe_api.gateway import Gateway
from testing.environment import ORIGIN, STRIPE_KEY
from testing.processes import Simulator
from testing.service import eventually, running
from testing.subscribers import stream
from testing.subscriptions import create_price, submit

SERVICE = """
service {
  stripeSubscriptionId status access graceUntil summary trialEndsAt currentPeriodEndsAt cancelAt endedAt
  items { stripePriceId quantity unitAmount { decimal currency } interval intervalCount }
  dunning { attempts nextAttemptAt invoices { stripeInvoiceId hostedUrl } }
  invoices {
    stripeInvoiceId number status total { decimal } remaining { decimal } attempts nextAttemptAt createdAt
    hostedUrl
  }
}
"""
START = """
mutation ($input: StartServiceInput!) {
  startService(input: $input) {
    __typename
    ... on Error { message }
    ... on InvalidInputError { fields { name code } }
    ... on ServiceRunningError { merchant { externalId service { status } } }
    ... on StartServicePayload { url expiresAt created merchant { externalId } }
  }
}
"""
PORTAL = """
mutation ($input: CreateBillingPortalLinkInput!) {
  createBillingPortalLink(input: $input) {
    __typename
    ... on Error { message }
    ... on CreateBillingPortalLinkPayload { url }
  }
}
"""


@pytest.mark.slow
async def test_a_merchant_subscribes_then_fails_to_pay_and_recovers(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    gateway = Gateway(STRIPE_KEY, simulator.base_url)
    price = await create_price(gateway, "basic")
    await gateway.close()
    me: dict[str, Any] = {"role": "merchant", "merchant": "shop-1"}
    async with running(database_url, simulator, tmp_path, SERVICE_PRICES=price) as service:
        await service.create("shop-1")

        async def run(query: str, caller: dict[str, Any], **given: Any) -> Any:
            variables = {"input": {"merchant": {"externalId": "shop-1"}, **given}}
            (result,) = (await service.graphql(query, variables, **caller)).values()
            return result

        addresses = {"successUrl": f"{ORIGIN}/done", "cancelUrl": f"{ORIGIN}/plans"}
        portal = await run(PORTAL, me, returnTo=f"{ORIGIN}/plans")
        assert portal["__typename"] == "MerchantNotReadyError"
        trial = await run(START, me, **addresses, trialDays=3)
        assert trial["fields"] == [{"name": "trialDays", "code": "NOT_AVAILABLE"}]
        page = await run(START, me, **addresses)
        assert (page["__typename"], page["created"]) == ("StartServicePayload", True)
        assert page["merchant"] == {"externalId": "shop-1"}
        query = f'subscription {{ merchantChanged(by: {{externalId: "shop-1"}}) {{ {SERVICE} }} }}'
        async with stream(service, query, token=service.token(**me)) as messages:

            async def wait(access: str, status: str) -> Any:
                while True:
                    found = (await messages.data())["merchantChanged"]["service"]
                    if found is not None and (found["access"], found["status"]) == (access, status):
                        return found

            submit(page["url"])
            begun = await wait("FULL", "ACTIVE")
            assert begun["summary"] == "The subscription is active."
            item = {"stripePriceId": price, "quantity": 1, "interval": "MONTH", "intervalCount": 1}
            assert begun["items"] == [{**item, "unitAmount": {"decimal": "20.00", "currency": "USD"}}]
            identifier = begun["stripeSubscriptionId"]
            simulator.control(f"subscriptions/{identifier}", {"scenario": "card"})
            simulator.control(f"subscriptions/{identifier}", {"scenario": "renew"})
            late = await wait("GRACE", "PAST_DUE")
            assert late["graceUntil"] is not None
            assert late["dunning"]["attempts"] == 1
            submit(late["dunning"]["invoices"][0]["hostedUrl"])
            paid = await wait("FULL", "ACTIVE")
            assert (paid["dunning"], [one["status"] for one in paid["invoices"]]) == (None, ["PAID", "PAID"])
        running_already = await run(START, {"role": "service"}, **addresses)
        assert running_already["merchant"] == {"externalId": "shop-1", "service": {"status": "ACTIVE"}}
        portal = await run(PORTAL, me, returnTo=f"{ORIGIN}/plans", cancel=True)
        assert portal["url"].startswith(f"{simulator.base_url}/p/session/")
        simulator.control(f"subscriptions/{identifier}", {"scenario": "cancel"})

        async def is_over() -> bool:
            return bool((await service.merchant("shop-1", SERVICE))["service"]["access"] == "NONE")

        await eventually(is_over)
