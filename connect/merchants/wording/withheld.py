"""The codes and keys that merchants may read. All other codes and keys are withheld, because showing them may
be forbidden or may help fraud.

The platform's own staff can read all of Stripe's codes. Merchants can read the codes that are known to be
harmless. In place of any other code, they see a neutral code.
"""

import re

from connect.merchants.wording.account import ACCOUNT
from connect.merchants.wording.business import BUSINESS
from connect.merchants.wording.capabilities import CAPABILITY_DETAILS
from connect.merchants.wording.errors import ERRORS
from connect.merchants.wording.people import PERSON, ROLES

# The sensitive words in Stripe's codes and keys. Underscores, dots and other punctuation separate words.
_SENSITIVE = re.compile(
    r"(?<![^\W_])(?:fraud[^\W_]*|sanction[^\W_]*|terroris[^\W_]*|launder[^\W_]*|suspicio[^\W_]*|"
    r"watchlist[^\W_]*|listed|aml|ofac|pep|legal_hold|external_hold|legal_process|law_enforcement|"
    r"denied_party|blocked_person|account_takeover)(?![^\W_])"
)

# The first match wins.
_DETAIL_FAMILIES = (
    ("rejected_platform_", "rejected_platform_other"),
    ("rejected_", "rejected_other"),
    ("requirements_", "requirements_other"),
    ("unsupported_", "unsupported_other"),
)

# Of the reasons for which Stripe requests information, merchants may read only these
# (https://docs.stripe.com/api/v2/core/accounts/object).
_REASONS = frozenset({"routine_onboarding", "routine_verification"})

# The first parts of keys about data of the account. Any other key may reveal the reason for Stripe's request.
_DATA = frozenset(
    {
        *("individual", "persons", "business_details", "company", "external_accounts", "tos_acceptance"),
        *(key.split(".")[0] for table in (PERSON, BUSINESS) for key in table),
        *(key.split(".")[0] for key in ACCOUNT if "." in key),
        *ROLES,
    }
)
_PERSON_ID = re.compile(r"person_\w+")
_INQUIRY_ID = re.compile(r"(?:interv|inquiry)_(?:\*|\w+)")
_INQUIRY_WORDS = frozenset({"form", "notice", "support", *(key for key in ACCOUNT if "." not in key)})


def neutral_detail(code: str) -> str:
    """The code that merchants see for a status detail with this code."""
    if code in CAPABILITY_DETAILS and not _is_sensitive(code):
        return code
    if code.endswith("_review"):
        return "determining_status"
    return next((other for start, other in _DETAIL_FAMILIES if code.startswith(start)), "restricted_other")


def neutral_error(code: str) -> str:
    """The code that merchants see for an error with this code."""
    return code if code in ERRORS and not _is_sensitive(code) else "verification_failed_other"


def is_neutral_reason(reason: str) -> bool:
    """Whether merchants may read this reason for which Stripe requests information."""
    return reason in _REASONS


def neutral_key(key: str) -> str:
    """The key that merchants see for a requirement with this key, such as `interv_1.review.notice`.

    In a key about data, a neutral word replaces only the sensitive parts. In any other key, it replaces the
    unknown parts, too.
    """
    parts = key.split(".")
    review = "review" if any(part.endswith("review") for part in parts) else "notice"
    other = review if parts[-1] == "notice" else "inquiry"
    start = parts[0].partition("[")[0]
    is_data = start in _DATA or _PERSON_ID.fullmatch(start) is not None
    known = [is_data or part in _INQUIRY_WORDS for part in parts]
    known[0] = known[0] or _INQUIRY_ID.fullmatch(start) is not None
    return ".".join(
        part if is_known and not _is_sensitive(part) else other
        for part, is_known in zip(parts, known, strict=True)
    )


def _is_sensitive(code: str) -> bool:
    return _SENSITIVE.search(code.lower()) is not None
