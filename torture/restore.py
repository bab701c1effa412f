"""A day is lost: the database is restored from yesterday's backup, and brought up to date from Stripe.

After the backup, customers pay, a bank opens a dispute, and clients refund a payment and create another
merchant and payments. Then the service stops and the backup replaces the database.
`python -m api recover` restores the objects that the service had created. The back-fill and the sweeps find
all other changes.
"""

import random
import time
from datetime import datetime, timedelta
from pathlib import Path

from testing import backups, processes
from testing.deployment import Deployment
from testing.operations import CREATE, new_merchant
from testing.report import Report, few
from testing.subscriptions import make_price
from torture import comparison, customers, moving_clock, payment_comparison, payments, year
from torture.actions import Course
from torture.customers import Shops
from torture.failover import accounts_of
from torture.merchant_events import CALENDAR
from torture.merchant_life import CURRENCIES, DAY, Life
from torture.moving_clock import Clock

SIZE = 30  # days before the backup
NEW, ORDERS = "new-shop", ("open", "paid")


def prove(database: str, *, seed: int, size: int, folder: Path) -> Report:
    """Simulate `size` days, back up, simulate another day, restore the backup, and compare."""
    rng, report = random.Random(seed), Report()  # noqa: S311 -- repeatable on purpose
    file = folder / "backup"
    with moving_clock.service_with_clock(database, folder, stripe=year.STRIPE, **year.SERVICE) as (
        deployment,
        clock,
    ):
        accounts = payments.open_shops(deployment, 1)
        deployment.simulator.control("money", year.DELAYS)
        shops = Shops(Course(deployment, rng), accounts, pause=0, currencies=CURRENCIES)
        life = Life(clock, shops, year.MERCHANT, make_price(deployment.simulator, "week"), 7)
        life.plan(CALENDAR, size)
        for _ in range(size):
            life.live()
        report.problems += [f"before the backup: {one}" for one in few(_left(clock, accounts))]
        backups.write(database, file)
        backed_up_at = clock.now()

        known = _live_another_day(life)
        accounts = accounts_of(deployment)
        report.problems += [f"before the loss: {one}" for one in few(_left(clock, accounts))]
        deployment.replicas[0].stop()
        backups.restore(database, file)
        clock.pass_time(0)
        lines = _recover(clock, backed_up_at - timedelta(hours=1), report)
        deployment.replicas[0].start()
        report.problems += [
            f"{name} had the id {known[name]}, but now has {key}"
            for name, key in _ids(deployment).items()
            if key != known[name]
        ]
        stale = year.differences(clock, accounts)
        began = time.monotonic()
        clock.pass_time(DAY)  # during this day, the daily sweeps run
        report.problems += [f"after the restore: {one}" for one in few(_left(clock, accounts))]
        report.figures["seconds until the mirror equals Stripe"] = round(time.monotonic() - began, 1)
        report.figures |= {
            "days before the backup": size,
            "differences after the restore": len(stale),
            **{f"{kind} restored by recover": _count(lines, kind) for kind in ("merchant", "payment")},
        }
    return report


def _left(clock: Clock, accounts: dict[str, str]) -> list[str]:
    """The differences that remain after all work has finished."""
    deployment = clock.deployment
    _, left = year.settled(clock, lambda: payments.open_work(deployment), 60)
    return list(left) or list(year.settled(clock, lambda: year.differences(clock, accounts), 60)[1])


def _live_another_day(life: Life) -> dict[str, str]:
    """Make changes that the restore loses. Returns the ids of the new merchant and its orders."""
    deployment = life.deployment
    earlier = life.sell(4000)
    life.clock.pass_time(DAY // 2)
    life.control(f"payments/{earlier}", scenario="dispute", inquiry=False)
    life.refund(life.sell(3000), 1000)
    for _ in range(3):
        life.shops.sell()
        life.shops.act()
    deployment.payload(CREATE, {"input": new_merchant(NEW)})
    account = next(a["id"] for a in deployment.accounts() if a["metadata"]["external_id"] == NEW)
    deployment.simulator.control(f"accounts/{account}", {"scenario": "activate"})
    comparison.settled(lambda: [] if _is_active(deployment) else ["waits"], 30)
    page = deployment.payload(customers.CHECKOUT, {"input": _order("paid")})["url"]
    form = {"method": "card", "number": customers.VISA[0], **customers.FORM}
    deployment.simulator.client.post(page, data=form)
    known = _ids(deployment)
    life.clock.pass_time(DAY // 2)
    return known


def _is_active(deployment: Deployment) -> bool:
    return any(one["externalId"] == NEW and one["status"] == "ACTIVE" for one in deployment.merchants())


def _ids(deployment: Deployment) -> dict[str, str]:
    """Create the merchant and an open order, or read them with the same mutations if they exist already.

    Returns the ids of the merchant, and of the open and the paid order.
    """
    merchant = deployment.payload(CREATE, {"input": new_merchant(NEW)})["merchant"]
    deployment.payload(customers.CHECKOUT, {"input": _order("open")})
    orders = {one["externalId"]: one["id"] for one in payment_comparison.payments(deployment)}
    return {NEW: merchant["id"], **{name: orders.get(name, "missing") for name in ORDERS}}


def _order(name: str) -> dict[str, object]:
    return customers.checkout(NEW, name, customers.money(2500, "USD"))


def _recover(clock: Clock, since: datetime, report: Report) -> list[str]:
    """Run `python -m api recover` on the clock of the proof. Returns the lines of its output."""
    deployment = clock.deployment
    argv = [*deployment.replicas[0].argv, "recover", "--since", f"{since:%Y-%m-%dT%H:%M:%S}"]
    ended = processes.run(argv, env=deployment.environment, cwd=deployment.folder)
    if ended.returncode:
        report.problems.append(f"recover ended with {ended.returncode}: {ended.stdout}{ended.stderr[-500:]}")
    return ended.stdout.splitlines()


def _count(lines: list[str], kind: str) -> int:
    return sum(line.startswith(f"restored\t{kind}\t") for line in lines)
