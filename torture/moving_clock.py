"""One clock for the service, its database and the local Stripe. A proof advances it by seconds or days.

The processes of the service run with a shifted wall clock (`local.shifted`). In PostgreSQL, functions of the
proof take the place of `clock_timestamp` and `statement_timestamp`. The local Stripe has a clock of its own,
which it advances step by step. Only the proof itself and the monotonic clocks of all processes use real time.
"""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local.shifted import seen
from testing import tables
from testing.deployment import Deployment, service
from testing.waits import until

# A token must be valid for the whole time of a proof.
TOKEN_SECONDS = 20 * 365 * 86_400
_FUNCTIONS = """
CREATE SCHEMA moving;
CREATE TABLE moving.clock (seconds float8 NOT NULL);
INSERT INTO moving.clock VALUES (0);
CREATE FUNCTION moving.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
    'SELECT pg_catalog.clock_timestamp() + make_interval(secs => seconds) FROM moving.clock';
CREATE FUNCTION moving.statement_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS
    'SELECT pg_catalog.statement_timestamp() + make_interval(secs => seconds) FROM moving.clock';
ALTER DATABASE "{name}" SET search_path = public, moving, pg_catalog;
"""


@dataclass
class Clock:
    """The common clock. It is never set back."""

    deployment: Deployment
    seconds: float = 0.0

    def pass_time(self, seconds: float) -> None:
        """Advance the clock. For a moment, the service is ahead of the local Stripe, but never behind it."""
        self.seconds += seconds
        _write(self.deployment.folder, self.seconds)
        # Wait until the service has the new time, because a jump during a mutation would let the mutation's
        # request expire.
        until(self._is_seen, 30, pause=0.002)
        if self.deployment.database_url.startswith("postgresql:"):
            statement = f"UPDATE moving.clock SET seconds = {self.seconds!r}"  # noqa: S608 -- a number
            tables.script(self.deployment.database_url, statement)
        self.deployment.simulator.control("clock", {"advance_seconds": seconds})

    def _is_seen(self) -> bool:
        file = seen(_file(self.deployment.folder))
        return file.exists() and file.read_text() == repr(self.seconds)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.seconds)


@contextlib.contextmanager
def service_with_clock(
    database: str, folder: Path, *, stripe: Mapping[str, str], **changed: Any
) -> Iterator[tuple[Deployment, Clock]]:
    """Run a local Stripe, and the service as one process with its worker. Both share one clock."""
    if database.startswith("postgresql:"):
        name = urlsplit(database).path.removeprefix("/")
        tables.script(database, _FUNCTIONS.format(name=name))
    _write(folder, 0.0)
    argv = [["-m", "local.shifted", str(_file(folder)), "-m", "api"]]
    with service(database, folder, replicas=1, stripe=stripe, argv=argv, **changed) as deployment:
        deployment.headers = {"Authorization": f"Bearer {deployment.token(lifetime_seconds=TOKEN_SECONDS)}"}
        deployment.simulator.control("deliveries", {"simulated_signatures": True})
        clock = Clock(deployment)
        clock.pass_time(_to_monday(clock.now()))
        yield deployment, clock


def _to_monday(at: datetime) -> float:
    """The seconds until the next Monday at noon UTC.

    Payout schedules depend on weekdays, so a proof with the same seed must begin on the same weekday.
    """
    noon = at.replace(hour=12, minute=0, second=0, microsecond=0)
    monday = noon + timedelta(days=-noon.weekday() % 7)
    return ((monday if monday >= at else monday + timedelta(days=7)) - at).total_seconds()


def _file(folder: Path) -> Path:
    return folder / "clock"


def _write(folder: Path, seconds: float) -> None:
    new = folder / "clock.new"
    new.write_text(repr(seconds))
    new.replace(_file(folder))
