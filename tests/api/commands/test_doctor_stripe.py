"""The doctor's checks of Stripe: its answer to the platform's key, its clock and its certificate."""

import contextlib
import json
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

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from api.commands.doctor import Mark, clock_line, seconds_apart
from testing.deployment import command, deployment
from testing.processes import Simulator, free_port
from tests.api.auth.identity_provider import RS
from tests.api.doctor_lines import (
    AWAY,
    KEY_REFUSED,
    KEYS,
    NO_DESTINATION,
    PLATFORM,
    STRIPE,
    WORKERS,
    doctor,
    watch,
)

AT = datetime(2026, 1, 31, 10, tzinfo=UTC)
SECOND = timedelta(seconds=1)


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


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_key_of_an_organization_needs_the_account_of_the_platform(
    database: str, simulator: Simulator, tmp_path: Path
) -> None:
    service = deployment(database, simulator, tmp_path)
    await watch(service, simulator)
    key = "sk_org_test_" + "x" * 24
    code, lines = await to_thread(
        doctor, service, STRIPE_API_KEY=key, STRIPE_CONTEXT="acct_1SimulatedPlatform"
    )
    assert (code, lines[4]) == (0, STRIPE)
    code, lines = await to_thread(doctor, service, STRIPE_API_KEY=key, STRIPE_CONTEXT="acct_1Elsewhere")
    assert (code, lines[4:6]) == (
        1,
        [
            (
                "PROBLEM  Stripe: does not accept the key for the account acct_1Elsewhere. Set "
                "CONNECTQL_STRIPE_CONTEXT to the id of the platform's account, and CONNECTQL_STRIPE_API_KEY "
                "to a key of the organization that has this account."
            ),
            NO_DESTINATION,
        ],
    )
    code, lines = await to_thread(doctor, service, STRIPE_API_KEY=key)
    assert (code, lines[0]) == (
        1,
        (
            "PROBLEM  settings: CONNECTQL_STRIPE_CONTEXT is missing. The key of an organization (sk_org_...) "
            "needs the id of the platform's account (acct_...)."
        ),
    )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_the_missing_permissions_of_a_restricted_key_are_named(
    database: str, simulator: Simulator, tmp_path: Path
) -> None:
    service = deployment(database, simulator, tmp_path)
    await watch(service, simulator)
    permissions = ["v2_account_storer_write", "rak_event_read", "rak_webhook_read", "rak_charge_write"]
    simulator.control("keys", {"key": "rk_test_doctor", "permissions": permissions})
    code, lines = await to_thread(doctor, service, STRIPE_API_KEY="rk_test_doctor")
    assert code == 1
    (line,) = [one for one in lines if one.startswith("PROBLEM  Stripe:")]
    assert line.startswith(
        "PROBLEM  Stripe: The platform's restricted key lacks the permissions rak_application_fee_write, "
        "rak_checkout_session_write, rak_payment_intent_write, "
    )


@contextlib.contextmanager
def serving(
    answer: dict[str, Any], *, clock_is_off_by: timedelta = timedelta(), context: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Serve `answer` at every path, over TLS if `context` is given. Yields the address of the server."""

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
        "from this machine's. Synchronize both with NTP, because Stripe's signatures and tokens expire soon."
    )
    assert lines[6].startswith(
        "PROBLEM  event destination: Stripe has no event destination with the address "
    )


@pytest.mark.parametrize(
    ("before", "after", "earliest", "latest", "expected"),
    [
        (AT, AT, AT, AT, 0.0),
        (
            AT,
            AT + 5 * SECOND,
            AT + 2 * SECOND,
            AT + 3 * SECOND,
            0.0,
        ),  # a slow answer makes the comparison less precise
        (AT, AT + SECOND, AT + 4 * SECOND, AT + 5 * SECOND, 3.0),
        (AT, AT + SECOND, AT - 9 * SECOND, AT - 8 * SECOND, 8.0),
    ],
)
def test_the_minimum_difference_of_two_clocks_is_computed(
    before: datetime, after: datetime, earliest: datetime, latest: datetime, expected: float
) -> None:
    assert seconds_apart(before, after, earliest, latest) == expected


def test_the_mark_of_a_line_depends_on_the_difference_of_the_clocks() -> None:
    marks = [clock_line("Stripe", seconds).mark for seconds in (0, 2, 2.1, 60, 60.1)]
    assert marks == [Mark.OK, Mark.OK, Mark.WARNING, Mark.WARNING, Mark.PROBLEM]


@contextlib.contextmanager
def server_with_another_authority(folder: Path) -> Iterator[tuple[str, Path]]:
    """Serve one answer over TLS, with a self-signed certificate.

    The answer is both an empty list of Stripe's and a key set. Yields the address of the server and the file
    with the certificate.
    """
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


def test_one_setting_names_the_authorities_for_stripe_and_the_key_sets(
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
            "with the certificates of all trusted authorities, including your proxy's."
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
