"""Who is calling, and which merchants that caller may see: the one place that decides it."""

import enum
from dataclasses import dataclass

from tortoise.queryset import QuerySet

from models import Merchant


class Role(enum.Enum):
    OPERATOR = "OPERATOR"
    SERVICE = "SERVICE"
    MERCHANT = "MERCHANT"


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller. `merchant` is the external id of the one merchant that a MERCHANT may see."""

    subject: str
    role: Role
    merchant: str | None = None


def merchants(principal: Principal) -> QuerySet[Merchant]:
    """The merchants that this caller may see. Every read and write starts from here."""
    if principal.role is Role.MERCHANT:
        return Merchant.filter(external_id=principal.merchant or "")
    return Merchant.all()
