"""An unavailable database: the answers to clients, and the recovery."""

import re
import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
import httpx
import pytest
import stripe
from tortoise.connection import get_connection

from models import Merchant, StripeEvent
from testing import postgres
from testing.deployment import command, deployment
from testing.environment import prefixed
from testing.merchants import rename
from testing.processes import Simulator, free_port
from testing.service import CREATE, ORIGIN, RETURN_TO, Service, eventually, running
from testing.subscribers import STATUS, stream
from testing.waits import PATIENCE, until

AWAY = "The database cannot be reached now. Repeat the same request in a moment; repeats are safe."
LINK = """
mutation ($input: CreateOnboardingLinkInput!) {
  createOnboardingLink(input: $input) { ... on CreateOnboardingLinkPayload { url } }
}
"""
WANTED = {
    "externalId": "shop-1",
    "displayName": "Shop",
    "contactEmail": "owner@shop.example",
    "country": "US",
}
CONTENT = '{"id": "evt_1", "object": "v2.core.event", "type": "v1.payout.paid", "livemode": false}'


def signed(secret: str, content: str = CONTENT) -> dict[str, str]:
    header = stripe.WebhookSignature.generate_signature_header(content, secret, int(time.time()))
    return {"Stripe-Signature": header, "Origin": ORIGIN}


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Lock the database file as another process would."""
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def error_of(answer: httpx.Response) -> dict[str, object]:
    return {
        "message": AWAY,
        "extensions": {"code": "UNAVAILABLE", "requestId": answer.headers["x-request-id"]},
    }


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_locked_sqlite_file_is_reported_to_every_client_until_it_is_unlocked(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    await service.create()
    link = {"merchant": {"externalId": "shop-1"}, "returnTo": RETURN_TO}
    url = (await service.graphql(LINK, {"input": link}))["createOnboardingLink"]["url"]
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=30 * PATIENCE) as browser:
        await browser.get(url)
        refresh = (await browser.get(url)).headers["location"]  # the link works only once
    await get_connection("default").execute_query("PRAGMA busy_timeout = 50")
    secret = service.settings.webhook_secrets[0]
    before = await Merchant.all().values()
    capsys.readouterr()
    with locked(service.settings.database_url):
        created = await service.post(CREATE, {"input": {**WANTED, "externalId": "shop-2"}})
        assert (created.status_code, created.json()["data"]) == (200, None)
        (error,) = created.json()["errors"]
        assert error.pop("path") == ["createMerchant"]
        assert error.pop("locations")
        assert error == error_of(created)
        several = await service.post(
            "mutation ($a: CreateMerchantInput!) { a: createMerchant(input: $a) { __typename }"
            " b: createMerchant(input: $a) { __typename } }",
            {"a": {**WANTED, "externalId": "shop-2"}},
        )
        assert {one["extensions"]["code"] for one in several.json()["errors"]} == {"UNAVAILABLE"}
        notified = await service.http.post("/webhooks/stripe", content=CONTENT, headers=signed(secret))
        assert (notified.status_code, notified.headers["retry-after"]) == (503, "2")
        assert notified.json() == {"errors": [error_of(notified)]}
        # CORS lets the app's JavaScript read the answer.
        assert notified.headers["access-control-allow-origin"] == ORIGIN
        returned = await service.http.get(refresh.replace("/refresh?", "/return?"))
        renewed = await service.http.get(refresh)
        for page in (returned, renewed):
            assert (page.status_code, page.headers["retry-after"]) == (503, "2")
            assert page.headers["content-type"] == "text/html; charset=utf-8"
            assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src")
            assert "<h1>Not available at the moment</h1>" in page.text
        # The write-ahead log still allows reads.
        assert (await service.merchant("shop-1", "status"))["status"] == "ONBOARDING"
    logged = [line for line in capsys.readouterr().out.splitlines() if "database_unavailable" in line]
    with_ids = [line for line in logged if "request_id" in line]
    for answer in (created, several, notified, returned, renewed):
        (line,) = [one for one in with_ids if answer.headers["x-request-id"] in one]
        assert re.search(r"reason='?locked", line)
    # Nothing was written, and repeated requests take effect once.
    assert [row["external_id"] for row in await Merchant.all().values()] == [
        row["external_id"] for row in before
    ]
    assert await StripeEvent.filter(stripe_event_id="evt_1").count() == 0
    assert (await service.create("shop-2"))["created"] is True
    again = await service.http.post("/webhooks/stripe", content=CONTENT, headers=signed(secret))
    assert again.status_code == 200
    assert (await service.http.get(refresh.replace("/refresh?", "/return?"))).status_code == 302
    assert await StripeEvent.filter(stripe_event_id="evt_1").count() == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_loses_no_acknowledged_write(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    """The operating system's limit on the size of files simulates a full disk."""
    service = deployment(database_url, simulator, tmp_path, LOG_FORMAT="text")
    secret = service.environment["CONNECTQL_WEBHOOK_SECRETS"]
    with (
        service.serving() as api,
        httpx.Client(base_url=service.url, trust_env=False, verify=False, timeout=30 * PATIENCE) as client,
    ):
        acknowledged, refused = set[str](), set[str]()

        def create(number: int) -> None:
            name = f"shop-{number}"
            answer = service.create(client, name).json()
            if "errors" in answer:
                assert [one["extensions"]["code"] for one in answer["errors"]] == ["UNAVAILABLE"]
                refused.add(name)
            else:
                assert answer["data"]["createMerchant"]["created"] is True
                acknowledged.add(name)

        def notify(number: int) -> int:
            content = CONTENT.replace("evt_1", f"evt_{number}")
            answer = client.post("/webhooks/stripe", content=content, headers=signed(secret, content))
            assert answer.status_code in {200, 503}
            return answer.status_code

        for number in range(3):
            create(number)

        def leave(room: int) -> None:
            resource.prlimit(api.popen.pid, resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))

        log = Path(database_url.removeprefix("sqlite:///") + "-wal")
        leave(log.stat().st_size + 30_000)  # some writes succeed
        for number in range(3, 15):
            create(number)
        assert refused
        leave(len(api.output) + 10_000)  # the output can grow, but the write-ahead log is already too large
        assert 503 in [notify(number) for number in range(10)]
        # Reads still work.
        assert service.status(client, "shop-0") == "ONBOARDING"
        assert re.search(r"database_unavailable .*reason='?disk", api.output)

        leave(resource.RLIM_INFINITY)
        until(lambda: client.get("/readyz").status_code == 200)
        for name in acknowledged:
            assert service.create(client, name).json()["data"]["createMerchant"]["created"] is False
        for name in refused:
            assert service.create(client, name).json()["data"]["createMerchant"]["merchant"]["account"]
        assert [notify(number) for number in range(10)] == [200] * 10
        until(lambda: set(service.states(client)) <= {"HANDLED", "IGNORED"}, seconds=60)
        assert "Traceback" not in api.output
    assert len(simulator.control("accounts")["data"]) == 15
    connection = sqlite3.connect(database_url.removeprefix("sqlite:///"))
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    # Each merchant has its creation and its account.
    for table in ("merchant", "account_creation", "connected_account"):
        assert connection.execute(f"SELECT count(*) FROM {table}").fetchall() == [(15,)]
    kept = connection.execute("SELECT count(*) FROM stripe_event WHERE type = 'v1.payout.paid'").fetchall()
    assert kept == [(10,)]
    connection.close()


