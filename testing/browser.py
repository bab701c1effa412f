"""A Chromium for the tests. `python -m testing.browser` installs one if it is missing."""

# ruff: noqa: T201 - this is a command

import contextlib
import fcntl
import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

# The headless shell comes first, because it needs only a fifth of Chromium's CPU time for a new page.
NAMES = "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"
# Playwright's folders. They contain a folder for each version, which contains a folder for each platform.
DOWNLOADS = "~/.cache/ms-playwright", "~/Library/Caches/ms-playwright"
DOWNLOADED = (
    "chromium_headless_shell-*/*/*headless*shell",
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)
APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
ARGUMENTS = (
    "--no-sandbox",  # the sandbox does not work for root, which most containers run as
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# A shell script that ends the browser when its standard input is closed, even if the tests are killed.
KEEPER = '"$@" & read -r _; kill -TERM 0'
ABSENT = (
    "NO BROWSER: the tests that need one are skipped. Install Chromium, or set its path in the environment: "
    "CHROMIUM=/path/to/chromium"
)


def executable() -> str | None:
    """Return the path of the first browser that starts, or None."""
    return next((path for path in _candidates() if _starts(path)), None)


@contextlib.contextmanager
def served(path: str) -> Iterator[str]:
    """Run one browser for several tests, and yield the address to which they connect.

    Playwright closes a test's pages and deletes its cookies and caches when the test disconnects.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".json") as config:
        json.dump({"executablePath": path, "args": ARGUMENTS, "host": "127.0.0.1"}, config)
        config.flush()
        launch = [sys.executable, "-m", "playwright", "launch-server", "--browser", "chromium"]
        keeper = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "sh", *launch, "--config", config.name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # so that KEEPER signals only these processes
        )
        assert keeper.stdin
        assert keeper.stdout
        try:
            address = keeper.stdout.readline().strip()
            if not address:
                raise RuntimeError(f"{path} did not start")
            yield address
        finally:
            keeper.stdin.close()
            keeper.wait(30)
            keeper.stdout.close()


@contextlib.contextmanager
def shared(path: str, folder: Path) -> Iterator[Callable[[], str]]:
    """Yield a function that returns the address of a browser, which all processes with this folder share.

    The function starts the browser, unless another process that is still running has started it. At the end,
    the process that started the browser waits until no other process uses it.
    """
    file, has_started = folder / "browser", False
    with (
        contextlib.ExitStack() as own,
        (folder / "browser.users").open("w") as users,
        (folder / "browser.starter").open("w") as starter,
    ):

        def address() -> str:
            nonlocal has_started
            with (folder / "browser.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not has_started and _lock(starter):
                    try:
                        file.write_text(own.enter_context(served(path)))
                    except BaseException:
                        fcntl.flock(starter, fcntl.LOCK_UN)  # another process may try
                        raise
                    has_started = True
                return file.read_text()

        fcntl.flock(users, fcntl.LOCK_SH)
        yield address
        if has_started:
            fcntl.flock(users, fcntl.LOCK_EX)  # waits until the others have closed the file


def _lock(file: IO[str]) -> bool:
    """Lock the file for this process. Returns False if another process has locked it.

    A lock ends when its process ends.
    """
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _candidates() -> Iterator[str]:
    if path := os.environ.get("CHROMIUM"):
        yield path
    for name in NAMES:
        if command := shutil.which(name):
            yield command
    setting = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    for folder in [setting] if setting else DOWNLOADS:
        for pattern in DOWNLOADED:
            yield from (str(path) for path in sorted(Path(folder).expanduser().glob(pattern), reverse=True))
    yield from APPLICATIONS


@functools.cache
def _starts(path: str) -> bool:
    # A program on PATH may be a stub that only offers to install the real one, and a downloaded browser may
    # lack libraries.
    try:
        subprocess.run([path, "--version"], capture_output=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _install() -> None:
    """Try Playwright's download, then Debian's package."""
    print("No Chromium found: downloading one with Playwright ...", flush=True)
    _attempt([sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"], seconds=240)
    if executable() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("The download failed: installing Debian's package ...", flush=True)
        if _attempt(["apt-get", "update", "-qq"], seconds=120):
            install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
            any(_attempt([*install, package], seconds=600) for package in NAMES[:2])


def _attempt(command: list[str], *, seconds: int) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, timeout=seconds, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        print(error, file=sys.stderr)
        return False
    return True


def main() -> int:
    if executable() is None:
        _install()
    if path := executable():
        print(f"Browser for the tests: {path}")
        return 0
    print(ABSENT, file=sys.stderr)
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
