"""Runs `make` in a copy of the project, with or without a terminal of its own."""

import functools
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import httpx

from testing.processes import ROOT, free_port
from testing.waits import PATIENCE, until


def clone(folder: Path) -> Path:
    """Copy the project without its tests and data, and link its installed packages.

    The bytecode is copied, too, because compiling the project takes longer than a test.
    """
    ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines()} - {"__pycache__"}
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".git", "tests", *ignored))
    (folder / ".venv").mkdir()
    for part in Path(sys.prefix).iterdir():
        if part.name not in {".run", ".dev"}:
            (folder / ".venv" / part.name).symlink_to(part)
    for installed in (".tools/bin/uv", ".venv/.run", ".venv/.dev"):
        (folder / installed).parent.mkdir(parents=True, exist_ok=True)
        (folder / installed).touch()
    return folder


def environment(**more: str) -> dict[str, str]:
    """Return the environment without variables of make, the project or proxies."""
    ours = ("MAKE", "MFLAGS", "CONNECTQL_", "SIMULATOR_")
    variables = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(ours) and not name.lower().endswith("_proxy") and name != "PORT"
    }
    return variables | more


def make(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=60 * PATIENCE,
        check=False,
    )


class Terminal:
    """`make run`, or another target, in its own terminal. `output` is complete when the last process has
    ended.
    """

    def __init__(self, folder: Path, *, target: str = "run", **more: str) -> None:
        self.folder = folder
        self.output = ""
        self.http = httpx.Client(trust_env=False, verify=False, timeout=20 * PATIENCE)
        names = ("PORT", "SIMULATOR_PORT", "START_PORT")
        ports = {name: str(free_port()) for name in names} | {"OPEN": "0"} | more
        self.port, self.simulator_port, self.start_port = (int(ports[name]) for name in names)
        self._keyboard, screen = os.openpty()
        # The first terminal that a session opens becomes its controlling terminal. Ctrl-C reaches all
        # foreground processes, and the shell waits for them like an interactive shell. The shell ends when
        # the window closes.
        command = f"exec <{os.ttyname(screen)}; trap : INT; make {target}; exit $?"
        # Children inherit ignored signals, and the tests may run under nohup or in the background.
        handlers = {
            number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGINT, signal.SIGHUP)
        }
        self._shell = subprocess.Popen(
            ["sh", "-c", command],
            cwd=folder,
            env=environment(**ports),
            stdout=screen,
            stderr=screen,
            start_new_session=True,
        )
        for number, handler in handlers.items():
            signal.signal(number, handler)
        os.close(screen)
        self._open = True
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        while self._open:
            if not select.select([self._keyboard], [], [], 0.05)[0]:
                continue
            try:
                chunk = os.read(self._keyboard, 65536)
            except OSError:  # no process has the terminal open
                return
            if not chunk:
                return
            self.output += chunk.decode(errors="replace").replace("\r\n", "\n")

    def wait_for(self, text: str, *, seconds: float = 60) -> None:
        until(lambda: text in self.output or not self._reader.is_alive(), seconds)
        assert text in self.output, self.output

    def press_control_c(self) -> None:
        os.write(self._keyboard, b"\x03")

    def close_window(self) -> None:
        if self._open:
            self._open = False
            self._reader.join()
            os.close(self._keyboard)

    def end(self, *, seconds: float) -> int:
        """Return the exit code after all processes that write to this terminal have ended."""
        self._reader.join(seconds * PATIENCE)
        assert not self._reader.is_alive(), f"a process still runs:\n{self.output}"
        return self._shell.wait(seconds * PATIENCE)

    def clean_up(self) -> None:
        if self._shell.poll() is None:
            os.killpg(self._shell.pid, signal.SIGTERM)
        self._reader.join(30 * PATIENCE)
        self.close_window()
        self.http.close()
        try:
            self._shell.wait(30 * PATIENCE)
        finally:
            if self._shell.poll() is None:
                os.killpg(self._shell.pid, signal.SIGKILL)
                self._shell.wait()

    @functools.cached_property
    def token(self) -> str:
        return make(self.folder, "-s", "token", "ROLE=operator").stdout.strip()

    def graphql(self, query: str, variables: Any = None, *, token: str | None = None) -> dict[str, Any]:
        """Return the data of an operation that must not fail."""
        answer = self.http.post(
            f"http://localhost:{self.port}/graphql",
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {token or self.token}"},
        )
        body = answer.json()
        assert answer.status_code == 200, body
        assert "errors" not in body, body
        data: dict[str, Any] = body["data"]
        return data

    def control(self, path: str, body: Any) -> Any:
        """Call the control plane of the local Stripe."""
        url = f"http://127.0.0.1:{self.simulator_port}/simulator/{path}"
        return self.http.post(url, json=body).raise_for_status().json()


def is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
