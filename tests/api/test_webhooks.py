"""POST /webhooks/stripe records each signed notification once and answers before the event is handled."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tortoise.connection import get_connection

from models import StripeEvent
from testing.notifications import new_notification
from testing.processes import Simulator
from testing.service import Service, running
from testing.statements import Statements
from tests.api.webhook_deliveries import ACCOUNT, NEW, OLD, body, deliver, signature


@pytest.fixture
async def service(database_url: str, simulator: Simulator, tmp_path: Path) -> AsyncIterator[Service]:
    """A service with two secrets, as in a rotation. It has no worker, so events keep their first state."""
    secrets = f"{OLD},{NEW}"
    async with running(
        database_url, simulator, tmp_path, WORKER="off", WEBHOOK_SECRETS=secrets, LOG_LEVEL="error"
    ) as service:
        yield service


async def test_a_notification_is_recorded_unchanged(service: Service) -> None:
    content = json.dumps(new_notification(1, ACCOUNT), indent=2, ensure_ascii=False).encode() + b"\n"
    before = datetime.now(UTC)
    answer = await deliver(service, content)
    assert (answer.status_code, answer.json()) == (200, {"received": True})
    event = await StripeEvent.get()
    assert (event.stripe_event_id, event.type) == ("evt_test_1", "v2.core.account[requirements].updated")
    assert (event.stripe_account_id, event.subject_key) == (ACCOUNT, ACCOUNT)
    assert (event.state, event.attempts) == ("PENDING", 0)
    assert event.last_error is None
    assert event.handled_at is None
    assert event.body.encode() == content
    assert event.livemode is False
    assert event.stripe_created_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert before <= event.received_at <= datetime.now(UTC)
    assert (event.run_at - event.received_at).total_seconds() == service.settings.inbox.debounce


async def test_repeated_deliveries_are_recorded_once(service: Service) -> None:
    for _ in range(3):
        assert (await deliver(service, body(1))).status_code == 200
    answers = await asyncio.gather(*(deliver(service, body(2)) for _ in range(20)))
    assert [answer.status_code for answer in answers] == [200] * 20
    kept = await StripeEvent.all().order_by("id")
    assert [event.stripe_event_id for event in kept] == ["evt_test_1", "evt_test_2"]
    # The first delivery is kept. Later deliveries with the same id change nothing.
    assert (await deliver(service, body(1, type="v2.core.account.closed"))).status_code == 200
    assert (await StripeEvent.get(stripe_event_id="evt_test_1")).body.encode() == body(1)


async def test_a_new_notification_takes_at_most_one_statement(
    service: Service, statements: Statements
) -> None:
    statements.clear()
    for number in range(3):
        assert (await deliver(service, body(number))).status_code == 200
    assert statements.take_verbs() == ["INSERT"] * 3
    # A duplicate takes a second statement, because the stored event may have been back-filled.
    assert (await deliver(service, body(1))).status_code == 200
    assert statements.take_verbs() == ["INSERT", "SELECT"]
    assert (await deliver(service, body(1), "t=1,v1=0")).status_code == 400
    assert statements.take_verbs() == []
    answers = await asyncio.gather(*(deliver(service, body(number)) for number in range(10, 60)))
    assert {answer.status_code for answer in answers} == {200}
    verbs = statements.take_verbs()
    assert 1 <= len(verbs) <= 50
    assert set(verbs) == {"INSERT"}
    assert await StripeEvent.all().count() == 53


async def test_a_notification_that_the_database_refuses_does_not_affect_others(
    service: Service,
) -> None:
    """Stripe redelivers a notification that was not answered with 2xx."""
    connection = get_connection("default")
    if connection.capabilities.dialect == "postgres":
        await connection.execute_script(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;"
            "CREATE TRIGGER fail BEFORE INSERT ON stripe_event FOR EACH ROW"
            " WHEN (NEW.stripe_event_id = 'evt_test_7') EXECUTE FUNCTION fail()"
        )
    else:
        await connection.execute_script(
            "CREATE TRIGGER fail BEFORE INSERT ON stripe_event WHEN NEW.stripe_event_id = 'evt_test_7'"
            " BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    answers = await asyncio.gather(*(deliver(service, body(number)) for number in range(20)))
    assert [answer.status_code for answer in answers] == [200] * 7 + [500] + [200] * 12
    (error,) = answers[7].json()["errors"]
    assert error["extensions"] == {"code": "INTERNAL", "requestId": answers[7].headers["x-request-id"]}
    assert {event.stripe_event_id for event in await StripeEvent.all()} == {
        f"evt_test_{number}" for number in range(20) if number != 7
    }


async def test_no_notification_is_accepted_while_all_statements_fail(service: Service) -> None:
    connection = get_connection("default")
    await connection.execute_script("ALTER TABLE stripe_event RENAME TO elsewhere")
    answers = await asyncio.gather(*(deliver(service, body(number)) for number in range(3)))
    assert [answer.status_code for answer in answers] == [500] * 3
    await connection.execute_script("ALTER TABLE elsewhere RENAME TO stripe_event")
    assert await StripeEvent.all().count() == 0
    assert (await deliver(service, body(1))).status_code == 200


UNREADABLE = "The body cannot be read."
NOT_THIN = "This is not a thin event notification. Set the destination's payload to thin."
NAMELESS = "The notification has no id or no type."


@pytest.mark.one_database
async def test_signed_content_that_is_not_a_notification_is_refused(service: Service) -> None:
    cases: dict[bytes, str] = {
        json.dumps({"id": "evt_1", "object": "event", "type": "account.updated"}).encode(): NOT_THIN,
        b"null": NOT_THIN,
        b"true": NOT_THIN,
        b"5": NOT_THIN,
        b'"v2.core.event"': NOT_THIN,
        b"[1]": NOT_THIN,
        b"{}": NOT_THIN,
        body(object=["v2.core.event"]): NOT_THIN,
        body(id=None): NAMELESS,
        body(id=7): NAMELESS,
        body(id=""): NAMELESS,
        body(id="evt_" + "1" * 252): NAMELESS,
        body(id="evt_\x00"): NAMELESS,
        body(type=None): NAMELESS,
        body(type={"v2": 1}): NAMELESS,
        body(type="v" * 256): NAMELESS,
        b"": UNREADABLE,
        b"id=evt_1&object=v2.core.event": UNREADABLE,
        body()[:-1]: UNREADABLE,
        body() + body(): UNREADABLE,
        b"\xff\xfe" + body(): UNREADABLE,
        '{"id": "caf\xe9"}'.encode("latin-1"): UNREADABLE,
        b"[" * 10_000 + b"]" * 10_000: UNREADABLE,
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000: UNREADABLE,
    }
    results = {}
    for content in cases:
        answer = await deliver(service, content)
        results[content] = (answer.status_code, answer.json().get("error"))
    assert results == {content: (400, reason) for content, reason in cases.items()}
    assert await StripeEvent.all().count() == 0


@pytest.mark.one_database
async def test_large_bodies_are_refused(service: Service) -> None:
    most = 256 * 1024
    filled = body(filler="x" * (most - len(body(filler=""))))
    assert len(filled) == most
    assert (await deliver(service, filled)).status_code == 200
    refused = await deliver(service, filled + b" ")
    assert refused.status_code == 413

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(8):
            yield b"x" * 65_536

    streamed = await service.http.post(
        "/webhooks/stripe", content=chunks(), headers={"Stripe-Signature": signature(b"x")}
    )
    assert streamed.status_code == 413
    assert streamed.json()["errors"][0] == {
        "message": "The body is larger than 262144 bytes.",
        "extensions": {"code": "BODY_TOO_LARGE", "requestId": streamed.headers["x-request-id"]},
    }
    assert await StripeEvent.all().count() == 1


async def test_the_first_state_of_an_event_depends_on_its_mode_and_type(service: Service) -> None:
    other_mode = "The event belongs to another mode; this service works in a sandbox."
    cases: list[tuple[dict[str, Any], str, str | None]] = [
        ({"livemode": True}, "IGNORED", other_mode),
        ({"livemode": True, "type": "v2.core.event_destination.ping"}, "IGNORED", other_mode),
        ({"type": "v1.customer.created"}, "IGNORED", None),
        ({"type": "v9.something.new", "related_object": None, "context": None}, "IGNORED", None),
        ({"type": "v2.core.event_destination.ping", "context": None}, "HANDLED", None),
        ({"type": "v2.core.account[something_new].updated"}, "PENDING", None),
        ({"type": "v2.core.account_person.created"}, "PENDING", None),
        ({"type": "v2.core.account_link.returned"}, "PENDING", None),
        ({"type": "v1.account.application.deauthorized"}, "PENDING", None),
        ({"livemode": None, "created": "soon", "reason": 7}, "PENDING", None),
    ]
    for number, (changed, _, _) in enumerate(cases):
        assert (await deliver(service, body(number, **changed))).status_code == 200, changed
    events = {event.stripe_event_id: event for event in await StripeEvent.all()}
    for number, (changed, state, reason) in enumerate(cases):
        event = events[f"evt_test_{number}"]
        assert (event.state, event.last_error) == (state, reason), changed
        assert (event.handled_at is None) is (state == "PENDING"), changed
    assert events["evt_test_0"].livemode is True
    assert events["evt_test_9"].stripe_created_at == events["evt_test_9"].received_at


async def test_the_account_is_read_from_every_place_that_stripe_uses(service: Service) -> None:
    person = {
        "id": "person_1",
        "type": "v2.core.account_person",
        "url": f"/v2/core/accounts/{ACCOUNT}/persons/person_1",
    }
    cases: list[tuple[dict[str, Any], str | None]] = [
        ({"context": None}, ACCOUNT),
        ({"related_object": person, "context": None}, ACCOUNT),
        ({"related_object": person, "context": "acct_platform"}, ACCOUNT),
        ({"related_object": None, "context": ACCOUNT}, ACCOUNT),
        ({"related_object": None, "context": f"org_a/acct_b/{ACCOUNT}"}, ACCOUNT),
        ({"related_object": {"id": "we_1", "type": "v1.x", "url": "/v1/x/we_1"}}, ACCOUNT),
        ({"related_object": None, "context": None}, None),
        ({"related_object": None, "context": "org_a/"}, None),
        ({"related_object": None, "context": 7}, None),
        ({"related_object": [1], "context": ["acct_b"]}, None),
        ({"related_object": "acct_b", "context": ""}, None),
        ({"related_object": {"id": 7, "type": "v2.core.account", "url": None}, "context": None}, None),
        ({"related_object": {"url": [1]}, "context": None}, None),
    ]
    for number, (changed, _) in enumerate(cases):
        assert (await deliver(service, body(number, **changed))).status_code == 200, changed
    events = {event.stripe_event_id: event for event in await StripeEvent.all()}
    for number, (changed, account) in enumerate(cases):
        event = events[f"evt_test_{number}"]
        assert event.stripe_account_id == account, changed
        assert event.subject_key == (account or f"evt_test_{number}"), changed
