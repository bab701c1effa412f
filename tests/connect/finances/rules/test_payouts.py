"""Stripe's answers about payouts, and the summary of an account's payouts."""

import msgspec
import pytest

from connect.finances.rules import payouts, snapshot
from connect.finances.rules.payouts import FAILED, IN_TRANSIT, PAID, Destination, Snapshot
from tests.connect.finances.rules.situations import NOW

# 150 billion rupiah, in minor units with two decimals.
LARGE = 15 * 10**12
PAYOUT = {"id": "po_1", "status": "paid", "currency": "idr"}


def row(**changed: object) -> dict[str, object]:
    return {"id": "txn_1", "amount": LARGE, "fee": 0, "net": LARGE, "currency": "idr", **changed}


def test_sums_may_exceed_the_largest_charge() -> None:
    known = payouts.parse({**PAYOUT, "amount": LARGE})
    assert known.amount == LARGE
    inside = payouts.parse_inside([row()], known)
    assert inside is not None
    assert [one.net for one in inside] == [LARGE]
    amounts = [{"amount": LARGE, "currency": "idr"}]
    assert snapshot.parse_balance({"available": amounts}, 1, NOW, "moved").available == {"IDR": LARGE}
    minimum = {"payments": {"payouts": {"minimum_balance_by_currency": {"idr": LARGE}}}}
    assert snapshot.parse_settings(minimum, 1).minimums == {"IDR": LARGE}
    held = {"balance_type": "risk_reserved", "net": LARGE, "created": 1, "currency": "idr"}
    assert snapshot.parse_reserves([held], 1).amounts == {"IDR": LARGE}


@pytest.mark.parametrize("value", [2**53, None, "1", 1.5, True])
def test_an_amount_that_cannot_be_read_is_never_zero(value: object) -> None:
    with pytest.raises(ValueError, match="amount"):
        payouts.parse({**PAYOUT, "amount": value})
    for name in ("amount", "fee", "net"):
        with pytest.raises(ValueError, match=name):
            payouts.parse_inside([row(**{name: value})], payouts.parse({**PAYOUT, "amount": 0}))


def sent(key: str, status: str, amount: int = 5, method: str = "standard") -> Snapshot:
    return Snapshot(id=key, status=status, amount=amount, currency="EUR", arrives_at=NOW, method=method)


@pytest.mark.parametrize(
    ("later", "is_failed"),
    [
        (sent("po_2", PAID), False),
        (sent("po_2", PAID, method="instant"), True),
        (sent("po_2", PAID, amount=-5), True),
    ],
)
def test_only_a_paid_standard_payout_ends_an_earlier_failure(later: Snapshot, *, is_failed: bool) -> None:
    both = [("2", later, None), ("1", sent("po_1", FAILED), NOW)]
    assert bool(payouts.summarize(both, NOW).failed) is is_failed


OLD, NEW = (Destination(type="bank_account", last4=last4) for last4 in ("1116", "6789"))
COMING = msgspec.structs.replace(sent("po_2", IN_TRANSIT), destination=NEW)


@pytest.mark.parametrize(
    ("changed", "is_followed"),
    [
        ({}, True),
        ({"destination": OLD}, False),
        ({"status": FAILED}, False),
        ({"currency": "USD"}, False),
        ({"method": "instant"}, False),
        ({"amount": -5}, False),
    ],
)
def test_a_failure_is_followed_by_a_payout_on_its_way_to_another_bank_account(
    changed: dict[str, object], *, is_followed: bool
) -> None:
    later = msgspec.structs.replace(COMING, **changed)
    failed = msgspec.structs.replace(sent("po_1", FAILED), destination=OLD)
    summary = payouts.summarize([("2", later, None), ("1", failed, NOW)], NOW)
    assert summary.failed[-1].followed is is_followed


def test_a_debit_is_not_money_on_its_way_to_the_bank() -> None:
    debit, payout = ("2", sent("po_2", IN_TRANSIT, amount=-5), None), ("1", sent("po_1", IN_TRANSIT), None)
    assert payouts.summarize([debit], NOW).coming is None
    coming = payouts.summarize([debit, payout], NOW).coming
    assert coming is not None
    assert coming.id == "1"


@pytest.mark.parametrize(
    ("later", "is_failed"),
    [
        (sent("po_2", PAID, amount=-5), False),
        (sent("po_2", PAID), False),
        (sent("po_2", PAID, method="instant"), True),
        (sent("po_2", IN_TRANSIT, amount=-5), True),
    ],
)
def test_a_failed_debit_matters_until_a_later_debit_or_payout_is_paid(
    later: Snapshot, *, is_failed: bool
) -> None:
    both = [("2", later, None), ("1", sent("po_1", FAILED, amount=-5), NOW)]
    assert bool(payouts.summarize(both, NOW).failed) is is_failed
