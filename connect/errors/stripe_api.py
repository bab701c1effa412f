"""Errors about calls to Stripe."""

from typing import Any

from connect.errors.base import ConnectError, InvalidField


class StripeRefused(ConnectError):
    """`fields` are the fields of the input that Stripe's message is about. The message is Stripe's text for
    end users, or its text for developers if it gave no text for end users. `detail` is Stripe's text for
    developers, which names the parameters. `param` is the parameter that an error of API v1 names.
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


class StripeUnavailable(ConnectError):
    """`merchant_row` is the row of the merchant that the call was about, if it is known."""

    merchant_row: Any = None
    message = "Stripe gave no definite answer. Repeat the same request; repeats are safe."
    retry_after_seconds = 2

    def __init__(self, message: str | None = None, retry_after_seconds: int | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds or self.retry_after_seconds


class AnswerUnusable(StripeUnavailable):
    """The answer is unreadable, does not have the expected form, or is about another account or object."""


class TooManyCalls(StripeUnavailable):
    """Stripe was not called, because a limit on calls to Stripe is reached. `limit` is a sentence that states
    this limit.
    """

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
    """Return a phrase that lists these permissions. In `names`, the permissions are separated by commas."""
    return f"the permission{'s' if ', ' in names else ''} {names}"


class StripePermissionMissing(StripeUnavailable):
    """Stripe accepts the key, but not for this call.

    `permission` is Stripe's name of the missing permission, or None if Stripe gave no name. Several names are
    separated by commas.
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
