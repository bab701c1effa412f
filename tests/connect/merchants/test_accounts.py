"""A merchant's account at Stripe is changed, fetched and closed."""

import asyncio
import dataclasses
from typing import Any

import pytest

from connect.errors import AnswerUnusable, MerchantNotReady, StripeNotFound
from connect.merchants import accounts, links
from connect.merchants.inputs import MerchantChanges, NewPerson, ReturnTargets
from connect.merchants.mirror import events, mirror
from connect.merchants.mirror.mirror import Outcome
from connect.merchants.rules.account.snapshot import decode
from connect.merchants.rules.dashboard.dashboard_addresses import relocate_to
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount, Merchant, StripeEvent, TimelineEntry
from testing.processes import Simulator
from testing.service import eventually
from tests.connect.conftest import SHOP

pytestmark = pytest.mark.usefixtures("database")
FETCH = {"method": "GET", "path": "/v2/core/accounts/{id}"}
NEW_NAME = MerchantChanges(display_name="New name")


def at_stripe(simulator: Simulator) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = simulator.control("accounts")["data"]
    return data


async def test_an_update_changes_stripe_and_the_mirror(gateway: Gateway, simulator: Simulator) -> None:
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    changes = MerchantChanges(display_name="New name", business_url="https://new.example")
    changed = await accounts.update(gateway, merchant, changes, actor="tests")
    assert changed.display_name == "New name"
    (account,) = at_stripe(simulator)
    assert account["display_name"] == "New name"
    assert account["defaults"]["profile"]["business_url"] == "https://new.example"
    requirements = decode((await ConnectedAccount.get()).snapshot).requirements or {}
    assert "defaults.profile.business_url" not in str(requirements["entries"])


async def test_closing_is_permanent_and_may_be_repeated(gateway: Gateway, simulator: Simulator) -> None:
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    closed = await accounts.close(gateway, merchant, actor="tests")
    assert closed.status == "CLOSED"
    assert at_stripe(simulator)[0]["closed"] is True
    assert (await accounts.close(gateway, closed, actor="tests")).status == "CLOSED"
    with pytest.raises(MerchantNotReady):
        await accounts.update(gateway, closed, MerchantChanges(display_name="X"), actor="tests")


@pytest.mark.one_database
async def test_null_sections_keep_their_previous_values(gateway: Gateway) -> None:
    """Stripe returns null for sections that were not requested."""
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    account = await ConnectedAccount.get(merchant_id=merchant.id)
    before = decode(account.snapshot)
    bare = {
        "id": account.stripe_account_id,
        "livemode": False,
        "applied_configurations": ["merchant"],
        "configuration": {"merchant": None, "customer": None, "recipient": None},
        "defaults": None,
        "identity": None,
        "requirements": None,
        "future_requirements": None,
        "metadata": dict(before.metadata),
    }
    await mirror.write(account, bare, await mirror.begin(account), "webhook")
    after = decode((await ConnectedAccount.get(id=account.id)).snapshot)
    assert after == before
    assert (await Merchant.get()).status == "ONBOARDING"


async def test_a_change_is_visible_even_when_a_later_fetch_was_written_first(
    gateway: Gateway, simulator: Simulator
) -> None:
    """The later fetch starts after our change was sent, but its answer shows the state before the change."""
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    account = await ConnectedAccount.get()
    old = await gateway.retrieve_account(account.stripe_account_id)
    simulator.control("faults", {"path": "/v2/core/accounts/{id}", "kind": "delay_after", "seconds": 0.5})
    changing = asyncio.create_task(
        accounts.update(gateway, merchant, MerchantChanges(display_name="New name"), actor="tests")
    )
    await eventually(lambda: ConnectedAccount.filter(fetches_started=2).exists())
    await mirror.write(account, old, await mirror.begin(account), "webhook")
    assert (await changing).display_name == "New name"


