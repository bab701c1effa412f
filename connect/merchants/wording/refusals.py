"""Remedies for the platform's developer after Stripe has refused a call about an account or a payout.

For a code that is not listed, Stripe's own message is the best advice.
"""

from types import MappingProxyType

_PROFILE = "in the Stripe Dashboard, under the settings of Connect"
_ACCOUNT_KIND = (
    "Ask Stripe support to allow accounts with the full Dashboard whose fees and losses Stripe collects: "
    "ConnectQL creates no other accounts."
)
_CAPABILITY = "Leave out the entry of `capabilities` that the message names"
_PERSONS = "Let the merchant correct the persons in Stripe's form: use createOnboardingLink."
_SUPPORT = "Contact Stripe support and give the request id, because ConnectQL does not send such a value."


def _detail(name: str) -> str:
    """The remedy for a detail of the input or the account token, which Stripe's form collects as well."""
    return f"Correct {name} in the input or the account token, or let the merchant enter it in Stripe's form."


REFUSALS = MappingProxyType(
    {
        # The platform itself is not ready.
        "account_create_activation_required": (
            "Activate the platform's own Stripe account before creating accounts in live mode."
        ),
        "account_creation_liability_unacknowledged": (
            f"Acknowledge the platform's responsibility for losses {_PROFILE}."
        ),
        "account_creation_losses_collector_unavailable": _ACCOUNT_KIND,
        "account_creation_requirement_collection_and_liability_unacknowledged": (
            f"Acknowledge the responsibilities for losses and for collecting requirements {_PROFILE}."
        ),
        "account_creation_requirement_collection_unacknowledged": (
            f"Acknowledge the responsibility for collecting requirements {_PROFILE}."
        ),
        "accounts_v2_access_blocked": (
            "Turn on Accounts v2 for the platform in the Stripe Dashboard, or ask Stripe support to do so."
        ),
        "can_create_platform_owned_onboarding_accounts_required": _ACCOUNT_KIND,
        "cannot_create_connected_account": (
            "Resolve the problems of the platform's own account in the Stripe Dashboard."
        ),
        "cannot_create_new_account_rejected": (
            "Contact Stripe support: the platform was rejected and cannot create accounts."
        ),
        "connect_identity_not_verified": "Verify the identity of the platform in the Stripe Dashboard.",
        "connect_profile_not_submitted": f"Fill in and submit the platform profile {_PROFILE}.",
        "custom_account_beta": _ACCOUNT_KIND,
        "non_connect_platform_accounts_v2_access_blocked": (
            "Register the platform for Connect in the Stripe Dashboard."
        ),
        "platform_registration_required": "Register the platform for Connect in the Stripe Dashboard.",
        # The request as a whole.
        "account_creation_invalid": (
            "Correct the input that the message names, or contact Stripe support and give the request id."
        ),
        "account_rate_limit_exceeded": (
            "Send fewer mutations for the same merchant at the same time, and retry with a delay."
        ),
        "configuration_creation_invalid": (
            f"{_CAPABILITY}, or, if it names none, contact Stripe support and give the request id."
        ),
        "idempotency_error": (
            "Repeat the mutation with the same input, or contact Stripe support and give the request id."
        ),
        "lock_timeout": "Retry with a delay: another call is changing the same account.",
        "parameter_unknown": "Leave out the input that the message names: Stripe does not know it.",
        # Dashboard and responsibilities.
        "account_controller_express_dash_without_application_losses_or_fees": _ACCOUNT_KIND,
        "account_controller_stripe_pricing_platform_liable": _ACCOUNT_KIND,
        "account_controller_ua_unsupported_configuration": _ACCOUNT_KIND,
        "account_controller_unsupported_configuration": _ACCOUNT_KIND,
        "account_controller_unsupported_configuration_private_preview": _ACCOUNT_KIND,
        # Configurations and capabilities.
        "account_capability_not_supported": f"{_CAPABILITY}.",
        "account_configuration_not_supported": (
            "Ask Stripe support to enable the merchant configuration for the platform, because every account "
            "needs it."
        ),
        "capability_cannot_be_unrequested_due_to_other_capability_requirement": (
            "Also give up the other capability, which needs this one: name both in `giveUpCapabilities`."
        ),
        "capability_not_available_for_dashboard_type": (
            f"{_CAPABILITY}: accounts with the full Dashboard cannot have it."
        ),
        "capability_not_available_for_entity_type_in_country": (
            f"{_CAPABILITY}, or send an `entityType` that can have it in this country."
        ),
        "capability_not_available_for_loss_collector": (
            f"{_CAPABILITY}: accounts whose losses Stripe bears cannot have it."
        ),
        "capability_not_available_in_country": f"{_CAPABILITY}: it is not available in this country.",
        "capability_not_available_in_platform_country": (
            f"{_CAPABILITY}: Stripe does not offer it to platforms in your country."
        ),
        "capability_not_available_without_other_capability": (
            "Add the other capability that the message names to `capabilities`."
        ),
        "capability_not_available_without_other_capability_in_country": (
            "Add the other capability that the message names to `capabilities`: this country needs both."
        ),
        "unsupported_field_for_configs": "Leave out the input that the message names.",
        "unsupported_identity_field_for_configs": "Leave out the input that the message names.",
        # Country, currency, kind of business.
        "account_country_unsupported_currency": (
            "Send another `currency`, or leave it out: Stripe then uses the currency of the country."
        ),
        "bgn_bank_accounts_unsupported": (
            "Let the merchant enter a bank account in euro in Stripe's form: Bulgaria no longer uses the lev."
        ),
        "cross_border_connected_account_creation_not_allowed": (
            "Create merchants only with a `country` that the platform's own country can serve."
        ),
        "default_currency_immutable": "Leave out `currency`: it can no longer be changed.",
        "entity_type_not_supported_in_country": "Send another `entityType`, or leave it out.",
        "identity_country_required": "Send `country`.",
        "immutable_identity_param": (
            "Leave out the input that the message names: it can no longer be changed."
        ),
        "invalid_timezone": _SUPPORT,
        "structure_incompatible_for_entity_type_country": _detail("the structure of the business"),
        # Contact, address, and details that customers see.
        "address_characters_invalid": _detail("the address"),
        "address_country_identity_country_mismatch": "Use the same country in the address as in `country`.",
        "address_country_mismatch": _detail("the countries of the person's addresses"),
        "address_country_required": _detail("the country of the address"),
        "address_postal_code_invalid": _detail("the postal code"),
        "address_state_invalid": _detail("the state of the address"),
        "address_town_invalid": _detail("the town of the address"),
        "email_domain_invalid_for_recipient": "Send a `contactEmail` with another email provider's domain.",
        "email_invalid": (
            "Correct the e-mail address that the message names, in the input or in the account token."
        ),
        "mcc_invalid": "Correct `merchantCategoryCode`.",
        "non_jp_kana_kanji_address": _detail("the address in kana and kanji"),
        "phone_invalid": _detail("the phone number"),
        "postal_code_required_for_jp_address": _detail("the postal code"),
        "script_characters_invalid": _detail("the characters of the kana and kanji fields"),
        "shipping_address_required": _SUPPORT,
        "shipping_name_required": _SUPPORT,
        "statement_descriptor_invalid": "Correct `statementDescriptor` or `statementDescriptorPrefix`.",
        "unsupported_postal_code": _detail("the postal code"),
        "unsupported_state": _detail("the state of the address"),
        "url_invalid": (
            "Correct `businessUrl` or `support.url`, or CONNECTQL_PUBLIC_URL if a link was refused."
        ),
        # Dates, numbers, documents.
        "date_of_birth_age_restriction": "Let the merchant name a representative who is old enough.",
        "date_of_birth_invalid": _detail("the date of birth"),
        "document_invalid": _detail("the document"),
        "document_purpose_invalid": _detail("the purpose of the document's file"),
        "id_number_invalid": _detail("the identification number"),
        "incorrect_id_number_for_country": _detail("the type of the identification number"),
        "invalid_id_number_for_structure": _detail("the type of the identification number"),
        "invalid_id_number_registrar": _detail("the registrar of the identification number"),
        "ip_address_invalid": _SUPPORT,
        "registration_date_invalid": _detail("the registration date"),
        # Attestations that only the merchant can make.
        "account_terms_of_service_not_accepted": (
            "Let the merchant accept Stripe's terms in Stripe's form first: use createOnboardingLink."
        ),
        "directorship_declaration_not_allowed_during_account_creation": (
            "Leave the declaration of directors out of the account token for createMerchant."
        ),
        "ownership_declaration_not_allowed_during_account_creation": (
            "Leave the declaration of owners out of the account token for createMerchant."
        ),
        "tos_acceptance_on_behalf_not_allowed": (
            "Leave the acceptance of the terms out of the account token: Stripe's form collects it."
        ),
        # Tokens.
        "account_token_required": (
            "Create an account token in the merchant's browser with the platform's publishable key, and send "
            "it as `accountToken`: Stripe requires it in your country."
        ),
        "incorrect_account_for_person_token": _SUPPORT,
        "incorrect_token_wrong_type": "Send an account token as `accountToken`, not another kind of token.",
        "invalid_account_token": (
            "Create a new account token with the platform's publishable key, and send it as `accountToken`."
        ),
        "invalid_person_token": _SUPPORT,
        "param_alongside_account_token": (
            "Put the value that the message names into the account token instead of the input."
        ),
        "param_alongside_person_token": _SUPPORT,
        "person_token_required": _PERSONS,
        "token_already_used": "Create a new account token for `accountToken`: each token works once.",
        "token_expired": "Create a new account token and send it as `accountToken` within minutes.",
        "v1_token_invalid_in_v2": "Create the account token with POST /v2/core/account_tokens.",
        # Paying the platform.
        "default_payment_method_invalid": _SUPPORT,
        "default_payment_method_invalid_type": _SUPPORT,
        "test_clock_disallowed_on_live_mode": _SUPPORT,
        "test_clock_invalid": _SUPPORT,
        # Payouts.
        "instant_payouts_config_disabled": "Use a standard payout: Stripe has turned instant payouts off.",
        "instant_payouts_currency_disabled": "Use a standard payout: this currency has no instant payouts.",
        "instant_payouts_limit_exceeded": "Use a standard payout, or repeat the call on the next day.",
        "instant_payouts_unsupported": (
            "Use a standard payout: the merchant's bank account or debit card takes no instant payouts."
        ),
        "not_allowed_on_standard_account": (
            "Configure platform controls for payouts "
            "(https://docs.stripe.com/connect/platform-controls-for-standard-accounts), or let the merchant "
            "use the Stripe Dashboard (createDashboardLink)."
        ),
        "payouts_limit_exceeded": "Request a smaller payout, or repeat the call on the next day.",
        "payouts_not_allowed": "Read `payoutObstacles` of the merchant for the reasons and remedies.",
        # People behind the business.
        "authorizer_duplicate": _PERSONS,
        "authorizer_relationship_invalid_for_representative": _PERSONS,
        "duplicate_person_not_allowed": _PERSONS,
        "individual_additional_person_not_allowed": _PERSONS,
        "invalid_relationship_for_identity_type_structure_and_country": _PERSONS,
        "legal_guardian_representative_not_allowed": _PERSONS,
        "legal_guardian_requires_existing_representative": _PERSONS,
        "person_percent_ownership_invalid": _PERSONS,
        "total_person_ownership_exceeded": _PERSONS,
        # Reading, linking and closing accounts.
        "account_not_yet_compatible_with_v2": (
            "Retry in ten minutes: until then, API v2 does not accept an account that was just created with "
            "API v1."
        ),
        "cannot_delete_account_with_balance": "Pay out or settle the balance before closing the account.",
        "cannot_delete_customer_with_available_cash_balance": (
            "Use up or refund the cash balance of the customer before closing the account."
        ),
        "configs_must_match_to_close": "Use refreshMerchant, then closeMerchant again.",
        "configs_must_match_to_use_account_links": "Use refreshMerchant, then createOnboardingLink again.",
        "not_found": (
            "Check that CONNECTQL_STRIPE_API_KEY belongs to the platform and mode that created the account."
        ),
        "pending_transactions_cannot_be_deleted": (
            "Close the account when its pending transactions have settled."
        ),
        "stripe_loss_liable_cannot_be_deleted": (
            "Stop using the account and take no more fees: in live mode, the merchant keeps an account "
            "with a full Dashboard."
        ),
        "v1_account_instead_of_v2_account": (
            "Use createMerchant for a new account: ConnectQL cannot use accounts of the v1 API."
        ),
        "v1_customer_instead_of_v2_account": (
            "Use createMerchant for a new account: ConnectQL cannot use customers of the v1 API."
        ),
    }
)


