"""Account tokens: details of a merchant that a browser gave to Stripe instead of to the platform.

Stripe accepts a token once, within minutes (https://docs.stripe.com/api/v2/core/account-tokens). A creation
that Stripe has not answered yet must be repeated with its token, so the stored request has the token in
encrypted form. The encryption key is derived from Stripe's API key, which permits more than any token.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from connect.errors import FieldCode, InvalidField

PARAMETER = "account_token"
# Keys, tokens of v1, and ids of other objects.
_OTHERS = re.compile(r"(?:sk|rk|pk|ct|cpt|cvtok|tok|acct|whsec)_.*")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{8,500}")


def check_account_token(name: str, value: str) -> Iterator[InvalidField]:
    if not _TOKEN.fullmatch(value) or _OTHERS.fullmatch(value):
        yield InvalidField(
            name,
            FieldCode.TOKEN_INVALID,
            "Give the id of an account token, created with POST /v2/core/account_tokens and the platform's "
            "publishable key.",
            "Your details could not be sent. Try again.",
        )


def encryption_key(api_key: str) -> bytes:
    key = hmac.digest(api_key.encode(), b"connectql: stored account tokens", hashlib.sha256)
    return base64.urlsafe_b64encode(key)


def encrypt(body: dict[str, Any], key: bytes) -> dict[str, Any]:
    """Return the body of a request with its token encrypted, if it has one."""
    if PARAMETER not in body:
        return body
    return body | {PARAMETER: Fernet(key).encrypt(body[PARAMETER].encode()).decode()}


def decrypt(body: dict[str, Any], key: bytes) -> dict[str, Any]:
    """Return the body with its token, or without a token that another API key encrypted.

    Without the token, Stripe refuses the request, or reports that its idempotency key had another body.
    """
    if PARAMETER not in body:
        return body
    try:
        return body | {PARAMETER: Fernet(key).decrypt(body[PARAMETER]).decode()}
    except InvalidToken:
        return without_token(body)


def without_token(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != PARAMETER}


def forget(stored: str) -> str:
    """Return the text of a stored request without its token."""
    return json.dumps(without_token(json.loads(stored)))
