"""If two status rules apply to an account, the earlier rule determines the status."""

import pytest

from connect.merchants.rules.status.status import Status
from tests.connect.merchants.rules.situations import (
    ACCEPT_TERMS,
    BANK,
    FAILED,
    LATER,
    LIMITED,
    NEVER_REQUESTED,
    REJECTED,
    ROUTINE_CHECK,
    SUBMITTED,
    UNSUPPORTED,
    status,
)
from tests.connect.merchants.rules.stripe_answers import (
    ACTIVE,
    DOCUMENT,
    IN_REVIEW,
    PAST_DUE,
    Json,
    account,
    capability,
    entry,
    section,
)


@pytest.mark.parametrize(
    ("answer", "ever_active", "disconnected", "wins"),
    [
        pytest.param(
            account(ACTIVE, ACTIVE, closed=True), True, True, Status.CLOSED, id="closed beats disconnected"
        ),
        pytest.param(
            account(REJECTED, REJECTED, closed=True),
            False,
            False,
            Status.CLOSED,
            id="closed beats rejected",
        ),
        pytest.param(
            account(None, None, configuration=NEVER_REQUESTED, closed=True),
            False,
            False,
            Status.CLOSED,
            id="closed beats unknown: a closed account has no configuration",
        ),
        pytest.param(
            account(REJECTED, REJECTED),
            False,
            True,
            Status.DISCONNECTED,
            id="disconnected beats rejected",
        ),
        pytest.param(
            account(None, None, configuration=NEVER_REQUESTED),
            False,
            True,
            Status.DISCONNECTED,
            id="disconnected beats unknown",
        ),
        pytest.param(
            account(None, None, FAILED, configuration=NEVER_REQUESTED),
            True,
            False,
            Status.UNKNOWN,
            id="unknown beats all rules about capabilities: entries alone do not decide",
        ),
        pytest.param(
            account(UNSUPPORTED, REJECTED), False, False, Status.REJECTED, id="rejected beats unsupported"
        ),
        pytest.param(
            account(ACTIVE, REJECTED), True, False, Status.REJECTED, id="rejected beats payouts blocked"
        ),
        pytest.param(
            account(REJECTED, REJECTED, FAILED),
            True,
            False,
            Status.REJECTED,
            id="rejected beats restricted",
        ),
        pytest.param(
            account(UNSUPPORTED, PAST_DUE, ACCEPT_TERMS),
            False,
            False,
            Status.UNSUPPORTED,
            id="unsupported beats onboarding: there is nothing to provide",
        ),
        pytest.param(
            account(UNSUPPORTED, IN_REVIEW),
            False,
            False,
            Status.UNSUPPORTED,
            id="unsupported beats pending review",
        ),
        pytest.param(
            account(ACTIVE, UNSUPPORTED),
            True,
            False,
            Status.PAYOUTS_BLOCKED,
            id="payouts blocked beats unsupported payouts",
        ),
        pytest.param(
            account(ACTIVE, PAST_DUE, ACCEPT_TERMS, FAILED),
            False,
            False,
            Status.PAYOUTS_BLOCKED,
            id="payouts blocked beats onboarding",
        ),
        pytest.param(
            account(ACTIVE, PAST_DUE, requirements=section(BANK, time="2026-03-01T00:00:00.000Z")),
            True,
            False,
            Status.PAYOUTS_BLOCKED,
            id="payouts blocked beats a deadline",
        ),
        pytest.param(
            account(ACTIVE, capability("restricted", "restricted_other", "contact_stripe")),
            True,
            False,
            Status.PAYOUTS_BLOCKED,
            id="payouts blocked beats restricted by Stripe",
        ),
        pytest.param(
            account(LIMITED, LIMITED, ROUTINE_CHECK),
            True,
            False,
            Status.RESTRICTED,
            id="restricted beats contacting Stripe",
        ),
        pytest.param(
            account(PAST_DUE, PAST_DUE, FAILED, ACCEPT_TERMS),
            True,
            False,
            Status.RESTRICTED,
            id="restricted beats action required and onboarding after card payments worked",
        ),
        pytest.param(
            account(IN_REVIEW, IN_REVIEW, SUBMITTED),
            True,
            False,
            Status.PENDING_REVIEW,
            id="pending review beats restricted when nothing is due",
        ),
        pytest.param(
            account(LIMITED, LIMITED, FAILED),
            False,
            False,
            Status.ACTION_REQUIRED,
            id="a failed submission beats contacting Stripe",
        ),
        pytest.param(
            account(LIMITED, PAST_DUE, ACCEPT_TERMS),
            False,
            False,
            Status.ONBOARDING,
            id="onboarding beats contacting Stripe: the merchant can provide something",
        ),
        pytest.param(
            account(PAST_DUE, PAST_DUE, FAILED, ACCEPT_TERMS),
            False,
            False,
            Status.ACTION_REQUIRED,
            id="a failed submission beats onboarding",
        ),
        pytest.param(
            account(PAST_DUE, PAST_DUE, ACCEPT_TERMS, SUBMITTED),
            False,
            False,
            Status.ONBOARDING,
            id="onboarding beats pending review",
        ),
        pytest.param(
            account(IN_REVIEW, IN_REVIEW, ROUTINE_CHECK, SUBMITTED),
            False,
            False,
            Status.ACTION_REQUIRED,
            id="entries of the merchant beat entries of Stripe",
        ),
        pytest.param(
            account(IN_REVIEW, IN_REVIEW, entry(DOCUMENT, awaiting="stripe", error="verification_failed")),
            False,
            False,
            Status.PENDING_REVIEW,
            id="a failed entry that awaits Stripe is in review",
        ),
        pytest.param(
            account(PAST_DUE, PAST_DUE, SUBMITTED),
            False,
            False,
            Status.PENDING_REVIEW,
            id="provide_info without a due entry requires no action",
        ),
        pytest.param(
            account(None, None, ROUTINE_CHECK),
            False,
            False,
            Status.ACTION_REQUIRED,
            id="an entry for card payments beats not requested",
        ),
        pytest.param(
            account(IN_REVIEW, PAST_DUE, BANK),
            False,
            False,
            Status.PENDING_REVIEW,
            id="a review of card payments beats an entry for payouts",
        ),
        pytest.param(
            account(LIMITED, LIMITED, LATER),
            False,
            False,
            Status.RESTRICTED_BY_STRIPE,
            id="contacting Stripe beats an entry that is eventually due",
        ),
        pytest.param(
            account(None, capability("pending")),
            False,
            False,
            Status.NOT_REQUESTED,
            id="not requested beats a review of payouts",
        ),
        pytest.param(
            account(None, PAST_DUE, BANK),
            False,
            False,
            Status.NOT_REQUESTED,
            id="not requested beats an entry for payouts",
        ),
    ],
)
def test_the_earlier_rule_determines_the_status(
    answer: Json, ever_active: bool, disconnected: bool, wins: Status
) -> None:
    assert status(answer, ever_active=ever_active, disconnected=disconnected) is wins
