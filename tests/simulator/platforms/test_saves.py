"""The state can be saved under a name and loaded again: with the control plane, the page and the command."""

import subprocess
import sys
from pathlib import Path

import httpx

from testing.processes import ROOT, Simulator, simulator


def submit(sim: Simulator, **values: str) -> int:
    return httpx.post(f"{sim.base_url}/platforms", data=values, trust_env=False).status_code


def command(sim: Simulator, *arguments: str) -> subprocess.CompletedProcess[str]:
    port = sim.base_url.rpartition(":")[2]
    return subprocess.run(
        [sys.executable, "-m", "simulator", *arguments],
        env={"SIMULATOR_PORT": port},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_loading_a_save_restores_the_ledger_and_the_scheduled_renewals(tmp_path: Path) -> None:
    with simulator(tmp_path / "state.db") as sim:
        assert submit(sim, action="platform", name="ten-merchants") == 303
        sim.control("clock", {"advance_seconds": 10 * 86400})  # all money is booked and available
        made = command(sim, "save", "before")
        assert (made.returncode, made.stderr) == (0, "")
        ledger = sim.control("ledger")
        sim.control("clock", {"advance_seconds": 40 * 86400})
        assert sim.control("ledger") != ledger
        assert sim.control("saves")["data"] == ["before"]
        assert submit(sim, action="load", name="before") == 303
        assert sim.control("ledger") == ledger
        # The renewals of the loaded subscriptions still happen.
        before = sum(sim.control("ledger")["balances"]["acct_1SimulatedPlatform"]["available"].values())
        sim.control("clock", {"advance_seconds": 40 * 86400})
        after = sim.control("ledger")
        assert sum(after["balances"]["acct_1SimulatedPlatform"]["available"].values()) > before
        assert after["faults"] == []
    with simulator(tmp_path / "state.db") as sim:  # the loaded state is still there after a restart
        assert sim.control("accounts")["count"] == 10


def test_unknown_names_and_files_are_refused(tmp_path: Path) -> None:
    with simulator(tmp_path / "state.db") as sim:
        missing = command(sim, "load", "none")
        assert (missing.returncode, missing.stderr) == (1, "No such save: 'none'\n")
        assert command(sim, "load").stderr.startswith("usage: ")
        assert "No such file" in command(sim, "platform", "none.json").stderr
        assert submit(sim, action="save", name="../x") == 422
        assert submit(sim, action="platform", name="none") == 404
        file = tmp_path / "file.json"
        file.write_text('{"name": "two", "merchants": [{"count": 2}]}')
        assert '"acct_two0002"' in command(sim, "platform", str(file)).stdout
