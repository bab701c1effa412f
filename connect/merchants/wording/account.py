"""Requirements about the account itself: payouts, terms, and details that customers see."""

from types import MappingProxyType

from connect.merchants.wording.business import ATTESTATIONS, BUSINESS
from connect.merchants.wording.words import Wording

_BANK_ACCOUNT = Wording(
    "Bank account for payouts",
    "Add a bank account for your payouts, in the name of the business or its owner.",
)
_TERMS = Wording(
    "Stripe's terms of service", "Read and accept Stripe's terms in the form. Only you can do this."
)
_CATEGORY = Wording(
    "Business category",
    "Choose the category closest to your products or services. Card networks require it for every business.",
)
_WEBSITE = Wording(
    "Website", "Enter the address of your website or shop page. Stripe reviews it, so it must be online."
)
_OFFER = Wording(
    "Description of products or services",
    "Describe in a sentence or two what you sell, to whom, and how customers receive it.",
)
_TRADING_NAME = Wording(
    "Trading name", "Enter the name your customers know, if it differs from the legal name."
)
_KIND = Wording("Type of business", "Choose the type: sole trader, company, non-profit or public body.")
_COUNTRY = Wording("Country of the business", "Choose the country in which the business is registered.")
_CURRENCY = Wording("Main currency", "Choose the currency in which you want to be paid.")
_CONTACT_EMAIL = Wording(
    "Contact email", "Enter an email address that you read. Stripe sends messages about the account to it."
)
_CONTACT_PHONE = Wording(
    "Contact phone number", "Enter a number with country code, at which Stripe can reach you."
)
_STATEMENT = Wording(
    "Name on card statements",
    "Enter the name for your customers' card statements, so that they recognize your payments.",
)
_STATEMENT_PREFIX = Wording(
    "Short name on card statements",
    "Enter a short form of your business name, which appears with details of the payment.",
)
_STATEMENT_JAPANESE = Wording(
    "Name on card statements in Japanese",
    "Enter the name for your customers' card statements, in kana and kanji.",
)
_SUPPORT = Wording(
    "Customer support contact", "Enter the contact details for customers' questions about a payment."
)
_SUPPORT_PHONE = Wording(
    "Customer support phone", "Enter a number customers can call with questions about a payment."
)
_SUPPORT_EMAIL = Wording("Customer support email", "Enter an address customers can write to about a payment.")
_SUPPORT_ADDRESS = Wording("Customer support address", "Enter a postal address customers can write to.")
_SUPPORT_URL = Wording("Customer support page", "Enter the web page where customers find help.")
_BRANDING = Wording("Logo and branding", "Add the logo and colors that customers see when they pay.")
_BACS_NAME = Wording(
    "Name on UK Direct Debits", "Enter the name customers see on their Direct Debit documents."
)
_SEPA_CREDITOR = Wording(
    "SEPA creditor identifier", "Enter the identifier from your bank, if you have your own for direct debits."
)
_DECLINE = Wording("Card checks", "Choose whether to refuse cards with a wrong postal code or security code.")
_PAYOUT_SCHEDULE = Wording("Payout settings", "Choose when and how Stripe pays out your money.")
_SHIPPING = Wording("Shipping address", "Enter the name and address for deliveries.")
_TAX_LOCATION = Wording("Tax location", "Enter the country and region in which you pay tax.")
_APPEAL = Wording(
    "Appeal against a decision",
    "Stripe has rejected the account. If this is a mistake, explain why in the form.",
)
_QUESTIONS = Wording(
    "Questions from Stripe", "Stripe has questions about the business. Answer them in the form."
)
_IDENTITY_CHECK = Wording(
    "Identity check", "Stripe needs to verify the person behind the account. Follow the steps in the form."
)
_ADD_REPRESENTATIVE = Wording(
    "Representative of the business",
    "Add the person who may act for the business, such as an owner or director.",
)


def _about(title: str) -> Wording:
    return Wording(title, "Stripe has questions about this. The merchant answers them in the form.")


# Reviews and holds that Stripe announces with a key that ends in `notice`.
NOTICES = frozenset({"review", "external_hold", "legal_hold", "pep_review", "sanctions_review"})

