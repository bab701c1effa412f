"""Parses the web addresses in inputs and settings, and converts them as browsers do
(https://url.spec.whatwg.org).

Host names with characters outside ASCII are converted to ASCII by UTS #46, without the further rules of IDNA
2008, because browsers accept emoji.
"""

import re
import unicodedata
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import SplitResult, quote, urlsplit

import idna

_AUTHORITY = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[^@:\[\]]+))(?::[0-9]*)?")
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PUNYCODE = "xn--"
_JOINERS = "\u200c\u200d"
# Browsers escape all other characters of paths, queries and fragments.
_VISIBLE_ASCII = "".join(map(chr, range(0x21, 0x7F)))

CREDENTIALS = "Remove the user name and the password."
TWO_SCHEMES = "The given address has two schemes. Remove one."
HOST = "The host name of the given address is not valid."


class InvalidAddress(ValueError):
    """The text is not an absolute http(s) address. The message states the fault or the remedy, or is empty.
    It never repeats the text.
    """


def parse(text: str) -> SplitResult:
    """Parse an absolute http or https address without credentials. Raises InvalidAddress.

    The result is in ASCII: other characters of the host name are converted by UTS #46, and other characters
    of the path, the query and the fragment are escaped. ASCII characters stay unchanged, except that the
    scheme is converted to lower case.
    """
    # Browsers and Python parse addresses with these characters differently.
    if any(c <= " " or c in '\\"<>`{|}' or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in text):
        raise InvalidAddress
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise InvalidAddress from None
    if parts.scheme not in {"http", "https"}:
        raise InvalidAddress
    if "@" in parts.netloc:
        raise InvalidAddress(CREDENTIALS)
    if parts.hostname in {"http", "https"} or (parts.netloc.endswith(":") and parts.path.startswith("//")):
        raise InvalidAddress(TWO_SCHEMES)
    match = _AUTHORITY.fullmatch(parts.netloc)
    if match is None or (match["v6"] and not _is_ipv6(match["v6"])):
        raise InvalidAddress
    host = match["host"] or ""
    netloc = parts.netloc.replace(host, ascii_host(host)) if host else parts.netloc
    path, query, fragment = (quote(part, safe=_VISIBLE_ASCII) for part in parts[2:])
    return SplitResult(parts.scheme, netloc, path, query, fragment)


def convert(text: str) -> str:
    """Return the address in ASCII. An address in ASCII stays unchanged. Raises InvalidAddress."""
    parts = parse(text)
    return text if text.isascii() else parts.geturl()


def is_address(text: str) -> bool:
    try:
        parse(text)
    except InvalidAddress:
        return False
    return True


def convert_if_valid(text: str) -> str:
    """Return the address in ASCII. A text that is not a web address stays unchanged."""
    return convert(text) if is_address(text) else text


def ascii_host(host: str) -> str:
    """Return a host name in ASCII. A host name in ASCII stays unchanged. Raises InvalidAddress.

    Uses UTS #46 (https://www.unicode.org/reports/tr46/) with the options that browsers use.
    """
    try:
        mapped = idna.uts46_remap(host, std3_rules=False)
        labels = [_decode(label) for label in mapped.removesuffix(".").split(".")]
        if _NUMBER.fullmatch(labels[-1]):  # browsers read such a host as an IPv4 address
            return str(IPv4Address(mapped))
        is_bidi = any(unicodedata.bidirectional(c) in {"R", "AL", "AN"} for label in labels for c in label)
        converted = ".".join(_encode(label, is_bidi=is_bidi) for label in labels)
    except (AddressValueError, UnicodeError):  # idna's errors are UnicodeErrors
        raise InvalidAddress(HOST) from None
    if len(converted) > 253:
        raise InvalidAddress(HOST)
    return host if host.isascii() else converted + ("." if mapped.endswith(".") else "")


def origin(parts: SplitResult) -> str:
    """The origin of an address as browsers write it: lower case, without the default port."""
    default = {"http": 80, "https": 443}.get(parts.scheme)
    port = "" if parts.port in {None, default} else f":{parts.port}"
    host = (parts.hostname or "").lower()
    return f"{parts.scheme}://{f'[{IPv6Address(host)}]' if ':' in host else host}{port}"


def _decode(label: str) -> str:
    """Return the label in its own script instead of Punycode. Raises UnicodeError for invalid Punycode."""
    if not label.startswith(_PUNYCODE):
        return label
    decoded = label.removeprefix(_PUNYCODE).encode("ascii").decode("punycode")
    is_same = _PUNYCODE + decoded.encode("punycode").decode() == label
    if decoded.isascii() or not is_same or idna.uts46_remap(decoded, std3_rules=False) != decoded:
        raise UnicodeError
    return decoded


def _encode(label: str, *, is_bidi: bool) -> str:
    """Return a label in ASCII. Raises UnicodeError if browsers do not accept it."""
    if is_bidi:
        idna.check_bidi(label, check_ltr=True)
    if not label.isascii():
        idna.check_initial_combiner(label)
        if not all(idna.valid_contextj(label, place) for place, c in enumerate(label) if c in _JOINERS):
            raise UnicodeError
        label = _PUNYCODE + label.encode("punycode").decode()
    if not _LABEL.fullmatch(label):
        raise UnicodeError
    return label


def _is_ipv6(text: str) -> bool:
    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True
