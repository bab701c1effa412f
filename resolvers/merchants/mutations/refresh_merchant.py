from typing import Annotated

import strawberry
from strawberry import field

from connect.merchants import accounts
from connect.merchants.rules.document import Document
from resolvers.errors import StripeRefusedError, StripeUnavailableError
from resolvers.execution.context import Info
from resolvers.merchants import merchant_lookup
from resolvers.merchants.errors import MerchantNotFoundError, MerchantNotReadyError
from resolvers.merchants.merchant import Merchant
from resolvers.merchants.merchant_lookup import MerchantRef


@strawberry.input(description="The merchant to refresh.")
class RefreshMerchantInput:
    merchant: MerchantRef = field(description="The merchant to refresh.")


@strawberry.type(description="ConnectQL has fetched the account.")
class RefreshMerchantPayload:
    merchant: Document = field(description="The merchant after the fetch.", graphql_type=Merchant)


RefreshMerchantResult = Annotated[
    RefreshMerchantPayload
    | MerchantNotFoundError
    | MerchantNotReadyError
    | StripeRefusedError
    | StripeUnavailableError,
    strawberry.union("RefreshMerchantResult", description="The result of `refreshMerchant`."),
]


@strawberry.mutation(
    description="Fetch the account from Stripe now. For every role.", graphql_type=RefreshMerchantResult
)
async def refresh_merchant(
    info: Info,
    input: Annotated[RefreshMerchantInput, strawberry.argument(description="The merchant to refresh.")],  # noqa: A002
) -> RefreshMerchantPayload:
    principal = info.context.principal
    merchant = await merchant_lookup.merchant(principal, input.merchant)
    merchant = await accounts.refresh(info.context.gateway, merchant, actor=principal.subject)
    return RefreshMerchantPayload(merchant=merchant_lookup.of(merchant))
