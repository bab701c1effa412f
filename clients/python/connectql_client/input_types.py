# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from datetime import date, datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    CaptureMode,
    CollectRequirements,
    DisputeKind,
    DisputeState,
    DisputeStatus,
    EmbeddedComponent,
    EmbeddedFeature,
    EntityType,
    MerchantStatus,
    NewPayoutMethod,
    OnboardingStage,
    Party,
    PaymentOrigin,
    PaymentState,
    PayoutStatus,
    RefundCause,
    RefundState,
)


class AddressInput(BaseModel):
    """A postal address. Stripe checks whether its parts belong together."""

    country: str
    "The country."
    line_1: Optional[str] = Field(alias="line1", default=None)
    "The street and the number: 1 to 255 characters."
    line_2: Optional[str] = Field(alias="line2", default=None)
    "The apartment, floor or company: 1 to 255 characters."
    city: Optional[str] = None
    "The city: 1 to 255 characters."
    town: Optional[str] = None
    "The district of the city, in Japan: 1 to 255 characters."
    state: Optional[str] = None
    "The state, province or county: 1 to 255 characters."
    postal_code: Optional[str] = Field(alias="postalCode", default=None)
    "The postal code: 1 to 20 characters."


class AdoptMerchantInput(BaseModel):
    """The account to adopt, and the merchant that it belongs to."""

    external_id: str = Field(alias="externalId")
    "The platform's own id of the merchant: 1 to 255 characters."
    stripe_account_id: str = Field(alias="stripeAccountId")
    "Stripe's id of the account: `acct_...`. Accounts that were created with Stripe's API v1 are accepted as well."
    display_name: Optional[str] = Field(alias="displayName", default=None)
    "The name of the merchant: 1 to 255 characters. It is used only if the account has no name at Stripe."
    contact_email: Optional[str] = Field(alias="contactEmail", default=None)
    "The merchant's e-mail address: at most 254 characters. It is used only if the account has none at Stripe."
    dry_run: bool = Field(alias="dryRun", default=False)
    "If true, ConnectQL only checks whether the account can be adopted, and stores nothing."


class BusinessInput(BaseModel):
    """The business as a legal entity. ConnectQL sends these values to Stripe and stores them only until Stripe answers, in encrypted form. This API never returns them."""

    registered_name: Optional[str] = Field(alias="registeredName", default=None)
    "The registered name: 1 to 255 characters."
    structure: Optional[str] = None
    "The legal structure, with the name that Stripe uses, such as `private_company` or `sole_proprietorship`."
    phone: Optional[str] = None
    "The phone number with the country code, 6 to 15 digits: `+49 30 1234567`."
    address: Optional["AddressInput"] = None
    "The registered address."


class CancelPaymentInput(BaseModel):
    """The payment to cancel."""

    payment: "PaymentRef"
    "The payment to cancel."


class CapturePaymentInput(BaseModel):
    """The authorized payment, and the amount to charge."""

    payment: "PaymentRef"
    "The payment. Its state must be AUTHORIZED."
    amount: Optional["MoneyInput"] = None
    "The amount to charge. The default and the maximum are the authorized amount. Stripe releases the rest, so a payment can be charged only once."
    fee: Optional["MoneyInput"] = None
    "The platform's fee, from 0 to the charged amount. If omitted, the terms in the payment's `appliedFee` are applied to the charged amount. A fee without terms stays the same, but is at most the charged amount. Merchants must omit it."


class CheckoutLineInput(BaseModel):
    """A line of an order."""

    name: str
    "The name of the product on the payment page: 1 to 250 characters."
    quantity: int
    "The number of pieces: 1 to 999,999."
    unit_amount: "MoneyInput" = Field(alias="unitAmount")
    "The price of one piece. All lines must have the same currency. Stripe charges ISK and UGX in steps of 100 minor units, and currencies with three decimals in steps of 10."
    description: Optional[str] = None
    "A text below the name: 1 to 500 characters."


