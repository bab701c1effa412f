"""The mutations of merchants, with their inputs and payloads."""

import enum
from typing import Annotated

import strawberry
from strawberry import argument, field

from connect.merchants import accounts, links
from connect.merchants.inputs import MerchantChanges, NewMerchant
from connect.merchants.rules.document import Document
from connect.scope import Role
from models import Merchant as MerchantRow
from resolvers.common.errors import InvalidInputError, mutation
from resolvers.common.scalars import URL, CountryCode, DateTime, value
from resolvers.common.viewer import require
from resolvers.execution.context import Context, Info
from resolvers.merchants.mutations import details
from resolvers.merchants.mutations.details import DetailsInput
from resolvers.merchants.mutations.errors import (
    STRIPE_ERRORS,
    CountryNotSupportedError,
    DashboardLinkRefusedError,
    ExternalIdTakenError,
    MerchantNotFoundError,
    MerchantNotReadyError,
    ReturnUrlNotAllowedError,
    StripeUnavailableError,
)
from resolvers.merchants.reading import merchant_lookup
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.merchants.types.entity_type import EntityType
from resolvers.merchants.types.merchant import Merchant


@strawberry.input
class NewMerchantInput:
    """The fields of a new merchant besides the details. They have a separate class, so that the schema shows
    them first.
    """

    external_id: str = field(description="The platform's own id of the merchant: 1 to 255 characters.")
    display_name: str = field(description="The name of the merchant: 1 to 255 characters.")
    contact_email: str = field(
        description="The e-mail address to which Stripe writes to the merchant: at most 254 characters."
    )
    country: CountryCode = field(
        description="The country of the business. If it changes later at Stripe, ConnectQL shows the new "
        "country. updateMerchant cannot change it."
    )
    entity_type: EntityType | None = field(
        default=None, description="The legal form. If omitted, Stripe's onboarding form asks for it."
    )
    business_url: URL | None = field(
        default=None, description="The website. If omitted, Stripe's onboarding form asks for it."
    )
    product_description: str | None = field(
        default=None, description="A description of the products or services: 1 to 2,000 characters."
    )
    capabilities: list[str] | None = field(
        default=None,
        description="The payment capabilities to request, with the names that Stripe uses; at most 50. "
        "`card_payments` is always requested.",
    )
    account_token: str | None = field(
        default=None,
        description="The id of an account token (`POST /v2/core/account_tokens`), created in the merchant's "
        "browser with the platform's publishable key. Stripe requires a token if the platform is in certain "
        "countries, such as France. The token is a secret. It can be used only once, and only for a few "
        "minutes. Stripe takes `display_name`, `contact_email` and `entity_type` from the token, so "
        "`entityType`, `contactPhone`, `business` and `individual` must be omitted. A repeated call uses "
        "the token of the first attempt.",
    )


@strawberry.input(description="The merchant to create.")
class CreateMerchantInput(DetailsInput, NewMerchantInput):
    pass


@strawberry.type(description="The merchant was created or already existed.")
class CreateMerchantPayload:
    merchant: Document = field(description="The merchant.", graphql_type=Merchant)
    created: bool = field(description="Whether this call created the merchant.")


@mutation(
    "Create a merchant and its Stripe account. The account has the full Dashboard. Stripe collects its fees "
    "from the account and covers negative balances. A repeated call with the same input returns the same "
    "merchant, so no idempotency key is needed. For operators and services.",
    *(CreateMerchantPayload, ExternalIdTakenError, InvalidInputError, CountryNotSupportedError),
    *STRIPE_ERRORS,
)
async def create_merchant(
    info: Info,
    input: Annotated[CreateMerchantInput, argument(description="The merchant to create.")],  # noqa: A002
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
        account_token=input.account_token,
        details=details.read(input),
    )
    principal = info.context.principal
    merchant, created = await accounts.create(info.context.caller_gateway, new, actor=principal.subject)
    return CreateMerchantPayload(merchant=merchant_lookup.of(principal, merchant), created=created)


@strawberry.input
class ChangesInput:
    """The fields of updateMerchant's input that come before the details."""

    merchant: MerchantRef = field(description="The merchant to change.")
    display_name: str | None = field(default=None, description="The new name: 1 to 255 characters.")
    contact_email: str | None = field(
        default=None,
        description="The new e-mail address to which Stripe writes to the merchant: at most 254 characters.",
    )
    business_url: URL | None = field(default=None, description="The new website.")
    product_description: str | None = field(
        default=None, description="A description of the products or services: 1 to 2,000 characters."
    )
    capabilities: list[str] | None = field(
        default=None,
        description="Additional payment capabilities to request, at most 50. Existing capabilities stay.",
    )
    give_up_capabilities: list[str] | None = field(
        default=None,
        description="Payment capabilities that the account no longer requests, at most 50. Stripe refuses to "
        "remove a capability that another one needs. Without `card_payments`, the merchant accepts no cards "
        "and the status is NOT_REQUESTED.",
    )
    account_token: str | None = field(
        default=None,
        description="The id of an account token with the new details (see `accountToken` of "
        "CreateMerchantInput). `displayName`, `contactEmail`, `contactPhone`, `business` and `individual` "
        "belong in the token and must be omitted.",
    )


