"""Signed events are delivered at least once, with retries. Endpoints do not affect each other."""

import asyncio
import contextlib
import json
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tortoise.exceptions import ParamsError

from api.telemetry import labels
from connect.errors import EndpointNotFound, FieldCode, InvalidInput
from connect.outgoing import deliveries, endpoints, positions, secrets, sending
from connect.outgoing.deliveries import Deliveries
from connect.outgoing.endpoints import Changes, Policy
from connect.outgoing.rules import payloads
from connect.outgoing.rules.addresses import read_private_hosts
from connect.outgoing.rules.attempts import DeliveryError, Result, read_log
from models import EventEndpoint, OutgoingDelivery, OutgoingEvent, now, uuid7
from testing.processes import free_port
from testing.receiver import Receiver, receiving
from testing.statements import recorded
from testing.waits import PATIENCE

pytestmark = pytest.mark.usefixtures("database", "one_authority")

KEYS = secrets.box(["k" * 32])
POLICY = Policy(KEYS, read_private_hosts(["127.0.0.0/8"]))


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as one:
        yield one


async def write(kind: str = "payment.created", **more: Any) -> OutgoingEvent:
    at = await now()
    key = uuid7(at)
    about = {"subject_type": "payment", "subject_id": key, "merchant_id": key, "sequence": 7}
    return await OutgoingEvent.create(
        **{**about, **more}, id=key, type=kind, data='{"state":"PROCESSING"}', created_at=at
    )


async def deliver(policy: Policy = POLICY, on_attempt: Callable[[Result], None] = lambda _: None) -> int:
    """Assign positions to the new events, and attempt all deliveries that are due."""
    await positions.assign()
    running = Deliveries("one", policy, on_attempt=on_attempt)
    begun = await running.start()
    await running.finish()
    return begun


async def make_due() -> None:
    await OutgoingDelivery.filter(state="PENDING").update(run_at=await now() - timedelta(seconds=1))


async def test_a_delivery_is_signed_with_one_secret_or_with_two_during_a_rotation(receiver: Receiver) -> None:
    endpoint, secret = await endpoints.create(Changes(f"{receiver.url}/hooks?a=1", "Ours"), POLICY)
    assert secret.startswith("whsec_")
    assert secret not in endpoint.secret
    event = await write()
    assert await deliver() == 1
    assert await deliver() == 0
    (one,) = receiver.received
    body = deliveries.payload_of(event)
    signature = payloads.sign(one.id, one.headers["webhook-timestamp"], body, secret)
    assert (one.path, one.body, one.headers["webhook-signature"]) == ("/hooks?a=1", body, signature)
    assert (one.id, one.headers["host"]) == (
        payloads.event_id(event.id),
        receiver.url.removeprefix("http://"),
    )
    row = await OutgoingDelivery.get()
    (attempt,) = read_log(row.log)
    assert (row.state, row.attempts, attempt.status, attempt.error) == ("DELIVERED", 1, 204, None)

    _, other = await endpoints.rotate(endpoint.id, 24, POLICY)
    await write()
    await deliver()
    stamp, given = [receiver.received[-1].headers[f"webhook-{name}"] for name in ("timestamp", "signature")]
    both = [
        payloads.sign(receiver.received[-1].id, stamp, receiver.received[-1].body, one)
        for one in (other, secret)
    ]
    assert given.split(" ") == both
    # If two rotations run at the same time, the second one keeps the secret that the first one created.
    rotated = await asyncio.gather(*(endpoints.rotate(endpoint.id, 24, POLICY) for _ in range(2)))
    signing = deliveries.signing_secrets(await EventEndpoint.get(), POLICY, await now())
    assert set(signing) == {one for _, one in rotated}
    other = signing[0]
    # The previous secret expires. Secrets cannot be read without the key that encrypted them.
    await EventEndpoint.all().update(previous_until=await now())
    assert deliveries.signing_secrets(await EventEndpoint.get(), POLICY, await now()) == [other]
    lost = Policy(secrets.box(["l" * 32]), POLICY.private)
    assert deliveries.signing_secrets(await EventEndpoint.get(), lost, await now()) == []
    known = Policy(secrets.box(["l" * 32, "k" * 32]), POLICY.private)
    assert deliveries.signing_secrets(await EventEndpoint.get(), known, await now()) == [other]


