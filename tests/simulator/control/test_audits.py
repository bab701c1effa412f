"""The audit finds each sum that is wrong."""

from collections.abc import Callable

import pytest

from simulator.control import audits
from simulator.money import intents, methods, payments, refunds
from simulator.settings import Settings
from simulator.state import Json, State
from simulator.wire.keys import PLATFORM


@pytest.fixture
def state() -> State:
    """A state with a partly refunded payment of the platform."""
    state = State(Settings("", 0, None, 0, 0, (0,)))
    intent = intents.new(state, PLATFORM, {"amount": 1000, "currency": "usd"})
    method = methods.new(state, PLATFORM, "4242424242424242")
    payments.attempt(state, intent, method, base_url="")
    charge = state.all("charge")[intent["latest_charge"]]
    refunds.refund(state, charge, {"amount": 300})
    return state


def first(state: State, kind: str) -> Json:
    """Return the oldest record of a kind."""
    return next(iter(state.all(kind).values()))


def test_the_audit_accepts_correct_sums(state: State) -> None:
    assert audits.audit(state, {})["faults"] == []
    audits.check(state)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("balance_transaction", lambda row: row.update(net=row["net"] + 1)),
        ("balance_transaction", lambda row: row.update(amount=row["amount"] + 1, net=row["net"] + 1)),
        ("balance_transaction", lambda row: row["fee_details"].clear()),
        ("charge", lambda charge: charge.update(amount_refunded=301)),
        ("refund", lambda refund: refund.update(amount=299)),
        ("refund", lambda refund: refund.update(status="failed")),
        ("payment_intent", lambda intent: intent.update(amount_received=999)),
    ],
)
def test_the_audit_finds_a_wrong_sum(state: State, kind: str, change: Callable[[Json], None]) -> None:
    change(first(state, kind))
    assert audits.audit(state, {})["faults"] != []
    state.touched.add(first(state, "charge")["id"])
    with pytest.raises(AssertionError):
        audits.check(state)
