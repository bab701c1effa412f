"""Expected refusals and failures.

ConnectError
├── InvalidInput            fields of the input are invalid
├── MerchantNotFound        the merchant does not exist, or the caller may not see it
├── ExternalIdTaken         the external id belongs to a merchant that was created from another input
├── PaymentNotFound         the payment does not exist, or the caller may not see it
├── PayoutNotFound          the payout does not exist, or the caller may not see it
├── DisputeNotFound         the dispute does not exist, or the caller may not see it
├── DisputeNotAnswerable    the dispute takes no such answer
├── DisputeChanged          the dispute has changed since the caller read it
├── ReplacementDiffers      the account is being replaced, or was replaced, with another input
├── AccountNotAdoptable     the account does not meet the conditions of an adoption
├── AccountNotFetched       Stripe gave no definite answer about an account to adopt: a retry may succeed
├── CountryNotSupported     Stripe does not support such an account in that country
├── ReturnUrlNotAllowed     the return address is not on the allow-list
├── MerchantNotReady        the merchant's state does not permit this
├── ComponentNotAllowed     the platform does not let merchants use this embedded component
├── ServiceRunning          the merchant has a subscription to the platform's product that has not ended
├── PaymentNotPayable       the payment can no longer be paid: it is paid, failed or canceled
├── PaymentNotChangeable    the payment's state does not permit this change
├── RefundTooLarge          the refund is higher than the amount that can still be refunded
├── DisputeOpen             the payer's bank disputes the payment, so a refund would pay twice
├── AmountTooSmall          the total is below Stripe's minimum of a charge on the merchant's account
├── CurrencyNotSupported    the platform's fee policy has no terms for the currency
├── FeeTooLarge             the platform's fee is higher than the amount
├── PayoutsBlocked          Stripe pays nothing out to the merchant now
├── PayoutTooLarge          the payout is higher than the balance from which it would be paid
├── BankAccountMissing      the merchant has no bank account in the currency of the payout
├── EventNotFound           the event does not exist
├── ProblemNotFound         the platform has no such problem at present
├── StripeRefused           Stripe refused the request: a retry would be refused as well
│   └── StripeNotFound      Stripe does not have such an object for this platform, or not any more
├── DashboardLinkRefused    Stripe issues no link into the Dashboard: the merchant logs in instead
├── StripeUnavailable       Stripe gave no definite answer: a retry may succeed
│   ├── AnswerUnusable      Stripe's answer does not have the expected form
│   ├── TooManyCalls        a limit of calls to Stripe is reached, so Stripe was not called
│   ├── StripeKeyRefused    Stripe does not accept the platform's API key: an operator must replace it
│   └── StripePermissionMissing  the platform's restricted key lacks a permission: an operator must add it
├── UnknownAccount          the account of an event has no mirror here, at least not yet
└── UnknownPayment          the object of an event belongs to no payment here, at least not yet
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from connect.payments.rules.money.money import Money


class FieldCode(enum.Enum):
    """Why a field of an input is invalid. The codes are part of the API."""

    REQUIRED = "REQUIRED"
    TOO_LONG = "TOO_LONG"
    TOO_MANY = "TOO_MANY"
    OUTER_SPACES = "OUTER_SPACES"
    CONTROL_CHARACTERS = "CONTROL_CHARACTERS"
    NO_CHANGES = "NO_CHANGES"
    EMAIL_INVALID = "EMAIL_INVALID"
    URL_INVALID = "URL_INVALID"
    URL_NOT_ALLOWED = "URL_NOT_ALLOWED"
    ACCOUNT_NOT_CURRENT = "ACCOUNT_NOT_CURRENT"
    COUNTRY_UNKNOWN = "COUNTRY_UNKNOWN"
    CAPABILITY_INVALID = "CAPABILITY_INVALID"
    PHONE_INVALID = "PHONE_INVALID"
    CATEGORY_INVALID = "CATEGORY_INVALID"
    STATEMENT_DESCRIPTOR_INVALID = "STATEMENT_DESCRIPTOR_INVALID"
    CURRENCY_UNKNOWN = "CURRENCY_UNKNOWN"
    AMOUNT_INVALID = "AMOUNT_INVALID"
    LOCALE_UNKNOWN = "LOCALE_UNKNOWN"
    STRUCTURE_INVALID = "STRUCTURE_INVALID"
    DATE_INVALID = "DATE_INVALID"
    ADDRESS_INVALID = "ADDRESS_INVALID"
    SHARE_INVALID = "SHARE_INVALID"
    CONTRADICTION = "CONTRADICTION"
    CANNOT_BE_GIVEN_UP = "CANNOT_BE_GIVEN_UP"
    CANNOT_CHANGE = "CANNOT_CHANGE"
    ACCOUNT_INVALID = "ACCOUNT_INVALID"
    CUSTOMER_INVALID = "CUSTOMER_INVALID"
    METADATA_INVALID = "METADATA_INVALID"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    DUPLICATE = "DUPLICATE"
    TOKEN_INVALID = "TOKEN_INVALID"  # noqa: S105 - a code
    BELONGS_IN_TOKEN = "BELONGS_IN_TOKEN"  # noqa: S105 - a code
    NOT_AVAILABLE = "NOT_AVAILABLE"
    REFUSED_BY_STRIPE = "REFUSED_BY_STRIPE"


@dataclass(frozen=True, slots=True)
class InvalidField:
    """An invalid field. `name` is its path in the input: `contactEmail`, `capabilities[1]`.

    `message` is for the client's developer, and `user_message` for the person who filled in a form.
    """

    name: str
    code: FieldCode
    message: str
    user_message: str


class ConnectError(Exception):
    """The base class. The message is for the client's developer and contains no secret."""

    message = ""

    def __init__(self, message: str | None = None) -> None:
        self.message = message or self.message
        super().__init__(self.message)


