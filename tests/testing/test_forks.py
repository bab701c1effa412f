"""A forked process of the service behaves like a new one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from testing import forks, processes
from testing.deployment import PATH
from testing.environment import settings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, tests start new processes")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    url = f"sqlite:///{tmp_path}/connectql.db"
    return {**PATH, **settings(url, "http://127.0.0.1:1", "whsec_0123456789", tmp_path, WORKER="off")}


@pytest.mark.parametrize("arguments", [["--help"], []])
def test_a_forked_process_prints_and_returns_the_same_as_a_new_one(
    arguments: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    # Without arguments and settings, the command fails. With settings, it would start the service.
    environment = environment if arguments else dict(PATH)
    results = []
    for is_forked in (True, False):
        argv = ["-m", "api" if is_forked else "api.__main__", *arguments]
        assert forks.is_known(argv) is is_forked
        done = processes.run(argv, env=environment, cwd=tmp_path)
        results.append((done.returncode, done.stdout, done.stderr.replace("api.__main__", "api")))
    assert results[0] == results[1]
    assert any(results[0])


def test_a_forked_process_gets_only_the_given_environment(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONNECTQL_PORT", "hunter2")
    with (tmp_path / "output").open("wb") as output:
        started = forks.Server(f"alone-{os.getpid()}").start(
            ["-m", "api", "migrate"], env=environment, cwd=tmp_path, stdout=output, stderr=output
        )
        assert started.wait(300) == 0
    assert (tmp_path / "output").read_text() == ""


def test_all_test_processes_share_one_fork_server_which_ends_when_the_last_disconnects(
    tmp_path: Path,
) -> None:
    first, second = (forks.Server(f"shared-{os.getpid()}") for _ in range(2))
    assert (first.process is None, second.process is None) == (False, True)
    for one in (second, first):
        with (tmp_path / "output").open("wb") as output:
            argv = ["-m", "simulator", "--help"]
            started = one.start(argv, env=PATH, cwd=tmp_path, stdout=output, stderr=output)
            assert started.wait(300) == 1
        assert (tmp_path / "output").read_text().startswith("usage: python -m simulator")
        one.close()
    assert first.process is not None
    assert first.process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_forked_process_receives_signals_and_reports_its_end(
    number: signal.Signals, environment: dict[str, str], tmp_path: Path
) -> None:
    port = processes.free_port()
    ready = f"http://127.0.0.1:{port}/readyz"
    environment["CONNECTQL_PORT"] = str(port)
    with processes.running(["-m", "api"], env=environment, ready=ready, cwd=tmp_path, timeout=300) as process:
        assert isinstance(process.popen, forks.Forked)
        assert process.popen.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.popen.wait(0)
        expected = 0 if number is signal.SIGTERM else -signal.SIGKILL
        assert processes.end(process, number) == expected
        assert process.popen.poll() == process.popen.returncode == expected
        process.popen.kill()  # sends no signal, because another process may have the id now
