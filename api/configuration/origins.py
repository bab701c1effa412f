"""The origins of pages: their form in settings, this service's own, and the log of refused ones."""

import re
from collections.abc import Collection
from urllib.parse import urlsplit

import structlog

from connect.inputs import web_address
from connect.inputs.web_address import InvalidAddress, origin

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

# The origin of an app in a web view or an extension: capacitor://localhost, tauri://localhost. Browsers keep
# the case of such hosts, and Safari's extensions have hosts in upper case.
_APP = re.compile(r"(?!(?:https?|file|data|javascript):)[a-z][a-z0-9+.-]*://[A-Za-z0-9._-]+(?::[0-9]{1,5})?")
# A process remembers at most this many refused origins, because clients choose them.
MAX_REFUSED = 100
MAX_LENGTH = 256

log = structlog.get_logger("origins")


def is_web(value: str) -> bool:
    """Whether this is an http or https origin as browsers write it."""
    try:
        return origin(web_address.parse(value)) == value
    except InvalidAddress:
        return False


def is_app(value: str) -> bool:
    """Whether this is the origin of an app with a scheme of its own."""
    return _APP.fullmatch(value) is not None


def is_on_the_device(value: str) -> bool:
    """Whether the host of this address is the device itself. Some mobile apps load their pages from the
    device.
    """
    host = urlsplit(value).hostname or ""
    return host in LOOPBACK or host.endswith(".localhost")


def own(public_url: str) -> frozenset[str]:
    """Return the origins of this service. For a loopback host, they include all loopback names."""
    parts = urlsplit(public_url)
    if parts.hostname not in LOOPBACK:
        return frozenset({origin(parts)})
    port = f":{parts.port}" if parts.port else ""
    hosts = (f"[{host}]" if ":" in host else host for host in LOOPBACK)
    return frozenset(origin(urlsplit(f"{parts.scheme}://{host}{port}")) for host in hosts)


class Allowed:
    """The origins that one setting allows. The first MAX_REFUSED refused origins are logged, each once."""

    def __init__(self, origins: Collection[str], setting: str) -> None:
        self._origins = frozenset(origins)
        self._setting = setting
        self._refused: set[str] = set()

    def __contains__(self, value: str) -> bool:
        if value in self._origins:
            return True
        value = value[:MAX_LENGTH]
        if value not in self._refused and len(self._refused) < MAX_REFUSED:
            self._refused.add(value)
            remedy = f"If its pages may use this service, add it to {self._setting}."
            if value == "null":
                remedy = "It means a page without an origin, such as a file. Serve the page by http or https."
            log.warning("origin_refused", origin=value, setting=self._setting, remedy=remedy)
        return False
