"""Runs PgBouncer in front of a test database. Debian's package `pgbouncer` installs it."""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from testing.processes import free_port
from testing.waits import PATIENCE

# The pool is small, so that clients must share its sessions.
SETTINGS = """
[databases]
* = host={host} port={port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen_port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {sessions}
max_client_conn = 200
server_round_robin = 1
"""


def find() -> str | None:
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@contextlib.contextmanager
def running(database_url: str, mode: str = "transaction", *, sessions: int = 4) -> Iterator[str]:
    """Yield a URL that reaches the database through a new PgBouncer. `mode` is `transaction` or `session`."""
    command = find()
    if command is None:
        raise RuntimeError("There is no PgBouncer: apt-get install pgbouncer")
    parts, port = urlsplit(database_url), free_port()
    with tempfile.TemporaryDirectory(prefix="connectql-pgbouncer-", dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        file = Path(folder) / "pgbouncer.ini"
        file.write_text(
            SETTINGS.format(
                host=parts.hostname, port=parts.port, listen_port=port, mode=mode, sessions=sessions
            )
            # With `auth_type = any`, the entry of a database must name the user that logs in to the server.
            .replace("* = ", f"* = user={parts.username} ")
        )
        user = ["-u", "nobody"] if os.geteuid() == 0 else []  # PgBouncer refuses to run as root
        process = subprocess.Popen([command, "-q", *user, str(file)], stderr=subprocess.DEVNULL)
        try:
            _wait(process, port)
            yield parts._replace(netloc=f"{parts.username}@127.0.0.1:{port}").geturl()
        finally:
            process.terminate()
            process.wait(10)


@contextlib.contextmanager
def pooled(database_url: str) -> Iterator[str]:
    """Yield a URL that reaches the database through a new PgBouncer.

    Yields the unchanged URL if the database is SQLite, or if PgBouncer is not installed.
    """
    if not database_url.startswith("postgresql") or find() is None:
        yield database_url
        return
    with running(database_url) as url:
        yield url


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + 20 * PATIENCE
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("PgBouncer did not start")
        time.sleep(0.02)
