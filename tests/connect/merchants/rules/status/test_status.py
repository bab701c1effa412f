"""The status of a merchant, rule by rule."""

import pytest
from hypothesis import given

from connect.merchants.rules.status.status import Status, derive
from tests.connect.merchants.rules.situations import (
    ACCEPT_TERMS,
    BANK,
    FAILED,
    FUTURE,
    LATER,
    LIMITED,
    NEVER_REQUESTED,
    REJECTED,
    ROUTINE_CHECK,
    SUBMITTED,
    UNSUPPORTED,
    facts_of,
    status,
)
from tests.connect.merchants.rules.stripe_answers import (
    ACTIVE,
    DOCUMENT,
    IN_REVIEW,
    PAST_DUE,
    TERMS,
    Json,
    account,
    any_account,
    capability,
    deterministic,
    entry,
    section,
)


def test_an_account_that_stripe_has_not_confirmed_is_being_created() -> None:
    assert status(None) is Status.CREATING


def test_a_closed_account_has_the_status_closed() -> None:
    assert status(account(ACTIVE, ACTIVE, closed=True), ever_active=True) is Status.CLOSED


def test_an_account_that_left_the_platform_is_disconnected() -> None:
    assert status(account(ACTIVE, ACTIVE), ever_active=True, disconnected=True) is Status.DISCONNECTED


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(account(REJECTED, REJECTED), id="card payments and payouts"),
        pytest.param(account(capability("rejected"), ACTIVE), id="card payments, without a detail code"),
        pytest.param(account(ACTIVE, capability("rejected")), id="payouts alone"),
        pytest.param(
            account(capability("restricted", "rejected_listed"), PAST_DUE),
            id="only a detail code of card payments",
        ),
        pytest.param(
            account(PAST_DUE, capability("restricted", "rejected_new")),
            id="an unknown detail code of payouts",
        ),
    ],
)
def test_a_capability_that_stripe_rejected_makes_the_account_rejected(answer: Json) -> None:
    assert status(answer) is Status.REJECTED


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(account(UNSUPPORTED, UNSUPPORTED), id="unsupported"),
        pytest.param(account(capability("unsupported"), PAST_DUE), id="without a detail code"),
        pytest.param(
            account(capability("restricted", "unsupported_new"), PAST_DUE), id="only an unknown detail code"
        ),
    ],
)
def test_card_payments_that_stripe_does_not_offer_make_the_account_unsupported(answer: Json) -> None:
    assert status(answer) is Status.UNSUPPORTED


def test_a_working_account_without_requirements_is_active() -> None:
    assert status(account(ACTIVE, ACTIVE), ever_active=True) is Status.ACTIVE


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(account(ACTIVE, ACTIVE, ROUTINE_CHECK), id="something is currently due"),
        pytest.param(account(ACTIVE, ACTIVE, entry("external_account")), id="something is past due"),
        pytest.param(
            account(ACTIVE, ACTIVE, requirements=section(LATER, time="2099-01-01T00:00:00.000Z")),
            id="the deadline is in the future",
        ),
        pytest.param(
            account(ACTIVE, ACTIVE, requirements=section(LATER, time="2020-01-01T00:00:00.000Z")),
            id="the deadline is in the past",
        ),
        pytest.param(account(ACTIVE, ACTIVE, future_requirements=FUTURE), id="future requirements"),
    ],
)
def test_a_working_account_with_open_requirements_is_due_soon(answer: Json) -> None:
    assert status(answer, ever_active=True) is Status.ACTIVE_DUE_SOON


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(account(ACTIVE, ACTIVE, LATER), id="eventually due"),
        pytest.param(account(ACTIVE, ACTIVE, SUBMITTED), id="Stripe is reviewing, without a date"),
        pytest.param(account(ACTIVE, ACTIVE, future_requirements=section(ROUTINE_CHECK)), id="no date yet"),
        pytest.param(
            account(
                ACTIVE,
                ACTIVE,
                future_requirements=section(minimum_transition_date="2026-09-01T00:00:00.000Z"),
            ),
            id="a date without requirements",
        ),
    ],
)
def test_a_working_account_without_due_or_dated_requirements_is_active(answer: Json) -> None:
    assert status(answer, ever_active=True) is Status.ACTIVE


