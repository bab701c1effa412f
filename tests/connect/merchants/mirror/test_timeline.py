"""The timeline entries that describe the differences between two states of a merchant."""

import dataclasses
import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given

from connect.merchants.mirror.timeline import Change, TimelineKind, changes
from connect.merchants.rules.account.sections import Entry, Impact, Requirements
from connect.merchants.rules.status.facts import Facts
from connect.merchants.rules.status.status import Status, derive
from tests.connect.merchants.rules.situations import facts_of
from tests.connect.merchants.rules.stripe_answers import (
    ACTIVE,
    DOCUMENT,
    IN_REVIEW,
    PAST_DUE,
    PAYOUTS,
    TERMS,
    Json,
    account,
    any_account,
    capability,
    deterministic,
    entry,
    section,
)

BANK = entry("external_account", restricts=PAYOUTS)
REQUIRED: dict[str, Any] = {"awaiting": "user", "deadline": "past_due", "errors": []}


def between(before: Facts, after: Facts) -> list[Change]:
    return list(changes(before, after))


def status_change(before: Status, after: Status) -> Change:
    return Change(
        TimelineKind.STATUS_CHANGED,
        f"Status changed from {before.value} to {after.value}.",
        {"status": before.value},
        {"status": after.value},
    )


@pytest.mark.parametrize("answer", [None, account(ACTIVE, PAST_DUE, BANK)])
def test_two_equal_states_have_no_differences(answer: Json | None) -> None:
    assert between(facts_of(answer), facts_of(answer)) == []


def test_a_new_account_adds_entries_for_capabilities_requirements_and_status() -> None:
    assert between(facts_of(None), facts_of(account(PAST_DUE, PAST_DUE, entry(TERMS)))) == [
        Change(
            TimelineKind.CAPABILITY_CHANGED,
            "card_payments: absent to restricted; stripe_balance.payouts: absent to restricted",
            {"card_payments": None, "stripe_balance.payouts": None},
            {
                "card_payments": {"status": "restricted", "codes": ["requirements_past_due"]},
                "stripe_balance.payouts": {"status": "restricted", "codes": ["requirements_past_due"]},
            },
        ),
        Change(
            TimelineKind.REQUIREMENTS_CHANGED,
            "Requirements: 1 added, 0 settled, 0 still open.",
            {},
            {TERMS: REQUIRED},
        ),
        status_change(Status.CREATING, Status.ONBOARDING),
    ]


def test_only_changed_capabilities_are_recorded() -> None:
    before, after = account(IN_REVIEW, IN_REVIEW), account(IN_REVIEW, ACTIVE)
    assert between(facts_of(before), facts_of(after)) == [
        Change(
            TimelineKind.CAPABILITY_CHANGED,
            "stripe_balance.payouts: pending to active",
            {"stripe_balance.payouts": {"status": "pending", "codes": ["requirements_pending_verification"]}},
            {"stripe_balance.payouts": {"status": "active", "codes": []}},
        )
    ]


def test_a_new_code_for_the_same_capability_status_is_recorded() -> None:
    before = account(capability("restricted", "requirements_past_due", "provide_info"), ACTIVE)
    after = account(capability("restricted", "restricted_other", "contact_stripe"), ACTIVE)
    (change, _) = between(facts_of(before), facts_of(after))
    assert (change.kind, change.message) == (
        TimelineKind.CAPABILITY_CHANGED,
        "card_payments: restricted to restricted",
    )
    assert change.before == {"card_payments": {"status": "restricted", "codes": ["requirements_past_due"]}}
    assert change.after == {"card_payments": {"status": "restricted", "codes": ["restricted_other"]}}


def test_a_moved_deadline_is_recorded() -> None:
    dates = ("2026-12-01T10:00:00.000Z", "2026-12-05T10:00:00.000Z")
    moments = [datetime.fromisoformat(date) for date in dates]
    before, after = (
        dataclasses.replace(
            facts_of(account(ACTIVE, ACTIVE)), requirements=Requirements(nearest_deadline=moment)
        )
        for moment in moments
    )
    (change,) = between(before, after)
    assert change.kind is TimelineKind.REQUIREMENTS_CHANGED
    assert (change.before, change.after) == ({"nearest deadline": dates[0]}, {"nearest deadline": dates[1]})


def test_changed_details_are_recorded_with_both_values() -> None:
    facts = facts_of(account(ACTIVE, ACTIVE))
    old = {"displayName": "Old", "country": "US", "defaults": {"currency": "usd"}}
    new = {**old, "displayName": "New", "defaults": {"currency": "eur"}}
    assert list(changes(facts, facts, old, new)) == [
        Change(
            TimelineKind.UPDATED,
            "Changed: defaults, displayName.",
            {"defaults": {"currency": "usd"}, "displayName": "Old"},
            {"defaults": {"currency": "eur"}, "displayName": "New"},
        )
    ]
    assert list(changes(facts, facts, old, old)) == []


