"""`python -m api recover` restores the rows that the database has lost, and changes nothing else."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from api.commands import recovering
from connect.stripe_api.gateway import Gateway
from models import AuditEntry, ConnectedAccount, Merchant
from testing import existing_accounts
from testing.deployment import deployment
from testing.environment import ORIGIN, STRIPE_KEY
from testing.processes import Simulator
from testing.service import Service
from testing.tables import script
from testing.waits import eventually

PAYMENTS = "{ payments(first: 9, orderBy: CREATED_AT_ASC) { edges { node { id externalId origin state } } } }"

CHECKOUT = """mutation ($input: CreateCheckoutInput!) { createCheckout(input: $input) {
  __typename
  ... on CreateCheckoutPayload { created url payment { checkout { stripeCheckoutSessionId } } }
} }"""
INTENT = """mutation ($input: CreatePaymentIntentInput!) { createPaymentIntent(input: $input) {
  ... on CreatePaymentIntentPayload { payment { stripePaymentIntentId } }
} }"""
MERCHANT = {"externalId": "shop-1"}


def order(name: str, amount: int = 2500) -> dict[str, Any]:
    unit = {"minorUnits": str(amount), "currency": "USD"}
    lines = [{"name": "Hat", "quantity": 1, "unitAmount": unit}]
    addresses = {"successUrl": f"{ORIGIN}/done", "cancelUrl": f"{ORIGIN}/cart"}
    return {"input": {"merchant": MERCHANT, "externalId": name, "lines": lines, **addresses}}


async def recover(simulator: Simulator, *, dry_run: bool = False) -> tuple[list[str], bool]:
    """Run the recovery. Returns the lines of its output, and False if a finding needs an operator."""
    lines: list[str] = []
    gateway = Gateway(STRIPE_KEY, simulator.base_url)
    try:
        since = datetime.now(UTC) - timedelta(minutes=5)
        is_complete = await recovering.run(gateway, since, lines.append, dry_run=dry_run)
    finally:
        await gateway.close()
    return lines, is_complete


async def lose(url: str) -> None:
    """Delete the rows that a backup from before the creations would not contain."""
    lost = "DELETE FROM merchant; DELETE FROM account_creation; DELETE FROM payment_creation;"
    statements = f"PRAGMA foreign_keys = ON; {lost}" if url.startswith("sqlite") else lost
    await asyncio.to_thread(script, url, statements)


async def open_shop(service: Service) -> dict[str, Any]:
    """Create a merchant and wait until it is active. Returns the merchant as createMerchant returned it."""
    created: dict[str, Any] = (await service.create("shop-1"))["merchant"]
    account = created["account"]["stripeAccountId"]
    service.simulator.control(f"accounts/{account}", {"scenario": "activate"})

    async def is_active() -> bool:
        return (await service.merchant("shop-1", "status")) == {"status": "ACTIVE"}

    await eventually(is_active)
    return created


async def test_lost_rows_are_restored_with_their_ids_and_repeated_creations_return_them(
    service: Service,
) -> None:
    simulator, url = service.simulator, service.settings.database_url
    existing_accounts.create(simulator)  # ConnectQL did not create this account
    # Other programs write metadata with the same keys.
    existing_accounts.create(simulator, metadata={"merchant_id": str(uuid.uuid4()), "external_id": "shop-9"})
    before = await open_shop(service)
    account = before["account"]["stripeAccountId"]
    page = (await service.graphql(CHECKOUT, order("order-1")))["createCheckout"]
    amount = {"minorUnits": "700", "currency": "EUR"}
    values = {"merchant": MERCHANT, "externalId": "order-2", "amount": amount}
    made = (await service.graphql(INTENT, {"input": values}))["createPaymentIntent"]
    payments = await service.graphql(PAYMENTS)
    session = page["payment"]["checkout"]["stripeCheckoutSessionId"]
    intent = made["payment"]["stripePaymentIntentId"]
    assert await recover(simulator) == (["nothing is missing"], True)

    await lose(url)
    assert (await service.graphql(PAYMENTS))["payments"]["edges"] == []
    listed = [f"restorable\tmerchant\tshop-1\t{account}", "1 restorable"]
    assert await recover(simulator, dry_run=True) == (listed, True)
    assert await Merchant.all() == []
    assert await AuditEntry.filter(action="recoverLostRows").count() == 1  # from the first recovery only

    assert await recover(simulator) == (
        [
            f"restored\tmerchant\tshop-1\t{account}",
            f"restored\tpayment\torder-1\t{session}",
            f"restored\tpayment\torder-2\t{intent}",
            "3 restored",
        ],
        True,
    )
    again = (await service.create("shop-1"))["merchant"]
    assert (again["id"], again["account"]) == (before["id"], before["account"])
    entry = {"message": "The merchant was restored from its account at Stripe.", "actor": "recover"}
    assert (await service.merchant("shop-1", "status")) == {"status": "ACTIVE"}
    timeline = await service.merchant("shop-1", "timeline(first: 9) { edges { node { message actor } } }")
    assert entry in [edge["node"] for edge in timeline["timeline"]["edges"]]
    assert await service.graphql(PAYMENTS) == payments
    repeated = (await service.graphql(CHECKOUT, order("order-1")))["createCheckout"]
    assert (repeated["url"], repeated["created"]) == (page["url"], False)
    other = (await service.graphql(CHECKOUT, order("order-1", 2600)))["createCheckout"]
    assert other["__typename"] == "ExternalIdTakenError"


async def test_an_account_whose_merchant_was_created_again_is_reported(service: Service) -> None:
    simulator, url = service.simulator, service.settings.database_url
    first = await open_shop(service)
    await lose(url)
    second = (await service.create("shop-1"))["merchant"]
    assert second["id"] != first["id"]
    line = f"duplicate\tmerchant\tshop-1\t{first['account']['stripeAccountId']}"
    assert await recover(simulator) == ([line, "1 duplicate"], False)


async def test_accounts_that_need_an_operator_are_reported_and_other_rows_restored(service: Service) -> None:
    simulator, url = service.simulator, service.settings.database_url
    left = (await service.create("shop-0"))["merchant"]["account"]["stripeAccountId"]
    await open_shop(service)
    page = (await service.graphql(CHECKOUT, order("order-1")))["createCheckout"]
    session = page["payment"]["checkout"]["stripeCheckoutSessionId"]
    # The database loses the payment and the time at which the first merchant was disconnected. The
    # replacement account of the second merchant exists only at Stripe.
    simulator.control(f"accounts/{left}", {"scenario": "deauthorize"})

    async def has_left() -> bool:
        return await ConnectedAccount.exists(stripe_account_id=left, disconnected_at__not_isnull=True)

    await eventually(has_left)
    own = ConnectedAccount.filter(stripe_account_id=left)
    disconnected_at = (await own.get()).disconnected_at
    await own.update(disconnected_at=None)
    lost = ("payment_object", "payment_entry", "payment_creation", "payment")
    await asyncio.to_thread(script, url, "".join(f"DELETE FROM {table}; " for table in lost))
    merchant = await Merchant.get(external_id="shop-1")
    metadata = {"merchant_id": str(merchant.id), "external_id": "shop-1", "replacement": "1"}
    replacement = existing_accounts.create(simulator, metadata=metadata)
    assert await recover(simulator) == (
        [
            f"replacement\tmerchant\tshop-1\t{replacement}",
            f"unreadable\tpayment\tshop-0\t{left}",
            f"restored\tpayment\torder-1\t{session}",
            f"unreadable\tpayout\tshop-0\t{left}",
            "1 replacement, 2 unreadable, 1 restored",
        ],
        False,
    )
    await own.update(disconnected_at=disconnected_at)


def test_the_command_needs_the_time_of_the_backup(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    service = deployment(database_url, simulator, tmp_path)
    missing = service.command("recover")
    assert (missing.returncode, "Missing option '--since'" in missing.stderr) == (2, True)
    ended = service.command("recover", "--since", "2026-11-29T04:00")
    assert (ended.returncode, ended.stdout) == (0, "nothing is missing\n")


@pytest.mark.one_database
def test_a_dry_run_creates_and_migrates_no_database(simulator: Simulator, tmp_path: Path) -> None:
    service = deployment(f"sqlite:///{tmp_path}/new.db", simulator, tmp_path)
    refused = service.command("recover", "--since", "2026-11-29T04:00", "--dry-run")
    assert (refused.returncode, "Run `python -m api migrate` first." in refused.stderr) == (1, True)
    assert list(tmp_path.glob("new.db*")) == []
