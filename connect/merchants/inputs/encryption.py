"""The confidential parts of a request that is stored until Stripe answers it.

These are the account token, the details of the identity, the e-mail address of a payment's customer, and the
evidence in a dispute. A request without an answer must be repeated with exactly the same body, so the stored
body has these parts in encrypted form (docs/decisions/0022). The key is derived from the platform's Stripe
API key. Anyone who has the API key can do more with it at Stripe than with these parts.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from connect.merchants.inputs.account_tokens import PARAMETER

# The parts of `identity` that may be personal data: the business of a sole trader has the person's name.
IDENTITY = ("business_details", "individual")
# The texts of a body that are confidential.
TEXTS = (PARAMETER, "customer_email", "receipt_email")
# The evidence of a dispute: texts about the customer, and ids of files.
EVIDENCE = "evidence"
# Shorter values would also match Stripe's own words. In a date, only the year is long enough.
_SHORTEST_TEXT, _SHORTEST_NUMBER = 2, 4


def encryption_key(api_key: str) -> bytes:
    key = hmac.digest(api_key.encode(), b"connectql: stored account tokens", hashlib.sha256)
    return base64.urlsafe_b64encode(key)


def encrypt(body: dict[str, Any], key: bytes) -> dict[str, Any]:
    """Return the body of a request with its confidential parts encrypted."""
    box = Fernet(key)
    encrypted = dict(body)
    for name in TEXTS:
        if name in body:
            encrypted[name] = box.encrypt(body[name].encode()).decode()
    if EVIDENCE in body:
        encrypted[EVIDENCE] = box.encrypt(json.dumps(body[EVIDENCE]).encode()).decode()
    if "identity" in body:
        encrypted["identity"] = {
            name: box.encrypt(json.dumps(part).encode()).decode() if name in IDENTITY else part
            for name, part in body["identity"].items()
        }
    return encrypted


def decrypt(body: dict[str, Any], key: bytes) -> dict[str, Any]:
    """Return the body with its confidential parts, or without them if one of them was encrypted with another
    API key.

    If Stripe has received the complete request before, it reports that the idempotency key was used with
    another body. Otherwise, Stripe refuses the request if its account token is missing. Stripe's form asks
    the merchant for missing details of the identity, and Stripe's page asks the customer for a missing e-mail
    address.
    """
    box = Fernet(key)
    decrypted = without(body)
    try:
        for name in TEXTS:
            if name in body:
                decrypted[name] = box.decrypt(body[name]).decode()
        if EVIDENCE in body:
            decrypted[EVIDENCE] = json.loads(box.decrypt(body[EVIDENCE]))
        for name in IDENTITY:
            if name in body.get("identity", {}):
                decrypted["identity"][name] = json.loads(box.decrypt(body["identity"][name]))
    except InvalidToken:
        return without(body)
    return decrypted


def without(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body without its confidential parts."""
    kept = {name: value for name, value in body.items() if name not in {*TEXTS, EVIDENCE}}
    if "identity" in kept:
        kept["identity"] = {name: part for name, part in kept["identity"].items() if name not in IDENTITY}
    return kept


# The stored input and body of a request that is never sent again, such as a refused one.
FORGOTTEN = "{}"


def forget(stored: str) -> str:
    """Return the text of a stored request without its confidential parts."""
    return json.dumps(without(json.loads(stored)))


def fingerprint(value: object, key: bytes) -> str:
    """Return a keyed hash of a JSON value. Equal values have equal hashes."""
    text = json.dumps(value, sort_keys=True)
    return hmac.digest(key, b"connectql: identity\n" + text.encode(), hashlib.sha256).hex()


def key_name(key: bytes) -> str:
    """Return a short name for the key, which does not reveal the key."""
    return hmac.digest(key, b"connectql: name of the key", hashlib.sha256).hex()[:16]


def texts(body: Mapping[str, Any]) -> Iterator[str]:
    """Yield the confidential values of a request, which an error message of Stripe's may repeat."""
    yield from (value for name in TEXTS if isinstance(value := body.get(name), str))
    yield from _leaves(body.get(EVIDENCE) or {})
    identity = body.get("identity")
    for name in IDENTITY:
        if isinstance(identity, Mapping) and name in identity:
            yield from _leaves(identity[name])
    yield from _leaves({name: body[name] for name in ("contact_email", "contact_phone") if name in body})
    support = _support(body)
    yield from _leaves({name: support[name] for name in ("email", "phone", "address") if name in support})
    if "surname" in body:  # the request is about a person
        others = {"idempotency_key", "relationship"}
        yield from _leaves({name: part for name, part in body.items() if name not in others})


def _support(body: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = body
    for name in ("configuration", "merchant", "support"):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _dates(day: int, month: int, year: int) -> Iterator[str]:
    """Yield the usual formats of a date. The search in a message ignores the separators."""
    for one, other in ((f"{day:02}", f"{month:02}"), (str(day), str(month))):
        yield from (f"{year}-{other}-{one}", f"{one}-{other}-{year}", f"{other}-{one}-{year}")


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping) and value.keys() == {"day", "month", "year"}:
        yield from _dates(**value)
        yield str(value["year"])
    elif isinstance(value, Mapping):
        for name, part in value.items():
            # Many messages contain the country, and it is stored with the merchant anyway.
            if name != "country":
                yield from _leaves(part)
    elif len(text := str(value)) >= (_SHORTEST_TEXT if isinstance(value, str) else _SHORTEST_NUMBER):
        yield text
