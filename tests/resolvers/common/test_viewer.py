"""viewer returns the caller."""

import pytest

from testing.merchants import build_merchant, store
from testing.service import Service

pytestmark = pytest.mark.one_database

VIEWER = "{ viewer { subject role merchant { externalId status } } }"


async def test_it_returns_the_caller(service: Service) -> None:
    for role in ("operator", "service"):
        assert (await service.graphql(VIEWER, role=role))["viewer"] == {
            "subject": f"development-{role}",
            "role": role.upper(),
            "merchant": None,
        }
    caller = {"subject": "development-merchant", "role": "MERCHANT"}
    # A token can be issued before its merchant exists.
    assert (await service.graphql(VIEWER, role="merchant", merchant="shop-1"))["viewer"] == {
        **caller,
        "merchant": None,
    }
    await store(
        [
            build_merchant("shop-1", "onboarding"),
            build_merchant("shop-2"),
            build_merchant("Shop-1"),
            build_merchant("shop-10"),
        ]
    )
    merchant = {"externalId": "shop-1", "status": "ONBOARDING"}
    assert (await service.graphql(VIEWER, role="merchant", merchant="shop-1"))["viewer"] == {
        **caller,
        "merchant": merchant,
    }
    # External ids are compared exactly.
    for other in ("SHOP-1", "shop-", "shop-1 ", "%"):
        result = await service.graphql(VIEWER, role="merchant", merchant=other)
        assert result["viewer"] == {**caller, "merchant": None}
