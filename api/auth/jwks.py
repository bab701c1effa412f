"""The keys that verify tokens: a secret, and cached public keys (JWKS) from an address or a file."""

import asyncio
import base64
import math
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

import httpx
import orjson
import structlog
from jwt import PyJWK
from jwt.algorithms import get_default_algorithms
from jwt.exceptions import InvalidKeyError, PyJWTError

from api.server.refusals import Refused
from connect.stripe_api import certificates

MAX_BYTES = 256 * 1024
MAX_AGE_SECONDS = 600
COOL_DOWN_SECONDS = 30
COLD_COOL_DOWN_SECONDS = 1  # before the first successful read, because all requests fail until then

# The accepted algorithms of each kind of public key. A key without `alg` is used with the first algorithm of
# its kind.
ALGORITHMS = {
    ("RSA", None): ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("EC", "P-521"): ("ES512",),
    ("OKP", "Ed25519"): ("EdDSA",),
}
ACCEPTED = tuple(name for names in ALGORITHMS.values() for name in names)

log = structlog.get_logger()


class KeysUnavailable(Refused):
    """No key is cached, and no key can be read from the identity provider. The caller is not at fault."""

    def __init__(self) -> None:
        message = "Authentication is temporarily unavailable. Try again in a moment."
        headers = {"Retry-After": "5"}
        super().__init__(message, "AUTHENTICATION_UNAVAILABLE", 503, headers)


class KeySet(Protocol):
    async def find(self, kid: str | None, algorithm: str) -> PyJWK | None: ...


def parse(body: bytes) -> tuple[PyJWK, ...]:
    """Return the keys that may verify tokens. Raises ValueError if the body has no such key."""
    if len(body) > MAX_BYTES:
        raise ValueError(f"The key set is larger than {MAX_BYTES} bytes.")
    match orjson.loads(body):
        case {"keys": [*entries]}:
            read = [_key(entry) for entry in entries]
        case _:
            raise ValueError('The key set is not a JSON object with a list "keys".')
    keys = tuple(key for key in read if isinstance(key, PyJWK))
    skipped = sorted({reason for reason in read if isinstance(reason, str)})
    if not keys:
        reasons = f" Skipped: {', '.join(skipped)}." if skipped else ""
        raise ValueError(f"The key set has no key for verifying signatures ({', '.join(ACCEPTED)}).{reasons}")
    log.info("key_set_read", keys=len(keys), skipped=len(read) - len(keys), reasons=skipped)
    return keys


def _key(entry: Any) -> PyJWK | str:
    """Return a key, or the reason why it is skipped. The reason contains no part of the key."""
    # PyJWT would also accept symmetric and private keys, and a curve that does not match the algorithm.
    match entry:
        case {"d": _}:
            return "private key"
        case {"kty": "RSA"}:
            algorithms = ALGORITHMS["RSA", None]
        case {"kty": str(kind), "crv": str(curve)} if (kind, curve) in ALGORITHMS:
            algorithms = ALGORITHMS[kind, curve]
        case _:
            return "unknown kind or curve"
    if entry.get("use", "sig") != "sig":
        return "not for signatures"
    # Each key has exactly one algorithm (RFC 8725, 3.1).
    algorithm = entry.get("alg", algorithms[0])
    if algorithm not in algorithms:
        return "algorithm not accepted"
    if not isinstance(entry.get("kid", ""), str):
        return "malformed"
    try:
        key = PyJWK(entry, algorithm)
    except PyJWTError:
        return "malformed"
    return "too short" if key.Algorithm.check_key_length(key.key) else key


def select(keys: Iterable[PyJWK], kid: str | None, algorithm: str) -> PyJWK | None:
    """Return the only key with this algorithm and id, or None. A `kid` of None matches every id."""
    matches = [key for key in keys if key.algorithm_name == algorithm and kid in {None, key.key_id}]
    return matches[0] if len(matches) == 1 else None


class OneKey:
    """A key set with a single key, which has no id."""

    def __init__(self, key: PyJWK) -> None:
        self._key = key

    async def find(self, kid: str | None, algorithm: str) -> PyJWK | None:  # noqa: ARG002 - it has no id
        return self._key if algorithm == self._key.algorithm_name else None


