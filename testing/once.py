"""Files that one of several test processes makes for all of them."""

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def folder(factory: pytest.TempPathFactory) -> Path:
    """The temporary folder that all processes of this test run share."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def made(file: Path, make: Callable[[Path], object]) -> Path:
    """Return the file. The first process makes it, and the others wait.

    `make` gets another path in the same folder, so an incomplete file never has the final name.
    """
    with file.with_name(file.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            partial = file.with_name(f"partial-{file.name}")
            make(partial)
            partial.rename(file)
    return file