@pytest.mark.parametrize(
    "payouts",
    [
        pytest.param(PAST_DUE, id="restricted"),
        pytest.param(IN_REVIEW, id="pending"),
        pytest.param(UNSUPPORTED, id="unsupported"),
        pytest.param(LIMITED, id="Stripe must be contacted"),
        pytest.param(capability("a_new_word"), id="an unknown status"),
        pytest.param(None, id="absent"),
    ],
)
def test_with_card_payments_but_without_payouts_the_status_is_payouts_blocked(
    payouts: Json | None,
) -> None:
    assert status(account(ACTIVE, payouts, BANK), ever_active=True) is Status.PAYOUTS_BLOCKED


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(account(PAST_DUE, PAST_DUE, ROUTINE_CHECK), id="something is due"),
        pytest.param(account(PAST_DUE, PAST_DUE), id="Stripe has not added the entries yet"),
        pytest.param(account(PAST_DUE, PAST_DUE, requirements=None), id="the entries were never requested"),
    ],
)
def test_an_account_that_was_active_and_must_provide_something_is_restricted(answer: Json) -> None:
    assert status(answer, ever_active=True) is Status.RESTRICTED


@pytest.mark.parametrize(
    "cards",
    [
        capability("restricted", "restricted_other", "no_resolution"),
        capability("restricted", "a_new_word", "no_resolution"),
        capability("restricted", "legal_hold", "no_resolution"),
        capability("restricted", "external_hold", "a_new_word"),
    ],
)
@pytest.mark.parametrize("ever_active", [False, True])
def test_an_account_on_hold_that_no_information_can_lift_is_restricted_by_stripe(
    cards: Json, ever_active: bool
) -> None:
    assert status(account(cards, ACTIVE), ever_active=ever_active) is Status.RESTRICTED_BY_STRIPE
    assert status(account(cards, PAST_DUE, LATER)) is Status.RESTRICTED_BY_STRIPE


@pytest.mark.parametrize("code", ["pep_review", "sanctions_review"])
def test_an_account_is_in_review_while_stripe_reviews_its_persons_or_names(code: str) -> None:
    assert status(account(capability("restricted", code, "no_resolution"), None)) is Status.PENDING_REVIEW


@pytest.mark.parametrize("ever_active", [False, True])
def test_an_account_whose_restriction_needs_stripe_support_is_restricted_by_stripe(
    ever_active: bool,
) -> None:
    assert status(account(LIMITED, ACTIVE), ever_active=ever_active) is Status.RESTRICTED_BY_STRIPE


def test_an_account_whose_submission_failed_requires_action() -> None:
    assert status(account(PAST_DUE, PAST_DUE, FAILED)) is Status.ACTION_REQUIRED


def test_an_account_whose_terms_are_not_accepted_is_onboarding() -> None:
    answer = account(PAST_DUE, PAST_DUE, entry("identity.entity_type"), BANK, ACCEPT_TERMS)
    assert status(answer) is Status.ONBOARDING


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(account(PAST_DUE, PAST_DUE, BANK), id="the terms were accepted"),
        pytest.param(
            account(PAST_DUE, PAST_DUE, ACCEPT_TERMS, ROUTINE_CHECK), id="more than a routine check is due"
        ),
        pytest.param(account(PAST_DUE, PAST_DUE), id="Stripe has not added the entries yet"),
    ],
)
def test_an_account_that_must_provide_something_after_its_first_form_requires_action(
    answer: Json,
) -> None:
    assert status(answer) is Status.ACTION_REQUIRED


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(account(IN_REVIEW, IN_REVIEW, SUBMITTED), id="the entry and the capabilities"),
        pytest.param(account(capability("restricted"), None, SUBMITTED), id="an entry alone"),
        pytest.param(account(capability("pending"), None), id="card payments alone"),
        pytest.param(account(capability("restricted"), capability("pending")), id="payouts alone"),
        pytest.param(
            account(capability("restricted", "determining_status", "unknown"), None), id="a detail code"
        ),
        pytest.param(
            account(capability("restricted", "requirements_pending_verification", "no_resolution"), None),
            id="a detail code without a resolution",
        ),
        pytest.param(
            account(capability("pending", "a_new_word", "no_resolution"), None),
            id="an unknown detail code of a pending capability",
        ),
        pytest.param(account(IN_REVIEW, IN_REVIEW, LATER), id="while something is eventually due"),
    ],
)
def test_an_account_without_due_entries_is_in_review_while_stripe_checks(answer: Json) -> None:
    assert status(answer) is Status.PENDING_REVIEW


