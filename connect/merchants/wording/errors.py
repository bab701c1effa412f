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
            "This address belongs to a mail service. Enter the address where the business actually operates."
        ),
        "invalid_address_highway_contract_box": (
            "A highway contract box cannot be used. "
            "Enter a street address where the business actually operates."
        ),
        "invalid_address_private_mailbox": (
            "A private mailbox cannot be used. Enter a street address where the business actually operates."
        ),
        "invalid_address_registered_agent_address": (
            "This is the address of a registered agent. "
            "Enter the address where the business actually operates."
        ),
        "invalid_street_address": (
            "The street or house number was not found. Check the spelling and leave out PO boxes."
        ),
        "unresolvable_ip_address": (
            "The location of the connection that accepted the terms is unknown. "
            "Accept the terms again, without a VPN if you use one."
        ),
        "unresolvable_postal_code": (
            "The postal code was not found. Check it and the country that you entered."
        ),
        # Names and descriptions.
        "invalid_business_profile_name": (
            "The business name cannot be used. Enter the name that your customers know, spelled out in words."
        ),
        "invalid_business_profile_name_denylisted": (
            "The business name is too general or is reserved. Enter the specific name of your business."
        ),
        "invalid_company_name_denylisted": (
            "The legal name is too general or is reserved. "
            "Enter the full name as it appears in the business register."
        ),
        "invalid_product_description_length": (
            "The description is too short. "
            "Describe in a sentence or two what you sell and how customers receive it."
        ),
        "invalid_product_description_url_match": (
            "The description is only a web address. Describe in your own words what you sell."
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
        "external_hold": (
            "A third party, such as an authority, has asked Stripe to hold the account's funds. "
            "Stripe support can tell more."
        ),
        "information_missing": (
            "Some information is still missing. Open the form and fill in the empty fields."
        ),
        # People.
        "invalid_dob_age_over_maximum": ("The date of birth is too far in the past. Check the year."),
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
            "The person who signed is not authorized to sign for the business. "
            "Ask an authorized person to sign."
        ),
        "invalid_tos_acceptance": (
            "The acceptance of Stripe's terms was not recorded properly. Open the form and accept them again."
        ),
        # Tax numbers.
        "invalid_tax_id": (
            "The tax number is not valid. Copy it again from a letter or certificate from the tax office."
        ),
        "invalid_tax_id_format": (
            "The tax number has too few or too many characters. "
            "Copy it again from a letter or certificate from the tax office."
        ),
        # Website.
        "invalid_url_denylisted": (
            "This website cannot be used. Enter the address of your own website or shop page."
        ),
        "invalid_url_format": (
            "This is not a complete web address. "
            "Enter it as your browser shows it, such as https://example.com."
        ),
        "invalid_url_length": "The web address is too long. Enter the address of your home page.",
        "invalid_url_web_presence_detected": (
            "You said that the business has no website, but Stripe found one. Enter its address."
        ),
        "invalid_url_website_business_information_mismatch": (
            "The details on the website differ from those you entered. "
            "Make the name, address and products match."
        ),
        "invalid_url_website_empty": (
            "The website has no content yet. "
            "Publish it with your business name and a description of your products."
        ),
        "invalid_url_website_inaccessible": (
            "Stripe could not open the website. Check the address and make sure that the site is online."
        ),
        "invalid_url_website_inaccessible_geoblocked": (
            "The website is blocked in some countries. Make it accessible from all countries."
        ),
        "invalid_url_website_inaccessible_password_protected": (
            "The website requires a password. Make it public, at least until Stripe has reviewed it."
        ),
        "invalid_url_website_incomplete": (
            "The website lacks details that customers need. "
            "Show your business name, your products, your contact details and your terms."
        ),
        "invalid_url_website_incomplete_cancellation_policy": (
            f"The website does not say how customers can cancel. {_WEBSITE_TERMS}"
        ),
        "invalid_url_website_incomplete_customer_service_details": (
            "The website has no contact details. Add a phone number, an email address or a contact form."
        ),
        "invalid_url_website_incomplete_legal_restrictions": (
            "The website does not state the legal limits on your products, such as an age limit. "
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
            "The website is still under construction. Publish it, then submit its address again."
        ),
        "invalid_url_website_other": (
            "The website could not be confirmed. "
            "Check that it is online and describes your business and its products."
        ),
        # Documents.
        "verification_document_address_mismatch": (
            "The address on the document differs from the one you entered. "
            "Correct the address, or upload a document that shows it."
        ),
        "verification_document_address_missing": (
            "The document shows no address. Upload one that shows the full address."
        ),
        "verification_document_corrupt": (
            "The file cannot be opened. Save it again as PDF, JPG or PNG and upload it."
        ),
        "verification_document_country_not_supported": (
            "A document from this country is not accepted here. "
            "Upload one issued in the country of the business."
        ),
        "verification_document_directors_mismatch": (
            "The directors in the document differ from those you entered. "
            "Correct the list of directors, or upload a current document."
        ),
        "verification_document_dob_mismatch": (
            "The date of birth on the document differs from the one you entered. "
            "Correct the date, or upload the right document."
        ),
        "verification_document_duplicate_type": (
            "The same kind of document was uploaded twice. Upload a document of another kind."
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
            "This is a test document. Upload a real document, or one of Stripe's test files in a sandbox."
        ),
        "verification_document_fraudulent": (
            "Stripe could not confirm that the document is genuine. "
            "Upload a photo or scan of the original, or contact Stripe support."
        ),
        "verification_document_id_number_mismatch": (
            "The number on the document differs from the one you entered. "
            "Correct the number, or upload the right document."
        ),
        "verification_document_id_number_missing": (
            "The document does not show the number. Upload one on which the full number can be read."
        ),
        "verification_document_incomplete": (
            "Part of the document is missing. Upload all pages, with all four corners visible."
        ),
        "verification_document_invalid": (
            "Stripe does not accept this document here. The form lists the accepted kinds."
        ),
        "verification_document_issue_or_expiry_date_missing": (
            "The document shows no date of issue or expiry. Upload one on which the dates can be read."
        ),
        "verification_document_manipulated": (
            "The image of the document appears to be edited. "
            "Upload an unedited photo or scan of the original."
        ),
        "verification_document_missing_back": "The back of the document is missing. Upload both sides.",
        "verification_document_missing_front": "The front of the document is missing. Upload both sides.",
        "verification_document_name_mismatch": (
            "The name on the document differs from the one you entered. "
            "Correct the name, or upload a document with that name."
        ),
        "verification_document_name_missing": (
            "The document shows no name. Upload one on which the full name can be read."
        ),
        "verification_document_nationality_mismatch": (
            "The nationality on the document differs from the one you entered. "
            "Correct the nationality, or upload the right document."
        ),
        "verification_document_not_readable": f"The document cannot be read. {_NEW_PHOTO}",
        "verification_document_not_signed": "The document is not signed. Sign it and upload it again.",
        "verification_document_not_uploaded": "The document was not received. Upload it again.",
        "verification_document_photo_mismatch": (
            "The photo on the document does not match the selfie. "
            "Use the person's own document and take a new selfie."
        ),
        "verification_document_too_large": (
            "The file is too large. Upload one smaller than 10 MB, in PDF, JPG or PNG."
        ),
        "verification_document_type_not_supported": (
            "This kind of document is not accepted. The form lists the accepted kinds."
        ),
        "verification_requires_additional_memorandum_of_associations": (
            "Another founding document is needed. Upload the complete memorandum of association, "
            "with all amendments."
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
            "The selfie appears to be edited. Take a new one with your camera, without filters."
        ),
        "verification_selfie_unverified_other": (
            "The selfie could not be confirmed. Take a new one in good light, without hat or sunglasses."
        ),
        # Details that differ from other records.
        "verification_failed_address_match": (
            "The address could not be confirmed. Correct it, or upload a document that shows it."
        ),
        "verification_failed_authorizer_authority": (
            "Stripe could not confirm that this person may authorize others. "
            "Name an authorized person, or upload proof."
        ),
        "verification_failed_business_iec_number": (
            "The import and export number could not be confirmed. Check it against the certificate."
        ),
        "verification_failed_document_match": (
            "The document does not match the details you entered. "
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
            "Stripe could not confirm that this person may act for the business. "
            "Upload a signed letter of authority, or name someone else."
        ),
        "verification_failed_residential_address": (
            "The home address could not be confirmed. Correct it, or upload a recent bill that shows it."
        ),
        "verification_failed_tax_id_match": (
            "The tax number does not match the name of the business. "
            "Enter both exactly as on the letter from the tax office, or upload that letter."
        ),
        "verification_failed_tax_id_not_issued": (
            "The tax office has no record of this tax number. "
            "Check it; a new number can take some weeks to appear."
        ),
        "verification_legal_entity_structure_mismatch": (
            "The legal form differs from the business register. Correct it, or upload proof of registration."
        ),
        "verification_rejected_ownership_exemption_reason": (
            "The reason for not naming the owners was not accepted. Add the owners of the business."
        ),
        # Owners and managers.
        "verification_directors_mismatch": (
            "The directors you entered differ from the business register. Correct the list, or upload proof."
        ),
        "verification_extraneous_directors": (
            "The list names directors who are not in the business register. "
            "Remove them, or upload a document that names them."
        ),
        "verification_missing_directors": (
            "Some directors are missing. Add every director named in the business register."
        ),
        "verification_missing_executives": (
            "Some of the people who run the business are missing. Add everyone in charge."
        ),
        "verification_missing_owners": (
            "Some owners are missing. Add everyone who owns a large share, usually 25% or more."
        ),
        # The kind of business.
        "external_request": (
            "Another party, such as the platform you use, has requested this. The form explains it."
        ),
        "verification_supportability": (
            "Stripe may not be able to serve this kind of business. Answer its questions about your products."
        ),
        "verification_token_stale": "This check was started too long ago. Open the form and start it again.",
    }
)

