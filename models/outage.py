"""When the database cannot be used at the moment: told apart from every fault of ours, and why."""

import contextlib
import os
import re
import socket
import sqlite3
from collections.abc import Iterator

import asyncpg  # type: ignore[import-untyped]
from tortoise.exceptions import BaseORMException, DBConnectionError

# For clients. True because every write of ours is repeatable: by external id, by event id, by state.
MESSAGE = (
    "The database cannot be reached at the moment. Repeat the same request in a moment; "
    "nothing happens twice."
)
RETRY_AFTER_SECONDS = 2

# By the first characters of PostgreSQL's code (https://www.postgresql.org/docs/current/errcodes-appendix.html).
_POSTGRESQL = {
    "08": "connection lost",
    "57P01": "shutting down",
    "57P02": "crashed",
    "57P03": "starting up or shutting down",
    "57P": "connection ended",
    "57014": "time-out",
    "55P03": "locked",  # `lock_timeout`, which an administrator may set
    "53100": "disk full",
    "53200": "out of memory",
    "53300": "too many connections",
    "53": "out of resources",
    "58030": "disk error",
    "25006": "read-only",
    # These come only from connecting.
    "28": "login refused",
    "3D000": "no such database",
}

# By SQLite's primary code (https://www.sqlite.org/rescode.html). A missing table has another one.
_SQLITE = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_PROTOCOL: "locked",
    sqlite3.SQLITE_FULL: "disk full",
    sqlite3.SQLITE_IOERR: "disk error",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_READONLY: "not writable",
}

# The last is asyncpg's word when the server throws it out just before it sends its next message.
_LOST = re.compile(r"(connection|pool) is clos(ed|ing)|cannot switch to state")

# Tortoise and the drivers raise one of their own errors in the midst of another, without saying "from".
_OF_THE_DATABASE = (BaseORMException, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError)


class Unavailable(DBConnectionError):
    """The database did not let us in, or not in time. `reason` is short and holds no secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def reason(error: BaseException) -> str | None:
    """Why the database is unavailable, if that is what the error or its cause says; None for any other."""
    chain = list(_chain(error))
    named = next(filter(None, map(_reason, chain)), None)
    if named is None and any(isinstance(one, DBConnectionError) for one in chain):
        return "connection failed"
    return named


def is_sticky(error: BaseException) -> bool:
    """Whether SQLite's connection stays so when its file is well again, and must be made anew.

    A file that could not be opened for writing is open for reading alone. After any other error the same
    connection works again; to give it up would end reading too, which a full disk permits.
    """
    return any(
        isinstance(one, sqlite3.Error) and _primary(one) == sqlite3.SQLITE_READONLY for one in _chain(error)
    )


@contextlib.contextmanager
def marked(*, holding: bool = False) -> Iterator[None]:
    """Within it, a time-out or an error of the operating system is the database's: raised as Unavailable.

    So is the loss of a connection that whoever is `holding` it has not given back.
    """
    try:
        yield
    except DBConnectionError:  # an OSError, too
        raise
    except OSError as error:  # and so is TimeoutError
        raise Unavailable(_of_system(error)) from error
    except asyncpg.InterfaceError as error:
        # asyncpg's pool takes back a connection that is lost. It says the same to a task that uses one after
        # its end, which is a fault.
        if holding and "released back to the pool" in str(error):
            raise Unavailable("connection lost") from error
        raise


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        # What others raise while they handle an outage is a fault of its own.
        follows = isinstance(one, _OF_THE_DATABASE) and not one.__suppress_context__
        one = one.__cause__ or (one.__context__ if follows else None)


def _reason(error: BaseException) -> str | None:
    if isinstance(error, Unavailable):
        return error.reason
    if isinstance(error, asyncpg.PostgresError):
        code = error.sqlstate or ""
        return next((_POSTGRESQL[code[:n]] for n in (5, 3, 2) if code[:n] in _POSTGRESQL), None)
    if isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError):
        # Misuse of the driver has the same classes.
        return "connection lost" if _LOST.search(str(error)) else None
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get(_primary(error))
    return None


def _primary(error: sqlite3.Error) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0)  # the driver's own errors have none
    return code & 0xFF


def _of_system(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "unknown host"
    # asyncio joins the errors of a host's several addresses in one text.
    found = re.search(r"\[Errno (\d+)\]", str(error))
    number = error.errno or (int(found[1]) if found else 0)
    if number > 0:
        return os.strerror(number).lower()
    return "time-out" if isinstance(error, TimeoutError) else "connection failed"
