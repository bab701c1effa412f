"""The caller, and the roles that an operation requires."""

import enum
import json

import strawberry
from strawberry import enum_value, field

from connect import scope
from connect.merchants.document import Document
from resolvers.errors import Forbidden
from resolvers.execution.context import Context, Info
from resolvers.merchants.merchant import Merchant


@strawberry.enum(description="The role of a caller.")
class Role(enum.Enum):
    OPERATOR = enum_value("OPERATOR", description="Staff of the platform. May see everything.")
    SERVICE = enum_value(
        "SERVICE", description="A server of the platform. May see all merchants, but not `platform`."
    )
    MERCHANT = enum_value("MERCHANT", description="A merchant. May see only itself.")


@strawberry.type(description="The caller.")
class Viewer:
    subject: str = field(description="The subject of the caller's token.")
    role: Role = field(description="The role of the caller.")

    @strawberry.field(
        description="The caller's own merchant. Null for other roles, and until it is created.",
        graphql_type=Merchant | None,
    )
    async def merchant(self, info: Info) -> Document | None:
        principal = info.context.principal
        if principal.role is not scope.Role.MERCHANT:
            return None
        text = await scope.merchants(principal).first().values_list("document", flat=True)
        document: Document | None = json.loads(str(text)) if text is not None else None
        return document


@strawberry.field(description="The caller.")
def viewer(info: Info) -> Viewer:
    principal = info.context.principal
    return Viewer(subject=principal.subject, role=Role(principal.role.value))


def require(context: Context, *roles: scope.Role) -> None:
    """Raises Forbidden unless the caller has one of the roles."""
    if context.principal.role not in roles:
        names = " or ".join(role.value.lower() for role in roles)
        raise Forbidden(f"This operation requires a token with the role {names}.")