class CloseMerchantInput(BaseModel):
    """The merchant to close."""

    merchant: "MerchantRef"
    "The merchant to close."


class CreateAccountSessionInput(BaseModel):
    """The merchant, and the components that the page shows."""

    merchant: "MerchantRef"
    "The merchant whose account the components show."
    components: list["EmbeddedComponentInput"]
    "The components that the page shows. Each component may be named only once. Name only the components that the page needs."


class CreateBillingPortalLinkInput(BaseModel):
    """The merchant, and the address to return to."""

    merchant: "MerchantRef"
    "The merchant who manages the subscription."
    return_to: str = Field(alias="returnTo")
    "The address to which the back link of the portal leads. Its origin must be on the platform's allow-list."
    cancel: bool = False
    "Whether the link opens the portal's page for canceling the subscription."


class CreateCheckoutInput(BaseModel):
    """The order to pay, and the addresses to return to."""

    merchant: "MerchantRef"
    "The merchant who is paid."
    external_id: str = Field(alias="externalId")
    "The platform's own id of the order: 1 to 255 characters, unique among all payments of the merchant, whether createCheckout or createPaymentIntent created them."
    capture: CaptureMode = CaptureMode.AUTOMATIC
    "When the money is charged."
    fee: Optional["MoneyInput"] = None
    "The platform's fee, from 0 to the amount, in the same currency. If omitted, it is calculated with the platform's fee policy. Merchants must omit it."
    statement_descriptor_suffix: Optional[str] = Field(alias="statementDescriptorSuffix", default=None)
    "The text that follows the merchant's prefix on card statements. It may contain only Latin characters, at least one of them a letter, and none of < > \\ ' \" *. The prefix, two separating characters and this text may together have at most 22 characters."
    metadata: Optional[list["MetadataInput"]] = None
    "At most 48 entries, stored at Stripe."
    lines: list["CheckoutLineInput"]
    "The lines of the order, from 1 to 100. Their total must be at least Stripe's minimum (about 0.50 USD), and may have at most 12 digits in minor units."
    success_url: str = Field(alias="successUrl")
    "The web address to which Stripe sends the browser after the payment. Its origin must be on the platform's allow-list. Stripe replaces `{CHECKOUT_SESSION_ID}` in the address with the id of the session. A visit to this address does not prove that the payment succeeded: read the payment or subscribe to it."
    cancel_url: str = Field(alias="cancelUrl")
    "The web address to which the back link of the payment page leads. Its origin must be on the platform's allow-list."
    customer_email: Optional[str] = Field(alias="customerEmail", default=None)
    "The customer's e-mail address, with which Stripe fills in the form on the page: at most 254 characters. ConnectQL stores only a hash of it."
    expires_in_minutes: Optional[int] = Field(alias="expiresInMinutes", default=None)
    "The number of minutes until the page expires if nobody pays: 30 to 1440. The default is 1440 (24 hours)."
    locale: Optional[str] = None
    "The language of the page, such as `de`. The default is the browser's language."


class CreateDashboardLinkInput(BaseModel):
    """The merchant, and the address to redirect to if the link has expired."""

    merchant: "MerchantRef"
    "The merchant whose Dashboard to open."
    return_to: str = Field(alias="returnTo")
    "The address to which a browser is redirected if the link has expired and the browser cannot get a new one: a web address whose origin is on the platform's allow-list, or an address with an app's scheme that the platform has registered, such as `com.example.app:///connect`. ConnectQL adds the parameter `dashboard`. Its value is `expired`, or `web_view` if ConnectQL recognizes a web view. For the browser that requested the link, ConnectQL also adds `merchant` (the external id) and `status`. It first removes any of these parameters and `onboarding` from the address. The Dashboard has no link back to this address."


