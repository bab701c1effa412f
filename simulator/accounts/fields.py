"""Which fields a request body may have: one compact table per operation, and the check against it."""

from typing import Any

from simulator.wire.wire import Refused

# str, bool, int or float; a tuple of allowed strings; a list of one shape; an object of named shapes.
# "*" in an object allows any name.
Shape = type | tuple[str, ...] | list["Shape"] | dict[str, "Shape"]


def _texts(names: str) -> dict[str, Shape]:
    return dict.fromkeys(names.split(), str)


def _all(names: str, shape: Shape) -> dict[str, Shape]:
    return dict.fromkeys(names.split(), shape)


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

_ADDRESS = _texts("city country line1 line2 postal_code state")
_TOWN_ADDRESS = _texts("city country line1 line2 postal_code state town")
_SCRIPT_ADDRESSES: Shape = {"kana": _TOWN_ADDRESS, "kanji": _TOWN_ADDRESS}
_DATE: Shape = _all("day month year", int)
_MONEY: Shape = {"value": int, "currency": str}
_DECLARATION: Shape = _texts("date ip user_agent")
_FILES: Shape = {"files": [str], "type": str}
_SIGNED_FILES: Shape = {"files": [str], "type": str, "signer": {"person": str}}
_FRONT_BACK: Shape = {"front_back": _texts("front back"), "type": str}
_REQUESTED: Shape = {"requested": bool}
_DESCRIPTOR = _texts("descriptor prefix")

PERSON: dict[str, Shape] = {
    **_texts("email given_name surname legal_gender phone political_exposure"),
    "additional_addresses": [{**_TOWN_ADDRESS, "purpose": str}],
    "additional_names": [_texts("full_name given_name surname purpose")],
    "address": _TOWN_ADDRESS,
    "date_of_birth": _DATE,
    "documents": {
        **_all("company_authorization passport visa", _FILES),
        **_all("primary_verification secondary_verification", _FRONT_BACK),
    },
    "id_numbers": [_texts("type value")],
    "metadata": {"*": str},
    "nationalities": [str],
    "relationship": {
        **_all("director executive owner", bool),
        **_texts("percent_ownership title"),
    },
    "script_addresses": _SCRIPT_ADDRESSES,
    "script_names": _all("kana kanji", _texts("given_name surname")),
}

_BUSINESS: Shape = {
    "additional_addresses": [{**_TOWN_ADDRESS, "purpose": str}],
    "address": _TOWN_ADDRESS,
    "annual_revenue": {"amount": _MONEY, "fiscal_year_end": str},
    "documents": {
        **_all(
            "bank_account_ownership_verification company_license company_memorandum_of_association "
            "company_ministerial_decree company_registration_verification company_tax_id_verification "
            "proof_of_address",
            _FILES,
        ),
        **_all("proof_of_registration proof_of_ultimate_beneficial_ownership", _SIGNED_FILES),
        "primary_verification": _FRONT_BACK,
    },
    "estimated_worker_count": int,
    "id_numbers": [_texts("registrar type value")],
    "monthly_estimated_revenue": {"amount": _MONEY},
    "registration_date": _DATE,
    "script_addresses": _SCRIPT_ADDRESSES,
    "script_names": _all("kana kanji", _texts("registered_name")),
    **_texts("phone registered_name structure"),
}

_MERCHANT: dict[str, Shape] = {
    "bacs_debit_payments": _texts("display_name"),
    "branding": _texts("icon logo primary_color secondary_color"),
    "capabilities": _all(CAPABILITIES, _REQUESTED),
    "card_payments": {"decline_on": _all("avs_failure cvc_failure", bool)},
    "konbini_payments": {
        "support": {**_texts("email phone"), "hours": _texts("end_time start_time")},
    },
    "mcc": str,
    "script_statement_descriptor": _all("kana kanji", _DESCRIPTOR),
    "sepa_debit_payments": _texts("creditor_id"),
    "statement_descriptor": _DESCRIPTOR,
    "support": {**_texts("email phone url"), "address": _TOWN_ADDRESS},
}