@strawberry.input(description="The changes to a merchant. Omitted fields keep their values.")
class UpdateMerchantInput(DetailsInput, ChangesInput):
    pass


@strawberry.type(description="Stripe has made the change.")
class UpdateMerchantPayload:
    merchant: Document = field(description="The merchant after the change.", graphql_type=Merchant)


@mutation(
    "Change the details of a merchant at Stripe. Stripe refuses some changes after the merchant has begun "
    "onboarding. For operators and services.",
    *(UpdateMerchantPayload, MerchantNotFoundError, InvalidInputError, MerchantNotReadyError),
    *STRIPE_ERRORS,
)
async def update_merchant(
    info: Info,
    input: Annotated[UpdateMerchantInput, argument(description="The merchant and the changes.")],  # noqa: A002
) -> UpdateMerchantPayload:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    principal = info.context.principal
    changes = MerchantChanges(
        display_name=input.display_name,
        contact_email=input.contact_email,
        business_url=input.business_url,
        product_description=input.product_description,
        capabilities=tuple(input.capabilities) if input.capabilities else None,
        account_token=input.account_token,
        give_up_capabilities=tuple(input.give_up_capabilities) if input.give_up_capabilities else None,
        details=details.read(input),
    )
    merchant = await merchant_lookup.merchant(principal, input.merchant)
    async with accounts.about(merchant):
        merchant = await accounts.update(
            info.context.caller_gateway, merchant, changes, actor=principal.subject
        )
    return UpdateMerchantPayload(merchant=merchant_lookup.of(principal, merchant))


@strawberry.enum(description="The information that Stripe's onboarding form asks for.")
class CollectRequirements(enum.Enum):
    CURRENTLY_DUE = value(
        "CURRENTLY_DUE", "Only information that is due now. This makes the form as short as possible."
    )
    EVENTUALLY_DUE = value(
        "EVENTUALLY_DUE",
        "Information that is due now or later. The merchant then has to return to the form less often.",
    )


@strawberry.input(description="The merchant to onboard and the address to return to.")
class CreateOnboardingLinkInput:
    merchant: MerchantRef = field(description="The merchant to onboard.")
    return_to: URL = field(
        description="The address to which the browser returns: a web address whose origin is on the "
        "platform's allow-list, or an address with an app's scheme that the platform has registered, such "
        "as `com.example.app:///connect`. ConnectQL adds the parameter `onboarding`. Its value is "
        "`returned` after a visit to the form, `expired` if the merchant needs a new link, or `web_view` if "
        "ConnectQL recognizes a web view, where Stripe's form does not work. For the browser that requested "
        "the link, ConnectQL also adds `merchant` (the external id) and `status`. It first removes any "
        "parameters with these three names. After a return, the form may still be incomplete, so read the "
        "merchant."
    )
    collect: CollectRequirements = field(
        default=CollectRequirements.CURRENTLY_DUE, description="The information that the form asks for."
    )


@strawberry.type(description="The link was created.")
class CreateOnboardingLinkPayload:
    url: URL = field(
        description="The link. It is a secret and works once. Open it immediately in the merchant's browser, "
        "not in a web view. Never store, log, e-mail or cache it."
    )
    expires_at: DateTime = field(description="When the link expires. Links last a few minutes.")
    merchant: Document = field(
        description="The merchant after this link was recorded.", graphql_type=Merchant
    )


@mutation(
    "Create a link to Stripe's onboarding form. The form also collects requirements that arise after "
    "onboarding. The response sets an HttpOnly cookie: only a browser with this cookie can renew an expired "
    "link. For every role.",
    *(CreateOnboardingLinkPayload, MerchantNotFoundError, ReturnUrlNotAllowedError, MerchantNotReadyError),
    *STRIPE_ERRORS,
)
async def create_onboarding_link(
    info: Info,
    input: Annotated[  # noqa: A002
        CreateOnboardingLinkInput, argument(description="The merchant and the return address.")
    ],
) -> CreateOnboardingLinkPayload:
    collect = input.collect.name.lower()
    link, document = await _issue(info.context, links.ONBOARDING, input.merchant, input.return_to, collect)
    return CreateOnboardingLinkPayload(
        url=URL(link.url), expires_at=DateTime(link.expires_at), merchant=document
    )


async def _issue(
    context: Context, use_case: links.UseCase, ref: MerchantRef, return_to: str, collect: str = ""
) -> tuple[links.IssuedLink, Document]:
    """Issue a link and set its cookie. Returns the link and the updated merchant."""
    merchant = await merchant_lookup.merchant(context.principal, ref)
    async with accounts.about(merchant):
        link = await links.issue(
            context.caller_gateway,
            merchant,
            use_case,
            return_to=return_to,
            collect=collect,
            public_url=context.public_url,
            returns=context.returns,
            relocate=context.relocate,
            actor=context.principal.subject,
        )
    context.give_cookie(link.cookie_name, link.cookie_value, link.cookie_path)
    return link, merchant_lookup.of(context.principal, await MerchantRow.get(id=merchant.id))


