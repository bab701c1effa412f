"""Processes for tests: the simulator, and any other process with a readiness URL."""

import contextlib
import itertools
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx

from testing import confidential, forks
from testing.waits import PATIENCE

ROOT = Path(__file__).resolve().parent.parent


# The name of a test run. All processes of the run use one fork server (`testing.forks`), which starts
# processes without importing the service again. Tests and proofs set the name on Linux. In measurements, it
# stays empty.
forks_for = ""
# These ports are below the ephemeral ports of outgoing connections, and above 10080, which browsers refuse.
# Each process begins its search at another port, so two processes rarely try the same port at the same time.
PORTS = 11_000, 32_000
_next_port = itertools.count(os.getpid() * 1009)


def free_port() -> int:
    """Return a free port on loopback. Later calls return other ports."""
    least, most = PORTS
    for number in _next_port:
        port = least + number % (most - least)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError


@dataclass(frozen=True)
class Process:
    """A running subprocess. Its output goes to a file, because a full pipe would block it."""

    popen: subprocess.Popen[bytes] | forks.Forked
    log: Path

    @property
    def output(self) -> str:
        """The output so far: standard output and standard error in one text."""
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """Kill the process, as in a crash."""
        self.popen.kill()
        self.popen.wait()

    def stop(self, grace: float = 5 * PATIENCE) -> int:
        """Send SIGTERM, and SIGKILL if the process still runs after `grace` seconds. Return the exit code."""
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGTERM)
            try:
                self.popen.wait(grace)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.popen.wait()


@contextlib.contextmanager
def running(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    ready: str,
    timeout: float = 60,
    cwd: Path | None = None,
    python: str = sys.executable,
) -> Iterator[Process]:
    """Run `python <argv>` and yield the process when its readiness URL answers 200.

    `env` is added to the environment. `python` may be the interpreter of another environment. Raises
    RuntimeError with the output if the process ends early or is not ready in time.
    """
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "output"
        with log.open("wb") as output:
            popen = start(
                argv,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **env},
                cwd=cwd or ROOT,
                stdout=output,
                stderr=output,
                python=python,
            )
        process = Process(popen, log)
        try:
            _wait(process, ready, timeout)
            yield process
        finally:
            process.stop()
            if "simulator" not in argv:  # the simulator acts as Stripe and may log secrets
                name = " ".join(argv[: 2 if argv[0] == "-m" else 1])
                confidential.add_output(f"python {name}", process.output)


def run(argv: Sequence[str], *, env: Mapping[str, str], cwd: Path) -> "subprocess.CompletedProcess[str]":
    """Run `python <argv>` to its end, within five minutes, with exactly this environment."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        popen = start(argv, env=env, cwd=cwd, stdout=output, stderr=errors)
        try:
            code = popen.wait(300 * PATIENCE)
        except subprocess.TimeoutExpired:
            popen.kill()
            popen.wait()
            raise
        texts = []
        for stream in (output, errors):
            stream.seek(0)
            texts.append(stream.read().decode())
        return subprocess.CompletedProcess([sys.executable, *argv], code, *texts)


def start(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    stdout: IO[bytes],
    stderr: IO[bytes],
    python: str = sys.executable,
) -> "subprocess.Popen[bytes] | forks.Forked":
    """Start `python <argv>` with exactly this environment."""
    # A forked process has imported the code in this folder. Code in another folder needs a new process.
    if forks_for and forks.is_known(argv) and env.get("PYTHONPATH") == str(ROOT):
        return forks.server(forks_for).start(argv, env=env, cwd=cwd, stdout=stdout, stderr=stderr)
    return subprocess.Popen(
        [python, *argv],
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
    )


def _wait(process: Process, url: str, timeout: float) -> None:
    deadline = time.monotonic() + timeout * PATIENCE
    with httpx.Client(timeout=2 * PATIENCE, trust_env=False, verify=False) as client:
        while True:
            if process.popen.poll() is not None:
                raise RuntimeError(f"ended with {process.popen.returncode}:\n{process.output}")
            with contextlib.suppress(httpx.TransportError):
                if client.get(url).status_code == 200:
                    return
            if time.monotonic() > deadline:
                raise RuntimeError(f"{url} not ready in {timeout} s:\n{process.output}")
            time.sleep(0.03)


@dataclass(frozen=True)
class Simulator:
    """The local Stripe, with its URL and its control plane."""

    base_url: str
    process: Process
    client: httpx.Client

    def control(self, path: str, body: Any = None, *, method: str | None = None) -> Any:
        """Call the control plane: `control("clock", {"advance_seconds": 60})`.

        The default method is POST if there is a body, and GET otherwise.
        """
        verb = method or ("GET" if body is None else "POST")
        answer = self.client.request(verb, f"/simulator/{path}", json=body)
        if answer.is_error:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text}")
        return answer.json()


@contextlib.contextmanager
def simulator(state: str | Path = ":memory:", *, port: int | None = None, **env: str) -> Iterator[Simulator]:
    """Run the simulator on its own port. Keyword arguments are its settings.

    `simulator(REVIEW_SECONDS="0.2")` sets `SIMULATOR_REVIEW_SECONDS`.
    """
    port = port or free_port()
    settings = {f"SIMULATOR_{name.removeprefix('SIMULATOR_')}": value for name, value in env.items()}
    settings |= {"SIMULATOR_PORT": str(port), "SIMULATOR_STATE": str(state), "PYTHONPATH": str(ROOT)}
    base_url = f"http://127.0.0.1:{port}"
    # The local Stripe closes a connection that is idle for five seconds. A request fails if it is sent just
    # before the connection is closed. So each request opens its own connection.
    limits = httpx.Limits(max_keepalive_connections=0)
    with (
        # No URL has TLS. `verify=False` skips the slow loading of certificates.
        httpx.Client(
            base_url=base_url, timeout=15 * PATIENCE, limits=limits, trust_env=False, verify=False
        ) as client,
        running(["-m", "simulator"], env=settings, ready=f"{base_url}/simulator/health") as process,
    ):
        yield Simulator(base_url, process, client)


def end(process: Process, number: signal.Signals) -> int:
    """Send a signal and wait until the process ends. Returns the exit code."""
    process.popen.send_signal(number)
    return process.popen.wait(15 * PATIENCE)