class CreateMerchantInput(BaseModel):
    """The merchant to create."""

    contact_phone: Optional[str] = Field(alias="contactPhone", default=None)
    "The phone number at which Stripe reaches the merchant, with the country code, 6 to 15 digits: `+49 30 1234567`."
    merchant_category_code: Optional[str] = Field(alias="merchantCategoryCode", default=None)
    "The kind of business as a merchant category code: four digits, such as `5734`. If it is never given, Stripe's onboarding form asks for it."
    doing_business_as: Optional[str] = Field(alias="doingBusinessAs", default=None)
    "The name under which customers know the business: 1 to 255 characters."
    statement_descriptor: Optional[str] = Field(alias="statementDescriptor", default=None)
    "The text on the bank statements of customers: 5 to 22 Latin characters with at least one letter, without `< > \\ ' \" *`."
    statement_descriptor_prefix: Optional[str] = Field(alias="statementDescriptorPrefix", default=None)
    "The prefix on bank statements for payments that have their own statement descriptor suffix: 2 to 10 Latin characters with at least one letter."
    currency: Optional[str] = None
    "The currency of the account's balance. If it is never given, Stripe uses the currency of the country. Stripe refuses a change after the account was activated."
    locales: Optional[list[str]] = None
    "The languages of the merchant, the preferred one first. At most 10 of the languages that Stripe supports, such as `de` or `en-GB`."
    support: Optional["SupportContactInput"] = None
    "The contact that the merchant's customers see."
    business: Optional["BusinessInput"] = None
    "The business as a legal entity."
    individual: Optional["IndividualInput"] = None
    "The person who is the merchant. It can be given only with the entity type `INDIVIDUAL`. For other businesses, Stripe's form asks for the persons."
    external_id: str = Field(alias="externalId")
    "The platform's own id of the merchant: 1 to 255 characters."
    display_name: str = Field(alias="displayName")
    "The name of the merchant: 1 to 255 characters."
    contact_email: str = Field(alias="contactEmail")
    "The e-mail address to which Stripe writes to the merchant: at most 254 characters."
    country: str
    "The country of the business. If it changes later at Stripe, ConnectQL shows the new country. updateMerchant cannot change it."
    entity_type: Optional[EntityType] = Field(alias="entityType", default=None)
    "The legal form. If omitted, Stripe's onboarding form asks for it."
    business_url: Optional[str] = Field(alias="businessUrl", default=None)
    "The website. If omitted, Stripe's onboarding form asks for it."
    product_description: Optional[str] = Field(alias="productDescription", default=None)
    "A description of the products or services: 1 to 2,000 characters."
    capabilities: Optional[list[str]] = None
    "The payment capabilities to request, with the names that Stripe uses; at most 50. `card_payments` is always requested."
    account_token: Optional[str] = Field(alias="accountToken", default=None)
    "The id of an account token (`POST /v2/core/account_tokens`), created in the merchant's browser with the platform's publishable key. Stripe requires a token if the platform is in certain countries, such as France. The token is a secret. It can be used only once, and only for a few minutes. Stripe takes `display_name`, `contact_email` and `entity_type` from the token, so `entityType`, `contactPhone`, `business` and `individual` must be omitted. A repeated call uses the token of the first attempt."


class CreateOnboardingLinkInput(BaseModel):
    """The merchant to onboard and the address to return to."""

    merchant: "MerchantRef"
    "The merchant to onboard."
    return_to: str = Field(alias="returnTo")
    "The address to which the browser returns: a web address whose origin is on the platform's allow-list, or an address with an app's scheme that the platform has registered, such as `com.example.app:///connect`. ConnectQL adds the parameter `onboarding`. Its value is `returned` after a visit to the form, `expired` if the merchant needs a new link, or `web_view` if ConnectQL recognizes a web view, where Stripe's form does not work. For the browser that requested the link, ConnectQL also adds `merchant` (the external id) and `status`. It first removes any parameters with these three names. After a return, the form may still be incomplete, so read the merchant."
    collect: CollectRequirements = CollectRequirements.CURRENTLY_DUE
    "The information that the form asks for."