@pytest.mark.waits
async def test_a_fetch_that_started_before_the_answer_to_a_change_does_not_undo_it(
    gateway: Gateway, simulator: Simulator
) -> None:
    """The fetch has a higher number than the change. Stripe reads the account before the change, but answers
    the fetch after the change.
    """
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    account = await ConnectedAccount.get()
    simulator.control("faults", {"path": "/v2/core/accounts/{id}", "kind": "delay", "seconds": 0.5})
    simulator.control("faults", {**FETCH, "kind": "delay_after", "seconds": 4})
    changing = asyncio.create_task(accounts.update(gateway, merchant, NEW_NAME, actor="tests"))
    await eventually(lambda: ConnectedAccount.filter(fetches_started=2).exists())
    fetching = asyncio.create_task(mirror.refresh(gateway, account, "webhook"))
    assert (await changing).display_name == "New name"
    assert not fetching.done()
    await fetching
    assert (await Merchant.get()).display_name == "New name"
    assert await TimelineEntry.filter(kind="UPDATED").count() == 1


@pytest.mark.waits
async def test_a_change_at_stripe_is_not_lost_if_its_fetch_is_written_before_our_own_change(
    gateway: Gateway, simulator: Simulator
) -> None:
    """Stripe activates the account after it has applied our change, but before we get its answer."""
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    account = await ConnectedAccount.get()
    simulator.control("faults", {"path": "/v2/core/accounts/{id}", "kind": "delay_after", "seconds": 0.5})
    simulator.control("faults", {**FETCH, "kind": "delay_after", "seconds": 1.2})
    changing = asyncio.create_task(accounts.update(gateway, merchant, NEW_NAME, actor="tests"))

    async def is_served() -> bool:
        return bool(at_stripe(simulator)[0]["display_name"] == "New name")

    await eventually(is_served)
    simulator.control(f"accounts/{account.stripe_account_id}", {"scenario": "activate"})
    fetching = asyncio.create_task(mirror.refresh(gateway, account, "webhook"))
    assert (await changing).status == "ONBOARDING"
    assert await fetching is Outcome.CHANGED
    changed = await Merchant.get()
    assert (changed.display_name, changed.status) == ("New name", "ACTIVE")


@pytest.mark.one_database
async def test_an_answer_about_another_account_changes_nothing(
    gateway: Gateway, simulator: Simulator
) -> None:
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    shop_2 = dataclasses.replace(SHOP, external_id="shop-2", display_name="Other")
    other, _ = await accounts.create(gateway, shop_2, actor="tests")
    account, others = [await ConnectedAccount.get(merchant_id=row.id) for row in (merchant, other)]
    answer = await gateway.retrieve_account(others.stripe_account_id)
    simulator.control("faults", {"method": "*", "status": 200, "body": answer, "times": 3})
    for call in (
        accounts.refresh(gateway, merchant, actor="tests"),
        accounts.update(gateway, merchant, NEW_NAME, actor="tests"),
        accounts.close(gateway, merchant, actor="tests"),
    ):
        with pytest.raises(AnswerUnusable):
            await call
    after = await ConnectedAccount.get(merchant_id=merchant.id)
    assert (after.stripe_account_id, after.snapshot) == (account.stripe_account_id, account.snapshot)
    assert (await Merchant.get(id=merchant.id)).display_name == SHOP.display_name


@pytest.mark.one_database
async def test_a_refused_link_reveals_at_once_that_the_account_was_closed(
    gateway: Gateway, simulator: Simulator
) -> None:
    simulator.control("deliveries", {"mode": "drop"})
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    account = await ConnectedAccount.get()
    simulator.control(f"accounts/{account.stripe_account_id}", {"scenario": "close"})
    with pytest.raises(MerchantNotReady) as caught:
        await links.issue(
            gateway,
            merchant,
            links.ONBOARDING,
            return_to="https://app.example/",
            collect="currently_due",
            public_url="https://api.example",
            returns=ReturnTargets({"https://app.example"}),
            relocate=relocate_to("https://dashboard.example"),
            actor="tests",
        )
    assert (
        caught.value.message
        == "The account is closed. The platform can open another one with replaceAccount."
    )
    assert (await Merchant.get()).status == "CLOSED"


