"""viewer: who is calling."""

from testing.service import Service
from tests.resolvers.world import made, store

VIEWER = "{ viewer { subject role merchant { externalId status } } }"


async def test_it_says_who_is_calling(service: Service) -> None:
    for role in ("operator", "service"):
        assert (await service.graphql(VIEWER, role=role))["viewer"] == {
            "subject": f"development-{role}",
            "role": role.upper(),
            "merchant": None,
        }
    caller = {"subject": "development-merchant", "role": "MERCHANT"}
    # A token may be older than its merchant.
    assert (await service.graphql(VIEWER, role="merchant", merchant="shop-1"))["viewer"] == {
        **caller,
        "merchant": None,
    }
    await store([made("shop-1", "onboarding"), made("shop-2"), made("Shop-1"), made("shop-10")])
    merchant = {"externalId": "shop-1", "status": "ONBOARDING"}
    assert (await service.graphql(VIEWER, role="merchant", merchant="shop-1"))["viewer"] == {
        **caller,
        "merchant": merchant,
    }
    # Nobody else's: external ids are compared to the letter.
    for other in ("SHOP-1", "shop-", "shop-1 ", "%"):
        found = await service.graphql(VIEWER, role="merchant", merchant=other)
        assert found["viewer"] == {**caller, "merchant": None}
