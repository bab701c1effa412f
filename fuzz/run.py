"""The run: sends every kind of request to a real process, and checks every answer and the process."""

import asyncio
import contextlib
import itertools
import json
import re
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
from graphql import build_schema
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from api.graphql.websocket import MAX_MESSAGE_BYTES
from fuzz import promises, watched
from fuzz.client import PATIENCE, Connection
from fuzz.requests import Requests, Shot, Talk
from fuzz.world import World, make
from testing.deployment import deployed
from testing.environment import ORIGIN
from testing.processes import ROOT, Process
from testing.processes import simulator as local_stripe
from testing.report import Report

SIZE = 20_000
CLIENTS = 12
# Allowed growth of the memory after the first fifth of the requests, when the caches are full.
MAX_GROWTH_MB = 100
_SCHEMA = ROOT / "schema.graphql"
_PROTOCOL = Subprotocol("graphql-transport-ws")
_SENTINEL = "the end"


class Findings:
    """Findings by problem, each with its first answer, as a defect shows up in many answers."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.first: dict[str, str] = {}

    def add(self, what: str, where: str) -> None:
        self.counts[what] += 1
        self.first.setdefault(what, where)

    def lines(self) -> list[str]:
        return [f"{what} ({count} times), first: {self.first[what]}" for what, count in self.counts.items()]


class Run:
    """Sends requests concurrently and counts their outcomes."""

    def __init__(self, world: World, requests: Requests, port: int) -> None:
        self._world, self._requests, self._port = world, requests, port
        self.findings = Findings()
        self.sent: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.slowest = (0.0, "")
        # Concurrent requests. More would wait for a slow one.
        self._pending: set[int] = set()

    async def send(self, numbers: range) -> None:
        waiting = iter(numbers)

        async def client() -> None:
            connection = Connection(self._port)
            for n in waiting:
                request = self._requests.number(n)
                self._pending.add(n)
                if isinstance(request, Shot):
                    await self._shoot(n, request, connection)
                else:
                    await self._talk(n, request)
                self._pending.remove(n)
            connection.close()

        async with asyncio.TaskGroup() as group:
            for _ in range(CLIENTS):
                group.create_task(client())

    async def _shoot(self, n: int, shot: Shot, connection: Connection) -> None:
        self.sent[shot.kind] += 1
        answer = await connection.ask(shot.wire, whole=shot.whole)
        self._time(answer.seconds, f"number {n}, {shot.kind}")
        self.statuses[str(answer.status or "none")] += 1
        self._count(answer.body.decode(errors="replace"))
        for problem in promises.of_an_answer(shot, answer, self._world):
            self.findings.add(
                problem,
                f"number {n}, {shot.kind} as {shot.role}: {_short(shot.wire)} -> {_short(answer.body)}",
            )

    def _time(self, seconds: float, what: str) -> None:
        if seconds > self.slowest[0]:
            self.slowest = seconds, f"{what}, beside {', '.join(map(str, sorted(self._pending)))}"

    def _count(self, body: str) -> None:
        for text in (body, *re.findall("^data: (.+)$", body, re.MULTILINE)):
            if text.startswith("{"):
                with contextlib.suppress(ValueError):
                    self._count_result(json.loads(text))

    def _count_result(self, found: Any) -> None:
        self.codes.update(promises.codes(found) or ["none, there is data" if found.get("data") else "none"])

    async def _talk(self, n: int, talk: Talk) -> None:
        """Send all messages at once, then a simple query; return the messages up to its answer."""
        self.sent["websocket"] += 1
        self.sent["websocket message"] += len(talk.messages)
        heard: list[str] = []
        started = time.monotonic()
        url = f"ws://127.0.0.1:{self._port}/graphql"
        code: int | None = 1006
        try:
            async with (
                asyncio.timeout(PATIENCE),
                connect(url, subprotocols=[_PROTOCOL], proxy=None) as socket,
            ):
                with contextlib.suppress(ConnectionClosed):
                    if talk.introduced:
                        init = {"type": "connection_init", "payload": {"Authorization": talk.token}}
                        await socket.send(json.dumps(init))
                        heard.append(str(await socket.recv()))
                    for message in talk.messages:
                        await socket.send(message)
                    end = {"id": _SENTINEL, "type": "subscribe", "payload": {"query": "{ __typename }"}}
                    await socket.send(json.dumps(end))
                    while not (heard and _SENTINEL in heard[-1]):
                        heard.append(str(await socket.recv()))
                    await socket.close()
                code = socket.close_code
        except (TimeoutError, OSError, InvalidStatus) as error:
            self._found_in(n, talk, f"WebSocket: {type(error).__name__}", heard)
        seconds = time.monotonic() - started
        self._time(seconds, f"number {n}, websocket")
        self.statuses[f"WebSocket {code}"] += 1
        # A client that is disconnected while it sends too much may not receive the reason.
        is_too_large = any(len(message) > MAX_MESSAGE_BYTES for message in talk.messages)
        if code not in promises.CLOSED and not (code == 1006 and is_too_large):
            self._found_in(n, talk, f"WebSocket closed with {code}", heard)
        if seconds > (most := promises.most_seconds(talk)):
            self._found_in(n, talk, f"WebSocket took longer than {most:.0f} s", heard)
        if talk.role == "nobody" and heard:
            self._found_in(n, talk, "WebSocket: an answer without a token", heard)
        for message in heard:
            payload = json.loads(message).get("payload")
            if payload:
                self._count_result({"errors": payload} if isinstance(payload, list) else payload)
            for problem in promises.of_a_message(talk, message, self._world):
                self._found_in(n, talk, problem, [message])

    def _found_in(self, n: int, talk: Talk, problem: str, heard: list[str]) -> None:
        self.findings.add(
            problem,
            f"number {n}, websocket as {talk.role}: {_short(talk.texts)} -> {_short(' '.join(heard))}",
        )


def prove(database_url: str, folder: Path, *, size: int, seed: int, only: int | None = None) -> Report:
    """Send this number of requests, or `only` the one."""
    report = Report()
    with (
        local_stripe(folder / "simulator.db") as stripe,
        deployed(
            database_url,
            stripe,
            folder,
            replicas=1,
            separate_worker=False,
            argv=[["-m", "fuzz.watched"]],
            RETURN_ORIGINS=ORIGIN,
            LOG_FORMAT="json",
        ) as deployment,
    ):
        replica = deployment.replicas[0]
        process = replica.process
        assert process is not None  # noqa: S101 -- it was started
        world = make(deployment)
        requests = Requests(build_schema(_SCHEMA.read_text()), world, seed)
        run = Run(world, requests, int(replica.url.rsplit(":", 1)[1]))
        tasks, before = _usual_tasks(process), _memory(process)
        started = time.monotonic()
        first = 0 if only is not None else size // 5
        asyncio.run(run.send(range(first)))
        warm = _memory(process)
        asyncio.run(run.send(range(first, size) if only is None else range(only, only + 1)))
        seconds = time.monotonic() - started
        after = _memory(process)
        findings = run.findings
        if after - warm > MAX_GROWTH_MB:
            findings.add(f"its memory grew from {warm} to {after} MB", "the whole run")
        if httpx.get(f"{replica.url}/readyz", trust_env=False).json()["status"] != "ready":
            findings.add("it is not ready afterwards", "the whole run")
        if left := _tasks_left(process, tasks):
            findings.add(f"tasks are left: {left}", "the whole run")
        for line in _unexpected(process.output):
            findings.add(line, "the log")
        for name in ("alpha", "beta"):
            made = world.merchants[name]
            shown = deployment.ask(
                f'{{ node(id: "{made.handles["id"]}") {{ ... on Merchant {{ displayName }} }} }}'
            )
            if made.marks[0] not in json.dumps(shown):
                findings.add(f"the marks of {name} are gone: nothing was tried", "the whole run")
        code = process.stop()
        if code not in (0, -signal.SIGTERM):
            findings.add(f"it ended with {code}", "the whole run")
    report.figures |= {
        "requests": sum(run.sent.values()) - run.sent["websocket"],
        "seconds": round(seconds),
        **{f"sent: {kind}": count for kind, count in sorted(run.sent.items())},
        **{f"answered: {status}": count for status, count in sorted(run.statuses.items())},
        **{f"code: {code}": count for code, count in sorted(run.codes.items())},
        "memory in MB before, after a fifth, at the end": f"{before}, {warm}, {after}",
        "slowest, in seconds": f"{run.slowest[0]:.2f} ({run.slowest[1]})",
    }
    report.problems += findings.lines()
    return report


def _memory(process: Process) -> int:
    """The resident memory of a process in MB."""
    status = Path(f"/proc/{process.popen.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


def _tasks(process: Process) -> Counter[str]:
    """The process's asyncio tasks by the names of their coroutines."""
    told = process.output.count(watched.MARK)
    process.popen.send_signal(signal.SIGUSR1)
    for _ in itertools.count():
        lines = [line for line in process.output.splitlines() if line.startswith(watched.MARK)]
        if len(lines) > told:
            return Counter(json.loads(lines[-1].removeprefix(watched.MARK)))
        time.sleep(0.05)
    raise AssertionError


