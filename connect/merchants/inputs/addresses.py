"""E-mail addresses and web addresses of inputs."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from connect.errors import FieldCode, InvalidField, ReturnUrlNotAllowed
from connect.inputs import app_address, web_address
from connect.inputs.web_address import InvalidAddress
from connect.merchants.inputs.texts import check_text

MAX_URL = 2048

# A host name of the public Internet. With re.IGNORECASE, [a-z] would match the long s and the Kelvin sign.
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63}")
_EMAIL = re.compile(rf"[^@\s\"(),:;<>\[\\\]]{{1,64}}@{_HOST.pattern}")


def check_email(name: str, value: str) -> Iterator[InvalidField]:
    fields = list(check_text(name, value, 254))
    yield from fields
    address = convert_email(value)
    if not fields and not (_EMAIL.fullmatch(address) and len(address) <= 254):
        yield InvalidField(
            name,
            FieldCode.EMAIL_INVALID,
            "Give one e-mail address, such as owner@shop.example.",
            "Enter one email address, such as owner@shop.example.",
        )


def convert_email(value: str) -> str:
    """Return the address with its domain in ASCII, or unchanged if it has no valid domain."""
    local, at, domain = value.rpartition("@")
    try:
        return local + at + web_address.ascii_host(domain)
    except InvalidAddress:
        return value


def check_website(name: str, value: str) -> Iterator[InvalidField]:
    """Check the address of a website on the public Internet."""
    remedy = ""
    try:
        parts = web_address.parse(value)
        if len(value) <= MAX_URL and len(parts.geturl()) <= MAX_URL and _is_public(parts.hostname or ""):
            return
    except InvalidAddress as error:
        remedy = f" {error}" if str(error) else ""
    yield InvalidField(
        name,
        FieldCode.URL_INVALID,
        f"Give an absolute web address, such as https://shop.example.{remedy}",
        "Enter the address of a website, such as https://shop.example.",
    )


@dataclass(frozen=True, slots=True)
class ReturnTargets:
    """The allowed addresses: web addresses of these origins, and addresses of apps with these schemes."""

    origins: Collection[str]
    schemes: Collection[str] = ()


def check_return_to(value: str, allowed: ReturnTargets) -> str:
    """Return the address in ASCII. Raises ReturnUrlNotAllowed unless it is an allowed target."""
    if len(value) > MAX_URL:
        raise ReturnUrlNotAllowed
    app = app_address.convert(value)
    if app is not None and (scheme := app_address.scheme(app)) not in {"http", "https"}:
        if scheme in allowed.schemes:
            return app
        raise _refused(scheme)
    try:
        address = web_address.convert(value)
        is_allowed = web_address.origin(web_address.parse(address)) in allowed.origins
    except InvalidAddress:
        raise ReturnUrlNotAllowed from None
    if not is_allowed:
        raise ReturnUrlNotAllowed
    return address


def _refused(scheme: str) -> ReturnUrlNotAllowed:
    if scheme in app_address.WEB_VIEWS:
        return ReturnUrlNotAllowed.in_web_view()
    if app_address.scheme_problem(scheme) is None:
        return ReturnUrlNotAllowed.with_other_scheme()
    return ReturnUrlNotAllowed()


def _is_public(host: str) -> bool:
    return _HOST.fullmatch(host.removesuffix(".")) is not None and not host.replace(".", "").isdecimal()
