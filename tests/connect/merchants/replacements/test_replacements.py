"""A replacement gives a merchant another account exactly once, and keeps its history."""

import asyncio
import dataclasses
import json
from datetime import timedelta
from typing import Any

import pytest

from connect.errors import (
    CountryNotSupported,
    FieldCode,
    InvalidInput,
    MerchantNotReady,
    ReplacementDiffers,
    StripeRefused,
    StripeUnavailable,
)
from connect.events import inbox
from connect.events.handlers import HANDLERS
from connect.merchants import accounts, creations
from connect.merchants.inputs import MerchantChanges
from connect.merchants.mirror import mirror
from connect.merchants.replacements import replacements
from connect.stripe_api.gateway import Gateway
from models import (
    AccountCreation,
    AccountReplacement,
    ConnectedAccount,
    FormerAccount,
    Merchant,
    StripeEvent,
    TimelineEntry,
    now,
)
from testing import agreement
from testing.notifications import new_notification
from testing.processes import Simulator
from testing.service import eventually
from tests.connect.conftest import SHOP

pytestmark = pytest.mark.usefixtures("database")
CREATE = {"method": "POST", "path": "/v2/core/accounts"}
GERMAN = dataclasses.replace(SHOP, country="DE", display_name="Laden")


async def created(gateway: Gateway) -> tuple[Merchant, str]:
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    return merchant, await present(merchant)


async def present(merchant: Merchant) -> str:
    return (await ConnectedAccount.get(merchant_id=merchant.id)).stripe_account_id


async def closed(gateway: Gateway) -> tuple[Merchant, str]:
    merchant, account = await created(gateway)
    return await accounts.close(gateway, merchant, actor="tests"), account


def at_stripe(simulator: Simulator) -> dict[str, dict[str, Any]]:
    return {account["id"]: account for account in simulator.control("accounts")["data"]}


async def messages(kind: str = "CREATED") -> list[tuple[str, str | None]]:
    rows = await TimelineEntry.filter(kind=kind).order_by("id")
    return [(row.message, row.actor) for row in rows]


async def test_a_closed_account_gets_another_one_for_the_same_merchant(
    gateway: Gateway, simulator: Simulator
) -> None:
    merchant, old = await closed(gateway)
    row = await ConnectedAccount.get(merchant_id=merchant.id)
    at = await now()
    await Merchant.all().update(links_issued=3, last_link_issued_at=at, last_returned_at=at)
    replaced, is_new = await accounts.replace(gateway, merchant, old, GERMAN, actor="clerk")
    assert (replaced.links_issued, replaced.last_link_issued_at, replaced.last_returned_at) == (0, None, None)
    new = await present(merchant)
    assert is_new
    assert new != old
    assert (replaced.id, replaced.external_id, replaced.created_at) == (
        merchant.id,
        merchant.external_id,
        merchant.created_at,
    )
    assert (replaced.status, replaced.country, replaced.display_name) == ("ONBOARDING", "DE", "Laden")
    assert (await ConnectedAccount.get(merchant_id=merchant.id)).id == row.id
    metadata = {"merchant_id": str(merchant.id), "external_id": "shop-1"}
    stripe = at_stripe(simulator)
    assert {key: account["metadata"] for key, account in stripe.items()} == {
        old: metadata,
        new: metadata | {"replacement": "1"},
    }
    assert (stripe[new]["identity"]["country"], stripe[new]["dashboard"]) == ("DE", "full")
    former = json.loads(replaced.document)["formerAccounts"]
    assert [(one["stripeAccountId"], one["country"], one["closed"]) for one in former] == [(old, "US", True)]
    assert json.loads(str(replaced.merchant_document))["formerAccounts"] == former
    assert await messages() == [
        ("The merchant was created.", "tests"),
        (f"Another account was requested in place of {old}.", "clerk"),
        (f"The account {new} replaced {old}.", "clerk"),
    ]
    last = await TimelineEntry.filter(kind="STATUS_CHANGED").order_by("-id").first()
    assert last is not None
    assert (last.status_before, last.status_after) == ("CLOSED", "ONBOARDING")
    assert await agreement.disagreements() == []


