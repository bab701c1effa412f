"""Empty databases for the commands that run proofs and measurements."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from testing import portable, postgres


@contextlib.contextmanager
def empty(kind: str, folder: Path) -> Iterator[str]:
    """Yield the URL of a database without tables.

    `kind` is `sqlite` for a file in the folder, or `postgresql` or `portable` for a database on a new server.
    """
    if kind == "sqlite":
        yield f"sqlite:///{folder}/connectql.db"
    else:
        with postgres.server() as server:
            create = portable.create_database if kind == "portable" else postgres.create_database
            yield create(server)
