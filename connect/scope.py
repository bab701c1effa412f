"""The caller and the merchants that it may see. No other module decides about visibility."""

import enum
import math
from dataclasses import dataclass, field
from typing import NamedTuple

from tortoise.queryset import QuerySet

from connect.merchants.rules.messages import Audience
from models import Merchant
from models.merchant import has_external_id
from models.payment import is_of_merchant
from models.sql import Select


class Role(enum.Enum):
    OPERATOR = "OPERATOR"
    SERVICE = "SERVICE"
    MERCHANT = "MERCHANT"


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller. For a MERCHANT, `merchant` is the external id of the only merchant that it may see."""

    subject: str
    role: Role
    merchant: str | None = None
    # When the token expires, in Unix time. Two tokens of the same caller make equal principals.
    expires_at: float = field(default=math.inf, compare=False)

    def __hash__(self) -> int:
        # The role is left out, because hashing an enum member calls a slow Python function.
        return hash((self.subject, self.merchant))


class Payer(NamedTuple):
    """The caller whose limit applies to a call to Stripe. For a MERCHANT, `name` is the external id."""

    role: Role
    name: str


def merchants(principal: Principal) -> QuerySet[Merchant]:
    """The merchants that this caller may see, for queries with the ORM."""
    if principal.role is Role.MERCHANT:
        return Merchant.filter(external_id=principal.merchant or "")
    return Merchant.all()


def conditions(statement: Select, principal: Principal) -> list[str]:
    """The conditions of `merchants` for a handwritten statement on the merchant table."""
    if principal.role is not Role.MERCHANT:
        return []
    return [has_external_id(statement, principal.merchant or "")]


def payment_conditions(statement: Select, principal: Principal) -> list[str]:
    """The conditions for payments, disputes or payouts of the merchants that the caller may see."""
    if principal.role is not Role.MERCHANT:
        return []
    return [is_of_merchant(statement, principal.merchant or "")]


def visibility_key(principal: Principal) -> str | None:
    """A key that is equal for callers that may see the same merchants.

    It is the external id of the only visible merchant, or None for all merchants.
    """
    return principal.merchant or "" if principal.role is Role.MERCHANT else None


def payer(principal: Principal) -> Payer:
    """The key under which a caller's calls to Stripe are counted. A merchant's tokens all count together."""
    if principal.role is Role.MERCHANT:
        return Payer(Role.MERCHANT, principal.merchant or "")
    return Payer(principal.role, principal.subject)


def document_column(principal: Principal) -> str:
    """The name of the column with the document that this caller reads.

    The document for merchants withholds the reasons that merchants must not read. It is null in a row that a
    replica of release 0.1.0 has created, until a worker rebuilds the row. Merchants do not see such a row.
    """
    return "merchant_document" if principal.role is Role.MERCHANT else "document"


def audience(principal: Principal) -> Audience:
    """The audience of texts for this caller."""
    return Audience.MERCHANT if principal.role is Role.MERCHANT else Audience.PLATFORM


def can_see(principal: Principal, external_id: str) -> bool:
    """Whether the caller may see the merchant with this external id. Sends no statement."""
    return principal.role is not Role.MERCHANT or external_id == principal.merchant
