"""The few values that labels of metrics and names of spans may have. An unknown path is never a label."""

from collections.abc import Iterable

from starlette.routing import BaseRoute, Mount, Route

from connect.outgoing.rules.attempts import Result

OTHER = "other"

# The outcome of an operation by the code of its first error. Other codes mean that the request is invalid.
OUTCOMES = {
    None: "ok",
    "INTERNAL": "error",
    "UNAVAILABLE": "unavailable",
    "TIMEOUT": "unavailable",
    "UNAUTHENTICATED": "denied",
    "FORBIDDEN": "denied",
}
INVALID = "invalid"


class Routes:
    """Finds the route of a path, or OTHER if the application has no such route."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        routes = list(routes)
        self._paths = {"/graphql", *(route.path for route in routes if isinstance(route, Route))}
        self._folders = tuple(f"{route.path}/" for route in routes if isinstance(route, Mount))

    def name(self, path: str) -> str:
        if path in self._paths:
            return path
        return next((f"{one}{{path}}" for one in self._folders if path.startswith(one)), OTHER)


def outcome(code: str | None) -> str:
    return OUTCOMES.get(code, INVALID)


def result(attempt: Result) -> str:
    """The result of an attempt to deliver an event."""
    if attempt.error is not None:
        return attempt.error.value.lower()
    return "delivered" if attempt.is_success else "refused"
