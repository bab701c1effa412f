"""Verify a bearer token and return its Principal: subject, role and, for a merchant, the external id."""

import base64
import hashlib
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import jwt
from jwt import exceptions
from jwt.algorithms import get_default_algorithms
from jwt.utils import base64url_decode

from api.auth import development
from api.auth.jwks import FileKeys, KeySet, RemoteKeys
from api.server.refusals import Refused
from connect.scope import Principal, Role

MAX_TOKEN_BYTES = 8 * 1024
# The size of the cache of verified tokens.
MAX_VERIFIED = 10_000
# The values of `typ` for API tokens (RFC 7519, RFC 9068). Many providers omit it.
KINDS = frozenset({"jwt", "at+jwt"})
ROLES = {role.value.lower(): role for role in Role}

EXPIRED = "The token has expired. Ask the identity provider for a new one."

# Messages may contain configured values, but no content of the token.
REFUSALS = (
    (exceptions.ExpiredSignatureError, EXPIRED),
    (
        exceptions.ImmatureSignatureError,
        "The token is not valid yet. Compare this API's clock with its issuer's.",
    ),
    (exceptions.InvalidSignatureError, "The token's signature is wrong. Send the token exactly as issued."),
    (exceptions.InvalidIssuerError, "The token has another issuer. Ask {issuer!r} for one."),
    (
        exceptions.InvalidAudienceError,
        "The token is for another API. Ask for one with the audience {audience!r}.",
    ),
    (
        exceptions.MissingRequiredClaimError,
        "The token has no {error.claim!r}. It needs iss, aud, exp and sub.",
    ),
    (exceptions.PyJWTError, "The token is malformed. Ask the identity provider for a new one."),
)


class Unauthenticated(Refused):
    """The caller has no valid token. The message names the remedy and contains no part of the token."""

    def __init__(self, message: str) -> None:
        headers = {"WWW-Authenticate": "Bearer"}
        super().__init__(message, "UNAUTHENTICATED", 401, headers)


@dataclass(frozen=True, slots=True)
class AuthSettings:
    issuer: str
    audience: str
    jwks_url: str | None = None
    jwks_file: Path | None = None
    hs256_secret: str | None = field(default=None, repr=False)
    development_key_file: Path | None = None
    role_claim: str = "role"
    merchant_claim: str = "merchant"
    leeway_seconds: int = 30


@dataclass(frozen=True, slots=True)
class _Verified:
    """A cached result: the principal of a token and the key that verified it."""

    principal: Principal
    kid: str | None
    algorithm: str
    key: jwt.PyJWK


