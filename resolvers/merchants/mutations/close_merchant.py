from typing import Annotated

import strawberry
from strawberry import field

from connect.merchants import accounts
from connect.merchants.rules.document import Document
from connect.scope import Role
from resolvers.errors import StripeRefusedError, StripeUnavailableError
from resolvers.execution.context import Info
from resolvers.merchants import merchant_lookup
from resolvers.merchants.errors import MerchantNotFoundError, MerchantNotReadyError
from resolvers.merchants.merchant import Merchant
from resolvers.merchants.merchant_lookup import MerchantRef
from resolvers.viewer import require


@strawberry.input(description="The merchant to close.")
class CloseMerchantInput:
    merchant: MerchantRef = field(description="The merchant to close.")


@strawberry.type(description="The account is closed.")
class CloseMerchantPayload:
    merchant: Document = field(description="The closed merchant.", graphql_type=Merchant)


CloseMerchantResult = Annotated[
    CloseMerchantPayload
    | MerchantNotFoundError
    | MerchantNotReadyError
    | StripeRefusedError
    | StripeUnavailableError,
    strawberry.union("CloseMerchantResult", description="The result of `closeMerchant`."),
]


@strawberry.mutation(
    description="Close the account at Stripe permanently. Meant for sandboxes: Stripe may refuse to close a "
    "live account. For operators and services.",
    graphql_type=CloseMerchantResult,
)
async def close_merchant(
    info: Info,
    input: Annotated[CloseMerchantInput, strawberry.argument(description="The merchant to close.")],  # noqa: A002
) -> CloseMerchantPayload:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    principal = info.context.principal
    merchant = await merchant_lookup.merchant(principal, input.merchant)
    merchant = await accounts.close(info.context.gateway, merchant, actor=principal.subject)
    return CloseMerchantPayload(merchant=merchant_lookup.of(merchant))
