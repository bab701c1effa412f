"""The caller, and the roles that an operation requires."""

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
    SERVICE="A server of the platform. May see all merchants, but not `platform`.",
    MERCHANT="A merchant. May see only itself.",
)


@strawberry.type(description="The caller.")
class Viewer:
    subject: str = field(description="The subject of the caller's token.")
    role: Role = field(description="The role of the caller.")

    @strawberry.field(
        description="The caller's own merchant. Null for other roles and before the merchant is created.",
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


@strawberry.field(description="The caller.", graphql_type=Viewer)
def viewer(info: Info) -> Principal:
    return info.context.principal


def require(context: Context, *roles: Role) -> None:
    """Raise Forbidden unless the caller has one of the roles."""
    if context.principal.role not in roles:
        names = " or ".join(role.value.lower() for role in roles)
        raise Forbidden(f"This operation requires a token with the role {names}.")
