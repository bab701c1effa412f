"""A pending replacement changes nothing until it is completed, refused or set aside."""

import asyncio
import dataclasses
import json
from typing import Any

import pytest

from connect.errors import (
    CountryNotSupported,
    MerchantNotReady,
    ReplacementDiffers,
    StripeRefused,
    StripeUnavailable,
)
from connect.events import inbox
from connect.events.handlers import HANDLERS
from connect.merchants import accounts, creations, erasure
from connect.merchants.inputs import MerchantChanges
from connect.merchants.mirror import mirror
from connect.merchants.replacements import replacements
from connect.stripe_api.gateway import Gateway
from models import (
    AccountReplacement,
    ConnectedAccount,
    FormerAccount,
    Merchant,
    StripeEvent,
    now,
)
from testing import agreement
from testing.notifications import new_notification
from testing.processes import Simulator
from testing.service import eventually
from tests.connect.conftest import SHOP
from tests.connect.merchants.replacements.replaced import (
    GERMAN,
    at_stripe,
    closed,
    created,
    messages,
    present,
)

pytestmark = pytest.mark.usefixtures("database")


CREATE = {"method": "POST", "path": "/v2/core/accounts"}


@pytest.mark.one_database
@pytest.mark.parametrize(
    "fault",
    [{"kind": "reset_after"}, {"kind": "reset_before"}, {"status": 500}, {"status": 200, "body": []}],
    ids=str,
)
async def test_a_repeated_call_completes_a_replacement_that_got_no_usable_answer(
    gateway: Gateway, simulator: Simulator, fault: dict[str, Any]
) -> None:
    merchant, old = await closed(gateway)
    simulator.control("faults", {**CREATE, **fault})
    with pytest.raises(StripeUnavailable):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    assert await present(merchant) == old
    with pytest.raises(ReplacementDiffers) as caught:
        await accounts.replace(gateway, merchant, old, SHOP, actor="tests")
    assert caught.value.is_pending
    replaced, is_new = await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    assert (replaced.status, is_new) == ("ONBOARDING", False)
    assert len(at_stripe(simulator)) == 2
    with pytest.raises(ReplacementDiffers) as caught:
        await accounts.replace(gateway, merchant, old, SHOP, actor="tests")
    assert not caught.value.is_pending


async def test_the_worker_completes_abandoned_replacements(gateway: Gateway, simulator: Simulator) -> None:
    merchant, old = await closed(gateway)
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    assert await replacements.resume(gateway) == 0  # the retry of the replacement is not due yet
    await AccountReplacement.all().update(run_at=await now())
    assert await creations.resume(gateway) == 0  # replicas of release 0.1.0 resume only creations
    assert await replacements.resume(gateway) == 1
    assert (await Merchant.get()).country == "DE"
    assert set(at_stripe(simulator)) == {old, await present(merchant)}


async def test_nothing_changes_the_old_account_while_a_replacement_is_pending(
    gateway: Gateway, simulator: Simulator
) -> None:
    merchant, old = await created(gateway)
    simulator.control("faults", {**CREATE, "kind": "reset_before"})
    with pytest.raises(StripeUnavailable):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    message = r"^Another account is being opened for this merchant\. Try again in a moment\.$"
    with pytest.raises(MerchantNotReady, match=message):
        await accounts.update(gateway, merchant, MerchantChanges(display_name="Name"), actor="tests")
    with pytest.raises(MerchantNotReady, match=message):
        await accounts.close(gateway, merchant, actor="tests")
    assert await accounts.refresh(gateway, merchant, actor="tests") == merchant


async def test_after_a_refusal_the_merchant_keeps_its_account(gateway: Gateway, simulator: Simulator) -> None:
    merchant, old = await closed(gateway)
    for country, error in (("KP", CountryNotSupported), ("DE", StripeRefused)):
        refusal = {"error": {"code": "connect_profile_not_submitted", "message": "Complete your profile."}}
        if error is StripeRefused:
            simulator.control("faults", {**CREATE, "status": 400, "body": refusal})
        shop = dataclasses.replace(SHOP, country=country)
        with pytest.raises(error):
            await accounts.replace(gateway, merchant, old, shop, actor="clerk")
        row = await Merchant.get()
        assert (row.id, row.status, await present(row)) == (merchant.id, "CLOSED", old)
    said = (f"Stripe refused to open another account. The merchant keeps the account {old}.", "clerk")
    assert (await messages()).count(said) == 2
    # The next request has its own idempotency key.
    assert (await accounts.replace(gateway, merchant, old, GERMAN, actor="tests"))[1]
    refused = await AccountReplacement.filter(state="REFUSED").values_list("input", "body")
    assert refused == [("{}", "{}"), ("{}", "{}")]
    keys = [row.idempotency_key for row in await AccountReplacement.all().order_by("id")]
    assert keys == [f"acct-create:{merchant.id}:{number}" for number in (1, 2, 3)]
    assert await FormerAccount.all().count() == 1


