"""Titles, explanations and remedies in words for merchants and for staff."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from connect.merchants import wording
from connect.merchants.rules.messages import Audience
from connect.merchants.wording import Wording
from connect.merchants.wording.account import ACCOUNT
from connect.merchants.wording.business import BUSINESS
from connect.merchants.wording.capabilities import CAPABILITY_DETAILS
from connect.merchants.wording.errors import ERRORS
from connect.merchants.wording.people import PERSON, ROLES
from connect.merchants.wording.refusals import REFUSALS
from connect.merchants.wording.requirements import UNKNOWN_HELP, UNKNOWN_TITLE
from connect.merchants.wording.sentences import SENTENCES
from testing.processes import ROOT

WORDINGS = {*PERSON.values(), *BUSINESS.values(), *ACCOUNT.values()}


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("identity.individual.given_name", "Legal first name"),
        ("identity.individual.surname", "Legal last name"),
        ("identity.individual.date_of_birth.day", "Date of birth"),
        ("identity.individual.address.postal_code", "Home address"),
        ("identity.individual.id_numbers", "Personal ID or tax number"),
        ("identity.individual.id_numbers.us_ssn_last_4", "Last 4 digits of the Social Security number"),
        ("identity.individual.documents.primary_verification.front_back.front", "Photo of an official ID"),
        ("identity.individual.verification.proof_of_liveness", "Selfie check"),
        ("identity.business_details.registered_name", "Legal business name"),
        ("identity.business_details.address.line1", "Business address"),
        ("identity.business_details.id_numbers", "Tax or registration number of the business"),
        ("identity.business_details.id_numbers.us_ein", "Employer identification number (EIN)"),
        ("identity.business_details.id_numbers[].registrar", "Business register"),
        ("identity.business_details.annual_revenue.amount", "Yearly revenue"),
        ("identity.business_details.annual_revenue.fiscal_year_end", "End of the financial year"),
        ("identity.business_details.documents.proof_of_registration.files", "Proof of registration"),
        ("identity.attestations.terms_of_service.account.date", "Stripe's terms of service"),
        ("identity.attestations.persons_provided.owners", "All owners added"),
        ("identity.entity_type", "Type of business"),
        ("configuration.merchant.mcc", "Business category"),
        ("configuration.merchant.statement_descriptor.descriptor", "Name on card statements"),
        ("configuration.merchant.support.phone", "Customer support phone"),
        ("configuration.recipient.default_outbound_destination", "Bank account for payouts"),
        ("defaults.profile.business_url", "Website"),
        ("defaults.profile.product_description", "Description of products or services"),
        ("external_account", "Bank account for payouts"),
        ("representative.given_name", "Legal first name"),
        ("identity.representative.documents.primary_verification", "Photo of an official ID"),
        ("relationship.representative", "Representative of the business"),
        # Keys from API v1.
        ("company.tax_id", "Business tax number"),
        ("company.owners_provided", "All owners added"),
        ("company.verification.document", "Document about the business"),
        ("business_profile.url", "Website"),
        ("individual.dob.year", "Date of birth"),
        ("individual.ssn_last_4", "Last 4 digits of the Social Security number"),
        ("person_1L7ig9J55MyFu.verification.additional_document", "Proof of home address"),
        ("person_1L7ig9J55MyFu.relationship.percent_ownership", "Share of the business owned"),
        ("documents.company_license.files", "Business permit"),
        ("tos_acceptance.ip", "Stripe's terms of service"),
        ("interv_abc123.sanctions_review.form", "Sanctions review"),
        ("interv_abc123.sanctions_review.support", "Message to Stripe support"),
        ("interv_abc123.other_supportability_inquiry.support", "Message to Stripe support"),
        ("interv_abc123.supportability_rejection_appeal.support", "Appeal against a decision"),
        ("interv_abc123.something_new.form", "Questions from Stripe"),
    ],
)
def test_a_requirement_has_a_title_that_merchants_understand(key: str, title: str) -> None:
    requirement = wording.requirement(key)
    assert requirement.title == title
    assert requirement.help != UNKNOWN_HELP


def test_a_requirement_has_a_help_text() -> None:
    assert wording.requirement("identity.individual.date_of_birth.day") == Wording(
        "Date of birth",
        "Enter the day, month and year as on a passport or other official ID. "
        "The date confirms the person's identity.",
    )


@pytest.mark.parametrize(
    "keys",
    [
        ["identity.individual.date_of_birth.day", "person_1Abc.date_of_birth.month", "individual.dob.year"],
        ["identity.business_details.address.line1", "company.address.city", "company.address.postal_code"],
        [
            "identity.individual.documents.primary_verification.front_back.front",
            "identity.individual.documents.primary_verification.front_back.back",
            "person_1Abc.documents.primary_verification",
            "individual.verification.document.front",
        ],
        ["identity.attestations.terms_of_service.account.date", "tos_acceptance.ip"],
    ],
)
def test_different_keys_for_the_same_information_have_the_same_wording(keys: list[str]) -> None:
    assert len({wording.requirement(key) for key in keys}) == 1


def test_the_help_text_names_the_role_in_the_key() -> None:
    owner, director = wording.requirement("owners.dob.day"), wording.requirement("directors.dob.day")
    assert owner.title == director.title == "Date of birth"
    assert owner.help is not None
    assert owner.help.endswith(" This is about each owner of the business.")
    assert director.help is not None
    assert director.help.endswith(" This is about each director of the business.")


def test_a_missing_owner_and_the_role_of_an_owner_have_different_titles() -> None:
    assert wording.requirement("relationship.owner").title == "Owners of the business"
    assert wording.requirement("person_1Abc.relationship.owner").title == "Role as owner"


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("some.path.tax_reference", "Tax reference"),
        ("identity.business_details.documents.trade_certificate.files", "Trade certificate"),
        ("identity.individual.favourite_color", "Favourite color"),
        ("representative.shoe.number", "Shoe number"),
        ("person_1Abc.shoe_size", "Shoe size"),
        ("owners[0].pets[2].name", "Pets name"),
        ("a.date", "A"),
        ("date", "Date"),
        ("", UNKNOWN_TITLE),
        ("...", UNKNOWN_TITLE),
        ("[]", UNKNOWN_TITLE),
        ("___", UNKNOWN_TITLE),
    ],
)
def test_an_unknown_key_gets_a_readable_title(key: str, title: str) -> None:
    requirement = wording.requirement(key)
    assert requirement.title == title
    assert requirement.help is not None
    assert requirement.help.startswith(UNKNOWN_HELP)


@pytest.mark.parametrize(
    ("code", "explanation"),
    [
        ("verification_document_expired", "The document has expired. Upload one that is still valid."),
        (
            "invalid_url_website_inaccessible",
            "Stripe could not open the website. Check the address and make sure that the site is online.",
        ),
        (
            "verification_document_missing_back",
            "The back of the document is missing. Upload both sides.",
        ),
        (
            "verification_document_name_mismatch",
            (
                "The name on the document differs from the one you entered. "
                "Correct the name, or upload a document with that name."
            ),
        ),
        # Codes that Stripe does not have yet.
        (
            "verification_document_upside_down",
            "The document was not accepted. Upload another one, complete and easy to read.",
        ),
        (
            "verification_failed_moon_phase",
            "Stripe could not confirm this. Correct the details, or upload a document.",
        ),
        (
            "verification_missing_pets",
            "A person or a detail is still missing. Open the form and add it.",
        ),
        ("invalid_shoe_size", "This entry could not be used. Check it for mistakes and enter it again."),
        (
            "invalid_address_moon",
            "The address could not be used. Check it and enter a street address.",
        ),
        ("unresolvable_planet", "This entry was not found. Check it for typing mistakes."),
        ("", "Stripe could not accept this. Open the form for details."),
    ],
)
def test_an_error_has_a_reason_and_a_remedy(code: str, explanation: str) -> None:
    assert wording.requirement_error(code) == explanation


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("card_payments", "Card payments"),
        ("stripe_balance.payouts", "Payouts"),
        ("sepa_debit_payments", "Euro direct debits (SEPA)"),
        ("ideal_payments", "iDEAL"),
        ("moon_pay_payments", "Moon pay"),
        ("space.moon_transfers", "Moon transfers"),
        ("_payments", "Another service"),
        ("", "Another service"),
    ],
)
def test_a_capability_has_a_name(name: str, title: str) -> None:
    assert wording.capability(name) == title


@pytest.mark.parametrize(
    ("code", "for_platform", "for_merchant"),
    [
        (
            "requirements_past_due",
            "Stripe still needs information from the merchant.",
            "Stripe still needs information from you. Provide the required information to turn this on.",
        ),
        (
            "rejected_for_fun",
            "Stripe turned this off. Contact Stripe support to learn why.",
            "Stripe turned this off. Contact Stripe support to learn why.",
        ),
        (
            "unsupported_planet",
            "Stripe does not offer this for this business.",
            "Stripe does not offer this for your business.",
        ),
        (
            "new",
            "This is limited for now. The form or Stripe support can tell more.",
            "This is limited for now. The form or Stripe support can tell more.",
        ),
    ],
)
def test_a_status_detail_is_explained_to_its_reader(code: str, for_platform: str, for_merchant: str) -> None:
    assert wording.capability_detail(code, Audience.PLATFORM) == for_platform
    assert wording.capability_detail(code, Audience.MERCHANT) == for_merchant


DETAILS = {
    (code, audience): wording.capability_detail(code, audience)
    for code in CAPABILITY_DETAILS
    for audience in Audience
}


SENTENCES_OF = {
    (key, audience): text[list(Audience).index(audience)] if isinstance(text, tuple) else text
    for key, text in SENTENCES.items()
    for audience in Audience
}


@pytest.mark.parametrize("texts", [DETAILS, SENTENCES_OF])
def test_each_text_addresses_its_reader(texts: dict[tuple[str, Audience], str]) -> None:
    for (_, audience), text in texts.items():
        wrong = r"\b(?:you|your)\b" if audience is Audience.PLATFORM else r"\bthe merchants?\b"
        assert not re.search(wrong, text, re.IGNORECASE)


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("identity_country_required", "Send `country`."),
        (
            "connect_profile_not_submitted",
            "Fill in and submit the platform profile in the Stripe Dashboard, under the settings of Connect.",
        ),
        (
            "tos_acceptance_on_behalf_not_allowed",
            "Leave the acceptance of the terms out of the account token: Stripe's form collects it.",
        ),
        ("something_new", None),
        ("", None),
    ],
)
def test_a_known_refusal_has_a_remedy_and_an_unknown_one_has_none(code: str, advice: str | None) -> None:
    assert wording.refusal(code) == advice


def test_wordings_are_short_and_well_formed() -> None:
    for words in WORDINGS:
        assert re.fullmatch(r"\S.{0,58}\S", words.title), words
        assert words.title[0].isupper(), words
        assert not words.title.endswith("."), words
        assert words.help is not None, words
        assert words.help.endswith("."), words
        assert len(words.help) <= 140, words
        assert "_" not in words.title + words.help, words


def test_explanations_are_one_or_two_sentences() -> None:
    for text in {*ERRORS.values(), *DETAILS.values(), *ROLES.values()}:
        assert text[0].isupper(), text
        assert text.endswith("."), text
        assert len(re.findall(r"[.?!](?= |$)", text)) <= 2, text
        assert len(text) <= 180, text
        assert "_" not in text, text


def test_a_remedy_is_one_sentence() -> None:
    for text in REFUSALS.values():
        assert text[0].isupper(), text
        assert text.endswith("."), text
        assert re.findall(r"[.?!] ", text) == [], text


# Parts of Stripe's requests that do not occur in the inputs of this API.
REQUEST_PARTS = re.compile(
    r"identity\.|configuration`|defaults\.|entity_type|losses_collector|fees_collector|`dashboard`"
    r"|responsibilities`|`structure`|`mcc`|`type`|\bSend an? (?:address|date|time|phone|postal|state|town)"
)


def test_a_remedy_names_no_part_of_stripes_request() -> None:
    assert [text for text in REFUSALS.values() if REQUEST_PARTS.search(text)] == []


def test_a_remedy_names_only_inputs_settings_and_mutations_that_exist() -> None:
    text = "\n".join(REFUSALS.values())
    schema = (ROOT / "schema.graphql").read_text(encoding="utf-8")
    settings = (ROOT / ".env.example").read_text(encoding="utf-8")
    for name in re.findall(r"`(\w+)`|\b((?:create|update|refresh|close)[A-Z]\w+)", text):
        assert re.search(rf"\b{''.join(name)}\b", schema), name
    for name in re.findall(r"CONNECTQL_\w+", text):
        assert name in settings


KEYS = st.text(max_size=300) | st.lists(
    st.sampled_from(
        [
            *("identity", "individual", "business_details", "attestations", "company", "documents"),
            *("representative", "owners", "person_1Abc", "interv_1", "relationship", "address", "files"),
            *("", " ", "[0]", "7", "_", "name", "tax_id", "é", "\x00", "x" * 90),
        ]
    ),
    max_size=6,
).map(".".join)


@given(KEYS)
@example("identity")
@example("identity.representative")
@example("person_1Abc")
@example("x" * 10_000)
@example("ß" * 60)
def test_any_key_has_a_title_within_the_limit(key: str) -> None:
    requirement = wording.requirement(key)
    assert 0 < len(requirement.title) <= 60
    assert requirement.title == requirement.title.strip()
    assert requirement.help
    assert wording.requirement(key) == requirement


@given(st.text(max_size=300))
@example("ß" * 60)
def test_any_code_and_any_name_has_a_text(text: str) -> None:
    assert wording.requirement_error(text).endswith(".")
    assert wording.capability_detail(text, Audience.MERCHANT).endswith(".")
    assert 0 < len(wording.capability(text)) <= 60
    assert wording.refusal(text) in {None, *REFUSALS.values()}
