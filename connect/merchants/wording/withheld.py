"""Words that merchants must not read: reasons whose disclosure is forbidden or helps fraud.

The platform's own staff reads Stripe's codes unchanged. Merchants read a neutral code and neutral words.
"""

import re

# Parts of Stripe's codes and keys. A part is complete between underscores, dots and other punctuation.
_CODE = re.compile(
    r"(?<![^\W_])(?:fraud[^\W_]*|sanction[^\W_]*|terroris[^\W_]*|launder[^\W_]*|suspicio[^\W_]*|"
    r"watchlist[^\W_]*|listed|aml|ofac|pep|legal_hold|external_hold|legal_process|law_enforcement|"
    r"denied_party|blocked_person|account_takeover)(?![^\W_])"
)
_TEXT = re.compile(
    r"\b(?:fraud|sanction|terroris|money.?launder|watch.?list|ofac\b|politically exposed|legal hold)",
    re.IGNORECASE,
)


def is_withheld(code: str) -> bool:
    """Whether a code or a requirement's key names a reason that merchants must not read."""
    return _CODE.search(code.lower()) is not None


def neutral_detail(code: str) -> str:
    """The code of a status detail for merchants."""
    if not is_withheld(code):
        return code
    if code.startswith("rejected_platform"):
        return "rejected_platform_other"
    return "rejected_other" if code.startswith("rejected") else "restricted_other"


def neutral_error(code: str) -> str:
    """The code of a requirement's error for merchants."""
    return "verification_failed_other" if is_withheld(code) else code


def neutral_key(key: str) -> str:
    """The key of a requirement for merchants, such as `interv_1.review.notice`."""
    if not is_withheld(key):
        return key
    return ".".join("review" if is_withheld(part) else part for part in key.split("."))


def is_disclosable(text: str) -> bool:
    """Whether merchants may read a text of Stripe's."""
    return _TEXT.search(text) is None
