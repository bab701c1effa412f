"""Starts processes of the service and of the local Stripe without importing their code in each process.

`python -m testing.forks` imports each module before the module's first start. For each start it forks a
process, which runs the module as `python -m` does, with its own arguments, environment, folder and output.
"""

import atexit
import contextlib
import errno
import functools
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

# The modules that the fork server runs: the local Stripe, the service, and modules that run the service.
MODULES = "simulator", "api", "torture.armed", "local.shifted", "fuzz.watched"
# Modules that MODULES import late, on the first use of a client or a connection.
LATE = (
    "anyio._backends._asyncio",
    "httpcore",
    "models.engine.asyncpg",
    "models.engine.sqlite",
    "stripe._stripe_client",
    "uvicorn.lifespan.on",
)
_MAX_ORDER_BYTES = 1 << 17


class Forked:
    """A forked process, with the attributes and methods of subprocess.Popen that the tests use."""

    def __init__(self, pid: int, ended: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended: int | None = ended  # a pipe from which the exit code is read

    def poll(self) -> int | None:
        return self._read(0)

    def wait(self, timeout: float | None = None) -> int:
        code = self._read(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("a forked process", timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _read(self, timeout: float | None) -> int | None:
        if self._ended is not None and select.select([self._ended], [], [], timeout)[0]:
            self.returncode = int(os.read(self._ended, 16))
            os.close(self._ended)
            self._ended = None
        return self.returncode


class Server:
    """A connection to the fork server, the process that forks all other processes.

    All processes of a test run share one fork server, whose address contains the name of the run. The first
    process starts the server, and at its own end waits until the server has ended. The server ends when its
    last connection is closed.
    """

    def __init__(self, run: str) -> None:
        address = f"\0connectql-forks-{run}"
        self.process: subprocess.Popen[bytes] | None = None
        self._connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        while self._connection.connect_ex(address):
            self.process = _start(address)
            if self.process is None:  # another process is about to listen, or has just ended
                time.sleep(0.01)
        atexit.register(self.close)

    def start(
        self,
        argv: Sequence[str],
        *,
        env: Mapping[str, str],
        cwd: Path,
        stdout: IO[bytes],
        stderr: IO[bytes],
    ) -> Forked:
        """Run `python <argv>` with exactly this environment. `argv` begins with -m and one of MODULES."""
        order = json.dumps({"argv": list(argv[1:]), "env": dict(env), "cwd": str(cwd)}).encode()
        ended, ends = os.pipe()
        try:
            socket.send_fds(self._connection, [order], [stdout.fileno(), stderr.fileno(), ends])
        finally:
            os.close(ends)
        return Forked(int(self._connection.recv(16)), ended)

    def close(self) -> None:
        self._connection.close()
        if self.process is not None:
            self.process.wait()


def _start(address: str) -> subprocess.Popen[bytes] | None:
    """Start the fork server. Returns None if another process has bound the address."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
        try:
            listener.bind(address)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return None
        listener.listen()
        return subprocess.Popen(
            [sys.executable, "-m", __name__, str(listener.fileno())],
            cwd=Path(__file__).resolve().parent.parent,
            pass_fds=[listener.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )


server = functools.cache(Server)


def is_known(argv: Sequence[str]) -> bool:
    """Whether `python <argv>` runs one of the modules."""
    return len(argv) > 1 and argv[0] == "-m" and argv[1] in MODULES


def main() -> None:
    """Fork a process for each request from the connections, until all of them are closed."""
    listener = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    run = _serve(listener)
    if run is not None:
        _run(run)


def _run(run: Callable[[], object]) -> None:
    """Call `run`, and then end the process without freeing its memory.

    To free the memory would take 0.15 s of CPU.
    """
    code = 0
    try:
        run()
    except SystemExit as end:
        if not isinstance(end.code, int | None):
            raise
        code = end.code or 0
    if threading.active_count() > 1:
        sys.exit(code)  # waits for the other threads
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


@functools.cache
def _import(name: str) -> None:
    """Import a module of MODULES. Importing the service takes five times as long as the local Stripe."""
    module = name if "." in name else f"{name}.__main__"
    if "." in name:
        _import("api")
    for one in (module, *LATE):
        importlib.import_module(one)
    del sys.modules[module]  # each process executes it again
    gc.collect()
    gc.freeze()


def _serve(listener: socket.socket) -> Callable[[], object] | None:
    """Fork a process for each request, until all connections are closed.

    In each new process, returns the function to run. In this process, returns None at the end.
    """
    connections: list[socket.socket] = []
    ends: dict[int, int] = {}
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        waiting: list[Any] = [listener, woken, *connections]
        ready, _, _ = select.select(waiting, [], [])
        if woken in ready:
            os.read(woken, 1024)
            _report_ended(ends)
        if listener in ready:
            accepted = listener.accept()[0]
            if _is_ours(accepted):
                connections.append(accepted)
            else:
                accepted.close()
            continue
        for connection in connections:
            if connection not in ready:
                continue
            order, files = b"", list[int]()
            with contextlib.suppress(ConnectionError):  # the process at the other end was killed
                order, files, _, _ = socket.recv_fds(connection, _MAX_ORDER_BYTES, 3)
            if not order:
                connections.remove(connection)
                connection.close()
                if not connections:
                    return None
                break
            stdout, stderr, end = files
            wanted = json.loads(order)
            _import(wanted["argv"][0])
            pid = os.fork()
            if not pid:
                signal.set_wakeup_fd(-1)
                for number in (signal.SIGCHLD, signal.SIGINT):
                    signal.signal(number, signal.SIG_DFL)
                signal.signal(signal.SIGINT, signal.default_int_handler)
                os.dup2(stdout, 1)
                os.dup2(stderr, 2)
                own = [one.detach() for one in (listener, *connections)]
                os.closerange(3, max(stdout, stderr, end, woken, wakes, *ends.values(), *files, *own) + 1)
                return functools.partial(_become, **wanted)
            os.close(stdout)
            os.close(stderr)
            ends[pid] = end
            with contextlib.suppress(ConnectionError):
                connection.send(str(pid).encode())


def _is_ours(connection: socket.socket) -> bool:
    """Whether a process of this user has connected. All users of the machine can see the address."""
    _pid, user, _group = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return bool(user == os.getuid())


def _report_ended(ends: dict[int, int]) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        end = ends.pop(pid)
        with contextlib.suppress(ConnectionError):  # the process that started it was killed
            os.write(end, str(os.waitstatus_to_exitcode(status)).encode())
        os.close(end)


def _become(argv: list[str], env: dict[str, str], cwd: str) -> None:
    """Run the module as `python -m` does."""
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    if env.get("PYTHONUNBUFFERED"):
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(write_through=True)  # type: ignore[union-attr]
    sys.argv = argv
    runpy.run_module(argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
