"""The sentences and structured changes of timeline entries."""

import re

import pytest
from hypothesis import given

from connect.merchants.mirror.timeline import Change, changes
from connect.merchants.rules.history import Difference, differences, sentence
from connect.merchants.rules.messages import Audience
from tests.connect.merchants.rules.situations import BANK, facts_of
from tests.connect.merchants.rules.stripe_answers import (
    ACTIVE,
    DOCUMENT,
    IN_REVIEW,
    PAST_DUE,
    Json,
    account,
    any_account,
    capability,
    deterministic,
    entry,
    section,
)

BIRTHDAY = [
    entry(f"identity.individual.date_of_birth.{part}", person="person_1") for part in ("day", "month")
]
LISTED = capability("rejected", "rejected_listed", "contact_stripe")
HOLD = entry("interv_1.sanctions_review.notice")


def told(change: Change, audience: Audience = Audience.PLATFORM) -> str | None:
    return sentence(change.kind.value, change.before, change.after, audience)


def sentences(before: Json | None, after: Json, audience: Audience = Audience.PLATFORM) -> list[str | None]:
    return [told(change, audience) for change in changes(facts_of(before), facts_of(after))]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            None,
            account(PAST_DUE, PAST_DUE, *BIRTHDAY, BANK),
            [
                "Now restricted: Card payments and Payouts.",
                "Stripe asks for: Bank account for payouts and Date of birth.",
                'The status changed from "Being created" to "Information needed".',
            ],
        ),
        (
            account(PAST_DUE, PAST_DUE, *BIRTHDAY, BANK),
            account(IN_REVIEW, PAST_DUE, entry(DOCUMENT, awaiting="stripe"), BANK),
            [
                "Now in review: Card payments.",
                "Stripe reviews: Photo of an official ID. Settled: Date of birth.",
                'The status changed from "Information needed" to "In review".',
            ],
        ),
        (
            account(IN_REVIEW, IN_REVIEW, entry(DOCUMENT, awaiting="stripe")),
            account(PAST_DUE, IN_REVIEW, entry(DOCUMENT, error="verification_document_expired")),
            [
                "Now restricted: Card payments.",
                "Stripe could not verify: Photo of an official ID.",
                'The status changed from "In review" to "Information needed".',
            ],
        ),
        (
            account(ACTIVE, ACTIVE, requirements=section(BANK, time="2026-03-01T00:00:00.000Z")),
            account(ACTIVE, ACTIVE, requirements=section(BANK, time="2026-04-01T00:00:00.000Z")),
            ["Changed: Deadline."],
        ),
        (
            account(PAST_DUE, None),
            account(capability("restricted", "restricted_other"), None),
            ["Reasons changed: Card payments."],
        ),
    ],
)
def test_changes_are_described_in_sentences(before: Json | None, after: Json, expected: list[str]) -> None:
    assert sentences(before, after) == expected


def test_a_sentence_names_three_titles_and_counts_the_others() -> None:
    names = ("email", "phone", "given_name", "surname", "address.city")
    entries = [entry(f"identity.individual.{name}") for name in names]
    assert sentences(account(PAST_DUE, PAST_DUE), account(PAST_DUE, PAST_DUE, *entries)) == [
        "Stripe asks for: Home address, Email address, Legal first name and 2 more."
    ]


def test_changed_details_are_named() -> None:
    found = list(changes(facts_of(account(ACTIVE, ACTIVE)), facts_of(account(ACTIVE, ACTIVE)), OLD, NEW))
    assert [told(change) for change in found] == ["Changed: Account settings and Name."]
    assert differences(found[0].kind.value, found[0].before, found[0].after, Audience.PLATFORM) == [
        Difference("defaults", "Account settings", None, None),
        Difference("displayName", "Name", "Shop", "Store"),
    ]


OLD = {"displayName": "Shop", "defaults": {"currency": "usd"}}
NEW = {"displayName": "Store", "defaults": {"currency": "eur"}}


def test_changes_are_structured() -> None:
    first, second, third = changes(
        facts_of(account(PAST_DUE, PAST_DUE, *BIRTHDAY[:1])), facts_of(account(ACTIVE, ACTIVE))
    )
    assert differences(first.kind.value, first.before, first.after, Audience.PLATFORM) == [
        Difference("card_payments", "Card payments", "restricted", "active"),
        Difference("stripe_balance.payouts", "Payouts", "restricted", "active"),
    ]
    key = "identity.individual.date_of_birth.day (person_1)"
    assert differences(second.kind.value, second.before, second.after, Audience.PLATFORM) == [
        Difference(key, "Date of birth", "open", None)
    ]
    assert differences(third.kind.value, third.before, third.after, Audience.PLATFORM) == [
        Difference("status", "Status", "ACTION_REQUIRED", "ACTIVE")
    ]


def test_merchants_read_neutral_words_in_their_history() -> None:
    before, after = account(ACTIVE, ACTIVE), account(LISTED, LISTED, HOLD)
    assert "Stripe reviews: Sanctions review." in sentences(before, after)
    assert "Stripe reviews: Review by Stripe." in sentences(before, after, Audience.MERCHANT)
    found = [
        difference
        for change in changes(facts_of(before), facts_of(after))
        for difference in differences(change.kind.value, change.before, change.after, Audience.MERCHANT)
    ]
    assert not re.search("sanction|listed", str(found))


@deterministic
@given(any_account, any_account)
def test_a_sentence_about_any_change_withholds_reasons_from_merchants(before: Json, after: Json) -> None:
    """The rules build no sentence for entries about a closing or a disconnection."""
    for change in changes(facts_of(before), facts_of(after)):
        for audience in Audience:
            text = told(change, audience)
            if change.kind.value in {"CLOSED", "DISCONNECTED"}:
                assert text is None
                continue
            assert text is not None
            assert text.endswith(".")
        found = differences(change.kind.value, change.before, change.after, Audience.MERCHANT)
        assert not re.search("fraud|sanction|(?<![a-z])listed", f"{text} {found}")


def test_a_change_of_the_subscription_is_shown_with_titles() -> None:
    before, after = {"status": "ACTIVE", "access": "FULL"}, {"status": "PAST_DUE", "access": "GRACE"}
    # The rules build no sentence for this kind of entry, so readers see the stored sentence.
    assert sentence("SERVICE_CHANGED", before, after, Audience.MERCHANT) is None
    assert differences("SERVICE_CHANGED", before, after, Audience.MERCHANT) == [
        Difference("access", "Access to the platform's product", "FULL", "GRACE"),
        Difference("status", "Status of the subscription", "ACTIVE", "PAST_DUE"),
    ]
