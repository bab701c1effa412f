"""The creations of accounts at Stripe: which are under way, and what Stripe refused and why."""

import uuid

import strawberry

from connect.merchants import wording
from connect.merchants.document import Document
from models import AccountCreation
from resolvers.enums import CreationState
from resolvers.execution.context import Info
from resolvers.merchants.merchant import Merchant as MerchantType
from resolvers.relay.connection import Order, PageInfo, Window, page
from resolvers.scalars import DateTime

_field = strawberry.field
CREATIONS = Order("CREATIONS", ("id",), descending=True)


@strawberry.type(name="AccountCreation", description="One creation of a connected account at Stripe.")
class AccountCreationType:
    external_id: str = _field(description="The external id that it was asked for with.")
    state: CreationState = _field(description="What became of it.")
    attempts: int = _field(description="How often Stripe was asked. Repeats never make a second account.")
    code: str | None = _field(description="Stripe's error code, when Stripe refused it.")
    message: str | None = _field(description="Stripe's words, when Stripe refused it.")
    remedy: str | None = _field(description="What the platform's developer can do, if known.")
    request_id: str | None = _field(description="Stripe's request id of the refusal, for Stripe support.")
    created_at: DateTime = _field(description="When it was asked for.")
    finished_at: DateTime | None = _field(description="When Stripe's definite answer was written down.")
    merchant_id: strawberry.Private[uuid.UUID]

    @strawberry.field(
        description="The merchant; null when it is gone, as after a refusal.",
        graphql_type=MerchantType | None,
    )
    async def merchant(self, info: Info) -> Document | None:
        return await info.context.documents.load(self.merchant_id)


@strawberry.type(description="A creation in its place.")
class AccountCreationEdge:
    cursor: str = _field(description="For `after`.")
    node: AccountCreationType = _field(description="The creation.")


@strawberry.type(description="Creations, the newest first.")
class AccountCreationConnection:
    edges: list[AccountCreationEdge] = _field(description="The creations of this page.")
    page_info: PageInfo = _field(description="Where this page stands.")


async def creations(wanted: Window, state: CreationState | None) -> AccountCreationConnection:
    """One page of them, in two statements."""
    query = AccountCreation.filter(state=state.value) if state is not None else AccountCreation.all()
    found = await page(query, CREATIONS, wanted, ())
    rows = {row.id: row for row in await AccountCreation.filter(id__in=[key for (key,) in found.rows])}
    return AccountCreationConnection(
        edges=[
            AccountCreationEdge(cursor=cursor, node=_creation(rows[key]))
            for (key,), cursor in zip(found.rows, found.cursors, strict=True)
            if key in rows
        ],
        page_info=found.info,
    )


def _creation(row: AccountCreation) -> AccountCreationType:
    return AccountCreationType(
        external_id=row.external_id,
        state=CreationState(row.state),
        attempts=row.attempts,
        code=row.error_code,
        message=row.error_message,
        remedy=wording.refusal(row.error_code) if row.error_code is not None else None,
        request_id=row.request_id,
        created_at=row.created_at,  # type: ignore[arg-type]
        finished_at=row.finished_at,  # type: ignore[arg-type]
        merchant_id=row.merchant_id,
    )