# The codes with which Stripe refuses a client's input to createMerchant or replaceAccount. The client can
# then send another input.
REFUSALS_OF_INPUT = frozenset(
    {
        "account_capability_not_supported",
        "account_country_unsupported_currency",
        "address_characters_invalid",
        "address_country_identity_country_mismatch",
        "address_postal_code_invalid",
        "address_state_invalid",
        "address_town_invalid",
        "capability_not_available_for_dashboard_type",
        "capability_not_available_for_entity_type_in_country",
        "capability_not_available_for_loss_collector",
        "capability_not_available_in_country",
        "capability_not_available_in_platform_country",
        "capability_not_available_without_other_capability",
        "capability_not_available_without_other_capability_in_country",
        "cross_border_connected_account_creation_not_allowed",
        "date_of_birth_age_restriction",
        "date_of_birth_invalid",
        "email_domain_invalid_for_recipient",
        "email_invalid",
        "entity_type_not_supported_in_country",
        "identity_country_required",
        "incorrect_token_wrong_type",
        "invalid_account_token",
        "mcc_invalid",
        "param_alongside_account_token",
        "phone_invalid",
        "postal_code_required_for_jp_address",
        "statement_descriptor_invalid",
        "structure_incompatible_for_entity_type_country",
        "token_already_used",
        "token_expired",
        "unsupported_identity_field_for_configs",
        "unsupported_postal_code",
        "unsupported_state",
        "url_invalid",
        "v1_token_invalid_in_v2",
    }
)


def refusal(code: str) -> str | None:
    """The remedy for an error code, or None for an unknown code."""
    return REFUSALS.get(code)
