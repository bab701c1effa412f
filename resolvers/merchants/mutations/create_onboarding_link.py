import enum
from typing import Annotated

import strawberry
from strawberry import field

from connect.merchants import links
from connect.merchants.rules.document import Document
from models import Merchant as MerchantRow
from resolvers.errors import StripeRefusedError, StripeUnavailableError
from resolvers.execution.context import Info
from resolvers.merchants import merchant_lookup
from resolvers.merchants.errors import MerchantNotFoundError, MerchantNotReadyError, ReturnUrlNotAllowedError
from resolvers.merchants.merchant import Merchant
from resolvers.merchants.merchant_lookup import MerchantRef
from resolvers.scalars import URL, DateTime, value


@strawberry.enum(description="The information that Stripe's onboarding form asks for.")
class CollectRequirements(enum.Enum):
    CURRENTLY_DUE = value("CURRENTLY_DUE", "Only information that is due now. This is the shortest form.")
    EVENTUALLY_DUE = value(
        "EVENTUALLY_DUE", "Information that is due now or later. The merchant needs fewer visits."
    )


@strawberry.input(description="The merchant to onboard and the address to return to.")
class CreateOnboardingLinkInput:
    merchant: MerchantRef = field(description="The merchant to onboard.")
    return_to: URL = field(
        description="The address to which the browser returns. Its origin must be on the platform's "
        "allow-list. ConnectQL adds the parameter `onboarding=returned`, or `onboarding=expired` if the "
        "merchant needs a new link. The browser that requested the link also gets `merchant` and `status`. "
        "The form may still be incomplete after a return: read the merchant."
    )
    collect: CollectRequirements = field(
        default=CollectRequirements.CURRENTLY_DUE, description="The information to ask for."
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


CreateOnboardingLinkResult = Annotated[
    CreateOnboardingLinkPayload
    | MerchantNotFoundError
    | ReturnUrlNotAllowedError
    | MerchantNotReadyError
    | StripeRefusedError
    | StripeUnavailableError,
    strawberry.union("CreateOnboardingLinkResult", description="The result of `createOnboardingLink`."),
]


@strawberry.mutation(
    description="Create a link to Stripe's onboarding form. The form also collects requirements that arise "
    "after onboarding. The response sets an HttpOnly cookie: only a browser with this cookie can renew an "
    "expired link. For every role.",
    graphql_type=CreateOnboardingLinkResult,
)
async def create_onboarding_link(
    info: Info,
    input: Annotated[  # noqa: A002
        CreateOnboardingLinkInput, strawberry.argument(description="The merchant and the return address.")
    ],
) -> CreateOnboardingLinkPayload:
    context = info.context
    merchant = await merchant_lookup.merchant(context.principal, input.merchant)
    link = await links.issue(
        context.gateway,
        merchant,
        return_to=input.return_to,
        collect=input.collect.name.lower(),
        public_url=context.public_url,
        return_origins=context.return_origins,
        actor=context.principal.subject,
    )
    context.give_cookie(link.cookie_name, link.cookie_value)
    return CreateOnboardingLinkPayload(
        url=URL(link.url),
        expires_at=DateTime(link.expires_at),
        merchant=merchant_lookup.of(await MerchantRow.get(id=merchant.id)),
    )
