"""Checks of client input, before it is stored or sent to Stripe. Pure.

The checks raise InvalidInput, which names the field and the remedy.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from connect.errors import InvalidInput, ReturnUrlNotAllowed
from connect.merchants.rules.facts import CARD_PAYMENTS

# With re.IGNORECASE, [a-z] would also match the long s and the Kelvin sign.
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}")
_EMAIL = re.compile(rf"[^@\s\"(),:;<>\[\\\]]{{1,64}}@{_HOST.pattern}")
_CAPABILITY = re.compile(r"[a-z][a-z0-9_]{0,60}_payments")
# urlsplit ignores text before and after the brackets of an IPv6 address; browsers do not.
_AUTHORITY = re.compile(r"(?:.*@)?(?:\[[0-9A-Fa-f:.]+\]|[^@:\[\]]+)(?::[0-9]*)?")


@dataclass(frozen=True, slots=True)
class NewMerchant:
    """A merchant to create. `country` is upper case; `capabilities` are requested besides `card_payments`."""

    external_id: str
    display_name: str
    contact_email: str
    country: str
    entity_type: str | None = None
    business_url: str | None = None
    product_description: str | None = None
    capabilities: tuple[str, ...] = ()

    def all_capabilities(self) -> tuple[str, ...]:
        """All capabilities to request, sorted, so that the order of the input does not matter."""
        return (CARD_PAYMENTS, *sorted(set(self.capabilities) - {CARD_PAYMENTS}))


@dataclass(frozen=True, slots=True)
class MerchantChanges:
    """Changes of a merchant; None keeps the present value."""

    display_name: str | None = None
    contact_email: str | None = None
    business_url: str | None = None
    product_description: str | None = None
    capabilities: tuple[str, ...] | None = None


def check_new_merchant(new: NewMerchant) -> None:
    _check_text("externalId", new.external_id, 255)
    _check_text("displayName", new.display_name, 255)
    _check_email(new.contact_email)
    if not re.fullmatch("[A-Z]{2}", new.country):
        raise InvalidInput("country", "Give an ISO 3166-1 alpha-2 code in upper case, such as US or DE.")
    _check_profile(new.business_url, new.product_description)
    _check_capabilities(new.capabilities)


def check_changes(changes: MerchantChanges) -> None:
    if changes == MerchantChanges():
        raise InvalidInput("input", "Name at least one thing to change.")
    if changes.display_name is not None:
        _check_text("displayName", changes.display_name, 255)
    if changes.contact_email is not None:
        _check_email(changes.contact_email)
    _check_profile(changes.business_url, changes.product_description)
    _check_capabilities(changes.capabilities or ())


def check_return_to(value: str, allowed_origins: Iterable[str]) -> None:
    """Raise ReturnUrlNotAllowed unless the address has an allowed origin, such as `https://app.example`."""
    parts = _address(value)
    if parts is None or len(value) > 2048 or "@" in parts.netloc:
        raise ReturnUrlNotAllowed
    if origin(parts) not in allowed_origins:
        raise ReturnUrlNotAllowed


def origin(parts: SplitResult) -> str:
    """The origin of an address as browsers write it: lower case, without the default port."""
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in {None, default} else f":{parts.port}"
    host = (parts.hostname or "").lower()
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def _check_profile(business_url: str | None, product_description: str | None) -> None:
    if business_url is not None:
        parts = _address(business_url)
        if parts is None or len(business_url) > 2048 or not _HOST.fullmatch(parts.hostname or ""):
            raise InvalidInput("businessUrl", "Give an absolute web address, such as https://shop.example.")
    if product_description is not None:
        _check_text("productDescription", product_description, 2000, lines=True)


def _check_email(value: str) -> None:
    _check_text("contactEmail", value, 254)
    if not _EMAIL.fullmatch(value):
        raise InvalidInput("contactEmail", "Give one e-mail address, such as owner@shop.example.")


def _check_capabilities(names: tuple[str, ...]) -> None:
    if len(names) > 50:
        raise InvalidInput("capabilities", "Name at most 50 capabilities.")
    for index, name in enumerate(names):
        if not _CAPABILITY.fullmatch(name):
            raise InvalidInput(
                f"capabilities[{index}]",
                "Give the name of a payment capability, such as card_payments. Stripe adds payouts itself.",
            )


def _check_text(field: str, value: str, limit: int, *, lines: bool = False) -> None:
    if not value.strip():
        raise InvalidInput(field, "Must not be empty.")
    if value != value.strip():
        raise InvalidInput(field, "Must not begin or end with white space.")
    if len(value) > limit:
        raise InvalidInput(field, f"Must be at most {limit} characters long; it has {len(value)}.")
    allowed = "\n\t\r" if lines else ""
    # Cc: control characters (PostgreSQL refuses U+0000). Cs: lone surrogates, which no encoding represents.
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in allowed for c in value):
        raise InvalidInput(field, "Must not contain control characters.")


def _address(value: str) -> SplitResult | None:
    """Parse an absolute http(s) address. Returns None if browsers and Python might parse it differently."""
    if any(c <= " " or c in '\\"<>`{|}' or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in value):
        return None
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not _AUTHORITY.fullmatch(parts.netloc):
        return None
    return parts if parts.hostname else None
