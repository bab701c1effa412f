"""Account situations that users of Stripe Connect reported and that documents once described wrongly."""

import json
import re

import pytest

from connect.merchants.rules.document import Derived, Document
from tests.connect.merchants.rules.expected_documents import SHOP, WORKED, derived
from tests.connect.merchants.rules.situations import BANK, LATER, UNSUPPORTED
from tests.connect.merchants.rules.stripe_answers import (
    ACTIVE,
    DOCUMENT,
    IN_REVIEW,
    PAST_DUE,
    PAYOUTS,
    TERMS,
    Json,
    account,
    capability,
    entry,
    section,
)

EMAIL = "identity.individual.email"
APPEAL = "interv_1Qx.supportability_rejection_appeal.form"
REJECTED = capability("rejected", "rejected_other", "contact_stripe")
REJECTED_BY_PLATFORM = capability("rejected", "rejected_platform_other", "no_resolution")
DASHBOARD = "https://dashboard.stripe.com/acct_1Qx7Yb2eZvKYlo2C/test/account/status"


def action(document: Document) -> tuple[str, str | None, str]:
    step = document["nextAction"]
    return step["kind"], step["by"], step["label"]


def task(document: Document, number: int) -> tuple[int, str]:
    row = document["dashboard"]["tasks"][number]
    return row["attention"], row["explanation"]


@pytest.mark.parametrize(
    "cards",
    [
        capability("restricted"),
        capability("restricted", "requirements_past_due", "provide_info"),
        capability("restricted", "a_new_word", "provide_info"),
        capability("restricted", "a_new_word", "a_new_word"),
        capability("a_new_word"),
    ],
)
def test_an_account_whose_card_payments_wait_for_eventually_due_entries_is_onboarding(cards: Json) -> None:
    terms = entry(TERMS, deadline="eventually_due")
    result = derived(account(cards, PAST_DUE, terms, entry(EMAIL, deadline="eventually_due")))
    assert result.document["status"] == "ONBOARDING"
    assert action(result.document) == ("START_ONBOARDING", "MERCHANT", "Start onboarding")
    assert result.document["requirements"]["dueCount"] == 2


def test_a_restricted_account_with_eventually_due_entries_and_accepted_terms_requires_action() -> None:
    result = derived(account(capability("restricted"), PAST_DUE, LATER))
    assert result.document["status"] == "ACTION_REQUIRED"
    assert result.document["summary"] == (
        "One item (Business category) is still needed before card payments can start."
    )


def test_entries_that_restrict_only_payouts_do_not_hide_the_review_of_card_payments() -> None:
    result = derived(account(IN_REVIEW, PAST_DUE, BANK))
    assert result.document["status"] == "PENDING_REVIEW"
    assert result.document["summary"] == (
        "Stripe is reviewing the information for card payments. "
        "One item (Bank account for payouts) is needed for payouts."
    )
    assert action(result.document) == ("RESUME_ONBOARDING", "MERCHANT", "Complete the onboarding form")
    assert task(result.document, 3) == (
        1,
        "Payouts are on hold: one item (Bank account for payouts) is needed first.",
    )


def test_an_entry_for_another_capability_does_not_endanger_card_payments_and_payouts() -> None:
    klarna = entry(EMAIL, restricts=["klarna_payments"], deadline="currently_due")
    result = derived(account(ACTIVE, ACTIVE, klarna), WORKED)
    assert result.document["status"] == "ACTIVE_DUE_SOON"
    assert result.document["summary"] == (
        "Card payments and payouts work. One item (Email address) is needed for Klarna."
    )
    assert task(result.document, 3) == (0, "Stripe pays out on the schedule that the merchant sets.")


def test_entries_of_another_configuration_do_not_endanger_the_merchants_capabilities() -> None:
    other = entry(EMAIL, deadline="past_due")
    for impact in other["impact"]["restricts_capabilities"]:
        impact["configuration"] = "recipient"
    result = derived(account(ACTIVE, ACTIVE, other), WORKED)
    assert result.document["status"] == "ACTIVE_DUE_SOON"
    assert result.document["summary"] == (
        "Card payments and payouts work. Stripe also asks for one item (Email address)."
    )


def test_a_deadline_for_payouts_is_not_a_deadline_for_card_payments() -> None:
    both = entry(EMAIL, deadline="eventually_due")
    both["impact"]["restricts_capabilities"][1]["deadline"] = {"status": "past_due"}
    both["minimum_deadline"] = {"status": "past_due"}
    result = derived(account(IN_REVIEW, PAST_DUE, both))
    assert result.document["status"] == "PENDING_REVIEW"
    assert result.document["summary"] == (
        "Stripe is reviewing the information for card payments. "
        "One item (Email address) is needed for payouts."
    )


