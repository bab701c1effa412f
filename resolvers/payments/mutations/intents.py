"""The mutation createPaymentIntent."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from connect import scope
from connect.merchants import accounts
from connect.payments import payments
from connect.payments.inputs import NewIntent
from connect.payments.rules.document import Document
from resolvers.common.errors import mutation
from resolvers.common.scalars import CountryCode
from resolvers.common.viewer import Permission, require_permission
from resolvers.execution.context import Info
from resolvers.merchants.reading import merchant_lookup
from resolvers.payments.mutations import inputs
from resolvers.payments.mutations.errors import CREATION_ERRORS
from resolvers.payments.mutations.inputs import NewPaymentInput
from resolvers.payments.reading import payment_lookup
from resolvers.payments.types.money import MoneyInput
from resolvers.payments.types.payment import Payment


@strawberry.input(description="The payment to create.")
class CreatePaymentIntentInput(NewPaymentInput):
    amount: MoneyInput = field(
        description="The amount to pay. Stripe charges at least about 0.50 USD, and at most an amount of 12 "
        "digits in minor units. It charges ISK and UGX in steps of 100 minor units, and currencies with "
        "three decimals in steps of 10."
    )
    description: str | None = field(
        default=None, description="A text for the merchant's Dashboard: 1 to 500 characters."
    )
    receipt_email: str | None = field(
        default=None,
        description="The address to which Stripe sends a receipt in live mode: at most 254 characters. "
        "ConnectQL stores only a hash of it.",
    )
    stripe_customer_id: str | None = field(
        default=None,
        description="The id of a customer on the merchant's account (`cus_...`). With it, the app can show "
        "the customer's saved payment methods, and the payload has a `customerSessionClientSecret`.",
    )


@strawberry.type(
    description="The values that Stripe's PaymentSheet, or Stripe's Elements on the platform's own page, "
    "need for this payment. An app must give PaymentSheet a `returnURL` with a URL scheme that the app has "
    "registered. The result that PaymentSheet reports is only a hint: read the payment or subscribe to it."
)
class CreatePaymentIntentPayload:
    payment: Document = field(description="The payment.", graphql_type=Payment)
    client_secret: str = field(
        description="The secret with which the customer's app confirms the payment. Never store, log or "
        "cache it. A repeated call returns it again."
    )
    publishable_key: str | None = field(
        description="The platform's publishable key, which Stripe's SDK needs. Null if the setting "
        "`CONNECTQL_STRIPE_PUBLISHABLE_KEY` is not set."
    )
    stripe_account_id: str = field(
        description="The merchant's account, with which the app must initialize Stripe's SDK "
        "(`stripeAccount`)."
    )
    stripe_payment_intent_id: str = field(description="The id of the PaymentIntent: `pi_...`.")
    customer_session_client_secret: str | None = field(
        description="The secret with which the app shows the customer's saved payment methods. It expires "
        "soon. Null if `stripeCustomerId` was omitted. Never store, log or cache it."
    )
    merchant_display_name: str = field(
        description="The merchant's public name, for `merchantDisplayName` of PaymentSheet."
    )
    merchant_country_code: CountryCode | None = field(
        description="The country of the account, which Apple Pay and Google Pay need."
    )
    created: bool = field(description="Whether this call created the payment.")


@mutation(
    "Create a payment for a mobile app or for the platform's own payment page. Stripe offers the payment "
    "methods of the merchant's account. A repeat with the same input returns the same payment. For "
    "operators and services, and for merchants if the platform allows it.",
    CreatePaymentIntentPayload,
    *CREATION_ERRORS,
)
async def create_payment_intent(
    info: Info,
    input: Annotated[  # noqa: A002
        CreatePaymentIntentInput, argument(description="The payment to create.")
    ],
) -> CreatePaymentIntentPayload:
    context = info.context
    require_permission(context, Permission.CHARGE)
    merchant = await merchant_lookup.merchant(context.principal, input.merchant)
    new = NewIntent(
        **inputs.common(context, input),
        amount=input.amount.minor_units,
        currency=input.amount.currency,
        description=input.description,
        customer_email=input.receipt_email,
        customer=input.stripe_customer_id,
    )
    async with accounts.about(merchant):
        intent = await payments.create_intent(
            context.caller_gateway,
            merchant,
            new,
            policy=context.charging.policy,
            actor=context.principal.subject,
            audience=scope.audience(context.principal),
        )
    country = intent.merchant_country
    return CreatePaymentIntentPayload(
        payment=payment_lookup.of(intent.payment),
        client_secret=intent.client_secret,
        publishable_key=context.charging.publishable_key,
        stripe_account_id=intent.payment.stripe_account_id,
        stripe_payment_intent_id=intent.payment.stripe_payment_intent_id or "",
        customer_session_client_secret=intent.customer_session_client_secret,
        merchant_display_name=intent.merchant_display_name,
        merchant_country_code=CountryCode(country) if country is not None else None,
        created=intent.created,
    )
