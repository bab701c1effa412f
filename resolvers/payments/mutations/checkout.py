"""The mutation createCheckout."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from connect import scope
from connect.merchants import accounts
from connect.merchants.rules.wire import wire_time
from connect.payments import payments
from connect.payments.inputs import Line, NewCheckout
from connect.payments.rules.document import Document
from resolvers.common.errors import mutation
from resolvers.common.scalars import URL, DateTime
from resolvers.common.viewer import Permission, require_permission
from resolvers.execution.context import Info
from resolvers.merchants.reading import merchant_lookup
from resolvers.payments.mutations import inputs
from resolvers.payments.mutations.errors import CREATION_ERRORS
from resolvers.payments.mutations.inputs import NewPaymentInput
from resolvers.payments.reading import payment_lookup
from resolvers.payments.types.money import MoneyInput
from resolvers.payments.types.payment import Payment


@strawberry.input(description="A line of an order.")
class CheckoutLineInput:
    name: str = field(description="The name of the product on the payment page: 1 to 250 characters.")
    quantity: int = field(description="The number of pieces: 1 to 999,999.")
    unit_amount: MoneyInput = field(
        description="The price of one piece. All lines must have the same currency. Stripe charges ISK and "
        "UGX in steps of 100 minor units, and currencies with three decimals in steps of 10."
    )
    description: str | None = field(default=None, description="A text below the name: 1 to 500 characters.")


@strawberry.input(description="The order to pay, and the addresses to return to.")
class CreateCheckoutInput(NewPaymentInput):
    lines: list[CheckoutLineInput] = field(
        description="The lines of the order, from 1 to 100. Their total must be at least Stripe's minimum "
        "(about 0.50 USD), and may have at most 12 digits in minor units."
    )
    success_url: URL = field(
        description="The web address to which Stripe sends the browser after the payment. Its origin must be "
        "on the platform's allow-list. Stripe replaces `{CHECKOUT_SESSION_ID}` in the address with the id "
        "of the session. A visit to this address does not prove that the payment succeeded: read the "
        "payment or subscribe to it."
    )
    cancel_url: URL = field(
        description="The web address to which the back link of the payment page leads. Its origin must be on "
        "the platform's allow-list."
    )
    customer_email: str | None = field(
        default=None,
        description="The customer's e-mail address, with which Stripe fills in the form on the page: at most "
        "254 characters. ConnectQL stores only a hash of it.",
    )
    expires_in_minutes: int | None = field(
        default=None,
        description="The number of minutes until the page expires if nobody pays: 30 to 1440. The default is "
        "1440 (24 hours).",
    )
    locale: str | None = field(
        default=None,
        description="The language of the page, such as `de`. The default is the browser's language.",
    )


@strawberry.type(description="The customer can pay on the page.")
class CreateCheckoutPayload:
    payment: Document = field(description="The payment.", graphql_type=Payment)
    url: URL = field(
        description="The address of Stripe's payment page for this order. Send the customer's browser to "
        "it. Do not store or log it: a repeated call returns it again, or a new page if this one has expired."
    )
    expires_at: DateTime = field(description="When the page expires.")
    created: bool = field(description="Whether this call created the payment.")


@mutation(
    "Create a payment page at Stripe, on which a customer pays the merchant. Stripe offers the payment "
    "methods of the merchant's account. A repeat with the same input returns the same payment with a page "
    "that works, so no idempotency key is needed. For operators and services, and for merchants if the "
    "platform allows it.",
    CreateCheckoutPayload,
    *CREATION_ERRORS,
)
async def create_checkout(
    info: Info,
    input: Annotated[CreateCheckoutInput, argument(description="The order to pay.")],  # noqa: A002
) -> CreateCheckoutPayload:
    context = info.context
    require_permission(context, Permission.CHARGE)
    merchant = await merchant_lookup.merchant(context.principal, input.merchant)
    new = NewCheckout(
        **inputs.common(context, input),
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
        locale=input.locale,
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
