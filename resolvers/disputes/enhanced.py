"""The inputs for Visa's Compelling Evidence 3.0 and for appeals."""

import enum

import strawberry
from strawberry import field

from connect.disputes.enhanced import Appeal, CompellingEvidence, Transaction
from resolvers.common.scalars import CountryCode, value

_TEXT = "At most 20,000 characters."


@strawberry.enum(description="The kind of thing that the customer bought.")
class PurchaseKind(enum.Enum):
    MERCHANDISE = value("MERCHANDISE", "Goods.")
    SERVICES = value("SERVICES", "Services.")


@strawberry.input(description="The address to which a purchase was shipped.")
class EvidenceAddressInput:
    line1: str | None = field(default=None, description="The street and the number.")
    line2: str | None = field(default=None, description="The apartment, floor or company.")
    city: str | None = field(default=None, description="The city.")
    state: str | None = field(default=None, description="The state, province or county.")
    postal_code: str | None = field(default=None, description="The postal code.")
    country: CountryCode | None = field(default=None, description="The country.")


@strawberry.input
class EvidenceTransactionInput:
    """The fields that the disputed payment and the prior payments share."""

    customer_purchase_ip: str | None = field(
        default=None, description="The IP address from which the customer made the purchase."
    )
    customer_device_id: str | None = field(
        default=None, description="The id of the customer's device: at least 15 characters."
    )
    customer_device_fingerprint: str | None = field(
        default=None,
        description="A fingerprint of the customer's device. It combines at least two attributes of the "
        "device, and has at least 20 characters.",
    )
    customer_account_id: str | None = field(
        default=None, description="The name or id with which the customer logs in to the merchant's product."
    )
    customer_email_address: str | None = field(default=None, description="The customer's e-mail address.")
    product_description: str | None = field(
        default=None, description=f"A description of the product or service. {_TEXT}"
    )
    shipping_address: EvidenceAddressInput | None = field(
        default=None, description="The address to which the purchase was shipped."
    )


@strawberry.input(description="The disputed payment.")
class DisputedTransactionInput(EvidenceTransactionInput):
    merchandise_or_services: PurchaseKind | None = field(
        default=None, description="The kind of thing that the customer bought."
    )


@strawberry.input(description="An earlier payment of the same card that was not disputed.")
class PriorTransactionInput(EvidenceTransactionInput):
    stripe_charge_id: strawberry.ID = field(description="Stripe's id of the charge: `ch_...`.")


@strawberry.input(
    description="The evidence for Visa's Compelling Evidence 3.0. It answers the claim that somebody other "
    "than the cardholder paid. It replaces all staged evidence of this kind. In the returned dispute, "
    "`evidence.programs` lists the parts that are still missing. At least two of these values must be equal "
    "in all three payments: the IP address, the device (id or fingerprint), the shipping address, the e-mail "
    "address and the account. One of the two must be the IP address or the device."
)
class CompellingEvidenceInput:
    disputed_transaction: DisputedTransactionInput = field(description="The disputed payment.")
    prior_transactions: list[PriorTransactionInput] = field(
        description="Exactly two payments of the same card, 120 to 365 days before the disputed one, that "
        "were not disputed."
    )


@strawberry.input(description="The evidence of an appeal. It replaces the staged evidence of an appeal.")
class AppealInput:
    reason: str = field(description=f"Why the decision was wrong. {_TEXT}")
    file_ids: list[strawberry.ID] = field(
        default_factory=list,
        description="The ids of files that support the appeal: `file_...`. `POST /disputes/files` uploads a "
        "file and returns its id.",
    )


def compelling(given: CompellingEvidenceInput | None) -> CompellingEvidence | None:
    """Convert the input. None stays None."""
    if given is None:
        return None
    prior = [_transaction(one, str(one.stripe_charge_id)) for one in given.prior_transactions]
    return CompellingEvidence(_transaction(given.disputed_transaction), prior)


def appeal(given: AppealInput | None) -> Appeal | None:
    """Convert the input. None stays None."""
    return Appeal(given.reason, [str(one) for one in given.file_ids]) if given is not None else None


def _transaction(given: EvidenceTransactionInput, charge: str | None = None) -> Transaction:
    others = {"shipping_address", "stripe_charge_id"}
    values = {
        name: one.value.lower() if isinstance(one, PurchaseKind) else one
        for name, one in vars(given).items()
        if one is not None and name not in others
    }
    address = given.shipping_address
    parts = {name: one for name, one in vars(address).items() if one is not None} if address else None
    return Transaction(values, parts, charge)
