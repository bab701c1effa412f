"""All test processes share one browser. If the process that started it crashes, another one takes over."""

import contextlib
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from testing import browser

CRASH = """
import contextlib, os, signal, sys
from pathlib import Path
from testing import browser

browser.served = lambda path: contextlib.nullcontext("first")
with browser.shared("", Path(sys.argv[1])) as address:
    print(address(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_after_a_crash_another_process_starts_the_shared_browser(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = iter(["second"])
    monkeypatch.setattr(browser, "served", lambda _: contextlib.nullcontext(next(started)))
    with browser.shared("", tmp_path) as address, browser.shared("", tmp_path) as other:
        crashed = subprocess.run(
            [sys.executable, "-c", CRASH, str(tmp_path)], stdout=subprocess.PIPE, text=True, check=False
        )
        assert (crashed.returncode, crashed.stdout) == (-signal.SIGKILL, "first\n")
        # `address` starts the browser, and `other` uses it.
        assert [address(), other(), address()] == ["second"] * 3


def test_another_process_starts_the_browser_if_a_start_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = iter(["second"])

    def fail(_: str) -> NoReturn:
        raise RuntimeError("it did not start")

    # `other` starts the browser, and its block waits at its end for `address`. So `address` must end first.
    with browser.shared("", tmp_path) as other, browser.shared("", tmp_path) as address:
        monkeypatch.setattr(browser, "served", fail)
        with pytest.raises(RuntimeError, match="it did not start"):
            address()
        monkeypatch.setattr(browser, "served", lambda _: contextlib.nullcontext(next(started)))
        assert [other(), address()] == ["second"] * 2