# The first match wins, so longer prefixes come before shorter ones.
_FAMILIES = (
    ("invalid_address_", "The address could not be used. Check it and enter a street address."),
    ("invalid_dob_", "The date of birth could not be used. Check day, month and year."),
    (
        "invalid_statement_descriptor_",
        "The name on card statements could not be used. Use your business name.",
    ),
    (
        "invalid_url_",
        "The website could not be used. Check the address and make sure that the site is online.",
    ),
    ("invalid_", "This entry could not be used. Check it for mistakes and enter it again."),
    ("unresolvable_", "This entry was not found. Check it for typing mistakes."),
    (
        "verification_document_",
        "The document was not accepted. Upload another one, complete and easy to read.",
    ),
    ("verification_failed_", "Stripe could not confirm this. Correct the details, or upload a document."),
    ("verification_missing_", "A person or a detail is still missing. Open the form and add it."),
    ("verification_requires_", "Another document is needed. The form says which one."),
    ("verification_selfie_", "The selfie was not accepted. Take a new one in good light."),
)
_DEFAULT = "Stripe could not accept this. Open the form for details."


def requirement_error(code: str) -> str:
    """The reason for an error and its remedy."""
    if code in ERRORS:
        return ERRORS[code]
    return next((text for prefix, text in _FAMILIES if code.startswith(prefix)), _DEFAULT)