def test_the_summary_names_other_capabilities_only_up_to_a_limit() -> None:
    names = ["klarna_payments", "link_payments", "twint_payments", "eps_payments", "zip_payments"]
    other = entry(EMAIL, restricts=names, deadline="currently_due")
    result = derived(account(ACTIVE, ACTIVE, other), WORKED)
    assert result.document["summary"] == (
        "Card payments and payouts work. "
        "One item (Email address) is needed for Klarna, Link, TWINT and 2 more."
    )


def test_past_due_entries_read_as_overdue_and_the_next_action_has_their_date() -> None:
    required = section(entry(EMAIL), time="2026-10-29T00:00:00.000Z")
    result = derived(account(ACTIVE, ACTIVE, requirements=required), WORKED)
    assert result.document["summary"] == (
        "Card payments and payouts work, but one item (Email address) is overdue and needed to keep them "
        "working."
    )
    assert result.document["nextAction"]["deadline"] == "2026-10-29T00:00:00.000Z"
    assert result.document["requirements"]["groups"][0]["urgency"] == "OVERDUE"


def test_nothing_is_overdue_on_the_first_day() -> None:
    """All requirements of a new account have the deadline `past_due`."""
    document = derived(account(PAST_DUE, PAST_DUE, entry(TERMS), entry(EMAIL))).document
    assert [group["urgency"] for group in document["requirements"]["groups"]] == ["NOW", "NOW"]


def test_the_sentence_about_a_paused_capability_names_the_overdue_requirements() -> None:
    result = derived(account(PAST_DUE, ACTIVE, entry(EMAIL, restricts=["card_payments"])), WORKED)
    assert result.document["summary"] == (
        "Card payments are paused: one item (Email address) is overdue and needed to resume them."
    )


@pytest.mark.parametrize("time", ["2031-03-01T05:00:00.000Z", "2031-02-28T23:59:59.000-08:00"])
def test_no_sentence_names_a_day(time: str) -> None:
    required = section(entry(EMAIL, deadline="currently_due"), time=time)
    future = section(entry(DOCUMENT), minimum_transition_date=time)
    for answer in (
        account(ACTIVE, ACTIVE, requirements=required),
        account(ACTIVE, ACTIVE, future_requirements=future),
    ):
        document = derived(answer, WORKED).document
        assert document["nextAction"]["deadline"] is not None
        assert not re.search(r"\d{4}|January|February|March", document["summary"])


def rejected(profile: object = WORKED, **changes: object) -> Derived:
    required = section(entry(APPEAL), entry(EMAIL), time="2031-03-01T05:00:00.000Z")
    answer = account(REJECTED, REJECTED, requirements=required, **changes)
    return derived(answer, profile)  # type: ignore[arg-type]


def test_an_appeal_against_a_rejection_is_the_next_step_in_the_dashboard() -> None:
    result = rejected()
    document = result.document
    assert document["summary"] == (
        "Stripe has rejected the account. The merchant can appeal in the Stripe Dashboard."
    )
    assert action(document) == ("OPEN_DASHBOARD", "MERCHANT", "Appeal in the Stripe Dashboard")
    assert (document["nextAction"]["url"], document["nextAction"]["isActionable"]) == (DASHBOARD, True)
    assert [e["key"] for e in document["requirements"]["entries"]] == [APPEAL]
    assert document["requirements"]["dueCount"] == 1
    assert task(document, 0) == (1, "One item (Appeal against a decision) is needed.")


@pytest.mark.parametrize(
    "result",
    [
        pytest.param(derived(account(REJECTED, REJECTED, entry(EMAIL)), WORKED), id="no appeal"),
        pytest.param(rejected(dashboard="none"), id="no Dashboard in which to appeal"),
        pytest.param(
            derived(account(REJECTED, REJECTED, entry(APPEAL), entry(TERMS)), SHOP), id="no credentials"
        ),
        pytest.param(
            derived(
                account(UNSUPPORTED, PAST_DUE, entry(EMAIL), BANK),
                WORKED,
            ),
            id="unsupported",
        ),
        pytest.param(
            derived(
                account(REJECTED_BY_PLATFORM, PAST_DUE, entry(APPEAL)),
                WORKED,
            ),
            id="rejected by the platform",
        ),
    ],
)
def test_a_final_state_asks_for_nothing(result: Derived) -> None:
    for document in (result.document, result.merchant_document):
        assert (document["requirements"]["dueCount"], document["requirements"]["groups"]) == (0, [])
        assert document["requirements"]["entries"] == []
        assert document["nextAction"]["deadline"] is None
        assert [t["attention"] for t in document["dashboard"]["tasks"]] == [0, 0, 0, 0]
    assert result.next_deadline_at is None