async def test_a_repeated_call_returns_the_merchant_and_opens_no_third_account(
    gateway: Gateway, simulator: Simulator
) -> None:
    merchant, old = await closed(gateway)
    simulator.control("calls", method="DELETE")
    await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    assert simulator.control("calls")["calls"] == {"POST /v2/core/accounts": 1}  # a closed one is not fetched
    new = await present(merchant)
    repeated, is_new = await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    assert (repeated.id, is_new) == (merchant.id, False)
    # The platform's old job may repeat the first creation.
    first, is_new = await accounts.create(gateway, SHOP, actor="tests")
    assert (first.id, first.country, is_new) == (merchant.id, "DE", False)
    assert (await present(merchant), len(at_stripe(simulator))) == (new, 2)


async def test_many_identical_calls_replace_the_account_once(gateway: Gateway, simulator: Simulator) -> None:
    merchant, old = await closed(gateway)
    calls = [accounts.replace(gateway, merchant, old, GERMAN, actor="tests") for _ in range(20)]
    results = await asyncio.gather(*calls)
    assert {row.id for row, _ in results} == {merchant.id}
    assert sum(is_new for _, is_new in results) == 1
    assert len(at_stripe(simulator)) == 2
    assert await FormerAccount.all().count() == 1


@pytest.mark.one_database
async def test_an_account_may_be_replaced_again(gateway: Gateway, simulator: Simulator) -> None:
    merchant, first = await closed(gateway)
    await accounts.replace(gateway, merchant, first, GERMAN, actor="tests")
    second = await present(merchant)
    # A new account in the wrong country was never active, so it need not be closed.
    await accounts.replace(gateway, merchant, second, SHOP, actor="tests")
    third = await present(merchant)
    assert len({first, second, third}) == 3
    # Repeats of the first replacement still find its result.
    assert await accounts.replace(gateway, merchant, first, GERMAN, actor="tests") == (merchant, False)
    document = json.loads((await Merchant.get()).document)
    assert [one["stripeAccountId"] for one in document["formerAccounts"]] == [second, first]
    assert at_stripe(simulator)[third]["metadata"]["replacement"] == "2"


@pytest.mark.one_database
async def test_an_account_that_was_ever_active_must_be_closed_first(
    gateway: Gateway, simulator: Simulator
) -> None:
    merchant, old = await created(gateway)
    # The event about the activation has not arrived yet.
    simulator.control(f"accounts/{old}", {"scenario": "activate"})
    for scenario in ("activate", "due_soon", "reject"):
        simulator.control(f"accounts/{old}", {"scenario": scenario})
        with pytest.raises(MerchantNotReady, match=r"^The account is open and may hold a balance\. "):
            await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    assert await AccountReplacement.all().count() == 0
    await accounts.close(gateway, merchant, actor="tests")
    assert (await accounts.replace(gateway, merchant, old, GERMAN, actor="tests"))[1]
    everything = json.loads((await Merchant.get()).document)
    assert everything["onboarding"]["everActiveAt"] is None
    (former,) = everything["formerAccounts"]
    assert former["everActiveAt"] is not None


@pytest.mark.one_database
async def test_an_account_with_another_capability_that_was_ever_active_must_be_closed_first(
    gateway: Gateway,
) -> None:
    """Money may come from capabilities other than card payments, even if they worked only in the past."""
    merchant, old = await created(gateway)
    row = await ConnectedAccount.get(merchant_id=merchant.id)
    answer = await gateway.retrieve_account(old)
    for status in ("active", "restricted"):
        klarna: dict[str, Any] = {"klarna_payments": {"status": status, "status_details": []}}
        capabilities = answer["configuration"]["merchant"]["capabilities"] | klarna
        changed = {**answer, "configuration": {"merchant": {"capabilities": capabilities}}}
        await mirror.write(row, changed, await mirror.begin(row), "webhook")
    with pytest.raises(MerchantNotReady, match="may hold a balance"):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")


@pytest.mark.one_database
async def test_an_account_with_an_unknown_past_must_be_closed_first(gateway: Gateway) -> None:
    """The service knows the whole history only of an account that it has created."""
    merchant, old = await created(gateway)
    await AccountCreation.all().delete()
    with pytest.raises(MerchantNotReady, match="may hold a balance"):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")


