"""The root query fields. Nothing here asks Stripe: answers are documents, as they were written."""

import json
import uuid
from typing import Annotated, Any

import strawberry

from connect import scope
from connect.merchants.document import Document
from connect.scope import Role as PrincipalRole
from models import StripeEvent
from models.event import without_bodies
from resolvers.enums import MerchantOrder, Role
from resolvers.errors import BadUserInput, Forbidden
from resolvers.execution.context import Context, Info
from resolvers.merchants import merchant_list, merchant_lookup
from resolvers.merchants.merchant import Merchant as MerchantType
from resolvers.merchants.merchant_list import ORDERS, MerchantFilter
from resolvers.merchants.merchant_lookup import MerchantRef
from resolvers.platform.platform import Platform, event_source
from resolvers.relay.connection import After, Before, First, Last, PageInfo, build_page, window
from resolvers.relay.node import Node, parse_id

_field = strawberry.field


@strawberry.type(description="A merchant in its place.")
class MerchantEdge:
    cursor: str = _field(description="For `after` and `before`, in the same order only.")
    node: Document = _field(description="The merchant.", graphql_type=MerchantType)


@strawberry.type(description="Merchants in the order that was asked for.")
class MerchantConnection:
    edges: list[MerchantEdge] = _field(description="The merchants of this page.")
    page_info: PageInfo = _field(description="Where this page stands.")


@strawberry.type(description="Who is calling.")
class Viewer:
    subject: str = _field(description="The token's subject.")
    role: Role = _field(description="What the caller is.")

    @strawberry.field(description="For a merchant: itself, once it exists.", graphql_type=MerchantType | None)
    async def merchant(self, info: Info) -> Document | None:
        principal = info.context.principal
        if principal.role is not PrincipalRole.MERCHANT:
            return None
        found = await scope.merchants(principal).first().values_list("document", flat=True)
        return _parsed(found) if found is not None else None


@strawberry.type(description="Everything that can be read. Reads come from this service's own database.")
class Query:
    @strawberry.field(
        description="An object by its `id`; null when there is none that the caller may see.",
        graphql_type=Node | None,
    )
    async def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="Any object's `id`.")],  # noqa: A002
    ) -> Any:
        return (await _nodes(info.context, [id]))[0]

    @strawberry.field(
        description="Objects by `id`: at most 100, in the order asked for, null where not visible.",
        graphql_type=list[Node | None],
    )
    async def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="The `id`s of any objects.")],
    ) -> list[Any]:
        if len(ids) > 100:
            raise BadUserInput(f"`ids` takes at most 100; it has {len(ids)}.")
        return await _nodes(info.context, ids)

    @strawberry.field(description="Who is calling, and what they are.")
    def viewer(self, info: Info) -> Viewer:
        principal = info.context.principal
        return Viewer(subject=principal.subject, role=Role(principal.role.value))

    @strawberry.field(
        description="One merchant; null when there is none that the caller may see.",
        graphql_type=MerchantType | None,
    )
    async def merchant(
        self, info: Info, by: Annotated[MerchantRef, strawberry.argument(description="Which one.")]
    ) -> Document | None:
        info.context.raise_again()
        row = await merchant_lookup.row(info.context.principal, by, ("document",))
        return _parsed(row[0]) if row is not None else None

    @strawberry.field(description="Merchants, page by page: 1 to 100 a page, 20 unless told.")
    async def merchants(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[  # noqa: A002
            MerchantFilter | None, strawberry.argument(description="Which ones; all unless told.")
        ] = None,
        order_by: Annotated[
            MerchantOrder, strawberry.argument(description="In which order.")
        ] = MerchantOrder.CREATED_AT_DESC,
    ) -> MerchantConnection:
        info.context.raise_again()
        wanted = window(first, after, last, before)
        order = ORDERS[order_by]
        rows = await merchant_list.rows(info.context.principal, filter, order, wanted, ("document",))
        found = build_page(rows, order, wanted)
        return MerchantConnection(
            edges=[
                MerchantEdge(cursor=cursor, node=json.loads(row[-1]))
                for row, cursor in zip(found.rows, found.cursors, strict=True)
            ],
            page_info=found.info,
        )

    @strawberry.field(description="The whole platform at a glance. Operators only.")
    def platform(self, info: Info) -> Platform:
        require(info.context, PrincipalRole.OPERATOR)
        return Platform()


def _parsed(text: Any) -> Document:
    document: Document = json.loads(text)
    return document


def require(context: Context, *roles: PrincipalRole) -> None:
    """Raises Forbidden unless the caller has one of the roles."""
    if context.principal.role not in roles:
        wanted = " or ".join(role.value.lower() for role in roles)
        raise Forbidden(f"This needs a token with the role {wanted}.")


async def _nodes(context: Context, ids: list[strawberry.ID]) -> list[Any]:
    """What the ids name, as far as the caller may see it: one statement for each kind."""
    parsed = [parse_id(value) for value in ids]
    keys: dict[str, set[uuid.UUID]] = {}
    for found in filter(None, parsed):
        keys.setdefault(found[0], set()).add(found[1])
    principal = context.principal
    objects: dict[tuple[str, uuid.UUID], Any] = {}
    if wanted := keys.get("Merchant"):
        for key, document in (await merchant_lookup.documents(principal, wanted)).items():
            objects["Merchant", key] = document
    if wanted := keys.get("ConnectedAccount"):
        query = scope.merchants(principal).filter(account__id__in=list(wanted))
        for account_id, text in await query.values_list("account__id", "document"):
            objects["ConnectedAccount", account_id] = json.loads(str(text))["account"]
    if (wanted := keys.get("StripeEvent")) and principal.role is PrincipalRole.OPERATOR:
        for event in await without_bodies(StripeEvent.filter(id__in=list(wanted))):
            objects["StripeEvent", event.id] = event_source(event)
    return [objects.get(found) if found is not None else None for found in parsed]
