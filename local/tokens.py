"""Development tokens, for `make token` and the start page."""

import time
from dataclasses import dataclass
from pathlib import Path

from api.auth import development
from connect.scope import Role
from local.settings import Place, api_environment


class BadToken(ValueError):
    """A parameter of a token is invalid. `text` says which values are valid."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(f"{field} {text}")
        self.field, self.text = field, text


@dataclass(frozen=True)
class Token:
    """A token, and the Unix time at which it expires. The API accepts it for 30 seconds longer."""

    text: str
    expires_at: int


def issue(role: str, merchant: str = "", ttl: str = "", subject: str = "") -> Token:
    """Return a token that expires after `ttl` seconds, by default after twelve hours. Raises BadToken."""
    try:
        token_role = Role[role.upper()]
    except KeyError:
        raise BadToken("role", "must be operator, service or merchant") from None
    if token_role is Role.MERCHANT and not merchant:
        raise BadToken("merchant", "must be an external id")
    if ttl and not (ttl.isascii() and ttl.isdigit() and 1 <= len(ttl) <= 9 and int(ttl) > 0):
        raise BadToken("ttl", "must be a number of seconds")
    settings = api_environment(Place(), "")
    seconds = int(ttl) if ttl else development.LIFETIME_SECONDS
    expires_at = int(time.time()) + seconds
    text = development.token(
        Path(settings["CONNECTQL_DEVELOPMENT_KEY_FILE"]),
        issuer=settings["CONNECTQL_AUTH_ISSUER"],
        audience=settings["CONNECTQL_AUTH_AUDIENCE"].split(",")[0].strip(),
        role=token_role,
        merchant=merchant or None,
        subject=subject or None,
        lifetime_seconds=seconds,
    )
    return Token(text, expires_at)
