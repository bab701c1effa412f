"""Account tokens. Each stands for a merchant's details, which a browser sent directly to Stripe, not to the
platform.

Stripe accepts a token once, within minutes (https://docs.stripe.com/api/v2/core/account-tokens).
"""

import re
from collections.abc import Iterator

from connect.errors import FieldCode, InvalidField

PARAMETER = "account_token"
# Keys, tokens of v1, and ids of other objects begin with these prefixes.
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
