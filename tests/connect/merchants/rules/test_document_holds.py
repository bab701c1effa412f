"""Holds and reviews by Stripe are described in different words for each role."""

import re

import pytest

from tests.connect.merchants.rules.expected_documents import WORKED, derived
from tests.connect.merchants.rules.stripe_answers import ACTIVE, IN_REVIEW, account, capability, entry

WITHHELD = re.compile(r"sanction|pep_|politic|legal_hold|external_hold", re.IGNORECASE)


@pytest.mark.parametrize(
    ("key", "title", "neutral"),
    [
        ("interv_1Qx.sanctions_review.notice", "Sanctions review", "Review by Stripe"),
        ("interv_1Qx.pep_review.notice", "Review of a politically exposed person", "Review by Stripe"),
        ("interv_1Qx.legal_hold.notice", "Legal hold", "Notice from Stripe"),
        ("interv_1Qx.external_hold.notice", "Hold on behalf of others", "Notice from Stripe"),
        ("interv_1Qx.a_new_word.notice", "Notice from Stripe", "Notice from Stripe"),
    ],
)
def test_a_notice_asks_for_nothing_and_merchants_read_neutral_words(
    key: str, title: str, neutral: str
) -> None:
    result = derived(account(IN_REVIEW, IN_REVIEW, entry(key)))
    (group,), (theirs,) = (d["requirements"]["groups"] for d in (result.document, result.merchant_document))
    assert (group["title"], group["items"][0]["key"]) == (title, key)
    assert theirs["title"] == neutral
    assert (group["awaitingActionFrom"], group["urgency"]) == ("STRIPE", None)
    assert result.document["requirements"]["dueCount"] == 0
    assert result.document["nextAction"]["kind"] == "WAIT_FOR_STRIPE"
    assert not WITHHELD.search(str(result.merchant_document))


@pytest.mark.parametrize(
    ("code", "status", "explanation", "neutral"),
    [
        (
            "legal_hold",
            "RESTRICTED_BY_STRIPE",
            "Stripe has put this on hold for legal reasons. No information can lift the hold.",
            "restricted_other",
        ),
        (
            "external_hold",
            "RESTRICTED_BY_STRIPE",
            (
                "Stripe has put this on hold for a third party, such as an authority. No information can "
                "lift the hold."
            ),
            "restricted_other",
        ),
        (
            "pep_review",
            "PENDING_REVIEW",
            "Stripe is checking a person who may hold public office. There is nothing to do right now.",
            "determining_status",
        ),
        (
            "sanctions_review",
            "PENDING_REVIEW",
            (
                "Stripe is comparing names on the account with sanctions lists. "
                "There is nothing to do right now."
            ),
            "determining_status",
        ),
    ],
)
def test_a_hold_or_a_review_is_explained_differently_to_each_role(
    code: str, status: str, explanation: str, neutral: str
) -> None:
    result = derived(account(capability("restricted", code, "no_resolution"), ACTIVE), WORKED)
    (own,), (theirs,) = (
        document["capabilities"][0]["details"] for document in (result.document, result.merchant_document)
    )
    assert result.document["status"] == status
    assert (own["code"], own["explanation"]) == (code, explanation)
    assert theirs["code"] == neutral
    assert not WITHHELD.search(str(result.merchant_document))
