"""The expected errors of merchant mutations."""

import strawberry
from strawberry import field

from resolvers.errors import Error


@strawberry.type(description="No merchant with this reference is visible to the caller.")
class MerchantNotFoundError(Error):
    pass


@strawberry.type(description="The current state of the merchant does not allow the operation.")
class MerchantNotReadyError(Error):
    pass


@strawberry.type(description="The external id belongs to a merchant that was created from other input.")
class ExternalIdTakenError(Error):
    external_id: str = field(description="The external id.")


@strawberry.type(description="Stripe does not open accounts with these capabilities in the country.")
class CountryNotSupportedError(Error):
    country: str = field(description="The country of the input.")
    request_id: str | None = field(description="Stripe's request id, for Stripe support.")


@strawberry.type(description="The origin of `returnTo` is not on the platform's allow-list.")
class ReturnUrlNotAllowedError(Error):
    pass
