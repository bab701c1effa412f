"""The root mutations: inputs, payloads and the result unions that name every expected refusal."""

from typing import Annotated, TypeVar

import strawberry

from connect.errors import EventNotFound
from connect.events import inbox
from connect.merchants import accounts, links
from connect.merchants.document import Document
from connect.merchants.inputs import MerchantChanges, NewMerchant
from connect.scope import Role
from models import Merchant
from resolvers.enums import CollectRequirements, EntityType
from resolvers.errors import (
    CountryNotSupportedError,
    EventNotFoundError,
    ExternalIdTakenError,
    InvalidInputError,
    MerchantNotFoundError,
    MerchantNotReadyError,
    ReturnUrlNotAllowedError,
    StripeRefusedError,
    StripeUnavailableError,
)
from resolvers.execution.context import Info
from resolvers.merchants import merchant_lookup
from resolvers.merchants.merchant import Merchant as MerchantType
from resolvers.merchants.merchant_lookup import MerchantRef
from resolvers.platform.platform import StripeEventType, event_source
from resolvers.query import require
from resolvers.relay.node import key_of
from resolvers.scalars import URL, CountryCode, DateTime

_field = strawberry.field
T = TypeVar("T")
_MERCHANT = "The merchant after the change."


@strawberry.input(description="A merchant to create.")
class CreateMerchantInput:
    external_id: str = _field(description="The platform's own id of this customer: 1 to 255 characters.")
    display_name: str = _field(description="The merchant's name: 1 to 255 characters.")
    contact_email: str = _field(description="Where Stripe writes to.")
    country: CountryCode = _field(description="Where the business is. It can't be changed later.")
    entity_type: EntityType | None = _field(default=None, description="Asked in onboarding when left out.")
    business_url: URL | None = _field(default=None, description="Asked in onboarding when left out.")
    product_description: str | None = _field(default=None, description="At most 2,000 characters.")
    capabilities: list[str] | None = _field(
        default=None,
        description="Stripe's names of payment capabilities, at most 50. `card_payments` always is.",
    )


@strawberry.type(description="The merchant was created, now or before.")
class CreateMerchantPayload:
    merchant: Document = _field(description="The merchant.", graphql_type=MerchantType)
    created: bool = _field(description="Whether this call made it. False when it was there already.")


CreateMerchantResult = Annotated[
    CreateMerchantPayload
    | ExternalIdTakenError
    | InvalidInputError
    | CountryNotSupportedError
    | StripeRefusedError
    | StripeUnavailableError,
    strawberry.union("CreateMerchantResult", description="What became of `createMerchant`."),
]


@strawberry.input(description="What to change of a merchant. What is left out stays as it is.")
class UpdateMerchantInput:
    merchant: MerchantRef = _field(description="Which merchant.")
    display_name: str | None = _field(default=None, description="1 to 255 characters.")
    contact_email: str | None = _field(default=None, description="Where Stripe writes to.")
    business_url: URL | None = _field(default=None, description="The business's web address.")
    product_description: str | None = _field(default=None, description="At most 2,000 characters.")
    capabilities: list[str] | None = _field(
        default=None, description="Payment capabilities to request as well; none is taken away."
    )


@strawberry.type(description="The merchant was changed.")
class UpdateMerchantPayload:
    merchant: Document = _field(description=_MERCHANT, graphql_type=MerchantType)


UpdateMerchantResult = Annotated[
    UpdateMerchantPayload
    | MerchantNotFoundError
    | InvalidInputError
    | MerchantNotReadyError
    | StripeRefusedError
    | StripeUnavailableError,
    strawberry.union("UpdateMerchantResult", description="What became of `updateMerchant`."),
]


@strawberry.input(description="For whom, and where to come back to.")
class CreateOnboardingLinkInput:
    merchant: MerchantRef = _field(description="Which merchant.")
    return_to: URL = _field(
        description="Where the browser goes afterwards, on an origin that the platform allows. It comes with "
        "`onboarding=returned` or `onboarding=expired` (ask for a new link) and, in the browser that asked, "
        "`merchant` and `status`. Coming back proves nothing: read the merchant."
    )
    collect: CollectRequirements = _field(
        default=CollectRequirements.CURRENTLY_DUE, description="How much the form asks for."
    )


