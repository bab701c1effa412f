"""The mutations startService and createBillingPortalLink."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from connect import errors
from connect.merchants import accounts
from connect.merchants.rules.document import Document
from connect.merchants.rules.wire import wire_time
from connect.scope import Role
from connect.services import services
from connect.services.inputs import NewService
from models import Merchant as MerchantRow
from resolvers.common.errors import Error, InvalidInputError, expected, mutation
from resolvers.common.scalars import URL, DateTime
from resolvers.execution.context import Info
from resolvers.merchants.mutations.errors import STRIPE_ERRORS, MerchantNotFoundError, MerchantNotReadyError
from resolvers.merchants.reading import merchant_lookup
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.merchants.types.merchant import Merchant


@expected(errors.ServiceRunning, "The merchant has a subscription that has not ended.")
class ServiceRunningError(Error):
    merchant_row: strawberry.Private[MerchantRow]

    @strawberry.field(description="The merchant with its service.", graphql_type=Merchant)
    def merchant(self, info: Info) -> Document:
        return merchant_lookup.of(info.context.principal, self.merchant_row)


@strawberry.input(description="The subscription to begin.")
class StartServiceInput:
    merchant: MerchantRef = field(description="The merchant who subscribes.")
    price: str | None = field(
        default=None,
        description="The id of a recurring price on the platform's account: `price_...`. The default is the "
        "first price in the platform's setting `CONNECTQL_SERVICE_PRICES`. Merchants may choose only prices "
        "that are in this setting.",
    )
    quantity: int = field(default=1, description="The quantity: 1 to 999,999.")
    trial_days: int | None = field(
        default=None, description="A free trial of 1 to 730 days. Merchants must omit it."
    )
    success_url: URL = field(
        description="The address to which Stripe sends the browser after the merchant has subscribed. Its "
        "origin must be on the platform's allow-list. ConnectQL may receive the subscription's events later, "
        "so the merchant's `service` may not show the subscription yet."
    )
    cancel_url: URL = field(
        description="The address to which the back link of the page leads. Its origin must be on the "
        "platform's allow-list."
    )


@strawberry.type(description="The page on which the merchant subscribes.")
class StartServicePayload:
    url: URL = field(
        description="Stripe's page. Open it in the merchant's browser. Never store, log or cache it."
    )
    expires_at: DateTime = field(description="When the page expires, at most 24 hours after its creation.")
    created: bool = field(description="Whether this call created the page.")
    merchant: Document = field(description="The merchant.", graphql_type=Merchant)


@mutation(
    "Create a Stripe page on which a merchant subscribes to the platform's own product. The first call makes "
    "the merchant's account a customer of the platform. A repeat with the same input returns the same page. "
    "A call with another input closes the earlier page. If the merchant has a subscription that has not "
    "ended, the result is a ServiceRunningError. For every role.",
    *(StartServicePayload, MerchantNotFoundError, InvalidInputError, MerchantNotReadyError),
    ServiceRunningError,
    *STRIPE_ERRORS,
)
async def start_service(
    info: Info,
    input: Annotated[StartServiceInput, argument(description="The subscription to begin.")],  # noqa: A002
) -> StartServicePayload:
    context = info.context
    merchant = await merchant_lookup.merchant(context.principal, input.merchant)
    new = NewService(
        price=input.price,
        quantity=input.quantity,
        trial_days=input.trial_days,
        success_url=input.success_url,
        cancel_url=input.cancel_url,
    )
    async with accounts.about(merchant):
        page = await services.start(
            context.caller_gateway,
            merchant,
            new,
            origins=context.returns.origins,
            prices=context.service_prices,
            grace=context.service_grace,
            is_merchant=context.principal.role is Role.MERCHANT,
        )
    return StartServicePayload(
        url=URL(page.url),
        expires_at=DateTime(wire_time(page.expires_at) or ""),
        created=page.created,
        merchant=merchant_lookup.of(context.principal, await MerchantRow.get(id=merchant.id)),
    )


@strawberry.input(description="The merchant, and the address to return to.")
class CreateBillingPortalLinkInput:
    merchant: MerchantRef = field(description="The merchant who manages the subscription.")
    return_to: URL = field(
        description="The address to which the back link of the portal leads. Its origin must be on the "
        "platform's allow-list."
    )
    cancel: bool = field(
        default=False, description="Whether the link opens the portal's page for canceling the subscription."
    )


@strawberry.type(description="The link was created.")
class CreateBillingPortalLinkPayload:
    url: URL = field(
        description="Stripe's billing portal. The address works for a few minutes. Open it at once in the "
        "merchant's browser. Never store, log or cache it."
    )


@mutation(
    "Create a link into Stripe's billing portal, where a merchant can change the card, read invoices and end "
    "the subscription to the platform's product. For every role.",
    *(CreateBillingPortalLinkPayload, MerchantNotFoundError, InvalidInputError, MerchantNotReadyError),
    *STRIPE_ERRORS,
)
async def create_billing_portal_link(
    info: Info,
    input: Annotated[  # noqa: A002
        CreateBillingPortalLinkInput, argument(description="The merchant and the address.")
    ],
) -> CreateBillingPortalLinkPayload:
    context = info.context
    merchant = await merchant_lookup.merchant(context.principal, input.merchant)
    async with accounts.about(merchant):
        url = await services.open_portal(
            context.caller_gateway,
            merchant,
            input.return_to,
            origins=context.returns.origins,
            cancels=input.cancel,
        )
    return CreateBillingPortalLinkPayload(url=URL(url))
