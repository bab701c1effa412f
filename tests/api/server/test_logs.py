"""Logs: each line of a request has the request's id, and no line contains a secret."""

import asyncio
import json
import re
import socket
import sqlite3
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
import httpx
import pytest
import stripe

from api.server.logs import redact
from connect.scope import Role
from testing.deployment import Deployment, command, deployment
from testing.processes import Simulator, free_port
from testing.service import RETURN_TO, STRIPE_KEY
from testing.waits import PATIENCE, until

PASSWORD = "hunter2-of-the-database"
SHARED = "shared-secret-of-the-identity-provider-" + "h" * 20
ISSUE = """
mutation ($id: String!, $to: URL!) {
  createOnboardingLink(input: {merchant: {externalId: $id}, returnTo: $to}) {
    ... on CreateOnboardingLinkPayload { url }
    ... on Error { message }
  }
}
"""


def redacted(value: Any) -> Any:
    return redact(None, "info", {"value": value})["value"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("key sk_test_abc123 is bad", "key [redacted] is bad"),
        ("rk_live_51Abc_d.", "[redacted]."),
        ("pk_test_public", "pk_test_public"),
        ("whsec_abc123,whsec_def", "[redacted],[redacted]"),
        ("Authorization: Bearer abc.def-ghi_j~k+/=", "Authorization: [redacted]"),
        ("authorization: bEaReR   opaque", "authorization: [redacted]"),
        ("token eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.c2ln!", "token [redacted]!"),
        ("unsigned eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", "unsigned [redacted]"),
        ("https://accounts.stripe.com/r/acct_1#alu_test_x", "https://accounts.stripe.com/r/acct_[redacted]"),
        ('{"url": "http://x/r/acct_1/alu_y"}', '{"url": "http://x/r/acct_[redacted]"}'),
        ("GET /onboarding/refresh?link=Ab-_9&x=1", "GET /onboarding/refresh?link=[redacted]&x=1"),
        ("/onboarding/return?x=1&link=Ab-_9", "/onboarding/return?x=1&link=[redacted]"),
        (
            "connectql_link_0123456789abcdef=Ab-_9; Path=/",
            "connectql_link_0123456789abcdef=[redacted]; Path=/",
        ),
        ("postgresql://me:p%40ss@db:5432/x", "postgresql://[redacted]@db:5432/x"),
        ("https://docs.stripe.com:443/a@b", "https://docs.stripe.com:443/a@b"),
        ("evt_1 of acct_1 asked by req_1", "evt_1 of acct_1 asked by req_1"),
        ({"a": ["sk_test_1", {"b": ("whsec_1", 2)}]}, {"a": ["[redacted]", {"b": ["[redacted]", 2]}]}),
        (ValueError("no such key: sk_test_1"), "no such key: [redacted]"),
        (b"sk_test_1", "b'[redacted]'"),
        ({"sk_test_1"}, ["[redacted]"]),
        (uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (1.5, 1.5),
        (True, True),
        (None, None),
    ],
)
def test_credentials_are_redacted(value: Any, expected: Any) -> None:
    assert redacted(value) == expected