class Authenticator:
    """Verifies tokens with the configured keys. Each process has one."""

    def __init__(
        self, settings: AuthSettings, http: httpx.AsyncClient, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._secret = secret_key(settings.hs256_secret) if settings.hs256_secret is not None else None
        self._development = (
            development.key(settings.development_key_file) if settings.development_key_file else None
        )
        self._key_sets: list[KeySet] = []
        if settings.jwks_file:
            self._key_sets.append(FileKeys(settings.jwks_file))
        if settings.jwks_url:
            self._key_sets.append(RemoteKeys(settings.jwks_url, http, clock=clock))
        # The keys are hashes of headers, oldest first. Tokens themselves are not stored.
        self._verified: dict[bytes, _Verified] = {}

    async def principal(self, authorization: str | None) -> Principal:
        """Return the principal of an Authorization header.

        Raises Unauthenticated, or KeysUnavailable when the identity provider does not answer.
        """
        digest = hashlib.sha256((authorization or "").encode("utf-8", "surrogatepass")).digest()
        cached = self._verified.get(digest)
        if cached is not None:
            # The key may have been withdrawn, and the token may have expired.
            key = await self._find_key(cached.kid, cached.algorithm)
            if key is cached.key and time.time() < cached.principal.expires_at:
                return cached.principal
            self._verified.pop(digest, None)
        token = _bearer_token(authorization)
        kid, algorithm = self._read_header(token)
        key = await self._find_key(kid, algorithm)
        principal = self._principal(self._claims(token, key))
        if len(self._verified) >= MAX_VERIFIED:
            del self._verified[next(iter(self._verified))]
        self._verified[digest] = _Verified(principal, kid, algorithm, key)
        return principal

    def _claims(self, token: str, key: jwt.PyJWK) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                issuer=self._settings.issuer,
                audience=self._settings.audience,
                leeway=self._settings.leeway_seconds,
                options={"require": ["iss", "aud", "exp", "sub"]},
            )
        except exceptions.PyJWTError as error:
            raise self._refusal(error) from None
        return claims

    def _read_header(self, token: str) -> tuple[str | None, str]:
        """Return the header's key id and algorithm."""
        try:
            header = jwt.get_unverified_header(token)
        except exceptions.PyJWTError as error:
            raise self._refusal(error) from None
        if "crit" in header:  # PyJWT accepts b64, which we do not support
            raise Unauthenticated("The token's header has critical extensions. Use a token without crit.")
        kind = header.get("typ", "JWT")
        if not isinstance(kind, str) or kind.lower().removeprefix("application/") not in KINDS:
            raise Unauthenticated("The token is of another kind. Send an access token: typ JWT or at+jwt.")
        kid, algorithm = header.get("kid"), header.get("alg")
        if algorithm == "HS256" and self._secret:
            return kid, algorithm
        if algorithm not in ("RS256", "ES256", "EdDSA"):
            raise Unauthenticated("The token's algorithm is not accepted. Sign with RS256, ES256 or EdDSA.")
        return kid, algorithm

    async def _find_key(self, kid: str | None, algorithm: str) -> jwt.PyJWK:
        """Return the key with this id. The key, not the token's header, determines the verification."""
        if algorithm == "HS256" and self._secret:
            return self._secret
        if self._development and (kid, algorithm) == (development.KEY_ID, "EdDSA"):
            return self._development
        for keys in self._key_sets:
            key = await keys.find(kid, algorithm)
            if key:
                return key
        raise Unauthenticated("The token's key is unknown. Ask this API's identity provider for a token.")

    def _refusal(self, error: exceptions.PyJWTError) -> Unauthenticated:
        message = next(message for kind, message in REFUSALS if isinstance(error, kind))
        return Unauthenticated(
            message.format(issuer=self._settings.issuer, audience=self._settings.audience, error=error)
        )

    def _principal(self, claims: dict[str, Any]) -> Principal:
        # PyJWT accepts "1" and true as times.
        if any(type(claims.get(name, 0)) not in (int, float) for name in ("exp", "nbf", "iat")):
            raise Unauthenticated("The token's times are not numbers. Use numbers for exp, nbf and iat.")
        subject = _name(claims, "sub")
        role_name = claims.get(self._settings.role_claim)
        role = ROLES.get(role_name.lower()) if isinstance(role_name, str) else None
        if role is None:
            raise Unauthenticated(
                f"The token has no known role. Set its claim {self._settings.role_claim!r} "
                "to operator, service or merchant."
            )
        expires_at = claims["exp"] + self._settings.leeway_seconds
        if role is not Role.MERCHANT:
            return Principal(subject, role, expires_at=expires_at)
        return Principal(subject, role, _name(claims, self._settings.merchant_claim), expires_at)


def _bearer_token(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").strip(" ").partition(" ")
    token = token.strip(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("There is no bearer token. Send the header Authorization: Bearer <token>.")
    if len(token) > MAX_TOKEN_BYTES:
        raise Unauthenticated(f"The token is too long. Send one of at most {MAX_TOKEN_BYTES} bytes.")
    if not token.isascii():
        raise Unauthenticated("The token is not ASCII text. Send the token exactly as issued.")
    if not _is_utf8(token):
        raise Unauthenticated("The token's JSON is not in UTF-8. Ask the identity provider for a new one.")
    return token


def _is_utf8(token: str) -> bool:
    """Tell whether the token's JSON is in UTF-8.

    Python's JSON parser would also accept UTF-16 and UTF-32, which other parsers read differently.
    """
    try:
        return not any(b"\x00" in base64url_decode(part) for part in token.split(".")[:2])
    except ValueError:
        return True  # not base64, which PyJWT refuses


def _name(claims: dict[str, Any], claim: str) -> str:
    value = claims.get(claim)
    # JSON can contain lone surrogates (Cs), but a database cannot store them.
    if (
        isinstance(value, str)
        and 0 < len(value) <= 255
        and not any(unicodedata.category(character) in {"Cc", "Cs"} for character in value)
    ):
        return value
    raise Unauthenticated(
        f"The token's claim {claim!r} is unusable. Set it to 1 to 255 characters without control characters."
    )


def secret_key(secret: str) -> jwt.PyJWK:
    """Return the key of CONNECTQL_HS256_SECRET. Raises ValueError, with the remedy, if it is unusable."""
    octets = secret.encode()
    if len(octets) < 32:
        raise ValueError(
            f"CONNECTQL_HS256_SECRET has {len(octets)} bytes; HS256 needs at least 32. "
            "Make one with: openssl rand -base64 48"
        )
    try:
        get_default_algorithms()["HS256"].prepare_key(octets)
    except exceptions.InvalidKeyError:
        raise ValueError(
            "CONNECTQL_HS256_SECRET is a PEM, DER or JWK key; public keys belong in the JWKS. "
            "Make a secret with: openssl rand -base64 48"
        ) from None
    return jwt.PyJWK({"kty": "oct", "k": base64.urlsafe_b64encode(octets).decode()}, "HS256")