@pytest.mark.one_database
async def test_a_disconnected_account_can_be_replaced(gateway: Gateway) -> None:
    merchant, old = await created(gateway)
    row = await ConnectedAccount.get(merchant_id=merchant.id)
    await mirror.set_connected(row, connected=False)
    replaced, _ = await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    (former,) = json.loads(replaced.document)["formerAccounts"]
    assert (replaced.status, former["disconnected"]) == ("ONBOARDING", True)


@pytest.mark.one_database
async def test_an_account_that_is_not_the_current_one_is_refused(gateway: Gateway) -> None:
    merchant, old = await closed(gateway)
    for other in ("acct_other", old.upper()):
        with pytest.raises(InvalidInput) as caught:
            await accounts.replace(gateway, merchant, other, GERMAN, actor="tests")
        assert [(field.name, field.code) for field in caught.value.fields] == [
            ("stripeAccountId", FieldCode.ACCOUNT_NOT_CURRENT)
        ]
    wrong = dataclasses.replace(GERMAN, country="XX")
    with pytest.raises(InvalidInput) as caught:
        await accounts.replace(gateway, merchant, "\x00", wrong, actor="tests")
    assert [(field.name, field.code) for field in caught.value.fields] == [
        ("stripeAccountId", FieldCode.CONTROL_CHARACTERS),
        ("country", FieldCode.COUNTRY_UNKNOWN),
    ]
    assert await AccountReplacement.all().count() == 0


@pytest.mark.one_database
@pytest.mark.parametrize(
    "fault",
    [{"kind": "reset_after"}, {"kind": "reset_before"}, {"status": 500}, {"status": 200, "body": []}],
    ids=str,
)
async def test_a_repeated_call_completes_a_replacement_without_an_answer(
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
    assert await replacements.resume(gateway) == 0  # its retry is not due yet
    await AccountReplacement.all().update(run_at=await now())
    assert await creations.resume(gateway) == 0  # replicas of release 0.1.0 must not resume it
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
    said = (f"Stripe refused to open another account. The account {old} stays.", "clerk")
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
    # Stripe refuses a second attempt; the merchant has its account.
    error = StripeRefused("code", "message", None)
    assert not await replacements.refuse(replacement, error)
    # A late answer to the first attempt changes nothing.
    assert await replacements.attach(replacement, answer, "create") == await Merchant.get()
    assert await accounts.replace(gateway, merchant, old, GERMAN, actor="tests") == (merchant, False)
    assert await FormerAccount.all().count() == 1


async def test_an_answer_after_a_refusal_still_gives_the_merchant_its_account(
    gateway: Gateway, simulator: Simulator
) -> None:
    """One of two attempts is refused, and the other one gets an account."""
    merchant, old = await closed(gateway)
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    replacement = await AccountReplacement.get()
    assert await replacements.refuse(replacement, StripeRefused("code", "message", None))
    (new,) = at_stripe(simulator).keys() - {old}
    assert await replacements.attach(replacement, await gateway.retrieve_account(new), "create") is not None
    assert (await present(merchant), (await AccountReplacement.get()).state) == (new, "SUCCEEDED")
    # The input was forgotten, so a repeat is not compared.
    assert await accounts.replace(gateway, merchant, old, GERMAN, actor="tests") == (
        await Merchant.get(),
        False,
    )


async def test_an_account_of_another_platform_or_merchant_is_not_attached(gateway: Gateway) -> None:
    merchant, old = await closed(gateway)
    other, _ = await accounts.create(gateway, dataclasses.replace(SHOP, external_id="shop-2"), actor="tests")
    answer = await gateway.retrieve_account(await present(other))
    replacement, _ = await replacements.store(merchant, old, GERMAN, "tests", gateway.token_key)
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


async def test_an_answer_about_the_old_account_never_reaches_the_new_one(gateway: Gateway) -> None:
    """A fetch, a change and a closing of the old account end after its replacement."""
    merchant, old = await created(gateway)
    row = await ConnectedAccount.get(merchant_id=merchant.id)
    fetch = await mirror.begin(row)
    answer = await gateway.retrieve_account(old)
    replacement, _ = await replacements.store(merchant, old, GERMAN, "tests", gateway.token_key)
    await replacements.complete(gateway, replacement)
    written = await ConnectedAccount.get(merchant_id=merchant.id)
    assert written.fetch_applied >= fetch  # a replica of release 0.1.0 compares only the numbers
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


async def test_a_change_during_a_replacement_is_refused(gateway: Gateway, simulator: Simulator) -> None:
    """Stripe answers the change of the old account after the account was replaced."""
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


@pytest.mark.one_database
async def test_a_merchant_has_a_limited_number_of_former_accounts(gateway: Gateway) -> None:
    merchant, old = await closed(gateway)
    at = await now()
    await FormerAccount.bulk_create(
        [
            FormerAccount(
                merchant_id=merchant.id,
                stripe_account_id=f"acct_{number}",
                snapshot="{}",
                fetch_applied=1,
                synced_at=at,
                replaced_at=at - timedelta(days=1),
            )
            for number in range(replacements.MAX_FORMER)
        ]
    )
    with pytest.raises(MerchantNotReady, match=r"^20 accounts of this merchant were replaced"):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")


async def pending(gateway: Gateway, simulator: Simulator) -> tuple[Merchant, str, str]:
    """A replacement whose answer was lost: the merchant, its account, and the new account at Stripe."""
    merchant, old = await created(gateway)
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="clerk")
    (new,) = at_stripe(simulator).keys() - {old}
    return merchant, old, new