@strawberry.type(description="A link was made.")
class CreateOnboardingLinkPayload:
    url: URL = _field(
        description="A credential: open it at once in the merchant's browser, a real one and no web view. It "
        "works once. Never store, log, e-mail or cache it."
    )
    expires_at: DateTime = _field(description="A few minutes from now.")
    merchant: Document = _field(description=_MERCHANT, graphql_type=MerchantType)


CreateOnboardingLinkResult = Annotated[
    CreateOnboardingLinkPayload
    | MerchantNotFoundError
    | ReturnUrlNotAllowedError
    | MerchantNotReadyError
    | StripeRefusedError
    | StripeUnavailableError,
    strawberry.union("CreateOnboardingLinkResult", description="What became of `createOnboardingLink`."),
]


@strawberry.input(description="Which merchant to fetch.")
class RefreshMerchantInput:
    merchant: MerchantRef = _field(description="Which merchant.")


@strawberry.type(description="The account was fetched.")
class RefreshMerchantPayload:
    merchant: Document = _field(description="The merchant as it stands now.", graphql_type=MerchantType)


RefreshMerchantResult = Annotated[
    RefreshMerchantPayload
    | MerchantNotFoundError
    | MerchantNotReadyError
    | StripeRefusedError
    | StripeUnavailableError,
    strawberry.union("RefreshMerchantResult", description="What became of `refreshMerchant`."),
]


@strawberry.input(description="Which merchant to close.")
class CloseMerchantInput:
    merchant: MerchantRef = _field(description="Which merchant.")


@strawberry.type(description="The account is closed.")
class CloseMerchantPayload:
    merchant: Document = _field(description=_MERCHANT, graphql_type=MerchantType)


CloseMerchantResult = Annotated[
    CloseMerchantPayload
    | MerchantNotFoundError
    | MerchantNotReadyError
    | StripeRefusedError
    | StripeUnavailableError,
    strawberry.union("CloseMerchantResult", description="What became of `closeMerchant`."),
]


@strawberry.input(description="Which event to handle again.")
class ReplayEventInput:
    event: strawberry.ID = _field(description="The event's `id`.")


@strawberry.type(description="The event is due again.")
class ReplayEventPayload:
    event: Document = _field(description="The event, PENDING.", graphql_type=StripeEventType)


ReplayEventResult = Annotated[
    ReplayEventPayload | EventNotFoundError,
    strawberry.union("ReplayEventResult", description="What became of `replayEvent`."),
]


