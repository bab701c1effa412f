"""Checks of Stripe's answers. An answer of a proxy or an answer about another account fails them."""

from typing import Any
from urllib.parse import urlsplit

import structlog

from connect.errors import AnswerUnusable

# The maximum length of an account link's address, in characters.
MAX_LINK = 4096

log = structlog.get_logger("stripe_calls")


def account(answer: dict[str, Any], account_id: str | None = None) -> dict[str, Any]:
    """Return the answer. Raises AnswerUnusable if it has no id, or the id of another account."""
    answer_id = answer.get("id")
    if not isinstance(answer_id, str) or not 0 < len(answer_id) <= 255:
        log.error("answer_without_account", account=account_id)
        raise AnswerUnusable
    if account_id is not None and answer_id != account_id:
        log.error("answer_about_another_account", account=account_id, answered=answer_id)
        raise AnswerUnusable
    return answer


def link(answer: dict[str, Any], account_id: str, api_base: str) -> dict[str, Any]:
    """Return the answer. Raises AnswerUnusable if it has no link that is safe in a browser, or no expiry."""
    if not _is_safe(answer.get("url"), api_base) or not isinstance(answer.get("expires_at"), str):
        log.error("account_link_unusable", account=account_id)
        raise AnswerUnusable
    return answer


def _is_safe(url: object, api_base: str) -> bool:
    """Whether a browser may open the link. The link must use https, or http if Stripe's own address uses http
    (a local Stripe).
    """
    if not isinstance(url, str) or len(url) > MAX_LINK or any(c <= " " or c == "\x7f" for c in url):
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_http = parts.scheme == "http" and api_base.startswith("http://")
    return bool(parts.hostname) and "@" not in parts.netloc and (parts.scheme == "https" or is_http)
