"""The proof of a year: the same code as `make torture PROOF=year`, with one seed and few days."""

import contextlib
import random
from pathlib import Path

import pytest

from testing import tables
from testing.subscriptions import make_price
from testing.waits import until
from torture import (
    dispute_comparison,
    finance_comparison,
    merchant_events,
    moving_clock,
    payments,
    service_comparison,
    year,
)
from torture.actions import Course
from torture.customers import Shops
from torture.merchant_life import Life

DAYS = 20
KINDS = {
    *("life: RefundPayment", "life: StartService", "life: SubmitDisputeEvidence", "life: AcceptDispute"),
    *("disputes LOST", "disputes WON", "payouts FAILED", "payouts PAID", "deliveries dropped"),
}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_after_some_weeks_all_money_equals_the_records_of_stripe(database_url: str, tmp_path: Path) -> None:
    report = year.prove(database_url, seed=1, size=DAYS, folder=tmp_path)
    assert report.problems == []
    assert report.figures.keys() >= KINDS
    assert report.figures["differences before the last sweep"] != 0


_NET, _ID = "net = net + 1", "stripe_transaction_id = 'txn_other'"
_REPLACED = "document = replace(document, '{}', '{}')".format
# A table, a change that damages its rows, and a part of the problem that the comparison must then report.
_DAMAGES = (
    ("payout", _REPLACED('"PAID"', '"FAILED"'), "has the status 'FAILED', at Stripe"),
    ("payout_transaction", _NET, "add up to"),
    ("payout_transaction", _ID, "txn_other is not at Stripe"),
    ("merchant", _REPLACED('"DAILY"', '"MANUAL"'), "has the interval 'MANUAL'"),
    ("merchant", _REPLACED('"reserved":{"minorUnits":0', '"reserved":{"minorUnits":5'), "5} reserved"),
    ("merchant", _REPLACED('"access":"FULL"', '"access":"NONE"'), "has the access 'NONE'"),
    ("merchant", _REPLACED('"PAID"', '"OPEN"'), "has the status 'OPEN', at Stripe 'PAID'"),
    ("dispute", _REPLACED('"needsResponse":true', '"needsResponse":false'), "has the needsResponse False"),
)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_differences_in_payouts_balances_disputes_and_services_are_reported(
    database_url: str, tmp_path: Path
) -> None:
    running = moving_clock.service_with_clock(database_url, tmp_path, stripe=year.STRIPE, **year.SERVICE)
    with running as (deployment, clock):
        accounts = payments.open_shops(deployment, 1)
        shops = Shops(Course(deployment, random.Random(1)), accounts, pause=0)
        life = Life(clock, shops, year.MERCHANT, make_price(deployment.simulator, "week"), 7)
        life.sell()
        merchant_events.subscribe(life)
        clock.pass_time(4 * 86_400)
        life.disputed()

        def differences() -> list[str]:
            return [
                *finance_comparison.differences(deployment, accounts),
                *dispute_comparison.differences(deployment, accounts),
                *service_comparison.differences(deployment, accounts, clock.now()),
            ]

        def equal() -> bool:
            clock.pass_time(5)
            return not differences()

        until(equal, 60, pause=0.5)
        deployment.worker.stop()
        with deployment.serving(WORKER="off"):
            for table, damage, words in _DAMAGES:
                (row, *_) = rows = tables.rows(database_url, f"SELECT * FROM {table}")
                version = ", row_version = row_version + 1" if "row_version" in row else ""
                tables.script(database_url, f"UPDATE {table} SET {damage}{version}")
                problems = differences()
                assert any(words in one for one in problems), (damage, problems)
                with contextlib.closing(tables.connection(database_url)) as db:
                    for old in rows:
                        columns = [name for name in old if name not in {"id", "row_version"}]
                        changes = ", ".join(f"{name} = ?" for name in columns)
                        values = [*(old[name] for name in columns), old["id"]]
                        db.execute(f"UPDATE {table} SET {changes}{version} WHERE id = ?", values)
                assert differences() == []
