"""Remedies for the platform's developer after Stripe has refused a call about an account.

For a code that is not listed, Stripe's own message is the best advice.
"""

from types import MappingProxyType

_PROFILE = "in the Stripe Dashboard, under the settings of Connect"

REFUSALS = MappingProxyType(
    {
        # The platform itself is not ready.
        "account_create_activation_required": (
            "Activate the platform's own Stripe account before creating accounts in live mode."
        ),
        "account_creation_liability_unacknowledged": (
            f"Acknowledge the platform's responsibility for losses {_PROFILE}."
        ),
        "account_creation_losses_collector_unavailable": (
            "Send `stripe` as `losses_collector`, or ask Stripe to let the platform bear losses."
        ),
        "account_creation_requirement_collection_and_liability_unacknowledged": (
            f"Acknowledge the responsibilities for losses and for collecting requirements {_PROFILE}."
        ),
        "account_creation_requirement_collection_unacknowledged": (
            f"Acknowledge the responsibility for collecting requirements {_PROFILE}."
        ),
        "accounts_v2_access_blocked": (
            "Turn on Accounts v2 for the platform in the Stripe Dashboard, or ask Stripe support to do so."
        ),
        "can_create_platform_owned_onboarding_accounts_required": (
            "Let Stripe collect requirements, or ask Stripe to let the platform collect them."
        ),
        "cannot_create_connected_account": (
            "Resolve the problems of the platform's own account in the Stripe Dashboard."
        ),
        "cannot_create_new_account_rejected": (
            "Contact Stripe support: the platform was rejected and cannot create accounts."
        ),
        "connect_identity_not_verified": "Verify the identity of the platform in the Stripe Dashboard.",
        "connect_profile_not_submitted": f"Fill in and submit the platform profile {_PROFILE}.",
        "custom_account_beta": (
            "Ask Stripe for access to this kind of account, or create it with the full dashboard."
        ),
        "non_connect_platform_accounts_v2_access_blocked": (
            "Register the platform for Connect in the Stripe Dashboard."
        ),
        "platform_registration_required": "Register the platform for Connect in the Stripe Dashboard.",
        # The request as a whole.
        "account_creation_invalid": (
            "Compare the whole request with Stripe's reference; the message names the fault."
        ),
        "account_rate_limit_exceeded": (
            "Send fewer calls about the same account at once and retry with a delay."
        ),
        "configuration_creation_invalid": (
            "Compare `configuration` with Stripe's reference; the message names the fault."
        ),
        "idempotency_error": "Send the same body as before with this idempotency key, or use a new key.",
        "lock_timeout": "Retry with a delay: another call is changing the same account.",
        "parameter_unknown": (
            "Remove the field that the message names; this version of the API does not know it."
        ),
        # Dashboard and responsibilities.
        "account_controller_express_dash_without_application_losses_or_fees": (
            "Send `application` as `fees_collector` and `losses_collector`, or ask for the full dashboard."
        ),
        "account_controller_stripe_pricing_platform_liable": (
            "Send `application` as `fees_collector` too, or `stripe` as `losses_collector`."
        ),
        "account_controller_ua_unsupported_configuration": (
            "Use another combination of `dashboard` and `responsibilities`; this preview does not allow it."
        ),
        "account_controller_unsupported_configuration": (
            "Use a combination of `dashboard` and `responsibilities` that Stripe allows; "
            "with the full dashboard, `stripe` collects fees and losses."
        ),
        "account_controller_unsupported_configuration_private_preview": (
            "Use another combination of `responsibilities`, or ask Stripe for access to the preview."
        ),
        # Configurations and capabilities.
        "account_capability_not_supported": "Leave out the capability that the message names.",
        "account_configuration_not_supported": "Leave out the configuration that the message names.",
        "capability_cannot_be_unrequested_due_to_other_capability_requirement": (
            "Keep the capability, or also give up the one that needs it."
        ),
        "capability_not_available_for_dashboard_type": (
            "Leave out the capability, or create the account with another `dashboard`."
        ),
        "capability_not_available_for_entity_type_in_country": (
            "Leave out the capability for this `entity_type` in this country."
        ),
        "capability_not_available_for_loss_collector": (
            "Leave out the capability, or create the account with another `losses_collector`."
        ),
        "capability_not_available_in_country": "Leave out the capability for accounts in this country.",
        "capability_not_available_in_platform_country": (
            "Leave out the capability: it is not offered to platforms in your country."
        ),
        "capability_not_available_without_other_capability": (
            "Also request the other capability that the message names."
        ),
        "capability_not_available_without_other_capability_in_country": (
            "Also request the other capability that the message names; this country needs both."
        ),
        "unsupported_field_for_configs": (
            "Leave out the field that the message names, or add the configuration it belongs to."
        ),
        "unsupported_identity_field_for_configs": (
            "Request a capability before sending this part of `identity`, or leave it out."
        ),
        # Country, currency, kind of business.
        "account_country_unsupported_currency": (
            "Send a `defaults.currency` that the country of the account allows."
        ),
        "bgn_bank_accounts_unsupported": (
            "Use a bank account in euro: Bulgaria no longer has accounts in lev."
        ),
        "cross_border_connected_account_creation_not_allowed": (
            "Create accounts only in countries that the platform's own country can serve."
        ),
        "default_currency_immutable": (
            "Leave out `defaults.currency`: it cannot change once the account is active."
        ),
        "entity_type_not_supported_in_country": (
            "Send an `entity_type` that the country of the account allows."
        ),
        "identity_country_required": "Send `identity.country`.",
        "immutable_identity_param": "Leave out the field that the message names: it can no longer change.",
        "invalid_timezone": "Send a time zone from the IANA list, such as `Europe/Berlin`.",
        "structure_incompatible_for_entity_type_country": (
            "Send a `structure` that fits the `entity_type` and the country, or leave it out."
        ),
        # Contact, address, and details that customers see.
        "address_characters_invalid": "Remove the characters that the message names from the address.",
        "address_country_identity_country_mismatch": (
            "Send the same country in the address as in `identity.country`."
        ),
        "address_country_mismatch": "Send the same country in all addresses of this person.",
        "address_country_required": "Send the country of the address.",
        "address_postal_code_invalid": "Send a postal code that exists in the country of the address.",
        "address_state_invalid": "Send a state that exists in the country of the address.",
        "address_town_invalid": "Send a town that exists in the country of the address.",
        "email_domain_invalid_for_recipient": "Ask for an email address at another provider.",
        "email_invalid": "Ask for the email address again and check its format before sending it.",
        "mcc_invalid": "Send an `mcc` from Stripe's list of four-digit category codes, or leave it out.",
        "non_jp_kana_kanji_address": "Send addresses in kana and kanji only with the country `JP`.",
        "phone_invalid": "Send the phone number with its country code, such as `+15555550123`.",
        "postal_code_required_for_jp_address": "Send the postal code with every Japanese address.",
        "script_characters_invalid": "Send only kana in the kana fields and only kanji in the kanji fields.",
        "shipping_address_required": "Send the shipping address, or leave out `shipping`.",
        "shipping_name_required": "Send the name for shipping, or leave out `shipping`.",
        "statement_descriptor_invalid": (
            "Send 5 to 22 Latin characters with at least one letter and none of `< > \\ ' \" *`."
        ),
        "unsupported_postal_code": "Ask for another address: Stripe does not serve this postal code.",
        "unsupported_state": "Ask for another address: Stripe does not serve this state.",
        "url_invalid": "Send a complete public web address, such as `https://example.com`.",
        # Dates, numbers, documents.
        "date_of_birth_age_restriction": "Ask for a representative who is old enough.",
        "date_of_birth_invalid": "Send a date of birth that exists and is in the past.",
        "document_invalid": "Upload the file again with the platform's key and send the new file id.",
        "document_purpose_invalid": "Upload the file again with the `purpose` that this document needs.",
        "id_number_invalid": "Check the number against the format of its `type`.",
        "incorrect_id_number_for_country": (
            "Send a `type` of number that belongs to the country of the account."
        ),
        "invalid_id_number_for_structure": (
            "Send a `type` of number that fits the `entity_type` and `structure` of the business."
        ),
        "invalid_id_number_registrar": "Send a German register court that Stripe knows as `registrar`.",
        "ip_address_invalid": "Send the IP address of the merchant's browser, as IPv4 or IPv6.",
        "registration_date_invalid": "Send a registration date that is in the past.",
        # Attestations that only the merchant can make.
        "account_terms_of_service_not_accepted": (
            "Let the merchant accept Stripe's terms in the hosted onboarding first."
        ),
        "directorship_declaration_not_allowed_during_account_creation": (
            "Send the declaration of directors in an update, after the directors were added."
        ),
        "ownership_declaration_not_allowed_during_account_creation": (
            "Send the declaration of owners in an update, after the owners were added."
        ),
        "tos_acceptance_on_behalf_not_allowed": (
            "Leave out the acceptance of the terms: Stripe collects it in the hosted onboarding."
        ),
        # Tokens.
        "account_token_required": (
            "Create an account token in the browser and send it: your country requires it."
        ),
        "incorrect_account_for_person_token": "Create the person token for the account it is used on.",
        "incorrect_token_wrong_type": "Send a token of the type that this call needs.",
        "invalid_account_token": "Create a new account token with the platform's own publishable key.",
        "invalid_person_token": "Create a new person token with the platform's own publishable key.",
        "param_alongside_account_token": "Put the field that the message names into the account token.",
        "param_alongside_person_token": "Put the field that the message names into the person token.",
        "person_token_required": (
            "Create a person token in the browser and send it: your country requires it."
        ),
        "token_already_used": "Create a new token: each one works once.",
        "token_expired": "Create a new token and send it within minutes.",
        "v1_token_invalid_in_v2": "Create the token with the v2 API.",
        # Paying the platform.
        "default_payment_method_invalid": "Send a payment method that exists and belongs to this account.",
        "default_payment_method_invalid_type": "Send a payment method of a type that can be charged again.",
        "test_clock_disallowed_on_live_mode": "Leave out the test clock in live mode.",
        "test_clock_invalid": "Send the id of a test clock that exists and has not ended.",
        # People behind the business.
        "authorizer_duplicate": "Remove the other authorizer first: there can be only one.",
        "authorizer_relationship_invalid_for_representative": (
            "Choose another person: a representative cannot also be the authorizer."
        ),
        "duplicate_person_not_allowed": "Update the person who is already on the account.",
        "individual_additional_person_not_allowed": "Add no other persons to the account of an individual.",
        "invalid_relationship_for_identity_type_structure_and_country": (
            "Leave out the relationship: this kind of business does not have it in this country."
        ),
        "legal_guardian_representative_not_allowed": (
            "Choose another person: a representative cannot be the guardian."
        ),
        "legal_guardian_requires_existing_representative": (
            "Add the representative before the legal guardian."
        ),
        "person_percent_ownership_invalid": "Send a share above 0 for an owner, as a decimal string.",
        "total_person_ownership_exceeded": "Correct the shares of the owners: together they exceed 100%.",
        # Reading, linking and closing accounts.
        "account_not_yet_compatible_with_v2": (
            "Retry in ten minutes: v2 does not accept a new account of the v1 API earlier."
        ),
        "cannot_delete_account_with_balance": "Pay out or settle the balance before closing the account.",
        "cannot_delete_customer_with_available_cash_balance": (
            "Use up or refund the cash balance of the customer before closing the account."
        ),
        "configs_must_match_to_close": "Name all configurations of the account when closing it.",
        "configs_must_match_to_use_account_links": (
            "Name the same configurations in the link as the account has."
        ),
        "not_found": "Check the id, and that it belongs to this platform and to the same mode as the key.",
        "pending_transactions_cannot_be_deleted": (
            "Close the account when its pending transactions have settled."
        ),
        "stripe_loss_liable_cannot_be_deleted": (
            "Stop using the account and take no more fees: in live mode, the merchant keeps an account "
            "with a full Dashboard."
        ),
        "v1_account_instead_of_v2_account": "Use the id of an account that was created with the v2 API.",
        "v1_customer_instead_of_v2_account": "Use the id of an account, not that of a v1 customer.",
    }
)


# Refusals of the client's own input to createMerchant. The client corrects them by other input.
REFUSALS_OF_INPUT = frozenset(
    {
        "account_capability_not_supported",
        "capability_not_available_for_dashboard_type",
        "capability_not_available_for_entity_type_in_country",
        "capability_not_available_for_loss_collector",
        "capability_not_available_in_country",
        "capability_not_available_in_platform_country",
        "capability_not_available_without_other_capability",
        "capability_not_available_without_other_capability_in_country",
        "cross_border_connected_account_creation_not_allowed",
        "email_domain_invalid_for_recipient",
        "email_invalid",
        "entity_type_not_supported_in_country",
        "identity_country_required",
        "url_invalid",
    }
)


def refusal(code: str) -> str | None:
    """The remedy for an error code, or None for an unknown code."""
    return REFUSALS.get(code)
