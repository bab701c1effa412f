"""The mutation createAccountSession."""

from typing import Annotated

import strawberry
from strawberry import argument, field

from connect import errors
from connect.embedded import sessions
from connect.embedded.components import Component, Feature, Wanted
from connect.merchants import accounts
from connect.merchants.rules.wire import wire_time
from connect.scope import Role
from resolvers.common.errors import Error, InvalidField, InvalidInputError, expected, mutation
from resolvers.common.scalars import DateTime, describe
from resolvers.execution.context import Info
from resolvers.merchants.mutations.errors import STRIPE_ERRORS, MerchantNotFoundError, MerchantNotReadyError
from resolvers.merchants.reading import merchant_lookup
from resolvers.merchants.reading.merchant_lookup import MerchantRef

describe(
    Component,
    "EmbeddedComponent",
    "An embedded component of Stripe's Connect.js. A page of the platform shows it to the merchant.",
    ACCOUNT_MANAGEMENT="The details of the account, which the merchant can change.",
    ACCOUNT_ONBOARDING="The onboarding form.",
    BALANCE_REPORT="The report of balances.",
    BALANCES="Balances and payouts.",
    DISPUTES_LIST="All disputes.",
    DOCUMENTS="Documents, such as tax invoices for Stripe's fees.",
    INSTANT_PAYOUTS_PROMOTION="An offer of instant payouts, which is shown if the account is eligible for "
    "them.",
    NOTIFICATION_BANNER="A banner with tasks, such as missing information.",
    PAYMENT_DETAILS="The details of one payment.",
    PAYMENT_DISPUTES="The disputes of one payment.",
    PAYMENT_METHOD_SETTINGS="The settings of payment methods.",
    PAYMENTS="All payments, with refunds, captures and answers to disputes.",
    PAYOUT_DETAILS="The details of one payout.",
    PAYOUT_RECONCILIATION_REPORT="The report of the transactions in payouts.",
    PAYOUTS="Balances, payouts and their schedule.",
    PAYOUTS_LIST="All payouts.",
    REPORTING_CHART="A chart of the merchant's sales.",
    TAX_REGISTRATIONS="Tax registrations.",
    TAX_SETTINGS="Settings of Stripe Tax.",
)
describe(
    Feature,
    "EmbeddedFeature",
    "A change that a merchant can make in an embedded component.",
    CAPTURE_PAYMENTS="Capture authorized payments. Available in PAYMENTS, PAYMENT_DETAILS and DISPUTES_LIST.",
    DISPUTE_MANAGEMENT="Answer and accept disputes. Available in PAYMENTS, PAYMENT_DETAILS, PAYMENT_DISPUTES "
    "and DISPUTES_LIST.",
    EDIT_PAYOUT_SCHEDULE="Change the payout schedule. Available in PAYOUTS and BALANCES.",
    EXTERNAL_ACCOUNT_COLLECTION="Add and change bank accounts. Available in ACCOUNT_MANAGEMENT, "
    "ACCOUNT_ONBOARDING, NOTIFICATION_BANNER, PAYOUTS, BALANCES and INSTANT_PAYOUTS_PROMOTION.",
    INSTANT_PAYOUTS="Request instant payouts. Available in PAYOUTS, BALANCES and INSTANT_PAYOUTS_PROMOTION.",
    REFUND_MANAGEMENT="Refund payments. Available in PAYMENTS, PAYMENT_DETAILS, PAYMENT_DISPUTES and "
    "DISPUTES_LIST.",
    STANDARD_PAYOUTS="Request standard payouts. Available in PAYOUTS and BALANCES.",
)


@expected(errors.ComponentNotAllowed, "The platform does not let merchants use this component.")
class ComponentNotAllowedError(Error):
    component: Component = field(description="The component of the input.")
    allowed: list[Component] = field(description="The components that merchants may use.")
    fields: list[InvalidField] = field(description="The field of the input that names the component.")


@strawberry.input(description="A component to show.")
class EmbeddedComponentInput:
    component: Component = field(description="The component.")
    features: list[Feature] | None = field(
        default=None,
        description="The changes that the merchant can make in the component. An empty list turns off all "
        "changes that the component could offer. If omitted, Stripe's defaults apply.",
    )


@strawberry.input(description="The merchant, and the components that the page shows.")
class CreateAccountSessionInput:
    merchant: MerchantRef = field(description="The merchant whose account the components show.")
    components: list[EmbeddedComponentInput] = field(
        description="The components that the page shows. Each component may be named only once. Name only "
        "the components that the page needs."
    )


@strawberry.type(description="An enabled component of a session.")
class EmbeddedComponentAccess:
    component: Component = field(description="The component.")
    features: list[Feature] = field(description="The changes that the merchant can make in the component.")


@strawberry.type(description="The values that Connect.js needs to show the components.")
class CreateAccountSessionPayload:
    client_secret: str = field(
        description="The secret that your `fetchClientSecret` function returns to Connect.js. It works only "
        "once. Connect.js calls the function again when it needs another secret. Never store, log or cache "
        "it."
    )
    publishable_key: str | None = field(
        description="The platform's publishable key, which Connect.js needs. Null if the setting "
        "`CONNECTQL_STRIPE_PUBLISHABLE_KEY` is not set."
    )
    stripe_account_id: str = field(description="The account of the session: `acct_...`.")
    expires_at: DateTime = field(description="When the secret expires.")
    components: list[EmbeddedComponentAccess] = field(description="The enabled components.")


@mutation(
    "Create an account session, with which a page of the platform can show Stripe's embedded components to a "
    "merchant. ConnectQL does not store the session. In some components Stripe asks the merchant to log in. "
    "For every role. Merchants may use only the components that the platform allows with the setting "
    "`CONNECTQL_MERCHANTS_MAY_EMBED`.",
    *(CreateAccountSessionPayload, MerchantNotFoundError, InvalidInputError, ComponentNotAllowedError),
    MerchantNotReadyError,
    *STRIPE_ERRORS,
)
async def create_account_session(
    info: Info,
    input: Annotated[  # noqa: A002
        CreateAccountSessionInput, argument(description="The merchant and the components.")
    ],
) -> CreateAccountSessionPayload:
    context = info.context
    merchant = await merchant_lookup.merchant(context.principal, input.merchant)
    is_merchant = context.principal.role is Role.MERCHANT
    allowed = context.merchants_may_embed if is_merchant else frozenset(Component)
    wanted = [
        Wanted(one.component, tuple(one.features) if one.features is not None else None)
        for one in input.components
    ]
    async with accounts.about(merchant):
        session = await sessions.create(context.caller_gateway, merchant, wanted, allowed)
    return CreateAccountSessionPayload(
        client_secret=session.client_secret,
        publishable_key=context.charging.publishable_key,
        stripe_account_id=session.account_id,
        expires_at=DateTime(wire_time(session.expires_at) or ""),
        components=[
            EmbeddedComponentAccess(component=one.component, features=list(one.features or ()))
            for one in session.components
        ],
    )
