"""Processes that live and end together, and what must be true before they start."""

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
    """What was started, in this order. Left by a signal or when a part ends, and ends them all."""

    def __init__(self) -> None:
        self._children: list[tuple[str, subprocess.Popen[bytes]]] = []
        self._stopping = False

    def __enter__(self) -> Self:
        # A second Ctrl-C changes nothing, and closing the terminal (SIGHUP) is a way to end, too.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):  # the terminal may be gone
            click.echo("Stopping ...")
        # The API first, so that it can still talk to Stripe while it finishes.
        for _name, child in reversed(self._children):
            child.terminate()
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def start(self, name: str, module: str, environment: dict[str, str]) -> None:
        # A session of its own: Ctrl-C reaches this process alone, which then ends the others in order.
        child = subprocess.Popen(  # noqa: S603 -- our own modules
            [sys.executable, "-m", module], env={**os.environ, **environment}, start_new_session=True
        )
        self._children.append((name, child))

    def wait_for(self, url: str) -> None:
        """Until what was started last answers there."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            self._check()
            try:
                with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 -- a loopback address
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        name = self._children[-1][0]
        raise click.ClickException(f"the {name} did not start within {START_SECONDS} s: nothing at {url}")

    def watch(self) -> None:
        while True:
            self._check()
            time.sleep(0.2)

    def _check(self) -> None:
        if self._stopping:
            sys.exit(0)
        for name, child in self._children:
            if child.poll() is not None:
                raise click.ClickException(
                    f"the {name} has ended (exit code {child.returncode}); what it said is above. "
                    "Everything else was ended too, and the data is kept."
                )

    def _stop(self, *_: Any) -> None:
        # Only a note: an exception from here could come between starting a child and noting it down.
        self._stopping = True


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Refuse a second run over the same data: the local Stripe keeps its state in memory too."""
    folder.mkdir(exist_ok=True)
    with (folder / "run.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise click.ClickException(
                f"`make run` is running here already, over {folder.absolute()}/. End that one first (Ctrl-C)"
            ) from None
        yield


def check_free(name: str, port: int) -> None:
    # Something on the IPv6 side alone would still take what browsers send to localhost.
    for host in ("127.0.0.1", "::1"):
        with contextlib.suppress(OSError), socket.create_connection((host, port), 1):
            raise click.ClickException(
                f"something else listens on port {port} ({name}). End it, or take another port: "
                f"make run {name}={port + 1 if port < 65535 else port - 1}"
            )
