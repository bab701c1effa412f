"""`python -m api doctor`: one line for each check, with the remedy, and no side effects."""

import contextlib
import json
import sqlite3
import ssl
import threading
from asyncio import to_thread
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from api.doctor import Line, Mark, clock_line, seconds_apart
from connect.gateway import Gateway
from connect.platform import health
from models import StripeEvent, now
from testing import postgres
from testing.deployment import Deployment, command, deployment
from testing.merchants import build_event
from testing.processes import Simulator, free_port
from testing.service import STRIPE_KEY
from testing.state import read_tables
from tests.api.auth.identity_provider import RS, Provider

AT = datetime(2026, 1, 31, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)

SETTINGS = "ok       settings: valid for development."
MIGRATED = "ok       migrations: all are applied."
DATABASE_CLOCK = "ok       clock of the database: agrees with this machine's."
STRIPE = "ok       Stripe: accepts the key (sandbox)."
STRIPE_CLOCK = "ok       clock of Stripe: agrees with this machine's."
KEYS = "ok       token keys: this machine's development key signs tokens."
WORKERS = "ok       workers: one was active within the last 5 minutes, and no event has waited long."
PLATFORM = "ok       platform: no known problems."
NO_DESTINATION = "?        event destination: unknown without Stripe."
WITHOUT = [
    "?        workers: unknown without a migrated database.",
    "?        platform: unknown without a migrated database.",
]
AWAY = (
    "PROBLEM  Stripe: Stripe gives no definite answer. Look at https://status.stripe.com and at the network "
    "between this service and api.stripe.com. Interrupted work continues by itself."
)
NO_WORKER = (
    "PROBLEM  workers: No worker has been active yet. Start a worker: `python -m api worker`, or `python -m "
    "api` without CONNECTQL_WORKER=off. If a worker runs, its log names the cause (`worker_step_failed`)."
)
FAILED = (
    "PROBLEM  platform: 1 event failed and will not be retried. Read `platform { events(state: FAILED) { "
    "edges { node { id lastError } } } }`, fix the cause, then call replayEvent for each."
)
RETRYING = (
    "?        platform: 1 event failed and will be retried. Read `platform { events(state: PENDING) { edges "
    "{ node { attempts lastError } } } }` and fix the cause. The retries continue by themselves."
)
KEY_REFUSED = (
    "PROBLEM  Stripe: Stripe does not accept the platform's API key. Set CONNECTQL_STRIPE_API_KEY to a valid "
    "key (Stripe's Dashboard, Developers > API keys) and restart. A restricted key needs accounts, account "
    "links, events and event destinations."
)
NO_KEYS = (
    "PROBLEM  token keys: CONNECTQL_JWKS_FILE provides no keys. The key set has no key for verifying "
    "signatures (RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA). Correct the file."
)


def doctor(service: Deployment, **changed: str) -> tuple[int, list[str]]:
    """Return the exit code and the lines of the output."""
    done = service.command("doctor", **changed)
    assert done.stderr == ""
    for secret in (STRIPE_KEY, "hunter2", service.environment["CONNECTQL_WEBHOOK_SECRETS"]):
        assert secret not in done.stdout
    return done.returncode, done.stdout.splitlines()


def database_line(lines: list[str]) -> str:
    """Return the line with the server's version, which depends on the machine."""
    assert lines[1].startswith(("ok       database: SQLite 3.", "ok       database: PostgreSQL 1"))
    assert lines[1].endswith(" answers.")
    return lines[1]


