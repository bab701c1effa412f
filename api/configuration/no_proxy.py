"""Makes NO_PROXY readable for the HTTP client. An entry that the client cannot read would end the process."""

import ipaddress
import os

import httpx
import structlog

REMEDY = "List addresses and names; networks have no effect."

log = structlog.get_logger("settings")


def clean() -> list[str]:
    """Rewrite NO_PROXY in this process. Logs and returns the entries that have no effect."""
    found: list[str] = []
    for name in ("NO_PROXY", "no_proxy"):
        if name in os.environ:
            os.environ[name], ignored = usable(os.environ[name])
            found += ignored
    if found:
        log.warning("no_proxy_ignored", entries=found, remedy=REMEDY)
    return found


def usable(value: str) -> tuple[str, list[str]]:
    """Return the usable entries, without brackets around addresses, and the entries that have no effect."""
    kept: list[str] = []
    ignored: list[str] = []
    for entry in filter(None, map(str.strip, value.split(","))):
        address = entry[1:-1] if entry.startswith("[") and entry.endswith("]") else entry
        (kept if _is_usable(address) else ignored).append(address)
    return ",".join(kept), ignored


def _is_usable(entry: str) -> bool:
    try:
        if isinstance(ipaddress.ip_address(entry), ipaddress.IPv4Address):
            return True
        httpx.URL(f"all://[{entry}]")
    except ValueError:  # a host name or a URL
        try:
            httpx.URL(f"all://*{entry}" if "://" not in entry else entry)
        except httpx.InvalidURL:
            return False
        return "/" not in entry.partition("://")[2 if "://" in entry else 0]
    except httpx.InvalidURL:  # an address with a zone
        return False
    return True