async def test_a_delivery_fails_after_the_last_attempt_and_its_event_can_be_replayed(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint, _ = await endpoints.create(Changes(receiver.url), POLICY)
    event = await write()
    answers = iter([500, 302, 404, 200])
    receiver.answer = lambda _: next(answers)
    pauses, results = [], list[str]()
    for _ in range(4):
        await make_due()
        await deliver(on_attempt=lambda result: results.append(labels.result(result)))
        row = await OutgoingDelivery.get()
        pauses.append((row.run_at - await now()).total_seconds())
    assert [round(pause, -1) for pause in pauses[1:3]] == [
        pytest.approx(30, abs=5),
        pytest.approx(120, abs=15),
    ]
    assert 3 < pauses[0] < 6
    assert (row.state, row.attempts) == ("DELIVERED", 4)
    assert [one.status for one in read_log(row.log)] == [500, 302, 404, 200]
    assert results == ["refused", "refused", "refused", "delivered"]
    # Redirects are not followed, and every attempt has the same id and body.
    assert {(one.path, one.id, one.body) for one in receiver.received} == {
        ("/", payloads.event_id(event.id), deliveries.payload_of(event))
    }
    receiver.answer = lambda _: 500
    assert await endpoints.replay(endpoint.id, [event.id, uuid7()]) == 1
    await OutgoingDelivery.all().update(attempts=11)
    await deliver()
    row = await OutgoingDelivery.get()
    assert (row.state, row.attempts) == ("FAILED", 12)
    receiver.answer = lambda _: 204
    since = event.created_at
    for until, expected in ((since, 0), (datetime.max.replace(tzinfo=UTC), 1)):
        assert await endpoints.replay_between(endpoint.id, since, until) == expected
        await deliver()
        assert (await OutgoingDelivery.get()).state == ("DELIVERED" if expected else "FAILED")
    monkeypatch.setattr(endpoints, "MAX_REPLAYED", 0)
    with pytest.raises(InvalidInput) as refused:
        await endpoints.replay_between(endpoint.id, since, until)
    assert [field.name for field in refused.value.fields] == ["events.period.until"]


async def test_a_replay_during_an_attempt_gives_the_delivery_all_attempts_again(receiver: Receiver) -> None:
    endpoint, _ = await endpoints.create(Changes(receiver.url), POLICY)
    event = await write()
    receiver.answer = lambda _: 500
    for before in (11, 5):  # the last attempt, and an attempt before a pause of an hour
        assert await endpoints.replay(endpoint.id, [event.id]) == 1
        await positions.assign()
        await OutgoingDelivery.all().update(attempts=before)
        receiver.may_answer.clear()
        receiver.arrived.clear()
        attempt = asyncio.create_task(deliver())
        await asyncio.wait_for(receiver.arrived.wait(), 60)
        assert await endpoints.replay(endpoint.id, [event.id]) == 1
        receiver.may_answer.set()
        await attempt
        row = await OutgoingDelivery.get()
        assert (row.state, row.attempts, row.finished_at, row.leased_until) == ("PENDING", 1, None, None)
        assert timedelta(seconds=3) < row.run_at - await now() < timedelta(seconds=6)
    assert [one.status for one in read_log(row.log)] == [500, 500]


async def test_a_slow_endpoint_does_not_delay_others_and_replicas_share_the_work(receiver: Receiver) -> None:
    async with receiving() as slow:
        slow.answer = lambda _: None
        await endpoints.create(Changes(receiver.url), POLICY)
        endpoint, _ = await endpoints.create(Changes(slow.url), POLICY)
        events = [await write() for _ in range(30)]
        await positions.assign()
        replicas = [Deliveries(name, POLICY) for name in ("one", "two")]
        for replica in replicas:
            await replica.start()
        waiting = [asyncio.create_task(replica.finish()) for replica in replicas]
        async with asyncio.timeout(60):
            while len(receiver.received) < 30:
                receiver.arrived.clear()
                await receiver.arrived.wait()
        assert len(slow.received) <= 2 * deliveries.BATCH
        for task in waiting:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
    ids = [one.id for one in receiver.received]
    assert sorted(ids) == sorted(payloads.event_id(event.id) for event in events)
    # No worker attempts the interrupted deliveries again until their leases end. Their attempts do not count,
    # because they got no answer.
    held = OutgoingDelivery.filter(endpoint_id=endpoint.id, leased_until__isnull=False)
    attempts: list[Any] = await held.values_list("attempts", flat=True)
    assert 0 < len(attempts) <= 2 * deliveries.BATCH
    assert set(attempts) == {0}


async def test_deliveries_are_planned_again_if_a_worker_disables_an_endpoint_while_a_call_enables_it(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint, _ = await endpoints.create(Changes(receiver.url), POLICY)
    event, at = await write(), await now()
    await OutgoingDelivery.create(
        endpoint_id=endpoint.id, event_id=event.id, attempts=3, run_at=at + timedelta(hours=1)
    )
    # The update waits, because the name server answers only after a worker has disabled the endpoint.
    asked, disabled, find = threading.Event(), threading.Event(), socket.getaddrinfo

    def ask(host: str, port: int, *args: Any, **options: Any) -> Any:
        if str(port) in receiver.url:
            asked.set()
            disabled.wait(60 * PATIENCE)
        return find(host, port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    monkeypatch.setattr(sending, "RESOLVE_SECONDS", 60 * PATIENCE)
    update = asyncio.create_task(
        endpoints.update(endpoint.id, Changes(receiver.url, is_enabled=True), POLICY)
    )
    await asyncio.to_thread(asked.wait, 60 * PATIENCE)
    await EventEndpoint.all().update(state="DISABLED", state_since=at)
    disabled.set()
    assert (await update).state == "ENABLED"
    assert (await OutgoingDelivery.get()).attempts == 0


async def test_an_endpoint_is_disabled_after_days_of_failures_or_the_status_410(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint, _ = await endpoints.create(Changes(receiver.url), POLICY)
    receiver.answer = lambda _: 500
    await write()
    await deliver()
    failing = await EventEndpoint.get()
    assert (failing.state, failing.failing_since is not None) == ("ENABLED", True)
    receiver.answer = lambda _: 204
    await write()
    await deliver()
    assert (await EventEndpoint.get()).failing_since is None

    receiver.answer = lambda _: 500
    await EventEndpoint.all().update(failing_since=await now() - timedelta(days=6))
    await make_due()
    await deliver()
    assert (await EventEndpoint.get()).state == "DISABLED"
    await write()
    await make_due()
    assert await deliver() == 0
    assert await OutgoingDelivery.all().count() == 2  # no delivery is planned for a disabled endpoint

    receiver.answer = lambda _: 204
    monkeypatch.setattr(endpoints, "AT_ONCE", 1)
    early, late = await OutgoingDelivery.all().order_by("id")
    for row, hours in ((early, -1), (late, 1)):
        run_at = await now() + timedelta(hours=hours)
        await OutgoingDelivery.filter(id=row.id).update(state="PENDING", attempts=3, run_at=run_at)
    since = (await EventEndpoint.get()).state_since
    for batches in (2, 0):  # one row in each batch; a repeated call finds no rows
        await EventEndpoint.all().update(state="DISABLED", state_since=since)
        with recorded() as statements:
            enabled = await endpoints.update(endpoint.id, Changes(is_enabled=True), POLICY)
        assert len(statements.with_text('UPDATE "outgoing_delivery"')) == batches
    assert (enabled.state, enabled.failing_since) == ("ENABLED", None)
    await deliver()
    assert await OutgoingDelivery.filter(state="DELIVERED", attempts=1).count() == 2
    # The refusals of the first batch disable the endpoint. So the last claimed delivery is not sent, and
    # its attempt does not count.
    receiver.answer = lambda _: 410
    for _ in range(deliveries.BATCH + 1):
        await write()
    await deliver()
    assert (await EventEndpoint.get()).state == "DISABLED"
    waiting = await OutgoingDelivery.filter(state="PENDING").values_list("attempts", "leased_until")
    assert sorted(waiting) == [(0, None), *[(1, None)] * deliveries.BATCH]
    await endpoints.delete(endpoint.id)
    assert await OutgoingDelivery.all().count() == 0
    with pytest.raises(EndpointNotFound):
        await endpoints.delete(endpoint.id)


async def test_an_interrupted_deletion_pauses_the_endpoint_and_records_when_it_was_paused(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    created, _ = await endpoints.create(Changes(receiver.url), POLICY)
    monkeypatch.setattr(endpoints, "AT_ONCE", -1)  # this invalid limit interrupts the deletion
    times = [created.state_since]
    for _ in range(2):
        with pytest.raises(ParamsError):
            await endpoints.delete(created.id)
        paused = await EventEndpoint.get()
        assert paused.state == "PAUSED"
        times.append(paused.state_since)
    first, second, third = times
    assert first < second == third


async def test_simultaneous_creations_stay_within_the_maximum(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "MAX_ENDPOINTS", 2)
    new = [endpoints.create(Changes(receiver.url), POLICY) for _ in range(8)]
    results = await asyncio.gather(*new, return_exceptions=True)
    refused = [one for one in results if isinstance(one, InvalidInput)]
    assert [one.fields[0].code for one in refused] == [FieldCode.TOO_MANY] * 6
    assert await EventEndpoint.all().count() == 2


async def test_a_private_host_is_refused_when_an_endpoint_is_stored_and_at_each_attempt(
    receiver: Receiver,
) -> None:
    public = Policy(KEYS)
    for url, code in (
        (receiver.url, FieldCode.URL_NOT_ALLOWED),
        ("https://127.0.0.1/x", FieldCode.URL_NOT_ALLOWED),
        ("https://[::ffff:127.0.0.1]/x", FieldCode.URL_NOT_ALLOWED),
        ("https://169.254.169.254/latest", FieldCode.URL_NOT_ALLOWED),
        ("http://8.8.8.8/x", FieldCode.URL_NOT_ALLOWED),
        ("https://8.8.8.8:25/x", FieldCode.URL_NOT_ALLOWED),
        ("https://8.8.8.8/#part", FieldCode.URL_INVALID),
        ("https://a:b@8.8.8.8/", FieldCode.URL_INVALID),
        ("ftp://8.8.8.8/", FieldCode.URL_INVALID),
        ("https://nobody.invalid/", FieldCode.URL_INVALID),
        ("https://8.8.8.8/" + "x" * 2000, FieldCode.TOO_LONG),
    ):
        with pytest.raises(InvalidInput) as refused:
            await endpoints.create(Changes(url), public)
        assert [(one.name, one.code) for one in refused.value.fields] == [("url", code)], url
    with pytest.raises(InvalidInput) as refused:
        await endpoints.create(Changes("https://8.8.8.8/", "\0" + "x" * 256, ("payment.x",)), public)
    assert [one.name for one in refused.value.fields] == ["description"] * 2 + ["types[0]"]
    assert await EventEndpoint.all().count() == 0

    # The host was allowed when the endpoint was stored. The IP address of a host can change later.
    endpoint, _ = await endpoints.create(Changes(receiver.url), POLICY)
    await write()
    await deliver(public)
    row = await OutgoingDelivery.get()
    assert [one.error and one.error.value for one in read_log(row.log)] == ["ADDRESS_NOT_ALLOWED"]
    closed = f"http://127.0.0.1:{free_port()}"
    await EventEndpoint.filter(id=endpoint.id).update(url=closed)
    await make_due()
    await deliver()
    await EventEndpoint.filter(id=endpoint.id).update(url="https://nobody.invalid/")
    await make_due()
    await deliver()
    errors = [one.error and one.error.value for one in read_log((await OutgoingDelivery.get()).log)]
    assert errors == ["ADDRESS_NOT_ALLOWED", "CONNECTION_FAILED", "HOST_NOT_FOUND"]
    assert receiver.received == []


async def test_a_test_event_is_sent_to_one_endpoint_only(receiver: Receiver) -> None:
    async with receiving() as other:
        endpoint, _ = await endpoints.create(Changes(receiver.url, types=("refund.created",)), POLICY)
        await endpoints.create(Changes(other.url), POLICY)
        event = await endpoints.send_test(endpoint.id)
        await deliver()
    assert [json.loads(one.body)["type"] for one in receiver.received] == ["endpoint.test"]
    assert receiver.received[0].id == payloads.event_id(event.id)
    assert other.received == []
    assert (await OutgoingEvent.get()).position == 1


@pytest.mark.waits
@pytest.mark.one_database
async def test_a_silent_name_server_blocks_only_one_thread_and_delays_no_other_host(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answered, asked, find = threading.Event(), list[str](), socket.getaddrinfo

    def ask(host: str, *args: Any, **options: Any) -> Any:
        asked.append(host)
        if host == "silent.example":
            answered.wait(60)
        return find("127.0.0.1", *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", ask)
    monkeypatch.setattr(sending, "RESOLVE_SECONDS", 1)
    try:
        found = await asyncio.gather(*(sending.resolve("silent.example", 443) for _ in range(40)))
        assert await sending.resolve("fast.example", 443) == [ip_address("127.0.0.1")]
    finally:
        answered.set()
    assert found == [[]] * 40
    assert asked == ["silent.example", "fast.example"]


async def test_the_certificate_must_match_the_hosts_name_although_the_client_connects_to_its_address(
    tmp_path: Path,
) -> None:
    private = read_private_hosts(["127.0.0.0/8"])
    server, trusted = certified("localhost", tmp_path)
    results = []
    async with receiving(context=server) as receiver:
        port = receiver.url.rpartition(":")[2]
        for host, authorities in (
            ("localhost", trusted),
            ("127.0.0.1", trusted),
            ("localhost", sending.trusted()),
        ):
            async with sending.open_client(authorities) as client:
                results.append(await sending.send(client, f"https://{host}:{port}/", {}, b"{}", private))
    failed = Result(error=DeliveryError.CONNECTION_FAILED)
    assert results == [Result(204), failed, failed]
    assert [one.headers["host"] for one in receiver.received] == [f"localhost:{port}"]


def certified(name: str, folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return the TLS contexts of a server with a certificate for this name and of a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    authority, private = folder / "authority.pem", folder / "private.pem"
    authority.write_bytes(certificate.public_bytes(pem))
    private.write_bytes(key.private_bytes(pem, *plain))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(authority, private)
    return server, ssl.create_default_context(cafile=authority)
