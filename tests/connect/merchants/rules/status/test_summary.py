"""The exact summary that follows from the facts."""

import pytest

from connect.merchants.rules.status.facts import Facts
from tests.connect.merchants.rules.expected_documents import WORKED, derived
from tests.connect.merchants.rules.guidance import (
    ACTION_REQUIRED,
    BY_STRIPE,
    CLOSED,
    CREATING,
    DISCONNECTED,
    DUE_IN_REVIEW,
    DUE_LATER,
    DUE_SOON,
    NOT_OFFERED,
    NOT_REQUESTED,
    ONBOARDING,
    PENDING_REVIEW,
    RESTRICTED,
    TURNED_DOWN,
    UNKNOWN,
    WORKING,
    blocked,
    summary_of,
)
from tests.connect.merchants.rules.situations import (
    BANK,
    EMAIL,
    FAILED,
    LIMITED,
    ROUTINE_CHECK,
    SUBMITTED,
    UNSUPPORTED,
    due,
    facts_of,
    with_klarna,
)
from tests.connect.merchants.rules.stripe_answers import (
    ACTIVE,
    IN_REVIEW,
    PAST_DUE,
    PAYOUTS,
    Json,
    account,
    entry,
)

FAILED_BANK = entry("external_account", restricts=PAYOUTS, error="verification_failed_other")


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (CREATING, "The account is being created at Stripe."),
        (
            ONBOARDING,
            "Onboarding is not finished: Stripe still needs some information before payments can start.",
        ),
        (
            ACTION_REQUIRED,
            (
                "More information is still needed before card payments can start. "
                "One item (Bank account for payouts) is needed for payouts."
            ),
        ),
        (
            facts_of(account(PAST_DUE, PAST_DUE, BANK, ROUTINE_CHECK)),
            (
                "One item (Photo of an official ID) is still needed before card payments can start. "
                "One item (Bank account for payouts) is needed for payouts."
            ),
        ),
        (
            facts_of(account(PAST_DUE, PAST_DUE)),
            "More information is still needed before card payments can start.",
        ),
        (
            facts_of(account(PAST_DUE, PAST_DUE, FAILED)),
            (
                "Stripe could not verify one item (Photo of an official ID). "
                "Card payments can start after a correction."
            ),
        ),
        (PENDING_REVIEW, "Stripe has all the information and is reviewing it."),
        (WORKING, "Payments and payouts work; nothing needs attention."),
        (
            DUE_SOON,
            (
                "Card payments and payouts work, but one item (Photo of an official ID) is needed "
                "to keep them working."
            ),
        ),
        (
            DUE_LATER,
            "Card payments and payouts work. Stripe asks for more information for card payments and payouts.",
        ),
        (DUE_IN_REVIEW, "Card payments and payouts work; Stripe is reviewing the information provided."),
        (
            blocked(PAST_DUE, BANK),
            ("Card payments work, but payouts are on hold: one item (Bank account for payouts) is needed."),
        ),
        (
            blocked(PAST_DUE, FAILED_BANK),
            (
                "Card payments work, but payouts are on hold: "
                "Stripe could not verify one item (Bank account for payouts)."
            ),
        ),
        (
            blocked(PAST_DUE, ROUTINE_CHECK),
            "Card payments work, but payouts are on hold: one item (Photo of an official ID) is needed.",
        ),
        (
            blocked(PAST_DUE, BANK, ROUTINE_CHECK),
            "Card payments work, but payouts are on hold: 2 items are needed.",
        ),
        (
            blocked(PAST_DUE),
            "Card payments work, but payouts are on hold: more information is needed.",
        ),
        (
            blocked(IN_REVIEW, SUBMITTED),
            "Card payments work, but payouts are on hold while Stripe reviews the information.",
        ),
        (blocked(None), "Card payments work, but payouts do not; Stripe support can explain why."),
        (
            blocked(LIMITED),
            "Card payments work, but payouts do not; Stripe support can explain why.",
        ),
        (
            blocked(UNSUPPORTED),
            "Card payments work, but payouts do not; Stripe support can explain why.",
        ),
        (
            RESTRICTED,
            "Card payments are paused: one item (Photo of an official ID) is needed to resume them.",
        ),
        (
            facts_of(account(PAST_DUE, PAST_DUE, ROUTINE_CHECK, BANK), ever_active=True),
            (
                "Card payments are paused: one item (Photo of an official ID) is needed to resume them. "
                "One item (Bank account for payouts) is needed for payouts."
            ),
        ),
        (
            facts_of(account(PAST_DUE, PAST_DUE), ever_active=True),
            "Card payments are paused: more information is needed to resume them.",
        ),
        (BY_STRIPE, "Stripe has restricted card payments; Stripe support can explain why."),
        (TURNED_DOWN, "Stripe has rejected the account; Stripe support can explain why."),
        (NOT_OFFERED, "Stripe does not support card payments for this business."),
        (NOT_REQUESTED, "Card payments have not been requested for this account."),
        (DISCONNECTED, "The account is no longer connected to the platform."),
        (CLOSED, "The account is closed."),
        (UNKNOWN, "Stripe has not reported the status of this account yet."),
    ],
)
def test_the_summary_follows_from_the_facts(facts: Facts, sentence: str) -> None:
    assert summary_of(facts) == sentence