class FileKeys:
    """A JWKS file, read again when its modification time changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._modified = self._mtime()
        try:
            self._keys = parse(path.read_bytes())
        except ValueError as error:
            raise ValueError(f"{path} is not a usable JWKS file: {error}") from error

    async def find(self, kid: str | None, algorithm: str) -> PyJWK | None:
        self._reread()
        return select(self._keys, kid, algorithm)

    def _reread(self) -> None:
        modified = self._mtime()
        if modified == self._modified:
            return
        # Set before reading, so that an unreadable file gets one warning per change.
        self._modified = modified
        try:
            self._keys = parse(self._path.read_bytes())
        except (OSError, ValueError) as error:
            log.warning("key_set_file_not_read", error=str(error))

    def _mtime(self) -> int | None:
        try:
            return self._path.stat().st_mtime_ns
        except OSError:
            return None


class RemoteKeys:
    """The keys at a JWKS address. One read runs at a time, and cached keys stay in use during outages."""

    def __init__(
        self,
        url: str,
        http: httpx.AsyncClient,
        *,
        clock: Callable[[], float] = time.monotonic,
        timeout_seconds: float = 5,
    ) -> None:
        self._url = httpx.URL(url)
        self._http = http
        self._clock = clock
        self._timeout_seconds = timeout_seconds
        self._keys: tuple[PyJWK, ...] = ()
        self._read_at = -math.inf
        self._started_at = -math.inf
        self._outage = False
        self._refreshing: asyncio.Task[None] | None = None

    async def find(self, kid: str | None, algorithm: str) -> PyJWK | None:
        if self._clock() - self._read_at > MAX_AGE_SECONDS:
            refreshing = self._refresh()
            # During an outage, requests use the cached keys and do not wait for the next attempt.
            if refreshing and not (self._outage and self._keys):
                await asyncio.shield(refreshing)  # shielded, because other requests may wait for it, too
        if not self._keys:
            raise KeysUnavailable
        key = select(self._keys, kid, algorithm)
        if key is None and (kid is None or all(cached.key_id != kid for cached in self._keys)):
            refreshing = self._refresh()
            if refreshing:
                await asyncio.shield(refreshing)
                key = select(self._keys, kid, algorithm)
        return key

    async def fetch(self) -> tuple[PyJWK, ...]:
        """Fetch the published keys. Raises httpx.HTTPError, TimeoutError or ValueError."""
        return parse(await self._body())

    async def close(self) -> None:
        """End a running read. Otherwise, a connection that is being opened leaks when the HTTP client is
        closed.
        """
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.wait({self._refreshing})

    def _refresh(self) -> asyncio.Task[None] | None:
        """Return the running refresh, or start one. Returns None during the cool-down."""
        if self._refreshing is None:
            cool_down = COOL_DOWN_SECONDS if self._keys else COLD_COOL_DOWN_SECONDS
            if self._clock() - self._started_at < cool_down:
                return None
            self._started_at = self._clock()
            self._refreshing = asyncio.create_task(self._read())
        return self._refreshing

    async def _read(self) -> None:
        try:
            self._keys = await self.fetch()
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            self._outage = True
            reason = certificates.refusal(error) or f"{type(error).__name__}: {error}"
            log.warning("key_set_not_refreshed", error=reason, cached_keys=len(self._keys))
        else:
            self._outage = False
            self._read_at = self._started_at
        finally:
            self._refreshing = None

    async def _body(self) -> bytes:
        body = bytearray()
        # A compressed answer could expand to any size, so compression is neither requested nor decoded.
        async with (
            asyncio.timeout(self._timeout_seconds),
            self._http.stream(
                "GET", self._url, headers={"Accept-Encoding": "identity"}, follow_redirects=False
            ) as answer,
        ):
            if answer.status_code != 200:
                raise ValueError(f"The identity provider answered {answer.status_code}.")
            async for chunk in answer.aiter_raw():
                body += chunk
                if len(body) > MAX_BYTES:
                    break  # `parse` refuses a body of this length
        return bytes(body)


def secret_key(secret: str) -> PyJWK:
    """Return the key of CONNECTQL_HS256_SECRET. Raises ValueError, with the remedy, if it is unusable."""
    octets = secret.encode()
    if len(octets) < 32:
        raise ValueError(
            f"CONNECTQL_HS256_SECRET has {len(octets)} bytes; HS256 needs at least 32. "
            "Make one with: openssl rand -base64 48"
        )
    try:
        get_default_algorithms()["HS256"].prepare_key(octets)
    except InvalidKeyError:
        raise ValueError(
            "CONNECTQL_HS256_SECRET is a PEM, DER or JWK key; public keys belong in the JWKS. "
            "Make a secret with: openssl rand -base64 48"
        ) from None
    return PyJWK({"kty": "oct", "k": base64.urlsafe_b64encode(octets).decode()}, "HS256")
