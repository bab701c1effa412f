"""`python -m api doctor`: checks all dependencies of the service and names remedies. Changes nothing."""

import asyncio
import enum
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import httpx
from jwt import PyJWK

from api import resources
from api.auth import jwks
from api.auth.providers import AuthSettings, Provider
from api.auth.tokens import Authenticator
from api.configuration import settings as settings_module
from api.configuration.settings import Settings, SettingsError
from api.server import logs
from api.server.refusals import Refused
from connect.errors import ConnectError, StripeKeyRefused, StripePermissionMissing, StripeRefused
from connect.events import destinations
from connect.platform import health, last_check, permissions
from connect.platform.last_check import LastCheck, StripeAnswer
from connect.platform.problems import Problem, ProblemCode, Severity
from connect.stripe_api import certificates
from models import database, now, outage

# Signatures and tokens depend on the time. Clocks may differ by up to WARNING_SECONDS without harm.
WARNING_SECONDS = 2.0
PROBLEM_SECONDS = 60.0

# The doctor checks these problems itself, so it does not show the worker's last results for them.
CHECKED_HERE = frozenset(
    {
        ProblemCode.STRIPE_KEY_REFUSED,
        ProblemCode.STRIPE_PERMISSION_MISSING,
        ProblemCode.STRIPE_UNAVAILABLE,
        ProblemCode.DESTINATION_MISSING,
        ProblemCode.DESTINATION_DISABLED,
        ProblemCode.DESTINATION_SCOPE,
        ProblemCode.DESTINATION_PAYLOAD,
        ProblemCode.DESTINATION_EVENTS,
    }
)
# Top-level domains that never lead to a public host
# (https://www.iana.org/assignments/special-use-domain-names and ICANN's reservation of `internal`).
RESERVED = frozenset({"arpa", "example", "internal", "invalid", "local", "localhost", "onion", "test"})
WORKER_PROBLEMS = frozenset({ProblemCode.NO_WORKER, ProblemCode.EVENTS_WAITING})


class Mark(enum.Enum):
    OK = "ok"
    WARNING = "?"  # a warning, or a check that could not run
    PROBLEM = "PROBLEM"


@dataclass(frozen=True, slots=True)
class Line:
    """The result of one check, with the remedy."""

    mark: Mark
    subject: str
    text: str

    def __str__(self) -> str:
        line = f"{self.mark.value:<8} {self.subject}: {self.text}"
        return str(logs.redact(None, "", {"line": line})["line"])


async def run(environment: Mapping[str, str], say: Callable[[str], object], token: str | None = None) -> int:
    """Run all checks, and print each line immediately. Returns 1 if any line is a problem, else 0."""
    code = 0
    async for line in examine(environment, token):
        say(str(line))
        code = max(code, int(line.mark is Mark.PROBLEM))
    return code


async def examine(environment: Mapping[str, str], token: str | None = None) -> AsyncIterator[Line]:
    """Run all checks: settings, database, Stripe, keys, a token, workers and platform. With invalid settings,
    no other check runs.
    """
    try:
        settings = settings_module.read(environment)
    except SettingsError as error:
        for problem in error.problems:
            yield Line(Mark.PROBLEM, "settings", problem)
        yield Line(Mark.WARNING, "everything else", "unknown until the settings are valid.")
        return
    yield Line(Mark.OK, "settings", f"valid for {'production' if settings.production else 'development'}.")
    if settings.return_schemes:
        yield _return_schemes(settings.return_schemes)
    if settings.wallet_domains:
        yield _wallet_domains(settings.wallet_domains)
    is_usable = False
    try:
        async for line in _database(settings):
            is_usable = line.mark is Mark.OK
            yield line
        if is_usable:
            yield await _database_clock()
        async for line in _stripe(settings, is_usable=is_usable):
            yield line
        async for line in _token_keys(settings.auth):
            yield line
        if token is not None:
            yield await _token(settings.auth, token)
        async for line in _platform(settings, is_usable=is_usable):
            yield line
    finally:
        await database.close()


def _return_schemes(schemes: Iterable[str]) -> Line:
    """Warn of schemes that another app is likely to register as well."""
    subject = "return schemes"
    if short := sorted(scheme for scheme in schemes if "." not in scheme):
        text = (
            f"other apps may register {', '.join(short)} too, and then receive merchants who return "
            "from Stripe. Use one of your domains in reverse order in CONNECTQL_RETURN_SCHEMES, such as "
            "com.example.app."
        )
        return Line(Mark.WARNING, subject, text)
    return Line(Mark.OK, subject, f"links may return to the apps of {', '.join(sorted(schemes))}.")


