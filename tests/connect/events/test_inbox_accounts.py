"""The inbox handles events of accounts that are unknown, disconnected, or created by another program."""

import re
from typing import Any

import httpx
import pytest

from connect.errors import StripeUnavailable
from connect.events.inbox import FOREIGN
from connect.merchants import accounts
from connect.merchants.mirror.events import AUTHORIZED, DEAUTHORIZED, LINK_RETURNED
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount, Merchant, StripeEvent
from testing.notifications import new_notification
from testing.processes import Simulator
from testing.service import ORIGIN, STRIPE_KEY
from tests.connect.conftest import SHOP
from tests.connect.events.inboxes import opened, record, states, work

pytestmark = pytest.mark.usefixtures("database")


async def test_an_event_may_arrive_before_its_account(gateway: Gateway, simulator: Simulator) -> None:
    """The answer to the creation is lost, but the account's metadata names the merchant."""
    await record(new_notification(1, await _lose_the_answer_to_a_creation(gateway, simulator)))
    await work(gateway)
    merchant = await Merchant.get()
    assert merchant.status == "ONBOARDING"
    assert (await StripeEvent.get()).merchant_id == merchant.id


async def _lose_the_answer_to_a_creation(gateway: Gateway, simulator: Simulator) -> str:
    """Create a merchant, but lose Stripe's answer, so that the creation stays pending.

    Returns the id of the account.
    """
    before = {account["id"] for account in simulator.control("accounts")["data"]}
    simulator.control("faults", {"path": "/v2/core/accounts", "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, SHOP, actor="tests")
    (account,) = {account["id"] for account in simulator.control("accounts")["data"]} - before
    return str(account)


async def _create_foreign_account(gateway: Gateway) -> str:
    """Create an account as another program of the platform does."""
    body = {"contact_email": "x@shop.example", "identity": {"country": "US"}, "dashboard": "full"}
    configuration = {"merchant": {"capabilities": {"card_payments": {"requested": True}}}}
    responsibilities = {"fees_collector": "stripe", "losses_collector": "stripe"}
    defaults = {"responsibilities": responsibilities}
    other = await gateway.create_account(
        {**body, "configuration": configuration, "defaults": defaults}, "other"
    )
    return str(other["id"])


def _fetches(simulator: Simulator) -> dict[str, int]:
    """The number of fetches of each account."""
    addresses = simulator.control("calls")["addresses"]
    return {
        address.rsplit("/", 1)[1]: count
        for address, count in addresses.items()
        if address.startswith("GET /v2/core/accounts/")
    }


async def test_an_event_of_an_account_unknown_to_stripe_is_retried_while_a_creation_is_pending(
    gateway: Gateway, simulator: Simulator
) -> None:
    await _lose_the_answer_to_a_creation(gateway, simulator)
    await record(new_notification(1, "acct_nobody"))
    await work(gateway)
    row = await StripeEvent.get()
    assert (row.state, row.last_error) == ("PENDING", "Stripe does not know this account for this platform.")


@pytest.mark.one_database
async def test_events_of_an_account_of_another_program_are_ignored_without_a_call(
    gateway: Gateway, simulator: Simulator
) -> None:
    await opened(gateway)
    other = await _create_foreign_account(gateway)
    simulator.control("calls", method="DELETE")
    for number in (1, 2):
        await record(new_notification(number, other))
        await work(gateway)
    assert {(row.state, row.last_error) for row in await StripeEvent.all()} == {("IGNORED", FOREIGN)}
    assert simulator.control("calls")["calls"] == {}
    assert await ConnectedAccount.all().count() == 1


@pytest.mark.one_database
async def test_while_a_creation_is_pending_each_account_of_another_program_is_fetched_once(
    gateway: Gateway, simulator: Simulator
) -> None:
    """The account of another program is not fetched again.

    The account of the pending creation is still attached to its merchant.
    """
    other = await _create_foreign_account(gateway)
    orphan = await _lose_the_answer_to_a_creation(gateway, simulator)
    for number in (1, 2, 3):
        await record(new_notification(number, other))
        await work(gateway)
    assert _fetches(simulator) == {other: 1}
    await record(new_notification(4, orphan))
    await work(gateway)
    assert _fetches(simulator) == {other: 1, orphan: 2}
    merchant = await Merchant.get()
    assert (await StripeEvent.get(stripe_event_id="evt_test_4")).merchant_id == merchant.id


@pytest.mark.one_database
async def test_an_account_whose_first_event_came_before_the_pending_creation_is_not_fetched(
    gateway: Gateway, simulator: Simulator
) -> None:
    other = await _create_foreign_account(gateway)
    await record(new_notification(1, other))
    await work(gateway)
    await _lose_the_answer_to_a_creation(gateway, simulator)
    await record(new_notification(2, other))
    await work(gateway)
    assert _fetches(simulator) == {}
    assert await states() == {"evt_test_1": ("IGNORED", 1), "evt_test_2": ("IGNORED", 1)}


@pytest.mark.one_database
async def test_the_worker_fetches_an_event_whose_notification_has_no_account(
    gateway: Gateway, simulator: Simulator
) -> None:
    """When a merchant returns from the form, only the full event names the account."""
    account = await opened(gateway)
    link = await gateway.create_account_link(
        account, refresh_url=f"{ORIGIN}/refresh", return_url=f"{ORIGIN}/return", collect="currently_due"
    )
    async with httpx.AsyncClient(follow_redirects=True, trust_env=False) as browser:
        form = await browser.get(link["url"])
        leave = re.search(r'id="leave" href="([^"]+)"', form.text)
        assert leave is not None
        await browser.get(form.url.join(leave[1]), follow_redirects=False)
        key = {"Authorization": f"Bearer {STRIPE_KEY}"}
        events = (await browser.get(f"{simulator.base_url}/v2/core/events", headers=key)).json()["data"]
    (event,) = [event for event in events if event["type"] == LINK_RETURNED]
    assert event.get("related_object") is None
    await record({**event, "context": None})
    simulator.control(f"accounts/{account}", {"scenario": "activate"})
    await work(gateway)
    assert (await Merchant.get()).status == "ACTIVE"
    assert (await StripeEvent.get()).stripe_account_id == account


async def test_a_late_connection_event_does_not_undo_a_newer_one(gateway: Gateway) -> None:
    account = await opened(gateway)
    gone = new_notification(1, account, type=DEAUTHORIZED, related_object=None)
    back = new_notification(
        2, account, type=AUTHORIZED, related_object=None, created="2026-11-20T11:00:00.000Z"
    )
    await record(gone)
    await work(gateway)
    assert (await Merchant.get()).status == "DISCONNECTED"
    await record(back)
    await work(gateway)
    assert (await Merchant.get()).status == "ONBOARDING"
    late = new_notification(
        3, account, type=DEAUTHORIZED, related_object=None, created="2026-11-20T09:00:00.000Z"
    )
    await record(late)
    await work(gateway)
    assert (await Merchant.get()).status == "ONBOARDING"


@pytest.mark.one_database
async def test_events_of_a_disconnected_account_are_handled_without_a_call(
    gateway: Gateway, simulator: Simulator
) -> None:
    account = await opened(gateway)
    simulator.control(f"accounts/{account}", {"scenario": "deauthorize"})
    await record(new_notification(1, account, type=DEAUTHORIZED, related_object=None))
    await work(gateway)
    simulator.control("calls", method="DELETE")
    await record(new_notification(2, account))
    await work(gateway)
    assert await states() == {"evt_test_1": ("HANDLED", 1), "evt_test_2": ("HANDLED", 1)}
    assert simulator.control("calls")["total"] == 0
    assert (await Merchant.get()).status == "DISCONNECTED"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("notification", "account"),
    [
        (new_notification(1, "acct_a"), "acct_a"),
        (new_notification(1, None, context="org_1/acct_p/acct_b"), "acct_b"),
        (
            new_notification(
                1,
                None,
                related_object={
                    "id": "person_1",
                    "type": "v2.core.account_person",
                    "url": "/v2/core/accounts/acct_c/persons/person_1",
                },
            ),
            "acct_c",
        ),
        (new_notification(1, None), None),
        (new_notification(1, None, context=7, related_object="x"), None),
        (new_notification(1, "acct_a\x00", context="acct_\ud800"), None),
    ],
)
async def test_the_account_is_read_from_the_notification(
    notification: dict[str, Any], account: str | None
) -> None:
    await record(notification)
    row = await StripeEvent.get()
    assert row.stripe_account_id == account
    assert row.subject_key == (account or "evt_test_1")
