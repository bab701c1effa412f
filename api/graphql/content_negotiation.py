"""Media types: which one an answer gets, and which bodies are JSON."""

import re
from functools import lru_cache

JSON = "application/json"
RESPONSE = "application/graphql-response+json"
STREAM = "text/event-stream"

_QUALITY = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


@lru_cache(maxsize=128)
def chosen(accept: str | None) -> str | None:
    """The type that fits best what a client accepts; None when none does.

    Who only says "anything", or nothing at all, gets application/json: it may never have heard of the other.
    A stream is for those who name it, and rather want it than the rest.
    """
    if accept is None or not accept.strip():
        return JSON
    ranges = _ranges(accept)
    found = []
    for rank, media_type in enumerate((STREAM, JSON, RESPONSE)):
        general = [] if media_type == STREAM else ["application/*", "*/*"]
        fitting = next((name for name in (media_type, *general) if name in ranges), None)
        if fitting is not None and ranges[fitting] > 0:
            named = fitting == media_type
            found.append((ranges[fitting], named, rank if named else -rank, media_type))
    return max(found)[-1] if found else None


def _ranges(accept: str) -> dict[str, float]:
    """What is accepted, and how much each is wanted."""
    found: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        if _QUALITY.fullmatch(quality):
            found[name] = max(float(quality), found.get(name, 0))
    return found


@lru_cache(maxsize=128)
def is_json(content_type: str | None) -> bool:
    """Whether a body of this type is JSON in UTF-8."""
    name, *parameters = (piece.strip().lower() for piece in (content_type or "").split(";"))
    charsets = {piece[8:].strip('"') for piece in parameters if piece.startswith("charset=")}
    return name == JSON and charsets <= {"utf-8", "utf8"}
