"""A replacement gives a merchant another account exactly once, and keeps the merchant's history."""

import asyncio
import dataclasses
import json
from datetime import timedelta
from typing import Any

import pytest

from connect.errors import (
    FieldCode,
    InvalidInput,
    MerchantNotReady,
)
from connect.merchants import accounts
from connect.merchants.mirror import mirror
from connect.merchants.replacements import replacements
from connect.stripe_api.gateway import Gateway
from models import (
    AccountCreation,
    AccountReplacement,
    ConnectedAccount,
    FormerAccount,
    Merchant,
    TimelineEntry,
    now,
)
from testing import agreement
from testing.processes import Simulator
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


async def test_a_closed_account_is_replaced_for_the_same_merchant(
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
    assert simulator.control("calls")["calls"] == {"POST /v2/core/accounts": 1}  # no fetch
    new = await present(merchant)
    repeated, is_new = await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    assert (repeated.id, is_new) == (merchant.id, False)
    # The platform may still repeat the call that created the merchant.
    first, is_new = await accounts.create(gateway, SHOP, actor="tests")
    assert (first.id, first.country, is_new) == (merchant.id, "DE", False)
    assert (await present(merchant), len(at_stripe(simulator))) == (new, 2)


async def test_many_identical_calls_replace_the_account_once(gateway: Gateway, simulator: Simulator) -> None:
    merchant, old = await closed(gateway)
    calls = [accounts.replace(gateway, merchant, old, GERMAN, actor="tests") for _ in range(10)]
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
    # An account that was never active need not be closed before its replacement.
    await accounts.replace(gateway, merchant, second, SHOP, actor="tests")
    third = await present(merchant)
    assert len({first, second, third}) == 3
    # Repeated calls for the first replacement still find its result.
    assert await accounts.replace(gateway, merchant, first, GERMAN, actor="tests") == (merchant, False)
    document = json.loads((await Merchant.get()).document)
    assert [one["stripeAccountId"] for one in document["formerAccounts"]] == [second, first]
    assert at_stripe(simulator)[third]["metadata"]["replacement"] == "2"


@pytest.mark.one_database
async def test_an_account_that_has_been_active_must_be_closed_first(
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
async def test_an_account_must_be_closed_first_if_another_capability_has_been_active(
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
async def test_an_account_with_an_unknown_history_must_be_closed_first(gateway: Gateway) -> None:
    """The service knows the whole history of an account only if it has created the account."""
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
async def test_only_the_current_account_can_be_replaced(gateway: Gateway) -> None:
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
    with pytest.raises(MerchantNotReady, match=r"^A merchant can have at most 20 former accounts"):
        await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")


@pytest.mark.one_database
async def test_an_open_account_that_stripe_does_not_show_is_not_replaced(
    gateway: Gateway, simulator: Simulator
) -> None:
    """The API key may belong to another platform or mode."""
    merchant, old = await created(gateway)
    for status, code in ((404, "not_found"), (403, "account_invalid")):
        error = {"error": {"code": code, "message": "No such account."}}
        fault = {"method": "GET", "path": f"/v2/core/accounts/{old}", "status": status, "body": error}
        simulator.control("faults", fault)
        remedy = r"Check that CONNECTQL_STRIPE_API_KEY belongs to the platform and mode of this account\."
        with pytest.raises(MerchantNotReady, match=remedy):
            await accounts.replace(gateway, merchant, old, GERMAN, actor="tests")
    assert await AccountReplacement.all().count() == 0
