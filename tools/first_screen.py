"""`python -m tools.first_screen`: measure the time from a fresh clone to the demo app on the screen.

The last line shows the CPU time of all processes, which is comparable even if the machine is busy. uv and npm
use the caches of this machine, so the packages are not downloaded again if they were installed before.
"""

# ruff: noqa: T201 - this is a command

import contextlib
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
from playwright.sync_api import expect, sync_playwright

from testing import browser
from testing.processes import ROOT, free_port

SECONDS = 300
OURS = ("MAKE", "MFLAGS", "CONNECTQL_", "SIMULATOR_", "VIRTUAL_ENV", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")


def environment() -> dict[str, str]:
    """Return the environment variables that a newcomer has, with free ports."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    ports = {name: str(free_port()) for name in ("PORT", "SIMULATOR_PORT", "START_PORT")}
    return kept | ports | {"OPEN": "0"}


def wait_for(url: str, process: "subprocess.Popen[bytes]", began: float) -> None:
    """Wait until a URL answers with the status 200."""
    while process.poll() is None and time.monotonic() - began < SECONDS:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url, trust_env=False).status_code == 200:
                return
        time.sleep(0.1)
    raise SystemExit(f"{url} did not answer within {SECONDS} s; make's output is above")


def measure(folder: Path) -> None:
    """Clone the last commit, run `make demo`, open the demo app, and print the times."""
    path = browser.executable()
    if path is None:
        raise SystemExit(browser.ABSENT)
    began = time.monotonic()

    def report(step: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {step}", flush=True)

    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    report("cloned")
    env = environment()
    process = subprocess.Popen(["make", "demo"], cwd=folder, env=env, start_new_session=True)
    try:
        wait_for(f"http://127.0.0.1:{env['START_PORT']}/", process, began)
        report("make demo answers")
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=path, args=list(browser.ARGUMENTS))
            page = chromium.new_page()
            page.goto(f"http://localhost:{env['START_PORT']}/portal/")
            expect(page.locator("h1")).to_be_visible(timeout=30_000)
            report(f"the demo app shows: {page.locator('h1').first.inner_text().strip()}")
            chromium.close()
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(30)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{used.ru_utime + used.ru_stime:6.1f} s  CPU time", flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as place:
        measure(Path(place) / "connectql")
