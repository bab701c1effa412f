"""The requests to Stripe that create accounts, with Stripe's reasons for refusals."""

import enum
from typing import Annotated, Any

import strawberry
from strawberry import argument, field

from connect.merchants import wording
from models import AccountCreation
from resolvers.common.scalars import DateTime, value
from resolvers.execution.context import Info
from resolvers.merchants.types.merchant import Merchant
from resolvers.relay import nodes
from resolvers.relay.connection import After, Connection, First, connection_type, newest, window


@strawberry.enum(description="The state of an account creation.")
class CreationState(enum.Enum):
    PENDING = value("PENDING", "Stripe has given no definite answer yet. ConnectQL retries.")
    SUCCEEDED = value("SUCCEEDED", "Stripe created the account.")
    REFUSED = value(
        "REFUSED",
        "Stripe refused the request. ConnectQL removed the merchant, so its external id can be used again.",
    )


@strawberry.type(name="AccountCreation", description="A request to Stripe to create an account.")
class AccountCreationType:
    external_id: str = field(description="The `externalId` in the input of createMerchant.")
    state: CreationState = field(description="The state of the creation.")
    attempts: int = field(
        description="How many times ConnectQL has sent the request to Stripe. All attempts have the same "
        "idempotency key, so they create at most one account."
    )

    request_id: str | None = field(
        description="Stripe's id of the request that it refused, for Stripe support. Null if Stripe has not "
        "refused the request."
    )
    created_at: DateTime = field(description="When createMerchant was called.")
    finished_at: DateTime | None = field(
        description="When ConnectQL recorded Stripe's definite answer. Null before that."
    )
    error_code: str | None = field(
        name="code", description="Stripe's error code, if Stripe refused the request."
    )
    error_message: str | None = field(
        name="message", description="Stripe's message, if Stripe refused the request."
    )

    @strawberry.field(description="A remedy for the platform's developer, if one is known.")
    def remedy(self, row: strawberry.Parent[AccountCreation]) -> str | None:
        return wording.refusal(row.error_code) if row.error_code is not None else None

    @strawberry.field(
        description="The merchant. Null after a refusal, because ConnectQL then removes the merchant.",
        graphql_type=Merchant | None,
    )
    async def merchant(self, row: strawberry.Parent[AccountCreation], info: Info) -> Any:
        return await info.context.load(nodes.load, ("Merchant", row.merchant_id))


AccountCreationConnection = connection_type(
    AccountCreationType, "AccountCreation", "creation creations", "A page of account creations, newest first."
)


@strawberry.field(
    description="The account creations, newest first, with Stripe's reasons for refusals. A page has 1 to "
    "100 creations, by default 20.",
    graphql_type=AccountCreationConnection,
)
async def creations(
    first: First = None,
    after: After = None,
    state: Annotated[CreationState | None, argument(description="Only creations in this state.")] = None,
) -> Connection:
    part, rows = window(first, after), AccountCreation.all()
    return await newest("CREATIONS", "account_creation", part, state, lambda ids: rows.filter(id__in=ids))
