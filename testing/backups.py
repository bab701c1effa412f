"""Backs up and restores a test's database with the tools of SQLite and PostgreSQL."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from testing import postgres


def write(url: str, file: Path) -> None:
    """Back up a database that is in use."""
    if url.startswith("sqlite:"):
        with (
            closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as source,
            closing(sqlite3.connect(file)) as copy,
        ):
            source.backup(copy)
    else:
        _run("pg_dump", "--format=custom", f"--file={file}", url)


def restore(url: str, file: Path) -> None:
    """Replace the contents of a database that is not in use."""
    if url.startswith("sqlite:"):
        path = Path(url.removeprefix("sqlite:///"))
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        path.write_bytes(file.read_bytes())
    else:
        _run("pg_restore", "--clean", "--if-exists", "--exit-on-error", f"--dbname={url}", str(file))


def _run(tool: str, *arguments: str) -> None:
    subprocess.run([str(postgres.find_tools() / tool), *arguments], check=True, capture_output=True)
