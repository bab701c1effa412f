"""Development tokens, signed with a key that this machine generates. Refused in production."""

import contextlib
import os
import tempfile
import time
from pathlib import Path

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm
from jwt.exceptions import PyJWTError

from connect.scope import Role

KEY_ID = "development"
LIFETIME_SECONDS = 12 * 3600


def key(path: Path) -> jwt.PyJWK:
    """Return the public key that verifies development tokens. Creates a missing key file. Raises ValueError
    if the file has no Ed25519 key.
    """
    return _load(path, public=True)


def token(
    path: Path,
    *,
    issuer: str,
    audience: str,
    role: Role,
    merchant: str | None,
    subject: str | None = None,
    lifetime_seconds: int = LIFETIME_SECONDS,
) -> str:
    if role is Role.MERCHANT and not merchant:
        raise ValueError("A merchant's token needs a merchant: ROLE=merchant MERCHANT=<externalId>")
    now = int(time.time())
    role_name = role.value.lower()
    claims = {
        "iss": issuer,
        "aud": audience,
        "sub": subject or f"development-{role_name}",
        "iat": now,
        "exp": now + lifetime_seconds,
        "role": role_name,
    }
    if role is Role.MERCHANT:
        claims["merchant"] = merchant
    return jwt.encode(claims, _load(path), headers={"kid": KEY_ID})


def _load(path: Path, *, public: bool = False) -> jwt.PyJWK:
    if not path.exists():
        _create(path)
    try:
        match orjson.loads(path.read_bytes()):
            case {"kty": "OKP", "crv": "Ed25519", "x": _, "d": _} as jwk:
                return jwt.PyJWK({name: jwk[name] for name in jwk if not (public and name == "d")}, "EdDSA")
    except (orjson.JSONDecodeError, PyJWTError):
        pass
    raise ValueError(f"{path} contains no Ed25519 key. Delete it; the next start creates a new one.")


def _create(path: Path) -> None:
    jwk = OKPAlgorithm.to_jwk(Ed25519PrivateKey.generate(), as_dict=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Linking a complete temporary file is atomic and fails if another process has just created the key.
    # A temporary file has mode 0600.
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.") as file:
        file.write(orjson.dumps(jwk | {"kid": KEY_ID}))
        file.flush()
        with contextlib.suppress(FileExistsError):
            os.link(file.name, path)
