"""The types of events that an endpoint wants, as stored text. Pure."""

import json
from collections.abc import Collection

from connect.outgoing.rules.types import NAMES


def encode(types: Collection[str] | None) -> str | None:
    return json.dumps(sorted(set(types))) if types is not None else None


def decode(text: str | None) -> frozenset[str] | None:
    """The stored types. None means all types, including the types of later releases."""
    return frozenset(json.loads(text)) if text is not None else None


def unknown(types: Collection[str]) -> list[tuple[int, str]]:
    """The unknown names, each with its place in the list."""
    return [(place, name) for place, name in enumerate(types) if name not in NAMES]
