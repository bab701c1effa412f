"""The fields of request bodies about accounts, from the SDK's types."""

from simulator.wire.shapes import Shape, alike, texts

CAPABILITIES = (
    "ach_debit_payments acss_debit_payments affirm_payments afterpay_clearpay_payments alma_payments "
    "amazon_pay_payments au_becs_debit_payments bacs_debit_payments bancontact_payments blik_payments "
    "blik_recurring_payments boleto_payments card_payments cartes_bancaires_payments cashapp_payments "
    "eps_payments fpx_payments gb_bank_transfer_payments grabpay_payments ideal_payments jcb_payments "
    "jp_bank_transfer_payments kakao_pay_payments klarna_payments konbini_payments kr_card_payments "
    "link_payments mobilepay_payments multibanco_payments mx_bank_transfer_payments naver_pay_payments "
    "oxxo_payments p24_payments pay_by_bank_payments payco_payments paynow_payments promptpay_payments "
    "revolut_pay_payments samsung_pay_payments satispay_payments sepa_bank_transfer_payments "
    "sepa_debit_payments sequra_payments sunbit_payments swish_payments twint_payments "
    "us_bank_transfer_payments zip_payments"
)
INCLUDES = (
    "configuration.customer",
    "configuration.merchant",
    "configuration.recipient",
    "defaults",
    "future_requirements",
    "identity",
    "requirements",
)

_ADDRESS = texts("city country line1 line2 postal_code state")
_TOWN_ADDRESS = texts("city country line1 line2 postal_code state town")
_SCRIPT_ADDRESSES: Shape = {"kana": _TOWN_ADDRESS, "kanji": _TOWN_ADDRESS}
_DATE: Shape = alike("day month year", int)
_MONEY: Shape = {"value": int, "currency": str}
_DECLARATION: Shape = texts("date ip user_agent")
_FILES: Shape = {"files": [str], "type": str}
_SIGNED_FILES: Shape = {"files": [str], "type": str, "signer": {"person": str}}
_FRONT_BACK: Shape = {"front_back": texts("front back"), "type": str}
_REQUESTED: Shape = {"requested": bool}
_DESCRIPTOR = texts("descriptor prefix")

PERSON: dict[str, Shape] = {
    **texts("email given_name surname legal_gender phone political_exposure"),
    "additional_addresses": [{**_TOWN_ADDRESS, "purpose": str}],
    "additional_names": [texts("full_name given_name surname purpose")],
    "address": _TOWN_ADDRESS,
    "date_of_birth": _DATE,
    "documents": {
        **alike("company_authorization passport visa", _FILES),
        **alike("primary_verification secondary_verification", _FRONT_BACK),
    },
    "id_numbers": [texts("type value")],
    "metadata": {"*": str},
    "nationalities": [str],
    "relationship": {
        **alike("director executive owner", bool),
        **texts("percent_ownership title"),
    },
    "script_addresses": _SCRIPT_ADDRESSES,
    "script_names": alike("kana kanji", texts("given_name surname")),
}

# Calls about a person have more fields than `identity.individual` (SDK types).
_RELATIONSHIP: Shape = {
    **alike("authorizer director executive legal_guardian owner representative", bool),
    **texts("percent_ownership title"),
}
PERSON_TOKEN: dict[str, Shape] = {
    **PERSON,
    "additional_terms_of_service": {"account": {"shown_and_accepted": bool}},
    "relationship": _RELATIONSHIP,
}
PERSON_CHANGE: dict[str, Shape] = {
    **PERSON_TOKEN,
    "additional_terms_of_service": {"account": _DECLARATION},
    "person_token": str,
}

_BUSINESS: Shape = {
    "additional_addresses": [{**_TOWN_ADDRESS, "purpose": str}],
    "address": _TOWN_ADDRESS,
    "annual_revenue": {"amount": _MONEY, "fiscal_year_end": str},
    "documents": {
        **alike(
            "bank_account_ownership_verification company_license company_memorandum_of_association "
            "company_ministerial_decree company_registration_verification company_tax_id_verification "
            "proof_of_address",
            _FILES,
        ),
        **alike("proof_of_registration proof_of_ultimate_beneficial_ownership", _SIGNED_FILES),
        "primary_verification": _FRONT_BACK,
    },
    "estimated_worker_count": int,
    "id_numbers": [texts("registrar type value")],
    "monthly_estimated_revenue": {"amount": _MONEY},
    "registration_date": _DATE,
    "script_addresses": _SCRIPT_ADDRESSES,
    "script_names": alike("kana kanji", texts("registered_name")),
    **texts("phone registered_name structure"),
}