class CreatePaymentIntentInput(BaseModel):
    """The payment to create."""

    merchant: "MerchantRef"
    "The merchant who is paid."
    external_id: str = Field(alias="externalId")
    "The platform's own id of the order: 1 to 255 characters, unique among all payments of the merchant, whether createCheckout or createPaymentIntent created them."
    capture: CaptureMode = CaptureMode.AUTOMATIC
    "When the money is charged."
    fee: Optional["MoneyInput"] = None
    "The platform's fee, from 0 to the amount, in the same currency. If omitted, it is calculated with the platform's fee policy. Merchants must omit it."
    statement_descriptor_suffix: Optional[str] = Field(alias="statementDescriptorSuffix", default=None)
    "The text that follows the merchant's prefix on card statements. It may contain only Latin characters, at least one of them a letter, and none of < > \\ ' \" *. The prefix, two separating characters and this text may together have at most 22 characters."
    metadata: Optional[list["MetadataInput"]] = None
    "At most 48 entries, stored at Stripe."
    amount: "MoneyInput"
    "The amount to pay. Stripe charges at least about 0.50 USD, and at most an amount of 12 digits in minor units. It charges ISK and UGX in steps of 100 minor units, and currencies with three decimals in steps of 10."
    description: Optional[str] = None
    "A text for the merchant's Dashboard: 1 to 500 characters."
    receipt_email: Optional[str] = Field(alias="receiptEmail", default=None)
    "The address to which Stripe sends a receipt in live mode: at most 254 characters. ConnectQL stores only a hash of it."
    stripe_customer_id: Optional[str] = Field(alias="stripeCustomerId", default=None)
    "The id of a customer on the merchant's account (`cus_...`). With it, the app can show the customer's saved payment methods, and the payload has a `customerSessionClientSecret`."


class CreatePayoutInput(BaseModel):
    """The payout to request."""

    merchant: "MerchantRef"
    "The merchant who is paid."
    external_id: str = Field(alias="externalId")
    "The platform's own id of the payout: 1 to 255 characters, unique among the payouts of the merchant."
    amount: "MoneyInput"
    "The amount, in a currency of the merchant's balance. The maximum is the balance's `available`, or its `instantAvailable` for an instant payout."
    method: NewPayoutMethod = NewPayoutMethod.STANDARD
    "The speed of the payout."
    statement_descriptor: Optional[str] = Field(alias="statementDescriptor", default=None)
    "The text on the bank statement: at most 22 characters."


class DisputeFilter(BaseModel):
    """Conditions on disputes. A dispute must meet all of them."""

    status: Optional[list[DisputeStatus]] = None
    "The dispute has one of these statuses."
    kind: Optional[list[DisputeKind]] = None
    "The dispute has one of these kinds."
    needs_response: Optional[bool] = Field(alias="needsResponse", default=None)
    "Whether somebody should answer the dispute now."
    due_before: Optional[datetime] = Field(alias="dueBefore", default=None)
    "The dispute needs a response before this time."
    merchant: Optional["MerchantRef"] = None
    "The dispute belongs to this merchant."


class DisputeRef(BaseModel):
    """A reference to one dispute. Exactly one field must be set."""

    id: Optional[str] = None
    "The dispute's `id`."
    stripe_dispute_id: Optional[str] = Field(alias="stripeDisputeId", default=None)
    "Stripe's id: `du_...` or `dp_...`."


class EmbeddedComponentInput(BaseModel):
    """A component to show."""

    component: EmbeddedComponent
    "The component."
    features: Optional[list[EmbeddedFeature]] = None
    "The changes that the merchant can make in the component. An empty list turns off all changes that the component could offer. If omitted, Stripe's defaults apply."


class IndividualInput(BaseModel):
    """The person who is the merchant, if the entity type is `INDIVIDUAL`. ConnectQL sends these values to Stripe and stores them only until Stripe answers, in encrypted form. This API never returns them."""

    given_name: Optional[str] = Field(alias="givenName", default=None)
    "The given name: 1 to 255 characters."
    surname: Optional[str] = None
    "The family name: 1 to 255 characters."
    email: Optional[str] = None
    "The e-mail address: at most 254 characters."
    phone: Optional[str] = None
    "The phone number with the country code, 6 to 15 digits: `+49 30 1234567`."
    date_of_birth: Optional[date] = Field(alias="dateOfBirth", default=None)
    "The date of birth, from 1900 until 13 years ago."
    address: Optional["AddressInput"] = None
    "The home address."


