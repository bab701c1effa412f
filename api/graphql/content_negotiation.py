"""Media types of the response (from the Accept header) and of the request body (Content-Type)."""

import re
from functools import lru_cache

JSON = "application/json"
RESPONSE = "application/graphql-response+json"
STREAM = "text/event-stream"

_QUALITY = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


@lru_cache(maxsize=128)
def choose(accept: str | None) -> str | None:
    """Return the response's media type for an Accept header, or None if the client accepts no supported type.

    For wildcards, and if the header is missing, the type is application/json, because old clients do not know
    graphql-response+json. A wildcard never selects an event stream.
    """
    if accept is None or not accept.strip():
        return JSON
    qualities = _qualities(accept)
    candidates = []
    for rank, media_type in enumerate((STREAM, JSON, RESPONSE)):
        wildcards = [] if media_type == STREAM else ["application/*", "*/*"]
        match = next((name for name in (media_type, *wildcards) if name in qualities), None)
        if match is not None and qualities[match] > 0:
            is_exact = match == media_type
            candidates.append((qualities[match], is_exact, rank if is_exact else -rank, media_type))
    return max(candidates)[-1] if candidates else None


@lru_cache(maxsize=128)
def accepts_stream(accept: str | None) -> bool:
    """Whether an Accept header names text/event-stream. A wildcard does not count."""
    return accept is not None and _qualities(accept).get(STREAM, 0) > 0


def _qualities(accept: str) -> dict[str, float]:
    """The media ranges of an Accept header with their quality values."""
    qualities: dict[str, float] = {}
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        if _QUALITY.fullmatch(quality):
            qualities[name] = max(float(quality), qualities.get(name, 0))
    return qualities


@lru_cache(maxsize=128)
def is_json(content_type: str | None) -> bool:
    """Whether a Content-Type header declares JSON in UTF-8."""
    name, *parameters = (piece.strip().lower() for piece in (content_type or "").split(";"))
    charsets = {piece[8:].strip('"') for piece in parameters if piece.startswith("charset=")}
    return name == JSON and charsets <= {"utf-8", "utf8"}