@pytest.mark.parametrize("answer", ["not_found", "forbidden"])
async def test_no_fetch_disconnects_an_account_that_stripe_does_not_show(
    gateway: Gateway, simulator: Simulator, answer: str
) -> None:
    """The API key may belong to another platform. After the key is corrected, the merchants must still be
    connected.
    """
    simulator.control("deliveries", {"mode": "drop"})
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    account = await ConnectedAccount.get()
    order = {"scenario": "deauthorize", "answer": answer}
    simulator.control(f"accounts/{account.stripe_account_id}", order)
    event = StripeEvent(
        type="v2.core.account.updated", stripe_account_id=account.stripe_account_id, back_filled_at=None
    )
    with pytest.raises(StripeNotFound):
        await events.handle(gateway, [event])
    with pytest.raises(StripeNotFound):
        await accounts.refresh(gateway, merchant, actor="tests")
    assert (await Merchant.get()).status == "ONBOARDING"


@pytest.mark.one_database
async def test_the_same_person_can_be_added_again_after_a_replacement(
    gateway: Gateway, simulator: Simulator
) -> None:
    """Stripe identifies a request by its idempotency key, so the two accounts need different keys."""
    company = dataclasses.replace(SHOP, entity_type="company")
    person = NewPerson(given_name="Ada", surname="Byron", roles=("director",))
    merchant, _ = await accounts.create(gateway, company, actor="tests")
    old = (await ConnectedAccount.get(merchant_id=merchant.id)).stripe_account_id
    await accounts.add_person(gateway, merchant, person, actor="tests")
    await accounts.close(gateway, merchant, actor="tests")
    await accounts.replace(gateway, merchant, old, company, actor="tests")
    for _ in range(2):
        await accounts.add_person(gateway, merchant, person, actor="tests")
    headers = {"Authorization": "Bearer sk_test_reader"}
    listed = simulator.client.get("/v2/core/events", params={"limit": 100}, headers=headers).json()["data"]
    added = [event for event in listed if event["type"] == "v2.core.account_person.created"]
    keys = {event["reason"]["request"]["idempotency_key"] for event in added}
    assert (len(added), len(keys)) == (2, 2)


@pytest.mark.slow
@pytest.mark.one_database
async def test_after_a_change_of_the_api_key_a_person_is_not_added_again(
    gateway: Gateway, simulator: Simulator
) -> None:
    company = dataclasses.replace(SHOP, entity_type="company")
    person = NewPerson(
        given_name="Ada",
        surname="Byron",
        roles=("director",),
        email="a@b.example",
        date_of_birth="1985-03-24",
    )
    merchant, _ = await accounts.create(gateway, company, actor="tests")
    await accounts.add_person(gateway, merchant, person, actor="tests")
    renewed = Gateway("sk_test_" + "R" * 24, simulator.base_url, timeout=2, retries=0)
    account = (await ConnectedAccount.get()).stripe_account_id
    await accounts.add_person(renewed, merchant, person, actor="tests")
    assert len(await renewed.persons(account)) == 1
    other = dataclasses.replace(person, date_of_birth="1985-03-25")
    await accounts.add_person(renewed, merchant, other, actor="tests")
    assert len(await renewed.persons(account)) == 2
    # An API key that may not list persons can still add a person.
    refusal = {"code": "more_permissions_required", "message": "No permission."}
    path = "/v2/core/accounts/{account_id}/persons"
    simulator.control("faults", {"method": "GET", "path": path, "status": 403, "body": {"error": refusal}})
    await accounts.add_person(renewed, merchant, dataclasses.replace(person, given_name="Eve"), actor="tests")
    assert len(await renewed.persons(account)) == 3
    await renewed.close()