@pytest.mark.parametrize("configuration", [NEVER_REQUESTED, {}, None, {"merchant": "word"}])
def test_an_account_whose_merchant_configuration_was_never_seen_is_unknown(
    configuration: Json | None,
) -> None:
    assert status(account(None, None, configuration=configuration)) is Status.UNKNOWN


@pytest.mark.parametrize("payouts", [None, ACTIVE, capability("restricted")])
def test_without_the_card_payments_capability_the_status_is_not_requested(
    payouts: Json | None,
) -> None:
    assert status(account(None, payouts)) is Status.NOT_REQUESTED


@pytest.mark.parametrize(
    "cards",
    [
        capability("restricted"),
        capability("restricted", "restricted_other", "unknown"),
        capability("a_new_word"),
        capability("a_new_word", "a_new_word", "a_new_word"),
    ],
)
def test_an_account_with_an_unexplained_restriction_is_restricted_by_stripe(cards: Json) -> None:
    assert status(account(cards, capability("restricted"))) is Status.RESTRICTED_BY_STRIPE


@pytest.mark.parametrize(
    ("answer", "ever_active", "submitted"),
    [
        pytest.param(account(PAST_DUE, PAST_DUE, ACCEPT_TERMS), False, False, id="the terms are required"),
        pytest.param(
            account(PAST_DUE, PAST_DUE, entry(TERMS, awaiting="a_new_party")),
            False,
            False,
            id="the terms await an unknown party",
        ),
        pytest.param(account(PAST_DUE, PAST_DUE, BANK), False, True, id="the terms are no longer required"),
        pytest.param(
            account(PAST_DUE, PAST_DUE, ACCEPT_TERMS), True, True, id="card payments have worked before"
        ),
        pytest.param(account(None, None, configuration=NEVER_REQUESTED), False, False, id="never seen"),
        pytest.param(None, False, False, id="not confirmed"),
    ],
)
def test_the_form_is_submitted_when_the_terms_are_no_longer_required(
    answer: Json | None, ever_active: bool, submitted: bool
) -> None:
    assert facts_of(answer, ever_active=ever_active).onboarding_submitted is submitted


def test_the_form_is_not_submitted_while_its_requirements_are_unknown() -> None:
    bare = account(PAST_DUE, PAST_DUE)
    assert facts_of({**bare, "requirements": None}).onboarding_submitted is False
    assert facts_of({**bare, "requirements": {"entries": [], "summary": None}}).onboarding_submitted is False
    assert facts_of(account(ACTIVE, ACTIVE)).onboarding_submitted is True


def test_due_entries_are_past_or_currently_due_entries_that_await_the_merchant() -> None:
    facts = facts_of(account(ACTIVE, ACTIVE, BANK, LATER, SUBMITTED, ROUTINE_CHECK, {"description": "new"}))
    assert [(e.key, e.deadline) for e in facts.due] == [
        ("external_account", "past_due"),
        (DOCUMENT, "currently_due"),
    ]
    assert [e.key for e in facts.requirements.entries if e.is_in_review] == [DOCUMENT]


@deterministic
@given(any_account)
def test_any_answer_has_exactly_one_status(answer: Json) -> None:
    for ever_active in (False, True):
        facts = facts_of(answer, ever_active=ever_active)
        derived = derive(facts)
        assert isinstance(derived, Status)
        assert derived is not Status.CREATING
        assert (derived is Status.CLOSED) == facts.closed
        if not facts.closed:
            assert (derived is Status.UNKNOWN) == (facts.capabilities is None)
            assert derive(facts_of(answer, ever_active=ever_active, disconnected=True)) is Status.DISCONNECTED


@deterministic
@given(any_account)
def test_only_working_card_payments_make_an_account_active_due_soon_or_payouts_blocked(
    answer: Json,
) -> None:
    facts = facts_of(answer)
    derived = derive(facts)
    chargeable = {Status.ACTIVE, Status.ACTIVE_DUE_SOON, Status.PAYOUTS_BLOCKED}
    final = {Status.CLOSED, Status.REJECTED}
    assert (derived in chargeable) == (facts.is_active("card_payments") and derived not in final)
    if derived in {Status.ACTIVE, Status.ACTIVE_DUE_SOON}:
        assert facts.is_active("stripe_balance.payouts")