class InvalidInput(ConnectError):
    """`field` and the message are about the first invalid field."""

    def __init__(self, fields: Sequence[InvalidField]) -> None:
        super().__init__(fields[0].message)
        self.field = fields[0].name
        self.fields = tuple(fields)


class MerchantNotFound(ConnectError):
    message = "There is no such merchant."


class ExternalIdTaken(ConnectError):
    message = (
        "This externalId belongs to a merchant that was created from another input. Read that merchant, "
        "or use updateMerchant to change it."
    )

    def __init__(self, external_id: str, message: str | None = None) -> None:
        super().__init__(message)
        self.external_id = external_id


class PaymentNotFound(ConnectError):
    message = "There is no such payment."


class PayoutNotFound(ConnectError):
    message = "There is no such payout."


class DisputeNotFound(ConnectError):
    message = "There is no such dispute."


class DisputeNotAnswerable(ConnectError):
    """`dispute_row` is the dispute as Stripe shows it now."""

    def __init__(self, dispute_row: Any, message: str) -> None:
        super().__init__(message)
        self.dispute_row = dispute_row


class DisputeChanged(ConnectError):
    """`dispute_row` is the dispute as Stripe shows it now."""

    def __init__(self, dispute_row: Any, message: str) -> None:
        super().__init__(message)
        self.dispute_row = dispute_row


class ReplacementDiffers(ConnectError):
    """`is_pending` is true until Stripe has opened the new account."""

    def __init__(self, stripe_account_id: str, *, is_pending: bool) -> None:
        super().__init__(
            f"{stripe_account_id} is being replaced with another input. Repeat that input to wait for its "
            "result, or read the merchant's timeline."
            if is_pending
            else f"{stripe_account_id} was replaced with another input. Read the merchant's current account, "
            "and name that account to replace it, too."
        )
        self.stripe_account_id = stripe_account_id
        self.is_pending = is_pending


class AccountNotAdoptable(ConnectError):
    """`findings` are all reasons, including those that only warn (`connect.merchants.rules.adoption`)."""

    def __init__(self, stripe_account_id: str, findings: Sequence[Any]) -> None:
        super().__init__("The account cannot be adopted. `findings` has the reasons and remedies.")
        self.stripe_account_id = stripe_account_id
        self.findings = tuple(findings)


