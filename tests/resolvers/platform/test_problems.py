"""platform.problems lists each problem with its remedy."""

from datetime import timedelta
from typing import Any

import pytest

from connect.events.handlers import ENABLED_EVENTS
from connect.merchants.rules.document import wire_time
from connect.platform import health, periodic
from connect.stripe_api.gateway import Gateway
from models import AccountCreation, PeriodicTask, now
from testing.merchants import build_event, build_merchant, store
from testing.service import STRIPE_KEY, Service

HEALTH = """
{
  platform {
    problems { code severity message remedy count since }
    webhooks { destinationStatus destinationCheckedAt }
  }
}
"""


async def check_health(service: Service, key: str = STRIPE_KEY) -> dict[str, Any]:
    """The problems and the webhook health after a worker has checked Stripe."""
    gateway = Gateway(key, service.simulator.base_url, timeout=2, retries=0)
    settings = service.settings
    try:
        await periodic.hasten("health")
        await health.watch(
            gateway,
            "tests",
            webhook_url=settings.webhook_url,
            stale_after=settings.stale_after,
            backfill_after=settings.backfill_after,
        )
    finally:
        await gateway.close()
    result: dict[str, Any] = (await service.graphql(HEALTH))["platform"]
    task = await PeriodicTask.get(name="health")
    ready = (await service.http.get("/readyz")).json()
    assert ready["problems"] == task.state["codes"] == [one["code"] for one in result["problems"]]
    return result


@pytest.mark.slow
@pytest.mark.one_database
async def test_each_defect_of_the_destination_is_shown_with_its_remedy(idle: Service) -> None:
    url = idle.settings.webhook_url
    healthy = await check_health(idle)
    assert healthy["problems"] == []
    assert healthy["webhooks"]["destinationStatus"] == "ENABLED"
    check = await health.last_check()
    assert healthy["webhooks"]["destinationCheckedAt"] == wire_time(check.destination_checked_at)
    assert check.destination is not None
    name = check.destination.id
    create = f"Run `python -m api destination {url}` and put the secret into CONNECTQL_WEBHOOK_SECRETS."
    workbench = "In Stripe's Dashboard, Workbench > Webhooks,"
    replace = (
        f"Stripe cannot change this in an existing destination. {create} Then delete {name} in Stripe's "
        "Dashboard."
    )
    missing_types = "v1.invoice.payment_failed, v1.invoice.voided"
    faults: list[tuple[dict[str, Any], str, str, str, int, str]] = [
        (
            {"status": "disabled", "status_details": {"disabled": {"reason": "user"}}},
            "DISABLED",
            "DESTINATION_DISABLED",
            f"The event destination {name} is disabled (reason: user).",
            1,
            (
                f"Call enableDestination, or enable {name} in Stripe's Dashboard, Workbench > Webhooks. "
                "Events that Stripe did not send meanwhile are back-filled."
            ),
        ),
        (
            {"events_from": ["@self"]},
            "ENABLED",
            "DESTINATION_SCOPE",
            f"The event destination {name} does not send the events of connected accounts.",
            1,
            replace,
        ),
        (
            {"events_from": ["@accounts"]},
            "ENABLED",
            "DESTINATION_SCOPE",
            (
                f"The event destination {name} does not send the platform's own events, which report its "
                "fees and subscriptions."
            ),
            1,
            replace,
        ),
        (
            {"event_payload": "snapshot"},
            "ENABLED",
            "DESTINATION_PAYLOAD",
            f"The event destination {name} does not send thin payloads, so its notifications are refused.",
            1,
            replace,
        ),
        (
            {"enabled_events": list(ENABLED_EVENTS[:-2])},
            "ENABLED",
            "DESTINATION_EVENTS",
            f"The event destination {name} lacks 2 event types: {missing_types}.",
            2,
            f"{workbench} add them to {name}.",
        ),
        (
            {"webhook_endpoint": {"url": f"{url}/elsewhere"}},
            "MISSING",
            "DESTINATION_MISSING",
            f"Stripe has no event destination with the address {url}.",
            1,
            f"{create} If your destination has another address, set CONNECTQL_WEBHOOK_URL to that address.",
        ),
    ]
    repair = {
        "status": "enabled",
        "status_details": None,
        "events_from": ["@accounts", "@self"],
        "event_payload": "thin",
        "enabled_events": ["*"],
        "webhook_endpoint": {"url": url},
    }
    for change, status, code, message, count, remedy in faults:
        idle.simulator.control(f"destinations/{name}", change)
        result = await check_health(idle)
        assert result["problems"] == [
            {
                "code": code,
                "severity": "ERROR",
                "message": message,
                "remedy": remedy,
                "count": count,
                "since": None,
            }
        ]
        assert result["webhooks"]["destinationStatus"] == status
        idle.simulator.control(f"destinations/{name}", repair)
        assert (await check_health(idle))["problems"] == []


@pytest.mark.one_database
async def test_a_refused_key_is_a_problem_and_keeps_the_last_known_destination(idle: Service) -> None:
    before = await check_health(idle)
    result = await check_health(idle, "rk_test_" + "x" * 24)
    (problem,) = result["problems"]
    assert (problem["code"], problem["severity"]) == ("STRIPE_KEY_REFUSED", "ERROR")
    assert problem["since"] == wire_time((await health.last_check()).stripe_since)
    assert result["webhooks"] == before["webhooks"]


async def test_problems_between_two_checks_are_shown_immediately(idle: Service) -> None:
    await check_health(idle)
    at = await now()
    undelivered = build_event(1, state="FAILED")
    undelivered.back_filled_at = undelivered.received_at
    await undelivered.save(force_create=True)
    idle.simulator.control("deliveries", {"mode": "drop"})
    await idle.create()
    await AccountCreation.all().update(state="PENDING", created_at=at - timedelta(minutes=6))
    result = (await idle.graphql(HEALTH))["platform"]["problems"]
    assert [(one["code"], one["count"], one["since"]) for one in result] == [
        ("DESTINATION_SILENT", 1, "2026-01-31T10:01:00.000Z"),
        ("EVENTS_FAILED", 1, "2026-01-31T10:01:00.000Z"),
        ("CREATIONS_STUCK", 1, wire_time(at - timedelta(minutes=6))),
    ]
    # /readyz reports the result of the last check.
    assert (await idle.http.get("/readyz")).json()["problems"] == []


async def test_no_worker_is_a_problem_before_the_first_check(idle: Service) -> None:
    (problem,) = (await idle.graphql(HEALTH))["platform"]["problems"]
    assert (problem["code"], problem["count"], problem["since"]) == ("NO_WORKER", 1, None)


@pytest.mark.one_database
async def test_a_review_that_takes_weeks_is_a_problem(idle: Service) -> None:
    at = await now()
    await store(
        [
            build_merchant("slow", "review", since=at - timedelta(days=21)),
            build_merchant("new", "review", since=at - timedelta(days=13)),
            build_merchant("active", since=at - timedelta(days=21)),
        ]
    )
    problems = (await check_health(idle))["problems"]
    (problem,) = [one for one in problems if one["code"] == "REVIEWS_SLOW"]
    since = at - timedelta(days=21)
    assert (problem["severity"], problem["count"], problem["since"]) == ("WARNING", 1, wire_time(since))
    assert problem["message"] == (
        f"1 merchant waited for Stripe's review for more than 14 days, the oldest since "
        f"{since:%Y-%m-%d %H:%M} UTC: slow."
    )
