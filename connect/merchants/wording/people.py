"""Requirements about a person: a sole trader, or an owner or manager of a company.

The texts say "this person", because a key can concern the reader or another person. The keys come from both
versions of Stripe's API, such as `given_name` and `first_name`.
"""

from types import MappingProxyType

from connect.merchants.wording.id_numbers import PERSON_NUMBERS
from connect.merchants.wording.words import Wording

_FIRST_NAME = Wording(
    "Legal first name", "Enter the first name exactly as on a passport or other official ID."
)
_LAST_NAME = Wording("Legal last name", "Enter the last name exactly as on a passport or other official ID.")
_FIRST_NAME_KANA = Wording("First name in kana", "Enter the first name in kana characters.")
_FIRST_NAME_KANJI = Wording("First name in kanji", "Enter the first name in kanji, as on official documents.")
_LAST_NAME_KANA = Wording("Last name in kana", "Enter the last name in kana characters.")
_LAST_NAME_KANJI = Wording("Last name in kanji", "Enter the last name in kanji, as on official documents.")
_NAME_KANA = Wording("Name in kana", "Enter the full name in kana characters.")
_NAME_KANJI = Wording("Name in kanji", "Enter the full name in kanji, as on official documents.")
_OTHER_NAMES = Wording(
    "Other names",
    "Enter other names this person uses or used, such as a birth name. They help confirm the identity.",
)
_DATE_OF_BIRTH = Wording(
    "Date of birth",
    "Enter the day, month and year as on a passport or other official ID. "
    "The date confirms the person's identity.",
)
_ADDRESS = Wording(
    "Home address", "Enter the street, city and postal code of this person's home, not a PO box."
)
_ADDRESS_KANA = Wording("Home address in kana", "Enter the home address in kana characters.")
_ADDRESS_KANJI = Wording("Home address in kanji", "Enter the home address in kanji characters.")
_REGISTERED_ADDRESS = Wording(
    "Registered address", "Enter the address under which this person is registered with the authorities."
)
_ID_NUMBER = Wording(
    "Personal ID or tax number",
    "Enter the official number of this person. The form names the number for your country.",
)
_SECOND_ID_NUMBER = Wording(
    "Second ID number", "Enter the other number on this person's ID. The form shows where to find it."
)
_NATIONALITY = Wording("Nationality", "Choose every country of which this person is a citizen.")
_GENDER = Wording("Gender on official ID", "Choose the gender on this person's official ID.")
_PHOTO_ID = Wording(
    "Photo of an official ID",
    "Upload clear photos of a passport, ID card or other official photo ID: front and back, if it has "
    "two sides.",
)
_PROOF_OF_ADDRESS = Wording(
    "Proof of home address",
    "Upload a recent bill, bank statement or official letter with this person's name and home address.",
)
_SELFIE = Wording(
    "Selfie check",
    "Take a selfie and a photo of an official ID in the form. Stripe compares the two.",
)
_AUTHORIZATION = Wording(
    "Letter of authority", "Upload a signed letter that allows this person to act for the business."
)
_PASSPORT = Wording("Passport", "Upload a clear photo or scan of the page with the name and photo.")
_VISA = Wording(
    "Visa or residence permit", "Upload a document that allows this person to live in the country."
)
_PUBLIC_OFFICE = Wording(
    "Public office",
    "State whether this person, a close relative or an associate holds high public office. "
    "The law requires this.",
)
_TERMS = Wording("Additional terms", "This person has to read and accept additional terms in the form.")
_SURVEY = Wording(
    "Survey for US regulators", "Answer the questions in the form. This person may decline to answer."
)