class AccountNotFetched(ConnectError):
    """Stripe gave no definite answer about the account, so nothing was stored."""

    def __init__(self, error: "StripeUnavailable") -> None:
        super().__init__(error.message)
        self.retry_after_seconds = error.retry_after_seconds


class CountryNotSupported(ConnectError):
    def __init__(
        self, country: str, answer: str, request_id: str | None, fields: tuple[InvalidField, ...] = ()
    ) -> None:
        super().__init__(f"Stripe opens no account with card payments in {country}. Its answer: {answer}")
        self.country = country
        self.request_id = request_id
        self.fields = fields


class ReturnUrlNotAllowed(ConnectError):
    """`neutral_message` is for merchants, who do not know the platform's settings."""

    message = (
        "returnTo must be an absolute http(s) address on one of the origins that the platform allows "
        "(setting CONNECTQL_RETURN_ORIGINS)."
    )
    neutral_message = (
        "returnTo must be an absolute http(s) address on one of the origins that the platform allows."
    )

    def __init__(self, message: str | None = None, neutral_message: str | None = None) -> None:
        super().__init__(message)
        self.neutral_message = neutral_message or message or self.neutral_message

    @classmethod
    def with_other_scheme(cls) -> "ReturnUrlNotAllowed":
        """The error for an address of an app whose scheme is not registered."""
        neutral = "The platform has not registered the scheme of returnTo"
        return cls(f"{neutral} (setting CONNECTQL_RETURN_SCHEMES).", f"{neutral}.")

    @classmethod
    def in_web_view(cls) -> "ReturnUrlNotAllowed":
        """The error for the address of a page inside a web view."""
        return cls(
            "returnTo is the address of a page inside a web view, which browsers cannot open. Stripe's pages "
            "do not work in web views. Open the link in the system's browser, and let returnTo be a "
            "universal link, an App Link, or an address with a scheme that the app registers."
        )

    @property
    def fields(self) -> tuple[InvalidField, ...]:
        user_message = "The app's address is not allowed. Contact the platform."
        return (InvalidField("returnTo", FieldCode.URL_NOT_ALLOWED, self.message, user_message),)


class MerchantNotReady(ConnectError):
    pass


class ComponentNotAllowed(ConnectError):
    """`component` and `allowed` are values of `connect.embedded.components.Component`."""

    def __init__(self, field: str, component: Any, allowed: Sequence[Any]) -> None:
        listed = ", ".join(one.name for one in allowed) or "none"
        super().__init__(f"Merchants may not use {component.name}. The platform allows: {listed}.")
        self.field = field
        self.component = component
        self.allowed = tuple(allowed)

    @property
    def fields(self) -> tuple[InvalidField, ...]:
        """The field, in the form of InvalidInput."""
        user_message = "This part of the page is not available."
        return (InvalidField(self.field, FieldCode.NOT_AVAILABLE, self.message, user_message),)


class ServiceRunning(ConnectError):
    """`merchant_row` is the row of the merchant after a fetch."""

    def __init__(self, merchant_row: Any, message: str) -> None:
        super().__init__(message)
        self.merchant_row = merchant_row


class PaymentNotPayable(ConnectError):
    """`payment_row` is the row of the payment that exists."""

    def __init__(self, payment_row: Any, message: str) -> None:
        super().__init__(message)
        self.payment_row = payment_row


class PaymentNotChangeable(ConnectError):
    """`payment_row` is the row of the payment after a fetch."""

    def __init__(self, payment_row: Any, message: str) -> None:
        super().__init__(message)
        self.payment_row = payment_row


class RefundTooLarge(ConnectError):
    """`amount` is the part of the payment that can still be refunded."""

    def __init__(self, left: Money) -> None:
        if left.minor_units:
            message = f"Only {left} of the payment can still be refunded."
        else:
            message = "Nothing of the payment is left to refund."
        super().__init__(message)
        self.amount = left
        self.fields = (InvalidField("amount.minorUnits", FieldCode.AMOUNT_INVALID, message, message),)


