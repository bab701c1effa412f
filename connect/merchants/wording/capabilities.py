"""Titles of capabilities, and explanations for inactive ones."""

from collections.abc import Mapping
from types import MappingProxyType

from connect.merchants.rules.messages import Audience
from connect.merchants.wording.words import readable

CAPABILITIES = MappingProxyType(
    {
        # Payment methods.
        "ach_debit_payments": "US bank debits (ACH)",
        "acss_debit_payments": "Canadian bank debits (PAD)",
        "affirm_payments": "Affirm",
        "afterpay_clearpay_payments": "Afterpay and Clearpay",
        "alma_payments": "Alma",
        "amazon_pay_payments": "Amazon Pay",
        "au_becs_debit_payments": "Australian bank debits (BECS)",
        "bacs_debit_payments": "UK Direct Debit (Bacs)",
        "bancontact_payments": "Bancontact",
        "blik_payments": "BLIK",
        "blik_recurring_payments": "BLIK recurring payments",
        "boleto_payments": "Boleto",
        "card_payments": "Card payments",
        "cartes_bancaires_payments": "Cartes Bancaires",
        "cashapp_payments": "Cash App Pay",
        "eps_payments": "EPS",
        "fpx_payments": "FPX",
        "gb_bank_transfer_payments": "UK bank transfers",
        "giropay_payments": "giropay",
        "grabpay_payments": "GrabPay",
        "ideal_payments": "iDEAL",
        "jcb_payments": "JCB cards",
        "jp_bank_transfer_payments": "Japanese bank transfers",
        "kakao_pay_payments": "Kakao Pay",
        "klarna_payments": "Klarna",
        "konbini_payments": "Konbini (convenience stores)",
        "kr_card_payments": "Korean cards",
        "link_payments": "Link",
        "mobilepay_payments": "MobilePay",
        "multibanco_payments": "Multibanco",
        "mx_bank_transfer_payments": "Mexican bank transfers",
        "naver_pay_payments": "Naver Pay",
        "oxxo_payments": "OXXO",
        "p24_payments": "Przelewy24",
        "pay_by_bank_payments": "Pay by Bank",
        "payco_payments": "PAYCO",
        "paynow_payments": "PayNow",
        "paypay_payments": "PayPay",
        "pix_payments": "Pix",
        "promptpay_payments": "PromptPay",
        "revolut_pay_payments": "Revolut Pay",
        "samsung_pay_payments": "Samsung Pay",
        "satispay_payments": "Satispay",
        "sepa_bank_transfer_payments": "Euro bank transfers (SEPA)",
        "sepa_debit_payments": "Euro direct debits (SEPA)",
        "sequra_payments": "seQura",
        "sofort_payments": "Sofort",
        "sunbit_payments": "Sunbit",
        "swish_payments": "Swish",
        "twint_payments": "TWINT",
        "us_bank_account_ach_payments": "US bank debits (ACH)",
        "us_bank_transfer_payments": "US bank transfers",
        "zip_payments": "Zip",
        # Payouts and transfers.
        "bank_accounts.ach": "Payouts to US bank accounts (ACH)",
        "bank_accounts.fedwire": "Payouts by US wire (Fedwire)",
        "bank_accounts.fps": "Payouts by UK Faster Payments",
        "bank_accounts.local": "Payouts to local bank accounts",
        "bank_accounts.rtp": "Instant payouts to US bank accounts",
        "bank_accounts.sepa": "Payouts to euro bank accounts (SEPA)",
        "bank_accounts.swift": "Payouts to banks abroad (SWIFT)",
        "bank_accounts.wire": "Payouts by wire transfer",
        "cards": "Payouts to cards",
        "payouts": "Payouts",
        "stripe_balance.payouts": "Payouts",
        "stripe_balance.stripe_transfers": "Transfers from the platform",
        "stripe_transfers": "Transfers from the platform",
        "transfers": "Transfers from the platform",
        # Capabilities of the configuration `customer`: the merchant is a customer of the platform.
        "automatic_indirect_tax": "Automatic tax calculation",
    }
)

# One text for both audiences, or a text for the platform's staff and one for the merchant.
_Text = str | tuple[str, str]