@pytest.mark.parametrize("completed_by", ["call", "worker", "event"])
async def test_an_account_that_can_take_payments_by_now_is_not_replaced_and_the_new_one_is_listed(
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
    message = f"The account {old} can hold money by now and stays. The new account {new} is not used."
    assert (await messages())[-1] == (message, "clerk")
    # A late answer to another attempt changes nothing, and the account can be changed again.
    request = await AccountReplacement.get()
    assert await replacements.attach(request, await gateway.retrieve_account(new), "create") is None
    assert await replacements.refuse(request, StripeRefused("code", "message", None))
    await accounts.close(gateway, merchant, actor="tests")
    assert (await accounts.replace(gateway, merchant, old, GERMAN, actor="tests"))[1]
    assert len(at_stripe(simulator)) == 3
    assert await agreement.disagreements() == []


async def test_callers_that_wait_for_a_replacement_learn_that_the_account_stays(
    gateway: Gateway, simulator: Simulator
) -> None:
    merchant, old, new = await pending(gateway, simulator)
    simulator.control(f"accounts/{old}", {"scenario": "activate"})
    calls = [accounts.replace(gateway, merchant, old, GERMAN, actor="tests") for _ in range(5)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(result) for result in results] == [MerchantNotReady] * 5
    assert (await present(merchant), len(at_stripe(simulator))) == (old, 2)
    # Later events of the unused account are followed.
    simulator.control(f"accounts/{new}", {"scenario": "activate"})
    unused = await mirror.find(new)
    assert unused is not None
    await mirror.refresh(gateway, unused, "webhook")
    (former,) = json.loads((await Merchant.get()).document)["formerAccounts"]
    assert former["canAcceptPayments"]


@pytest.mark.one_database
async def test_an_unused_account_does_not_hide_that_the_account_worked_before(
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
    with pytest.raises(StripeUnavailable, match=f"^Stripe does not show the platform the account {old}, "):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    assert (await AccountReplacement.get()).state == "PENDING"
    await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    assert await present(merchant) == new


@pytest.mark.one_database
async def test_an_open_account_that_stripe_does_not_show_is_not_replaced(
    gateway: Gateway, simulator: Simulator
) -> None:
    """The key may belong to another platform or mode."""
    merchant, old = await created(gateway)
    for status, code in ((404, "not_found"), (403, "account_invalid")):
        error = {"error": {"code": code, "message": "No such account."}}
        fault = {"method": "GET", "path": f"/v2/core/accounts/{old}", "status": status, "body": error}
        simulator.control("faults", fault)
        remedy = r"Check that CONNECTQL_STRIPE_API_KEY belongs to the platform and mode of this account\."
        with pytest.raises(MerchantNotReady, match=remedy):
            await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    assert await AccountReplacement.all().count() == 0


async def test_an_event_that_an_older_worker_ignored_is_handled_after_the_replacement(
    gateway: Gateway, simulator: Simulator
) -> None:
    """A worker of release 0.1.0 knows no replacements."""
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
