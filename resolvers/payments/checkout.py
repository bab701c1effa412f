"""The mutation createCheckout."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from connect import scope
from connect.merchants import accounts
from connect.merchants.rules.wire import wire_time
from connect.payments import payments
from connect.payments.inputs import CaptureMode, Line, NewCheckout
from connect.payments.rules.document import Document
from resolvers.errors import InvalidInputError, mutation
from resolvers.execution.context import Info
from resolvers.merchants import merchant_lookup
from resolvers.merchants.errors import (
    STRIPE_ERRORS,
    ExternalIdTakenError,
    MerchantNotFoundError,
    MerchantNotReadyError,
)
from resolvers.merchants.merchant_lookup import MerchantRef
from resolvers.payments import inputs, payment_lookup
from resolvers.payments.errors import (
    AmountTooSmallError,
    CurrencyNotSupportedError,
    FeeTooLargeError,
    PaymentNotPayableError,
)
from resolvers.payments.inputs import MetadataInput
from resolvers.payments.money import MoneyInput
from resolvers.payments.payment import Payment
from resolvers.scalars import URL, DateTime


@strawberry.input(description="A line of an order.")
class CheckoutLineInput:
    name: str = field(description="The name of the product on the payment page: 1 to 250 characters.")
    quantity: int = field(description="1 to 999,999.")
    unit_amount: MoneyInput = field(
        description="The price of one piece. All lines must have the same currency. Stripe charges ISK and "
        "UGX in steps of 100 minor units, and currencies with three decimals in steps of 10."
    )
    description: str | None = field(default=None, description="A text below the name: 1 to 500 characters.")


@strawberry.input(description="The order to pay, and the addresses to return to.")
class CreateCheckoutInput:
    merchant: MerchantRef = field(description="The merchant who is paid.")
    external_id: str = field(
        description="The platform's own id of the order: 1 to 255 characters, unique for each merchant. "
        "createCheckout and createPaymentIntent share these ids."
    )
    lines: list[CheckoutLineInput] = field(
        description="1 to 100 lines. Stripe charges at least about 0.50 USD and at most 12 digits in total."
    )
    success_url: URL = field(
        description="The web address to which Stripe sends the browser after the payment. Its origin must be "
        "on the platform's allow-list. Stripe replaces `{CHECKOUT_SESSION_ID}` in the address. A visit to "
        "this address does not prove that the payment succeeded: read the payment or subscribe to it."
    )
    cancel_url: URL = field(
        description="The web address of the page's back link. Its origin must be on the allow-list."
    )
    customer_email: str | None = field(
        default=None,
        description="The customer's e-mail address for the form: at most 254 characters. ConnectQL stores "
        "only a hash of it.",
    )
    expires_in_minutes: int | None = field(
        default=None,
        description="The lifetime of an unused page: 30 to 1440 minutes. The default is 24 hours.",
    )
    capture: CaptureMode = field(default=CaptureMode.AUTOMATIC, description="When the money is charged.")
    fee: MoneyInput | None = field(
        default=None,
        description="The platform's fee, from 0 to the total, in the same currency. If omitted, the "
        "platform's policy decides. Merchants must omit it.",
    )
    statement_descriptor_suffix: str | None = field(
        default=None,
        description="A text after the merchant's prefix on card statements: Latin characters with at least "
        "one letter, without < > \\ ' \" *, at most 22 characters including the prefix and two separators.",
    )
    locale: str | None = field(
        default=None,
        description="The language of the page, such as `de`. The default is the browser's language.",
    )
    metadata: list[MetadataInput] | None = field(
        default=None, description="At most 48 entries, stored at Stripe."
    )


@strawberry.type(description="The customer can pay on the page.")
class CreateCheckoutPayload:
    payment: Document = field(description="The payment.", graphql_type=Payment)
    url: URL = field(
        description="Stripe's payment page for this order. Send the customer's browser to it. Do not store "
        "or log it: a repeated call returns it again, or a new page if it has expired."
    )
    expires_at: DateTime = field(description="When the page expires.")
    created: bool = field(description="Whether this call created the payment.")


@mutation(
    "Create a payment page at Stripe, on which a customer pays the merchant. Stripe offers the payment "
    "methods of the merchant's account. A repeat with the same input returns the same payment with a page "
    "that works, so no idempotency key is needed. For operators and services, and for merchants if the "
    "platform allows it.",
    *(CreateCheckoutPayload, MerchantNotFoundError, ExternalIdTakenError, InvalidInputError),
    *(MerchantNotReadyError, AmountTooSmallError, CurrencyNotSupportedError, FeeTooLargeError),
    PaymentNotPayableError,
    *STRIPE_ERRORS,
)
async def create_checkout(
    info: Info,
    input: Annotated[CreateCheckoutInput, argument(description="The order to pay.")],  # noqa: A002
) -> CreateCheckoutPayload:
    context = info.context
    inputs.require_charging(context)
    merchant = await merchant_lookup.merchant(context.principal, input.merchant)
    fee = inputs.fee(context, input.fee)
    new = NewCheckout(
        external_id=input.external_id,
        lines=tuple(
            Line(
                name=line.name,
                quantity=line.quantity,
                unit_amount=line.unit_amount.minor_units,
                currency=line.unit_amount.currency,
                description=line.description,
            )
            for line in input.lines
        ),
        success_url=input.success_url,
        cancel_url=input.cancel_url,
        customer_email=input.customer_email,
        expires_in=input.expires_in_minutes,
        capture=input.capture,
        fee=fee.minor_units if fee is not None else None,
        fee_currency=fee.currency if fee is not None else None,
        statement_descriptor_suffix=input.statement_descriptor_suffix,
        locale=input.locale,
        metadata=inputs.metadata(input.metadata),
    )
    async with accounts.about(merchant):
        checkout = await payments.create_checkout(
            context.caller_gateway,
            merchant,
            new,
            origins=context.returns.origins,
            policy=context.charging.policy,
            actor=context.principal.subject,
            audience=scope.audience(context.principal),
        )
    return CreateCheckoutPayload(
        payment=payment_lookup.of(checkout.payment),
        url=URL(checkout.url),
        expires_at=DateTime(wire_time(checkout.expires_at) or ""),
        created=checkout.created,
    )
