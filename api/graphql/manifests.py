"""This process's copy of the manifests in the database, and the counts of clients' operations."""

import asyncio
import time
import uuid
from collections.abc import Mapping
from typing import Any

import structlog

from api.graphql.persisted import Documents, Unknown
from api.server.refusals import Refused
from connect.platform.records import manifests
from connect.platform.records.client_use import Uses
from models import outage

# If a request names an unknown document, the manifests are read from the database again, but at most once per
# LOOK_AGAIN. A new manifest is therefore served after at most LOOK_AGAIN. A retired manifest is still served
# for up to about LOOK_EVERY after its retirement. Both times are in seconds.
LOOK_AGAIN, LOOK_EVERY = 1.0, 10.0
# The interval at which the counts of clients' operations are stored, in seconds.
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
        # Why the database was unavailable at the last read. None if it was available.
        self._outage: str | None = None
        self._looking = asyncio.Lock()
        self.uses = Uses()

    async def text(self, parameters: Mapping[str, Any]) -> str:
        """The document for a request with these parameters. Raises Refused."""
        try:
            return self._documents.text(parameters)
        except Unknown:
            await self._look_again()
        return self._documents.text(parameters)

    async def look(self) -> bool:
        """Read new manifests and forget retired ones. Returns whether there was a change."""
        async with self._looking:
            return await self._look()

    async def _look(self) -> bool:
        self._looked_at = time.monotonic()
        try:
            ids = await manifests.ids()
            new = await manifests.read(ids - self._known.keys()) if ids != self._known.keys() else {}
        except Exception as error:
            self._outage = outage.reason(error)
            raise
        self._outage = None
        if ids == self._known.keys():
            return False
        self._known = {key: one for key, one in {**self._known, **new}.items() if key in ids}
        self._documents.publish(self._file, *self._known.values())
        log.info("manifests_read", manifests=len(self._known))
        return True

    async def _look_again(self) -> None:
        """Read the manifests again, unless the last read is recent. Simultaneous requests share a read.

        Raises Refused if the database is unavailable.
        """
        asked_at = time.monotonic()
        async with self._looking:
            if asked_at - self._looked_at >= LOOK_AGAIN:
                try:
                    await self._look()
                except Exception:
                    if self._outage is None:
                        raise
            if self._outage is not None:
                # The database may have the document, so the answer must not say that it is unknown.
                raise Refused(UNAVAILABLE, "UNAVAILABLE", 503, {"Retry-After": "1"})

    async def run(self) -> None:
        """Look for retired manifests and store the counts, until cancelled."""
        stored_at = time.monotonic()
        while True:
            await asyncio.sleep(LOOK_EVERY)
            try:
                # If this process knows no manifest, it need not look here. The first request for an unknown
                # document reads new manifests.
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
