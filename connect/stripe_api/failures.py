"""Translates the SDK's exceptions for failed calls to Stripe into `connect.errors`."""

import re
from collections.abc import Collection
from typing import Any

import stripe

from connect.errors import (
    AnswerUnusable,
    StripeKeyRefused,
    StripeNotFound,
    StripePermissionMissing,
    StripeRefused,
    StripeUnavailable,
)
from connect.stripe_api import certificates

# The error codes of a 403 that concerns an account, not the key. The v1 code is from a recording, and the v2
# code is from reports of Stripe's users.
INACCESSIBLE = frozenset({"account_invalid", "forbidden"})
# The error codes of a 403 that concerns an account token, not the key.
TOKEN_REFUSALS = frozenset({"invalid_account_token", "invalid_person_token"})
# The error types by which API v1 refuses a request. Some v1 errors have a type and no code
# (https://docs.stripe.com/api/errors).
TYPES = frozenset({"card_error", "idempotency_error", "invalid_request_error"})
# If a restricted key lacks a permission, only Stripe's message names this permission. Two forms are known
# from reports of Stripe's users.
PERMISSION = re.compile(r"Having the '(\w+)' permission|\('(\w+)'\) permissions? on this key")
# Stripe's message has this text if a call is about a connected account, and the key has permissions only for
# the platform's own objects.
NO_CONNECT = "does not have any Connect permissions"
CONNECT = "for connected accounts"

# A secret with fewer letters and digits than this is found only if Stripe repeats it unchanged.
SHORTEST_REFORMATTED = 4


class NotRepeated(Exception):
    """The last attempt got no definite answer, and the call is not repeated."""


def translate(
    error: Exception, account: str | None = None, secrets: Collection[str] = ()
) -> StripeRefused | StripeUnavailable:
    """Translate an exception of the SDK.

    `account` is the account that the call is about, or None. `secrets` are values of the request that
    Stripe's message may repeat, such as an account token. Secrets are removed from the message.

    If the platform may not use an account any more, Stripe answers 403 with a code in INACCESSIBLE. Any other
    401 or 403 concerns the platform's key, unless its code is in TOKEN_REFUSALS. After a 408, 409, 425, 429
    or 5xx, or an answer that Stripe did not write, a retry may succeed. Any other 4xx with Stripe's error
    code or type is final (https://docs.stripe.com/api-v2-overview#error-handling). If the code is missing, a
    type in TYPES takes its place.
    """
    if isinstance(error, NotRepeated):
        return StripeUnavailable()
    if not isinstance(error, stripe.StripeError):
        return AnswerUnusable()  # the SDK cannot read the answer, for example `{"error": []}`
    status = error.http_status
    code = _detail(error, "code")
    lacks_permission = PERMISSION.search(_detail(error, "message") or "")
    if status == 403 and account is not None and code in INACCESSIBLE and not lacks_permission:
        message = f"The platform has no access to the account {account}."
        return StripeNotFound(str(code), message, error.request_id)
    if status in {401, 403} and code not in TOKEN_REFUSALS:
        return _key_refused(error, code)
    if code is None and _detail(error, "type") in TYPES:
        code = _detail(error, "type")
    # A 4xx without a code or type may come from a proxy.
    if code is None or status is None or status in {408, 409, 425, 429} or not 400 <= status < 500:
        return StripeUnavailable()
    detail = _detail(error, "message") or "Stripe refused the request."
    message = _detail(error, "user_message") or detail
    for secret in sorted(secrets, key=len, reverse=True):
        pattern = _pattern(secret)
        message, detail = (pattern.sub("[redacted]", text) for text in (message, detail))
    refusal = StripeNotFound if status == 404 else StripeRefused
    return refusal(code, message, error.request_id, detail, _detail(error, "param"))


def cause(error: Exception) -> Exception | None:
    """Return the exception as the cause of its translation, or None if its message may repeat a secret.

    Logs print the messages of causes. For an answer of Stripe, the log has the fields of `details` instead.
    """
    return None if isinstance(error, stripe.StripeError) and error.http_status is not None else error


def details(error: Exception) -> dict[str, Any]:
    """Return fields for a log line. None of them is secret."""
    fields: dict[str, Any] = {"error": type(error).__name__}
    if isinstance(error, stripe.StripeError):
        fields = {"http_status": error.http_status, "code": _detail(error, "code")}
        fields["stripe_request_id"] = error.request_id
    if (untrusted := certificates.refusal(error)) is not None:
        fields["reason"] = untrusted
    return fields


def _pattern(secret: str) -> re.Pattern[str]:
    """A pattern that finds the secret as a word, even if Stripe has changed its format.

    The pattern ignores case, spaces and punctuation, so it finds `+1 (415) 555-0103` for `+14155550103`. A
    secret with fewer than SHORTEST_REFORMATTED letters and digits must match exactly, because the same
    letters in another case may be a common word.
    """
    characters = [one for one in secret if one.isalnum()]
    if len(characters) < SHORTEST_REFORMATTED:
        return re.compile(rf"(?<!\w){re.escape(secret)}(?!\w)")
    text = r"[\W_]{0,3}".join(map(re.escape, characters))
    return re.compile(rf"(?<!\w)\+?{text}(?!\w)", re.IGNORECASE)


def _key_refused(error: stripe.StripeError, code: str | None) -> StripeKeyRefused | StripePermissionMissing:
    """Distinguish a missing permission from a refused key. The error does not repeat Stripe's message,
    because that also contains a part of the key.
    """
    message = _detail(error, "message") or ""
    if NO_CONNECT in message:
        return StripePermissionMissing(CONNECT)
    permission = PERMISSION.search(message)
    if permission is None and not (code or "").startswith("more_permissions_required"):
        return StripeKeyRefused()
    return StripePermissionMissing(permission[1] or permission[2] if permission else None)


def _detail(error: stripe.StripeError, name: str) -> str | None:
    """Read a text in the error's body; None if it is missing. The SDK's exceptions for v2 do not always have
    `code`.
    """
    body = error.json_body if isinstance(error.json_body, dict) else {}
    fields = body.get("error")
    value = fields.get(name) if isinstance(fields, dict) else None
    return value if isinstance(value, str) else None
