"""Each merchant gets one account, despite lost answers, crashes and early events.

A refusal deletes the merchant.
"""

import asyncio
import dataclasses
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import structlog.testing

from connect.errors import (
    CountryNotSupported,
    ExternalIdTaken,
    FieldCode,
    StripeKeyRefused,
    StripeRefused,
    StripeUnavailable,
)
from connect.merchants import accounts, creations
from connect.merchants.inputs import MerchantChanges
from connect.stripe_api.gateway import Gateway
from models import AccountCreation, ConnectedAccount, Merchant, TimelineEntry, now
from testing import confidential
from testing.account_tokens import account_token
from testing.processes import Simulator
from testing.service import eventually
from tests.connect.conftest import SHOP

pytestmark = pytest.mark.usefixtures("database")
CREATE = {"method": "POST", "path": "/v2/core/accounts"}


def at_stripe(simulator: Simulator) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = simulator.control("accounts")["data"]
    return data


async def test_the_request_asks_for_the_full_dashboard_and_makes_stripe_liable(
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


@pytest.mark.one_database
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
async def test_a_repeated_call_completes_a_creation_that_got_no_usable_answer(
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


async def test_the_worker_completes_abandoned_creations(gateway: Gateway, simulator: Simulator) -> None:
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, SHOP, actor="tests")
    assert await creations.resume(gateway) == 0  # the retry of the creation is not due yet
    await AccountCreation.all().update(run_at=await now())
    assert await creations.resume(gateway) == 1
    assert (await Merchant.get()).status == "ONBOARDING"
    assert len(at_stripe(simulator)) == 1


@pytest.mark.portable
async def test_the_worker_completes_a_creation_after_a_crash(gateway: Gateway, simulator: Simulator) -> None:
    """The process crashes after storing the request. Another process takes over when the lease expires."""
    creating = asyncio.create_task(accounts.create(gateway, SHOP, actor="tests"))
    await eventually(AccountCreation.all().exists)
    creating.cancel()
    await asyncio.gather(creating, return_exceptions=True)
    await AccountCreation.all().update(run_at=await now(), leased_until=await now() - timedelta(seconds=1))
    await creations.resume(gateway)
    assert (await Merchant.get()).status == "ONBOARDING"
    assert len(at_stripe(simulator)) == 1


async def test_a_refusal_frees_the_external_id_and_keeps_the_request(
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


@pytest.mark.one_database
async def test_an_unsupported_country_has_its_own_error(gateway: Gateway) -> None:
    with pytest.raises(CountryNotSupported) as caught:
        await accounts.create(gateway, dataclasses.replace(SHOP, country="KP"), actor="tests")
    assert caught.value.country == "KP"
    assert await Merchant.all().count() == 0


@pytest.mark.one_database
async def test_a_capability_that_the_country_does_not_have_is_named(gateway: Gateway) -> None:
    shop = dataclasses.replace(SHOP, capabilities=("klarna_payments", "konbini_payments"))
    with pytest.raises(StripeRefused) as caught:
        await accounts.create(gateway, shop, actor="tests")
    assert caught.value.code == "capability_not_available_in_country"
    assert "konbini_payments" in caught.value.message
    assert [(field.name, field.code) for field in caught.value.fields] == [
        ("capabilities[1]", FieldCode.NOT_AVAILABLE)
    ]
    assert await Merchant.all().count() == 0


@pytest.mark.one_database
async def test_a_refused_api_key_does_not_refuse_the_creation(simulator: Simulator, gateway: Gateway) -> None:
    """The first attempt may have created the account, so the creation stays pending."""
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


@pytest.fixture
def tokens_required(simulator: Simulator) -> Iterator[None]:
    simulator.control("switches", {"account_token_required": True})
    yield
    simulator.control("switches", {"account_token_required": False})


async def stored_tokens() -> list[str | None]:
    return [json.loads(row.body).get("account_token") for row in await AccountCreation.all()]


@pytest.mark.one_database
@pytest.mark.usefixtures("tokens_required")
async def test_a_platform_that_needs_account_tokens_creates_merchants_with_a_token(
    gateway: Gateway, simulator: Simulator
) -> None:
    with pytest.raises(StripeRefused) as caught:
        await accounts.create(gateway, SHOP, actor="tests")
    assert [(field.name, field.code) for field in caught.value.fields] == [
        ("accountToken", FieldCode.REQUIRED)
    ]
    token = account_token(simulator, identity={"entity_type": "company"})
    shop = dataclasses.replace(SHOP, account_token=token)
    merchant, created = await accounts.create(gateway, shop, actor="tests")
    assert created
    (account,) = at_stripe(simulator)
    assert account["identity"] == account["identity"] | {"country": "US", "entity_type": "company"}
    assert merchant.display_name == account["display_name"] == "From the token"
    assert await stored_tokens() == [None, None]
    # A repeat with the used token, with a new token or with no token returns the merchant.
    for repeated in (token, account_token(simulator), None):
        again = dataclasses.replace(shop, account_token=repeated)
        assert await accounts.create(gateway, again, actor="tests") == (merchant, False)


@pytest.mark.usefixtures("tokens_required")
@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
async def test_the_worker_repeats_a_creation_with_its_encrypted_token(
    gateway: Gateway, simulator: Simulator, kind: str
) -> None:
    token = account_token(simulator)
    simulator.control("faults", {**CREATE, "kind": kind})
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, dataclasses.replace(SHOP, account_token=token), actor="tests")
    (stored,) = await stored_tokens()
    assert stored is not None
    assert stored.startswith("gAAAA")
    assert token not in repr(await AccountCreation.all().values())
    await AccountCreation.all().update(run_at=await now())
    assert await creations.resume(gateway) == 1
    assert (await Merchant.get()).status == "ONBOARDING"
    assert len(at_stripe(simulator)) == 1
    assert await stored_tokens() == [None]


@pytest.mark.usefixtures("tokens_required")
async def test_after_stripe_refuses_a_token_the_external_id_is_free_and_the_token_is_deleted(
    gateway: Gateway, simulator: Simulator
) -> None:
    used = account_token(simulator)
    other = dataclasses.replace(SHOP, external_id="shop-2", account_token=used)
    await accounts.create(gateway, other, actor="tests")
    unknown = confidential.keep("account token", "accttok_" + "x" * 40)
    for token, code in ((used, "token_already_used"), (unknown, "invalid_account_token")):
        with pytest.raises(StripeRefused) as caught:
            await accounts.create(gateway, dataclasses.replace(SHOP, account_token=token), actor="tests")
        assert caught.value.code == code
        assert [(field.name, field.code) for field in caught.value.fields] == [
            ("accountToken", FieldCode.TOKEN_INVALID)
        ]
    assert [merchant.external_id for merchant in await Merchant.all()] == ["shop-2"]
    assert await stored_tokens() == [None, None, None]
    shop = dataclasses.replace(SHOP, account_token=account_token(simulator))
    assert (await accounts.create(gateway, shop, actor="tests"))[1]


@pytest.mark.one_database
async def test_the_token_is_removed_from_stripes_error_messages(
    gateway: Gateway, simulator: Simulator
) -> None:
    token = confidential.keep("account token", "accttok_" + "y" * 40)
    error = {"code": "token_already_used", "message": f"You cannot use a token more than once: {token}."}
    simulator.control("faults", {**CREATE, "status": 400, "body": {"error": error}})
    with pytest.raises(StripeRefused) as caught:
        await accounts.create(gateway, dataclasses.replace(SHOP, account_token=token), actor="tests")
    assert caught.value.message == "You cannot use a token more than once: [redacted]."
    (creation,) = await AccountCreation.all()
    assert creation.error_message == caught.value.message


@pytest.mark.usefixtures("tokens_required")
async def test_after_a_change_of_the_api_key_a_stored_token_is_not_sent(
    gateway: Gateway, simulator: Simulator
) -> None:
    simulator.control("faults", {**CREATE, "kind": "reset_before"})
    shop = dataclasses.replace(SHOP, account_token=account_token(simulator))
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, shop, actor="tests")
    renewed = Gateway("sk_test_" + "R" * 24, simulator.base_url, timeout=2, retries=0)
    with pytest.raises(StripeRefused) as caught:
        await accounts.create(renewed, shop, actor="tests")
    await renewed.close()
    assert caught.value.code == "account_token_required"
    assert await Merchant.all().count() == 0