@strawberry.input(description="The merchant, and the address to redirect to if the link has expired.")
class CreateDashboardLinkInput:
    merchant: MerchantRef = field(description="The merchant whose Dashboard to open.")
    return_to: URL = field(
        description="The address to which a browser is redirected if the link has expired and the browser "
        "cannot get a new one: a web address whose origin is on the platform's allow-list, or an address "
        "with an app's scheme that the platform has registered, such as `com.example.app:///connect`. "
        "ConnectQL adds the parameter `dashboard`. Its value is `expired`, or `web_view` if ConnectQL "
        "recognizes a web view. For the browser that requested the link, ConnectQL also adds `merchant` "
        "(the external id) and `status`. It first removes any of these parameters and `onboarding` from the "
        "address. The Dashboard has no link back to this address."
    )


@strawberry.type(description="The link was created.")
class CreateDashboardLinkPayload:
    url: URL = field(
        description="The link. It is a secret and works once. Open it immediately in the merchant's browser. "
        "Never store, log, e-mail or cache it."
    )
    expires_at: DateTime = field(description="When the link expires, after about 5 minutes.")
    merchant: Document = field(
        description="The merchant after this link was recorded.", graphql_type=Merchant
    )


@mutation(
    "Create a link into the merchant's Stripe Dashboard. If Stripe refuses to create a link, the error "
    "contains the address of the page where the merchant can log in. The response sets an HttpOnly cookie: "
    "only a browser with this cookie can renew an expired link. For every role.",
    *(CreateDashboardLinkPayload, MerchantNotFoundError, ReturnUrlNotAllowedError, MerchantNotReadyError),
    *(DashboardLinkRefusedError, StripeUnavailableError),
)
async def create_dashboard_link(
    info: Info,
    input: Annotated[  # noqa: A002
        CreateDashboardLinkInput, argument(description="The merchant and the address.")
    ],
) -> CreateDashboardLinkPayload:
    link, document = await _issue(info.context, links.DASHBOARD, input.merchant, input.return_to)
    return CreateDashboardLinkPayload(
        url=URL(link.url), expires_at=DateTime(link.expires_at), merchant=document
    )


@strawberry.input(description="The merchant to refresh.")
class RefreshMerchantInput:
    merchant: MerchantRef = field(description="The merchant to refresh.")


@strawberry.type(description="ConnectQL has fetched the account.")
class RefreshMerchantPayload:
    merchant: Document = field(description="The merchant after the fetch.", graphql_type=Merchant)


@mutation(
    "Fetch the account from Stripe now. Simultaneous requests from the same caller share one fetch. A "
    "merchant can cause only a limited number of calls to Stripe, by default 20 a minute. For every role.",
    RefreshMerchantPayload,
    MerchantNotFoundError,
    MerchantNotReadyError,
    *STRIPE_ERRORS,
)
async def refresh_merchant(
    info: Info,
    input: Annotated[RefreshMerchantInput, argument(description="The merchant to refresh.")],  # noqa: A002
) -> RefreshMerchantPayload:
    principal = info.context.principal
    merchant = await merchant_lookup.merchant(principal, input.merchant)
    async with accounts.about(merchant):
        merchant = await accounts.refresh(info.context.caller_gateway, merchant, actor=principal.subject)
    return RefreshMerchantPayload(merchant=merchant_lookup.of(principal, merchant))


@strawberry.input(description="The merchant to close.")
class CloseMerchantInput:
    merchant: MerchantRef = field(description="The merchant to close.")


@strawberry.type(description="The account is closed.")
class CloseMerchantPayload:
    merchant: Document = field(description="The closed merchant.", graphql_type=Merchant)


@mutation(
    "Close the account at Stripe permanently. Meant for sandboxes: in live mode, Stripe refuses to close an "
    "account that has a full Dashboard and whose losses Stripe bears "
    "(`stripe_loss_liable_cannot_be_deleted`). Stop using such an account instead; the merchant keeps it. "
    "For operators and services.",
    CloseMerchantPayload,
    MerchantNotFoundError,
    MerchantNotReadyError,
    *STRIPE_ERRORS,
)
async def close_merchant(
    info: Info,
    input: Annotated[CloseMerchantInput, argument(description="The merchant to close.")],  # noqa: A002
) -> CloseMerchantPayload:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    principal = info.context.principal
    merchant = await merchant_lookup.merchant(principal, input.merchant)
    async with accounts.about(merchant):
        merchant = await accounts.close(info.context.caller_gateway, merchant, actor=principal.subject)
    return CloseMerchantPayload(merchant=merchant_lookup.of(principal, merchant))
