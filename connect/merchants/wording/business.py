"""Requirements about a business, with the keys of both versions of Stripe's API."""

from types import MappingProxyType

from connect.merchants.wording.id_numbers import BUSINESS_NUMBERS
from connect.merchants.wording.words import Wording

_LEGAL_NAME = Wording(
    "Legal business name",
    "Enter the full name exactly as on the tax or registration document of the business.",
)
_NAME_KANA = Wording(
    "Legal business name in kana", "Enter the legal name of the business in kana characters."
)
_NAME_KANJI = Wording(
    "Legal business name in kanji", "Enter the legal name of the business in kanji, as registered."
)
_ADDRESS = Wording(
    "Business address", "Enter the street, city and postal code of the business, not a PO box."
)
_ADDRESS_KANA = Wording("Business address in kana", "Enter the business address in kana characters.")
_ADDRESS_KANJI = Wording("Business address in kanji", "Enter the business address in kanji characters.")
_OTHER_ADDRESS = Wording(
    "Other business addresses",
    "Enter the address where the business is managed or mainly operates, if it is different.",
)
_TAX_NUMBER = Wording(
    "Business tax number", "Enter the number exactly as on a letter or certificate from the tax office."
)
_REGISTER_NUMBER = Wording(
    "Business registration number",
    "Enter the number exactly as on the registration certificate of the business.",
)
_VAT_NUMBER = Wording(
    "VAT number", "Enter the number exactly as on the VAT certificate or on an invoice of the business."
)
_REGISTRAR = Wording("Business register", "Choose the court or office at which the business is registered.")
_REGISTRATION_DATE = Wording(
    "Date of registration",
    "Enter the date of registration, as on the registration certificate of the business.",
)
_STRUCTURE = Wording(
    "Legal form of the business", "Choose the legal form, such as limited company, partnership or non-profit."
)
_YEARLY_REVENUE = Wording("Yearly revenue", "Enter the revenue of the business in its last financial year.")
_YEAR_END = Wording(
    "End of the financial year", "Enter the last day of the financial year for which you enter the revenue."
)
_MONTHLY_REVENUE = Wording(
    "Expected monthly revenue", "Enter the approximate revenue of the business in a month."
)
_WORKERS = Wording("Number of workers", "Enter the approximate number of people who work for the business.")
_DIRECTORS_DECLARATION = Wording(
    "Confirmation of the directors", "Confirm in the form that the list of directors is complete and correct."
)
_OWNERS_DECLARATION = Wording(
    "Confirmation of the owners", "Confirm in the form that the list of owners is complete and correct."
)
_REPRESENTATIVE_DECLARATION = Wording(
    "Confirmation of the representative", "Confirm in the form that you may act for the business."
)
_ALL_DIRECTORS = Wording("All directors added", "Add every director, then confirm that none is missing.")
_ALL_EXECUTIVES = Wording(
    "All managers added", "Add everyone who runs the business, then confirm that none is missing."
)
_ALL_OWNERS = Wording(
    "All owners added",
    "Add everyone who owns a large share, usually 25% or more, then confirm that none is missing.",
)
_NO_OWNERS = Wording(
    "Reason for not naming owners", "If the business is exempt from naming its owners, choose the reason."
)
_DOCUMENT = Wording(
    "Document about the business",
    "Upload an official document with the business's name and address: front and back, if it has two sides.",
)
_BANK_PROOF = Wording(
    "Proof of bank account",
    "Upload a bank statement or a letter from the bank that shows the account number and the name of its "
    "holder.",
)
_LICENSE = Wording(
    "Business permit", "Upload the permit that allows the business to operate in its industry."
)
_FOUNDING = Wording(
    "Founding document",
    "Upload the memorandum of association, the document by which the business was founded.",
)
_DECREE = Wording(
    "Ministerial decree", "Upload the decree by which a ministry allowed the business to be founded."
)
_REGISTRATION = Wording(
    "Proof of registration", "Upload a current certificate or extract from the business register."
)
_TAX_PROOF = Wording(
    "Proof of tax number",
    "Upload a letter or certificate from the tax office that shows the name and tax number.",
)
_ADDRESS_PROOF = Wording(
    "Proof of business address",
    "Upload a recent bill, bank statement or official letter with the name and address.",
)
_PRESENCE_PROOF = Wording(
    "Proof of the place of business", "Upload a document or photo that shows where the business operates."
)
_OWNERSHIP_PROOF = Wording(
    "Proof of ownership", "Upload a signed document that shows the owners of the business and their shares."
)
_SIGNER = Wording("Signer of the document", "Name the person who signed the uploaded document.")