_MERCHANT: dict[str, Shape] = {
    "bacs_debit_payments": texts("display_name"),
    "branding": texts("icon logo primary_color secondary_color"),
    "capabilities": alike(CAPABILITIES, _REQUESTED),
    "card_payments": {"decline_on": alike("avs_failure cvc_failure", bool)},
    "konbini_payments": {
        "support": {**texts("email phone"), "hours": texts("end_time start_time")},
    },
    "mcc": str,
    "script_statement_descriptor": alike("kana kanji", _DESCRIPTOR),
    "sepa_debit_payments": texts("creditor_id"),
    "statement_descriptor": _DESCRIPTOR,
    "support": {**texts("email phone url"), "address": _TOWN_ADDRESS},
}

_BILLING: dict[str, Shape] = {
    "invoice": {
        "custom_fields": [texts("name value")],
        "next_sequence": int,
        "rendering": texts("amount_tax_display template"),
        **texts("footer prefix"),
    },
}
_CUSTOMER: dict[str, Shape] = {
    "automatic_indirect_tax": texts("exempt ip_address"),
    "billing": _BILLING,
    "capabilities": {"automatic_indirect_tax": _REQUESTED},
    "shipping": {**texts("name phone"), "address": _ADDRESS},
    "test_clock": str,
}
_CUSTOMER_UPDATE: dict[str, Shape] = {
    **_CUSTOMER,
    "applied": bool,
    "automatic_indirect_tax": texts("exempt ip_address validate_location"),
    "billing": {**_BILLING, "default_payment_method": str},
}

_RECIPIENT: dict[str, Shape] = {
    "capabilities": {
        "bank_accounts": alike("ach fedwire fps local rtp sepa swift", _REQUESTED),
        "cards": _REQUESTED,
        "stripe_balance": alike("stripe_transfers", _REQUESTED),
    },
}

_ATTESTATIONS: dict[str, Shape] = {
    **alike("directorship_declaration ownership_declaration representative_declaration", _DECLARATION),
    "persons_provided": {**alike("directors executives owners", bool), "ownership_exemption_reason": str},
    "terms_of_service": {"account": _DECLARATION},
}

_DEFAULTS: dict[str, Shape] = {
    "currency": str,
    "locales": [str],
    "profile": texts("business_url doing_business_as product_description"),
    "responsibilities": {
        "fees_collector": ("application", "application_custom", "application_express", "stripe"),
        "losses_collector": ("application", "stripe"),
    },
}

_IDENTITY: dict[str, Shape] = {
    "attestations": _ATTESTATIONS,
    "business_details": _BUSINESS,
    "country": str,
    "entity_type": ("company", "government_entity", "individual", "non_profit"),
    "individual": PERSON,
}

CREATE: dict[str, Shape] = {
    **texts("account_token contact_email contact_phone display_name"),
    "configuration": {"customer": _CUSTOMER, "merchant": _MERCHANT, "recipient": _RECIPIENT},
    "dashboard": ("express", "full", "none"),
    "defaults": _DEFAULTS,
    "identity": _IDENTITY,
    "include": [INCLUDES],
    "metadata": {"*": str},
}

_ATTESTED: Shape = {"attested": bool}
ACCOUNT_TOKEN: dict[str, Shape] = {
    **texts("contact_email contact_phone display_name"),
    "identity": {
        "attestations": {
            **alike("directorship_declaration ownership_declaration representative_declaration", _ATTESTED),
            "persons_provided": _ATTESTATIONS["persons_provided"],
            "terms_of_service": {"account": {"shown_and_accepted": bool}},
        },
        "business_details": _BUSINESS,
        "entity_type": _IDENTITY["entity_type"],
        "individual": PERSON,
    },
}

_TERMS: Shape = alike("account crypto_money_manager money_manager", _DECLARATION)
UPDATE: dict[str, Shape] = {
    **CREATE,
    "configuration": {
        "customer": _CUSTOMER_UPDATE,
        "merchant": {**_MERCHANT, "applied": bool},
        "recipient": {**_RECIPIENT, "applied": bool},
    },
    "defaults": {**_DEFAULTS, "payout_methods": {"*": str}},
    "identity": {**_IDENTITY, "attestations": {**_ATTESTATIONS, "terms_of_service": _TERMS}},
}

CLOSE: dict[str, Shape] = {"applied_configurations": [("customer", "merchant", "recipient")]}