class DisputeOpen(ConnectError):
    """`cost` is the amount that a refund would take from the merchant in addition to the `disputed` amount.
    `fee` is Stripe's fee for the dispute, in the currency of the settlement, or None while it is unknown.
    """

    def __init__(
        self, payment_row: Any, disputed: Money, cost: Money, fee: Money | None, message: str
    ) -> None:
        super().__init__(message)
        self.payment_row = payment_row
        self.disputed_amount = disputed
        self.cost_amount = cost
        self.fee_amount = fee


class AmountTooSmall(ConnectError):
    """`amount` is Stripe's smallest charge in the currency in which the account settles."""

    def __init__(self, field: str, minimum: Money) -> None:
        super().__init__(f"Stripe charges at least {minimum} on this merchant's account.")
        self.amount = minimum
        user_message = f"The total must be at least {minimum}."
        self.fields = (InvalidField(field, FieldCode.AMOUNT_INVALID, self.message, user_message),)


class CurrencyNotSupported(ConnectError):
    """`supported` are the currencies of the fee policy. `neutral_message` is for merchants."""

    def __init__(
        self, field: str, currency: str, supported: Sequence[str], message: str | None = None
    ) -> None:
        listed = ", ".join(supported)
        self.neutral_message = f"The platform takes no payments in {currency}, only in {listed}."
        remedy = (
            f"Give a `fee`, or add terms for {currency} to the fee policy (setting CONNECTQL_FEE_POLICY, "
            "or setFeePolicy for this merchant)."
        )
        super().__init__(message or f"{self.neutral_message} {remedy}")
        self.field = field
        self.currency = currency
        self.supported = tuple(supported)

    @property
    def fields(self) -> tuple[InvalidField, ...]:
        user_message = "Choose another currency."
        return (InvalidField(self.field, FieldCode.NOT_AVAILABLE, self.message, user_message),)


class FeeTooLarge(ConnectError):
    """`amount` is the payment's amount."""

    def __init__(self, field: str, maximum: Money) -> None:
        super().__init__(f"The fee must be at most {maximum}, the amount of the payment.")
        self.amount = maximum
        user_message = f"Enter a fee of at most {maximum}."
        self.fields = (InvalidField(field, FieldCode.AMOUNT_INVALID, self.message, user_message),)


class PayoutsBlocked(ConnectError):
    """`merchant_row` is the row of the merchant after a fetch."""

    message = "Stripe pays nothing out to this merchant now. `obstacles` has the reasons and remedies."

    def __init__(self, merchant_row: Any) -> None:
        super().__init__()
        self.merchant_row = merchant_row


class PayoutTooLarge(ConnectError):
    """`amount` is the balance from which the payout would be paid. It can be negative."""

    def __init__(self, available: Money, *, is_instant: bool) -> None:
        how = "with an instant payout" if is_instant else "now"
        if available.minor_units > 0:
            message = f"At most {available} can be paid out {how}."
            user_message = f"Enter an amount of at most {available}."
        else:
            message = user_message = f"Nothing can be paid out {how}: {available} is available."
        super().__init__(f"{message} Other money is pending or reserved: read `balance` of the merchant.")
        self.amount = available
        code = FieldCode.AMOUNT_INVALID
        self.fields = (InvalidField("amount.minorUnits", code, self.message, user_message),)


class BankAccountMissing(ConnectError):
    """`currency` is the currency of the payout."""

    def __init__(self, currency: str) -> None:
        super().__init__(
            f"The merchant has no bank account for {currency} at Stripe. The merchant adds one in the Stripe "
            "Dashboard (createDashboardLink), or you pay out another currency."
        )
        self.currency = currency
        user_message = f"Add a bank account for {currency} in the Stripe Dashboard."
        code = FieldCode.NOT_AVAILABLE
        self.fields = (InvalidField("amount.currency", code, self.message, user_message),)


class EventNotFound(ConnectError):
    message = "There is no such event."


