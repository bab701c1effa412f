"""Event streams: graphql-sse in its distinct connections mode
(https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md).
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry.http import GraphQLHTTPResponse, process_result
from strawberry.http.streaming import SSETransport

from api.auth.tokens import EXPIRED
from api.graphql.requests import Call

# Each message may take this number of seconds, even if the token expires sooner.
LAST_SECONDS = 5.0
# uvloop rounds a timeout to this unit, so a wait can end just before the token expires.
TIMER_SECONDS = 0.001

SSE = SSETransport()
COMPLETE = SSE.encode_complete().encode()
ALIVE = SSE.encode_comment("alive").encode()


class EventStream(Response):
    """Streams the results of one operation, and sends a comment as a heartbeat while no result arrives."""

    def __init__(self, results: AsyncGenerator[Any, None], call: Call, heartbeat_seconds: float) -> None:
        super().__init__(headers=dict(SSE.headers))
        del self.headers["content-length"]
        self._results, self._call, self._heartbeat_seconds = results, call, heartbeat_seconds
        self._gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def end(self) -> None:
        """End the stream without the event `complete`, so the client reconnects."""
        self._gone.cancel()

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        expires_at = self._call.principal.expires_at

        async def write(data: bytes) -> None:
            # When the token expires, this timeout also disconnects a client that has stopped reading.
            async with asyncio.timeout(max(LAST_SECONDS, expires_at - time.time())):
                await send({"type": "http.response.body", "body": data, "more_body": True})

        if not self._gone.cancelled():
            self._gone = asyncio.ensure_future(_wait_for_disconnect(receive))
        result_task: asyncio.Task[Any] | None = asyncio.create_task(_next(self._results))
        try:
            # Start the subscription before sending the headers, so that the client misses no change after the
            # headers.
            await asyncio.sleep(0)
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            while True:
                result_task = result_task or asyncio.create_task(_next(self._results))
                remaining = max(TIMER_SECONDS, expires_at - time.time())
                done, _ = await asyncio.wait(
                    {result_task, self._gone},
                    timeout=min(self._heartbeat_seconds, remaining),
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if self._gone in done:
                    break
                if time.time() >= expires_at:
                    await write(_message(_expiry(self._call.request_id)))
                    await write(COMPLETE)
                    break
                if result_task in done:
                    result, result_task = result_task.result(), None
                    if result is None:
                        await write(COMPLETE)
                        break
                    data, result = _message(process_result(result)), None
                    await write(data)
                elif self._heartbeat_seconds < remaining:
                    await write(ALIVE)
            await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            return  # uvicorn then closes the connection
        finally:
            await _cancel({self._gone} | ({result_task} if result_task else set()))
            await self._results.aclose()


def _message(response: GraphQLHTTPResponse) -> bytes:
    return SSE.encode_next(response, _encode).encode()


def _encode(response: object) -> str:
    return orjson.dumps(response).decode()


async def _next(results: AsyncGenerator[Any, None]) -> Any:
    return await anext(results, None)


async def _wait_for_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _cancel(tasks: set[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


def _expiry(request_id: str) -> GraphQLHTTPResponse:
    extensions = {"code": "UNAUTHENTICATED", "requestId": request_id}
    return {"data": None, "errors": [GraphQLError(EXPIRED, extensions=extensions).formatted]}
