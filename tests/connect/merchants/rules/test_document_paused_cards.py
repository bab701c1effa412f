"""Accounts whose card payments do not work, for various reasons."""

import pytest

from connect.merchants.rules.document import Profile
from tests.connect.merchants.rules.expected_documents import SHOP, WORKED, derived
from tests.connect.merchants.rules.situations import (
    BANK,
    EMAIL,
    FAILED,
    FUTURE_DATE,
    HELD,
    LATER,
    LIMITED,
    due,
)
from tests.connect.merchants.rules.stripe_answers import (
    ACTIVE,
    DOCUMENT,
    IN_REVIEW,
    PAST_DUE,
    TERMS,
    Json,
    account,
    capability,
    entry,
    section,
)


@pytest.mark.parametrize(
    ("answer", "profile", "status", "kind", "due_count", "summary", "payouts"),
    [
        pytest.param(
            account(
                capability("restricted"),
                PAST_DUE,
                entry(TERMS, deadline="eventually_due"),
                due(deadline="eventually_due"),
            ),
            SHOP,
            "ONBOARDING",
            "START_ONBOARDING",
            2,
            "Onboarding is not finished: Stripe still needs some information before payments can start.",
            None,
            id="everything eventually due, without details",
        ),
        pytest.param(
            account(PAST_DUE, PAST_DUE, entry(EMAIL, awaiting="a_new_party")),
            SHOP,
            "ACTION_REQUIRED",
            "RESUME_ONBOARDING",
            0,
            "More information is still needed before card payments can start.",
            "Payouts are on hold: more information is needed first.",
            id="only an unknown party is listed",
        ),
        pytest.param(
            account(
                PAST_DUE,
                PAST_DUE,
                FAILED,
                due("configuration.merchant.mcc"),
                due("defaults.profile.business_url"),
            ),
            SHOP,
            "ACTION_REQUIRED",
            "RESUME_ONBOARDING",
            3,
            (
                "Stripe could not verify one item (Photo of an official ID). Card payments can start "
                "after a correction. 2 items are needed for card payments and payouts."
            ),
            "Payouts are on hold: 3 items are needed first.",
            id="one requirement failed, two are new",
        ),
        pytest.param(
            account(IN_REVIEW, PAST_DUE, BANK),
            SHOP,
            "PENDING_REVIEW",
            "RESUME_ONBOARDING",
            1,
            (
                "Stripe is reviewing the information for card payments. One item (Bank account for "
                "payouts) is needed for payouts."
            ),
            "Payouts are on hold: one item (Bank account for payouts) is needed first.",
            id="cards in review, a bank account for payouts",
        ),
        pytest.param(
            account(IN_REVIEW, PAST_DUE, entry(DOCUMENT, awaiting="stripe", restricts=["card_payments"])),
            SHOP,
            "PENDING_REVIEW",
            "RESUME_ONBOARDING",
            0,
            "Stripe is reviewing the information for card payments.",
            "Payouts are on hold: more information is needed first.",
            id="cards in review, payouts lack entries",
        ),
        pytest.param(
            account(IN_REVIEW, IN_REVIEW, entry(EMAIL, awaiting="a_new_party")),
            SHOP,
            "PENDING_REVIEW",
            "WAIT_FOR_STRIPE",
            0,
            "Stripe is reviewing the information for card payments.",
            "Payouts are on hold while Stripe reviews the information.",
            id="in review, with an entry of an unknown party",
        ),
        pytest.param(
            account(IN_REVIEW, IN_REVIEW, LATER),
            SHOP,
            "PENDING_REVIEW",
            "WAIT_FOR_STRIPE",
            0,
            "Stripe is reviewing the information for card payments.",
            "Payouts are on hold while Stripe reviews the information.",
            id="in review, with a later requirement",
        ),
        pytest.param(
            account(
                capability("restricted", "sanctions_review", "no_resolution"),
                capability("restricted", "sanctions_review", "no_resolution"),
            ),
            WORKED,
            "PENDING_REVIEW",
            "WAIT_FOR_STRIPE",
            0,
            "Stripe has all the information and is reviewing it.",
            "Payouts are on hold while Stripe reviews the information.",
            id="a review of names",
        ),
        pytest.param(
            account(capability("restricted"), capability("restricted"), entry("interv_1.pep_review.notice")),
            WORKED,
            "PENDING_REVIEW",
            "WAIT_FOR_STRIPE",
            0,
            "Stripe has all the information and is reviewing it.",
            "Payouts are on hold while Stripe reviews the information.",
            id="a notice of a review of persons",
        ),
        pytest.param(
            account(HELD, HELD),
            WORKED,
            "RESTRICTED_BY_STRIPE",
            "CONTACT_STRIPE",
            0,
            (
                "Stripe has restricted card payments. No information can lift the restriction; Stripe "
                "support can explain why."
            ),
            "Payouts do not work; Stripe support can explain why.",
            id="a hold of cards and payouts",
        ),
        pytest.param(
            account(HELD, PAST_DUE, BANK),
            WORKED,
            "RESTRICTED_BY_STRIPE",
            "OPEN_DASHBOARD",
            1,
            (
                "Stripe has restricted card payments. No information can lift the restriction; Stripe "
                "support can explain why. One item (Bank account for payouts) is needed for payouts."
            ),
            "Payouts are on hold: one item (Bank account for payouts) is needed first.",
            id="a hold of cards, a bank account for payouts",
        ),
        pytest.param(
            account(capability("restricted"), capability("restricted"), entry("interv_1.legal_hold.notice")),
            WORKED,
            "RESTRICTED_BY_STRIPE",
            "CONTACT_STRIPE",
            0,
            (
                "Stripe has restricted card payments. No information can lift the restriction; Stripe "
                "support can explain why."
            ),
            "Payouts do not work; Stripe support can explain why.",
            id="a notice of a hold, without details",
        ),
        pytest.param(
            account(PAST_DUE, PAST_DUE, entry("interv_1.legal_hold.notice")),
            WORKED,
            "RESTRICTED",
            "OPEN_DASHBOARD",
            0,
            "Card payments are paused: more information is needed to resume them.",
            "Payouts are on hold: more information is needed first.",
            id="a notice of a hold, and information needed",
        ),
        pytest.param(
            account(LIMITED, LIMITED, BANK),
            SHOP,
            "RESTRICTED_BY_STRIPE",
            "OPEN_DASHBOARD",
            1,
            (
                "Stripe has restricted card payments; Stripe support can explain why. One item (Bank "
                "account for payouts) is needed for payouts."
            ),
            "Payouts are on hold: one item (Bank account for payouts) is needed first.",
            id="support must explain, a bank account for payouts",
        ),
        pytest.param(
            account(LIMITED, LIMITED, requirements=section(LATER, time=FUTURE_DATE)),
            SHOP,
            "RESTRICTED_BY_STRIPE",
            "CONTACT_STRIPE",
            0,
            "Stripe has restricted card payments; Stripe support can explain why.",
            "Payouts do not work; Stripe support can explain why.",
            id="support must explain, a later requirement with a date",
        ),
        pytest.param(
            account(PAST_DUE, ACTIVE, due(deadline="past_due"), due(DOCUMENT), BANK),
            WORKED,
            "RESTRICTED",
            "OPEN_DASHBOARD",
            3,
            (
                "Card payments are paused: one item (Email address) is overdue and needed to resume them. "
                "One item (Bank account for payouts) is overdue for payouts. One item (Photo of an "
                "official ID) is needed for card payments and payouts."
            ),
            "Payouts work, but 2 items are overdue.",
            id="one overdue, one due, a bank account",
        ),
        pytest.param(
            account(
                PAST_DUE,
                ACTIVE,
                entry(DOCUMENT, deadline="currently_due", error="verification_document_expired"),
            ),
            WORKED,
            "RESTRICTED",
            "OPEN_DASHBOARD",
            1,
            "Card payments are paused: Stripe could not verify one item (Photo of an official ID).",
            "Payouts work; one item (Photo of an official ID) is needed to keep them working.",
            id="a failed document",
        ),
    ],
)
def test_an_account_without_card_payments_is_described_without_contradictions(
    answer: Json, profile: Profile, status: str, kind: str, due_count: int, summary: str, payouts: str | None
) -> None:
    document = derived(answer, profile).document
    assert document["summary"] == summary
    assert (document["status"], document["nextAction"]["kind"]) == (status, kind)
    assert document["requirements"]["dueCount"] == due_count
    if payouts is not None:
        assert document["dashboard"]["tasks"][3]["explanation"] == payouts
    assert document["dashboard"]["available"] == (payouts is not None)
