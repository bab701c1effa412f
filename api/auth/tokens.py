"""Verify a bearer token and return its Principal: subject, role and, for a merchant, the external id."""

import hashlib
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
from jwt import exceptions
from jwt.utils import base64url_decode

from api.auth import claims, development
from api.auth.jwks import ACCEPTED, FileKeys, KeySet, OneKey, RemoteKeys, secret_key
from api.auth.providers import AuthSettings, Provider
from api.server.refusals import Refused
from connect.scope import Principal, Role

# Providers that list a user's groups issue tokens of up to 12 kB. A request's head may have 64 KiB.
MAX_TOKEN_BYTES = 16 * 1024
# The maximum number of verified tokens in the cache.
MAX_VERIFIED = 10_000
# The values of `typ` for API tokens (RFC 7519, RFC 9068). Many providers omit `typ`.
KINDS = frozenset({"jwt", "at+jwt"})
STRONGEST_FIRST = (Role.OPERATOR, Role.SERVICE, Role.MERCHANT)

EXPIRED = "The token has expired. Ask the identity provider for a new one."

# Messages may contain configured values, but no content of the token.
REFUSALS = (
    (exceptions.ExpiredSignatureError, EXPIRED),
    (
        exceptions.ImmatureSignatureError,
        "The token is not valid yet. Compare this API's clock with that of the token's issuer.",
    ),
    (exceptions.InvalidSignatureError, "The token's signature is wrong. Send the token exactly as issued."),
    (exceptions.InvalidIssuerError, "The token has another issuer. Ask {issuer} for one."),
    (
        exceptions.InvalidAudienceError,
        "The token is for another API. Ask for one with the audience {audience}.",
    ),
    (
        exceptions.MissingRequiredClaimError,
        "The token has no {error.claim!r}. It needs iss, {audience_claim}, exp and sub.",
    ),
    (exceptions.PyJWTError, "The token is malformed. Ask the identity provider for a new one."),
)
NOT_SIGNED = "The token is opaque or encrypted, not a signed JWT. Ask for one with the audience {audience}."
ALGORITHM = f"The token's algorithm is not accepted. Sign with one of {', '.join(ACCEPTED)}."
NOT_FOR_APIS = "This is an ID token, which is for the app itself. Send the access token."
CLAIM = "The token's claim {claim!r} is not accepted. {remedy} An ID token is not an access token."


class Unauthenticated(Refused):
    """The caller has no valid token. The message names the remedy and contains no part of the token."""

    def __init__(self, message: str) -> None:
        headers = {"WWW-Authenticate": "Bearer"}
        super().__init__(message, "UNAUTHENTICATED", 401, headers)


@dataclass(frozen=True, slots=True)
class _Issuer:
    """An identity provider, and the keys that verify its tokens."""

    provider: Provider
    key_sets: tuple[KeySet, ...]

    async def key(self, kid: str | None, algorithm: str) -> jwt.PyJWK:
        """Return the key with this id and algorithm. Raises Unauthenticated, or KeysUnavailable."""
        for keys in self.key_sets:
            key = await keys.find(kid, algorithm)
            if key:
                return key
        raise Unauthenticated("The token's key is unknown. Ask this API's identity provider for a token.")


@dataclass(frozen=True, slots=True)
class _Verified:
    """A cached result: the principal of a token and the key that verified it."""

    principal: Principal
    issuer: _Issuer
    kid: str | None
    algorithm: str
    key: jwt.PyJWK


