"""Refused requests and their error response."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import Scope

from api.graphql import content_negotiation

_NONE: Mapping[str, str] = {}


class Refused(Exception):
    """Raised instead of executing a request. The message addresses the client's developer.

    `fields` are the invalid fields of an input, each like InvalidField in the schema.
    """

    def __init__(
        self,
        message: str,
        code: str = "BAD_REQUEST",
        status: int = 400,
        headers: Mapping[str, str] = _NONE,
        fields: Sequence[Mapping[str, str]] = (),
    ) -> None:
        super().__init__(message)
        self.fields = fields
        self.message, self.code, self.status, self.headers = message, code, status, headers

    def extensions(self, request_id: str) -> dict[str, Any]:
        """The extensions of the error. For RATE_LIMITED, they contain the seconds from the header
        Retry-After.
        """
        extensions: dict[str, Any] = {"code": self.code, "requestId": request_id}
        if self.code == "RATE_LIMITED":
            extensions["retryAfterSeconds"] = int(self.headers["Retry-After"])
        if self.fields:
            extensions["fields"] = self.fields
        return extensions


def response(refused: Refused, scope: Scope) -> JSONResponse:
    """A GraphQL response without data. Its media type is application/json, unless the client prefers
    graphql-response+json.
    """
    extensions = refused.extensions(scope["state"]["request_id"])
    body: dict[str, Any] = {"errors": [{"message": refused.message, "extensions": extensions}]}
    if refused.status == 200:
        # GraphQL over HTTP requires the key `data` in a response with the status 200.
        body = {"data": None, **body}
    media_type = content_negotiation.choose(Headers(scope=scope).get("accept"))
    if media_type != content_negotiation.RESPONSE:
        media_type = content_negotiation.JSON
    headers = {**refused.headers, "Content-Type": f"{media_type}; charset=utf-8"}
    return JSONResponse(body, refused.status, headers=headers)
