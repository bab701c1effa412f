"""The service of a merchant: its subscription to the platform's own product.

The source is a part of the merchant's document.
"""

import enum

import strawberry
from strawberry import field

from connect.services.rules.access import Access
from resolvers.common.scalars import URL, DateTime, describe, value
from resolvers.payments.types.money import Money

describe(
    Access,
    "ServiceAccess",
    "The access to the platform's product that a subscription gives.",
    FULL="The subscription is paid, or in its free trial.",
    GRACE="A payment is overdue, but the access continues until `graceUntil`. By default, this is 14 days "
    "after the first payment became overdue. The platform can set another number of days "
    "(`CONNECTQL_SERVICE_GRACE_DAYS`).",
    NONE="The subscription gives no access.",
)


@strawberry.enum(description="The status of a subscription at Stripe.")
class ServiceStatus(enum.Enum):
    INCOMPLETE = value(
        "INCOMPLETE", "The first payment is not complete. It must be completed within 23 hours."
    )
    INCOMPLETE_EXPIRED = value(
        "INCOMPLETE_EXPIRED", "The first payment was never completed. This status is final."
    )
    TRIALING = value("TRIALING", "The free trial runs until `trialEndsAt`.")
    ACTIVE = value("ACTIVE", "The subscription is paid.")
    PAST_DUE = value(
        "PAST_DUE",
        "A payment is overdue: a renewal failed, or an invoice that was sent by e-mail is past its due date.",
    )
    UNPAID = value("UNPAID", "All attempts to collect the payment failed. New invoices stay drafts.")
    PAUSED = value("PAUSED", "The subscription is paused. Stripe creates no invoices for it.")
    CANCELED = value("CANCELED", "The subscription has ended. This status is final.")
    UNKNOWN = value("UNKNOWN", "Stripe reports a status that this version does not know.")


@strawberry.enum(description="The unit of a billing period.")
class BillingInterval(enum.Enum):
    DAY = value("DAY", "Days.")
    WEEK = value("WEEK", "Weeks.")
    MONTH = value("MONTH", "Months.")
    YEAR = value("YEAR", "Years.")
    UNKNOWN = value("UNKNOWN", "A unit that this version does not know.")


@strawberry.enum(description="How Stripe collects the invoices of a subscription.")
class CollectionMethod(enum.Enum):
    CHARGE_AUTOMATICALLY = value("CHARGE_AUTOMATICALLY", "Stripe charges the merchant's card.")
    SEND_INVOICE = value(
        "SEND_INVOICE", "Stripe sends each invoice by e-mail, with a date on which it is due."
    )
    UNKNOWN = value("UNKNOWN", "A method that this version does not know.")


@strawberry.enum(description="The status of an invoice at Stripe.")
class InvoiceStatus(enum.Enum):
    DRAFT = value("DRAFT", "Stripe opens the invoice about an hour after its creation.")
    OPEN = value("OPEN", "The invoice is not paid yet.")
    PAID = value("PAID", "The invoice is paid.")
    UNCOLLECTIBLE = value("UNCOLLECTIBLE", "The platform no longer expects a payment.")
    VOID = value("VOID", "The invoice is no longer valid.")
    UNKNOWN = value("UNKNOWN", "A status that this version does not know.")


@strawberry.type(description="A price in a subscription.")
class ServiceItem:
    stripe_price_id: str = field(description="The id of the price: `price_...`.")
    quantity: int = field(description="The quantity.")
    unit_amount: Money | None = field(description="The price for one unit. Null if the price has tiers.")
    interval: BillingInterval = field(description="The unit of the billing period.")
    interval_count: int = field(description="The number of units in a billing period.")


@strawberry.type(description="An invoice of the platform to a merchant.")
class ServiceInvoice:
    stripe_invoice_id: str = field(description="The id of the invoice: `in_...`.")
    number: str | None = field(description="The number on the invoice. Null for a draft.")
    status: InvoiceStatus = field(description="The status of the invoice.")
    total: Money | None = field(description="The amount of the invoice.")
    remaining: Money | None = field(description="The amount that is not paid yet.")
    attempts: int = field(description="The number of attempts to collect the invoice.")
    next_attempt_at: DateTime | None = field(
        description="When Stripe next tries to collect the payment. Null if it makes no further attempt."
    )
    due_at: DateTime | None = field(
        description="When the invoice is due. Null if Stripe charges it to a card."
    )
    created_at: DateTime | None = field(description="When Stripe created the invoice.")
    hosted_url: URL | None = field(
        description="Stripe's page with the invoice, on which anyone with this address can pay it. Null for "
        "a draft. Show it only to the merchant."
    )


@strawberry.type(
    description="The overdue payments of a subscription: the payments that failed, and the invoices that "
    "were sent by e-mail and whose due date has passed."
)
class Dunning:
    overdue_since: DateTime | None = field(description="When the first overdue payment was due.")
    attempts: int = field(
        description="The number of attempts to collect the newest overdue invoice. 0 for an invoice that was "
        "sent by e-mail, unless a card was declined on the invoice's payment page."
    )
    next_attempt_at: DateTime | None = field(
        description="When Stripe next tries to collect the payment. Null if it makes no further attempt."
    )
    invoices: list[ServiceInvoice] = field(description="The overdue invoices, newest first.")


@strawberry.type(
    description="The merchant's subscription to the platform's product, as ConnectQL last read it from "
    "Stripe. `startService` begins it."
)
class ServiceSubscription:
    stripe_subscription_id: str = field(description="The id of the subscription: `sub_...`.")
    status: ServiceStatus = field(description="The status of the subscription.")
    access: Access = field(description="The access that the subscription gives now.")
    grace_until: DateTime | None = field(
        description="When the access ends, or when it ended, because a payment is overdue. Null if no "
        "payment is overdue."
    )
    summary: str = field(
        description="The state in plain words, and how to settle an overdue payment. The text contains no "
        "dates."
    )
    collection_method: CollectionMethod = field(description="How Stripe collects the invoices.")
    days_until_due: int | None = field(
        description="The number of days until an invoice that Stripe sends by e-mail is due. Null if Stripe "
        "charges a card."
    )
    trial_ends_at: DateTime | None = field(description="When the free trial ends. Null if there is no trial.")
    current_period_ends_at: DateTime | None = field(description="When the current billing period ends.")
    cancel_at: DateTime | None = field(
        description="When the subscription ends, if it was canceled with effect at a later time. Null "
        "otherwise."
    )
    ended_at: DateTime | None = field(description="When the subscription ended.")
    items: list[ServiceItem] = field(description="The prices of the subscription.")
    dunning: Dunning | None = field(
        description="The overdue payments. Null if no payment is overdue, or if the subscription has ended."
    )
    invoices: list[ServiceInvoice] = field(
        description="The latest invoices of the merchant, newest first; at most 12."
    )
