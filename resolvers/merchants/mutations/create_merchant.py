import enum
from typing import Annotated

import strawberry
from strawberry import field

from connect.merchants import accounts
from connect.merchants.inputs import NewMerchant
from connect.merchants.rules.document import Document
from connect.scope import Role
from resolvers.errors import InvalidInputError, StripeRefusedError, StripeUnavailableError
from resolvers.execution.context import Info
from resolvers.merchants import merchant_lookup
from resolvers.merchants.errors import CountryNotSupportedError, ExternalIdTakenError
from resolvers.merchants.merchant import Merchant
from resolvers.scalars import URL, CountryCode, value
from resolvers.viewer import require


@strawberry.enum(description="The legal form of a business.")
class EntityType(enum.Enum):
    INDIVIDUAL = value("INDIVIDUAL", "An individual.")
    COMPANY = value("COMPANY", "A company.")
    NON_PROFIT = value("NON_PROFIT", "A non-profit organisation.")
    GOVERNMENT_ENTITY = value("GOVERNMENT_ENTITY", "A government body.")


@strawberry.input(description="The merchant to create.")
class CreateMerchantInput:
    external_id: str = field(description="The platform's own id of the merchant: 1 to 255 characters.")
    display_name: str = field(description="The name of the merchant: 1 to 255 characters.")
    contact_email: str = field(description="The address for Stripe's e-mails: at most 254 characters.")
    country: CountryCode = field(
        description="The country of the business. ConnectQL follows later changes at Stripe, but "
        "updateMerchant cannot change it."
    )
    entity_type: EntityType | None = field(
        default=None, description="The legal form. If omitted, Stripe's onboarding form asks for it."
    )
    business_url: URL | None = field(
        default=None, description="The website. If omitted, Stripe's onboarding form asks for it."
    )
    product_description: str | None = field(
        default=None, description="The products or services: 1 to 2,000 characters."
    )
    capabilities: list[str] | None = field(
        default=None,
        description="The payment capabilities to request, by Stripe's names; at most 50. `card_payments` is "
        "always requested.",
    )


@strawberry.type(description="The merchant was created or already existed.")
class CreateMerchantPayload:
    merchant: Document = field(description="The merchant.", graphql_type=Merchant)
    created: bool = field(description="Whether this call created the merchant.")


CreateMerchantResult = Annotated[
    CreateMerchantPayload
    | ExternalIdTakenError
    | InvalidInputError
    | CountryNotSupportedError
    | StripeRefusedError
    | StripeUnavailableError,
    strawberry.union("CreateMerchantResult", description="The result of `createMerchant`."),
]


@strawberry.mutation(
    description="Create a merchant and its Stripe account, with the full Dashboard and with fees and losses "
    "collected by Stripe. A repeat with the same input returns the same merchant, so no idempotency key is "
    "needed. For operators and services.",
    graphql_type=CreateMerchantResult,
)
async def create_merchant(
    info: Info,
    input: Annotated[CreateMerchantInput, strawberry.argument(description="The merchant to create.")],  # noqa: A002
) -> CreateMerchantPayload:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    new = NewMerchant(
        external_id=input.external_id,
        display_name=input.display_name,
        contact_email=input.contact_email,
        country=input.country,
        entity_type=input.entity_type.name.lower() if input.entity_type else None,
        business_url=input.business_url,
        product_description=input.product_description,
        capabilities=tuple(input.capabilities or ()),
    )
    actor = info.context.principal.subject
    merchant, created = await accounts.create(info.context.gateway, new, actor=actor)
    return CreateMerchantPayload(merchant=merchant_lookup.of(merchant), created=created)