class Authenticator:
    """Verifies tokens with the configured keys. Each process that serves has one authenticator."""

    def __init__(
        self, settings: AuthSettings, http: httpx.AsyncClient, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._leeway = settings.leeway_seconds
        self._providers = settings.providers
        # Providers with the same JWKS address share one cache of keys.
        self._remote: dict[str, RemoteKeys] = {}

        def key_sets(provider: Provider) -> list[KeySet]:
            sets: list[KeySet] = []
            if provider.jwks_file:
                sets.append(FileKeys(provider.jwks_file))
            if provider.jwks_url:
                url = provider.jwks_url
                if url not in self._remote:
                    self._remote[url] = RemoteKeys(url, http, clock=clock)
                sets.append(self._remote[url])
            return sets

        first, *others = settings.providers
        keys = key_sets(first)
        self._secret_issuer: str | None = None
        if settings.hs256_secret is not None:
            keys.insert(0, OneKey(secret_key(settings.hs256_secret)))
            self._secret_issuer = first.issuer
        self._issuers = {
            first.issuer: _Issuer(first, tuple(keys)),
            **{other.issuer: _Issuer(other, tuple(key_sets(other))) for other in others},
        }
        self._development: _Issuer | None = None
        if settings.development_key_file:
            # Development tokens have the default claims, whatever claims the settings name.
            key = development.key(settings.development_key_file)
            self._development = _Issuer(Provider(first.issuer, first.audiences), (OneKey(key),))
        # The cached results, oldest first. Each key is a hash of the Authorization header, so no token is
        # stored.
        self._verified: dict[bytes, _Verified] = {}

    @property
    def remembered(self) -> int:
        """The number of verified tokens in the cache."""
        return len(self._verified)

    async def close(self) -> None:
        """End all running reads of keys. Call it before the HTTP client is closed."""
        for keys in self._remote.values():
            await keys.close()

    async def principal(self, authorization: str | None) -> Principal:
        """Return the principal of an Authorization header.

        Raises Unauthenticated, or KeysUnavailable if no key can be read from the identity provider.
        """
        digest = hashlib.sha256((authorization or "").encode("utf-8", "surrogatepass")).digest()
        cached = self._verified.get(digest)
        if cached is not None:
            # The key may have been withdrawn, and the token may have expired.
            key = await cached.issuer.key(cached.kid, cached.algorithm)
            if key is cached.key and time.time() < cached.principal.expires_at:
                return cached.principal
            self._verified.pop(digest, None)
        token = _bearer_token(authorization, self._providers)
        kid, algorithm = self._read_header(token)
        issuer = self._find_issuer(token, kid, algorithm)
        key = await issuer.key(kid, algorithm)
        principal = self._principal(self._claims(token, key, issuer.provider), issuer.provider)
        if len(self._verified) >= MAX_VERIFIED:
            del self._verified[next(iter(self._verified))]
        self._verified[digest] = _Verified(principal, issuer, kid, algorithm, key)
        return principal

    def _find_issuer(self, token: str, kid: str | None, algorithm: str) -> _Issuer:
        """Return the issuer whose keys must verify the token. The signature of a token with a forged `iss`
        does not match these keys. Raises Unauthenticated.
        """
        if self._development and (kid, algorithm) == (development.KEY_ID, "EdDSA"):
            return self._development
        if len(self._issuers) == 1:
            return next(iter(self._issuers.values()))  # `_claims` checks `iss`
        try:
            named = jwt.decode(token, options={"verify_signature": False}).get("iss")
        except exceptions.PyJWTError as error:
            raise _refusal(error, self._providers) from None
        issuer = self._issuers.get(named) if isinstance(named, str) else None
        if issuer is None:
            raise _refusal(exceptions.InvalidIssuerError(), self._providers)
        if algorithm == "HS256" and named != self._secret_issuer:
            raise Unauthenticated(ALGORITHM)
        return issuer

    def _read_header(self, token: str) -> tuple[str | None, str]:
        """Return the header's key id and algorithm. Raises Unauthenticated."""
        try:
            header = jwt.get_unverified_header(token)
        except exceptions.PyJWTError as error:
            raise _refusal(error, self._providers) from None
        if "crit" in header:  # PyJWT accepts the extension b64, which ConnectQL does not support
            raise Unauthenticated("The token's header has critical extensions. Use a token without crit.")
        kind = header.get("typ", "JWT")
        if not isinstance(kind, str) or kind.lower().removeprefix("application/") not in KINDS:
            raise Unauthenticated("The token is of another kind. Send an access token: typ JWT or at+jwt.")
        kid, algorithm = header.get("kid"), header.get("alg")
        if algorithm not in ACCEPTED and not (algorithm == "HS256" and self._secret_issuer is not None):
            raise Unauthenticated(ALGORITHM)
        return kid, algorithm

    def _claims(self, token: str, key: jwt.PyJWK, provider: Provider) -> dict[str, Any]:
        try:
            verified: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                issuer=provider.issuer,
                leeway=self._leeway,
                options={"require": ["iss", "exp", "sub"], "verify_aud": False},
            )
            _check_audience(verified, provider)
        except exceptions.PyJWTError as error:
            raise _refusal(error, (provider,)) from None
        # PyJWT accepts "1" and true as times.
        if any(type(verified.get(name, 0)) not in (int, float) for name in ("exp", "nbf", "iat")):
            raise Unauthenticated("The token's times are not numbers. Use numbers for exp, nbf and iat.")
        if claims.is_id_token(verified):
            raise Unauthenticated(NOT_FOR_APIS)
        for claim, accepted in provider.required_claims.items():
            if not claims.has(verified, claim, accepted):
                needed = f"It must be {_either(accepted)}." if accepted else "It must have a value."
                raise Unauthenticated(CLAIM.format(claim=claim, remedy=needed))
        return verified

    def _principal(self, verified: dict[str, Any], provider: Provider) -> Principal:
        subject = _name(verified, "sub")
        roles = {provider.role(name) for name in claims.words(verified, provider.role_claims)}
        role = next((role for role in STRONGEST_FIRST if role in roles), None)
        if role is None:
            names = "operator, service or merchant" if provider.roles is None else _either(provider.roles)
            raise Unauthenticated(
                f"The token has no known role. Set its claim {_either(provider.role_claims)} to {names}."
            )
        expires_at = verified["exp"] + self._leeway
        if role is not Role.MERCHANT:
            return Principal(subject, role, expires_at=expires_at)
        return Principal(subject, role, _name(verified, provider.merchant_claim), expires_at)


