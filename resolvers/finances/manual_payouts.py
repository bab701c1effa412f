"""The mutation createPayout."""

import json
from typing import Annotated

import strawberry
from strawberry import argument, field

from connect.finances import manual_payouts
from connect.finances.rules.payout_document import Document
from connect.finances.rules.requests import Method, NewPayout
from connect.merchants import accounts
from resolvers.common.errors import InvalidInputError, mutation
from resolvers.common.scalars import describe
from resolvers.common.viewer import Permission, require_permission
from resolvers.execution.context import Info
from resolvers.finances.errors import BankAccountMissingError, PayoutsBlockedError, PayoutTooLargeError
from resolvers.finances.payout import Payout
from resolvers.merchants.mutations.errors import (
    STRIPE_ERRORS,
    ExternalIdTakenError,
    MerchantNotFoundError,
    MerchantNotReadyError,
)
from resolvers.merchants.reading import merchant_lookup
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.payments.mutations import inputs
from resolvers.payments.types.money import MoneyInput

NewPayoutMethod = Method

describe(
    NewPayoutMethod,
    "NewPayoutMethod",
    "The speed of the payout that createPayout requests.",
    STANDARD="The payout takes some business days.",
    INSTANT="The payout takes some minutes, and Stripe charges the merchant a fee. Not every bank account or "
    "debit card can receive instant payouts.",
)


@strawberry.input(description="The payout to request.")
class CreatePayoutInput:
    merchant: MerchantRef = field(description="The merchant who is paid.")
    external_id: str = field(
        description="The platform's own id of the payout: 1 to 255 characters, unique among the "
        "payouts of the merchant."
    )
    amount: MoneyInput = field(
        description="The amount, in a currency of the merchant's balance. The maximum is the balance's "
        "`available`, or its `instantAvailable` for an instant payout."
    )
    method: NewPayoutMethod = field(default=Method.STANDARD, description="The speed of the payout.")
    statement_descriptor: str | None = field(
        default=None, description="The text on the bank statement: at most 22 characters."
    )


@strawberry.type(description="Stripe has created the payout.")
class CreatePayoutPayload:
    payout: Document = field(
        description="The payout. It can fail later: subscribe to `payoutListChanged`.", graphql_type=Payout
    )
    created: bool = field(
        description="Whether this call requested the payout. False if an earlier call with the same input "
        "requested it."
    )


@mutation(
    "Pay out a part of a merchant's balance outside the schedule, to the bank account for the currency. A "
    "repeat with the same input returns the same payout. For an account with the full Dashboard, the "
    "platform must have configured platform controls at Stripe. Otherwise, the result is a "
    "StripeRefusedError with the code `not_allowed_on_standard_account`. For operators and services, and for "
    "merchants if the platform allows it.",
    *(CreatePayoutPayload, MerchantNotFoundError, ExternalIdTakenError, InvalidInputError),
    *(MerchantNotReadyError, PayoutsBlockedError, PayoutTooLargeError, BankAccountMissingError),
    *STRIPE_ERRORS,
)
async def create_payout(
    info: Info,
    input: Annotated[CreatePayoutInput, argument(description="The payout to request.")],  # noqa: A002
) -> CreatePayoutPayload:
    context = info.context
    require_permission(context, Permission.PAY_OUT)
    merchant = await merchant_lookup.merchant(context.principal, input.merchant)
    new = NewPayout(
        external_id=input.external_id,
        amount=inputs.required_amount("amount", input.amount),
        method=input.method,
        statement_descriptor=input.statement_descriptor,
    )
    async with accounts.about(merchant):
        actor = context.principal.subject
        done = await manual_payouts.create(context.caller_gateway, merchant, new, actor=actor)
    document: Document = json.loads(done.payout.document)
    return CreatePayoutPayload(payout=document, created=done.created)