def _wallet_domains(domains: Iterable[str]) -> Line:
    """Warn of domains that Stripe cannot reach. To verify a domain for Apple Pay, Stripe must reach it."""
    subject = "wallet domains"
    if private := sorted(one for one in domains if one.rpartition(".")[2] in RESERVED):
        text = (
            f"{', '.join(private)} cannot be reached from the internet. Set CONNECTQL_WALLET_DOMAINS to the "
            "public domains of your payment pages. Locally, use the domain of a tunnel with HTTPS."
        )
        return Line(Mark.WARNING, subject, text)
    text = (
        f"the worker registers {', '.join(sorted(domains))} for each open account that has been active. "
        "Pages on other subdomains, such as www, and pages without HTTPS do not show the wallets."
    )
    return Line(Mark.OK, subject, text)


def clock_line(owner: str, seconds: float) -> Line:
    """Report the difference between another clock and this machine's."""
    subject = f"clock of {owner}"
    if seconds <= WARNING_SECONDS:
        return Line(Mark.OK, subject, "agrees with this machine's.")
    mark = Mark.PROBLEM if seconds > PROBLEM_SECONDS else Mark.WARNING
    remedy = "Synchronize both with NTP, because Stripe's signatures and tokens expire soon."
    return Line(mark, subject, f"differs by {seconds:.0f} s from this machine's. {remedy}")


def seconds_apart(before: datetime, after: datetime, earliest: datetime, latest: datetime) -> float:
    """Return the minimum difference of two clocks, in seconds.

    One clock was between `before` and `after` while the other was between `earliest` and `latest`.
    """
    return max((earliest - after).total_seconds(), (before - latest).total_seconds(), 0.0)


async def _database(settings: Settings) -> AsyncIterator[Line]:
    """Check the connection and the migrations. The last line has the mark OK only if both succeed."""
    if not database.is_there(settings.database_url):
        text = "the file does not exist. The first start creates it, and so does `python -m api migrate`."
        yield Line(Mark.PROBLEM, "database", text)
        return
    try:
        async with asyncio.timeout(15):
            await database.connect(
                settings.database_url, pooler=settings.database_pooler, profile=settings.database_profile
            )
            version = await database.version()
            is_migrated = await database.is_migrated()
    except Exception as error:  # noqa: BLE001 - any failure is reported, and the other checks go on
        remedy = (
            "Check CONNECTQL_DATABASE_URL, and that the server runs and accepts connections from this "
            "machine."
        )
        yield Line(Mark.PROBLEM, "database", f"does not answer ({_reason(error)}). {remedy}")
        return
    yield Line(Mark.OK, "database", f"{version} answers.")
    if is_migrated:
        yield Line(Mark.OK, "migrations", "all are applied.")
    else:
        text = "some are missing. Run `python -m api migrate`; each start applies them too."
        yield Line(Mark.PROBLEM, "migrations", text)


async def _database_clock() -> Line:
    before = datetime.now(UTC)
    try:
        time = await now()
    except Exception as error:  # noqa: BLE001 - any failure is reported, and the other checks go on
        return Line(
            Mark.PROBLEM, "clock of the database", f"the database stopped answering ({_reason(error)})."
        )
    return clock_line("the database", seconds_apart(before, datetime.now(UTC), time, time))


async def _stripe(settings: Settings, *, is_usable: bool) -> AsyncIterator[Line]:
    """Check that Stripe answers, accepts the key, agrees on the time and has our event destination. Also
    tests the permissions of a restricted key.

    `is_usable` tells whether the database can be read. If so, the permissions are tested with an account from
    the database.
    """
    try:
        async with resources.open_gateway(settings) as gateway:
            before = datetime.now(UTC)
            time = await gateway.clock()
            after = datetime.now(UTC)
            yield Line(
                Mark.OK, "Stripe", f"accepts the key ({'live mode' if gateway.livemode else 'sandbox'})."
            )
            account = await permissions.any_account() if is_usable and gateway.is_restricted else None
            try:
                await permissions.check(
                    gateway,
                    account,
                    has_domains=bool(settings.wallet_domains),
                    has_services=bool(settings.service_prices),
                )
            except StripePermissionMissing as error:
                yield _lacks(error)
            if time is None:
                yield Line(Mark.WARNING, "clock of Stripe", "Stripe's answer had no date.")
            else:  # Stripe's date has whole seconds
                yield clock_line("Stripe", seconds_apart(before, after, time, time + timedelta(seconds=1)))
            check = await destinations.check(gateway, settings.webhook_url)
            for line in _lines(
                "event destination", destinations.find_problems(check), f"{check.id} sends to {check.url}."
            ):
                yield line
    except ConnectError as error:
        is_refused = isinstance(error, StripeKeyRefused)
        answer = StripeAnswer.KEY_REFUSED if is_refused else StripeAnswer.UNAVAILABLE
        if untrusted := certificates.refusal(error):
            yield Line(Mark.PROBLEM, "Stripe", untrusted)
        elif isinstance(error, StripePermissionMissing):
            yield _lacks(error)
        elif settings.stripe_context and isinstance(error, StripeRefused | StripeKeyRefused):
            text = (
                f"does not accept the key for the account {settings.stripe_context}. Set "
                "CONNECTQL_STRIPE_CONTEXT to the id of the platform's account, and CONNECTQL_STRIPE_API_KEY "
                "to a key of the organization that has this account."
            )
            yield Line(Mark.PROBLEM, "Stripe", text)
        else:
            for problem in last_check.find_problems(LastCheck(stripe=answer)):
                yield Line(Mark.PROBLEM, "Stripe", f"{problem.message} {problem.remedy}")
        yield Line(Mark.WARNING, "event destination", "unknown without Stripe.")


