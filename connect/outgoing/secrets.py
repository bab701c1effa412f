"""The signing secrets of endpoints, which are stored in encrypted form (docs/decisions/0044)."""

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from connect.outgoing.rules.payloads import SECRET_PREFIX

SECRET_BYTES = 32


def box(texts: Sequence[str]) -> MultiFernet:
    """An object that encrypts with the key derived from the first text, and decrypts with the keys derived
    from any of the texts.
    """
    return MultiFernet([Fernet(_key(text)) for text in texts])


def create() -> str:
    """A new secret in the form of Standard Webhooks: `whsec_` and 32 random bytes in Base64."""
    return SECRET_PREFIX + base64.b64encode(os.urandom(SECRET_BYTES)).decode()


def encrypt(secret: str, keys: MultiFernet) -> str:
    return keys.encrypt(secret.encode()).decode()


def decrypt(stored: str, keys: MultiFernet) -> str | None:
    """The secret, or None if it was encrypted with a key that is not among `keys`."""
    try:
        return keys.decrypt(stored).decode()
    except InvalidToken:
        return None


def _key(text: str) -> bytes:
    return base64.urlsafe_b64encode(
        hmac.digest(text.encode(), b"connectql: secrets of event endpoints", hashlib.sha256)
    )
