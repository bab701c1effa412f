"""The obstacles that explain why a merchant is not paid."""

import msgspec
import pytest

from connect.finances.rules.obstacles import OF_STATUS, Kind, Party, matters, negative, obstacles
from connect.finances.rules.snapshot import Balance, Finances, Payouts
from connect.merchants.rules.messages import Audience
from connect.merchants.rules.status.facts import Facts
from connect.merchants.rules.status.status import derive, open_facts
from connect.merchants.wording import render
from tests.connect.finances.rules.situations import DAILY, FINANCES, NOW, SENT
from tests.connect.merchants.rules.guidance import (
    BY_STRIPE,
    CLOSED,
    CREATING,
    DISCONNECTED,
    NOT_OFFERED,
    NOT_REQUESTED,
    ONBOARDING,
    PENDING_REVIEW,
    RESTRICTED,
    TURNED_DOWN,
    UNKNOWN,
    WORKING,
)

STRIPE, MERCHANT, PLATFORM = Party.STRIPE, Party.MERCHANT, Party.PLATFORM


def found(facts: Facts, finances: Finances = Finances()) -> list[tuple[Kind, Party | None, Party | None]]:  # noqa: B008
    status = derive(facts)
    listed = obstacles(status, open_facts(facts, status), finances)
    for one in listed:
        for audience in Audience:
            assert "{" not in render(one.explanation, audience) + render(one.remedy, audience)
    return [(one.kind, one.by, one.ended_by) for one in listed]


@pytest.mark.parametrize(
    ("facts", "first"),
    [
        (CREATING, (Kind.ACCOUNT_NOT_READY, STRIPE, STRIPE)),
        (UNKNOWN, (Kind.ACCOUNT_NOT_READY, STRIPE, STRIPE)),
        (ONBOARDING, (Kind.INFORMATION_NEEDED, STRIPE, MERCHANT)),
        (RESTRICTED, (Kind.INFORMATION_NEEDED, STRIPE, MERCHANT)),
        (PENDING_REVIEW, (Kind.UNDER_REVIEW, STRIPE, STRIPE)),
        (BY_STRIPE, (Kind.RESTRICTED, STRIPE, STRIPE)),
        (TURNED_DOWN, (Kind.ACCOUNT_REJECTED, STRIPE, STRIPE)),
        (NOT_OFFERED, (Kind.NOT_SUPPORTED, STRIPE, None)),
        (NOT_REQUESTED, (Kind.NOT_REQUESTED, PLATFORM, PLATFORM)),
        (CLOSED, (Kind.ACCOUNT_CLOSED, None, PLATFORM)),
        (DISCONNECTED, (Kind.ACCOUNT_DISCONNECTED, None, PLATFORM)),
    ],
)
def test_the_decisive_obstacle_of_an_account_that_cannot_pay_out_comes_first(
    facts: Facts, first: tuple[Kind, Party | None, Party | None]
) -> None:
    assert found(facts)[0] == first


def test_a_working_account_lists_everything_that_stops_its_money() -> None:
    assert found(WORKING) == []
    assert [kind for kind, _, _ in found(WORKING, FINANCES)] == [
        Kind.PAYOUT_FAILED,
        Kind.PAYOUT_LATE,
        Kind.BALANCE_NEGATIVE,
        Kind.MONEY_RESERVED,
        Kind.BELOW_MINIMUM,
    ]
    pending = Balance(available={"USD": 0}, pending={"USD": 5}, synced_at=NOW, source="moved")
    assert found(WORKING, Finances(balance=pending, settings=DAILY)) == [(Kind.MONEY_PENDING, STRIPE, STRIPE)]


def test_payouts_that_stripe_has_turned_off_are_an_obstacle_without_a_start_time() -> None:
    money = Balance(available={"USD": 5}, synced_at=NOW, source="moved")
    off = Finances(balance=money, settings=msgspec.structs.replace(DAILY, status="disabled"))
    assert found(WORKING, off) == [(Kind.PAYOUTS_DISABLED, STRIPE, STRIPE)]
    assert Kind.PAYOUTS_DISABLED not in OF_STATUS
    # Payouts are off because a payout came back, so only the returned payout is an obstacle.
    returned = msgspec.structs.replace(off, payouts=Payouts(failed=(SENT,)))
    assert [kind for kind, _, _ in found(WORKING, returned)] == [Kind.PAYOUT_FAILED]