def _bearer_token(authorization: str | None, providers: Sequence[Provider]) -> str:
    scheme, _, token = (authorization or "").strip(" ").partition(" ")
    token = token.strip(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("There is no bearer token. Send the header Authorization: Bearer <token>.")
    if len(token) > MAX_TOKEN_BYTES:
        raise Unauthenticated(f"The token is too long. Send one of at most {MAX_TOKEN_BYTES} bytes.")
    if not token.isascii():
        raise Unauthenticated("The token is not ASCII text. Send the token exactly as issued.")
    if token.count(".") != 2:  # an encrypted token has five parts (RFC 7516)
        raise Unauthenticated(NOT_SIGNED.format(audience=_audiences(providers)))
    if not _is_utf8(token):
        raise Unauthenticated("The token's JSON is not in UTF-8. Ask the identity provider for a new one.")
    return token


def _is_utf8(token: str) -> bool:
    """Tell whether the token's JSON has no zero bytes, and is therefore not in UTF-16 or UTF-32.

    Python's JSON parser would accept both encodings, but other parsers read them differently.
    """
    try:
        return not any(b"\x00" in base64url_decode(part) for part in token.split(".")[:2])
    except ValueError:
        return True  # not base64, so PyJWT refuses it


def _check_audience(verified: dict[str, Any], provider: Provider) -> None:
    """Raise an error of PyJWT unless the audience claim is, or contains, an accepted audience."""
    value = claims.find(verified, provider.audience_claim)
    if not value:
        raise exceptions.MissingRequiredClaimError(provider.audience_claim)
    values = [value] if isinstance(value, str) else value
    is_list = isinstance(values, list) and all(isinstance(each, str) for each in values)
    if not is_list or set(values).isdisjoint(provider.audiences):
        raise exceptions.InvalidAudienceError


def _refusal(error: exceptions.PyJWTError, providers: Sequence[Provider]) -> Unauthenticated:
    message = next(message for kind, message in REFUSALS if isinstance(error, kind))
    return Unauthenticated(
        message.format(
            issuer=_either(provider.issuer for provider in providers),
            audience=_audiences(providers),
            audience_claim=providers[0].audience_claim,
            error=error,
        )
    )


def _audiences(providers: Sequence[Provider]) -> str:
    return _either(dict.fromkeys(name for provider in providers for name in provider.audiences))


def _either(names: Iterable[str]) -> str:
    """Return quoted names as text: 'a', 'b' or 'c'."""
    *others, last = map(repr, names)
    return f"{', '.join(others)} or {last}" if others else last


def _name(verified: dict[str, Any], claim: str) -> str:
    value = claims.find(verified, claim)
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
