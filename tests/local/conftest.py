"""Copies of the project, and terminals that are closed after the test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.local.terminal import Terminal, clone


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """A copy of the project whose database is migrated. `test_run.py` tests a start without a database."""
    folder = clone(tmp_path / "connectql")
    (folder / "var").mkdir()
    shutil.copyfile(sqlite_template, folder / "var/connectql.db")
    return folder


@pytest.fixture(scope="module")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project for commands that are refused."""
    return clone(tmp_path_factory.mktemp("shared") / "connectql")


@pytest.fixture
def terminals() -> Iterator[Callable[..., Terminal]]:
    """Return a function that opens terminals. The fixture closes them after the test."""
    opened: list[Terminal] = []

    def start(folder: Path, **more: str) -> Terminal:
        opened.append(Terminal(folder, **more))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.clean_up()
