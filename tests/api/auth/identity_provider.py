"""An identity provider over real HTTP, its keys, and valid and forged tokens."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.auth import providers
from api.auth.providers import AuthSettings
from api.auth.tokens import Authenticator, Unauthenticated
from connect.scope import Principal, Role
from testing import confidential

ISSUER = "https://id.example"
AUDIENCE = "connectql"
SECRET = "a shared secret of more than thirty-two bytes"
OPERATOR = Principal("user-1", Role.OPERATOR)
UNKNOWN_KEY = "The token's key is unknown. Ask this API's identity provider for a token."


def claims(**changes: Any) -> dict[str, Any]:
    """Return valid claims with changes. `...` removes a claim. A timedelta is added to the current time."""
    now = int(time.time())
    usual = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "user-1",
        "iat": now,
        "exp": now + 300,
        "role": "operator",
    }
    return {
        name: now + int(value.total_seconds()) if isinstance(value, timedelta) else value
        for name, value in (usual | changes).items()
        if value is not ...
    }


@dataclass(frozen=True)
class Signer:
    """A key pair of the identity provider."""

    kid: str
    algorithm: str
    private: Any

    @property
    def jwk(self) -> dict[str, Any]:
        kinds: dict[str, Any] = {"ES": ECAlgorithm, "Ed": OKPAlgorithm}
        kind = kinds.get(self.algorithm[:2], RSAAlgorithm)
        public: dict[str, Any] = kind.to_jwk(self.private.public_key(), as_dict=True)
        return public | {"kid": self.kid, "alg": self.algorithm, "use": "sig"}

    def bearer(self, headers: dict[str, Any] | None = None, **changes: Any) -> str:
        headers = {"kid": self.kid} if headers is None else headers
        token = jwt.encode(claims(**changes), self.private, self.algorithm, headers)
        return f"Bearer {confidential.keep('token', token)}"


RS = Signer("rs", "RS256", rsa.generate_private_key(65537, 2048))
ES = Signer("es", "ES256", ec.generate_private_key(ec.SECP256R1()))
ED = Signer("ed", "EdDSA", ed25519.Ed25519PrivateKey.generate())
NEW = Signer("new", "EdDSA", ed25519.Ed25519PrivateKey.generate())
STRANGER = Signer("ed", "EdDSA", ed25519.Ed25519PrivateKey.generate())  # has the kid of the known key ED


def key_set(*entries: Any) -> bytes:
    return json.dumps({"keys": entries}).encode()


def encoded(part: Any) -> str:
    octets = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def hs256(header: Any, payload: Any, secret: bytes = SECRET.encode()) -> str:
    """Return a signed token as the value of the Authorization header.

    PyJWT is not used, because it refuses to make most forged tokens.
    """
    signed = f"{encoded(header)}.{encoded(payload)}"
    token = f"{signed}.{encoded(hmac.digest(secret, signed.encode(), hashlib.sha256))}"
    return f"Bearer {confidential.keep('token', token)}"


@dataclass
class Provider:
    """An identity provider over real HTTP. Tests set its answers."""

    url: str
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    drip: bool = False
    drop: bytes = b" "
    requests: list[str] = field(default_factory=list)
    answers: int = 0

    def publish(self, *signers: Signer) -> None:
        self.body = key_set(*(signer.jwk for signer in signers))

    async def answer(self, request: Request) -> Response:
        self.requests.append(request.url.path)
        if request.url.path != "/jwks":
            return Response(key_set(STRANGER.jwk))
        await asyncio.sleep(self.delay)
        self.answers += 1
        if self.drip:
            return StreamingResponse(self._drip())
        return Response(self.body, self.status, self.headers)

    async def _drip(self) -> AsyncIterator[bytes]:
        while True:
            yield self.drop
            await asyncio.sleep(0.02)


@dataclass
class Clock:
    now: float = 1000

    def __call__(self) -> float:
        return self.now


def accepting(*others: providers.Provider, **changes: Any) -> AuthSettings:
    """Settings that accept this provider's tokens, and those of other providers."""
    whole = {"hs256_secret", "development_key_file"}
    own = {name: value for name, value in changes.items() if name not in whole}
    first = providers.Provider(ISSUER, (AUDIENCE,), **own)
    return AuthSettings((first, *others), **{name: value for name, value in changes.items() if name in whole})


def without_address(http: httpx.AsyncClient, **changes: Any) -> Authenticator:
    return Authenticator(accepting(**changes), http)


async def refusal(authenticator: Authenticator, authorization: str | None) -> str:
    with pytest.raises(Unauthenticated) as refused:
        await authenticator.principal(authorization)
    # The traceback must not include PyJWT's error, which may quote the token.
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    return str(refused.value)
