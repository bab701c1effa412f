"""Calls of Stripe's API v1, for one object or for the pages of a list.

`account` is the connected account of the object; None for objects of the platform. Each function raises
StripeRefused, StripeUnavailable or TooManyCalls as `Gateway` does, and AnswerUnusable if the answer is about
another object. `key` is the idempotency key.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import structlog

from connect.errors import AnswerUnusable
from connect.stripe_api.gateway import Answer, Gateway

# Stripe's maximum for one page of a list (https://docs.stripe.com/api/pagination).
PAGE = 100
# Objects of these kinds have no id: each account has exactly one such object, or Stripe stores none.
WITHOUT_ID = frozenset({"account_session", "balance", "balance_settings", "customer_session"})

log = structlog.get_logger("stripe_calls")


def at(path: str, identifier: str) -> str:
    """The path of one object of a list."""
    return f"{path}/{quote(identifier, safe='')}"


async def post(
    gateway: Gateway,
    operation: str,
    path: str,
    kind: str,
    account: str | None,
    body: Mapping[str, Any],
    key: str,
    identifier: str | None = None,
) -> Answer:
    """Make a POST, and return the object in the answer. `identifier` is the id of the object that the call
    changes; None for a new object.
    """
    answer = await gateway.call(operation, "post", path, body, account=account, idempotency_key=key)
    return _checked(answer, kind, identifier)


async def get(
    gateway: Gateway,
    operation: str,
    path: str,
    kind: str,
    account: str | None,
    identifier: str | None,
    expand: Sequence[str] = (),
) -> Answer:
    """Make a GET, and return the object in the answer. `identifier` is None for an object without an id."""
    params = {"expand": list(expand)} if expand else {}
    place = at(path, identifier) if identifier is not None else path
    answer = await gateway.call(operation, "get", place, params, account=account)
    return _checked(answer, kind, identifier)


async def list_all(
    gateway: Gateway, operation: str, path: str, account: str | None, params: Mapping[str, Any]
) -> list[Answer]:
    """Read all pages of a list."""
    found = pages(gateway, operation, path, account, params)
    return [one async for items in found for one in items]


async def pages(
    gateway: Gateway, operation: str, path: str, account: str | None, params: Mapping[str, Any]
) -> AsyncIterator[list[Answer]]:
    """Read the first page and all further pages."""
    query = {**params, "limit": PAGE}
    while True:
        answer = await gateway.call(operation, "get", path, query, account=account)
        items = _items(answer)
        yield items
        if not answer.get("has_more") or not items:
            return
        query["starting_after"] = items[-1]["id"]


async def page(
    gateway: Gateway, operation: str, path: str, account: str | None, params: Mapping[str, Any]
) -> list[Answer]:
    """Read one page of a list. `params` contains the length of the page."""
    return _items(await gateway.call(operation, "get", path, params, account=account))


def _items(answer: Answer) -> list[Answer]:
    items = answer.get("data")
    if not isinstance(items, list) or not all(_has_id(item) for item in items):
        raise AnswerUnusable
    return items


def _checked(answer: Answer, kind: str, identifier: str | None) -> Answer:
    """Return the answer. Raises AnswerUnusable if it is not the expected object."""
    is_other = identifier is not None and answer.get("id") != identifier
    has_id = _has_id(answer) or kind in WITHOUT_ID
    if answer.get("object") != kind or is_other or not has_id:
        log.error("answer_about_another_object", kind=kind, asked=identifier, answered=answer.get("id"))
        raise AnswerUnusable
    return answer


def _has_id(answer: object) -> bool:
    identifier = answer.get("id") if isinstance(answer, dict) else None
    return isinstance(identifier, str) and 0 < len(identifier) <= 255
