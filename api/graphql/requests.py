"""GraphQL requests over HTTP, read as strictly as the specification has them; and how one is refused.

https://graphql.github.io/graphql-over-http/draft/
"""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from api.graphql import content_negotiation

PARAMETERS: dict[str, type] = {
    "query": str,
    "documentId": str,
    "operationName": str,
    "variables": dict,
    "extensions": dict,
}

BATCHED = "Batching is not supported. Send one operation in each request."


class Refused(Exception):
    """The request is not executed. The message is for the client's developer."""

    def __init__(
        self,
        message: str,
        *,
        code: str = "BAD_REQUEST",
        status: int = 400,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status
        self.headers = dict(headers or {})


def posted(content_type: str | None, body: bytes) -> dict[str, Any]:
    """The parameters in a body. Raises Refused."""
    # Nothing else: a page of another origin may send forms and plain text without asking first.
    if not content_negotiation.is_json(content_type):
        raise Refused(
            "The body must be JSON in UTF-8. Send the header Content-Type: application/json.",
            code="UNSUPPORTED_MEDIA_TYPE",
            status=415,
        )
    try:
        found = decoded(body)
    except ValueError as error:
        raise Refused("The body cannot be read as JSON in UTF-8.") from error
    if isinstance(found, list):
        raise Refused(BATCHED, code="BATCHING_NOT_SUPPORTED")
    if not isinstance(found, dict):
        raise Refused('The body must be a JSON object: {"query": "...", "variables": {...}}.')
    return _checked(found)


def queried(parameters: Mapping[str, str]) -> dict[str, Any]:
    """The parameters in an address. Raises Refused."""
    found: dict[str, Any] = {name: value for name, value in parameters.items() if value}
    for name in ("variables", "extensions"):
        if name in found:
            try:
                found[name] = decoded(found[name])
            except ValueError as error:
                raise Refused(f"`{name}` cannot be read as JSON.") from error
    return _checked(found)


def _checked(found: dict[str, Any]) -> dict[str, Any]:
    for name, kind in PARAMETERS.items():
        if not isinstance(found.get(name), kind | None):
            raise Refused(f"`{name}` must be {'a string' if kind is str else 'an object'}, or left out.")
    return found


def decoded(text: str | bytes) -> Any:
    """JSON. Raises ValueError, whatever is wrong with it."""
    try:
        # Told to: by itself json finds UTF-16 and UTF-32 too.
        text = text if isinstance(text, str) else text.decode()
        found = _JSON.decode(text)
        if "\\u" in text:
            # Half a character can be written so, and nothing can take it: no answer, no database.
            json.dumps(found, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_JSON = json.JSONDecoder(parse_constant=_no_number)
