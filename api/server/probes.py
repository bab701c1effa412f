"""GET /healthz and /readyz, for load balancers and monitoring."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.version import VERSION
from connect.platform import health
from connect.platform.feed import UNDELIVERED
from models import database


async def healthy(_request: Request) -> Response:
    """Report that the process is running. The version in the answer shows the progress of an upgrade."""
    return JSONResponse({"status": "ok", "version": VERSION})


async def ready(request: Request) -> Response:
    """Report ready unless the process is stopping, the database cannot be reached or is not migrated, or the
    feed cannot work with these settings. An interrupted feed does not make the process unready.
    """
    if request.app.state.stopping.is_set():
        return JSONResponse({"status": "stopping"}, 503)
    seconds = request.app.state.settings.database_silence_seconds
    database_state = await database.in_time(_check_database(), seconds)
    if database_state is None:
        return JSONResponse({"status": "not ready", "database": "unreachable"}, 503)
    is_migrated, problems = database_state
    if not is_migrated:
        return JSONResponse({"status": "not ready", "database": "ok", "migrations": "missing"}, 503)
    if request.app.state.feed.is_undelivered:
        states = {"database": "ok", "migrations": "ok", "feed": UNDELIVERED}
        return JSONResponse({"status": "not ready", **states}, 503)
    return JSONResponse(
        {
            "status": "ready",
            "database": "ok",
            "migrations": "ok",
            # Queries are correct without the feed, so the replica stays ready.
            "feed": "ok" if request.app.state.feed.listening.is_set() else "not listening",
            # For monitoring. A problem concerns all replicas, so it must not make them unready.
            "problems": problems,
        }
    )


async def _check_database() -> tuple[bool, list[str]]:
    """Return whether all migrations are applied, and the codes of the current problems."""
    if not await database.is_migrated():
        return False, []
    return True, await health.codes()