@strawberry.type(description="Everything that can be done. Expected refusals are members of the result.")
class Mutation:
    @strawberry.mutation(
        description="Create a merchant and its connected account: full Dashboard, Stripe collects fees and "
        "losses. Repeating it with the same input gives the same merchant (`created: false`), so no key is "
        "needed; with another input, ExternalIdTakenError. Operators and services.",
        graphql_type=CreateMerchantResult,
    )
    async def create_merchant(
        self,
        info: Info,
        input: Annotated[CreateMerchantInput, strawberry.argument(description="The merchant to create.")],  # noqa: A002
    ) -> CreateMerchantPayload:
        require(info.context, Role.OPERATOR, Role.SERVICE)
        wanted = NewMerchant(
            external_id=input.external_id,
            display_name=input.display_name,
            contact_email=input.contact_email,
            country=input.country,
            entity_type=input.entity_type.name.lower() if input.entity_type else None,
            business_url=input.business_url,
            product_description=input.product_description,
            capabilities=tuple(input.capabilities or ()),
        )
        merchant, created = await accounts.create(
            info.context.gateway, wanted, actor=info.context.principal.subject
        )
        return CreateMerchantPayload(merchant=merchant_lookup.of(merchant), created=created)

    @strawberry.mutation(
        description="Change a merchant's details at Stripe. Operators and services.",
        graphql_type=UpdateMerchantResult,
    )
    async def update_merchant(
        self,
        info: Info,
        input: Annotated[  # noqa: A002
            UpdateMerchantInput, strawberry.argument(description="Which merchant, and what to change.")
        ],
    ) -> UpdateMerchantPayload:
        require(info.context, Role.OPERATOR, Role.SERVICE)
        changes = MerchantChanges(
            display_name=input.display_name,
            contact_email=input.contact_email,
            business_url=input.business_url,
            product_description=input.product_description,
            capabilities=tuple(input.capabilities) if input.capabilities else None,
        )
        merchant = await accounts.update(
            info.context.gateway, await _find(info, input.merchant), changes, actor=_actor(info)
        )
        return UpdateMerchantPayload(merchant=merchant_lookup.of(merchant))

    @strawberry.mutation(
        description="A new link to Stripe's onboarding form, which also collects what Stripe asks for later. "
        "Everybody, for the merchants that they see. It sets an HttpOnly cookie, by which this browser alone "
        "can renew a link that has expired.",
        graphql_type=CreateOnboardingLinkResult,
    )
    async def create_onboarding_link(
        self,
        info: Info,
        input: Annotated[  # noqa: A002
            CreateOnboardingLinkInput, strawberry.argument(description="For whom, and where to come back to.")
        ],
    ) -> CreateOnboardingLinkPayload:
        merchant = await _find(info, input.merchant)
        link = await links.issue(
            info.context.gateway,
            merchant,
            return_to=input.return_to,
            collect=input.collect.name.lower(),
            public_url=info.context.public_url,
            return_origins=info.context.return_origins,
            actor=_actor(info),
        )
        info.context.give_cookie(link.cookie_name, link.cookie_value)
        return CreateOnboardingLinkPayload(
            url=URL(link.url),
            expires_at=DateTime(link.expires_at),
            merchant=merchant_lookup.of(await Merchant.get(id=merchant.id)),
        )

    @strawberry.mutation(
        description="Fetch the account from Stripe now. Everybody, for the merchants that they see.",
        graphql_type=RefreshMerchantResult,
    )
    async def refresh_merchant(
        self,
        info: Info,
        input: Annotated[RefreshMerchantInput, strawberry.argument(description="Which merchant to fetch.")],  # noqa: A002
    ) -> RefreshMerchantPayload:
        merchant = await accounts.refresh(
            info.context.gateway, await _find(info, input.merchant), actor=_actor(info)
        )
        return RefreshMerchantPayload(merchant=merchant_lookup.of(merchant))

    @strawberry.mutation(
        description="Close the account at Stripe, for good. Meant for sandboxes: Stripe may refuse it for a "
        "live account. Operators and services.",
        graphql_type=CloseMerchantResult,
    )
    async def close_merchant(
        self,
        info: Info,
        input: Annotated[CloseMerchantInput, strawberry.argument(description="Which merchant to close.")],  # noqa: A002
    ) -> CloseMerchantPayload:
        require(info.context, Role.OPERATOR, Role.SERVICE)
        merchant = await accounts.close(
            info.context.gateway, await _find(info, input.merchant), actor=_actor(info)
        )
        return CloseMerchantPayload(merchant=merchant_lookup.of(merchant))

    @strawberry.mutation(
        description="Handle an event again, whatever became of it. Operators only.",
        graphql_type=ReplayEventResult,
    )
    async def replay_event(
        self,
        info: Info,
        input: Annotated[ReplayEventInput, strawberry.argument(description="Which event to handle again.")],  # noqa: A002
    ) -> ReplayEventPayload:
        require(info.context, Role.OPERATOR)
        key = key_of(input.event, "StripeEvent")
        if key is None:
            raise EventNotFound
        return ReplayEventPayload(event=event_source(await inbox.replay(key)))


def _actor(info: Info) -> str:
    return info.context.principal.subject


async def _find(info: Info, by: MerchantRef) -> Merchant:
    return await merchant_lookup.merchant(info.context.principal, by)