@pytest.mark.one_database
async def test_an_update_can_contain_an_account_token(gateway: Gateway, simulator: Simulator) -> None:
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    changes = MerchantChanges(account_token=account_token(simulator), business_url="https://new.example")
    merchant = await accounts.update(gateway, merchant, changes, actor="tests")
    (account,) = at_stripe(simulator)
    assert merchant.display_name == account["display_name"] == "From the token"
    assert account["defaults"]["profile"]["business_url"] == "https://new.example"
    with pytest.raises(StripeRefused) as caught:
        await accounts.update(gateway, merchant, changes, actor="tests")
    assert [(field.name, field.code) for field in caught.value.fields] == [
        ("accountToken", FieldCode.TOKEN_INVALID)
    ]


async def test_a_call_with_a_taken_external_id_and_another_input_is_refused(
    gateway: Gateway, simulator: Simulator
) -> None:
    await accounts.create(gateway, SHOP, actor="tests")
    with pytest.raises(ExternalIdTaken):
        await accounts.create(gateway, dataclasses.replace(SHOP, country="DE"), actor="tests")
    assert len(at_stripe(simulator)) == 1


@pytest.mark.portable
async def test_an_event_may_attach_the_account_before_the_answer_arrives(
    gateway: Gateway, simulator: Simulator
) -> None:
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, SHOP, actor="tests")
    (account,) = at_stripe(simulator)
    attached = await creations.attach_by_event(await gateway.retrieve_account(account["id"]))
    assert attached is not None
    assert attached.stripe_account_id == account["id"]
    merchant, created = await accounts.create(gateway, SHOP, actor="tests")
    assert (created, merchant.status) == (False, "ONBOARDING")
    assert await ConnectedAccount.all().count() == 1
    assert simulator.control("calls")["calls"]["POST /v2/core/accounts"] == 1