class Run:
    """Requests that succeed, fail or are refused, and the secrets that they contain."""

    def __init__(self, service: Deployment, simulator: Simulator) -> None:
        self.service = service
        self.simulator = simulator
        self.client = httpx.Client(base_url=service.url, trust_env=False, verify=False, timeout=30 * PATIENCE)
        self.answers: list[httpx.Response] = []
        self.signing = service.environment["CONNECTQL_WEBHOOK_SECRETS"]
        self.secrets = {
            "API key": STRIPE_KEY,
            "webhook secret": self.signing,
            "shared secret": SHARED,
            "database password": PASSWORD,
            "operator's token": service.token(),
            "merchant's token": service.token(Role.MERCHANT, merchant="shop-1"),
        }

    def keep(self, answer: httpx.Response) -> httpx.Response:
        self.answers.append(answer)
        return answer

    def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        return self.keep(self.client.request(method, path, **options))

    def fault(self, status: int) -> None:
        once = {"path": "*", "status": status, "headers": {"Stripe-Should-Retry": "false"}}
        self.simulator.control("faults", once)

    def create_merchants(self) -> None:
        assert self.keep(self.service.create(self.client)).json()["data"]["createMerchant"]["created"]
        for status in (400, 401, 503):
            self.fault(status)
            refused = self.keep(self.service.create(self.client, f"shop-{status}"))
            assert refused.json()["data"]["createMerchant"]["__typename"] != "CreateMerchantPayload"

    def onboard(self) -> None:
        merchant = self.secrets["merchant's token"]
        variables = {"id": "shop-1", "to": RETURN_TO}
        issued = self.keep(self.service.graphql(self.client, ISSUE, variables, merchant))
        url = issued.json()["data"]["createOnboardingLink"]["url"]
        httpx.get(url, trust_env=False, timeout=30 * PATIENCE)
        token = (
            httpx.get(url, trust_env=False, timeout=30 * PATIENCE).headers["location"].partition("?link=")[2]
        )
        self.secrets |= {
            "Stripe's link": url.rpartition("/")[2],
            "our link": token,
            "cookie": issued.headers["set-cookie"].partition("=")[2].partition(";")[0],
        }
        fresh = self.ask("GET", f"/onboarding/refresh?link={token}").headers["location"]
        self.secrets["Stripe's second link"] = fresh.rpartition("/")[2]
        self.ask("GET", f"/onboarding/return?link={token}")
        self.ask("GET", f"/onboarding/return?link={token}", headers={"Cookie": ""})
        self.ask("HEAD", f"/onboarding/return?link={token}")
        self.fault(503)
        assert self.ask("GET", f"/onboarding/refresh?link={token}").status_code == 503
        self.simulator.control("faults", method="DELETE")

    def show_bad_tokens(self) -> None:
        good = self.secrets["operator's token"]
        bad = {
            "opaque token": "opaque-0123456789",
            "malformed token": "eyJhbGciOiJFZERTQSJ9.e30",
            "expired token": self.service.token(lifetime_seconds=-60),
            "changed token": good[:-6] + good[-6:].swapcase(),
            "token of another name": self.service.token(Role.SERVICE, subject="importer"),
        }
        self.secrets |= bad
        for token in bad.values():
            self.ask("POST", "/graphql", json={"query": "{ __typename }"}, headers={"Authorization": token})
            self.keep(self.service.graphql(self.client, "{ __typename }", {}, token))
            self.ask("GET", f"/graphql?query=%7B__typename%7D&access_token={token}")
            self.keep(self.service.graphql(self.client, f'{{ merchant(by: "{token}" ', {}))
            self.keep(self.service.graphql(self.client, ISSUE, {"id": {"a": token}, "to": RETURN_TO}))
            not_allowed = {"id": "shop-1", "to": f"https://evil.example/{token}"}
            self.keep(self.service.graphql(self.client, ISSUE, not_allowed))

    def send_events(self) -> None:
        for number, content in enumerate(
            (
                json.dumps({"id": "evt_1", "object": "v2.core.event", "type": "v1.payout.paid"}),
                json.dumps({"id": "evt_2", "object": "event", "secret": PASSWORD}),
                f"no JSON, but {PASSWORD}",
            )
        ):
            signed = stripe.WebhookSignature.generate_signature_header(content, self.signing)
            self.secrets[f"signature {number}"] = signed.partition("v1=")[2]
            path, headers = "/webhooks/stripe", {"Stripe-Signature": signed}
            self.ask("POST", path, content=content, headers=headers)
            self.ask("POST", path, content=f"{content} ", headers=headers)

    def wait_for_events(self) -> None:
        """Wait until the service has handled or ignored every event that Stripe sent."""
        until(lambda: {"HANDLED"} <= set(self.service.states(self.client)) <= {"HANDLED", "IGNORED"})

    def disconnect_early(self) -> None:
        """Disconnect in the middle of a request."""
        with socket.create_connection(("127.0.0.1", self.client.base_url.port or 80)) as half:
            half.sendall(b"POST /webhooks/stripe HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")

    def break_database(self) -> None:
        """Cause an unexpected error by removing a table."""
        statement = "ALTER TABLE onboarding_link RENAME TO elsewhere"
        url = self.service.environment["CONNECTQL_DATABASE_URL"]
        if url.startswith("sqlite"):
            with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
                connection.execute(statement)
            connection.close()
        else:
            asyncio.run(_execute(url, statement))
        answer = self.ask("GET", f"/onboarding/refresh?link={self.secrets['our link']}")
        assert answer.status_code == 500
        variables = {"id": "shop-1", "to": RETURN_TO}
        masked = self.keep(self.service.graphql(self.client, ISSUE, variables)).json()
        assert masked["errors"][0]["extensions"]["code"] == "INTERNAL"

    def send_everything(self) -> None:
        self.create_merchants()
        self.onboard()
        self.show_bad_tokens()
        self.send_events()
        self.wait_for_events()
        self.ask("GET", f"/{STRIPE_KEY}/{self.signing}")
        self.ask("GET", "/x%0A2026-11-23T00:00:00Z [info] forged")
        self.ask("POST", "/graphql", content=b"x" * 300_000)
        self.disconnect_early()
        self.break_database()


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