def _usual_tasks(process: Process) -> Counter[str]:
    """The tasks of an idle process. A worker's tasks come and go."""
    found: Counter[str] = Counter()
    for _ in range(10):
        found |= _tasks(process)
        time.sleep(0.2)
    return found


def _tasks_left(process: Process, usual: Counter[str]) -> str:
    """The additional tasks that are left after ten seconds."""
    left: Counter[str] = Counter()
    for _ in range(20):
        left = _tasks(process) - usual
        if not left:
            break
        time.sleep(0.5)
    return ", ".join(f"{count} {name}" for name, count in left.items())


def _unexpected(output: str) -> list[str]:
    """The lines of the log, which has errors only, by their origin."""
    found = []
    for line in output.splitlines():
        if line.startswith(watched.MARK):
            continue
        try:
            entry = json.loads(line)
        except ValueError:
            found.append(f"printed {line[:300]!r}")
            continue
        if entry.get("level") == "warning":  # uvicorn's warning about invalid HTTP
            continue
        trace = entry.get("exception", "").strip().splitlines()
        places = [part.strip() for part in trace if part.strip().startswith("File ")]
        event = re.sub(r"\d+", "#", str(entry.get("event")).splitlines()[0])
        found.append(f"logged {event!r}: {' | '.join([*places[-3:], *trace[-1:]])}")
    return found


def _short(data: str | bytes) -> str:
    text = re.sub(r"(Authorization: Bearer )[\w.-]{100,}", r"\1...", ascii(data))
    return text if len(text) < 1500 else f"{text[:1000]} ... {text[-400:]} ({len(data)} long)"
