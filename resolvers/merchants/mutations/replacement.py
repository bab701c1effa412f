"""The mutation replaceAccount."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from connect.merchants import accounts
from connect.merchants.inputs import NewMerchant
from connect.merchants.rules.document import Document
from connect.scope import Role
from resolvers.common.errors import InvalidInputError, mutation
from resolvers.common.scalars import URL, CountryCode
from resolvers.common.viewer import require
from resolvers.execution.context import Info
from resolvers.merchants.mutations import details
from resolvers.merchants.mutations.details import DetailsInput
from resolvers.merchants.mutations.errors import (
    STRIPE_ERRORS,
    CountryNotSupportedError,
    MerchantNotFoundError,
    MerchantNotReadyError,
    ReplacementDiffersError,
)
from resolvers.merchants.reading import merchant_lookup
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.merchants.types.entity_type import EntityType
from resolvers.merchants.types.merchant import Merchant


@strawberry.input
class ReplacedAccountInput:
    """The fields of replaceAccount's input that come before the details."""

    merchant: MerchantRef = field(description="The merchant whose account to replace.")
    stripe_account_id: str = field(
        description="The account to replace, as read from `account { stripeAccountId }`. It makes repeated "
        "calls safe, because a repeated call names an account that has already been replaced."
    )
    display_name: str = field(description="The name of the merchant: 1 to 255 characters.")
    contact_email: str = field(
        description="The e-mail address to which Stripe writes to the merchant: at most 254 characters."
    )
    country: CountryCode = field(description="The country of the business.")
    entity_type: EntityType | None = field(
        default=None, description="See `entityType` of CreateMerchantInput."
    )
    business_url: URL | None = field(default=None, description="See `businessUrl` of CreateMerchantInput.")
    product_description: str | None = field(
        default=None, description="See `productDescription` of CreateMerchantInput."
    )
    capabilities: list[str] | None = field(
        default=None,
        description="See `capabilities` of CreateMerchantInput. Apart from `card_payments`, "
        "capabilities of the old account are requested only if they are named here.",
    )
    account_token: str | None = field(
        default=None,
        description="See `accountToken` of CreateMerchantInput. The token of the old account cannot be used "
        "again.",
    )


@strawberry.input(description="The account to replace, and the details of the new account.")
class ReplaceAccountInput(DetailsInput, ReplacedAccountInput):
    pass


@strawberry.type(description="The merchant has a new account.")
class ReplaceAccountPayload:
    merchant: Document = field(description="The merchant with its current account.", graphql_type=Merchant)
    replaced: bool = field(description="Whether this call replaced the account. False for a repeated call.")


@mutation(
    "Open another Stripe account for a merchant, for example because the country was wrong or the account is "
    "closed. The merchant keeps its ids, timeline and subscriptions. Status and onboarding begin again. The "
    "old account must be closed or disconnected, or must never have had an active capability. Close any "
    "other account first, because it may hold a balance. ConnectQL does not close the old account, and "
    "lists it in `formerAccounts`. Links to the old account cannot be renewed. The merchant keeps the old "
    "account until Stripe has opened the new one. If the old account becomes able to take payments before "
    "that, it stays the merchant's account, and the new account is listed in `formerAccounts`. A repeated "
    "call with the same input has the same result. A merchant has at most 20 former accounts. For operators "
    "and services.",
    *(ReplaceAccountPayload, MerchantNotFoundError, InvalidInputError, MerchantNotReadyError),
    *(ReplacementDiffersError, CountryNotSupportedError),
    *STRIPE_ERRORS,
)
async def replace_account(
    info: Info,
    input: Annotated[ReplaceAccountInput, argument(description="The old and the new account.")],  # noqa: A002
) -> ReplaceAccountPayload:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    principal = info.context.principal
    merchant = await merchant_lookup.merchant(principal, input.merchant)
    new = NewMerchant(
        external_id=merchant.external_id,
        display_name=input.display_name,
        contact_email=input.contact_email,
        country=input.country,
        entity_type=input.entity_type.name.lower() if input.entity_type else None,
        business_url=input.business_url,
        product_description=input.product_description,
        capabilities=tuple(input.capabilities or ()),
        account_token=input.account_token,
        details=details.read(input),
    )
    async with accounts.about(merchant):
        merchant, replaced = await accounts.replace(
            info.context.caller_gateway, merchant, input.stripe_account_id, new, actor=principal.subject
        )
    return ReplaceAccountPayload(merchant=merchant_lookup.of(principal, merchant), replaced=replaced)