async def test_an_event_may_attach_the_account_before_the_answer_arrives(
    gateway: Gateway, simulator: Simulator
) -> None:
    merchant, old = await closed(gateway)
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    (new,) = at_stripe(simulator).keys() - {old}
    answer = await gateway.retrieve_account(new)
    adopted = await replacements.attach_by_event(gateway, answer)
    assert adopted is not None
    assert (adopted.stripe_account_id, await present(merchant)) == (new, new)
    replacement = await AccountReplacement.get()
    assert replacement.state == "SUCCEEDED"
    # Stripe refuses a second attempt, but the merchant has its new account already.
    error = StripeRefused("code", "message", None)
    assert not await replacements.refuse(replacement, error)
    # A late answer to the first attempt changes nothing.
    assert await replacements.attach(replacement, answer, "create") == await Merchant.get()
    assert await accounts.replace(gateway, merchant, old, GERMAN, actor="tests") == (merchant, False)
    assert await FormerAccount.all().count() == 1


async def test_an_answer_after_a_refusal_still_gives_the_merchant_its_account(
    gateway: Gateway, simulator: Simulator
) -> None:
    """One of two attempts is refused, and the other attempt gets an account."""
    merchant, old = await closed(gateway)
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    replacement = await AccountReplacement.get()
    assert await replacements.refuse(replacement, StripeRefused("code", "message", None))
    (new,) = at_stripe(simulator).keys() - {old}
    assert await replacements.attach(replacement, await gateway.retrieve_account(new), "create") is not None
    assert (await present(merchant), (await AccountReplacement.get()).state) == (new, "SUCCEEDED")
    # The refusal has removed the stored input, so a repeated call is not compared with the input.
    assert await accounts.replace(gateway, merchant, old, GERMAN, actor="tests") == (
        await Merchant.get(),
        False,
    )


async def test_an_account_that_arrives_after_the_erasure_of_its_merchant_restores_no_data(
    gateway: Gateway, simulator: Simulator
) -> None:
    merchant, old = await closed(gateway)
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    replacement = await AccountReplacement.get()
    assert await replacements.refuse(replacement, StripeRefused("code", "message", None))
    await erasure.erase(merchant, merchant.external_id, actor="tests")
    (new,) = at_stripe(simulator).keys() - {old}
    answer = await gateway.retrieve_account(new)
    assert answer["display_name"] == "Laden"
    assert await replacements.attach_by_event(gateway, answer) is None
    row, account = await Merchant.get(), await ConnectedAccount.get()
    assert (row.status, row.display_name, account.stripe_account_id) == ("ERASED", erasure.NAME, old)
    assert "Laden" not in row.document + account.snapshot
    assert (await AccountReplacement.get()).state == "REFUSED"


async def test_an_account_of_another_platform_or_merchant_is_not_attached(gateway: Gateway) -> None:
    merchant, old = await closed(gateway)
    other, _ = await accounts.create(gateway, dataclasses.replace(SHOP, external_id="shop-2"), actor="tests")
    answer = await gateway.retrieve_account(await present(other))
    replacement, _ = await replacements.store(gateway, merchant, old, GERMAN, "tests")
    mine = {"merchant_id": str(merchant.id), "replacement": "1"}
    old_answer = await gateway.retrieve_account(old)
    for wrong in (answer, {**answer, "metadata": mine}, {**answer, "id": "acct_x"}, old_answer):
        with pytest.raises(StripeUnavailable):
            await replacements.attach(replacement, wrong, "create")
    for metadata in (
        {},
        {"merchant_id": str(merchant.id)},
        mine | {"replacement": "2"},
        {"replacement": "1"},
    ):
        unknown = {**answer, "id": "acct_x", "metadata": metadata}
        assert await replacements.attach_by_event(gateway, unknown) is None
    assert await present(merchant) == old
    assert await FormerAccount.all().count() == 0


