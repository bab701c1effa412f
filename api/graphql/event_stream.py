"""Connections that stay open: how many there may be, and those that are event streams, in the distinct
connections mode of graphql-sse (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md).
"""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator
from typing import Any

from graphql import GraphQLError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.http import GraphQLHTTPResponse, process_result
from strawberry.http.streaming import SSETransport

from api.auth.tokens import EXPIRED
from connect.scope import Principal

# How long a last message may take to leave.
LAST_SECONDS = 5.0

SSE = SSETransport()


class TooManyConnections(Exception):
    """The message is for the client."""


class Connections:
    """Counts what is open in this process."""

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._all = 0
        self._waiting = 0
        self._of: Counter[Principal] = Counter()

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        """One more while it lasts. Raises TooManyConnections."""
        if self._all >= self._most:
            raise TooManyConnections(
                f"Too many live connections: {self._most} are open here, the most. Try again later."
            )
        self._all += 1
        try:
            yield
        finally:
            self._all -= 1

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """One more that has not said yet who it is. They keep out each other alone."""
        if self._waiting >= self._most:
            raise TooManyConnections("Too many connections wait for connection_init here. Try again later.")
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1

    @contextlib.contextmanager
    def counted_for(self, principal: Principal) -> Iterator[None]:
        """One more of this caller's while it lasts. Raises TooManyConnections."""
        if self._of[principal] >= self._most_of_one:
            raise TooManyConnections(
                f"Too many live connections: you have {self._most_of_one} open here, the most. Close some."
            )
        self._of[principal] += 1
        try:
            yield
        finally:
            self._of[principal] -= 1
            if not self._of[principal]:
                del self._of[principal]


class EventStream(Response):
    """The results of one operation as they come, with signs of life in between."""

    def __init__(
        self,
        results: AsyncGenerator[Any, None],
        encode: Callable[[Any], str],
        *,
        request_id: str,
        expires_at: float,
        heartbeat_seconds: float,
    ) -> None:
        super().__init__(headers=dict(SSE.headers))
        del self.headers["content-length"]
        self._results = results
        self._encode = encode
        self._request_id = request_id
        self._expires_at = expires_at
        self._heartbeat_seconds = heartbeat_seconds
        self._gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def leave(self) -> None:
        """End it without `complete`: to the client the connection is lost, so it asks again, elsewhere."""
        self._gone.cancel()

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        async def say(text: str) -> None:
            # Whoever reads too slowly does not hold its place for longer than its token.
            async with asyncio.timeout(max(LAST_SECONDS, self._expires_at - time.time())):
                await send({"type": "http.response.body", "body": text.encode(), "more_body": True})

        if not self._gone.cancelled():
            self._gone = asyncio.ensure_future(_disconnected(receive))
        following: asyncio.Task[Any] | None = asyncio.create_task(_following(self._results))
        try:
            await asyncio.sleep(0)  # it has begun: from here on it misses nothing, which the headers say
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            while True:
                following = following or asyncio.create_task(_following(self._results))
                seconds = max(0.0, min(self._heartbeat_seconds, self._expires_at - time.time()))
                done, _ = await asyncio.wait(
                    {following, self._gone}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
                )
                if self._gone in done:
                    break
                if time.time() >= self._expires_at:
                    await say(SSE.encode_next(_expired(self._request_id), self._encode))
                    await say(SSE.encode_complete())
                    break
                if following in done:
                    result, following = following.result(), None
                    if result is None:
                        await say(SSE.encode_complete())
                        break
                    await say(SSE.encode_next(process_result(result), self._encode))
                else:
                    await say(SSE.encode_comment("alive"))
            await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            return  # and so the server closes the connection
        finally:
            await _end({self._gone} | ({following} if following else set()))
            await self._results.aclose()


async def _following(results: AsyncGenerator[Any, None]) -> Any:
    return await anext(results, None)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _end(tasks: set[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


def _expired(request_id: str) -> GraphQLHTTPResponse:
    extensions = {"code": "UNAUTHENTICATED", "requestId": request_id}
    return {"data": None, "errors": [GraphQLError(EXPIRED, extensions=extensions).formatted]}