class ProblemNotFound(ConnectError):
    message = (
        "The platform has no such problem at present. Read `platform { problems { code subjects } }` for the "
        "present problems."
    )


class StripeRefused(ConnectError):
    """`fields` are the fields of the input that Stripe's message is about. The message is Stripe's text for
    end users, if there is one. `detail` is Stripe's text for developers, which names the parameters. `param`
    is the parameter that API v1 names.
    """

    fields: tuple[InvalidField, ...] = ()

    def __init__(
        self,
        code: str,
        message: str,
        request_id: str | None,
        detail: str | None = None,
        param: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.request_id = request_id
        self.detail = detail or message
        self.param = param


class StripeNotFound(StripeRefused):
    pass


class DashboardLinkRefused(ConnectError):
    """Stripe issues no link into this Dashboard. `login_url` is the page where the merchant logs in."""

    def __init__(self, code: str, message: str, request_id: str | None, login_url: str) -> None:
        super().__init__(message)
        self.code = code
        self.request_id = request_id
        self.login_url = login_url


class StripeUnavailable(ConnectError):
    """`merchant_row` is the row of the merchant that the call was about, if it is known."""

    merchant_row: Any = None
    message = "Stripe gave no definite answer. Repeat the same request; repeats are safe."
    retry_after_seconds = 2

    def __init__(self, message: str | None = None, retry_after_seconds: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds or self.retry_after_seconds


class AnswerUnusable(StripeUnavailable):
    """The answer is unreadable, has another shape, or is about another account."""


class TooManyCalls(StripeUnavailable):
    """Stripe was not called. `limit` is a sentence that names the limit."""

    def __init__(self, limit: str, retry_after_seconds: int) -> None:
        repeat = f"Repeat the same request in {retry_after_seconds} s; repeats are safe."
        super().__init__(f"{limit} {repeat}", retry_after_seconds)


class StripeKeyRefused(StripeUnavailable):
    """The outcome of the request is unknown: an earlier attempt with a valid key may have succeeded."""

    message = (
        "Stripe does not accept the platform's API key. An operator must check CONNECTQL_STRIPE_API_KEY."
    )
    retry_after_seconds = 60


def permissions(names: str) -> str:
    """Names of permissions, separated by commas, in a sentence."""
    return f"the permission{'s' if ', ' in names else ''} {names}"


class StripePermissionMissing(StripeUnavailable):
    """Stripe accepts the key, but not for this call.

    `permission` has Stripe's name, if Stripe gave one. Several names are separated by commas.
    """

    retry_after_seconds = 60

    def __init__(self, permission: str | None) -> None:
        them = "them" if ", " in (permission or "") else "it"
        lacks = permissions(permission) if permission else "a permission for this call"
        super().__init__(
            f"The platform's restricted key lacks {lacks}. An operator must add {them} at "
            "https://dashboard.stripe.com/apikeys."
        )
        self.permission = permission


class UnknownAccount(ConnectError):
    pass


class UnknownPayment(ConnectError):
    message = "The object belongs to no payment that is known here. Another event may name the payment."


def for_merchants(error: ConnectError) -> ConnectError:
    """The error for merchants, without Stripe's words and without the platform's settings."""
    match error:
        case DashboardLinkRefused():
            message = "Stripe issues no link into the Dashboard. Log in at loginUrl."
            return DashboardLinkRefused("refused", message, None, error.login_url)
        case StripeRefused():
            return StripeRefused("refused", "Stripe refused the request. Contact the platform.", None)
        case StripeUnavailable():
            seconds = error.retry_after_seconds
            neutral = StripeUnavailable(retry_after_seconds=seconds)
            if isinstance(error, TooManyCalls):
                neutral = TooManyCalls("Too many calls to Stripe.", seconds)
            neutral.merchant_row = error.merchant_row
            return neutral
        case ReturnUrlNotAllowed():
            return ReturnUrlNotAllowed(error.neutral_message)
        case CurrencyNotSupported():
            return CurrencyNotSupported(error.field, error.currency, error.supported, error.neutral_message)
        case _:
            return error
