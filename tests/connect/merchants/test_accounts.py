"""One merchant, one account: through lost answers, crashes, refusals and events that come first."""

import asyncio
import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from connect import mirroring
from connect.errors import (
    CountryNotSupported,
    ExternalIdTaken,
    MerchantNotReady,
    StripeKeyRefused,
    StripeRefused,
    StripeUnavailable,
)
from connect.gateway import Gateway
from connect.merchants import accounts, creations, mirror
from connect.merchants.inputs import MerchantChanges
from connect.merchants.snapshot import decode
from models import AccountCreation, ConnectedAccount, Merchant, TimelineEntry, now
from testing.processes import Simulator
from testing.service import eventually
from tests.connect.conftest import SHOP

pytestmark = pytest.mark.usefixtures("database")
CREATE = {"method": "POST", "path": "/v2/core/accounts"}


def at_stripe(simulator: Simulator) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = simulator.control("accounts")["data"]
    return found


async def test_the_request_asks_for_the_full_dashboard_with_stripe_liable(
    gateway: Gateway, simulator: Simulator
) -> None:
    merchant, created = await accounts.create(gateway, SHOP, actor="tests")
    assert created
    (account,) = at_stripe(simulator)
    assert account["dashboard"] == "full"
    assert account["contact_email"] == "owner@shop.example"
    assert account["identity"]["country"] == "US"
    assert account["metadata"] == {"merchant_id": str(merchant.id), "external_id": "shop-1"}
    responsibilities = account["defaults"]["responsibilities"]
    assert responsibilities["fees_collector"] == "stripe"
    assert responsibilities["losses_collector"] == "stripe"


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "reset_after"},
        {"kind": "reset_before"},
        {"status": 500},
        {"status": 429},
        {"status": 502, "body": "<p>D\u00e9faillance</p>", "encoding": "latin-1"},
        {"status": 502, "body": "\x1f\x8b\x08\x00\xff", "encoding": "latin-1"},
        {"status": 200, "body": []},
        {"status": 200, "body": "null"},
        {"status": 400, "body": {"error": []}},
    ],
    ids=str,
)
async def test_a_lost_answer_is_healed_by_repeating(
    gateway: Gateway, simulator: Simulator, fault: dict[str, Any]
) -> None:
    simulator.control("faults", {**CREATE, **fault})
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, SHOP, actor="tests")
    waiting = await Merchant.get(external_id="shop-1")
    assert waiting.status == "CREATING"
    merchant, created = await accounts.create(gateway, SHOP, actor="tests")
    assert (merchant.id, created, merchant.status) == (waiting.id, False, "ONBOARDING")
    assert len(at_stripe(simulator)) == 1
    creation = await AccountCreation.get(merchant_id=merchant.id)
    assert (creation.state, creation.attempts) == ("SUCCEEDED", 2)


async def test_the_worker_completes_what_nobody_repeats(gateway: Gateway, simulator: Simulator) -> None:
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, SHOP, actor="tests")
    assert await creations.resume(gateway) == 0  # not before its pause is over
    await AccountCreation.all().update(run_at=await now())
    assert await creations.resume(gateway) == 1
    assert (await Merchant.get()).status == "ONBOARDING"
    assert len(at_stripe(simulator)) == 1


async def test_a_crash_before_the_call_leaves_nothing_lost(gateway: Gateway, simulator: Simulator) -> None:
    """The process died after writing the request down: another takes it up when the lease has run out."""
    written = asyncio.create_task(accounts.create(gateway, SHOP, actor="tests"))
    await eventually(AccountCreation.all().exists)
    written.cancel()
    await asyncio.gather(written, return_exceptions=True)
    await AccountCreation.all().update(run_at=await now(), leased_until=await now() - timedelta(seconds=1))
    await creations.resume(gateway)
    assert (await Merchant.get()).status == "ONBOARDING"
    assert len(at_stripe(simulator)) == 1


async def test_a_refusal_leaves_the_external_id_free_and_the_request_on_record(
    gateway: Gateway, simulator: Simulator
) -> None:
    refusal = {"error": {"code": "connect_profile_not_submitted", "message": "Complete your profile."}}
    simulator.control("faults", {**CREATE, "status": 400, "body": refusal})
    with pytest.raises(StripeRefused) as caught:
        await accounts.create(gateway, SHOP, actor="tests")
    assert caught.value.code == "connect_profile_not_submitted"
    assert "Complete your profile." in caught.value.message
    assert await Merchant.all().count() == 0
    assert await TimelineEntry.all().count() == 0
    creation = await AccountCreation.get()
    assert (creation.state, creation.external_id, creation.error_code) == (
        "REFUSED",
        "shop-1",
        "connect_profile_not_submitted",
    )
    merchant, created = await accounts.create(
        gateway, dataclasses.replace(SHOP, display_name="Other"), actor="tests"
    )
    assert (merchant.display_name, created) == ("Other", True)


async def test_a_country_that_stripe_does_not_serve_is_told_as_such(gateway: Gateway) -> None:
    with pytest.raises(CountryNotSupported) as caught:
        await accounts.create(gateway, dataclasses.replace(SHOP, country="KP"), actor="tests")
    assert caught.value.country == "KP"
    assert await Merchant.all().count() == 0


