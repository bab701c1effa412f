from typing import Annotated

import strawberry
from strawberry import field

from connect.merchants import accounts
from connect.merchants.inputs import MerchantChanges
from connect.merchants.rules.document import Document
from connect.scope import Role
from resolvers.errors import InvalidInputError, StripeRefusedError, StripeUnavailableError
from resolvers.execution.context import Info
from resolvers.merchants import merchant_lookup
from resolvers.merchants.errors import MerchantNotFoundError, MerchantNotReadyError
from resolvers.merchants.merchant import Merchant
from resolvers.merchants.merchant_lookup import MerchantRef
from resolvers.scalars import URL
from resolvers.viewer import require


@strawberry.input(description="The changes to a merchant. Omitted fields keep their values.")
class UpdateMerchantInput:
    merchant: MerchantRef = field(description="The merchant to change.")
    display_name: str | None = field(default=None, description="The new name: 1 to 255 characters.")
    contact_email: str | None = field(
        default=None, description="The new address for Stripe's e-mails: at most 254 characters."
    )
    business_url: URL | None = field(default=None, description="The new website.")
    product_description: str | None = field(
        default=None, description="The products or services: 1 to 2,000 characters."
    )
    capabilities: list[str] | None = field(
        default=None,
        description="Additional payment capabilities to request, at most 50. Existing capabilities stay.",
    )


@strawberry.type(description="Stripe has made the change.")
class UpdateMerchantPayload:
    merchant: Document = field(description="The merchant after the change.", graphql_type=Merchant)


UpdateMerchantResult = Annotated[
    UpdateMerchantPayload
    | MerchantNotFoundError
    | InvalidInputError
    | MerchantNotReadyError
    | StripeRefusedError
    | StripeUnavailableError,
    strawberry.union("UpdateMerchantResult", description="The result of `updateMerchant`."),
]


@strawberry.mutation(
    description="Change the details of a merchant at Stripe. For operators and services.",
    graphql_type=UpdateMerchantResult,
)
async def update_merchant(
    info: Info,
    input: Annotated[UpdateMerchantInput, strawberry.argument(description="The merchant and the changes.")],  # noqa: A002
) -> UpdateMerchantPayload:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    principal = info.context.principal
    changes = MerchantChanges(
        display_name=input.display_name,
        contact_email=input.contact_email,
        business_url=input.business_url,
        product_description=input.product_description,
        capabilities=tuple(input.capabilities) if input.capabilities else None,
    )
    merchant = await merchant_lookup.merchant(principal, input.merchant)
    merchant = await accounts.update(info.context.gateway, merchant, changes, actor=principal.subject)
    return UpdateMerchantPayload(merchant=merchant_lookup.of(merchant))
