"""eraseMerchant: erases the personal and business data of a merchant."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from connect import errors
from connect.merchants import erasure
from connect.merchants.erasure import Obstacle
from connect.merchants.rules.document import Document
from connect.scope import Role
from resolvers.common.errors import Error, InvalidInputError, expected, mutation
from resolvers.common.scalars import describe
from resolvers.common.viewer import require
from resolvers.execution.context import Info
from resolvers.merchants.mutations.errors import MerchantNotFoundError
from resolvers.merchants.reading import merchant_lookup
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.merchants.types.merchant import Merchant

ErasureObstacle = Obstacle

describe(
    ErasureObstacle,
    "ErasureObstacle",
    "A reason why a merchant's data may not be erased yet.",
    ACCOUNT_OPEN="The account is open and may hold money. Call closeMerchant, or let the merchant "
    "disconnect it. Stripe closes only accounts without a balance.",
    REQUESTS_PENDING="A request to Stripe has no answer yet. ConnectQL completes the request automatically.",
    DISPUTES_OPEN="A dispute or an inquiry is open. Wait for the bank's decision.",
    REFUNDS_PENDING="A refund is pending. Wait until it has succeeded or failed.",
    PAYOUTS_ON_THE_WAY="A payout has not arrived yet.",
    SERVICE_RUNNING="The merchant's subscription to the platform's own product has not ended. Cancel it at "
    "Stripe.",
)


@expected(errors.MerchantNotErasable, "The merchant's data may not be erased yet. Nothing was changed.")
class MerchantNotErasableError(Error):
    obstacles: list[ErasureObstacle] = field(
        description="All reasons why the data may not be erased yet. `message` has a remedy for each reason."
    )


@strawberry.input(description="The merchant to erase.")
class EraseMerchantInput:
    merchant: MerchantRef = field(description="The merchant to erase.")
    confirm_external_id: str = field(
        description="The `externalId` of the merchant, repeated as a confirmation, because the erasure "
        "cannot be undone."
    )


@strawberry.type(description="The merchant's data is erased.")
class EraseMerchantPayload:
    merchant: Document = field(
        description="The merchant with the status ERASED. A worker removes the data of its payments, payouts "
        "and stored requests within minutes.",
        graphql_type=Merchant,
    )
    erased: bool = field(description="Whether this call erased the merchant. False for a repeated call.")


@mutation(
    "Erase the personal and business data of a merchant permanently: names, contacts, requirements, "
    "timelines, links, data of payers, stored requests and evidence. Amounts, currencies, dates, Stripe's "
    "ids, external ids and the country are kept for accounting. Stripe keeps its own records. Later events "
    "from Stripe do not restore the data. The merchant stays readable with the status ERASED, and its "
    "`externalId` cannot be used again. A repeated call changes nothing. For operators.",
    *(EraseMerchantPayload, MerchantNotFoundError, InvalidInputError, MerchantNotErasableError),
)
async def erase_merchant(
    info: Info,
    input: Annotated[EraseMerchantInput, argument(description="The merchant to erase.")],  # noqa: A002
) -> EraseMerchantPayload:
    require(info.context, Role.OPERATOR)
    principal = info.context.principal
    merchant = await merchant_lookup.merchant(principal, input.merchant)
    merchant, erased = await erasure.erase(merchant, input.confirm_external_id, actor=principal.subject)
    return EraseMerchantPayload(merchant=merchant_lookup.of(principal, merchant), erased=erased)
