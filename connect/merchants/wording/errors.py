"""Errors of requirements: the reason why Stripe refused a value, and the remedy."""

from types import MappingProxyType

_NEW_PHOTO = "Take a new photo of the whole document in good light and upload it."
_WEBSITE_TERMS = "Add it to the website, where customers can find it before they pay."

ERRORS = MappingProxyType(
    {
        # Addresses.
        "invalid_address_city_state_postal_code": (
            "The city, state and postal code do not belong together. Check the address for typing mistakes."
        ),
        "invalid_address_cmra_address": (
            "This address belongs to a mail service. Give the address where the business really works."
        ),
        "invalid_address_highway_contract_box": (
            "A highway contract box cannot be used. Give a street address where the business really works."
        ),
        "invalid_address_private_mailbox": (
            "A private mailbox cannot be used. Give a street address where the business really works."
        ),
        "invalid_address_registered_agent_address": (
            "This is the address of a registered agent. Give the address where the business really works."
        ),
        "invalid_street_address": (
            "The street or house number was not found. Check the spelling and leave out PO boxes."
        ),
        "unresolvable_ip_address": (
            "The connection used to accept the terms could not be traced. "
            "Accept the terms again, without a VPN if you use one."
        ),
        "unresolvable_postal_code": (
            "The postal code was not found. Check it, and check that it belongs to the country you gave."
        ),
        # Names and descriptions.
        "invalid_business_profile_name": (
            "The business name cannot be used. Give the name your customers know, spelled out in words."
        ),
        "invalid_business_profile_name_denylisted": (
            "The business name is too general or is reserved. Give the name that sets your business apart."
        ),
        "invalid_company_name_denylisted": (
            "The legal name is too general or is reserved. "
            "Give the full name as it stands in the business register."
        ),
        "invalid_product_description_length": (
            "The description is too short. Say in a sentence or two what you sell and how customers get it."
        ),
        "invalid_product_description_url_match": (
            "The description is only a web address. Say in your own words what you sell."
        ),
        "invalid_statement_descriptor_business_mismatch": (
            "The name on card statements does not resemble your business. "
            "Use your business name or your website."
        ),
        "invalid_statement_descriptor_denylisted": (
            "The name on card statements is too general or is reserved. Use the name customers know you by."
        ),
        "invalid_statement_descriptor_length": (
            "The name on card statements is too short or too long. Use 5 to 22 characters."
        ),
        "invalid_statement_descriptor_prefix_denylisted": (
            "The short name on card statements is too general or is reserved. "
            "Use a short form of the name customers know you by."
        ),
        "invalid_statement_descriptor_prefix_mismatch": (
            "The short name on card statements does not resemble the full one. "
            "Use a shortened form of the full name."
        ),
        "invalid_value_other": "This entry could not be used. Check it for mistakes and enter it again.",
        "information_missing": "Something is still missing. Open the form and fill in what is left open.",
        # People.
        "invalid_dob_age_over_maximum": (
            "The date of birth makes this person too old to be right. Check the year."
        ),
        "invalid_dob_age_under_18": (
            "This person is under 18. Check the date of birth, or name someone who is 18 or older."
        ),
        "invalid_dob_age_under_minimum": (
            "This person is younger than Stripe allows. "
            "Check the date of birth, or name someone who is old enough."
        ),
        "invalid_representative_country": (
            "The person who represents the business must have an address in an allowed country. "
            "Check the address, or name someone else."
        ),
        "invalid_signator": (
            "The person who signed may not sign for the business. Ask someone who is allowed to sign."
        ),
        "invalid_tos_acceptance": (
            "The acceptance of Stripe's terms was not recorded properly. Open the form and accept them again."
        ),
        # Tax numbers.
        "invalid_tax_id": (
            "The tax number is not valid. Copy it again from a letter or certificate of the tax office."
        ),
        "invalid_tax_id_format": (
            "The tax number has too few or too many characters. "
            "Copy it again from a letter or certificate of the tax office."
        ),
        # Website.
        "invalid_url_denylisted": (
            "This website cannot be used. Give the address of your own website or shop page."
        ),
        "invalid_url_format": (
            "This is not a complete web address. "
            "Enter it as your browser shows it, such as https://example.com."
        ),
        "invalid_url_length": "The web address is too long. Give the address of your home page.",
        "invalid_url_web_presence_detected": (
            "You said that the business has no website, but Stripe found one. Give its address."
        ),
        "invalid_url_website_business_information_mismatch": (
            "The website shows other business details than you gave. Make the name, address and offer match."
        ),
        "invalid_url_website_empty": (
            "The website has no content yet. Publish it with your business name and what you sell."
        ),
        "invalid_url_website_inaccessible": (
            "Stripe could not open the website. Check the address, and that the site is online."
        ),
        "invalid_url_website_inaccessible_geoblocked": (
            "The website is blocked in some countries. Let visitors from all countries open it."
        ),
        "invalid_url_website_inaccessible_password_protected": (
            "The website asks for a password. Make it public, at least until Stripe has seen it."
        ),
        "invalid_url_website_incomplete": (
            "The website lacks details that customers need. "
            "Show your business name, what you sell, how to reach you, and your terms."
        ),
        "invalid_url_website_incomplete_cancellation_policy": (
            f"The website does not say how customers can cancel. {_WEBSITE_TERMS}"
        ),
        "invalid_url_website_incomplete_customer_service_details": (
            "The website does not say how to reach you. "
            "Add a phone number, an email address or a contact form."
        ),
        "invalid_url_website_incomplete_legal_restrictions": (
            "The website does not say which legal limits apply to your offer, such as an age limit. "
            f"{_WEBSITE_TERMS}"
        ),
        "invalid_url_website_incomplete_refund_policy": (
            f"The website does not say when customers get a refund. {_WEBSITE_TERMS}"
        ),
        "invalid_url_website_incomplete_return_policy": (
            f"The website does not say how customers can return goods. {_WEBSITE_TERMS}"
        ),
        "invalid_url_website_incomplete_terms_and_conditions": (
            f"The website has no terms and conditions. {_WEBSITE_TERMS}"
        ),
        "invalid_url_website_incomplete_under_construction": (
            "The website is still being built. Publish it, then send its address again."
        ),
        "invalid_url_website_other": (
            "The website could not be confirmed. "
            "Check that it is online and shows your business and what you sell."
        ),
        # Documents.
        "verification_document_address_mismatch": (
            "The address on the document differs from the one you gave. "
            "Correct the address, or upload a document that shows it."
        ),
        "verification_document_address_missing": (
            "The document shows no address. Upload one that shows the full address."
        ),
        "verification_document_corrupt": (
            "The file cannot be opened. Save it again as PDF, JPG or PNG and upload it."
        ),
        "verification_document_country_not_supported": (
            "A document of this country is not accepted here. "
            "Upload one issued in the country of the business."
        ),
        "verification_document_directors_mismatch": (
            "The directors in the document differ from those you gave. "
            "Correct the list of directors, or upload a current document."
        ),
        "verification_document_dob_mismatch": (
            "The date of birth on the document differs from the one you gave. "
            "Correct the date, or upload the right document."
        ),
        "verification_document_duplicate_type": (
            "The same kind of document was sent twice. Upload a document of another kind."
        ),
        "verification_document_expired": "The document has expired. Upload one that is still valid.",
        "verification_document_failed_copy": (
            "This is a copy of the document. Upload a photo or scan of the original."
        ),
        "verification_document_failed_greyscale": (f"The document is in black and white. {_NEW_PHOTO}"),
        "verification_document_failed_other": (
            "The document could not be confirmed. Upload another official document."
        ),
        "verification_document_failed_test_mode": (
            "A test document was sent. Upload a real document, or a file meant for testing when in a sandbox."
        ),
        "verification_document_fraudulent": (
            "The document does not look genuine. Upload a photo or scan of the original, "
            "and contact Stripe support if it is."
        ),
        "verification_document_id_number_mismatch": (
            "The number on the document differs from the one you gave. "
            "Correct the number, or upload the right document."
        ),
        "verification_document_id_number_missing": (
            "The document does not show the number. Upload one on which the full number can be read."
        ),
        "verification_document_incomplete": (
            "A part of the document is missing. Upload all pages, with all four corners in the picture."
        ),
        "verification_document_invalid": (
            "This is not a document that Stripe accepts here. The form lists the kinds that it accepts."
        ),
        "verification_document_issue_or_expiry_date_missing": (
            "The document shows no date of issue or expiry. Upload one on which the dates can be read."
        ),
        "verification_document_manipulated": (
            "The picture of the document has been edited. Upload an unedited photo or scan of the original."
        ),
        "verification_document_missing_back": "The back of the document is missing. Upload both sides.",
        "verification_document_missing_front": "The front of the document is missing. Upload both sides.",
        "verification_document_name_mismatch": (
            "The name on the document differs from the one you gave. "
            "Correct the name, or upload a document with that name."
        ),
        "verification_document_name_missing": (
            "The document shows no name. Upload one on which the full name can be read."
        ),
        "verification_document_nationality_mismatch": (
            "The nationality on the document differs from the one you gave. "
            "Correct the nationality, or upload the right document."
        ),
        "verification_document_not_readable": f"The document cannot be read. {_NEW_PHOTO}",
        "verification_document_not_signed": "The document is not signed. Sign it and upload it again.",
        "verification_document_not_uploaded": "No document arrived. Upload it again.",
        "verification_document_photo_mismatch": (
            "The photo on the document does not match the selfie. "
            "Use the person's own document and take a new selfie."
        ),
        "verification_document_too_large": (
            "The file is too large. Upload one smaller than 10 MB, in PDF, JPG or PNG."
        ),
        "verification_document_type_not_supported": (
            "This kind of document is not accepted. The form lists the kinds that are."
        ),
        "verification_requires_additional_memorandum_of_associations": (
            "Another founding document is needed. Upload the complete memorandum of association, "
            "with all changes made to it."
        ),
        "verification_requires_additional_proof_of_registration": (
            "Another proof of registration is needed. "
            "Upload a current certificate or extract from the business register."
        ),
        # Selfies.
        "verification_selfie_document_missing_photo": (
            "The ID has no photo to compare the selfie with. Use an ID with a photo of the face."
        ),
        "verification_selfie_face_mismatch": (
            "The selfie does not match the photo on the ID. "
            "Take a new selfie in good light, with your own ID."
        ),
        "verification_selfie_manipulated": (
            "The selfie looks edited. Take a new one with your camera, without filters."
        ),
        "verification_selfie_unverified_other": (
            "The selfie could not be confirmed. Take a new one in good light, without hat or sunglasses."
        ),
        # Details that differ from other records.
        "verification_failed_address_match": (
            "The address could not be confirmed. Correct it, or upload a document that shows it."
        ),
        "verification_failed_authorizer_authority": (
            "It could not be confirmed that this person may give others authority. "
            "Name someone who may, or upload a proof."
        ),
        "verification_failed_business_iec_number": (
            "The import and export number could not be confirmed. Check it against the certificate."
        ),
        "verification_failed_document_match": (
            "The document does not match the details you gave. "
            "Correct the details, or upload another document."
        ),
        "verification_failed_id_number_match": (
            "The ID number does not match the name and date of birth. "
            "Correct these details, or upload a photo of the ID."
        ),
        "verification_failed_keyed_identity": (
            "Name, date of birth and address could not be confirmed. "
            "Correct them, or upload a photo of an ID."
        ),
        "verification_failed_keyed_match": (
            "The details you entered could not be confirmed. "
            "Correct them, or upload a document that shows them."
        ),
        "verification_failed_name_match": (
            "The name could not be confirmed. Enter it exactly as on official documents."
        ),
        "verification_failed_other": (
            "Stripe could not confirm this. Check the details, or contact Stripe support."
        ),
        "verification_failed_representative_authority": (
            "It could not be confirmed that this person may act for the business. "
            "Upload a signed letter of authority, or name someone who may."
        ),
        "verification_failed_residential_address": (
            "The home address could not be confirmed. Correct it, or upload a recent bill that shows it."
        ),
        "verification_failed_tax_id_match": (
            "The tax number does not match the name of the business. "
            "Enter both exactly as on the letter of the tax office, or upload that letter."
        ),
        "verification_failed_tax_id_not_issued": (
            "The tax office does not know this tax number. "
            "Check it; a new number can take some weeks to be known."
        ),
        "verification_legal_entity_structure_mismatch": (
            "The legal form differs from the business register. "
            "Correct it, or upload a proof of registration."
        ),
        "verification_rejected_ownership_exemption_reason": (
            "The reason for not naming the owners was not accepted. Add the owners of the business."
        ),
        # Owners and managers.
        "verification_directors_mismatch": (
            "The directors you gave differ from the business register. Correct the list, or upload a proof."
        ),
        "verification_extraneous_directors": (
            "The list has directors that the business register does not know. "
            "Remove them, or upload a document that names them."
        ),
        "verification_missing_directors": (
            "Some directors are missing. Add everyone the business register names as a director."
        ),
        "verification_missing_executives": (
            "Some of the people who run the business are missing. Add everyone in charge."
        ),
        "verification_missing_owners": (
            "Some owners are missing. Add everyone who owns a large share, usually 25% or more."
        ),
        # The kind of business.
        "external_request": (
            "Stripe was asked to collect this, such as by the platform you use. The form explains it."
        ),
        "verification_supportability": (
            "Stripe may not be able to serve this kind of business. Answer its questions about what you sell."
        ),
        "verification_token_stale": "This check was started too long ago. Open the form and start it again.",
    }
)

