"""Stripe's error answers, in the formats of v1 and v2.

v2: https://docs.stripe.com/api-v2-overview#error-handling. v1: https://docs.stripe.com/api/errors.
"""

from simulator.state import Json


class Refused(Exception):
    """A request that Stripe answers with an error."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        type: str | None = None,  # noqa: A002
        param: str | None = None,
    ) -> None:
        """Store the parts of the answer."""
        super().__init__(message)
        self.code = code
        self.status = status
        self.type = type
        self.param = param

    def body(self, path: str = "/v2/") -> Json:
        """Return the answer's body for a path of v1 or v2."""
        error: Json = {"code": self.code, "message": str(self)}
        if path.startswith("/v1/"):
            error["type"] = self.type or "invalid_request_error"
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
            if self.param is not None:
                error["param"] = self.param
        elif self.type is not None:
            error["type"] = self.type
        return {"error": error}


def missing(identifier: str, version: str = "v2") -> Refused:
    """Return the error for an id that does not exist."""
    if version == "v1":
        return Refused("resource_missing", f"No such object: '{identifier}'", 404, param="id")
    return Refused("not_found", f"No such object: {identifier!r}", 404)