_BILLING: dict[str, Shape] = {
    "invoice": {
        "custom_fields": [_texts("name value")],
        "next_sequence": int,
        "rendering": _texts("amount_tax_display template"),
        **_texts("footer prefix"),
    },
}
_CUSTOMER: dict[str, Shape] = {
    "automatic_indirect_tax": _texts("exempt ip_address"),
    "billing": _BILLING,
    "capabilities": {"automatic_indirect_tax": _REQUESTED},
    "shipping": {**_texts("name phone"), "address": _ADDRESS},
    "test_clock": str,
}
_CUSTOMER_UPDATE: dict[str, Shape] = {
    **_CUSTOMER,
    "applied": bool,
    "automatic_indirect_tax": _texts("exempt ip_address validate_location"),
    "billing": {**_BILLING, "default_payment_method": str},
}

_RECIPIENT: dict[str, Shape] = {
    "capabilities": {
        "bank_accounts": _all("ach fedwire fps local rtp sepa swift", _REQUESTED),
        "cards": _REQUESTED,
        "stripe_balance": _all("stripe_transfers", _REQUESTED),
    },
}

_ATTESTATIONS: dict[str, Shape] = {
    **_all("directorship_declaration ownership_declaration representative_declaration", _DECLARATION),
    "persons_provided": {**_all("directors executives owners", bool), "ownership_exemption_reason": str},
    "terms_of_service": {"account": _DECLARATION},
}

_DEFAULTS: dict[str, Shape] = {
    "currency": str,
    "locales": [str],
    "profile": _texts("business_url doing_business_as product_description"),
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
    **_texts("account_token contact_email contact_phone display_name"),
    "configuration": {"customer": _CUSTOMER, "merchant": _MERCHANT, "recipient": _RECIPIENT},
    "dashboard": ("express", "full", "none"),
    "defaults": _DEFAULTS,
    "identity": _IDENTITY,
    "include": [INCLUDES],
    "metadata": {"*": str},
}

_TERMS: Shape = _all("account crypto_money_manager money_manager", _DECLARATION)
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

_COLLECTION: Shape = {
    "fields": ("currently_due", "eventually_due"),
    "future_requirements": ("include", "omit"),
}
_FLOW: Shape = {
    # Later versions have no `configurations`; earlier clients, and most samples, still send it.
    "configurations": [("customer", "merchant", "recipient")],
    "collection_options": _COLLECTION,
    **_texts("refresh_url return_url"),
}
LINK: dict[str, Shape] = {
    "account": str,
    "use_case": {"type": str, "account_onboarding": _FLOW, "account_update": _FLOW},
}

DESTINATION_UPDATE: dict[str, Shape] = {
    **_texts("description name"),
    "enabled_events": [str],
    "include": [("webhook_endpoint.signing_secret", "webhook_endpoint.url")],
    "metadata": {"*": str},
    "webhook_endpoint": {"url": str},
}
DESTINATION: dict[str, Shape] = {
    **DESTINATION_UPDATE,
    "event_payload": ("snapshot", "thin"),
    "events_from": [str],
    "snapshot_api_version": str,
    "type": ("amazon_eventbridge", "azure_event_grid", "webhook_endpoint"),
}


def check(value: Any, shape: Shape, path: str = "") -> None:
    """Refuse a body with a field, a type or an enum value that the table does not have."""
    if value is None:
        return
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            raise Refused("parameter_invalid", f"{path}: expected an object")
        for name, part in value.items():
            inner = f"{path}.{name}" if path else name
            if name not in shape and "*" not in shape:
                raise Refused("parameter_unknown", f"{inner}: unknown field")
            check(part, shape[name] if name in shape else shape["*"], inner)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            raise Refused("parameter_invalid", f"{path}: expected an array")
        for index, part in enumerate(value):
            check(part, shape[0], f"{path}[{index}]")
    elif isinstance(shape, tuple):
        if value not in shape:
            raise Refused("parameter_invalid", f"{path}: must be one of {', '.join(shape)}")
    elif not isinstance(value, shape) or (shape is int and isinstance(value, bool)):
        names = {str: "a string", bool: "a boolean", int: "an integer"}
        raise Refused("parameter_invalid", f"{path}: expected {names.get(shape, 'an object')}")
