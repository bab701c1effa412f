"""Errors about merchants, their accounts and their links."""

from collections.abc import Sequence
from typing import Any

from connect.errors.base import ConnectError, FieldCode, InvalidField
from connect.errors.stripe_api import StripeUnavailable


class MerchantNotFound(ConnectError):
    message = "There is no such merchant."


class MerchantNotErasable(ConnectError):
    """`obstacles` are the reasons why the data may not be erased yet (`connect.merchants.erasure.Obstacle`).
    The message contains their remedies.
    """

    def __init__(self, obstacles: Sequence[Any], message: str) -> None:
        super().__init__(message)
        self.obstacles = tuple(obstacles)


class ExternalIdTaken(ConnectError):
    message = (
        "This externalId belongs to a merchant that was created from another input. Read that merchant, "
        "or use updateMerchant to change it."
    )

    def __init__(self, external_id: str, message: str | None = None) -> None:
        super().__init__(message)
        self.external_id = external_id


class ReplacementDiffers(ConnectError):
    """`is_pending` is true until Stripe has opened the new account."""

    def __init__(self, stripe_account_id: str, *, is_pending: bool) -> None:
        super().__init__(
            f"Another call with a different input is replacing {stripe_account_id}. Repeat the call with "
            "that input to wait for its result, or read the merchant's timeline."
            if is_pending
            else f"{stripe_account_id} was replaced by a call with a different input. Read the merchant's "
            "current account. To replace it too, pass its id as `stripeAccountId`."
        )
        self.stripe_account_id = stripe_account_id
        self.is_pending = is_pending


class AccountNotAdoptable(ConnectError):
    """`findings` contains the reasons, and also the warnings (`connect.merchants.rules.adoption`)."""

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
        """The error for an app's address whose scheme the platform has not registered."""
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
    """`component` and the entries of `allowed` are members of `connect.embedded.components.Component`."""

    def __init__(self, field: str, component: Any, allowed: Sequence[Any]) -> None:
        listed = ", ".join(one.name for one in allowed) or "none"
        super().__init__(f"Merchants may not use {component.name}. The platform allows: {listed}.")
        self.field = field
        self.component = component
        self.allowed = tuple(allowed)

    @property
    def fields(self) -> tuple[InvalidField, ...]:
        """The invalid field, as in `InvalidInput.fields`."""
        user_message = "This part of the page is not available."
        return (InvalidField(self.field, FieldCode.NOT_AVAILABLE, self.message, user_message),)


class ServiceRunning(ConnectError):
    """`merchant_row` is the row of the merchant, updated by a new fetch."""

    def __init__(self, merchant_row: Any, message: str) -> None:
        super().__init__(message)
        self.merchant_row = merchant_row


class DashboardLinkRefused(ConnectError):
    """Stripe issues no link into the merchant's Dashboard. `login_url` is the page where the merchant logs
    in.
    """

    def __init__(self, code: str, message: str, request_id: str | None, login_url: str) -> None:
        super().__init__(message)
        self.code = code
        self.request_id = request_id
        self.login_url = login_url
