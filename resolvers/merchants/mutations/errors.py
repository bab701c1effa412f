"""The expected errors of the mutations of merchants."""

import strawberry
from strawberry import field

from connect import errors
from connect.merchants import wording
from connect.merchants.rules.document import Document
from models import Merchant as MerchantRow
from resolvers.common.errors import Error, InvalidField, expected
from resolvers.common.scalars import URL
from resolvers.execution.context import Info
from resolvers.merchants.reading import merchant_lookup
from resolvers.merchants.types.merchant import Merchant


@expected(errors.MerchantNotFound, "No merchant with this reference is visible to the caller.")
class MerchantNotFoundError(Error):
    pass


@expected(errors.MerchantNotReady, "The current state of the merchant does not allow the operation.")
class MerchantNotReadyError(Error):
    pass


@expected(
    errors.ExternalIdTaken,
    "Another object already has this external id, and this call cannot return that object. For example, it "
    "was created from another input, or its personal data was removed. `message` has the reason.",
)
class ExternalIdTakenError(Error):
    external_id: str = field(description="The external id of the input.")


@expected(
    errors.ReplacementDiffers,
    "A call with another input is replacing the account, or has replaced it. This call sent nothing to "
    "Stripe.",
)
class ReplacementDiffersError(Error):
    stripe_account_id: str = field(description="The `stripeAccountId` of the input.")
    is_pending: bool = field(description="True until Stripe has opened the new account.")


@expected(
    errors.CountryNotSupported,
    "Stripe does not open accounts with card payments in the country of the input.",
)
class CountryNotSupportedError(Error):
    country: str = field(description="The country of the input.")
    request_id: str | None = field(description="Stripe's request id, for Stripe support.")
    fields: list[InvalidField] = field(description="One entry, for the field `country` of the input.")


@expected(errors.ReturnUrlNotAllowed, "The platform does not allow this `returnTo`.")
class ReturnUrlNotAllowedError(Error):
    fields: list[InvalidField] = field(description="One entry, for the field `returnTo` of the input.")


@expected(
    errors.StripeRefused,
    "Stripe refused the request. The same request usually fails again. Merchants get a neutral text instead "
    "of Stripe's message.",
)
class StripeRefusedError(Error):
    code: str = field(description="Stripe's error code. For merchants, it is always `refused`.")

    @strawberry.field(description="A remedy for the platform's developer, if one is known.")
    def remedy(self) -> str | None:
        return wording.refusal(self.code)

    request_id: str | None = field(description="Stripe's request id, for Stripe support. Null for merchants.")
    fields: list[InvalidField] = field(
        description="The fields of the input that Stripe refused. Empty if Stripe's answer does not tell "
        "which fields it refused."
    )


@expected(
    errors.DashboardLinkRefused,
    "Stripe refused to create a link into this Dashboard. Show a link to `loginUrl` instead.",
)
class DashboardLinkRefusedError(Error):
    code: str = field(description="Stripe's error code. For merchants, it is always `refused`.")
    login_url: URL = field(description="The page where the merchant logs in to the Dashboard.")
    request_id: str | None = field(description="Stripe's request id, for Stripe support. Null for merchants.")


@expected(
    errors.StripeUnavailable,
    "Stripe gave no definite answer, or a limit of calls to Stripe is reached. Repeating the same request is "
    "safe.",
)
class StripeUnavailableError(Error):
    retry_after_seconds: int = field(
        description="The number of seconds to wait before the request is repeated."
    )
    merchant_row: strawberry.Private[MerchantRow]

    @strawberry.field(
        description="The merchant that the mutation is about. After createMerchant, its status is CREATING. "
        "After replaceAccount, it still has the old account. ConnectQL completes both operations "
        "automatically.",
        graphql_type=Merchant,
    )
    def merchant(self, info: Info) -> Document:
        return merchant_lookup.of(info.context.principal, self.merchant_row)


STRIPE_ERRORS = StripeRefusedError, StripeUnavailableError