def _lacks(error: StripePermissionMissing) -> Line:
    check = LastCheck(stripe=StripeAnswer.PERMISSION_MISSING, permission=error.permission)
    (problem,) = last_check.find_problems(check)
    return Line(Mark.PROBLEM, "Stripe", f"{problem.message} {problem.remedy}")


async def _token_keys(auth: AuthSettings) -> AsyncIterator[Line]:
    subject = "token keys"
    async with httpx.AsyncClient(trust_env=True) as http:
        for provider in auth.providers:
            async for line in _public_keys(provider, http):
                yield line
    if auth.hs256_secret is not None:
        yield Line(Mark.OK, subject, "CONNECTQL_HS256_SECRET is long enough.")
    if auth.development_key_file:
        yield Line(Mark.OK, subject, "this machine's development key signs tokens.")


async def _public_keys(provider: Provider, http: httpx.AsyncClient) -> AsyncIterator[Line]:
    subject = "token keys"
    if provider.jwks_url:
        name = provider.setting("JWKS_URL")
        try:
            keys = await jwks.RemoteKeys(provider.jwks_url, http).fetch()
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            remedy = f"Check {name} and the network: without keys every request is refused."
            yield Line(Mark.PROBLEM, subject, f"{name} provides no keys. {_key_error(error)} {remedy}")
        else:
            yield Line(Mark.OK, subject, f"{name} has {_count(keys)}.")
    if provider.jwks_file:
        name = provider.setting("JWKS_FILE")
        try:
            keys = jwks.parse(provider.jwks_file.read_bytes())
        except (OSError, ValueError) as error:
            yield Line(
                Mark.PROBLEM, subject, f"{name} provides no keys. {_key_error(error)} Correct the file."
            )
        else:
            yield Line(Mark.OK, subject, f"{name} has {_count(keys)}.")


async def _token(auth: AuthSettings, token: str) -> Line:
    if auth.development_key_file and not auth.development_key_file.exists():
        auth = replace(auth, development_key_file=None)  # reading a missing file would create it
    async with httpx.AsyncClient(trust_env=True) as http:
        try:
            principal = await Authenticator(auth, http).principal(f"Bearer {token}")
        except Refused as refused:
            return Line(Mark.PROBLEM, "token", f"is refused. {refused}")
        except (OSError, ValueError) as error:
            return Line(Mark.PROBLEM, "token", f"cannot be checked. {_key_error(error)}")
    merchant = f" of the merchant {principal.merchant!r}" if principal.merchant is not None else ""
    return Line(Mark.OK, "token", f"is accepted with the role {principal.role.value.lower()}{merchant}.")


def _count(keys: Sequence[PyJWK]) -> str:
    algorithms = ", ".join(sorted({key.algorithm_name for key in keys}))
    return f"{len(keys)} usable key{'s' if len(keys) != 1 else ''} ({algorithms})"


async def _platform(settings: Settings, *, is_usable: bool) -> AsyncIterator[Line]:
    """Report the problems that the database shows: first the workers, then everything else."""
    if not is_usable:
        for subject in ("workers", "platform"):
            yield Line(Mark.WARNING, subject, "unknown without a migrated database.")
        return
    try:
        problems = await health.problems(
            stale_after=settings.stale_after, backfill_after=settings.backfill_after
        )
    except Exception as error:  # noqa: BLE001 - any failure is reported
        yield Line(Mark.PROBLEM, "platform", f"the database stopped answering ({_reason(error)}).")
        return
    workers = [problem for problem in problems if problem.code in WORKER_PROBLEMS]
    others = [problem for problem in problems if problem.code not in WORKER_PROBLEMS | CHECKED_HERE]
    otherwise = "one was active within the last 5 minutes, and no event has waited long."
    for line in (*_lines("workers", workers, otherwise), *_lines("platform", others, "no known problems.")):
        yield line


def _lines(subject: str, problems: Iterable[Problem], otherwise: str) -> Iterator[Line]:
    """Yield one line for each problem, or one line with the text `otherwise` if there is none."""
    line = None
    for problem in problems:
        mark = Mark.PROBLEM if problem.severity is Severity.ERROR else Mark.WARNING
        yield (line := Line(mark, subject, f"{problem.message} {problem.remedy}"))
    if line is None:
        yield Line(Mark.OK, subject, otherwise)


def _key_error(error: Exception) -> str:
    """The reason why the keys cannot be read. Only our own messages are shown, because other messages may
    quote the provider's answer.
    """
    untrusted = certificates.refusal(error)
    return untrusted or (str(error) if type(error) is ValueError else f"{type(error).__name__}.")


def _reason(error: Exception) -> str:
    return outage.reason(error) or type(error).__name__
