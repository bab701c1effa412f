"""A short run of `make fuzz`."""

import asyncio
import json
from pathlib import Path

from graphql import build_schema
from websockets.asyncio.server import ServerConnection, serve
from websockets.typing import Subprotocol

from fuzz import run
from fuzz.requests import HttpRequest, Requests, WebSocketSession
from fuzz.world import World

WORLD = World("", {}, {}, [], [], [], "", [])


def test_every_answer_keeps_its_promises(database_url: str, tmp_path: Path) -> None:
    report = run.prove(database_url, tmp_path, size=200, seed=7)
    assert report.problems == []
    assert report.figures["code: none, with data"]


def test_a_connection_closes_even_if_answers_arrive_after_the_last_awaited_answer() -> None:
    async def answer(socket: ServerConnection) -> None:
        async for message in socket:
            operation = json.loads(message)["id"]
            for number in ("an earlier one", operation, *map(str, range(30))):
                await socket.send(json.dumps({"id": number, "type": "complete"}))

    class OneSession(Requests):
        def number(self, _n: int) -> HttpRequest | WebSocketSession:
            return WebSocketSession("websocket", "operator", "", authenticates=False, messages=())

    async def main() -> run.Run:
        async with serve(
            answer, "127.0.0.1", 0, subprotocols=[Subprotocol("graphql-transport-ws")]
        ) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            requests = OneSession(build_schema("type Query { a: Int }"), WORLD, seed=1)
            sent = run.Run(WORLD, requests, port)
            await sent.send(range(1))
        return sent

    sent = asyncio.run(main())
    assert sent.findings.lines() == []
    assert sent.statuses == {"WebSocket 1000": 1}