# The account's attestations about the business.
ATTESTATIONS = MappingProxyType(
    {
        "directorship_declaration": _DIRECTORS_DECLARATION,
        "ownership_declaration": _OWNERS_DECLARATION,
        "representative_declaration": _REPRESENTATIVE_DECLARATION,
        "persons_provided": Wording(
            "People behind the business", "Add everyone who owns or runs the business."
        ),
        "persons_provided.directors": _ALL_DIRECTORS,
        "persons_provided.executives": _ALL_EXECUTIVES,
        "persons_provided.owners": _ALL_OWNERS,
        "persons_provided.ownership_exemption_reason": _NO_OWNERS,
    }
)

BUSINESS = MappingProxyType(
    {
        "": Wording("Details of the business", "Enter the details of the business in the form."),
        "registered_name": _LEGAL_NAME,
        "name": _LEGAL_NAME,
        "script_names.kana": _NAME_KANA,
        "script_names.kanji": _NAME_KANJI,
        "name_kana": _NAME_KANA,
        "name_kanji": _NAME_KANJI,
        "doing_business_as": Wording(
            "Trading name", "Enter the name your customers know, if it differs from the legal name."
        ),
        "structure": _STRUCTURE,
        "phone": Wording("Business phone number", "Enter a phone number with country code for the business."),
        "address": _ADDRESS,
        "script_addresses.kana": _ADDRESS_KANA,
        "script_addresses.kanji": _ADDRESS_KANJI,
        "address_kana": _ADDRESS_KANA,
        "address_kanji": _ADDRESS_KANJI,
        "additional_addresses": _OTHER_ADDRESS,
        "administrative_address": _OTHER_ADDRESS,
        "physical_address": _OTHER_ADDRESS,
        "principal_place_of_business": _OTHER_ADDRESS,
        "id_numbers": Wording(
            "Tax or registration number of the business",
            "Enter the official number of the business. The form names the number for your country.",
        ),
        "id_numbers.registrar": _REGISTRAR,
        **BUSINESS_NUMBERS,
        "tax_id": _TAX_NUMBER,
        "tax_id_registrar": _REGISTRAR,
        "vat_id": _VAT_NUMBER,
        "business_vat_id_number": _VAT_NUMBER,
        "registration_number": _REGISTER_NUMBER,
        "registration_date": _REGISTRATION_DATE,
        "export_license_id": Wording(
            "Import and export number", "Enter the import export code (IEC) as on its certificate."
        ),
        "export_purpose_code": Wording("Purpose of exports", "Choose the purpose of payments from abroad."),
        "annual_revenue": _YEARLY_REVENUE,
        "annual_revenue.fiscal_year_end": _YEAR_END,
        "monthly_estimated_revenue": _MONTHLY_REVENUE,
        "estimated_worker_count": _WORKERS,
        "minority_owned_business_designation": Wording(
            "Minority-owned business",
            "State whether the business is owned by members of a minority, or decline to answer.",
        ),
        **ATTESTATIONS,
        "directors_provided": _ALL_DIRECTORS,
        "executives_provided": _ALL_EXECUTIVES,
        "owners_provided": _ALL_OWNERS,
        "ownership_exemption_reason": _NO_OWNERS,
        "verification": _DOCUMENT,
        "documents.primary_verification": _DOCUMENT,
        "documents.bank_account_ownership_verification": _BANK_PROOF,
        "documents.company_license": _LICENSE,
        "documents.company_memorandum_of_association": _FOUNDING,
        "documents.company_ministerial_decree": _DECREE,
        "documents.company_registration_verification": _REGISTRATION,
        "documents.company_tax_id_verification": _TAX_PROOF,
        "documents.proof_of_address": _ADDRESS_PROOF,
        "documents.proof_of_business_presence": _PRESENCE_PROOF,
        "documents.proof_of_registration": _REGISTRATION,
        "documents.proof_of_registration.signer": _SIGNER,
        "documents.proof_of_ultimate_beneficial_ownership": _OWNERSHIP_PROOF,
        "documents.proof_of_ultimate_beneficial_ownership.signer": _SIGNER,
    }
)
