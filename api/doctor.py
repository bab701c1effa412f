"""`python -m api doctor`: looks at everything that this service needs, and says what to do. Changes nothing.

What cannot be reached is said, and the rest is looked at all the same.
"""

import asyncio
import enum
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from api import logs
from api import settings as settings_module
from api.auth import jwks
from api.auth.tokens import AuthSettings
from api.settings import Settings, SettingsError
from connect.errors import ConnectError, StripeKeyRefused
from connect.events import destinations
from connect.gateway import Gateway
from connect.platform import health
from connect.platform.problems import (
    Problem,
    ProblemCode,
    Seen,
    Severity,
    StripeAnswer,
    of_destination,
    of_stripe,
)
from models import database, now, outage

# Signatures of notifications and tokens depend on the time.
WATCHED_SECONDS = 2.0
WRONG_SECONDS = 60.0

# What is looked at here and now need not be repeated from the last look of a worker.
LIVE = frozenset(
    {
        ProblemCode.STRIPE_KEY_REFUSED,
        ProblemCode.STRIPE_UNAVAILABLE,
        ProblemCode.DESTINATION_MISSING,
        ProblemCode.DESTINATION_DISABLED,
        ProblemCode.DESTINATION_SCOPE,
        ProblemCode.DESTINATION_PAYLOAD,
        ProblemCode.DESTINATION_EVENTS,
    }
)
OF_WORKERS = frozenset({ProblemCode.NO_WORKER, ProblemCode.EVENTS_WAITING})


class Mark(enum.Enum):
    OK = "ok"
    LOOK = "?"  # a warning, or something that cannot be told
    PROBLEM = "PROBLEM"


@dataclass(frozen=True, slots=True)
class Line:
    """What was found of one subject, and what to do about it."""

    mark: Mark
    subject: str
    text: str

    def __str__(self) -> str:
        line = f"{self.mark.value:<8} {self.subject}: {self.text}"
        return str(logs.redact(None, "", {"line": line})["line"])


async def run(environment: Mapping[str, str], say: Callable[[str], object]) -> int:
    """Say each line as it is found. 0 when none of them is a problem, else 1."""
    worst = 0
    async for line in examine(environment):
        say(str(line))
        worst = max(worst, int(line.mark is Mark.PROBLEM))
    return worst


async def examine(environment: Mapping[str, str]) -> AsyncIterator[Line]:
    """One line after the other: settings, database, Stripe, token keys, workers, the platform."""
    try:
        settings = settings_module.read(environment)
    except SettingsError as error:
        for problem in error.problems:
            yield Line(Mark.PROBLEM, "settings", problem)
        yield Line(Mark.LOOK, "everything else", "cannot be told before the settings are right.")
        return
    mode = "production" if settings.production else "development"
    yield Line(Mark.OK, "settings", f"fit for {mode}.")
    usable = False
    try:
        async for line in _database(settings):
            usable = line.mark is Mark.OK
            yield line
        if usable:
            async for line in _database_clock():
                yield line
        async for line in _stripe(settings):
            yield line
        async for line in _token_keys(settings.auth):
            yield line
        async for line in _platform(settings, usable=usable):
            yield line
    finally:
        await database.close()


def clock_line(whose: str, apart: float) -> Line:
    """How far this machine's clock is from another one."""
    subject = f"clock of {whose}"
    if apart <= WATCHED_SECONDS:
        return Line(Mark.OK, subject, "agrees with this machine's.")
    remedy = "Set both by NTP: Stripe's signatures and tokens are valid for a short time only."
    mark = Mark.PROBLEM if apart > WRONG_SECONDS else Mark.LOOK
    return Line(mark, subject, f"{apart:.0f} s away from this machine's. {remedy}")


def seconds_apart(before: datetime, after: datetime, earliest: datetime, latest: datetime) -> float:
    """The least that two clocks can differ: one was between `before` and `after` when the other was between
    `earliest` and `latest`."""
    return max((earliest - after).total_seconds(), (before - latest).total_seconds(), 0.0)


async def _database(settings: Settings) -> AsyncIterator[Line]:
    """Whether it answers and is migrated; the last line is ok when both hold."""
    if not database.is_there(settings.database_url):
        text = "there is no such file yet. The first start makes it, and so does `python -m api migrate`."
        yield Line(Mark.PROBLEM, "database", text)
        return
    try:
        async with asyncio.timeout(15):
            await database.connect(settings.database_url)
            version = await database.version()
            is_migrated = await database.is_migrated()
    except Exception as error:  # noqa: BLE001 - whatever the reason, the rest is looked at all the same
        remedy = "Check CONNECTQL_DATABASE_URL, and that its server runs and lets this machine in."
        yield Line(Mark.PROBLEM, "database", f"it does not answer ({_why(error)}). {remedy}")
        return
    yield Line(Mark.OK, "database", f"{version} answers.")
    if is_migrated:
        yield Line(Mark.OK, "migrations", "all are applied.")
    else:
        text = "some are missing. Run `python -m api migrate`; each start does it too."
        yield Line(Mark.PROBLEM, "migrations", text)


