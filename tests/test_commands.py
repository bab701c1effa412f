"""The commands that the README names exist."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).parent.parent


def test_make_alone_lists_the_commands() -> None:
    listed = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    names = [line.split()[1] for line in listed.splitlines()]
    assert {"run", "test", "check", "token", "schema", "migrations", "simulator"} <= set(names)
