"""Accounts whose payouts do not work, and accounts in a final state."""

import pytest

from connect.merchants.rules.document import Profile
from tests.connect.merchants.rules.expected_documents import SHOP, WORKED, derived
from tests.connect.merchants.rules.situations import (
    BANK,
    HELD,
    NEVER_REQUESTED,
    REJECTED,
    UNSUPPORTED,
    due,
    unnamed,
    with_klarna,
)
from tests.connect.merchants.rules.stripe_answers import (
    ACTIVE,
    DOCUMENT,
    IN_REVIEW,
    PAST_DUE,
    PAYOUTS,
    Json,
    account,
    capability,
    entry,
)


@pytest.mark.parametrize(
    ("answer", "profile", "status", "kind", "due_count", "summary", "payouts"),
    [
        pytest.param(
            account(ACTIVE, HELD),
            WORKED,
            "PAYOUTS_BLOCKED",
            "CONTACT_STRIPE",
            0,
            (
                "Card payments work, but Stripe has restricted payouts. No information can lift the "
                "restriction; Stripe support can explain why."
            ),
            "Payouts do not work; Stripe support can explain why.",
            id="a hold of payouts",
        ),
        pytest.param(
            account(ACTIVE, capability("restricted"), entry("interv_1.legal_hold.notice", restricts=PAYOUTS)),
            WORKED,
            "PAYOUTS_BLOCKED",
            "CONTACT_STRIPE",
            0,
            (
                "Card payments work, but Stripe has restricted payouts. No information can lift the "
                "restriction; Stripe support can explain why."
            ),
            "Payouts do not work; Stripe support can explain why.",
            id="a notice of a hold of payouts",
        ),
        pytest.param(
            account(ACTIVE, None),
            WORKED,
            "PAYOUTS_BLOCKED",
            "CONTACT_STRIPE",
            0,
            "Card payments work, but payouts do not; Stripe support can explain why.",
            "Payouts do not work; Stripe support can explain why.",
            id="payouts are absent",
        ),
        pytest.param(
            account(ACTIVE, capability("restricted"), due(restricts=["klarna_payments"])),
            WORKED,
            "PAYOUTS_BLOCKED",
            "OPEN_DASHBOARD",
            1,
            (
                "Card payments work, but payouts do not; Stripe support can explain why. One item (Email "
                "address) is needed for Klarna."
            ),
            "Payouts do not work; Stripe support can explain why.",
            id="unexplained payouts, a requirement for Klarna",
        ),
        pytest.param(
            account(ACTIVE, UNSUPPORTED, BANK),
            WORKED,
            "PAYOUTS_BLOCKED",
            "CONTACT_STRIPE",
            0,
            "Card payments work, but payouts do not; Stripe support can explain why.",
            "Stripe does not offer payouts to this business.",
            id="unsupported payouts, a bank account",
        ),
        pytest.param(
            account(ACTIVE, IN_REVIEW, unnamed()),
            WORKED,
            "PAYOUTS_BLOCKED",
            "OPEN_DASHBOARD",
            1,
            (
                "Card payments work, but payouts are on hold while Stripe reviews the information. Stripe "
                "also asks for one item (Email address)."
            ),
            "Payouts are on hold while Stripe reviews the information.",
            id="payouts in review, a requirement without a capability",
        ),
        pytest.param(
            account(
                ACTIVE,
                PAST_DUE,
                entry("external_account", restricts=PAYOUTS, error="invalid_value_other"),
                due(DOCUMENT, PAYOUTS),
            ),
            WORKED,
            "PAYOUTS_BLOCKED",
            "OPEN_DASHBOARD",
            2,
            (
                "Card payments work, but payouts are on hold: Stripe could not verify one item (Bank "
                "account for payouts). One item (Photo of an official ID) is needed for payouts."
            ),
            "Payouts are on hold: 2 items are needed first.",
            id="a failed bank account and one more requirement",
        ),
        pytest.param(
            account(ACTIVE, REJECTED, due()),
            WORKED,
            "REJECTED",
            "CONTACT_STRIPE",
            0,
            "Stripe has rejected payouts; Stripe support can explain why.",
            "Stripe has turned payouts off.",
            id="payouts rejected",
        ),
        pytest.param(
            with_klarna(
                account(REJECTED, REJECTED),
                capability("rejected", "rejected_platform_other", "no_resolution"),
            ),
            WORKED,
            "REJECTED",
            "CONTACT_STRIPE",
            0,
            "Stripe has rejected the account; Stripe support can explain why.",
            "Stripe has turned payouts off.",
            id="rejected by Stripe, Klarna by the platform",
        ),
        pytest.param(
            account(REJECTED, REJECTED, entry("interv_1.supportability_rejection_appeal.form"), due()),
            WORKED,
            "REJECTED",
            "OPEN_DASHBOARD",
            1,
            "Stripe has rejected the account. The merchant can appeal in the Stripe Dashboard.",
            "Stripe has turned payouts off.",
            id="an appeal, and other requirements",
        ),
        pytest.param(
            account(UNSUPPORTED, PAST_DUE, BANK),
            SHOP,
            "UNSUPPORTED",
            "NONE",
            0,
            "Stripe does not support card payments for this business.",
            "Payouts are not active.",
            id="unsupported cards, a bank account",
        ),
        pytest.param(
            account(None, PAST_DUE, BANK),
            SHOP,
            "NOT_REQUESTED",
            "OPEN_DASHBOARD",
            1,
            (
                "Card payments have not been requested for this account. One item (Bank account for "
                "payouts) is needed for payouts."
            ),
            "Payouts are on hold: one item (Bank account for payouts) is needed first.",
            id="cards not requested, a bank account",
        ),
        pytest.param(
            account(None, None, due(), configuration=NEVER_REQUESTED),
            SHOP,
            "UNKNOWN",
            "RESUME_ONBOARDING",
            1,
            (
                "Stripe has not reported the status of this account yet. One item (Email address) is "
                "needed for card payments and payouts."
            ),
            None,
            id="capabilities never seen, a requirement",
        ),
        pytest.param(
            account(ACTIVE, ACTIVE, due(), closed=True),
            WORKED,
            "CLOSED",
            "NONE",
            0,
            "The account is closed.",
            None,
            id="closed",
        ),
    ],
)
def test_an_account_without_payouts_or_in_a_final_state_is_described_without_contradictions(
    answer: Json, profile: Profile, status: str, kind: str, due_count: int, summary: str, payouts: str | None
) -> None:
    document = derived(answer, profile).document
    assert document["summary"] == summary
    assert (document["status"], document["nextAction"]["kind"]) == (status, kind)
    assert document["requirements"]["dueCount"] == due_count
    if payouts is not None:
        assert document["dashboard"]["tasks"][3]["explanation"] == payouts
    assert document["dashboard"]["available"] == (payouts is not None)