BIRTHDAY = "identity.individual.date_of_birth"
BALANCE = "stripe_balance.payouts"


def for_each(key: str, **deadlines: str) -> Json:
    """An entry with a separate deadline for each capability."""
    restricted = [
        impact
        for name, deadline in deadlines.items()
        for impact in due(key, [name], deadline)["impact"]["restricts_capabilities"]
    ]
    earliest = min(deadlines.values(), key=["past_due", "currently_due"].index)
    return due(key, deadline=earliest) | {"impact": {"restricts_capabilities": restricted}}


@pytest.mark.parametrize(
    ("entries", "urgency", "sentences"),
    [
        pytest.param(
            [for_each(EMAIL, card_payments="currently_due", klarna_payments="past_due")],
            "OVERDUE",
            "Card payments and payouts work. One item (Email address) is overdue for Klarna.",
            id="one entry, overdue for Klarna",
        ),
        pytest.param(
            [
                due(f"{BIRTHDAY}.day", ["card_payments"]),
                due(f"{BIRTHDAY}.month", ["klarna_payments"], "past_due"),
            ],
            "OVERDUE",
            "Card payments and payouts work. One item (Date of birth) is overdue for Klarna.",
            id="two entries of a group, one overdue for Klarna",
        ),
        pytest.param(
            [
                due(f"{BIRTHDAY}.day", ["card_payments"], "past_due"),
                due(f"{BIRTHDAY}.month", ["klarna_payments"], "past_due"),
            ],
            "OVERDUE",
            "Card payments and payouts work, but one item (Date of birth) is overdue and needed to keep card "
            "payments working.",
            id="two overdue entries of a group",
        ),
        pytest.param(
            [due(f"{BIRTHDAY}.day", ["card_payments"]), due(f"{BIRTHDAY}.month", ["klarna_payments"])],
            "SOON",
            "Card payments and payouts work, but one item (Date of birth) is needed to keep card payments "
            "working.",
            id="two needed entries of a group",
        ),
    ],
)
def test_each_group_is_named_in_one_sentence_that_fits_its_urgency(
    entries: list[Json], urgency: str, sentences: str
) -> None:
    document = derived(with_klarna(account(ACTIVE, ACTIVE, *entries), ACTIVE), WORKED).document
    (group,) = document["requirements"]["groups"]
    assert (group["urgency"], document["summary"]) == (urgency, sentences)


@pytest.mark.parametrize(
    ("cards", "payouts", "worked", "deadlines", "sentences"),
    [
        (
            *(ACTIVE, PAST_DUE, True, {"card_payments": "past_due", BALANCE: "past_due"}),
            (
                "Card payments work, but payouts are on hold: one item (Email address) is overdue and "
                "needed. One item (Bank account for payouts) is needed for payouts."
            ),
        ),
        (
            *(PAST_DUE, ACTIVE, True, {"card_payments": "currently_due", BALANCE: "past_due"}),
            (
                "Card payments are paused: one item (Email address) is overdue and needed to resume them. "
                "One item (Bank account for payouts) is needed for payouts."
            ),
        ),
        (
            *(PAST_DUE, ACTIVE, False, {"card_payments": "currently_due", BALANCE: "past_due"}),
            (
                "One item (Email address) is overdue and needed before card payments can start. "
                "One item (Bank account for payouts) is needed for payouts."
            ),
        ),
    ],
)
def test_a_group_that_is_overdue_for_another_capability_reads_as_overdue(
    cards: Json, payouts: Json, worked: bool, deadlines: dict[str, str], sentences: str
) -> None:
    entries = for_each(EMAIL, **deadlines), due("external_account", [BALANCE])
    assert summary_of(facts_of(account(cards, payouts, *entries), ever_active=worked)) == sentences


def test_a_group_that_is_overdue_for_another_configuration_reads_as_overdue() -> None:
    entry = for_each(EMAIL, klarna_payments="currently_due", transfers="past_due")
    entry["impact"]["restricts_capabilities"][1]["configuration"] = "recipient"
    answer = with_klarna(account(ACTIVE, ACTIVE, entry), ACTIVE)
    answer["configuration"]["recipient"] = {"capabilities": {"transfers": ACTIVE}}
    assert derived(answer, WORKED).document["summary"] == (
        "Card payments and payouts work. Stripe also asks for one item (Email address), which is overdue."
    )
