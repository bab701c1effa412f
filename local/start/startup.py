"""A page that shows the progress of the startup. It replaces all other pages until everything runs."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.templating import Jinja2Templates
from starlette.types import ASGIApp, Receive, Scope, Send

_templates = Jinja2Templates(directory=Path(__file__).parent / "templates")
_HEADERS = {"Retry-After": "1", "Cache-Control": "no-store"}


class Startup:
    """The progress of the startup. The main thread writes it, and the start server reads it."""

    def __init__(self) -> None:
        self.text = "ConnectQL is starting."
        # The share of the work that is done, or None if the share is unknown.
        self.share: float | None = None
        self.is_over = False

    def report(self, text: str, share: float | None = None) -> None:
        self.text, self.share = text, share


class Gate:
    """Answers each request with the progress until the startup is over, except requests for static files."""

    def __init__(self, app: ASGIApp, *, startup: Startup, policy: str) -> None:
        self._app, self._startup, self._policy = app, startup, policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._startup.is_over or scope["path"].startswith("/static/"):
            await self._app(scope, receive, send)
            return
        await self._answer(Request(scope))(scope, receive, send)

    def _answer(self, request: Request) -> Response:
        """Return the page for browsers, and JSON for programs."""
        startup = self._startup
        if "text/html" in request.headers.get("accept", ""):
            headers = {**_HEADERS, "Content-Security-Policy": self._policy}
            return _templates.TemplateResponse(
                request, "startup.html", {"startup": startup}, status_code=503, headers=headers
            )
        progress = {"text": startup.text, "share": startup.share}
        return JSONResponse({"error": {"message": startup.text}, "progress": progress}, 503, _HEADERS)
