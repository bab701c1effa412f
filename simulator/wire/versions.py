"""The header `Stripe-Version`: its format, and the fields that depend on the version.

| from | change | source |
|---|---|---|
| 2025-10-29 | customer sessions for apps; before: ephemeral keys | changelog/clover/2025-10-29 |
| 2026-03-25 | `events_from`: `@self`, `@accounts`; before: `self`, `other_accounts` | types of the SDKs |
| 2026-03-25 | Checkout's `ui_mode` is `hosted_page`; before: `hosted` | reported by integrators |
| 2026-09-30 | links refuse `configurations`, which they required before | changelog/endive/2026-09-30 |
| 2026-09-30 | payments refuse `payment_method_types` | changelog/endive/2026-09-30 |
| 2026-09-30 | the number of pages in a dispute's evidence is limited | changelog/endive/2026-09-30 |
| 2026-11-18 | links have the use case `account_dashboard` | changelog/endive/2026-11-18 |

Versions are compared as text. Stripe accepts only the dates of its versions (https://docs.stripe.com/changelog).
The simulator accepts every date, with the name of the release to which the date belongs.
"""

import re
from datetime import date

from simulator.wire.errors import Refused

DEFAULT = "2026-10-28.endive"
MOBILE_SESSIONS = "2025-10-29"
EVENT_SOURCES = "2026-03-25"
CHECKOUT_MODES = "2026-03-25"
NO_LINK_CONFIGURATIONS = "2026-09-30"
NO_METHOD_TYPES = "2026-09-30"
EVIDENCE_PAGES = "2026-09-30"
DASHBOARD_LINKS = "2026-11-18"

# The first day of each named release. A release ends when the next release begins. Earlier versions have no
# name.
_RELEASES = {
    "acacia": "2024-09-30",
    "basil": "2025-03-31",
    "clover": "2025-09-30",
    "dahlia": "2026-03-25",
    "endive": "2026-09-30",
}
_VERSION = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.([a-z]+))?")


def check(header: str | None) -> str:
    """Return the version in a header, without beta features. Raises Refused for an invalid version."""
    if header is None:
        return DEFAULT
    version = header.partition(";")[0].strip()
    match = _VERSION.fullmatch(version)
    if not match or not _is_day(match[1]) or not _is_of_release(match[1], match[2]):
        # The message is Stripe's in v1 (stripe-java#682). The code is invented.
        message = f"Invalid Stripe API version: {header}"
        raise Refused("api_version_invalid", message, type="invalid_request_error")
    return version


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return text >= "2011-01-01"


def _is_of_release(day: str, name: str | None) -> bool:
    if name == "preview":
        return day >= _RELEASES["acacia"]
    begun = [release for release, start in _RELEASES.items() if start <= day]
    return name == (begun[-1] if begun else None)
