"""The caller, and the roles and permissions that an operation requires."""

import enum
import json

import strawberry
from strawberry import field

from connect import scope
from connect.merchants.rules.document import Document
from connect.scope import Principal, Role
from resolvers.common.errors import Forbidden
from resolvers.common.scalars import describe
from resolvers.execution.context import Context, Info
from resolvers.merchants.types.merchant import Merchant

describe(
    Role,
    "Role",
    "The role of a caller.",
    OPERATOR="Staff of the platform. May see everything.",
    SERVICE="A server of the platform. May see all merchants, but neither `platform` nor `revenue`.",
    MERCHANT="A merchant. May see only itself.",
)


class Permission(enum.Enum):
    CHARGE = "CHARGE"
    REFUND = "REFUND"
    ANSWER_DISPUTES = "ANSWER_DISPUTES"
    PAY_OUT = "PAY_OUT"


describe(
    Permission,
    "Permission",
    "A kind of change that merchants may make only if the platform's settings allow it.",
    CHARGE="Calling createCheckout, createPaymentIntent, capturePayment and cancelPayment.",
    REFUND="Calling refundPayment.",
    ANSWER_DISPUTES="Calling submitDisputeEvidence and acceptDispute.",
    PAY_OUT="Calling createPayout and updatePayoutSchedule.",
)


@strawberry.type(description="The caller of this API, whom the token identifies.")
class Viewer:
    subject: str = field(description="The subject of the caller's token (the claim `sub`).")
    role: Role = field(description="The role of the caller.")

    @strawberry.field(
        description="The changes that the caller may make. Operators and services may make all of them. "
        "Merchants may make those that the platform's settings allow. Show the form for a change only if "
        "its permission is listed.",
        graphql_type=list[Permission],
    )
    def permissions(self, info: Info) -> list[Permission]:
        return permissions(info.context)

    @strawberry.field(
        description="The caller's own merchant. Null for operators and services, and before the merchant is "
        "created.",
        graphql_type=Merchant | None,
    )
    async def merchant(self, info: Info) -> Document | None:
        principal = info.context.principal
        if principal.role is not Role.MERCHANT:
            return None
        column = scope.document_column(principal)
        text = await scope.merchants(principal).first().values_list(column, flat=True)
        document: Document | None = json.loads(str(text)) if text is not None else None
        return document


@strawberry.field(description="The caller of this API, with its role and permissions.", graphql_type=Viewer)
def viewer(info: Info) -> Principal:
    return info.context.principal


def permissions(context: Context) -> list[Permission]:
    """The permissions of the caller. Operators and services have all of them."""
    if context.principal.role is not Role.MERCHANT:
        return list(Permission)
    charging = context.charging
    allowed = {
        Permission.CHARGE: charging.merchants_may_charge,
        Permission.REFUND: charging.merchants_may_refund,
        Permission.ANSWER_DISPUTES: charging.merchants_may_answer_disputes,
        Permission.PAY_OUT: charging.merchants_may_pay_out,
    }
    return [permission for permission in Permission if allowed[permission]]


def require_permission(context: Context, permission: Permission) -> None:
    """Raise Forbidden unless the caller has the permission."""
    if permission not in permissions(context):
        require(context, Role.OPERATOR, Role.SERVICE)


def require(context: Context, *roles: Role) -> None:
    """Raise Forbidden unless the caller has one of the roles."""
    if context.principal.role not in roles:
        names = " or ".join(role.value.lower() for role in roles)
        raise Forbidden(f"This operation requires a token with the role {names}.")