def listing(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def destination(simulator: Simulator) -> str:
    """Return the id of the only event destination."""
    headers = {"Authorization": f"Bearer {STRIPE_KEY}"}
    (destination,) = simulator.client.get("/v2/core/event_destinations", headers=headers).json()["data"]
    return str(destination["id"])


async def watch(service: Deployment, simulator: Simulator) -> None:
    """Run a worker's check, which normally runs once a minute."""
    gateway = Gateway(STRIPE_KEY, simulator.base_url)
    try:
        await health.watch(
            gateway,
            "tests",
            webhook_url=f"{service.url}/webhooks/stripe",
            stale_after=timedelta(hours=6),
            backfill_after=timedelta(seconds=60),
        )
    finally:
        await gateway.close()


async def test_a_healthy_service_has_no_problem_and_stays_unchanged(
    database: str, simulator: Simulator, tmp_path: Path
) -> None:
    service = deployment(database, simulator, tmp_path)
    await watch(service, simulator)
    before, files = await read_tables(), listing(tmp_path)
    destinations = simulator.control("calls")["calls"]["POST /v2/core/event_destinations"]
    code, lines = await to_thread(doctor, service)
    assert lines == [
        SETTINGS,
        database_line(lines),
        MIGRATED,
        DATABASE_CLOCK,
        STRIPE,
        STRIPE_CLOCK,
        f"ok       event destination: {destination(simulator)} sends to {service.url}/webhooks/stripe.",
        KEYS,
        WORKERS,
        PLATFORM,
    ]
    assert code == 0
    assert await read_tables() == before
    assert listing(tmp_path) == files, "the doctor creates no development key"
    assert simulator.control("calls")["calls"]["POST /v2/core/event_destinations"] == destinations


async def test_each_problem_is_a_line_with_its_remedy(
    database: str, simulator: Simulator, tmp_path: Path
) -> None:
    service = deployment(database, simulator, tmp_path)
    name = destination(simulator)
    simulator.control(f"destinations/{name}", {"events_from": ["@self"], "event_payload": "snapshot"})
    again = build_event(2, state="PENDING")
    again.attempts, again.received_at = 3, await now() - timedelta(minutes=6)
    await StripeEvent.bulk_create([build_event(1, state="FAILED"), again])
    code, lines = await to_thread(doctor, service)
    url = f"{service.url}/webhooks/stripe"
    anew = (
        f"Stripe cannot change this. Run `python -m api destination {url}` and put the secret into "
        f"CONNECTQL_WEBHOOK_SECRETS. Then delete {name} in Stripe's Dashboard."
    )
    assert lines[6:] == [
        (
            f"PROBLEM  event destination: The event destination {name} does not send the events of connected "
            f"accounts. {anew}"
        ),
        (
            f"PROBLEM  event destination: The event destination {name} does not send thin payloads, so its "
            f"notifications are refused. {anew}"
        ),
        KEYS,
        NO_WORKER,
        FAILED,
        RETRYING,
    ]
    assert code == 1


async def test_warnings_alone_exit_with_0(database: str, simulator: Simulator, tmp_path: Path) -> None:
    service = deployment(database, simulator, tmp_path)
    await watch(service, simulator)
    again = build_event(2, state="PENDING")
    again.attempts, again.received_at = 3, await now() - timedelta(minutes=6)
    await again.save(force_create=True)
    code, lines = await to_thread(doctor, service)
    assert [line for line in lines if not line.startswith("ok ")] == [RETRYING]
    assert code == 0


def test_other_checks_run_without_a_database(simulator: Simulator, tmp_path: Path) -> None:
    file = tmp_path / "var" / "connectql.db"
    service = deployment(f"sqlite:///{file}", simulator, tmp_path)
    rest = [
        STRIPE,
        STRIPE_CLOCK,
        f"ok       event destination: {destination(simulator)} sends to {service.url}/webhooks/stripe.",
        KEYS,
        *WITHOUT,
    ]
    assert doctor(service) == (
        1,
        [
            SETTINGS,
            (
                "PROBLEM  database: the file does not exist. The first start creates it, and so does "
                "`python -m api migrate`."
            ),
            *rest,
        ],
    )
    assert not file.parent.exists()
    nowhere = f"postgresql://me:hunter2@127.0.0.1:{free_port()}/connectql"
    code, lines = doctor(service, DATABASE_URL=nowhere)
    assert lines[1] == (
        "PROBLEM  database: does not answer (connection refused). Check CONNECTQL_DATABASE_URL, "
        "and that the server runs and accepts this machine."
    )
    assert (code, lines[2:]) == (1, rest)


@pytest.fixture(params=["sqlite", "postgresql"])
def unmigrated_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without our tables."""
    if request.param == "sqlite":
        file = tmp_path / "foreign.db"
        with contextlib.closing(sqlite3.connect(file)) as connection:
            connection.execute("CREATE TABLE other (id INTEGER)")
        yield f"sqlite:///{file}"
    else:
        server = request.getfixturevalue("postgres_url")
        url = postgres.create_database(server)
        yield url
        postgres.drop_database(server, url)


def test_missing_migrations_are_a_problem(
    unmigrated_database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    code, lines = doctor(deployment(unmigrated_database_url, simulator, tmp_path))
    assert lines[2] == (
        "PROBLEM  migrations: some are missing. Run `python -m api migrate`; each start applies them too."
    )
    assert lines[-2:] == WITHOUT
    assert (code, len(lines)) == (1, 9)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_an_unavailable_stripe_and_a_refused_key_are_problems(
    database: str, simulator: Simulator, tmp_path: Path
) -> None:
    service = deployment(database, simulator, tmp_path)
    await watch(service, simulator)
    away = f"http://127.0.0.1:{free_port()}"
    code, lines = await to_thread(doctor, service, STRIPE_API_BASE=away)
    assert (code, lines[4:]) == (1, [AWAY, NO_DESTINATION, KEYS, WORKERS, PLATFORM])
    code, lines = await to_thread(doctor, service, STRIPE_API_KEY="rk_test_" + "x" * 24)
    assert (code, lines[4:]) == (
        1,
        [
            KEY_REFUSED,
            NO_DESTINATION,
            KEYS,
            WORKERS,
            PLATFORM,
        ],
    )


@contextlib.contextmanager
def serving(
    answer: dict[str, Any], *, clock_is_off_by: timedelta = timedelta(), context: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Serve this answer at every path, over TLS with a context. Yields the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def date_time_string(self, timestamp: float | None = None) -> str:
            assert timestamp is None
            return format_datetime(datetime.now(UTC) + clock_is_off_by, usegmt=True)

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http{'s' if context else ''}://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("seconds", "mark"), [(-3600, "PROBLEM "), (30, "?       ")])
async def test_a_wrong_clock_is_a_warning_or_a_problem(
    database: str, simulator: Simulator, tmp_path: Path, seconds: int, mark: str
) -> None:
    service = deployment(database, simulator, tmp_path)
    answer: dict[str, Any] = {"data": [], "next_page_url": None, "previous_page_url": None}
    with serving(answer, clock_is_off_by=timedelta(seconds=seconds)) as base:
        code, lines = await to_thread(doctor, service, STRIPE_API_BASE=base)
    assert code == 1  # the missing destination is a problem too
    difference, _, rest = lines[5].partition(" s ")
    assert difference.startswith(f"{mark} clock of Stripe: differs by ")
    assert abs(int(difference.rpartition(" ")[2]) - abs(seconds)) <= 2
    assert rest == (
        "from this machine's. Synchronize both by NTP: Stripe's signatures and tokens expire soon."
    )
    assert lines[6].startswith(
        "PROBLEM  event destination: Stripe has no event destination with the address "
    )


@pytest.mark.parametrize(
    ("before", "after", "earliest", "latest", "expected"),
    [
        (AT, AT, AT, AT, 0.0),
        (AT, AT + 5 * SECOND, AT + 2 * SECOND, AT + 3 * SECOND, 0.0),  # a slow answer is less precise
        (AT, AT + SECOND, AT + 4 * SECOND, AT + 5 * SECOND, 3.0),
        (AT, AT + SECOND, AT - 9 * SECOND, AT - 8 * SECOND, 8.0),
    ],
)
def test_the_minimum_difference_of_two_clocks_is_computed(
    before: datetime, after: datetime, earliest: datetime, latest: datetime, expected: float
) -> None:
    assert seconds_apart(before, after, earliest, latest) == expected


def test_small_differences_of_clocks_are_ok() -> None:
    marks = [clock_line("Stripe", seconds).mark for seconds in (0, 2, 2.1, 60, 60.1)]
    assert marks == [Mark.OK, Mark.OK, Mark.WARNING, Mark.WARNING, Mark.PROBLEM]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_key_sets_are_fetched(
    database: str, simulator: Simulator, tmp_path: Path, provider: Provider
) -> None:
    file = tmp_path / "jwks.json"
    file.write_text('{"keys": []}')
    changed = {"JWKS_URL": provider.url, "JWKS_FILE": str(file), "HS256_SECRET": "hunter2" + "s" * 40}
    service = deployment(database, simulator, tmp_path)
    code, lines = await to_thread(doctor, service, **changed)
    assert [line for line in lines if "token keys" in line] == [
        "ok       token keys: CONNECTQL_JWKS_URL has 3 usable keys (ES256, EdDSA, RS256).",
        NO_KEYS,
        "ok       token keys: CONNECTQL_HS256_SECRET is long enough.",
        KEYS,
    ]
    assert code == 1
    away = {**changed, "JWKS_URL": f"http://127.0.0.1:{free_port()}/jwks", "JWKS_FILE": ""}
    _, lines = await to_thread(doctor, service, **away)
    assert next(line for line in lines if "token keys" in line) == (
        "PROBLEM  token keys: CONNECTQL_JWKS_URL provides no keys. ConnectError. Check CONNECTQL_JWKS_URL "
        "and the network: without keys every request is refused."
    )


def test_a_token_is_checked_with_the_settings(
    simulator: Simulator, tmp_path: Path, provider: Provider
) -> None:
    file = tmp_path / "token.txt"
    shared = "hunter2" + "s" * 40
    service = deployment(f"sqlite:///{tmp_path / 'connectql.db'}", simulator, tmp_path, HS256_SECRET=shared)

    def line(token: str, **changed: str) -> tuple[int, str]:
        file.write_text(f"Bearer {token}\n")
        done = service.command("doctor", "--token", str(file), **changed)
        assert (done.stderr, "hunter2" in done.stdout, token in done.stdout) == ("", False, False)
        (line,) = [line for line in done.stdout.splitlines() if " token: " in line]
        return done.returncode, line

    claims = {"iss": "tests", "aud": "connectql", "sub": "jane", "exp": 4_000_000_000}
    merchant = jwt.encode({**claims, "shop": {"id": "bakery"}, "roles": ["owner", "member"]}, shared)
    nested = {"AUTH_ROLE_CLAIM": "roles", "AUTH_ROLES": "owner=merchant", "AUTH_MERCHANT_CLAIM": "shop.id"}
    accepted = "ok       token: is accepted with the role merchant of the merchant 'bakery'."
    assert line(merchant, **nested)[1] == accepted
    assert line(merchant) == (
        1,
        (
            "PROBLEM  token: is refused. The token has no known role. "
            "Set its claim 'role' to operator, service or merchant."
        ),
    )
    assert line("7kGZq2c9sYhQm")[1] == (
        "PROBLEM  token: is refused. The token is opaque or encrypted, not a signed JWT. "
        "Ask for one with the audience 'connectql'."
    )
    rs256 = jwt.encode(claims, RS.private, "RS256", {"kid": "rs"})
    assert line(rs256, JWKS_URL=f"http://127.0.0.1:{free_port()}/jwks")[1] == (
        "PROBLEM  token: is refused. Authentication is temporarily unavailable. Try again in a moment."
    )
    assert line(jwt.encode({**claims, "role": "service"}, RS.private, "RS256"), JWKS_URL=provider.url)[1] == (
        "ok       token: is accepted with the role service."
    )
    broken = tmp_path / "jwks.json"
    broken.write_text("{}")
    assert line(rs256, JWKS_FILE=str(broken))[1] == (
        f"PROBLEM  token: cannot be checked. {broken} is not a usable JWKS file: "
        'The key set is not a JSON object with a list "keys".'
    )
    assert listing(tmp_path) == [broken, file], "the doctor creates neither a database nor a development key"


@contextlib.contextmanager
def server_with_another_authority(folder: Path) -> Iterator[tuple[str, Path]]:
    """Serve Stripe and keys over TLS. Yields the address and the file with the authority's certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Proxy of the company")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    authority, private = folder / "authority.pem", folder / "private.pem"
    authority.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, private)
    answer = {"data": [], "next_page_url": None, "previous_page_url": None, "keys": [RS.jwk]}
    with serving(answer, context=context) as base:
        yield base, authority


