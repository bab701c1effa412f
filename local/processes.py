"""Child processes that start and stop together, and checks before they start."""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import click

START_SECONDS = 30
STOP_SECONDS = 10


class Processes:
    """Child processes, in the order in which they started. If a signal arrives or one ends, all stop."""

    def __init__(self, *, is_silent: bool = False) -> None:
        self._is_silent = is_silent
        self._children: list[tuple[str, subprocess.Popen[bytes]]] = []
        self._stopping = False

    def __enter__(self) -> Self:
        # A second Ctrl-C must not interrupt the shutdown. A closing terminal sends SIGHUP.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_silent:
            with contextlib.suppress(OSError):  # the terminal may be gone
                click.echo("Stopping ...")
        # The API stops first, because it may still call Stripe while it shuts down.
        for _name, child in reversed(self._children):
            child.terminate()
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def start(self, name: str, module: str, environment: dict[str, str], *arguments: str) -> None:
        # A child in its own session does not receive Ctrl-C. The parent receives it, and stops the children
        # in reverse order.
        child = subprocess.Popen(  # noqa: S603 -- our own modules
            [sys.executable, "-m", module, *arguments],
            env={**os.environ, **environment},
            start_new_session=True,
        )
        self._children.append((name, child))

    def wait_for(self, url: str) -> None:
        """Wait until the newest process answers at this URL.

        Raises ClickException if a process has ended, or if no answer comes within START_SECONDS.
        """
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self.check()
            try:
                with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 -- a loopback address
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        name = self._children[-1][0]
        raise click.ClickException(f"the {name} did not start within {START_SECONDS} s: no answer from {url}")

    def watch(self) -> None:
        while True:
            self.check()
            time.sleep(0.2)

    def check(self) -> None:
        """End this process if a signal has arrived. Raises ClickException if a child has ended."""
        if self._stopping:
            sys.exit(0)
        for name, child in self._children:
            if child.poll() is not None:
                raise click.ClickException(
                    f"the {name} has ended (exit code {child.returncode}); its output is above. "
                    "All other processes were stopped, and the data is kept."
                )

    def _stop(self, *_: Any) -> None:
        # Only set a flag: an exception could interrupt `start` after it has started a child.
        self._stopping = True


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Refuse a second run with the same data, because the local Stripe also keeps state in memory."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "run.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(
                f"another `make run` or `make demo` uses the data in {folder.absolute()}/. "
                "Stop it first (Ctrl-C)"
            ) from None
        yield


def check_free(name: str, port: int) -> None:
    # Browsers may resolve localhost to either address.
    for host in ("127.0.0.1", "::1"):
        with contextlib.suppress(OSError), socket.create_connection((host, port), 1):
            raise click.ClickException(
                f"another process listens on port {port} ({name}). Stop it, or choose another port: "
                f"make run {name}={port + 1 if port < 65535 else port - 1}"
            )
