"""Our links to an account that was replaced lead back to the app, never to the old account."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from models import TimelineEntry
from testing import agreement
from testing.operations import REPLACE, new_account
from testing.processes import Simulator
from testing.service import RETURN_TO, Service, eventually, running
from testing.waits import PATIENCE
from tests.api.onboarding_links import ISSUE, account_calls, account_id, ask, issue, with_parameters

LINKS = "POST /v2/core/account_links"
# Stripe creates the link at once, but its answer arrives after the account was replaced.
SLOW = {"method": "POST", "path": "/v2/core/account_links", "kind": "delay_after", "seconds": 4 * PATIENCE}


@pytest.fixture
async def service(database_url: str, simulator: Simulator, tmp_path: Path) -> AsyncIterator[Service]:
    """A service with one merchant. It gets no events, and waits long enough for Stripe's slow answers."""
    simulator.control("deliveries", {"mode": "drop"})
    async with running(database_url, simulator, tmp_path, STRIPE_TIMEOUT_SECONDS="60") as service:
        await service.create()
        yield service
        assert await agreement.disagreements() == []


async def replace(service: Service) -> str:
    """Replace the account, and return the id of the new one."""
    values = new_account("shop-1", await account_id())
    answer: dict[str, Any] = (await service.graphql(REPLACE, {"input": values}))["replaceAccount"]
    assert (answer["__typename"], answer["replaced"]) == ("ReplaceAccountPayload", True)
    return await account_id()


async def replace_during_link(service: Service, before: int) -> None:
    """Replace the account as soon as Stripe has created more than `before` links."""

    async def is_created() -> bool:
        return account_calls(service).get(LINKS, 0) > before

    await eventually(is_created)
    await replace(service)


async def test_a_link_to_the_old_account_is_not_renewed(service: Service) -> None:
    link = await issue(service)
    new = await replace(service)
    onboarding = (await service.merchant("shop-1", "onboarding { started linksIssued }"))["onboarding"]
    assert onboarding == {"started": False, "linksIssued": 0}
    service.simulator.control("calls", method="DELETE")
    ended = with_parameters(onboarding="expired", merchant="shop-1", status="ONBOARDING")
    assert await ask(service.http, link.refresh) == (302, ended)
    returned = with_parameters(onboarding="returned", merchant="shop-1", status="ONBOARDING")
    assert await ask(service.http, link.back) == (302, returned)
    assert account_calls(service) == {}
    assert not await TimelineEntry.filter(kind="RETURNED").exists()
    # A new link leads to the new account, and can be renewed.
    link = await issue(service)
    status, location = await ask(service.http, link.refresh)
    assert (status, location.startswith(f"{service.simulator.base_url}/r/{new}")) == (302, True)


async def test_a_link_that_is_issued_during_a_replacement_is_refused(service: Service) -> None:
    service.simulator.control("faults", SLOW)
    issuing = asyncio.create_task(service.graphql(ISSUE, {"id": "shop-1", "to": RETURN_TO}))
    await replace_during_link(service, 0)
    assert (await issuing)["createOnboardingLink"] == {
        "__typename": "MerchantNotReadyError",
        "message": "Another account has replaced this one in the meantime. Read the merchant, and repeat the "
        "request if it is still needed.",
    }
    assert not await TimelineEntry.filter(kind="LINK_ISSUED").exists()


async def test_a_link_that_is_renewed_during_a_replacement_leads_to_the_app(service: Service) -> None:
    link = await issue(service)
    service.simulator.control("faults", SLOW)
    renewing = asyncio.create_task(ask(service.http, link.refresh))
    await replace_during_link(service, 1)
    ended = with_parameters(onboarding="expired", merchant="shop-1", status="ONBOARDING")
    assert await renewing == (302, ended)
