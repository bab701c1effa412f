"""The proof of wrong clocks: the same code as `make torture PROOF=clocks`, with one seed and a small size."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from testing.processes import ROOT
from torture import clocks

MODULE = (
    "import asyncio, time\n"
    "async def waited():\n"
    "    began = asyncio.get_running_loop().time()\n"
    "    await asyncio.sleep(0.1)\n"
    "    return asyncio.get_running_loop().time() - began\n"
    "print(time.time(), time.monotonic(), asyncio.run(waited()))\n"
)


def test_a_shifted_process_has_a_wrong_wall_clock_and_a_right_monotonic_clock(tmp_path: Path) -> None:
    (tmp_path / "clock.py").write_text(MODULE)
    argv = [sys.executable, "-m", "local.shifted", "-240", "-m", "clock"]
    shifted = subprocess.run(
        argv,
        cwd=tmp_path,
        env={"PYTHONPATH": f"{ROOT}:{tmp_path}"},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    wall, monotonic, waited = (float(word) for word in shifted.stdout.split())
    assert wall - time.time() == pytest.approx(-240, abs=10)
    assert monotonic - time.monotonic() == pytest.approx(0, abs=10)
    assert 0.1 <= waited < 5


@pytest.mark.timeout(150)
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_replicas_with_wrong_clocks_respect_leases_pauses_and_order(
    database_url: str, tmp_path: Path
) -> None:
    report = clocks.prove(database_url, tmp_path, rounds=1, seed=7, points=["create.claimed"], pause=0.3)
    assert report.problems == []
    assert report.figures["replicas killed"] == 1