def test_a_removed_capability_is_recorded_as_absent() -> None:
    (change, _) = between(facts_of(account(ACTIVE, ACTIVE)), facts_of(account(ACTIVE, None)))
    assert (change.message, change.after) == (
        "stripe_balance.payouts: active to absent",
        {"stripe_balance.payouts": None},
    )


def test_settled_added_and_kept_requirements_are_counted() -> None:
    before = account(PAST_DUE, PAST_DUE, BANK, entry(TERMS))
    after = account(
        PAST_DUE, PAST_DUE, BANK, entry(DOCUMENT, error="verification_document_expired", person="person_1")
    )
    failed = {"awaiting": "user", "deadline": "past_due", "errors": ["verification_document_expired"]}
    assert between(facts_of(before), facts_of(after)) == [
        Change(
            TimelineKind.REQUIREMENTS_CHANGED,
            "Requirements: 1 added, 1 settled, 1 still open.",
            {
                "external_account": REQUIRED,
                TERMS: {"awaiting": "user", "deadline": "past_due", "errors": []},
            },
            {"external_account": REQUIRED, f"{DOCUMENT} (person_1)": failed},
        ),
        status_change(Status.ONBOARDING, Status.ACTION_REQUIRED),
    ]


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(entry("external_account", awaiting="stripe"), id="a review by Stripe"),
        pytest.param(entry("external_account", deadline="currently_due"), id="another deadline"),
        pytest.param(entry("external_account", error="invalid_value_other"), id="an error"),
    ],
)
def test_a_changed_requirement_is_recorded(after: Json) -> None:
    recorded = between(facts_of(account(ACTIVE, PAST_DUE, BANK)), facts_of(account(ACTIVE, PAST_DUE, after)))
    assert [(c.kind, c.message) for c in recorded] == [
        (TimelineKind.REQUIREMENTS_CHANGED, "Requirements: 0 added, 0 settled, 1 still open.")
    ]


def test_the_same_requirement_of_two_persons_counts_twice() -> None:
    one = account(ACTIVE, PAST_DUE, entry(DOCUMENT, person="person_1"))
    two = account(ACTIVE, PAST_DUE, entry(DOCUMENT, person="person_1"), entry(DOCUMENT, person="person_2"))
    (change,) = between(facts_of(one), facts_of(two))
    assert change.message == "Requirements: 1 added, 0 settled, 1 still open."


def test_a_future_requirement_that_comes_into_force_is_a_new_requirement() -> None:
    before = account(ACTIVE, PAST_DUE, future_requirements=section(BANK))
    (change,) = between(facts_of(before), facts_of(account(ACTIVE, PAST_DUE, BANK)))
    assert (change.kind, change.before, change.after) == (
        TimelineKind.REQUIREMENTS_CHANGED,
        {"future: external_account": REQUIRED},
        {"external_account": REQUIRED},
    )


def test_closing_is_recorded_before_the_change_of_status() -> None:
    before = facts_of(account(ACTIVE, ACTIVE))
    assert between(before, facts_of(account(ACTIVE, ACTIVE, closed=True))) == [
        Change(TimelineKind.CLOSED, "The account was closed.", {"closed": False}, {"closed": True}),
        status_change(Status.ACTIVE, Status.CLOSED),
    ]


def test_disconnecting_is_recorded_before_the_change_of_status() -> None:
    answer = account(ACTIVE, ACTIVE)
    assert between(facts_of(answer), facts_of(answer, disconnected=True)) == [
        Change(
            TimelineKind.DISCONNECTED,
            "The account was disconnected from the platform.",
            {"disconnected": False},
            {"disconnected": True},
        ),
        status_change(Status.ACTIVE, Status.DISCONNECTED),
    ]


def test_reconnecting_to_the_platform_changes_the_status() -> None:
    answer = account(ACTIVE, ACTIVE)
    assert between(facts_of(answer, disconnected=True), facts_of(answer)) == [
        status_change(Status.DISCONNECTED, Status.ACTIVE)
    ]


def test_a_change_of_ever_active_can_change_the_status() -> None:
    terms = Entry(TERMS, "user", "past_due", impacts=(Impact("card_payments", "past_due"),))
    required = Requirements(entries=(terms,))
    before, after = (
        Facts(True, ever_active=once, capabilities=(), requirements=required) for once in (False, True)
    )
    assert between(before, after) == [status_change(Status.ONBOARDING, Status.RESTRICTED)]


@pytest.mark.slow
@deterministic
@given(any_account, any_account)
def test_a_change_of_status_is_recorded_once_and_last(before: Json, after: Json) -> None:
    old, new = facts_of(before), facts_of(after)
    recorded = between(old, new)
    status_changes = [c for c in recorded if c.kind is TimelineKind.STATUS_CHANGED]
    if derive(old) is derive(new):
        assert status_changes == []
    else:
        assert status_changes == recorded[-1:] == [status_change(derive(old), derive(new))]
    assert len({c.kind for c in recorded}) == len(recorded)
    assert between(new, new) == []
    json.dumps([(c.before, c.after) for c in recorded])
