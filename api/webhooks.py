"""POST /webhooks/stripe: verify the signature over the raw body, record the notification, answer."""

import time

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.configuration.settings import Settings
from connect.events import notifications
from connect.events.intake import Intake

# The maximum age of a signature. Stripe's own libraries use the same value.
TOLERANCE_SECONDS = 300

log = structlog.get_logger("webhooks")


async def receive(request: Request) -> Response:
    """Answer 200 once the notification is committed, and 400 if it is invalid or Stripe did not sign it."""
    settings: Settings = request.app.state.settings
    intake: Intake = request.app.state.intake
    body = await request.body()
    try:
        notification = notifications.verify(
            body,
            request.headers.get("stripe-signature"),
            settings.webhook_secrets,
            TOLERANCE_SECONDS,
            time.time(),
        )
    except (ValueError, RecursionError) as error:
        # Our own messages contain no part of the body, but messages of libraries may.
        reason = str(error) if type(error) is ValueError else "The body cannot be read."
        log.warning("notification_refused", reason=reason)
        return JSONResponse({"error": reason}, 400)
    new = await intake.record(notification, body)
    log.info("notification", stripe_event=notification["id"], type=notification["type"], new=new)
    return JSONResponse({"received": True})
