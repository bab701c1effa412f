"""Dumps of filled databases, one for each release and kind of database.

`python -m testing.releases 0.1.0` dumps databases of the present code. Run it once for each release and never
change the dumps afterwards. `tests/models/test_upgrade.py` migrates all dumps.
"""

import asyncio
import re
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tortoise.queryset import QuerySet

from connect.outgoing import notices
from connect.payments import wallet_domains
from connect.platform import health, periodic
from connect.platform.records import manifests
from models import (
    ApplicationFee,
    ApplicationFeeRefund,
    Dispute,
    Merchant,
    Notice,
    OutgoingDelivery,
    OutgoingEvent,
    PayoutTransaction,
    ProblemOccurrence,
    StripeEvent,
    WalletDomain,
    database,
)
from models import Service as StoredService
from testing import postgres, processes
from testing.faults import REFUSED, inject_fault
from testing.operations import new_account
from testing.payments import CARD
from testing.processes import ROOT, Simulator
from testing.receiver import receiving
from testing.service import ORIGIN, RETURN_TO, STRIPE_KEY, Service, eventually, running
from testing.subscriptions import VISA, make_price, submit

DUMPS = ROOT / "tests/models/releases"

# The tables that stay empty. The migration lock has a row only while a migration runs. The other two tables
# hold changes only with the portable profile, which dumps do not use.
EMPTY = frozenset({"connectql_migration_lock", "pending_change", "change_batch"})

Json = dict[str, Any]

# Each payment with this card is disputed.
DISPUTED = "4000000000002685"
DAY = 86_400

# Lines that are left out of a dump: session settings, psql commands, comments and empty lines. An older
# server may not support a newer server's settings.
NOT_DATA = re.compile(r"^(SET |SELECT pg_catalog\.set_config|\\|--|$)")


async def fill(database_url: str, simulator: Simulator, folder: Path) -> None:
    """Use the service until every table has rows, except the tables in EMPTY.

    Creates an active, a new and a closed merchant. Stripe refuses the creation of two more. The new merchant
    has an onboarding link and a former account. Money moves on the account of the active merchant.
    """
    simulator.control("reset", {})
    simulator.control("switches", {"platform_controls_payouts": True})
    await database.migrate(database_url)
    settings = {
        "EVENT_PRIVATE_HOSTS": "127.0.0.1",
        "FEE_ON_REFUND": "return",
        "SERVICE_PRICES": make_price(simulator),
        "WALLET_DOMAINS": "shop.example",
    }
    async with receiving() as receiver, running(database_url, simulator, folder, **settings) as service:
        service.http.headers.update(
            {"Apollographql-Client-Name": "shop", "Apollographql-Client-Version": "1.0.0"}
        )
        await manifests.add("shop", "1.0.0", {"merchants": "{ merchants { edges { node { status } } } }"})
        await _change(service, "createEventEndpoint", url=receiver.url, description="Bookkeeping")
        account = await _onboard(service)
        await _sell(service, account)
        await _pay_out(service)
        await _subscribe(service, settings["SERVICE_PRICES"])
        await _check(service)
        await eventually(_is_idle)


async def _onboard(service: Service) -> str:
    """Create the merchants. Returns the account id of the active merchant."""
    active = await service.create("active")
    account: str = active["merchant"]["account"]["stripeAccountId"]
    service.simulator.control(f"accounts/{account}", {"scenario": "activate"})
    former = (await service.create("new"))["merchant"]["account"]["stripeAccountId"]
    replacement: Json = new_account("new", former)
    await _change(service, "replaceAccount", **replacement)
    await _change(service, "createOnboardingLink", merchant={"externalId": "new"}, returnTo=RETURN_TO)
    await service.create("closed")
    await _change(service, "closeMerchant", merchant={"externalId": "closed"})
    await service.create("refused", country="KP")
    inject_fault(service, "/v2/core/accounts", {**REFUSED, "times": 1})
    await service.create("refused-without-reason")
    await eventually(Merchant.filter(external_id="active", status="ACTIVE").exists)
    return account


async def _sell(service: Service, account: str) -> None:
    """Create three payments: one is partly refunded, one is disputed, and one is not paid."""
    for order, number in (("refunded", VISA), ("disputed", DISPUTED)):
        lines = [{"name": "Hat", "quantity": 2, "unitAmount": _usd(1250)}]
        addresses = {"successUrl": f"{ORIGIN}/done", "cancelUrl": f"{ORIGIN}/cart"}
        values = {**_order(order), "lines": lines, "fee": _usd(100), **addresses}
        page = await _change(service, "createCheckout", "url", **values)
        answer = service.simulator.client.post(page["url"], data={**CARD, "method": "card", "number": number})
        assert answer.status_code == 303, answer.text
    await _change(service, "createPaymentIntent", **_order("open"), amount=_usd(1000))
    # The payouts need an available balance.
    _charge(service, account, 100_00)
    service.simulator.control("clock", {"advance_seconds": 5})  # Stripe books the payments and the fees
    await eventually(ApplicationFee.filter(amount=100, payment_id__isnull=False).exists)
    await eventually(Dispute.all().exists)
    refund: Json = {"payment": {"order": _order("refunded")}, "externalId": "refund", "amount": _usd(1000)}
    await _change(service, "refundPayment", **refund)
    dispute = {"stripeDisputeId": (await Dispute.get()).stripe_dispute_id}
    evidence = [{"field": "SHIPPING_TRACKING_NUMBER", "text": "1Z999"}]
    await _change(service, "submitDisputeEvidence", dispute=dispute, evidence=evidence)
    await eventually(ApplicationFeeRefund.all().exists)


