"""The texts about a dispute, for the platform's staff and for the merchant. No text contains a date. Pure.

The reason of a dispute is the claim of the cardholder, and merchants may read it. The bank's own report of a
fraud (an early fraud warning) is not part of a dispute.
"""

from collections.abc import Mapping

# https://docs.stripe.com/disputes/categories
REASONS: Mapping[str, str] = {
    "bank_cannot_process": "The customer's bank could not process the debit.",
    "check_returned": "The customer's bank returned the check.",
    "credit_not_processed": "The customer says that a promised refund has not arrived.",
    "customer_initiated": "The customer asked the bank to return the debit.",
    "debit_not_authorized": "The customer says that the debit was not authorized.",
    "duplicate": "The customer says that the same purchase was charged twice.",
    "fraudulent": "The cardholder says that somebody else made this payment.",
    "general": "The customer disputes the payment for a reason that the bank does not name.",
    "incorrect_account_details": "The bank says that the details of the customer's account were wrong.",
    "insufficient_funds": "The customer's account did not have enough money for the debit.",
    "noncompliant": "The bank says that the payment breaks a rule of the card network.",
    "product_not_received": "The customer says that the product or service did not arrive.",
    "product_unacceptable": "The customer says that the product was defective or not as described.",
    "subscription_canceled": "The customer says that the subscription was canceled before this payment.",
    "unrecognized": "The customer does not recognize the payment.",
}
OTHER_REASON = "The customer or the bank questions the payment. The Stripe Dashboard shows the reason."
# https://docs.stripe.com/disputes/how-disputes-work#early-fraud-warnings
WARNING = (
    "The customer's bank may soon dispute the payment. A full refund before that usually avoids the dispute "
    "and its fee. The bank names no date."
)
WARNING_ENDED = "Nothing is left to do: the payment is refunded in full, or is disputed already."
INQUIRY = "The customer's bank asks about the payment; no money has moved."

# The names are Stripe's `required_actions` of Visa's Compelling Evidence 3.0.
MISSING: Mapping[str, str] = {
    "missing_customer_identifiers": "Two identifiers of the customer that are equal in all three payments. "
    "One of them must be the IP address or the device.",
    "missing_disputed_transaction_description": "The product of the disputed payment.",
    "missing_merchandise_or_services": "Whether the disputed payment was for merchandise or services.",
    "missing_prior_undisputed_transaction_description": "The products of both prior payments.",
    "missing_prior_undisputed_transactions": "Two prior payments of the same card that were not disputed.",
}
OTHER_MISSING = "Something that the Stripe Dashboard names."

LABELS: Mapping[str, str] = {
    "action.none": "Nothing is left to do",
    "action.look": "See the Stripe Dashboard",
    "action.wait.bank": "Wait for the bank's decision",
    "action.wait.late": "Wait for the bank: the time for an answer is over",
    "action.wait.final": "Wait for the bank: it does not accept an answer",
    "action.wait.refunded": "Wait for the bank to end its inquiry: the payment is refunded",
    "action.inquiry": "Refund the payment in full, or answer the bank",
    "action.appeal": (
        "Give the reason for the appeal, with files, or accept the appeal in the Stripe Dashboard"
    ),
    "action.fee": "Answer, which costs a fee of the card network, or accept the dispute",
    "action.fee.inquiry": "Answer, which costs a fee of the card network, or let the deadline pass",
    "action.compliance": "Answer in the Stripe Dashboard, which names the network's fee",
    "action.respond": "Answer with evidence, or accept the dispute",
}


def explanation(reason: str | None, *, is_inquiry: bool) -> str:
    """The claim of the customer or the bank, in plain words."""
    claim = REASONS.get(reason or "", OTHER_REASON)
    return f"{INQUIRY} {claim}" if is_inquiry else claim
