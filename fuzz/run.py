"""The run: send every kind of request to a real process, and check each answer and the process."""

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
from fuzz.client import ANSWER_SECONDS, Connection
from fuzz.requests import HttpRequest, Requests, WebSocketSession
from fuzz.world import World, make
from testing.deployment import deployed
from testing.environment import ORIGIN
from testing.processes import ROOT, Process
from testing.processes import simulator as local_stripe
from testing.report import Report

SIZE = 20_000
CLIENTS = 12
# The memory may grow by this much after the first fifth of the requests, when the caches are full.
MAX_GROWTH_MIB = 100
_SCHEMA = ROOT / "schema.graphql"
_PROTOCOL = Subprotocol("graphql-transport-ws")
_SENTINEL = "the end"


class Findings:
    """Counts the findings of each problem, and keeps the first example of each."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.first: dict[str, str] = {}

    def add(self, problem: str, example: str) -> None:
        self.counts[problem] += 1
        self.first.setdefault(problem, example)

    def lines(self) -> list[str]:
        return [
            f"{problem} ({count} times), first: {self.first[problem]}"
            for problem, count in self.counts.items()
        ]


class Run:
    """Sends requests concurrently and counts their outcomes."""

    def __init__(self, world: World, requests: Requests, port: int) -> None:
        self._world, self._requests, self._port = world, requests, port
        self.findings = Findings()
        self.sent: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()
        self.slowest = (0.0, "")
        # Numbers of the requests in progress, which may explain a slow request.
        self._pending: set[int] = set()

    async def send(self, numbers: range) -> None:
        waiting = iter(numbers)

        async def client() -> None:
            connection = Connection(self._port)
            for n in waiting:
                request = self._requests.number(n)
                self._pending.add(n)
                if isinstance(request, HttpRequest):
                    await self._send_request(n, request, connection)
                else:
                    await self._run_session(n, request)
                self._pending.remove(n)
            connection.close()

        async with asyncio.TaskGroup() as group:
            for _ in range(CLIENTS):
                group.create_task(client())

    async def _send_request(self, n: int, request: HttpRequest, connection: Connection) -> None:
        self.sent[request.kind] += 1
        answer = await connection.ask(request.wire, complete=request.complete)
        self._time(answer.seconds, f"number {n}, {request.kind}")
        self.statuses[str(answer.status or "none")] += 1
        self._count(answer.body.decode(errors="replace"))
        for problem in promises.check_answer(request, answer, self._world):
            self.findings.add(
                problem,
                f"number {n}, {request.kind} as {request.role}: "
                f"{_short(request.wire)} -> {_short(answer.body)}",
            )

    def _time(self, seconds: float, request: str) -> None:
        if seconds > self.slowest[0]:
            self.slowest = seconds, f"{request}, together with {', '.join(map(str, sorted(self._pending)))}"

    def _count(self, body: str) -> None:
        for text in (body, *re.findall("^data: (.+)$", body, re.MULTILINE)):
            if text.startswith("{"):
                with contextlib.suppress(ValueError):
                    self._count_result(json.loads(text))

    def _count_result(self, result: Any) -> None:
        self.codes.update(promises.codes(result) or ["none, with data" if result.get("data") else "none"])

    async def _run_session(self, n: int, session: WebSocketSession) -> None:
        """Send all messages and then a simple query. Check all messages received up to the query's answer."""
        self.sent["websocket"] += 1
        self.sent["websocket message"] += len(session.messages)
        received: list[str] = []
        started = time.monotonic()
        url = f"ws://127.0.0.1:{self._port}/graphql"
        code: int | None = 1006
        try:
            async with (
                asyncio.timeout(ANSWER_SECONDS),
                # By default, the client stops reading after 16 unread messages, and would miss the close
                # frame.
                connect(url, subprotocols=[_PROTOCOL], proxy=None, max_queue=None) as socket,
            ):
                with contextlib.suppress(ConnectionClosed):
                    if session.authenticates:
                        init = {"type": "connection_init", "payload": {"Authorization": session.token}}
                        await socket.send(json.dumps(init))
                        received.append(str(await socket.recv()))
                    for message in session.messages:
                        await socket.send(message)
                    end = {"id": _SENTINEL, "type": "subscribe", "payload": {"query": "{ __typename }"}}
                    await socket.send(json.dumps(end))
                    while not (received and _SENTINEL in received[-1]):
                        received.append(str(await socket.recv()))
                    await socket.close()
                code = socket.close_code
        except (TimeoutError, OSError, InvalidStatus) as error:
            self._add_finding(n, session, f"WebSocket: {type(error).__name__}", received)
        seconds = time.monotonic() - started
        self._time(seconds, f"number {n}, websocket")
        self.statuses[f"WebSocket {code}"] += 1
        # A client that is still sending a large message may not receive the close code.
        is_too_large = any(len(message) > MAX_MESSAGE_BYTES for message in session.messages)
        if code not in promises.CLOSED and not (code == 1006 and is_too_large):
            self._add_finding(n, session, f"WebSocket closed with {code}", received)
        if seconds > (limit := promises.max_seconds(session)):
            self._add_finding(n, session, f"WebSocket took longer than {limit:.0f} s", received)
        if session.role == "anonymous" and received:
            self._add_finding(n, session, "WebSocket: an answer without a token", received)
        for message in received:
            payload = json.loads(message).get("payload")
            if payload:
                self._count_result({"errors": payload} if isinstance(payload, list) else payload)
            for problem in promises.check_message(session, message, self._world):
                self._add_finding(n, session, problem, [message])

    def _add_finding(self, n: int, session: WebSocketSession, problem: str, received: list[str]) -> None:
        self.findings.add(
            problem,
            f"number {n}, websocket as {session.role}: "
            f"{_short(session.texts)} -> {_short(' '.join(received))}",
        )