async def test_a_key_that_stripe_does_not_accept_loses_nothing(
    simulator: Simulator, gateway: Gateway
) -> None:
    """The first attempt may have made the account; so its key being refused later settles nothing."""
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, SHOP, actor="tests")
    wrong = Gateway("sk_live_wrong", simulator.base_url, retries=0)
    with pytest.raises(StripeKeyRefused):
        await accounts.create(wrong, SHOP, actor="tests")
    await wrong.close()
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    assert merchant.status == "ONBOARDING"
    assert len(at_stripe(simulator)) == 1


async def test_another_input_is_not_the_same_merchant(gateway: Gateway, simulator: Simulator) -> None:
    await accounts.create(gateway, SHOP, actor="tests")
    with pytest.raises(ExternalIdTaken):
        await accounts.create(gateway, dataclasses.replace(SHOP, country="DE"), actor="tests")
    assert len(at_stripe(simulator)) == 1


async def test_an_event_may_bring_the_account_before_the_answer_does(
    gateway: Gateway, simulator: Simulator
) -> None:
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, SHOP, actor="tests")
    (account,) = at_stripe(simulator)
    adopted = await creations.adopt(await gateway.retrieve_account(account["id"]))
    assert adopted is not None
    assert adopted.stripe_account_id == account["id"]
    merchant, created = await accounts.create(gateway, SHOP, actor="tests")
    assert (created, merchant.status) == (False, "ONBOARDING")
    assert await ConnectedAccount.all().count() == 1
    assert simulator.control("calls")["calls"]["POST /v2/core/accounts"] == 1


async def test_accounts_of_others_are_not_adopted(gateway: Gateway) -> None:
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    account = await ConnectedAccount.get(merchant_id=merchant.id)
    answer = await gateway.retrieve_account(account.stripe_account_id)
    for metadata in ({}, {"merchant_id": "x"}, {"merchant_id": "01a206b4-a7fa-79b7-86a7-b2328da008fe"}):
        assert await creations.adopt({**answer, "id": "acct_other", "metadata": metadata}) is None
    # A second account that claims to be this merchant's never takes the first one's place.
    assert await creations.adopt({**answer, "id": "acct_other"}) is None
    assert (await ConnectedAccount.get()).stripe_account_id == account.stripe_account_id


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


async def test_closing_is_for_good_and_closing_twice_is_harmless(
    gateway: Gateway, simulator: Simulator
) -> None:
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    closed = await accounts.close(gateway, merchant, actor="tests")
    assert closed.status == "CLOSED"
    assert at_stripe(simulator)[0]["closed"] is True
    assert (await accounts.close(gateway, closed, actor="tests")).status == "CLOSED"
    with pytest.raises(MerchantNotReady):
        await accounts.update(gateway, closed, MerchantChanges(display_name="X"), actor="tests")


async def test_what_is_known_survives_an_answer_that_leaves_it_out(gateway: Gateway) -> None:
    """Stripe answers null for sections that were not asked for."""
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
    await mirror.write(account, bare, await mirroring.begin(account), "webhook")
    after = decode((await ConnectedAccount.get(id=account.id)).snapshot)
    assert after == before
    assert (await Merchant.get()).status == "ONBOARDING"


async def test_a_refusal_that_comes_after_the_account_takes_nothing_away(
    gateway: Gateway, simulator: Simulator
) -> None:
    """An event brought the account while a second attempt was under way, and that attempt is refused."""
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, SHOP, actor="tests")
    (account,) = at_stripe(simulator)
    creation = await AccountCreation.get()
    await creations.adopt(await gateway.retrieve_account(account["id"]))
    late = StripeRefused("cannot_create_connected_account", "No.", None)
    assert not await creations.refuse(creation, late)
    assert (await AccountCreation.get()).state == "SUCCEEDED"
    assert (await Merchant.get()).status == "ONBOARDING"


async def test_a_change_shows_even_when_a_later_fetch_was_written_first(
    gateway: Gateway, simulator: Simulator
) -> None:
    """The later fetch began after ours but looked before our change was made."""
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    account = await ConnectedAccount.get()
    old = await gateway.retrieve_account(account.stripe_account_id)
    simulator.control("faults", {"path": "/v2/core/accounts/{id}", "kind": "delay_after", "seconds": 0.5})
    changing = asyncio.create_task(
        accounts.update(gateway, merchant, MerchantChanges(display_name="New name"), actor="tests")
    )
    await eventually(lambda: ConnectedAccount.filter(fetches_started=2).exists())
    await mirror.write(account, old, await mirroring.begin(account), "webhook")
    assert (await changing).display_name == "New name"


async def test_a_creation_older_than_stripes_keys_is_not_repeated(
    gateway: Gateway, simulator: Simulator
) -> None:
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, SHOP, actor="tests")
    long_ago = await now() - timedelta(days=30)
    await AccountCreation.all().update(created_at=long_ago, run_at=long_ago)
    simulator.control("calls", method="DELETE")
    assert await creations.resume(gateway) == 0
    with pytest.raises(StripeUnavailable, match="forgotten its key"):
        await accounts.create(gateway, SHOP, actor="tests")
    assert simulator.control("calls")["total"] == 0