async def test_an_answer_about_the_old_account_is_never_written_to_the_new_one(gateway: Gateway) -> None:
    """Stripe has answered a fetch and the closing of the old account, but the answers are written only after
    the account has been replaced.
    """
    merchant, old = await created(gateway)
    row = await ConnectedAccount.get(merchant_id=merchant.id)
    fetch = await mirror.begin(row)
    answer = await gateway.retrieve_account(old)
    replacement, _ = await replacements.store(gateway, merchant, old, GERMAN, "tests")
    await replacements.complete(gateway, replacement)
    written = await ConnectedAccount.get(merchant_id=merchant.id)
    assert written.fetch_applied >= fetch  # replicas of 0.1.0 compare only the numbers of the fetches
    older = {**answer, "display_name": "Older"}
    assert await mirror.write(row, older, row.fetch_applied, "webhook") is mirror.Outcome.DROPPED
    outcome = await mirror.write(row, {**answer, "display_name": "Late"}, fetch, "webhook")
    assert outcome is mirror.Outcome.CHANGED
    assert await mirror.write(row, answer, fetch, "webhook") is mirror.Outcome.DROPPED
    closing = await gateway.close_account(old, ("merchant",))
    await mirror.write(row, closing, fetch, mirror.CLOSE, changed_by_us=True)
    with pytest.raises(MerchantNotReady, match=r"^Another account has replaced this one in the meantime\. "):
        await mirror.present(row)
    now_ = await ConnectedAccount.get(merchant_id=merchant.id)
    assert (now_.stripe_account_id, now_.snapshot, now_.closed) == (
        written.stripe_account_id,
        written.snapshot,
        False,
    )
    assert (await Merchant.get()).display_name == "Laden"
    (former,) = json.loads((await Merchant.get()).document)["formerAccounts"]
    assert (former["closed"], former["country"]) == (True, "US")
    assert await messages("CLOSED") == [(f"The former account {old} was closed.", None)]
    assert await agreement.disagreements() == []


@pytest.mark.waits
async def test_a_change_during_a_replacement_is_refused(gateway: Gateway, simulator: Simulator) -> None:
    """Stripe's answer to the change of the old account arrives after the replacement."""
    merchant, old = await created(gateway)
    simulator.control(
        "faults", {"method": "POST", "path": "/v2/core/accounts/{id}", "kind": "delay_after", "seconds": 1}
    )
    changes = MerchantChanges(display_name="Other")
    changing = asyncio.create_task(accounts.update(gateway, merchant, changes, actor="tests"))

    async def is_served() -> bool:
        return bool(at_stripe(simulator)[old]["display_name"] == "Other")

    await eventually(is_served)
    await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    with pytest.raises(MerchantNotReady, match=r"^Another account has replaced this one in the meantime\. "):
        await changing
    assert (await Merchant.get()).display_name == "Laden"


async def pending(gateway: Gateway, simulator: Simulator) -> tuple[Merchant, str, str]:
    """Start a replacement whose answer is lost. Returns the merchant, its account, and the new account."""
    merchant, old = await created(gateway)
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="clerk")
    (new,) = at_stripe(simulator).keys() - {old}
    return merchant, old, new


@pytest.mark.parametrize("completed_by", ["call", "worker", "event"])
async def test_an_account_that_has_become_active_is_not_replaced_and_the_new_one_is_listed(
    gateway: Gateway, simulator: Simulator, completed_by: str
) -> None:
    merchant, old, new = await pending(gateway, simulator)
    simulator.control(f"accounts/{old}", {"scenario": "activate"})  # no event has arrived
    if completed_by == "worker":
        await AccountReplacement.all().update(run_at=await now())
        assert await replacements.resume(gateway) == 1
    elif completed_by == "event":
        listed = await replacements.attach_by_event(gateway, await gateway.retrieve_account(new))
        assert listed is not None
        assert listed.stripe_account_id == new
    with pytest.raises(MerchantNotReady, match=r"^The account is open and may hold a balance\. "):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    row = await Merchant.get()
    assert (row.status, await present(row), set(at_stripe(simulator))) == ("ACTIVE", old, {old, new})
    assert [one["stripeAccountId"] for one in json.loads(row.document)["formerAccounts"]] == [new]
    message = (
        f"The merchant keeps the account {old}, because it may hold money by now. The new account {new} is "
        "not used."
    )
    assert (await messages())[-1] == (message, "clerk")
    # A late answer to another attempt changes nothing, and the account can be changed again.
    request = await AccountReplacement.get()
    assert await replacements.attach(request, await gateway.retrieve_account(new), "create") is None
    assert await replacements.refuse(request, StripeRefused("code", "message", None))
    await accounts.close(gateway, merchant, actor="tests")
    assert (await accounts.replace(gateway, merchant, old, GERMAN, actor="tests"))[1]
    assert len(at_stripe(simulator)) == 3
    assert await agreement.disagreements() == []