def test_alternatives_belong_to_the_entry_with_the_same_key_and_person() -> None:
    number = "identity.individual.id_numbers"
    option = entry(DOCUMENT, person="person_2")
    reference = {"type": "person", "resource": "person_2", "inquiry": None}
    alternative = {
        "original_entries": [{"description": number, "reference": reference}],
        "options": [{"entries": [option]}],
    }
    entries = [entry(number, person="person_1"), entry(number, person="person_2")]
    answer = account(PAST_DUE, PAST_DUE, requirements=section(*entries, alternatives=[alternative]))
    shown = derived(answer).document["requirements"]["entries"]
    assert [
        (e["personId"], [[a["personId"] for a in group] for group in e["alternatives"]]) for e in shown
    ] == [("person_1", []), ("person_2", [["person_2"]])]


def test_ten_keys_of_a_british_account_are_six_groups() -> None:
    keys = (
        *("address.city", "address.line1", "address.postal_code"),
        *("date_of_birth.day", "date_of_birth.month", "date_of_birth.year"),
        *("email", "given_name", "phone", "surname"),
    )
    entries = [entry(f"identity.individual.{key}", person="person_1") for key in keys]
    document = derived(account(PAST_DUE, PAST_DUE, *entries)).document
    assert document["requirements"]["dueCount"] == 6
    assert document["summary"] == "6 items are still needed before card payments can start."
    assert [(g["title"], len(g["items"])) for g in document["requirements"]["groups"]] == [
        ("Home address", 3),
        ("Date of birth", 3),
        ("Email address", 1),
        ("Legal first name", 1),
        ("Phone number", 1),
        ("Legal last name", 1),
    ]


def test_the_sentence_names_the_requested_item_and_not_its_subject() -> None:
    proof = entry(
        "identity.business_details.documents.bank_account_ownership_verification.files", restricts=PAYOUTS
    )
    document = derived(account(ACTIVE, PAST_DUE, proof), WORKED).document
    assert document["summary"] == (
        "Card payments work, but payouts are on hold: one item (Proof of bank account) is needed."
    )
    assert document["requirements"]["groups"][0]["subject"] == "BANK_ACCOUNT"


WITHHELD = re.compile(r"fraud|sanction|listed|list of|pep_|legal_hold|external_hold", re.IGNORECASE)


@pytest.mark.parametrize(
    ("code", "neutral"),
    [
        ("rejected_listed", "rejected_other"),
        ("rejected_fraud", "rejected_other"),
        ("rejected_platform_fraud", "rejected_platform_other"),
        ("rejected_sanctions_match", "rejected_other"),
        ("restricted_pep", "restricted_other"),
        ("rejected_terms_of_service", "rejected_terms_of_service"),
    ],
)
def test_merchants_read_a_neutral_code_and_the_platform_reads_stripes_code(code: str, neutral: str) -> None:
    result = derived(account(capability("rejected", code, "contact_stripe"), ACTIVE), WORKED)
    (own,), (theirs,) = (
        document["capabilities"][0]["details"] for document in (result.document, result.merchant_document)
    )
    assert (own["code"], theirs["code"]) == (code, neutral)
    assert not WITHHELD.search(str(result.merchant_document))


def test_an_error_that_names_fraud_is_neutral_for_merchants() -> None:
    failed = entry(DOCUMENT, error="verification_document_fraudulent")
    failed["errors"][0]["description"] = "The document is fraudulent."
    result = derived(account(PAST_DUE, PAST_DUE, failed))
    own, theirs = (
        document["requirements"]["entries"][0]["errors"][0]
        for document in (result.document, result.merchant_document)
    )
    explanation = (
        "Stripe could not confirm that the document is genuine. Upload a photo or scan of the original, or "
        "contact Stripe support."
    )
    assert own == {
        "code": "verification_document_fraudulent",
        "message": "The document is fraudulent.",
        "explanation": explanation,
    }
    assert theirs == {
        "code": "verification_failed_other",
        "message": explanation,
        "explanation": explanation,
    }


def test_merchants_are_addressed_in_the_second_person() -> None:
    result = derived(account(PAST_DUE, PAST_DUE, entry(TERMS)))
    reason = result.merchant_document["dashboard"]["unavailableReason"]
    assert reason == "You get Stripe credentials during onboarding, which is not finished yet."
    assert result.document["dashboard"]["unavailableReason"] == (
        "The merchant gets Stripe credentials during onboarding, which is not finished yet."
    )


@pytest.mark.parametrize("word", ["sanctions_review", "fraud_prevention", "legal_hold", "denied_party"])
def test_no_part_of_a_merchants_document_names_the_reason_of_a_single_item(word: str) -> None:
    """The document also contains messages, errors and Stripe's reasons."""
    item = entry(f"interv_1.{word}.form", restricts=PAYOUTS, reason=word, error=word)
    document = derived(account(ACTIVE, PAST_DUE, item)).merchant_document
    text = json.dumps(document).lower()
    assert word not in text
    assert word.replace("_", " ") not in text
    assert document["requirements"]["dueCount"] == 1
