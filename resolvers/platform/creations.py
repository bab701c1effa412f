"""The requests to Stripe that create accounts, with Stripe's reasons for refusals."""

import enum

import strawberry
from strawberry import field

from connect.merchants import wording
from connect.merchants.rules.document import Document
from models import AccountCreation
from models.sql import Select
from resolvers.execution.context import Info
from resolvers.merchants.merchant import Merchant
from resolvers.relay import nodes
from resolvers.relay.connection import Order, PageInfo, Window, read_page
from resolvers.scalars import DateTime, value

CREATIONS = Order("CREATIONS", ("id",), descending=True)


@strawberry.enum(description="The state of an account creation.")
class CreationState(enum.Enum):
    PENDING = value("PENDING", "Stripe has given no definite answer yet. ConnectQL retries.")
    SUCCEEDED = value("SUCCEEDED", "Stripe created the account.")
    REFUSED = value(
        "REFUSED", "Stripe refused the request. ConnectQL removed the merchant, so its external id is free."
    )


@strawberry.type(name="AccountCreation", description="A request to Stripe to create an account.")
class AccountCreationType:
    external_id: str = field(description="The external id of the input.")
    state: CreationState = field(description="The state of the creation.")
    attempts: int = field(
        description="The number of requests to Stripe. They share an idempotency key, so they create at most "
        "one account."
    )

    @strawberry.field(description="Stripe's error code, if Stripe refused the request.")
    def code(self, row: strawberry.Parent[AccountCreation]) -> str | None:
        return row.error_code

    @strawberry.field(description="Stripe's message, if Stripe refused the request.")
    def message(self, row: strawberry.Parent[AccountCreation]) -> str | None:
        return row.error_message

    @strawberry.field(description="A remedy for the platform's developer, if one is known.")
    def remedy(self, row: strawberry.Parent[AccountCreation]) -> str | None:
        return wording.refusal(row.error_code) if row.error_code is not None else None

    request_id: str | None = field(description="Stripe's id of the refused request, for Stripe support.")
    created_at: DateTime = field(description="When createMerchant was called.")
    finished_at: DateTime | None = field(description="When ConnectQL recorded Stripe's definite answer.")

    @strawberry.field(
        description="The merchant. Null after a refusal, which removes the merchant.",
        graphql_type=Merchant | None,
    )
    async def merchant(self, row: strawberry.Parent[AccountCreation], info: Info) -> Document | None:
        merchant: Document | None = await info.context.load(nodes.load, ("Merchant", row.merchant_id))
        return merchant


@strawberry.type(description="An edge of AccountCreationConnection.")
class AccountCreationEdge:
    cursor: str = field(description="The cursor of this creation. Use it in `after`.")
    node: AccountCreation = field(description="The creation.", graphql_type=AccountCreationType)


@strawberry.type(description="A page of account creations, newest first.")
class AccountCreationConnection:
    edges: list[AccountCreationEdge] = field(description="The creations of this page.")
    page_info: PageInfo = field(description="The position of this page.")


async def creations(window: Window, state: CreationState | None) -> AccountCreationConnection:
    """One page of creations, in two statements."""
    select = Select()
    conditions = [f"state = {select.value(state.value)}"] if state is not None else []
    page = await read_page(select, "account_creation", CREATIONS, window, conditions=conditions)
    rows = {row.id: row for row in await AccountCreation.filter(id__in=page.ids)}
    return AccountCreationConnection(
        edges=[
            AccountCreationEdge(cursor=cursor, node=rows[key])
            for key, cursor in zip(page.ids, page.cursors, strict=True)
            if key in rows
        ],
        page_info=page.info,
    )