CAPABILITY_DETAILS: Mapping[str, _Text] = MappingProxyType(
    {
        "determining_status": (
            "Stripe is deciding whether this can be turned on. There is nothing to do right now."
        ),
        "external_hold": (
            "Stripe has put this on hold for a third party, such as an authority. No information can lift "
            "the hold."
        ),
        "legal_hold": "Stripe has put this on hold for legal reasons. No information can lift the hold.",
        "pep_review": (
            "Stripe is checking a person who may hold public office. There is nothing to do right now."
        ),
        "rejected_fraud": (
            "Stripe turned this off because it suspects fraud. Contact Stripe support if this is a mistake."
        ),
        "rejected_incomplete_verification": (
            "Stripe turned this off because it could not confirm the details of the business in time. "
            "Contact Stripe support to discuss the options."
        ),
        "rejected_listed": (
            "Stripe turned this off because a name on the account may be on a list of people or businesses "
            "it must not serve. Contact Stripe support if this is a mistake."
        ),
        "rejected_other": "Stripe turned this off. Contact Stripe support to learn why.",
        "rejected_platform_fraud": (
            "This was turned off because the platform suspects fraud.",
            (
                "This was turned off because the platform you use suspects fraud. "
                "Contact the platform if this is a mistake."
            ),
        ),
        "rejected_platform_other": (
            "The platform asked for this to be turned off.",
            "The platform you use asked for this to be turned off. Contact the platform to learn why.",
        ),
        "rejected_platform_terms_of_service": (
            "This was turned off because the platform found a breach of its terms.",
            (
                "This was turned off because the platform you use found a breach of its terms. "
                "Contact the platform if this is a mistake."
            ),
        ),
        "rejected_terms_of_service": (
            "Stripe turned this off because it found a breach of its terms of service. "
            "Contact Stripe support if this is a mistake."
        ),
        "requirements_past_due": (
            "Stripe still needs information from the merchant.",
            "Stripe still needs information from you. Provide the required information to turn this on.",
        ),
        "requirements_pending_verification": (
            "Stripe is checking the information that the merchant sent. There is nothing to do right now.",
            "Stripe is checking the information you sent. There is nothing to do right now.",
        ),
        "restricted_other": "Stripe has limited this. Contact Stripe support to learn why.",
        "sanctions_review": (
            "Stripe is comparing names on the account with sanctions lists. There is nothing to do right now."
        ),
        "unsupported_business": (
            "Stripe does not offer this for this kind of business.",
            "Stripe does not offer this for your kind of business.",
        ),
        "unsupported_country": (
            "Stripe does not offer this in the country of the business.",
            "Stripe does not offer this in the country of your business.",
        ),
        "unsupported_entity_type": (
            "Stripe does not offer this for this type of business, such as sole trader or company.",
            "Stripe does not offer this for your type of business, such as sole trader or company.",
        ),
    }
)

_DETAIL_FAMILIES: tuple[tuple[str, _Text], ...] = (
    (
        "rejected_platform_",
        (
            "The platform asked for this to be turned off.",
            "The platform you use asked for this to be turned off. Contact the platform.",
        ),
    ),
    ("rejected_", "Stripe turned this off. Contact Stripe support to learn why."),
    ("requirements_", "Stripe still needs information, or is checking it."),
    (
        "unsupported_",
        (
            "Stripe does not offer this for this business.",
            "Stripe does not offer this for your business.",
        ),
    ),
)
_DEFAULT_DETAIL = "This is limited for now. The form or Stripe support can tell more."


def capability(name: str) -> str:
    """The title that merchants read, such as "Payouts" for "stripe_balance.payouts"."""
    if name in CAPABILITIES:
        return CAPABILITIES[name]
    last = name.rpartition(".")[2]
    return readable([last.removesuffix("_payments")], default="Another service")


def capability_detail(code: str, audience: Audience) -> str:
    """The explanation of a status detail."""
    family = next((text for prefix, text in _DETAIL_FAMILIES if code.startswith(prefix)), _DEFAULT_DETAIL)
    text = CAPABILITY_DETAILS.get(code, family)
    if isinstance(text, tuple):
        return text[0] if audience is Audience.PLATFORM else text[1]
    return text
