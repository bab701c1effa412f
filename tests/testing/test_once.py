"""One of several processes makes a file for all of them. The tests use threads instead of processes.
Each thread opens the lock itself, as a process does.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from testing import once


def test_one_process_makes_the_file_and_the_others_wait_for_it(tmp_path: Path) -> None:
    makers = []

    def make(file: Path) -> None:
        makers.append(file)
        time.sleep(0.05)
        file.write_text("made")

    with ThreadPoolExecutor(3) as threads:
        files = list(threads.map(lambda _: once.made(tmp_path / "template", make).read_text(), range(3)))
    assert files == ["made"] * 3
    assert len(makers) == 1


def test_a_failure_leaves_no_file(tmp_path: Path) -> None:
    def fail(file: Path) -> None:
        file.write_text("half")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        once.made(tmp_path / "template", fail)
    assert once.made(tmp_path / "template", lambda file: file.write_text("made")).read_text() == "made"