def prove(database_url: str, folder: Path, *, size: int, seed: int, only: int | None = None) -> Report:
    """Send `size` requests, or only the request with the number `only`."""
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
            RETURN_SCHEMES="com.example.app",
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
        if after - warm > MAX_GROWTH_MIB:
            findings.add(f"the memory of the process grew from {warm} to {after} MiB", "the whole run")
        if httpx.get(f"{replica.url}/readyz", trust_env=False).json()["status"] != "ready":
            findings.add("the process is not ready after the run", "the whole run")
        if left := _tasks_left(process, tasks):
            findings.add(f"tasks are still pending: {left}", "the whole run")
        for line in _unexpected(process.output):
            findings.add(line, "the log")
        for name in ("alpha", "beta"):
            merchant = world.merchants[name]
            data = deployment.ask(
                f'{{ node(id: "{merchant.identifiers["id"]}") {{ ... on Merchant {{ displayName }} }} }}'
            )
            if merchant.marks[0] not in json.dumps(data):
                findings.add(
                    f"merchant {name} has lost its mark, so the run could not detect leaks", "the whole run"
                )
        code = process.stop()
        if code not in (0, -signal.SIGTERM):
            findings.add(f"the process ended with {code}", "the whole run")
    report.figures |= {
        "requests": sum(run.sent.values()) - run.sent["websocket"],
        "seconds": round(seconds),
        **{f"sent: {kind}": count for kind, count in sorted(run.sent.items())},
        **{f"answered: {status}": count for status, count in sorted(run.statuses.items())},
        **{f"code: {code}": count for code, count in sorted(run.codes.items())},
        "memory in MiB before, after a fifth, at the end": f"{before}, {warm}, {after}",
        "slowest, in seconds": f"{run.slowest[0]:.2f} ({run.slowest[1]})",
    }
    report.problems += findings.lines()
    return report


def _memory(process: Process) -> int:
    """The resident memory of a process in MiB."""
    status = Path(f"/proc/{process.popen.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


def _tasks(process: Process) -> Counter[str]:
    """Count the process's asyncio tasks by the names of their coroutines."""
    reports = process.output.count(watched.MARK)
    process.popen.send_signal(signal.SIGUSR1)
    for _ in itertools.count():
        lines = [line for line in process.output.splitlines() if line.startswith(watched.MARK)]
        if len(lines) > reports:
            return Counter(json.loads(lines[-1].removeprefix(watched.MARK)))
        time.sleep(0.05)
    raise AssertionError


def _usual_tasks(process: Process) -> Counter[str]:
    """Sample the tasks of an idle process several times, because some tasks of the worker are brief."""
    tasks: Counter[str] = Counter()
    for _ in range(10):
        tasks |= _tasks(process)
        time.sleep(0.2)
    return tasks


def _tasks_left(process: Process, usual: Counter[str]) -> str:
    """Wait up to ten seconds for additional tasks to end, and describe the remaining ones."""
    left: Counter[str] = Counter()
    for _ in range(20):
        left = _tasks(process) - usual
        if not left:
            break
        time.sleep(0.5)
    return ", ".join(f"{count} {name}" for name, count in left.items())


def _unexpected(output: str) -> list[str]:
    """Describe each unexpected line of the log by its event and the last frames of its traceback."""
    findings = []
    for line in output.splitlines():
        if line.startswith(watched.MARK):
            continue
        try:
            entry = json.loads(line)
        except ValueError:
            findings.append(f"printed {line[:300]!r}")
            continue
        if entry.get("level") == "warning":  # such as uvicorn's warning about invalid HTTP
            continue
        trace = entry.get("exception", "").strip().splitlines()
        places = [part.strip() for part in trace if part.strip().startswith("File ")]
        event = re.sub(r"\d+", "#", str(entry.get("event")).splitlines()[0])
        findings.append(f"logged {event!r}: {' | '.join([*places[-3:], *trace[-1:]])}")
    return findings


def _short(data: str | bytes) -> str:
    text = re.sub(r"(Authorization: Bearer )[\w.-]{100,}", r"\1...", ascii(data))
    return text if len(text) < 1500 else f"{text[:1000]} ... {text[-400:]} ({len(data)} long)"