class MerchantFilter(BaseModel):
    """Conditions on merchants. A merchant must meet all of them."""

    status: Optional[list[MerchantStatus]] = None
    "The merchant has one of these statuses; at most 16."
    awaiting_action_from: Optional[Party] = Field(alias="awaitingActionFrom", default=None)
    "This party must act now. It is the field `by` of the merchant's `nextAction`."
    country: Optional[list[str]] = None
    "The merchant's country is one of these; at most 50."
    livemode: Optional[bool] = None
    "Whether the Stripe account is in live mode. A merchant without an account matches neither value."
    due_within_days: Optional[int] = Field(alias="dueWithinDays", default=None)
    "The next deadline, or the next date on which future requirements take effect, has passed or is at most this many days away: 0 to 3,650."
    status_for_days: Optional[int] = Field(alias="statusForDays", default=None)
    "The status has not changed for at least this number of days: 0 to 3,650. Together with `status: [PENDING_REVIEW]`, this finds reviews that take too long."
    status_changed_within_days: Optional[int] = Field(alias="statusChangedWithinDays", default=None)
    "The status has changed within this number of days: 0 to 3,650."
    onboarding_stage: Optional[list[OnboardingStage]] = Field(alias="onboardingStage", default=None)
    "The onboarding has reached one of these stages; at most 7."
    onboarding_stage_for_days: Optional[int] = Field(alias="onboardingStageForDays", default=None)
    "The stage of the onboarding has not changed for at least this number of days: 0 to 3,650. Together with `onboardingStage`, this finds merchants that are stuck."
    search: Optional[str] = None
    "A merchant matches if each word of this text is the beginning of a word in its display name, e-mail address or external id. The order of the words does not matter. Case and accents are ignored: `muller` finds `Müller`, and `strasse` finds `Straße`. Words consist of letters and digits. The id of a Stripe account (`acct_…`) finds the account's merchant. At most 255 characters. A text without letters and digits, such as an empty text, does not exclude any merchant."


class MerchantRef(BaseModel):
    """A reference to one merchant. Exactly one field must be set."""

    id: Optional[str] = None
    "The merchant's `id`."
    external_id: Optional[str] = Field(alias="externalId", default=None)
    "The platform's own id of the merchant."
    stripe_account_id: Optional[str] = Field(alias="stripeAccountId", default=None)
    "Stripe's id of the current account or of a former account: `acct_...`."


class MetadataInput(BaseModel):
    """An entry of Stripe's metadata."""

    key: str
    "1 to 40 characters, without square brackets. `payment_id` and `external_id` are reserved."
    value: str
    "1 to 500 characters."


class MoneyInput(BaseModel):
    """An amount of money."""

    minor_units: int = Field(alias="minorUnits")
    "The amount in the currency's smallest unit, as Stripe counts it: 1234 for 12.34 USD."
    currency: str
    "The currency."


class OrderRef(BaseModel):
    """A reference to one order: its merchant and the platform's own id."""

    merchant: "MerchantRef"
    "The merchant."
    external_id: str = Field(alias="externalId")
    "The platform's own id of the order."