async def _database_clock() -> AsyncIterator[Line]:
    before = datetime.now(UTC)
    try:
        theirs = await now()
    except Exception as error:  # noqa: BLE001 - it answered a moment ago; whatever the reason, it is said
        yield Line(Mark.PROBLEM, "clock of the database", f"it stopped answering ({_why(error)}).")
    else:
        yield clock_line("the database", seconds_apart(before, datetime.now(UTC), theirs, theirs))


async def _stripe(settings: Settings) -> AsyncIterator[Line]:
    """Whether Stripe answers, accepts the key, agrees on the time, and has our event destination."""
    gateway = Gateway(
        settings.stripe_api_key, settings.stripe_api_base, timeout=settings.stripe_timeout_seconds
    )
    try:
        before = datetime.now(UTC)
        theirs = await gateway.clock()
        after = datetime.now(UTC)
        mode = "live mode" if gateway.livemode else "a sandbox"
        yield Line(Mark.OK, "Stripe", f"accepts the key, of {mode}.")
        if theirs is None:
            yield Line(Mark.LOOK, "clock of Stripe", "Stripe's answer had no date.")
        else:  # told in whole seconds
            apart = seconds_apart(before, after, theirs, theirs + timedelta(seconds=1))
            yield clock_line("Stripe", apart)
        check = await destinations.check(gateway, settings.webhook_url)
        faults = list(of_destination(check))
        for line in _lines("event destination", faults):
            yield line
        if not faults:
            yield Line(Mark.OK, "event destination", f"{check.id} sends to {check.url}.")
    except StripeKeyRefused:
        for problem in of_stripe(Seen(stripe=StripeAnswer.KEY_REFUSED)):
            yield Line(Mark.PROBLEM, "Stripe", f"{problem.message} {problem.remedy}")
        yield Line(Mark.LOOK, "event destination", "cannot be told without Stripe.")
    except ConnectError:
        for problem in of_stripe(Seen(stripe=StripeAnswer.UNAVAILABLE)):
            yield Line(Mark.PROBLEM, "Stripe", f"{problem.message} {problem.remedy}")
        yield Line(Mark.LOOK, "event destination", "cannot be told without Stripe.")
    finally:
        await gateway.close()


async def _token_keys(auth: AuthSettings) -> AsyncIterator[Line]:
    """Whether there are keys to verify tokens with."""
    subject = "token keys"
    if auth.jwks_url:
        name = "CONNECTQL_JWKS_URL"
        async with httpx.AsyncClient(trust_env=True) as http:
            try:
                count = len(await jwks.RemoteKeys(auth.jwks_url, http).fetch())
            except (httpx.HTTPError, TimeoutError, ValueError) as error:
                why = str(error) if type(error) is ValueError else f"{type(error).__name__}."
                remedy = f"Check {name} and the way from here to it: without keys nobody gets in."
                yield Line(Mark.PROBLEM, subject, f"{name} gives none. {why} {remedy}")
            else:
                yield Line(Mark.OK, subject, f"{name} has {count} that can be used.")
    if auth.jwks_file:
        name = "CONNECTQL_JWKS_FILE"
        try:
            count = len(jwks.parse(auth.jwks_file.read_bytes()))
        except (OSError, ValueError) as error:
            why = str(error) if type(error) is ValueError else f"{type(error).__name__}."
            yield Line(Mark.PROBLEM, subject, f"{name} gives none. {why} Mend that file.")
        else:
            yield Line(Mark.OK, subject, f"{name} has {count} that can be used.")
    if auth.hs256_secret is not None:
        yield Line(Mark.OK, subject, "CONNECTQL_HS256_SECRET is long enough.")
    if auth.development_key_file:
        yield Line(Mark.OK, subject, "the development key of this machine signs tokens.")


async def _platform(settings: Settings, *, usable: bool) -> AsyncIterator[Line]:
    """What is wrong according to the database: first the workers, then everything else."""
    if not usable:
        yield Line(Mark.LOOK, "workers", "cannot be told without a migrated database.")
        yield Line(Mark.LOOK, "platform", "cannot be told without a migrated database.")
        return
    times = {"stale_after": settings.stale_after, "backfill_after": settings.backfill_after}
    try:
        found = await health.problems(**times)
    except Exception as error:  # noqa: BLE001 - it answered a moment ago; whatever the reason, it is said
        yield Line(Mark.PROBLEM, "platform", f"the database stopped answering ({_why(error)}).")
        return
    of_workers = [problem for problem in found if problem.code in OF_WORKERS]
    others = [problem for problem in found if problem.code not in OF_WORKERS | LIVE]
    for line in _lines("workers", of_workers):
        yield line
    if not of_workers:
        yield Line(Mark.OK, "workers", "one was at work within the last 5 minutes, and no event waits long.")
    for line in _lines("platform", others):
        yield line
    if not others:
        yield Line(Mark.OK, "platform", "no problem is known.")


def _lines(subject: str, problems: Iterable[Problem]) -> list[Line]:
    return [
        Line(
            Mark.PROBLEM if problem.severity is Severity.ERROR else Mark.LOOK,
            subject,
            f"{problem.message} {problem.remedy}",
        )
        for problem in problems
    ]


def _why(error: Exception) -> str:
    return outage.reason(error) or type(error).__name__