def test_a_failed_payout_needs_no_action_while_the_next_one_is_on_its_way() -> None:
    followed = msgspec.structs.replace(SENT, followed=True)
    finances = Finances(payouts=Payouts(failed=(followed,)))
    assert found(WORKING, finances) == [(Kind.PAYOUT_FAILED, Party.BANK, Party.BANK)]
    (matter,) = matters(WORKING, finances)
    assert (matter.count, matter.action) == (1, None)
    both = Finances(payouts=Payouts(failed=(followed, SENT)))
    assert matters(WORKING, both)[0].action is not None


def test_each_obstacle_belongs_to_a_dashboard_task() -> None:
    counted = [(one.task, one.count, one.action is not None) for one in matters(WORKING, FINANCES)]
    assert counted == [
        ("MANAGE_FINANCES", 1, True),
        ("MANAGE_FINANCES", 1, True),
        ("MANAGE_FINANCES", 1, False),
        ("MANAGE_FINANCES", 1, False),
        ("SCHEDULE_PAYOUTS", 0, False),
    ]


def test_texts_about_failed_and_late_debits_differ_from_those_about_payouts() -> None:
    debit = msgspec.structs.replace(SENT, amount=-841, code="insufficient_funds")
    finances = Finances(payouts=Payouts(failed=(SENT, debit), late=(SENT, debit)))
    texts = [render(one.explanation, Audience.MERCHANT) for one in matters(WORKING, finances)]
    assert texts == [
        "Your payout of 8.41 USD came back from the bank.",
        "Your bank refused a debit of 8.41 USD, so your balance stays negative.",
        "8.41 USD should have arrived at the bank some days ago.",
        "A debit of 8.41 USD should have filled the Stripe balance some days ago.",
    ]
    actions = [one.action and render(one.action, Audience.MERCHANT) for one in matters(WORKING, finances)]
    assert actions[1] == "Look at the refused debit in the Stripe Dashboard"
    listed = obstacles(derive(WORKING), WORKING, finances)
    told = [
        (render(one.explanation, Audience.PLATFORM), render(one.remedy, Audience.PLATFORM)) for one in listed
    ]
    assert told[1] == (
        "The bank account has too little money for Stripe's debit.",
        "Deposit money into the bank account, or wait for new payments.",
    )
    assert told[3] == (
        "A debit of 8.41 USD should have filled the Stripe balance some days ago.",
        "Wait for the debit. Stripe support can look for it.",
    )


@pytest.mark.parametrize(
    ("available", "pending", "expected"),
    [
        ({"USD": -5}, {"USD": 9}, {"USD": -5}),
        ({"USD": 5}, {"USD": -9}, {"USD": -4}),
        ({"USD": 9}, {"USD": -5, "EUR": -1}, {"EUR": -1}),
        ({"EUR": 9, "USD": -1}, {}, {"USD": -1}),
    ],
)
def test_a_balance_is_negative_if_its_available_part_or_its_sum_is_negative(
    available: dict[str, int], pending: dict[str, int], expected: dict[str, int]
) -> None:
    balance = Balance(available=available, pending=pending, synced_at=NOW, source="moved")
    assert negative(balance) == expected


def test_a_failed_debit_is_no_obstacle_once_the_balance_is_not_negative() -> None:
    debit = msgspec.structs.replace(SENT, amount=-841)
    failed = Finances(payouts=Payouts(failed=(debit,)))
    for amount, kinds in ((-1, [Kind.PAYOUT_FAILED, Kind.BALANCE_NEGATIVE]), (0, []), (841, [])):
        money = Balance(available={"USD": amount, "EUR": 1}, synced_at=NOW, source="moved")
        known = msgspec.structs.replace(failed, balance=money)
        assert [kind for kind, _, _ in found(WORKING, known)] == kinds
        assert len(matters(WORKING, known)) == len(kinds)
