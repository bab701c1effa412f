"""Events, failed fetches and simultaneous calls during an adoption, and imports of several accounts."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest

from connect.errors import AccountNotAdoptable, AccountNotFetched, ExternalIdTaken
from connect.events import inbox
from connect.events.handlers import HANDLERS
from connect.merchants import accounts
from connect.merchants.adoption import adoption, imports
from connect.merchants.inputs import NewAdoption
from connect.merchants.mirror import mirror
from connect.scope import Payer, Role
from connect.stripe_api.gateway import Gateway
from models import ConnectedAccount, Merchant, StripeEvent
from testing import existing_accounts
from testing.notifications import new_notification
from testing.processes import Simulator
from testing.waits import eventually
from tests.connect.conftest import SHOP

pytestmark = pytest.mark.usefixtures("database")
POLICY = inbox.Policy(debounce=0, lease=30, first_pause=60, max_attempts=3)


async def adopt(gateway: Gateway, account: str, external_id: str = "shop-1") -> adoption.Adoption:
    return await adoption.adopt(gateway, NewAdoption(external_id, account), actor="tests")


async def receive(number: int, account: str) -> None:
    notification = new_notification(number, account)
    arrival = inbox.arrival(notification, json.dumps(notification).encode(), HANDLERS, livemode=False)
    await inbox.record([arrival], POLICY)


async def work(gateway: Gateway) -> int:
    return await inbox.work(gateway, "worker", POLICY, HANDLERS)


async def states() -> dict[str, str]:
    return {row.stripe_event_id: row.state for row in await StripeEvent.all()}


def delay_fetch(simulator: Simulator, account: str) -> None:
    """Let Stripe read the account immediately and answer a second later."""
    fault = {"method": "GET", "kind": "delay_after", "seconds": 1}
    simulator.control("faults", {"path": f"/v2/core/accounts/{account}", **fault})


async def until_fetched(simulator: Simulator) -> None:
    async def is_called() -> bool:
        return "GET /v2/core/accounts/{id}" in simulator.control("calls")["calls"]

    await eventually(is_called)


@pytest.mark.waits
async def test_an_event_that_was_ignored_during_the_fetch_is_handled_after_the_adoption(
    gateway: Gateway, simulator: Simulator
) -> None:
    account = existing_accounts.create(simulator)
    await receive(1, account)
    await work(gateway)  # ignored before the fetch
    delay_fetch(simulator, account)
    adopting = asyncio.create_task(adopt(gateway, account))
    await until_fetched(simulator)
    simulator.control(f"accounts/{account}", {"scenario": "activate"})
    await receive(2, account)
    await work(gateway)
    assert await states() == {"evt_test_1": "IGNORED", "evt_test_2": "IGNORED"}
    assert (await adopting).created
    assert (await Merchant.get()).status == "ONBOARDING"
    assert await states() == {"evt_test_1": "IGNORED", "evt_test_2": "PENDING"}
    await work(gateway)
    assert (await Merchant.get()).status == "ACTIVE"
    assert await states() == {"evt_test_1": "IGNORED", "evt_test_2": "HANDLED"}


async def test_an_event_that_a_worker_ignores_during_the_adoption_stays_due(
    gateway: Gateway, simulator: Simulator
) -> None:
    """The worker looks for the account before the adoption, and settles the event after the adoption."""
    account = existing_accounts.create(simulator)
    await receive(1, account)

    async def ignore(*_: object) -> inbox.Outcome:
        await adopt(gateway, account)
        return inbox.Outcome(ignored="The account was not created by this service.")

    slow = [inbox.Handler((), ("v2.core.account",), HANDLERS[0].key, ignore)]
    await inbox.work(gateway, "slow", POLICY, slow)
    assert await states() == {"evt_test_1": "PENDING"}
    await work(gateway)
    event = await StripeEvent.get()
    assert (event.state, event.merchant_id) == ("HANDLED", (await Merchant.get()).id)


async def test_a_failed_fetch_answers_every_waiting_call(gateway: Gateway, simulator: Simulator) -> None:
    """The first call has its own fetch, and all other calls share a second fetch."""
    account = existing_accounts.create(simulator)
    fault = {"method": "GET", "status": 503, "times": 100}
    simulator.control("faults", {"path": f"/v2/core/accounts/{account}", **fault})
    calls = [adopt(gateway, account) for _ in range(10)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert {type(result) for result in results} == {AccountNotFetched}
    assert simulator.control("calls")["calls"]["GET /v2/core/accounts/{id}"] == 2
    assert await Merchant.all().count() == 0


CONFLICTS: list[Callable[[Gateway, str], Awaitable[object]]] = [
    lambda gateway, _: accounts.create(gateway, SHOP, actor="tests"),
    lambda gateway, account: adopt(gateway, account, "shop-2"),
]


@pytest.mark.waits
@pytest.mark.parametrize("conflict", CONFLICTS, ids=["external id", "account"])
async def test_the_first_call_that_stores_the_id_or_the_account_wins(
    gateway: Gateway, simulator: Simulator, conflict: Callable[[Gateway, str], Awaitable[object]]
) -> None:
    """Another call stores its merchant between the reads and the transaction of the adoption."""
    account = existing_accounts.create(simulator)
    delay_fetch(simulator, account)
    adopting = asyncio.create_task(adopt(gateway, account))
    await until_fetched(simulator)
    # This call does not share the fetch, because it has another payer.
    await conflict(gateway.paid_by(Payer(Role.SERVICE, "other")), account)
    with pytest.raises((ExternalIdTaken, AccountNotAdoptable)):
        await adopting
    assert await Merchant.all().count() == 1
    assert await ConnectedAccount.all().count() == 1


async def test_a_former_account_is_not_adopted_again(gateway: Gateway, simulator: Simulator) -> None:
    account = existing_accounts.create(simulator)
    merchant = (await adopt(gateway, account)).merchant
    assert merchant is not None
    await mirror.set_connected(await ConnectedAccount.get(), connected=False)
    await accounts.replace(gateway, merchant, account, SHOP, actor="tests")
    with pytest.raises(AccountNotAdoptable) as caught:
        await adopt(gateway, account, "shop-2")
    assert [one.message for one in caught.value.findings] == [
        "The account is a former account of the merchant shop-1."
    ]
    assert await Merchant.all().count() == 1


async def test_an_answer_without_a_country_stores_nothing(gateway: Gateway, simulator: Simulator) -> None:
    account = existing_accounts.create(simulator)
    answer = await gateway.retrieve_account(account)
    body = {**answer, "identity": {**answer["identity"], "country": None}}
    fault = {"method": "GET", "path": f"/v2/core/accounts/{account}", "status": 200, "body": body}
    simulator.control("faults", fault)
    with pytest.raises(AccountNotFetched):
        await adopt(gateway, account)
    assert await Merchant.all().count() == 0


@pytest.mark.slow
async def test_an_import_adopts_four_accounts_at_a_time(gateway: Gateway, simulator: Simulator) -> None:
    entries = [NewAdoption(f"shop-{n}", existing_accounts.create(simulator)) for n in range(9)]
    waiting: set[str | None] = set()
    turn = asyncio.Event()

    async def wait(_payer: Payer | None, account: str | None, _operation: str | None) -> None:
        waiting.add(account)
        await turn.wait()

    async def run() -> list[imports.ImportOutcome]:
        results = imports.run(gateway.with_pacing(wait), entries, actor="tests")
        return [result.outcome async for result in results]

    async def are_waiting() -> bool:
        return len(waiting) >= imports.AT_ONCE

    importing = asyncio.create_task(run())
    await eventually(are_waiting)
    await asyncio.sleep(0.2)  # a fifth call would have come by now
    assert len(waiting) == 4
    turn.set()
    assert await importing == [imports.ImportOutcome.ADOPTED] * 9
