"""GraphQL requests over HTTP, parsed as strictly as the specification permits.

https://graphql.github.io/graphql-over-http/draft/
"""

import codecs
import zlib
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl

import orjson
from starlette.requests import ClientDisconnect
from starlette.types import Receive

from api.graphql import content_negotiation
from api.server.refusals import Refused
from connect.scope import Principal

NoneType = type(None)
PARAMETERS: dict[str, tuple[type, type]] = {
    "query": (str, NoneType),
    "documentId": (str, NoneType),
    "operationName": (str, NoneType),
    "variables": (dict, NoneType),
    "extensions": (dict, NoneType),
}

MAX_BODY_BYTES = 256 * 1024
# The number of members of a gzip body is limited, because the rest of the body is copied for each member.
MAX_GZIP_MEMBERS = 100

METHODS: tuple[Literal["GET", "POST"], ...] = ("GET", "POST")

BATCHED = "Batching is not supported. Send one operation in each request."


@dataclass(slots=True)
class Call:
    """One operation that a client requests over HTTP."""

    request_id: str
    method: str
    principal: Principal
    media_type: str  # the media type of the response
    document: str
    operation_name: str | None
    variables: dict[str, Any] | None
    extensions: dict[str, Any]
    # The cost, if the query is compiled.
    cost: int | None = None
    # The code of the first error that graphql-core has returned.
    error_code: str | None = None
    # The name of the client, if it sends one.
    client: str = ""
    # The deadline in the event loop's time. It is set when a compiled query begins.
    deadline: float | None = None
    # The database outage that ended the compiled query. graphql-core reports it and does not try again.
    failure: Exception | None = None
    # Values of Set-Cookie for the response.
    cookies: list[str] = field(default_factory=list)


def media_type(method: str, accept: str | None) -> str:
    """The media type of the response. Raises Refused."""
    if method not in METHODS:
        text = "Send GraphQL requests by GET or POST."
        raise Refused(text, "METHOD_NOT_ALLOWED", 405, {"Allow": "GET, POST"})
    chosen = content_negotiation.choose(accept)
    if chosen is None:
        text = (
            f"The Accept header allows no supported media type. Accept {content_negotiation.RESPONSE}, "
            f"{content_negotiation.JSON} or {content_negotiation.STREAM}."
        )
        raise Refused(text, "NOT_ACCEPTABLE", 406)
    return chosen


async def read_body(receive: Receive) -> bytes:
    """Read the whole body. Raises ClientDisconnect, or Refused if the body is too large or too slow."""
    parts = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def decompress(encoding: str | None, body: bytes) -> bytes:
    """Decompress the body if it has a Content-Encoding. Raises Refused."""
    names = [name.strip().lower() for name in (encoding or "").split(",")]
    if set(names) <= {"", "identity"}:
        return body
    if len(names) > 1 or names[0] not in {"gzip", "x-gzip"}:
        text = "The header Content-Encoding names an unsupported compression. Send gzip, or no compression."
        raise Refused(text, "UNSUPPORTED_MEDIA_TYPE", 415, {"Accept-Encoding": "gzip"})
    plain = b""
    # A gzip file may have several members, one after another (RFC 1952, section 2.2).
    for _ in range(MAX_GZIP_MEMBERS):
        reader = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            # The limit applies while decompressing, so a small body cannot take much memory.
            plain += reader.decompress(body, MAX_BODY_BYTES + 1 - len(plain))
        except zlib.error as error:
            raise Refused("Content-Encoding is gzip, but the body cannot be read as gzip.") from error
        if len(plain) > MAX_BODY_BYTES:
            text = f"The decompressed body is larger than {MAX_BODY_BYTES} bytes."
            raise Refused(text, "BODY_TOO_LARGE", 413)
        if not reader.eof:
            raise Refused("Content-Encoding is gzip, but the body is not a complete gzip file.")
        body = reader.unused_data
        if not body:
            return plain
    raise Refused(f"The gzip file has more than {MAX_GZIP_MEMBERS} members.")


def parse_body(content_type: str | None, body: bytes) -> dict[str, Any]:
    """The parameters of a POST. Raises Refused."""
    # Browsers send forms and plain text to other origins without a preflight, so only JSON is accepted.
    if not content_negotiation.is_json(content_type):
        text = "The body must be JSON in UTF-8. Send the header Content-Type: application/json."
        raise Refused(text, "UNSUPPORTED_MEDIA_TYPE", 415)
    try:
        parameters = orjson.loads(body.removeprefix(codecs.BOM_UTF8))
    except orjson.JSONDecodeError as error:
        raise Refused("The body cannot be read as JSON in UTF-8.") from error
    if isinstance(parameters, list):
        raise Refused(BATCHED, "BATCHING_NOT_SUPPORTED")
    if not isinstance(parameters, dict):
        raise Refused('The body must be a JSON object: {"query": "...", "variables": {...}}.')
    return _check(parameters)


def parse_query(query_string: bytes) -> dict[str, Any]:
    """The parameters of a GET. Raises Refused."""
    parameters: dict[str, Any] = dict(parse_qsl(query_string.decode("latin-1")))
    for name in ("variables", "extensions"):
        if name in parameters:
            try:
                parameters[name] = orjson.loads(parameters[name])
            except ValueError as error:
                raise Refused(f"`{name}` cannot be read as JSON.") from error
    return _check(parameters)


def wrong_type(parameters: dict[str, Any]) -> str | None:
    """The name of a parameter whose value has the wrong type, or None."""
    for name, types in PARAMETERS.items():
        if not isinstance(parameters.get(name), types):
            return name
    return None


def _check(parameters: dict[str, Any]) -> dict[str, Any]:
    if name := wrong_type(parameters):
        kind = "a string" if PARAMETERS[name][0] is str else "an object"
        raise Refused(f"`{name}` must be {kind}, or left out.")
    return parameters
