"""Signed notifications, delivered as Stripe delivers them."""

import hashlib
import hmac
import json
import time
from typing import Any

import httpx

from testing.notifications import new_notification
from testing.service import Service

OLD = "whsec_" + "o" * 32
NEW = "whsec_" + "n" * 32
ACCOUNT = "acct_1TestMerchant"


def body(number: int = 1, **changed: Any) -> bytes:
    return json.dumps(new_notification(number, ACCOUNT, **{"reason": None, **changed})).encode()


def signature(content: bytes, secret: str = NEW, at: float | None = None) -> str:
    """Sign the bytes like Stripe (https://docs.stripe.com/webhooks#verify-manually)."""
    stamp = int(time.time() if at is None else at)
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + content, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"


async def deliver(service: Service, content: bytes, header: str | bytes | None = None) -> httpx.Response:
    signed = signature(content) if header is None else header
    raw = signed.encode() if isinstance(signed, str) else signed
    return await service.http.post("/webhooks/stripe", content=content, headers={b"Stripe-Signature": raw})