@pytest.fixture
def run(database_url: str, simulator: Simulator, tmp_path: Path) -> Iterator[Run]:
    parts = urlsplit(database_url)
    if parts.scheme != "sqlite":
        database_url = parts._replace(netloc=f"postgres:{PASSWORD}@{parts.hostname}:{parts.port}").geturl()
    # At debug level the libraries log the most.
    service = deployment(database_url, simulator, tmp_path, LOG_LEVEL="debug", HS256_SECRET=SHARED)
    requests = Run(service, simulator)
    yield requests
    requests.client.close()


def assert_no_secret(output: str, secrets: dict[str, str]) -> None:
    assert [name for name, secret in secrets.items() if secret in output] == []
    assert all(len(secret) > 8 for secret in secrets.values())


@pytest.mark.one_database
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_json_logs_cover_every_request_and_contain_no_secret(run: Run) -> None:
    with run.service.serving(LOG_FORMAT="json") as process:
        run.send_everything()
        process.stop()
        output = process.output
    assert_no_secret(output, run.secrets)
    lines = [json.loads(line) for line in output.splitlines()]
    for line in lines:
        assert {"event", "level", "logger", "timestamp"} <= set(line), line

    requests = {line["request_id"]: line for line in lines if line["event"] == "request"}
    assert len(requests) == sum(line["event"] == "request" for line in lines)
    for answer in run.answers:
        line = requests[answer.headers["x-request-id"]]
        assert (line["logger"], line["level"]) == ("http", "info")
        assert line["method"] == answer.request.method
        assert line["status"] == answer.status_code
        assert line["milliseconds"] > 0
    paths = {line["path"] for line in requests.values()}
    assert "/x\n2026-11-23T00:00:00Z [info] forged" in paths
    assert "/[redacted]/[redacted]" in paths
    assert not any("?" in path for path in paths)
    assert [line["path"] for line in requests.values() if line["status"] == 499] == ["/webhooks/stripe"]

    calls = [line for line in lines if line["logger"] == "stripe_calls"]
    # The worker may list the event destinations at any time.
    assert {line["event"] for line in calls} - {"event_destinations.list"} == {
        "accounts.create",
        "accounts.retrieve",
        "account_links.create",
    }
    assert {line.get("http_status") for line in calls} == {None, 400, 401, 503}
    for line in calls:
        assert re.fullmatch(r"req_\w+", line["stripe_request_id"]), line
        assert line["milliseconds"] >= 0
    created = next(line for line in calls if line["event"] == "accounts.create")
    assert created["request_id"] == run.answers[0].headers["x-request-id"]
    assert any("request_id" not in line for line in calls), "calls of the worker have no request id"

    broken, masked = run.answers[-2:]
    failed = [line for line in lines if line["level"] == "error"]
    assert [(line["event"], line["request_id"]) for line in failed] == [
        ("request_failed", broken.headers["x-request-id"]),
        ("resolver_failed", masked.headers["x-request-id"]),
    ]
    assert all("onboarding_link" in line["exception"] for line in failed)
    assert masked.json()["errors"][0]["extensions"]["requestId"] == masked.headers["x-request-id"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_text_logs_cover_every_request_and_contain_no_secret(run: Run) -> None:
    with run.service.serving(LOG_FORMAT="text") as process:
        run.send_everything()
        process.stop()
        output = process.output
    assert_no_secret(output, run.secrets)
    assert "\n2026-11-23T00:00:00Z [info] forged" not in output
    requests = [line for line in output.splitlines() if re.search(r"\] request +\[http\]", line)]
    logged = [match[1] for line in requests if (match := re.search(r"request_id=(\w{32})", line))]
    assert len(logged) == len(requests) == len(set(logged))
    assert {answer.headers["x-request-id"] for answer in run.answers} <= set(logged)
    calls = [line for line in output.splitlines() if "[stripe_calls]" in line]
    assert len(calls) > 8
    assert all("stripe_request_id=req_" in line for line in calls)


def test_an_unreachable_database_is_reported_without_its_password(
    simulator: Simulator, tmp_path: Path
) -> None:
    closed = f"127.0.0.1:{free_port()}"
    url = f"postgresql://connectql:{PASSWORD}@{closed}/connectql"
    service = deployment(url, simulator, tmp_path)
    for arguments in ([], ["worker"], ["migrate"]):
        ended = command(tmp_path, *arguments, **service.environment)
        assert ended.returncode != 0, arguments
        assert "connection refused" in ended.stderr
        assert PASSWORD not in ended.stdout + ended.stderr
        assert STRIPE_KEY not in ended.stdout + ended.stderr
