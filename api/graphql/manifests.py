"""The manifests in the database, as this process knows them, and the counts of their clients."""

import asyncio
import time
import uuid
from collections.abc import Mapping
from typing import Any

import structlog

from api.graphql.persisted import Documents, Unknown
from api.server.refusals import Refused
from connect.platform import manifests
from connect.platform.client_use import Uses
from models import outage

# A manifest is served at once, because an unknown document causes a look into the database, at most once in
# this time. After its retirement, it is served for at most LOOK_EVERY. Both in seconds.
LOOK_AGAIN, LOOK_EVERY = 1.0, 10.0
# The interval at which the counts of clients are stored, in seconds.
STORE_EVERY = 30.0

NAME, VERSION = b"apollographql-client-name", b"apollographql-client-version"

UNAVAILABLE = "The database is unavailable, so the published operations cannot be read. Repeat the request."

log = structlog.get_logger("graphql")


class Manifests:
    """Finds the document of each request, and counts the operations of named clients."""

    def __init__(self, documents: Documents, file: Mapping[str, str]) -> None:
        self._documents = documents
        self._file = file
        self._known: dict[uuid.UUID, Mapping[str, str]] = {}
        self._looked_at = 0.0
        self._looking = asyncio.Lock()
        self.uses = Uses()

    async def text(self, parameters: Mapping[str, Any]) -> str:
        """The document for a request with these parameters. Raises Refused."""
        try:
            return self._documents.text(parameters)
        except Unknown:
            if not await self._look_again():
                raise
        return self._documents.text(parameters)

    async def look(self) -> bool:
        """Read new manifests and forget retired ones. Returns whether there was a change."""
        self._looked_at = time.monotonic()
        ids = await manifests.ids()
        if ids == self._known.keys():
            return False
        new = await manifests.read(ids - self._known.keys())
        self._known = {key: one for key, one in {**self._known, **new}.items() if key in ids}
        self._documents.publish(self._file, *self._known.values())
        log.info("manifests_read", manifests=len(self._known))
        return True

    async def _look_again(self) -> bool:
        """Look, unless this happened a moment ago. Simultaneous requests share the look. Raises Refused."""
        asked_at = time.monotonic()
        async with self._looking:
            if self._looked_at > asked_at:
                return True
            if asked_at - self._looked_at < LOOK_AGAIN:
                return False
            try:
                return await self.look()
            except Exception as error:
                if outage.reason(error) is None:
                    raise
                raise Refused(UNAVAILABLE, "UNAVAILABLE", 503, {"Retry-After": "1"}) from error

    async def run(self) -> None:
        """Look for retired manifests and store the counts, until cancelled."""
        stored_at = time.monotonic()
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                # An unknown document reveals the first manifest, so a process without any need not look.
                if self._known:
                    await self.look()
                if time.monotonic() - stored_at >= STORE_EVERY:
                    stored_at = time.monotonic()
                    await self.uses.store()
            except Exception as error:
                reason = outage.reason(error)
                if reason is None:
                    log.exception("manifests_not_read")
                else:
                    log.warning("manifests_not_read", reason=reason)
