"""Who is calling, and which merchants that caller may see: the one place that decides it."""

import enum
import math
from dataclasses import dataclass, field

from tortoise.queryset import QuerySet

from models import Merchant
from models.sql import Select


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
    # Until when the token holds, in seconds since 1970. Another token of the same caller is the same caller.
    expires_at: float = field(default=math.inf, compare=False)


def merchants(principal: Principal) -> QuerySet[Merchant]:
    """The merchants that this caller may see. Every read and write starts from here."""
    if principal.role is Role.MERCHANT:
        return Merchant.filter(external_id=principal.merchant or "")
    return Merchant.all()


def conditions(statement: Select, principal: Principal) -> list[str]:
    """`merchants`, for a statement that is written by hand."""
    if principal.role is Role.MERCHANT:
        return [f"external_id = {statement.value(principal.merchant or '')}"]
    return []


def reach(principal: Principal) -> str | None:
    """What is equal for callers who see the same merchants: the one that they see, or None for all."""
    return principal.merchant or "" if principal.role is Role.MERCHANT else None


def sees(principal: Principal, external_id: str) -> bool:
    """Whether `merchants` would have the one with this external id: for rows that are there already."""
    return principal.role is not Role.MERCHANT or external_id == principal.merchant