@pytest.mark.slow
async def test_callers_that_wait_for_a_replacement_learn_that_the_account_stays(
    gateway: Gateway, simulator: Simulator
) -> None:
    merchant, old, new = await pending(gateway, simulator)
    simulator.control(f"accounts/{old}", {"scenario": "activate"})
    calls = [accounts.replace(gateway, merchant, old, GERMAN, actor="tests") for _ in range(5)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(result) for result in results] == [MerchantNotReady] * 5
    assert (await present(merchant), len(at_stripe(simulator))) == (old, 2)
    # The mirror of the unused account still follows its events.
    simulator.control(f"accounts/{new}", {"scenario": "activate"})
    unused = await mirror.find(new)
    assert unused is not None
    await mirror.refresh(gateway, unused, "webhook")
    (former,) = json.loads((await Merchant.get()).document)["formerAccounts"]
    assert former["canAcceptPayments"]


@pytest.mark.one_database
async def test_the_unused_new_account_does_not_hide_that_the_old_one_was_active(
    gateway: Gateway, simulator: Simulator
) -> None:
    """Only the timeline shows that a capability was active."""
    merchant, old, new = await pending(gateway, simulator)
    row = await ConnectedAccount.get(merchant_id=merchant.id)
    answer = await gateway.retrieve_account(old)
    klarna: dict[str, Any] = {"klarna_payments": {"status": "active", "status_details": []}}
    capabilities = answer["configuration"]["merchant"]["capabilities"] | klarna
    changed = {**answer, "configuration": {"merchant": {"capabilities": capabilities}}}
    await mirror.write(row, changed, await mirror.begin(row), "webhook")
    with pytest.raises(MerchantNotReady, match="may hold a balance"):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    assert (await present(merchant), set(at_stripe(simulator))) == (old, {old, new})


@pytest.mark.one_database
async def test_a_pending_replacement_waits_while_stripe_does_not_show_the_old_account(
    gateway: Gateway, simulator: Simulator
) -> None:
    merchant, old, new = await pending(gateway, simulator)
    hidden = {"status": 404, "body": {"error": {"code": "not_found", "message": "No such account."}}}
    simulator.control("faults", {"method": "GET", "path": f"/v2/core/accounts/{old}", **hidden})
    with pytest.raises(StripeUnavailable, match=f"^Stripe does not show the account {old} to the platform"):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    assert (await AccountReplacement.get()).state == "PENDING"
    await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    assert await present(merchant) == new


async def test_an_event_that_an_older_worker_ignored_is_handled_after_the_replacement(
    gateway: Gateway, simulator: Simulator
) -> None:
    """A worker of release 0.1.0 does not know about replacements."""
    merchant, old, new = await pending(gateway, simulator)
    policy = inbox.Policy(debounce=0)
    notification = new_notification(1, new)
    arrival = inbox.arrival(notification, json.dumps(notification).encode(), HANDLERS, livemode=False)
    await inbox.record([arrival], policy)

    async def ignore(*_: object) -> inbox.Outcome:
        return inbox.Outcome(ignored="The account was not created by this service.")

    await inbox.work(
        gateway, "old", policy, [inbox.Handler((), ("v2.core.account",), HANDLERS[0].key, ignore)]
    )
    assert (await StripeEvent.get()).state == "IGNORED"
    await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    assert (await StripeEvent.get()).state == "PENDING"
    simulator.control(f"accounts/{new}", {"scenario": "activate"})
    await inbox.work(gateway, "new", policy, HANDLERS)
    assert (await Merchant.get()).status == "ACTIVE"
