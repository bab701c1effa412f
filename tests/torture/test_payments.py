"""The proof of payments: the same code as `make torture PROOF=payments`, with one seed and a small size."""

import contextlib
import random
from pathlib import Path

import pytest

from testing import tables
from testing.deployment import service
from testing.waits import until
from torture import customers, payment_comparison, payments
from torture.actions import Course
from torture.customers import CUSTOMERS, Shops

KINDS = {
    *(f"customers: {kind}" for kind in CUSTOMERS),
    *("killed at a random moment", "deliveries dropped", "state SUCCEEDED"),
}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.timeout(240)
def test_payments_equal_the_ledger_after_duplicate_late_and_lost_notifications(
    database_url: str, tmp_path: Path
) -> None:
    report = payments.prove(database_url, seed=1, size=120, folder=tmp_path, shops=3)
    assert report.problems == []
    assert report.figures.keys() >= KINDS
    assert report.figures["differences before the sweep"] != 0
    repaired, found = (report.figures[f"payments {name} by the sweep"] for name in ("repaired", "found"))
    assert repaired
    assert found


_NEW = "row_version = row_version + 1"
# Changes that damage the row of a payment of 25.00 USD with a fee of 1.00 USD. Each has the first words of a
# problem that the comparison must then report.
_DAMAGES = (
    ("snapshot = replace(snapshot, '\"net\":', '\"net\":1')", "order-0: the mirror has transaction ('txn_"),
    ("document = replace(document, '\"SUCCEEDED\"', '\"FAILED\"')", "order-0: state is 'FAILED', at Stripe"),
    ("document = replace(document, '\"minorUnits\":2297', '\"minorUnits\":2298')", "order-0: net is (2298"),
    ("document = replace(document, '\"minorUnits\":2297', '\"minorUnits\":2298')", "('acct_"),
    ("document = replace(document, '\"minorUnits\":100', '\"minorUnits\":99')", "the revenue by GraphQL is"),
)
_FEE = "UPDATE application_fee SET amount = 99"
_TWIN = """
CREATE TEMP TABLE twin AS SELECT * FROM payment;
UPDATE twin SET id = replace(id, '0', '1'), external_id = 'order-1', stripe_payment_intent_id = NULL;
INSERT INTO payment SELECT * FROM twin;
"""


@pytest.mark.timeout(240)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_differences_in_a_payment_are_reported(database_url: str, tmp_path: Path) -> None:
    with service(database_url, tmp_path) as deployment:
        accounts = payments.open_shops(deployment, 1)
        amount, fee = customers.money(2500, "USD"), customers.money(100, "USD")
        order = customers.intent("shop-0", "order-0", amount, fee=fee)
        made = deployment.ask(customers.INTENT, {"input": order})["data"]["createPaymentIntent"]["payment"]
        shops = Shops(Course(deployment, random.Random(1)), accounts)
        shops.call("shop-0", f"payment_intents/{made['stripePaymentIntentId']}/confirm", customers.PAID)

        def differences() -> list[str]:
            return payment_comparison.differences(deployment, accounts)

        until(lambda: payment_comparison.payments(deployment)[0]["applicationFee"] is not None, 30)
        until(lambda: not differences(), 30)
        deployment.worker.stop()
        with deployment.serving(WORKER="off"):
            for damage, words in _DAMAGES:
                (row,) = tables.rows(database_url, "SELECT document, snapshot FROM payment")
                tables.script(database_url, f"UPDATE payment SET {damage}, {_NEW}")
                problems = differences()
                assert any(one.startswith(words) for one in problems), problems
                with contextlib.closing(tables.connection(database_url)) as db:
                    db.execute(f"UPDATE payment SET document = ?, snapshot = ?, {_NEW}", (*row.values(),))
                assert differences() == []
            tables.script(database_url, _FEE)
            assert [one.split(" is ")[0] for one in differences()] == [
                "the revenue by rows",
                "the revenue by months",
            ]
            tables.script(database_url, _TWIN)
            assert f"{made['stripePaymentIntentId']} has 2 payments" in differences()
            tables.script(database_url, "DELETE FROM payment")
            assert f"{made['stripePaymentIntentId']} is missing" in differences()
