"""The rate limits of requests."""

import math
from collections.abc import Hashable
from contextlib import suppress
from ipaddress import IPv6Address

from api.server.refusals import Refused
from connect.platform.rates import Rates


def check(rates: Rates | None, caller: Hashable, name: str) -> None:
    """Count a request of `caller`. Raises Refused if the caller exceeds the limit. The message calls the
    caller `name`. If `rates` is None, there is no limit.
    """
    if rates is not None and (seconds := rates.wait(caller)):
        wait = math.ceil(seconds)
        text = f"Too many requests: {name} may send {rates.per_minute} a minute. Try again in {wait} s."
        raise Refused(text, "RATE_LIMITED", 429, {"Retry-After": str(wait)})


def network(address: str) -> Hashable:
    """Return the key that counts the requests of this address: an IPv4 address, or the /64 network of an IPv6
    address.

    A provider gives each customer at least a /64 network (RFC 6177).
    """
    if ":" in address:
        with suppress(ValueError):
            parsed = IPv6Address(address)
            return str(parsed.ipv4_mapped) if parsed.ipv4_mapped else int(parsed) >> 64
    return address
