"""Monitoring reads numbers about outgoing events and their deliveries."""

from datetime import timedelta
from typing import Any

import pytest

from connect.outgoing import gauges
from connect.outgoing.gauges import Delay
from connect.outgoing.rules.endpoint_states import EndpointState
from models import EventEndpoint, OutgoingDelivery, OutgoingEvent, now, past_uuid7

pytestmark = pytest.mark.usefixtures("database")


async def test_the_gauges_show_ages_and_delay_of_pending_deliveries_to_enabled_endpoints(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    empty = {"minute": 0, "hour": 0, "day": 0, "older": 0}
    assert (await gauges.waiting(), await gauges.delay()) == (empty, Delay(0, 0.0))
    at = await now()
    about: dict[str, Any] = {"url": "https://a.example", "description": "", "secret": ""}
    about |= dict.fromkeys(("state_since", "created_at", "updated_at"), at)
    enabled, paused = [await EventEndpoint.create(**about, state=state) for state in ("ENABLED", "PAUSED")]

    async def plan(
        endpoint: EventEndpoint, age: timedelta, state: str = "PENDING", late: float = -3600
    ) -> None:
        planned = at - age
        event = await OutgoingEvent.create(
            id=past_uuid7(planned), type="payment.created", sequence=1, data="{}", created_at=planned
        )
        await OutgoingEvent.filter(id=event.id).update(position=await OutgoingEvent.all().count())
        run_at = at - timedelta(seconds=late)
        await OutgoingDelivery.create(
            id=past_uuid7(planned), endpoint_id=endpoint.id, event_id=event.id, state=state, run_at=run_at
        )

    for age in (timedelta(minutes=-5), timedelta(minutes=2), timedelta(minutes=3), timedelta(days=2)):
        await plan(enabled, age)
    await plan(enabled, timedelta(hours=2), "DELIVERED", late=900)
    await plan(paused, timedelta(hours=2), late=900)
    counts = {"minute": 1, "hour": 2, "day": 0, "older": 1}
    assert await gauges.waiting() == counts
    assert await gauges.delay() == Delay(0, 0.0)  # no attempt is due yet

    await plan(enabled, timedelta(hours=3), late=500)
    assert await gauges.waiting() == {**counts, "day": 1}
    with monkeypatch.context() as few:
        few.setattr(gauges, "MAX_COUNTED", 1)
        assert await gauges.waiting() == {**empty, "day": 1}  # only the delivery that is due first is counted
    found = await gauges.delay()
    assert found.unnumbered == 0
    assert 500 <= found.oldest_due_seconds < 700
    created = at - timedelta(seconds=700)
    await OutgoingEvent.create(type="payment.created", sequence=1, data="{}", created_at=created)
    found = await gauges.delay()
    assert found.unnumbered == 1
    assert 700 <= found.oldest_due_seconds < 900
    states = {EndpointState.ENABLED: 1, EndpointState.PAUSED: 1, EndpointState.DISABLED: 0}
    assert await gauges.endpoints() == states
