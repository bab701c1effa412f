"""viewer returns the caller."""

from pathlib import Path

import pytest

from testing.merchants import build_merchant, store
from testing.processes import Simulator
from testing.service import Service, running

pytestmark = [pytest.mark.one_database, pytest.mark.without_worker]

VIEWER = "{ viewer { subject role merchant { externalId status } } }"
PERMISSIONS = "{ viewer { permissions } }"


async def test_viewer_returns_the_caller(service: Service) -> None:
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


async def test_viewer_lists_the_permissions_that_the_settings_give_to_the_caller(
    simulator: Simulator, database_url: str, tmp_path: Path
) -> None:
    allowed = {"WORKER": "off", "MERCHANTS_MAY_REFUND": "on", "MERCHANTS_MAY_PAY_OUT": "on"}
    async with running(database_url, simulator, tmp_path, **allowed) as service:
        answers = [
            await service.graphql(PERMISSIONS, role=role, merchant=merchant)
            for role, merchant in (("service", None), ("merchant", "shop-1"))
        ]
    assert [answer["viewer"]["permissions"] for answer in answers] == [
        ["CHARGE", "REFUND", "ANSWER_DISPUTES", "PAY_OUT"],
        ["REFUND", "PAY_OUT"],
    ]