async def _pay_out(service: Service) -> None:
    """Make a payout outside the schedule and, some days later, a scheduled payout."""
    await _change(service, "createPayout", **_order("payout"), amount=_usd(300))
    service.simulator.control("clock", {"advance_seconds": 4 * DAY})
    await eventually(PayoutTransaction.all().exists)


async def _subscribe(service: Service, price: str) -> None:
    """Let the active merchant subscribe to the platform's own product."""
    addresses = {"successUrl": f"{ORIGIN}/done", "cancelUrl": f"{ORIGIN}/plans"}
    values = {"merchant": {"externalId": "active"}, "price": price, **addresses}
    page = await _change(service, "startService", "url", **values)
    assert submit(page["url"]) == 303
    await eventually(StoredService.filter(stripe_subscription_id__isnull=False).exists)


async def _check(service: Service) -> None:
    """Let the worker find wallet domains, notices and problems. Then dismiss a problem."""
    await _find(wallet_domains.TASK, WalletDomain.filter(state="ACTIVE"))
    await _find(notices.TASK, Notice.all())
    await _find(health.TASK, ProblemOccurrence.all())
    await _change(service, "dismissProblem", code="CREATIONS_REFUSED", subject="refused-without-reason")


async def _find(task: str, rows: QuerySet[Any]) -> None:
    """Let the worker run a periodic task until these rows exist."""

    async def exist() -> bool:
        # If a run is in progress, it plans the next run when it ends, so a single call may have no effect.
        await periodic.hasten(task)
        return await rows.exists()

    await eventually(exist)


async def _is_idle() -> bool:
    """Whether the worker has handled all of Stripe's events and delivered all outgoing events."""
    waiting = (
        StripeEvent.filter(state="PENDING"),
        OutgoingEvent.filter(position=None),
        OutgoingDelivery.filter(state="PENDING"),
    )
    return not any([await rows.exists() for rows in waiting])


async def _change(service: Service, name: str, selection: str = "__typename", **values: Any) -> Json:
    """The payload of a mutation. Fails if the answer is an error."""
    kind = name[0].upper() + name[1:]
    fields = f"__typename ... on {kind}Payload {{ {selection} }} ... on Error {{ message }}"
    mutation = f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} }} }}"
    result: Json = (await service.graphql(mutation, {"input": values}))[name]
    assert result["__typename"] == f"{kind}Payload", result
    return result


def _order(external_id: str) -> Json:
    """The fields that identify an object of the active merchant."""
    return {"merchant": {"externalId": "active"}, "externalId": external_id}


def _usd(minor_units: int) -> Json:
    return {"minorUnits": minor_units, "currency": "USD"}


def _charge(service: Service, account: str, amount: int) -> None:
    """Charge a card as another program of the merchant would. The amount is available at once."""
    body = {
        "amount": amount,
        "currency": "usd",
        "payment_method": "pm_card_bypassPending",
        "confirm": "true",
        "automatic_payment_methods[enabled]": "true",
        "automatic_payment_methods[allow_redirects]": "never",
    }
    headers = {"Authorization": f"Bearer {STRIPE_KEY}", "Stripe-Account": account}
    service.simulator.client.post("/v1/payment_intents", data=body, headers=headers).raise_for_status()


def dump(database_url: str) -> str:
    """A database as SQL text."""
    if database_url.startswith("sqlite"):
        with sqlite3.connect(database_url.removeprefix("sqlite:///")) as connection:
            return "\n".join(connection.iterdump()) + "\n"
    command = [str(postgres.find_tools() / "pg_dump"), "--inserts", "--no-owner", "--no-privileges"]
    lines = subprocess.run([*command, database_url], capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    return "\n".join(line for line in lines if not NOT_DATA.match(line)) + "\n"


def write(release: str) -> None:
    folder = DUMPS / release
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as temporary,
        processes.simulator(REVIEW_SECONDS="0.3") as simulator,
        postgres.server() as server,
    ):
        urls = {"sqlite": f"sqlite:///{temporary}/filled.db", "postgresql": postgres.create_database(server)}
        for name, url in urls.items():
            asyncio.run(fill(url, simulator, Path(temporary)))
            (folder / f"{name}.sql").write_text(dump(url), encoding="utf-8")


if __name__ == "__main__":
    write(sys.argv[1])