@pytest.mark.parametrize("name", [[], ["worker"], ["migrate"], ["rebuild"]])
def test_commands_that_cannot_reach_the_database_print_one_line(
    simulator: Simulator, tmp_path: Path, name: list[str]
) -> None:
    url = f"postgresql://me:secret@127.0.0.1:{free_port()}/connectql"
    service = deployment(url, simulator, tmp_path)
    ended = command(tmp_path, *name, **service.environment)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        "Error: the database cannot be reached: connection refused. "
        "Check CONNECTQL_DATABASE_URL and that the server runs.\n"
    )
    (tmp_path / "file").touch()
    no_folder = prefixed({"DATABASE_URL": f"sqlite:///{tmp_path}/file/connectql.db"})
    ended = command(tmp_path, *name, **{**service.environment, **no_folder})
    assert ended.returncode == 1
    assert ended.stderr.startswith("Error: the database cannot be reached: file exists. Check")


async def test_if_the_url_has_two_hosts_the_service_follows_a_fail_over(
    postgres_cluster: Path, simulator: Simulator, tmp_path: Path
) -> None:
    with (
        postgres.stoppable(copy_of=postgres_cluster) as primary,
        postgres.stoppable(standby_of=primary.url) as standby,
    ):
        hosts = ",".join(urlsplit(one.url).netloc.rpartition("@")[2] for one in (standby, primary))
        options = "sslmode=disable&target_session_attrs=read-write"
        url = f"postgresql://postgres@{hosts}/{postgres.MIGRATED}?{options}"
        async with running(url, simulator, tmp_path, WORKER="off") as service:
            await service.create("shop-1")
            await eventually(lambda: has_replayed(postgres.url_of(standby.url, postgres.MIGRATED)))
            primary.stop(immediate=True)
            await postgres.execute(standby.url, "SELECT pg_promote()")
            await eventually(lambda: is_ready(service))
            assert (await service.merchant("shop-1", "externalId")) == {"externalId": "shop-1"}
            assert (await service.create("shop-2"))["created"]
            await eventually(lambda: is_ready(service, feed="ok"))
            names = STATUS.replace("status", "displayName")
            async with stream(service, names, {"id": "shop-1"}, token=service.token()) as events:
                assert await events.data() == {"merchantChanged": {"displayName": "Shop shop-1"}}
                await rename("shop-1", "New")
                assert await events.data() == {"merchantChanged": {"displayName": "New"}}


async def has_replayed(url: str) -> bool:
    connection = await asyncpg.connect(url)
    try:
        return bool(await connection.fetchval("SELECT count(*) FROM merchant WHERE document IS NOT NULL"))
    finally:
        await connection.close()


async def is_ready(service: Service, **states: str) -> bool:
    answer = await service.http.get("/readyz")
    return answer.status_code == 200 and answer.json().items() >= states.items()