ACCOUNT = MappingProxyType(
    {
        "external_account": _BANK_ACCOUNT,
        "external_accounts": _BANK_ACCOUNT,
        "payment_method": _BANK_ACCOUNT,
        "defaults.payout_methods": _BANK_ACCOUNT,
        "configuration.recipient.default_outbound_destination": _BANK_ACCOUNT,
        "external_account.documents": BUSINESS["documents.bank_account_ownership_verification"],
        # Terms and promises.
        "identity.attestations.terms_of_service": _TERMS,
        "tos_acceptance": _TERMS,
        **{f"identity.attestations.{path}": wording for path, wording in ATTESTATIONS.items()},
        # The account's contact.
        "identity.country": _COUNTRY,
        "identity.entity_type": _KIND,
        "country": _COUNTRY,
        "business_type": _KIND,
        "contact_email": _CONTACT_EMAIL,
        "contact_phone": _CONTACT_PHONE,
        "display_name": _TRADING_NAME,
        "email": _CONTACT_EMAIL,
        "default_currency": _CURRENCY,
        "defaults.currency": _CURRENCY,
        "defaults.locales": Wording("Language", "Choose the language for messages to you."),
        "defaults.responsibilities": Wording(
            "Fees and losses",
            "The platform sets who pays fees and covers losses. There is nothing for you to do.",
        ),
        # The business itself.
        "configuration.merchant.mcc": _CATEGORY,
        "defaults.profile.mcc": _CATEGORY,
        "business_profile.mcc": _CATEGORY,
        "defaults.profile.business_url": _WEBSITE,
        "business_profile.url": _WEBSITE,
        "defaults.profile.doing_business_as": _TRADING_NAME,
        "business_profile.name": _TRADING_NAME,
        "defaults.profile.product_description": _OFFER,
        "business_profile.product_description": _OFFER,
        "business_profile.annual_revenue": BUSINESS["annual_revenue"],
        "business_profile.annual_revenue.fiscal_year_end": BUSINESS["annual_revenue.fiscal_year_end"],
        "business_profile.estimated_worker_count": BUSINESS["estimated_worker_count"],
        "business_profile.minority_owned_business_designation": BUSINESS[
            "minority_owned_business_designation"
        ],
        "business_profile.monthly_estimated_revenue": BUSINESS["monthly_estimated_revenue"],
        "business_profile.specified_commercial_transactions_act_url": Wording(
            "Page with the legal seller details",
            "Enter the web page with the details that Japanese law requires of sellers.",
        ),
        # Details that customers see.
        "configuration.merchant.statement_descriptor": _STATEMENT,
        "configuration.merchant.statement_descriptor.prefix": _STATEMENT_PREFIX,
        "configuration.merchant.script_statement_descriptor": _STATEMENT_JAPANESE,
        "settings.payments.statement_descriptor": _STATEMENT,
        "settings.payments.statement_descriptor_kana": _STATEMENT_JAPANESE,
        "settings.payments.statement_descriptor_kanji": _STATEMENT_JAPANESE,
        "settings.card_payments.statement_descriptor_prefix": _STATEMENT_PREFIX,
        "settings.card_payments.statement_descriptor_prefix_kana": _STATEMENT_JAPANESE,
        "settings.card_payments.statement_descriptor_prefix_kanji": _STATEMENT_JAPANESE,
        "settings.payouts.statement_descriptor": Wording(
            "Name on payouts", "Enter the text for payouts on your bank statement."
        ),
        "configuration.merchant.support": _SUPPORT,
        "configuration.merchant.support.address": _SUPPORT_ADDRESS,
        "configuration.merchant.support.email": _SUPPORT_EMAIL,
        "configuration.merchant.support.phone": _SUPPORT_PHONE,
        "configuration.merchant.support.url": _SUPPORT_URL,
        "configuration.merchant.support_phone": _SUPPORT_PHONE,
        "configuration.merchant.support_email": _SUPPORT_EMAIL,
        "business_profile.support_address": _SUPPORT_ADDRESS,
        "business_profile.support_email": _SUPPORT_EMAIL,
        "business_profile.support_phone": _SUPPORT_PHONE,
        "business_profile.support_url": _SUPPORT_URL,
        "configuration.merchant.branding": _BRANDING,
        "settings.branding": _BRANDING,
        # Settings of one payment method, and of payouts.
        "configuration.merchant.bacs_debit_payments": _BACS_NAME,
        "settings.bacs_debit_payments": _BACS_NAME,
        "configuration.merchant.konbini_payments.support": Wording(
            "Support contact for Konbini payments",
            "Enter the phone number, email address and opening hours of your support.",
        ),
        "configuration.merchant.sepa_debit_payments": _SEPA_CREDITOR,
        "settings.sepa_debit_payments": _SEPA_CREDITOR,
        "configuration.merchant.card_payments.decline_on": _DECLINE,
        "settings.card_payments.decline_on": _DECLINE,
        "configuration.merchant.capabilities": Wording("Ways to pay", "Choose how customers may pay you."),
        "settings.payouts": _PAYOUT_SCHEDULE,
        # The merchant as a customer of the platform.
        "configuration.customer.shipping": _SHIPPING,
        "configuration.customer.automatic_indirect_tax": _TAX_LOCATION,
        "configuration.customer.billing": Wording(
            "Billing details", "Enter your payment details and invoice details for the platform."
        ),
        "configuration.customer.billing.default_payment_method": Wording(
            "Payment method for the platform", "Add a card or bank account to pay the platform with."
        ),
        # Questions about an account under review.
        "interv": _QUESTIONS,
        "inquiry": _QUESTIONS,
        "inquiry.support": Wording(
            "Message to Stripe support", "Contact Stripe support about this request. There is no form for it."
        ),
        "rejection_appeal": _APPEAL,
        "supportability_rejection_appeal": _APPEAL,
        "identity_verification": _IDENTITY_CHECK,
        "business_model_verification": Wording(
            "Questions about your business model",
            "Explain in the form what you sell and how customers pay for it.",
        ),
        "restricted_or_prohibited_industry_diligence": Wording(
            "Questions about your industry",
            "Some industries need extra checks. Answer the questions in the form.",
        ),
        "other_supportability_inquiry": _QUESTIONS,
        "legal_hold.form": _about("Legal hold"),
        "external_hold.form": _about("Hold on behalf of others"),
        "pep_review.form": _about("Review of a politically exposed person"),
        "sanctions_review.form": _about("Sanctions review"),
        # Notices and reviews, for which nothing can be provided.
        "notice": Wording(
            "Notice from Stripe", "Stripe shows a notice about the account. There is nothing to provide."
        ),
        "review": Wording(
            "Review by Stripe",
            "Stripe is reviewing the account. There is nothing to provide; Stripe support can tell you more.",
        ),
        "external_hold": Wording(
            "Hold on behalf of others",
            "Stripe holds the account's funds for a third party, such as an authority. There is nothing to "
            "provide.",
        ),
        "legal_hold": Wording(
            "Legal hold",
            "Stripe holds the account's funds for legal reasons. There is nothing to provide.",
        ),
        "pep_review": Wording(
            "Review of a politically exposed person",
            "Stripe checks a person who may hold public office. There is nothing to provide.",
        ),
        "sanctions_review": Wording(
            "Sanctions review",
            "Stripe compares names on the account with sanctions lists. There is nothing to provide.",
        ),
        # Persons to add. Requirements about one person are in `PERSON`.
        "relationship.representative": _ADD_REPRESENTATIVE,
        "relationship.owner": Wording(
            "Owners of the business",
            "Add everyone who owns a large share of the business, usually 25% or more.",
        ),
        "relationship.director": Wording("Directors of the business", "Add every director of the business."),
        "relationship.executive": Wording(
            "Managers of the business", "Add everyone who runs the business or makes its main decisions."
        ),
        "relationship.authorizer": Wording(
            "Person who authorizes the representative",
            "Add a person who may authorize the representative to act for the business.",
        ),
        "relationship.legal_guardian": Wording(
            "Legal guardian", "Add the parent or guardian of a representative who is under 18."
        ),
        "representative": _ADD_REPRESENTATIVE,
        "owners": BUSINESS["owners_provided"],
        "directors": BUSINESS["directors_provided"],
        "executives": BUSINESS["executives_provided"],
    }
)
