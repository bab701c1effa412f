"""Working accounts with various requirements."""

import pytest

from tests.connect.merchants.rules.expected_documents import WORKED, derived
from tests.connect.merchants.rules.situations import (
    EMAIL,
    FUTURE_DATE,
    PAST,
    SUBMITTED,
    UNSUPPORTED,
    due,
    of_recipient,
    two_deadlines,
    unnamed,
    with_klarna,
)
from tests.connect.merchants.rules.stripe_answers import (
    ACTIVE,
    DOCUMENT,
    PAST_DUE,
    Json,
    account,
    entry,
    section,
)

APPEAL = "interv_1.supportability_rejection_appeal.form"


def named_twice(key: str, *deadlines: str) -> Json:
    """A requirement that lists card payments several times, each time with another deadline."""
    impacts = [
        impact
        for deadline in deadlines
        for impact in due(key, ["card_payments"], deadline)["impact"]["restricts_capabilities"]
    ]
    return due(key, deadline=deadlines[0]) | {"impact": {"restricts_capabilities": impacts}}


@pytest.mark.parametrize(
    ("answer", "status", "kind", "due_count", "summary"),
    [
        pytest.param(
            account(ACTIVE, ACTIVE, unnamed()),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            1,
            "Card payments and payouts work. Stripe also asks for one item (Email address).",
            id="a requirement without a capability",
        ),
        pytest.param(
            account(ACTIVE, ACTIVE, requirements=section(unnamed(deadline="past_due"), time=PAST)),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            1,
            (
                "Card payments and payouts work. Stripe also asks for one item (Email address), which is "
                "overdue."
            ),
            id="an overdue requirement without a capability",
        ),
        pytest.param(
            account(
                ACTIVE, ACTIVE, requirements=section(unnamed(deadline="eventually_due"), time=FUTURE_DATE)
            ),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            0,
            "Card payments and payouts work. Stripe asks for more information.",
            id="a later requirement without a capability, with a date",
        ),
        pytest.param(
            account(ACTIVE, ACTIVE, unnamed(deadline="eventually_due")),
            "ACTIVE",
            "OPEN_DASHBOARD",
            0,
            "Payments and payouts work; nothing needs attention.",
            id="a later requirement without a capability",
        ),
        pytest.param(
            with_klarna(account(ACTIVE, ACTIVE, due(restricts=["klarna_payments"])), ACTIVE),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            1,
            "Card payments and payouts work. One item (Email address) is needed for Klarna.",
            id="a requirement for Klarna",
        ),
        pytest.param(
            with_klarna(
                account(ACTIVE, ACTIVE, due(restricts=["klarna_payments"], deadline="past_due")), ACTIVE
            ),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            1,
            "Card payments and payouts work. One item (Email address) is overdue for Klarna.",
            id="an overdue requirement for Klarna",
        ),
        pytest.param(
            with_klarna(
                account(ACTIVE, ACTIVE, due(restricts=["klarna_payments"], deadline="past_due")), PAST_DUE
            ),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            1,
            "Card payments and payouts work. One item (Email address) is needed for Klarna.",
            id="a first requirement for Klarna",
        ),
        pytest.param(
            account(ACTIVE, ACTIVE, named_twice(EMAIL, "past_due", "currently_due")),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            1,
            (
                "Card payments and payouts work, but one item (Email address) is overdue and needed to keep "
                "card payments working."
            ),
            id="a requirement with two deadlines for card payments",
        ),
        pytest.param(
            account(ACTIVE, ACTIVE, due(APPEAL, restricts=["card_payments"], deadline="past_due")),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            1,
            (
                "Card payments and payouts work, but one item (Appeal against a decision) is needed to keep "
                "card payments working."
            ),
            id="an appeal past its deadline",
        ),
        pytest.param(
            with_klarna(account(ACTIVE, ACTIVE, due(restricts=["klarna_payments"])), UNSUPPORTED),
            "ACTIVE",
            "OPEN_DASHBOARD",
            0,
            "Card payments and payouts work.",
            id="a requirement for unsupported Klarna",
        ),
        pytest.param(
            with_klarna(
                account(
                    ACTIVE,
                    ACTIVE,
                    due(restricts=["klarna_payments"]),
                    unnamed("configuration.merchant.mcc"),
                    of_recipient("defaults.profile.business_url", "stripe_balance.stripe_transfers"),
                ),
                ACTIVE,
            ),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            3,
            (
                "Card payments and payouts work. One item (Email address) is needed for Klarna. Stripe "
                "also asks for 2 items."
            ),
            id="requirements for Klarna, for the recipient and for the account",
        ),
        pytest.param(
            account(
                ACTIVE,
                ACTIVE,
                of_recipient(EMAIL, "stripe_balance.stripe_transfers"),
                of_recipient("defaults.payout_methods", "bank_accounts.local"),
            ),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            2,
            "Card payments and payouts work. Stripe also asks for 2 items.",
            id="the first requirements of a recipient",
        ),
        pytest.param(
            account(
                ACTIVE,
                ACTIVE,
                two_deadlines(EMAIL, "currently_due", "past_due"),
                due(DOCUMENT, ["card_payments"]),
            ),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            2,
            (
                "Card payments and payouts work, but one item (Email address) is overdue and needed to "
                "keep payouts working. One item (Photo of an official ID) is needed for card payments."
            ),
            id="overdue for payouts alone",
        ),
        pytest.param(
            account(ACTIVE, ACTIVE, due(deadline="past_due"), due(DOCUMENT)),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            2,
            (
                "Card payments and payouts work, but one item (Email address) is overdue and needed to "
                "keep them working. One item (Photo of an official ID) is needed for card payments and "
                "payouts."
            ),
            id="one overdue, one due",
        ),
        pytest.param(
            account(ACTIVE, ACTIVE, requirements=section(due(deadline="eventually_due"), time=FUTURE_DATE)),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            0,
            (
                "Card payments and payouts work. Stripe asks for more information for card payments and "
                "payouts."
            ),
            id="a later requirement with a date",
        ),
        pytest.param(
            account(ACTIVE, ACTIVE, requirements=section(due(deadline="eventually_due"), time=PAST)),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            0,
            (
                "Card payments and payouts work. Stripe asks for more information for card payments and "
                "payouts."
            ),
            id="a later requirement with a past date",
        ),
        pytest.param(
            with_klarna(
                account(
                    ACTIVE,
                    ACTIVE,
                    requirements=section(
                        due(restricts=["klarna_payments"], deadline="eventually_due"), time=FUTURE_DATE
                    ),
                ),
                ACTIVE,
            ),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            0,
            "Card payments and payouts work. Stripe asks for more information for Klarna.",
            id="a later requirement for Klarna with a date",
        ),
        pytest.param(
            account(
                ACTIVE,
                ACTIVE,
                future_requirements=section(
                    due(restricts=["klarna_payments"]), minimum_transition_date=FUTURE_DATE
                ),
            ),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            0,
            "Card payments and payouts work. Stripe asks for more information for Klarna.",
            id="future requirements of Klarna",
        ),
        pytest.param(
            account(
                ACTIVE,
                ACTIVE,
                due(deadline="eventually_due"),
                future_requirements=section(
                    due(restricts=["klarna_payments"]), minimum_transition_date=FUTURE_DATE
                ),
            ),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            0,
            "Card payments and payouts work. Stripe asks for more information for Klarna.",
            id="future requirements of Klarna, and a later requirement without a date",
        ),
        pytest.param(
            account(ACTIVE, ACTIVE, requirements=section(time=FUTURE_DATE)),
            "ACTIVE_DUE_SOON",
            "OPEN_DASHBOARD",
            0,
            "Card payments and payouts work. Stripe asks for more information.",
            id="a date without entries",
        ),
        pytest.param(
            account(ACTIVE, ACTIVE, requirements=section(SUBMITTED, time=FUTURE_DATE)),
            "ACTIVE",
            "WAIT_FOR_STRIPE",
            0,
            "Card payments and payouts work; Stripe is reviewing the information provided.",
            id="a review with a date",
        ),
        pytest.param(
            account(ACTIVE, ACTIVE, SUBMITTED),
            "ACTIVE",
            "WAIT_FOR_STRIPE",
            0,
            "Card payments and payouts work; Stripe is reviewing the information provided.",
            id="a review",
        ),
        pytest.param(
            account(ACTIVE, ACTIVE, entry("interv_1.legal_hold.notice")),
            "ACTIVE",
            "OPEN_DASHBOARD",
            0,
            "Card payments and payouts work.",
            id="a notice of a hold",
        ),
        pytest.param(
            account(ACTIVE, ACTIVE, entry(EMAIL, awaiting="a_new_party")),
            "ACTIVE",
            "OPEN_DASHBOARD",
            0,
            "Card payments and payouts work.",
            id="an unknown party",
        ),
        pytest.param(
            account(ACTIVE, ACTIVE, due(), dashboard="express"),
            "ACTIVE_DUE_SOON",
            "RESUME_ONBOARDING",
            1,
            ("Card payments and payouts work, but one item (Email address) is needed to keep them working."),
            id="no Dashboard",
        ),
    ],
)
def test_a_working_account_is_described_without_contradictions(
    answer: Json, status: str, kind: str, due_count: int, summary: str
) -> None:
    result = derived(answer, WORKED)
    for document in (result.document, result.merchant_document):
        assert document["summary"] == summary
        assert (document["status"], document["nextAction"]["kind"]) == (status, kind)
        assert document["requirements"]["dueCount"] == due_count
