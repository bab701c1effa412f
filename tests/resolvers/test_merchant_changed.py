"""Subscription.merchantChanged: the present state, then every change."""

from tests.live import STATUS, socket, stream
from tests.service import Service


async def test_the_present_state_comes_first_then_each_change(service: Service) -> None:
    await service.create("shop-1")
    async with socket(service, token=service.token()) as client:
        await client.subscribe(STATUS, {"id": "shop-1"})
        assert await client.data() == {"merchantChanged": {"status": "ONBOARDING"}}
        await service.graphql(
            'mutation { closeMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'
        )
        assert await client.data() == {"merchantChanged": {"status": "CLOSED"}}


async def test_sse(service: Service) -> None:
    await service.create("shop-1")
    async with stream(service, STATUS, {"id": "shop-1"}, token=service.token()) as client:
        assert await client.data() == {"merchantChanged": {"status": "ONBOARDING"}}
        await service.graphql(
            'mutation { closeMerchant(input: {merchant: {externalId: "shop-1"}}) { __typename } }'
        )
        assert await client.data() == {"merchantChanged": {"status": "CLOSED"}}
