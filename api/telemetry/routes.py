"""Names the routes of requests. Paths may become labels or names of spans only by this name."""

from collections.abc import Iterable

from starlette.routing import BaseRoute, Mount, Route

OTHER = "other"


class Routes:
    """The routes of an application."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        routes = list(routes)
        self._paths = {"/graphql", *(route.path for route in routes if isinstance(route, Route))}
        self._folders = tuple(f"{route.path}/" for route in routes if isinstance(route, Mount))

    def name(self, path: str) -> str:
        if path in self._paths:
            return path
        return next((f"{one}{{path}}" for one in self._folders if path.startswith(one)), OTHER)
