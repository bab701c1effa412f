"""Pages of lists. v2 uses opaque tokens, and v1 uses ids as cursors."""

import re
from collections.abc import Callable, Sequence
from urllib.parse import quote

from simulator.state import Json
from simulator.wire.errors import Refused

MAX_LIMIT = 100


def page(
    path: str, query: Json, items: Sequence[Json], show: Callable[[Json], Json], most: int = MAX_LIMIT
) -> Json:
    """Return a page of a v2 list. `most` is the highest `limit` that is allowed.

    A page's token contains the id of the last item before the page, so new items do not shift the page.
    """
    size, start = _limit(query, 20, most), 0
    if "page" in query:
        start = _index(items, _page_anchor(query["page"]), "page: this token is not valid") + 1
    chosen = items[start : start + size]
    following = _page_token(chosen[-1]["id"]) if start + size < len(items) else None
    previous = _page_token(items[start - size - 1]["id"]) if start > size else ""
    return {
        "data": [show(item) for item in chosen],
        "next_page_url": _page_url(path, query, following) if following else None,
        "previous_page_url": _page_url(path, query, previous) if start else None,
    }


def v1_list(path: str, query: Json, items: Sequence[Json], show: Callable[[Json], Json]) -> Json:
    """Return a page of a v1 list (https://docs.stripe.com/api/pagination)."""
    size = _v1_limit(query)
    if "starting_after" in query and "ending_before" in query:
        raise Refused("parameter_invalid", "Send starting_after or ending_before, not both.")
    if "ending_before" in query:
        end = _cursor(items, query, "ending_before")
        start = max(0, end - size)
        chosen, has_more = items[start:end], start > 0
    else:
        start = 0
        if "starting_after" in query:
            start = _cursor(items, query, "starting_after") + 1
        chosen, has_more = items[start : start + size], start + size < len(items)
    return {"object": "list", "data": [show(item) for item in chosen], "has_more": has_more, "url": path}


def _limit(query: Json, default: int, most: int) -> int:
    limit = str(query.get("limit", default))
    if not limit.isdigit() or not 1 <= int(limit) <= most:
        raise Refused("parameter_invalid", f"limit: must be between 1 and {most}", param="limit")
    return int(limit)


def _v1_limit(query: Json) -> int:
    limit = str(query.get("limit", 10))
    if not limit.removeprefix("-").isdigit():
        raise Refused("parameter_invalid_integer", f"Invalid integer: {limit}", param="limit")
    if not 1 <= int(limit) <= MAX_LIMIT:
        bound = "greater than or equal to 1" if int(limit) < 1 else f"less than or equal to {MAX_LIMIT}"
        raise Refused("parameter_invalid_integer", f"This value must be {bound}.", param="limit")
    return int(limit)


def _index(items: Sequence[Json], identifier: object, message: str) -> int:
    index = next((index for index, item in enumerate(items) if item["id"] == identifier), None)
    if index is None:
        raise Refused("parameter_invalid", message)
    return index


def _cursor(items: Sequence[Json], query: Json, name: str) -> int:
    """Return the index of the object that a cursor names. Stripe's error code for an unknown object is not
    certain."""
    index = next((index for index, item in enumerate(items) if item["id"] == query[name]), None)
    if index is None:
        raise Refused("resource_missing", f"No such object: '{query[name]}'", param=name)
    return index


def _page_token(identifier: str) -> str:
    return "page_" + identifier.encode().hex()


def _page_anchor(page_token: object) -> str | None:
    """Return the id in a page token, or None for any other text."""
    match = re.fullmatch(r"page_((?:[0-9a-f]{2})+)", str(page_token))
    return bytes.fromhex(match[1]).decode(errors="replace") if match else None


def _page_url(path: str, query: Json, page_token: str) -> str:
    parts = [f"page={page_token}"] if page_token else []
    for name, value in query.items():
        if name in {"page", "usage"}:
            continue
        if isinstance(value, list):
            parts += [f"{name}[{index}]={quote(part)}" for index, part in enumerate(value)]
        elif isinstance(value, dict):
            parts += [f"{name}[{inner}]={quote(part)}" for inner, part in value.items()]
        else:
            parts.append(f"{name}={quote(value)}")
    return f"{path}?{'&'.join(parts)}" if parts else path