class PaymentFilter(BaseModel):
    """Conditions on payments. A payment must meet all of them."""

    state: Optional[list[PaymentState]] = None
    "The payment has one of these states."
    refund_state: Optional[list[RefundState]] = Field(alias="refundState", default=None)
    "The payment has one of these refund states."
    dispute_state: Optional[list[DisputeState]] = Field(alias="disputeState", default=None)
    "The payment has one of these dispute states."
    origin: Optional[PaymentOrigin] = None
    "The payment was created in this place."
    created_from: Optional[datetime] = Field(alias="createdFrom", default=None)
    "The payment was created at this time or later."
    created_before: Optional[datetime] = Field(alias="createdBefore", default=None)
    "The payment was created before this time."
    currency: Optional[str] = None
    "The payment has this currency."
    minimum_amount: Optional[int] = Field(alias="minimumAmount", default=None)
    "The minimum amount, in minor units of `currency`, which must also be set."
    maximum_amount: Optional[int] = Field(alias="maximumAmount", default=None)
    "The maximum amount, in minor units of `currency`, which must also be set."
    search: Optional[str] = None
    "A text to search for. It must be exactly the payment's external id, the payer's e-mail address, the last four digits of the card, or a Stripe id: of the payment, or of its page, charge, refund, dispute or early fraud warning. At most 255 characters. If the text is empty or only white space, all payments match."
    merchant: Optional["MerchantRef"] = None
    "The payment belongs to this merchant."


class PaymentRef(BaseModel):
    """A reference to one payment. Exactly one field must be set."""

    id: Optional[str] = None
    "The payment's `id`."
    order: Optional["OrderRef"] = None
    "The payment's merchant and `externalId`."
    stripe_payment_intent_id: Optional[str] = Field(alias="stripePaymentIntentId", default=None)
    "Stripe's id: `pi_...`."


class PayoutFilter(BaseModel):
    """Conditions on payouts. A payout must meet all of them."""

    status: Optional[list[PayoutStatus]] = None
    "The payout has one of these states."
    created_from: Optional[datetime] = Field(alias="createdFrom", default=None)
    "Stripe created the payout at this time or later."
    created_before: Optional[datetime] = Field(alias="createdBefore", default=None)
    "Stripe created the payout before this time."
    merchant: Optional["MerchantRef"] = None
    "The payout belongs to this merchant."


class RefreshMerchantInput(BaseModel):
    """The merchant to refresh."""

    merchant: "MerchantRef"
    "The merchant to refresh."


class RefundPaymentInput(BaseModel):
    """The payment, and the amount to refund."""

    payment: "PaymentRef"
    "The payment. Its state must be SUCCEEDED."
    external_id: str = Field(alias="externalId")
    "The platform's own id of the refund: 1 to 255 characters, unique among the refunds of the payment."
    amount: Optional["MoneyInput"] = None
    "The amount to refund, in the payment's currency. The default and the maximum are the amount that has not been refunded yet."
    reason: Optional[RefundCause] = None
    "The reason, stored at Stripe."
    during_inquiry: bool = Field(alias="duringInquiry", default=False)
    "Allows a partial refund during an inquiry of the payer's bank. After a partial refund, the bank can still open a dispute."


class StartServiceInput(BaseModel):
    """The subscription to begin."""

    merchant: "MerchantRef"
    "The merchant who subscribes."
    price: Optional[str] = None
    "The id of a recurring price on the platform's account: `price_...`. The default is the first price in the platform's setting `CONNECTQL_SERVICE_PRICES`. Merchants may choose only prices that are in this setting."
    quantity: int = 1
    "The quantity: 1 to 999,999."
    trial_days: Optional[int] = Field(alias="trialDays", default=None)
    "A free trial of 1 to 730 days. Merchants must omit it."
    success_url: str = Field(alias="successUrl")
    "The address to which Stripe sends the browser after the merchant has subscribed. Its origin must be on the platform's allow-list. ConnectQL may receive the subscription's events later, so the merchant's `service` may not show the subscription yet."
    cancel_url: str = Field(alias="cancelUrl")
    "The address to which the back link of the page leads. Its origin must be on the platform's allow-list."


class SupportContactInput(BaseModel):
    """The contact that the merchant's customers see, such as on receipts."""

    email: Optional[str] = None
    "The e-mail address: at most 254 characters."
    phone: Optional[str] = None
    "The phone number with the country code, 6 to 15 digits: `+49 30 1234567`."
    url: Optional[str] = None
    "The address of a public page about support."
    address: Optional["AddressInput"] = None
    "The postal address."


