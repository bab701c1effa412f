import random

import pytest

from connect.merchants.rules.account.requirements import Subject, alternatives, ordered, subject
from connect.merchants.rules.account.sections import Entry, Requirements, requirements
from connect.merchants.rules.account.snapshot import MAX_NESTED
from tests.connect.merchants.rules.stripe_answers import DOCUMENT, TERMS, entry, section


def read(*entries: dict[str, object]) -> tuple[Entry, ...]:
    return requirements(section(*entries)).entries


IN_ORDER = read(
    entry("z.failed", error="invalid_value_other", deadline="eventually_due"),
    entry("b.key"),
    entry("c.key", person="person_1"),
    entry("c.key", person="person_2"),
    entry("a.key", deadline="currently_due"),
    entry("a.later", deadline="eventually_due"),
    entry("a.new_deadline", deadline="a_new_word"),
    entry("a.new_party", deadline="currently_due", awaiting="a_new_word"),
    entry("z.review", awaiting="stripe", error="invalid_value_other"),
    entry("a.review", awaiting="stripe"),
)


def test_requirements_are_sorted_by_party_errors_deadline_and_key() -> None:
    shuffled = list(IN_ORDER)
    for seed in range(20):
        random.Random(seed).shuffle(shuffled)
        assert ordered(shuffled) == list(IN_ORDER)


@pytest.mark.parametrize(
    ("key", "reference", "about"),
    [
        (TERMS, None, Subject.TERMS_OF_SERVICE),
        ("identity.attestations.terms_of_service.account.ip", None, Subject.TERMS_OF_SERVICE),
        ("tos_acceptance.date", None, Subject.TERMS_OF_SERVICE),
        ("external_account", None, Subject.BANK_ACCOUNT),
        ("external_account.documents", None, Subject.BANK_ACCOUNT),
        (
            "identity.business_details.documents.bank_account_ownership_verification.files",
            None,
            Subject.BANK_ACCOUNT,
        ),
        ("a.new.key", "payment_method", Subject.BANK_ACCOUNT),
        ("identity.individual.given_name", "person", Subject.PERSON),
        ("a.new.key", "person", Subject.PERSON),
        ("person_1QxA.first_name", None, Subject.PERSON),
        ("representative.dob.day", None, Subject.PERSON),
        ("relationship.owner", None, Subject.PERSON),
        ("identity.individual.given_name", None, Subject.PERSON),
        ("identity.business_details.registered_name", None, Subject.ACCOUNT),
        ("configuration.merchant.mcc", None, Subject.ACCOUNT),
        ("defaults.profile.business_url", None, Subject.ACCOUNT),
        ("business_profile.mcc", None, Subject.ACCOUNT),
        ("company.tax_id", None, Subject.ACCOUNT),
        ("interv_1Qx.form", "inquiry", Subject.OTHER),
        ("a.new.key", "a_new_word", Subject.OTHER),
    ],
)
def test_the_key_or_the_reference_determines_the_subject(
    key: str, reference: str | None, about: Subject
) -> None:
    assert subject(Entry(key, "user", "past_due", reference_type=reference)) is about


def test_alternatives_are_grouped_by_the_key_of_their_requirement() -> None:
    url, description = "defaults.profile.business_url", "defaults.profile.product_description"
    groups = [
        {"entries": [entry(DOCUMENT), entry(description, error="invalid_value_other")]},
        {"entries": [entry(description)]},
    ]
    original = [{"description": url}, {"description": url}]
    parsed = requirements(
        section(entry(url), entry(TERMS), alternatives=[{"original_entries": original, "options": groups}])
    )
    assert {
        identity: [[e.key for e in group] for group in options]
        for identity, options in alternatives(parsed).items()
    } == {(url, None, None): [[description, DOCUMENT], [description]]}


def test_a_requirement_has_a_limited_number_of_alternatives() -> None:
    option = {"entries": [entry(DOCUMENT)]}
    alternative = {"original_entries": [{"description": TERMS}], "options": [option] * 4}
    parsed = requirements(section(entry(TERMS), alternatives=[alternative] * 4))
    assert len(alternatives(parsed)[TERMS, None, None]) == MAX_NESTED
    assert alternatives(Requirements()) == {}