# The first match counts, so narrow families come before wide ones.
_FAMILIES = (
    ("invalid_address_", "The address could not be used. Check it, and give a street address."),
    ("invalid_dob_", "The date of birth could not be used. Check day, month and year."),
    (
        "invalid_statement_descriptor_",
        "The name on card statements could not be used. Use your business name.",
    ),
    ("invalid_url_", "The website could not be used. Check the address, and that the site is online."),
    ("invalid_", "This entry could not be used. Check it for mistakes and enter it again."),
    ("unresolvable_", "This entry was not found. Check it for typing mistakes."),
    (
        "verification_document_",
        "The document was not accepted. Upload another one, complete and easy to read.",
    ),
    ("verification_failed_", "Stripe could not confirm this. Correct the details, or upload a document."),
    ("verification_missing_", "Someone or something is still missing. Open the form and add it."),
    ("verification_requires_", "Another document is needed. The form says which one."),
    ("verification_selfie_", "The selfie was not accepted. Take a new one in good light."),
)
_OTHERWISE = "Stripe could not accept this. Open the form to see what is needed."


def requirement_error(code: str) -> str:
    """The reason for an error and its remedy."""
    known = ERRORS.get(code)
    if known is not None:
        return known
    return next((words for start, words in _FAMILIES if code.startswith(start)), _OTHERWISE)