async def test_an_event_attaches_neither_an_account_of_an_unknown_merchant_nor_a_second_account(
    gateway: Gateway,
) -> None:
    merchant, _ = await accounts.create(gateway, SHOP, actor="tests")
    account = await ConnectedAccount.get(merchant_id=merchant.id)
    answer = await gateway.retrieve_account(account.stripe_account_id)
    for metadata in ({}, {"merchant_id": "x"}, {"merchant_id": "01a206b4-a7fa-79b7-86a7-b2328da008fe"}):
        assert await creations.attach_by_event({**answer, "id": "acct_other", "metadata": metadata}) is None
    # A second account with this merchant's metadata does not replace the first one.
    assert await creations.attach_by_event({**answer, "id": "acct_other"}) is None
    assert (await ConnectedAccount.get()).stripe_account_id == account.stripe_account_id


async def test_a_refusal_after_the_account_was_attached_changes_nothing(
    gateway: Gateway, simulator: Simulator
) -> None:
    """An event attaches the account during a second attempt, which Stripe then refuses."""
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, SHOP, actor="tests")
    (account,) = at_stripe(simulator)
    creation = await AccountCreation.get()
    await creations.attach_by_event(await gateway.retrieve_account(account["id"]))
    late = StripeRefused("cannot_create_connected_account", "No.", None)
    assert not await creations.refuse(creation, late)
    assert (await AccountCreation.get()).state == "SUCCEEDED"
    assert (await Merchant.get()).status == "ONBOARDING"


async def test_an_account_that_appears_after_a_refusal_is_logged(
    gateway: Gateway, simulator: Simulator
) -> None:
    """Stripe accepts one attempt and refuses another one. The refusal deletes the account's merchant."""
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, SHOP, actor="tests")
    (account,) = at_stripe(simulator)
    assert await creations.refuse(await AccountCreation.get(), StripeRefused("some_code", "No.", None))
    with structlog.testing.capture_logs() as lines:
        assert await creations.attach_by_event(await gateway.retrieve_account(account["id"])) is None
    (line,) = [line for line in lines if line["event"] == "account_of_refused_merchant"]
    assert line["account"] == account["id"]


async def test_a_creation_whose_idempotency_key_has_expired_is_not_repeated(
    gateway: Gateway, simulator: Simulator
) -> None:
    simulator.control("faults", {**CREATE, "kind": "reset_after"})
    with pytest.raises(StripeUnavailable):
        await accounts.create(gateway, SHOP, actor="tests")
    long_ago = await now() - timedelta(days=30)
    await AccountCreation.all().update(created_at=long_ago, run_at=long_ago)
    simulator.control("calls", method="DELETE")
    assert await creations.resume(gateway) == 0
    with pytest.raises(StripeUnavailable, match="idempotency key has expired"):
        await accounts.create(gateway, SHOP, actor="tests")
    assert simulator.control("calls")["total"] == 0


async def test_an_account_of_another_merchant_is_never_attached(
    gateway: Gateway, simulator: Simulator
) -> None:
    """Stripe answers with the account of another merchant (once with its metadata and once without), and then
    with an unknown account whose metadata names the other merchant.
    """
    first, _ = await accounts.create(gateway, SHOP, actor="tests")
    taken = await ConnectedAccount.get()
    answer = await gateway.retrieve_account(taken.stripe_account_id)
    other = dataclasses.replace(SHOP, external_id="shop-2")
    for body in (answer, {**answer, "metadata": {}}, {**answer, "id": "acct_unknown"}):
        simulator.control("faults", {**CREATE, "status": 200, "body": body})
        with structlog.testing.capture_logs() as lines, pytest.raises(StripeUnavailable):
            await accounts.create(gateway, other, actor="tests")
        assert "account_of_another_merchant" in [line["event"] for line in lines]
        assert (await Merchant.get(external_id="shop-2")).status == "CREATING"
        assert (await ConnectedAccount.get()).merchant_id == first.id
    merchant, created = await accounts.create(gateway, other, actor="tests")
    assert (created, merchant.status) == (False, "ONBOARDING")
    assert await ConnectedAccount.all().count() == 2


async def test_a_creation_takes_a_fixed_number_of_statements(
    gateway: Gateway, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    await accounts.create(gateway, SHOP, actor="tests")
    records = [record for record in caplog.records if record.name == "tortoise.db_client"]
    # The driver also logs the first use of its pool.
    statements = [record.args for record in records if "pool" not in str(record.msg)]
    # One statement finds the merchant, five statements store rows, and seven attach the account. On
    # PostgreSQL, three more statements read the clock, and two more send notifications. On SQLite, the
    # driver also logs its connection.
    assert len(statements) == (18 if database.startswith("postgresql") else 14), statements