def test_one_setting_names_the_authorities_for_stripe_and_the_keys(
    simulator: Simulator, tmp_path: Path
) -> None:
    service = deployment(f"sqlite:///{tmp_path / 'connectql.db'}", simulator, tmp_path)
    with server_with_another_authority(tmp_path) as (base, authority):
        changed = {
            **service.environment,
            "CONNECTQL_STRIPE_API_BASE": base,
            "CONNECTQL_JWKS_URL": f"{base}/jwks",
        }

        def lines(**more: str) -> list[str]:
            done = command(tmp_path, "doctor", **changed, **more)
            assert done.stderr == ""
            return [line for line in done.stdout.splitlines() if " Stripe: " in line or "JWKS_URL" in line]

        reason = (
            "The server's certificate is not trusted: self-signed certificate. Set SSL_CERT_FILE to a file "
            "with the certificates of all trusted authorities, also of your proxy."
        )
        assert lines() == [
            f"PROBLEM  Stripe: {reason}",
            (
                f"PROBLEM  token keys: CONNECTQL_JWKS_URL provides no keys. {reason} "
                "Check CONNECTQL_JWKS_URL and the network: without keys every request is refused."
            ),
        ]
        assert lines(SSL_CERT_FILE=str(authority)) == [
            STRIPE,
            "ok       clock of Stripe: agrees with this machine's.",
            "ok       token keys: CONNECTQL_JWKS_URL has 1 usable key (RS256).",
        ]


def test_all_problems_of_the_settings_are_listed(tmp_path: Path) -> None:
    done = command(tmp_path, "doctor", CONNECTQL_STRIPE_API_KEY=STRIPE_KEY, CONNECTQL_PORT="hunter2")
    lines = done.stdout.splitlines()
    assert lines[0] == "PROBLEM  settings: CONNECTQL_PORT must be a whole number from 1 to 65535."
    assert len(lines) > 5
    assert all(line.startswith("PROBLEM  settings: ") for line in lines[:-1])
    assert lines[-1] == "?        everything else: unknown until the settings are valid."
    assert (done.returncode, done.stderr) == (1, "")
    assert "hunter2" not in done.stdout
    assert STRIPE_KEY not in done.stdout


def test_lines_are_redacted() -> None:
    line = Line(Mark.PROBLEM, "database", f"{STRIPE_KEY} postgresql://me:hunter2@db/x whsec_abc")
    assert str(line) == "PROBLEM  database: [redacted] postgresql://[redacted]@db/x [redacted]"
