"""Converts errors to the form that merchants may read."""

from connect.errors.base import ConnectError
from connect.errors.merchants import DashboardLinkRefused, ReturnUrlNotAllowed
from connect.errors.payments import CurrencyNotSupported
from connect.errors.stripe_api import StripeRefused, StripeUnavailable, TooManyCalls


def for_merchants(error: ConnectError) -> ConnectError:
    """Return the error in the form for merchants: without Stripe's message, and without the names of the
    platform's settings.
    """
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
