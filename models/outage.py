"""Decides whether an error means that the database is unavailable, and for which reason."""

import os
import re
import socket
import sqlite3
import ssl
from collections.abc import Iterator

import asyncpg  # type: ignore[import-untyped]
from tortoise.exceptions import BaseORMException, DBConnectionError

# The message for clients. They can repeat every write, because an external id or an event id identifies the
# write, or because the stored state shows that it was done.
MESSAGE = "The database cannot be reached now. Repeat the same request in a moment; repeats are safe."
RETRY_AFTER_SECONDS = 2

# The reason if a statement took too long, or if a connection did not answer in time.
TIME_OUT = "time-out"

# Reasons by the first characters of PostgreSQL's code, see
# https://www.postgresql.org/docs/current/errcodes-appendix.html.
_POSTGRESQL = {
    "08": "connection lost",
    "57P01": "shutting down",
    "57P02": "crashed",
    "57P03": "starting up or shutting down",
    "57P": "connection ended",
    "57014": TIME_OUT,
    "40001": "conflict",
    "40P01": "conflict",
    "55P03": "locked",  # `lock_timeout`, which an administrator may set
    "53100": "disk full",
    "53200": "out of memory",
    "53300": "too many connections",
    "53": "out of resources",
    "58030": "disk error",
    "25006": "read-only",
    # The server sends the next two codes only when a connection is opened.
    "28": "login refused",
    "3D000": "no such database",
}

# serialization_failure and deadlock_detected.
_CONFLICTS = ("40001", "40P01")

# Reasons by SQLite's primary code (https://www.sqlite.org/rescode.html). Other codes, such as the code of a
# missing table, do not mean an outage.
_SQLITE = {
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_PROTOCOL: "locked",
    sqlite3.SQLITE_FULL: "disk full",
    sqlite3.SQLITE_IOERR: "disk error",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_READONLY: "not writable",
}

# The last alternative is asyncpg's message if the server ended the connection just before the next command.
_LOST = re.compile(r"(connection|pool) is clos(ed|ing)|cannot switch to state")

# Tortoise and the drivers raise errors without `from` while they handle another error.
_OF_THE_DATABASE = (BaseORMException, sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError)


class Unavailable(DBConnectionError):
    """The database refused the work, or did not answer in time. `reason` is short and has no secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def reason(error: BaseException) -> str | None:
    """The reason of an outage, from the error or its cause. None for any other error."""
    chain = list(_chain(error))
    first = next(filter(None, map(_reason, chain)), None)
    if first is None and any(isinstance(one, DBConnectionError) for one in chain):
        return "connection failed"
    return first


def is_conflict(error: BaseException) -> bool:
    """Whether the database has undone a transaction that can succeed when it is repeated as a whole."""
    return any(isinstance(one, asyncpg.PostgresError) and one.sqlstate in _CONFLICTS for one in _chain(error))


def refused_privilege(error: BaseException) -> str | None:
    """The server's message if the role lacks a privilege. None for any other error."""
    kinds = asyncpg.InsufficientPrivilegeError, asyncpg.InvalidSchemaNameError
    return next((str(one) for one in _chain(error) if isinstance(one, kinds)), None)


def is_full(error: BaseException) -> bool:
    """Whether the server has no free connection."""
    return isinstance(error, asyncpg.TooManyConnectionsError)


def is_sticky(error: BaseException) -> bool:
    """Whether SQLite's connection keeps failing although its file is usable again, and must be replaced.

    A file that could not be opened for writing stays open for reading only. After any other error the
    connection is kept, because it works again. With a full disk, for example, it can still read.
    """
    return any(
        isinstance(one, sqlite3.Error) and _primary(one) == sqlite3.SQLITE_READONLY for one in _chain(error)
    )


class marked:  # noqa: N801 -- read as a verb
    """Raise a time-out or an error of the operating system as Unavailable.

    If the caller is `holding` a connection, the loss of this connection is also raised as Unavailable.
    """

    __slots__ = ("_holding",)

    def __init__(self, *, holding: bool = False) -> None:
        self._holding = holding

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        # A TimeoutError is an OSError, too.
        if isinstance(error, OSError) and not isinstance(error, DBConnectionError):
            raise Unavailable(_of_system(error)) from error
        # asyncpg's pool releases a lost connection, and then raises this error. If the caller itself has
        # released the connection, the error means a bug.
        is_lost = isinstance(error, asyncpg.InterfaceError) and "released back to the pool" in str(error)
        if is_lost and self._holding:
            raise Unavailable("connection lost") from error


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        # Other code may fail while it handles an outage. That error is a bug, not an outage.
        follows = isinstance(one, _OF_THE_DATABASE) and not one.__suppress_context__
        one = one.__cause__ or (one.__context__ if follows else None)


def _reason(error: BaseException) -> str | None:
    if isinstance(error, Unavailable):
        return error.reason
    if isinstance(error, asyncpg.PostgresError):
        code = error.sqlstate or ""
        return next((_POSTGRESQL[code[:n]] for n in (5, 3, 2) if code[:n] in _POSTGRESQL), None)
    if isinstance(error, asyncpg.InterfaceError | asyncpg.InternalClientError):
        # The driver also raises errors of these classes if it is used wrongly.
        return "connection lost" if _LOST.search(str(error)) else None
    if isinstance(error, sqlite3.Error):
        return _SQLITE.get(_primary(error))
    return None


def _primary(error: sqlite3.Error) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0)  # errors of the driver itself have no code
    return code & 0xFF


def _of_system(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "unknown host"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate refused: {error.verify_message}"
    # If a host has several addresses, asyncio joins their errors in one text.
    match = re.search(r"\[Errno (\d+)\]", str(error))
    number = error.errno or (int(match[1]) if match else 0)
    if number > 0:
        return os.strerror(number).lower()
    return TIME_OUT if isinstance(error, TimeoutError) else "connection failed"
