"""The evidence fields of a dispute, and the fields that help against each reason. Pure.

https://docs.stripe.com/api/disputes/update#update_dispute-evidence lists the fields. The
fields that help against a reason follow from their names and from
https://docs.stripe.com/disputes/categories.
"""

import enum
from collections.abc import Mapping


class EvidenceField(enum.Enum):
    """A part of the evidence. In lower case, the value is Stripe's name of the part."""

    ACCESS_ACTIVITY_LOG = "ACCESS_ACTIVITY_LOG"
    BILLING_ADDRESS = "BILLING_ADDRESS"
    CANCELLATION_POLICY_DISCLOSURE = "CANCELLATION_POLICY_DISCLOSURE"
    CANCELLATION_REBUTTAL = "CANCELLATION_REBUTTAL"
    CUSTOMER_EMAIL_ADDRESS = "CUSTOMER_EMAIL_ADDRESS"
    CUSTOMER_NAME = "CUSTOMER_NAME"
    CUSTOMER_PURCHASE_IP = "CUSTOMER_PURCHASE_IP"
    DUPLICATE_CHARGE_EXPLANATION = "DUPLICATE_CHARGE_EXPLANATION"
    DUPLICATE_CHARGE_ID = "DUPLICATE_CHARGE_ID"
    PRODUCT_DESCRIPTION = "PRODUCT_DESCRIPTION"
    REFUND_POLICY_DISCLOSURE = "REFUND_POLICY_DISCLOSURE"
    REFUND_REFUSAL_EXPLANATION = "REFUND_REFUSAL_EXPLANATION"
    SERVICE_DATE = "SERVICE_DATE"
    SHIPPING_ADDRESS = "SHIPPING_ADDRESS"
    SHIPPING_CARRIER = "SHIPPING_CARRIER"
    SHIPPING_DATE = "SHIPPING_DATE"
    SHIPPING_TRACKING_NUMBER = "SHIPPING_TRACKING_NUMBER"
    UNCATEGORIZED_TEXT = "UNCATEGORIZED_TEXT"
    CANCELLATION_POLICY = "CANCELLATION_POLICY"
    CUSTOMER_COMMUNICATION = "CUSTOMER_COMMUNICATION"
    CUSTOMER_SIGNATURE = "CUSTOMER_SIGNATURE"
    DUPLICATE_CHARGE_DOCUMENTATION = "DUPLICATE_CHARGE_DOCUMENTATION"
    RECEIPT = "RECEIPT"
    REFUND_POLICY = "REFUND_POLICY"
    SERVICE_DOCUMENTATION = "SERVICE_DOCUMENTATION"
    SHIPPING_DOCUMENTATION = "SHIPPING_DOCUMENTATION"
    UNCATEGORIZED_FILE = "UNCATEGORIZED_FILE"


# Stripe's name of each text, with a title that people read.
TEXTS: Mapping[str, str] = {
    "access_activity_log": "Log of the customer's use of the product",
    "billing_address": "Billing address of the customer",
    "cancellation_policy_disclosure": "How the customer was shown the cancellation policy",
    "cancellation_rebuttal": "Why the subscription was not canceled",
    "customer_email_address": "E-mail address of the customer",
    "customer_name": "Name of the customer",
    "customer_purchase_ip": "IP address of the purchase",
    "duplicate_charge_explanation": "How this payment differs from the other one",
    "duplicate_charge_id": "Stripe's id of the other charge",
    "product_description": "Description of the product or service",
    "refund_policy_disclosure": "How the customer was shown the refund policy",
    "refund_refusal_explanation": "Why the customer gets no refund",
    "service_date": "Date on which the service was provided",
    "shipping_address": "Address to which the product was shipped",
    "shipping_carrier": "Carrier of the shipment",
    "shipping_date": "Date of the shipment",
    "shipping_tracking_number": "Tracking number of the shipment",
    "uncategorized_text": "Anything else that helps",
}
FILES: Mapping[str, str] = {
    "cancellation_policy": "Cancellation policy",
    "customer_communication": "Messages from and to the customer",
    "customer_signature": "Signature of the customer",
    "duplicate_charge_documentation": "Receipt of the other payment",
    "receipt": "Receipt of the payment",
    "refund_policy": "Refund policy",
    "service_documentation": "Proof that the service was provided",
    "shipping_documentation": "Proof of the shipment",
    "uncategorized_file": "Any other document",
}

_ALWAYS = (
    *("product_description", "customer_name", "customer_email_address", "customer_purchase_ip"),
    *("billing_address", "receipt", "customer_communication", "customer_signature"),
)
_OTHER = ("uncategorized_text", "uncategorized_file")
_FRAUD = ("access_activity_log", "shipping_address", "service_documentation", "shipping_documentation")
_RETURNS = ("refund_policy", "refund_policy_disclosure", "refund_refusal_explanation")
_BY_REASON: Mapping[str, tuple[str, ...]] = {
    "fraudulent": _FRAUD,
    "unrecognized": _FRAUD,
    "product_not_received": (
        *("shipping_carrier", "shipping_date", "shipping_tracking_number", "shipping_address"),
        *("shipping_documentation", "service_date", "service_documentation", "access_activity_log"),
    ),
    "product_unacceptable": _RETURNS,
    "credit_not_processed": _RETURNS,
    "subscription_canceled": (
        *("cancellation_policy", "cancellation_policy_disclosure", "cancellation_rebuttal"),
    ),
    "duplicate": (
        *("duplicate_charge_id", "duplicate_charge_explanation", "duplicate_charge_documentation"),
    ),
}


def recommended(reason: str | None) -> tuple[str, ...]:
    """The fields that help against this reason, the strongest first."""
    return (*_BY_REASON.get(reason or "", ()), *_ALWAYS, *_OTHER)


def title(field: str) -> str:
    """The title of a field for people."""
    return TEXTS.get(field) or FILES[field]
