"""`python -m api doctor` prints a line for each check and a remedy for each problem, without side effects."""

import contextlib
import sqlite3
from asyncio import to_thread
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from api.commands.doctor import Line, Mark
from models import StripeEvent, now
from testing import postgres
from testing.deployment import command, deployment
from testing.merchants import build_event
from testing.processes import Simulator, free_port
from testing.service import STRIPE_KEY
from testing.state import read_tables
from tests.api.doctor_lines import (
    DATABASE_CLOCK,
    FAILED,
    KEYS,
    MIGRATED,
    NO_WORKER,
    PLATFORM,
    RETRYING,
    SETTINGS,
    STRIPE,
    STRIPE_CLOCK,
    WITHOUT,
    WORKERS,
    doctor,
    listing,
    watch,
)


def database_line(lines: list[str]) -> str:
    """Return the line about the database. It contains a version that depends on the machine."""
    assert lines[1].startswith(("ok       database: SQLite 3.", "ok       database: PostgreSQL 1"))
    assert lines[1].endswith(" answers.")
    return lines[1]


def destination(simulator: Simulator) -> str:
    """Return the id of the only event destination."""
    headers = {"Authorization": f"Bearer {STRIPE_KEY}"}
    (destination,) = simulator.client.get("/v2/core/event_destinations", headers=headers).json()["data"]
    return str(destination["id"])


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


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("schemes", "line"),
    [
        (
            "com.example.shop,com.example.app",
            "ok       return schemes: links may return to the apps of com.example.app, com.example.shop.",
        ),
        (
            "com.example.app,myapp",
            (
                "?        return schemes: other apps may register myapp too, and then receive merchants "
                "who return from Stripe. Use one of your domains in reverse order in "
                "CONNECTQL_RETURN_SCHEMES, such as com.example.app."
            ),
        ),
    ],
)
async def test_the_doctor_names_the_apps_to_which_links_may_return(
    database: str, simulator: Simulator, tmp_path: Path, schemes: str, line: str
) -> None:
    service = deployment(database, simulator, tmp_path)
    _, lines = await to_thread(doctor, service, RETURN_SCHEMES=schemes)
    assert lines[:2] == [SETTINGS, line]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_doctor_names_the_domains_on_which_wallets_work(
    database: str, simulator: Simulator, tmp_path: Path
) -> None:
    service = deployment(database, simulator, tmp_path)
    lines = {
        "shop.connectql.dev,connectql.dev": (
            "ok       wallet domains: the worker registers connectql.dev, shop.connectql.dev "
            "for each open account that has been active. Pages on other subdomains, such as www, and pages "
            "without HTTPS do not show the wallets."
        ),
        "connectql.dev,shop.test": (
            "?        wallet domains: shop.test cannot be reached from the internet. Set "
            "CONNECTQL_WALLET_DOMAINS to the public domains of your payment pages. Locally, use the domain "
            "of a tunnel with HTTPS."
        ),
    }
    for domains, line in lines.items():
        assert (await to_thread(doctor, service, WALLET_DOMAINS=domains))[1][:2] == [SETTINGS, line]


@pytest.mark.one_database
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
        f"Stripe cannot change this in an existing destination. Run `python -m api destination {url}` and "
        f"put the secret into CONNECTQL_WEBHOOK_SECRETS. Then delete {name} in Stripe's Dashboard."
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


@pytest.mark.one_database
async def test_the_exit_code_is_0_if_there_are_only_warnings(
    database: str, simulator: Simulator, tmp_path: Path
) -> None:
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
        "and that the server runs and accepts connections from this machine."
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


def test_secrets_in_lines_are_redacted() -> None:
    line = Line(Mark.PROBLEM, "database", f"{STRIPE_KEY} postgresql://me:hunter2@db/x whsec_abc")
    assert str(line) == "PROBLEM  database: [redacted] postgresql://[redacted]@db/x [redacted]"