class UpdateMerchantInput(BaseModel):
    """The changes to a merchant. Omitted fields keep their values."""

    contact_phone: Optional[str] = Field(alias="contactPhone", default=None)
    "The phone number at which Stripe reaches the merchant, with the country code, 6 to 15 digits: `+49 30 1234567`."
    merchant_category_code: Optional[str] = Field(alias="merchantCategoryCode", default=None)
    "The kind of business as a merchant category code: four digits, such as `5734`. If it is never given, Stripe's onboarding form asks for it."
    doing_business_as: Optional[str] = Field(alias="doingBusinessAs", default=None)
    "The name under which customers know the business: 1 to 255 characters."
    statement_descriptor: Optional[str] = Field(alias="statementDescriptor", default=None)
    "The text on the bank statements of customers: 5 to 22 Latin characters with at least one letter, without `< > \\ ' \" *`."
    statement_descriptor_prefix: Optional[str] = Field(alias="statementDescriptorPrefix", default=None)
    "The prefix on bank statements for payments that have their own statement descriptor suffix: 2 to 10 Latin characters with at least one letter."
    currency: Optional[str] = None
    "The currency of the account's balance. If it is never given, Stripe uses the currency of the country. Stripe refuses a change after the account was activated."
    locales: Optional[list[str]] = None
    "The languages of the merchant, the preferred one first. At most 10 of the languages that Stripe supports, such as `de` or `en-GB`."
    support: Optional["SupportContactInput"] = None
    "The contact that the merchant's customers see."
    business: Optional["BusinessInput"] = None
    "The business as a legal entity."
    individual: Optional["IndividualInput"] = None
    "The person who is the merchant. It can be given only with the entity type `INDIVIDUAL`. For other businesses, Stripe's form asks for the persons."
    merchant: "MerchantRef"
    "The merchant to change."
    display_name: Optional[str] = Field(alias="displayName", default=None)
    "The new name: 1 to 255 characters."
    contact_email: Optional[str] = Field(alias="contactEmail", default=None)
    "The new e-mail address to which Stripe writes to the merchant: at most 254 characters."
    business_url: Optional[str] = Field(alias="businessUrl", default=None)
    "The new website."
    product_description: Optional[str] = Field(alias="productDescription", default=None)
    "A description of the products or services: 1 to 2,000 characters."
    capabilities: Optional[list[str]] = None
    "Additional payment capabilities to request, at most 50. Existing capabilities stay."
    give_up_capabilities: Optional[list[str]] = Field(alias="giveUpCapabilities", default=None)
    "Payment capabilities that the account no longer requests, at most 50. Stripe refuses to remove a capability that another one needs. Without `card_payments`, the merchant accepts no cards and the status is NOT_REQUESTED."
    account_token: Optional[str] = Field(alias="accountToken", default=None)
    "The id of an account token with the new details (see `accountToken` of CreateMerchantInput). `displayName`, `contactEmail`, `contactPhone`, `business` and `individual` belong in the token and must be omitted."


BusinessInput.model_rebuild()
CancelPaymentInput.model_rebuild()
CapturePaymentInput.model_rebuild()
CheckoutLineInput.model_rebuild()
CloseMerchantInput.model_rebuild()
CreateAccountSessionInput.model_rebuild()
CreateBillingPortalLinkInput.model_rebuild()
CreateCheckoutInput.model_rebuild()
CreateDashboardLinkInput.model_rebuild()
CreateMerchantInput.model_rebuild()
CreateOnboardingLinkInput.model_rebuild()
CreatePaymentIntentInput.model_rebuild()
CreatePayoutInput.model_rebuild()
DisputeFilter.model_rebuild()
IndividualInput.model_rebuild()
OrderRef.model_rebuild()
PaymentFilter.model_rebuild()
PaymentRef.model_rebuild()
PayoutFilter.model_rebuild()
RefreshMerchantInput.model_rebuild()
RefundPaymentInput.model_rebuild()
StartServiceInput.model_rebuild()
SupportContactInput.model_rebuild()
UpdateMerchantInput.model_rebuild()