PERSON = MappingProxyType(
    {
        "": Wording("Details of a person", "Enter the details of this person in the form."),
        "name": Wording("Legal name", "Enter the full name exactly as on a passport or other official ID."),
        "given_name": _FIRST_NAME,
        "first_name": _FIRST_NAME,
        "surname": _LAST_NAME,
        "last_name": _LAST_NAME,
        "script_names.kana": _NAME_KANA,
        "script_names.kana.given_name": _FIRST_NAME_KANA,
        "script_names.kana.surname": _LAST_NAME_KANA,
        "script_names.kanji": _NAME_KANJI,
        "script_names.kanji.given_name": _FIRST_NAME_KANJI,
        "script_names.kanji.surname": _LAST_NAME_KANJI,
        "first_name_kana": _FIRST_NAME_KANA,
        "first_name_kanji": _FIRST_NAME_KANJI,
        "last_name_kana": _LAST_NAME_KANA,
        "last_name_kanji": _LAST_NAME_KANJI,
        "additional_names": _OTHER_NAMES,
        "full_name_aliases": _OTHER_NAMES,
        "maiden_name": Wording(
            "Birth name", "Enter the last name this person had at birth, if it was different."
        ),
        "date_of_birth": _DATE_OF_BIRTH,
        "dob": _DATE_OF_BIRTH,
        "email": Wording("Email address", "Enter an email address that this person reads."),
        "phone": Wording("Phone number", "Enter a phone number with country code for this person."),
        "address": _ADDRESS,
        "script_addresses.kana": _ADDRESS_KANA,
        "script_addresses.kanji": _ADDRESS_KANJI,
        "address_kana": _ADDRESS_KANA,
        "address_kanji": _ADDRESS_KANJI,
        "additional_addresses": _REGISTERED_ADDRESS,
        "registered_address": _REGISTERED_ADDRESS,
        "id_numbers": _ID_NUMBER,
        "id_number": _ID_NUMBER,
        "id_number_secondary": _SECOND_ID_NUMBER,
        "ssn_last_4": PERSON_NUMBERS["id_numbers.us_ssn_last_4"],
        **PERSON_NUMBERS,
        "nationalities": _NATIONALITY,
        "nationality": _NATIONALITY,
        "legal_gender": _GENDER,
        "gender": _GENDER,
        "political_exposure": _PUBLIC_OFFICE,
        "documents.primary_verification": _PHOTO_ID,
        "documents.secondary_verification": _PROOF_OF_ADDRESS,
        "documents.company_authorization": _AUTHORIZATION,
        "documents.passport": _PASSPORT,
        "documents.visa": _VISA,
        "verification": Wording("Confirmation of identity", "Confirm this person's identity in the form."),
        "verification.document": _PHOTO_ID,
        "verification.additional_document": _PROOF_OF_ADDRESS,
        "verification.proof_of_liveness": _SELFIE,
        "proof_of_liveness": _SELFIE,
        "relationship": Wording("Role in the business", "Describe this person's role in the business."),
        "relationship.authorizer": Wording(
            "Right to authorize others",
            "State whether this person may authorize someone else to act for the business.",
        ),
        "relationship.director": Wording(
            "Role as director", "State whether this person is a director of the business."
        ),
        "relationship.executive": Wording(
            "Role in management", "State whether this person runs the business or makes its main decisions."
        ),
        "relationship.legal_guardian": Wording(
            "Role as legal guardian",
            "State whether this person is the parent or guardian of a representative under 18.",
        ),
        "relationship.owner": Wording(
            "Role as owner",
            "State whether this person owns a large share of the business, usually 25% or more.",
        ),
        "relationship.percent_ownership": Wording(
            "Share of the business owned", "Enter the percentage of the business that this person owns."
        ),
        "relationship.representative": Wording(
            "Role as representative",
            "State whether this person opens and manages the account for the business.",
        ),
        "relationship.title": Wording(
            "Job title", "Enter this person's position in the business, such as owner or managing director."
        ),
        "additional_terms_of_service": _TERMS,
        "additional_tos_acceptances": _TERMS,
        "us_cfpb_data": _SURVEY,
    }
)

# A requirement whose key starts with a role concerns the person in that role.
ROLES = MappingProxyType(
    {
        "representative": "This is about the person who represents the business.",
        "owners": "This is about each owner of the business.",
        "directors": "This is about each director of the business.",
        "executives": "This is about each person who runs the business.",
        "authorizer": "This is about the person who authorizes the representative.",
        "legal_guardian": "This is about the parent or guardian of the representative.",
    }
)

_LABELS = MappingProxyType(
    {
        "ACCOUNT_HOLDER": "Account holder",
        "REPRESENTATIVE": "Representative",
        "OWNER": "Owner",
        "DIRECTOR": "Director",
        "EXECUTIVE": "Manager",
        "AUTHORIZER": "Authorizer",
        "LEGAL_GUARDIAN": "Legal guardian",
    }
)


def person_label(role: str | None) -> str:
    """The title for a person in this role."""
    return _LABELS.get(role or "", "Person behind the business")
