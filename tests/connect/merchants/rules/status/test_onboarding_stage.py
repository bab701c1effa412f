"""The onboarding stage follows from links, returns and the status."""

import pytest

from connect.merchants.rules.status.onboarding_stage import derive_stage
from connect.merchants.rules.status.status import derive
from tests.connect.merchants.rules.guidance import UNKNOWN
from tests.connect.merchants.rules.situations import (
    ACCEPT_TERMS,
    FAILED,
    LIMITED,
    REJECTED,
    SUBMITTED,
    facts_of,
)
from tests.connect.merchants.rules.stripe_answers import ACTIVE, PAST_DUE, Json, account


def stage(
    answer: Json | None, *, ever_active: bool = False, link: bool = False, returned: bool = False
) -> str:
    facts = facts_of(answer, ever_active=ever_active)
    return derive_stage(derive(facts), facts, has_link=link, has_returned=returned).value


NEW = account(PAST_DUE, PAST_DUE, ACCEPT_TERMS)


def test_before_the_form_is_submitted_the_stage_depends_on_links_and_returns() -> None:
    assert stage(None) == "CREATED"
    assert stage(NEW) == "CREATED"
    assert stage(NEW, link=True) == "LINK_ISSUED"
    assert stage(NEW, link=True, returned=True) == "FORM_LEFT"
    # Stripe has not reported the capabilities yet.
    assert derive_stage(derive(UNKNOWN), UNKNOWN, has_link=False, has_returned=False).value == "CREATED"
    # The merchant has not accepted the terms, although a document has already failed.
    failed = account(PAST_DUE, PAST_DUE, ACCEPT_TERMS, FAILED)
    assert stage(failed, link=True, returned=True) == "FORM_LEFT"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (account(PAST_DUE, PAST_DUE, FAILED), "INFORMATION_NEEDED"),
        (account(PAST_DUE, PAST_DUE, SUBMITTED), "IN_REVIEW"),
        (account(ACTIVE, ACTIVE), "ACTIVATED"),
        (account(ACTIVE, PAST_DUE, FAILED), "ACTIVATED"),
        (account(REJECTED, REJECTED), "STOPPED"),
        (account(LIMITED, LIMITED), "STOPPED"),
        (account(PAST_DUE, PAST_DUE, closed=True), "STOPPED"),
    ],
)
def test_after_the_form_is_submitted_the_stage_depends_on_the_status(answer: Json, expected: str) -> None:
    assert stage(answer, link=True, returned=True) == expected


def test_a_merchant_that_was_active_stays_activated() -> None:
    for answer in (account(PAST_DUE, PAST_DUE, FAILED), account(REJECTED, REJECTED)):
        assert stage(answer, ever_active=True) == "ACTIVATED"
