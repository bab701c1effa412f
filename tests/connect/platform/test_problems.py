"""What is wrong follows from the facts: which problems, in which order, in which words."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connect.events.destinations import judge
from connect.events.handlers import ENABLED_EVENTS
from connect.platform.problems import (
    Check,
    DestinationStatus,
    Facts,
    ProblemCode,
    Seen,
    Severity,
    StripeAnswer,
    Tally,
    find,
    kept,
    seen,
)

AT = datetime(2026, 1, 31, 10, tzinfo=UTC)
EARLIER = AT - timedelta(hours=1)
URL = "https://connect.example/webhooks/stripe"
WELL = Facts(
    at=AT,
    stale_after=timedelta(hours=6),
    backfill_after=timedelta(seconds=60),
    seen=Seen(
        checked_at=AT - timedelta(seconds=30),
        stripe=StripeAnswer.GIVEN,
        destination=Check(URL, "ed_1", DestinationStatus.ENABLED),
    ),
    last_delivered_at=EARLIER,
    swept_at=AT - timedelta(hours=5),
    backfilled_at=AT - timedelta(minutes=2),
)


def with_seen(**changed: Any) -> Facts:
    return dataclasses.replace(WELL, seen=dataclasses.replace(WELL.seen, **changed))


def with_destination(*codes: ProblemCode, **changed: Any) -> Facts:
    return with_seen(destination=Check(URL, problems=codes, **changed))


def test_nothing_is_wrong_when_all_is_well() -> None:
    assert find(WELL) == []
    # A service that has just been set up knows nothing yet, and no worker has shown itself.
    fresh = Facts(at=AT, stale_after=timedelta(hours=6), backfill_after=timedelta(seconds=60))
    assert [problem.code for problem in find(fresh)] == [ProblemCode.NO_WORKER]


TWO = Tally(2, EARLIER)
CREATE = f"Run `python -m api destination {URL}` and put the secret into CONNECTQL_WEBHOOK_SECRETS."


@pytest.mark.parametrize(
    ("facts", "code", "severity", "count", "since", "message"),
    [
        (
            with_seen(stripe=StripeAnswer.KEY_REFUSED, stripe_since=EARLIER),
            "STRIPE_KEY_REFUSED",
            "ERROR",
            1,
            EARLIER,
            "Stripe does not accept the platform's API key.",
        ),
        (
            with_seen(stripe=StripeAnswer.UNAVAILABLE, stripe_since=EARLIER),
            "STRIPE_UNAVAILABLE",
            "WARNING",
            1,
            EARLIER,
            "Stripe gives no definite answer.",
        ),
        (
            with_destination(ProblemCode.DESTINATION_MISSING),
            "DESTINATION_MISSING",
            "ERROR",
            1,
            None,
            f"Stripe has no event destination with the address {URL}.",
        ),
        (
            with_destination(ProblemCode.DESTINATION_DISABLED, id="ed_1", disabled_reason="user"),
            "DESTINATION_DISABLED",
            "ERROR",
            1,
            None,
            "The event destination ed_1 is disabled (reason: user).",
        ),
        (
            with_destination(ProblemCode.DESTINATION_SCOPE, id="ed_1"),
            "DESTINATION_SCOPE",
            "ERROR",
            1,
            None,
            "The event destination ed_1 does not send the events of connected accounts.",
        ),
        (
            with_destination(ProblemCode.DESTINATION_PAYLOAD, id="ed_1"),
            "DESTINATION_PAYLOAD",
            "ERROR",
            1,
            None,
            "The event destination ed_1 sends another payload than thin; such notifications are refused.",
        ),
        (
            with_destination(ProblemCode.DESTINATION_EVENTS, id="ed_1", missing_events=("a.b", "a.c")),
            "DESTINATION_EVENTS",
            "ERROR",
            2,
            None,
            "The event destination ed_1 lacks 2 event types: a.b, a.c.",
        ),
        (
            dataclasses.replace(WELL, undelivered=TWO),
            "DESTINATION_SILENT",
            "ERROR",
            2,
            EARLIER,
            "2 events had to be back-filled: Stripe has delivered nothing since 2026-01-31 09:00 UTC.",
        ),
        (
            dataclasses.replace(WELL, undelivered=Tally(1, EARLIER), last_delivered_at=None),
            "DESTINATION_SILENT",
            "ERROR",
            1,
            EARLIER,
            "1 event had to be back-filled: Stripe has delivered nothing yet.",
        ),
        (
            with_seen(checked_at=AT - timedelta(minutes=6)),
            "NO_WORKER",
            "ERROR",
            1,
            AT - timedelta(minutes=6),
            "No worker has shown itself since 2026-01-31 09:54 UTC.",
        ),
        (
            dataclasses.replace(WELL, waiting=TWO),
            "EVENTS_WAITING",
            "ERROR",
            2,
            EARLIER,
            "2 events should have been handled by now, the oldest since 2026-01-31 09:00 UTC.",
        ),
        (
            dataclasses.replace(WELL, retrying=TWO),
            "EVENTS_RETRYING",
            "WARNING",
            2,
            EARLIER,
            "2 events failed so far and will be tried again.",
        ),
        (
            dataclasses.replace(WELL, failed=Tally(1, EARLIER)),
            "EVENTS_FAILED",
            "ERROR",
            1,
            EARLIER,
            "1 event failed for good.",
        ),
        (
            dataclasses.replace(WELL, creations_expired=TWO),
            "CREATIONS_EXPIRED",
            "ERROR",
            2,
            EARLIER,
            "2 creations got no answer for 29 days. Repeating one could make a second account.",
        ),
        (
            dataclasses.replace(WELL, creations_stuck=TWO),
            "CREATIONS_STUCK",
            "WARNING",
            2,
            EARLIER,
            "2 creations got no definite answer from Stripe yet, the oldest since 2026-01-31 09:00 UTC.",
        ),
        (
            dataclasses.replace(WELL, creations_refused=Tally(1, EARLIER)),
            "CREATIONS_REFUSED",
            "WARNING",
            1,
            EARLIER,
            "Stripe refused 1 creation of the last 7 days that nobody repeated with success.",
        ),
        (
            dataclasses.replace(WELL, unknown_accounts=("acct_1", "acct_2"), unknown_since=EARLIER),
            "ACCOUNTS_UNKNOWN",
            "ERROR",
            2,
            EARLIER,
            "Stripe does not know 2 accounts any more: acct_1, acct_2.",
        ),
        (
            dataclasses.replace(WELL, disconnected=TWO),
            "ACCOUNTS_DISCONNECTED",
            "WARNING",
            2,
            EARLIER,
            "2 accounts left the platform in the last 7 days.",
        ),
        (
            dataclasses.replace(WELL, closed=TWO),
            "ACCOUNTS_CLOSED",
            "WARNING",
            2,
            EARLIER,
            "2 accounts closed in the last 7 days, and not by closeMerchant.",
        ),
        (
            dataclasses.replace(WELL, swept_at=AT - timedelta(hours=7)),
            "SWEEP_STALLED",
            "ERROR",
            1,
            AT - timedelta(hours=7),
            "No comparison of all accounts with Stripe's has ended since 2026-01-31 03:00 UTC.",
        ),
        (
            dataclasses.replace(WELL, backfilled_at=AT - timedelta(minutes=11)),
            "BACKFILL_STALLED",
            "ERROR",
            1,
            AT - timedelta(minutes=11),
            "Events that Stripe does not deliver were last looked for 2026-01-31 09:49 UTC.",
        ),
        (
            dataclasses.replace(WELL, stale=TWO),
            "MIRRORS_STALE",
            "WARNING",
            2,
            EARLIER,
            "Nobody compared 2 open accounts with Stripe's in time, the oldest since 2026-01-31 09:00 UTC.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isupper() else "",
)
def test_each_problem_follows_from_its_fact(
    facts: Facts, code: str, severity: str, count: int, since: datetime | None, message: str
) -> None:
    (problem,) = find(facts)
    assert problem.code is ProblemCode(code)
    assert problem.severity is Severity(severity)
    assert (problem.count, problem.since, problem.message) == (count, since, message)
    # Each names something to do it with, or a place.
    assert any(mark in problem.remedy for mark in ("`", "CONNECTQL_", "Dashboard", "https://"))


def test_every_problem_is_in_the_table() -> None:
    (mark,) = test_each_problem_follows_from_its_fact.pytestmark  # type: ignore[attr-defined]
    assert {case[1] for case in mark.args[1]} == {code.value for code in ProblemCode}


def test_what_is_almost_late_is_no_problem() -> None:
    almost = dataclasses.replace(
        WELL,
        seen=dataclasses.replace(WELL.seen, checked_at=AT - timedelta(minutes=5)),
        swept_at=AT - timedelta(hours=6, minutes=5),
        backfilled_at=AT - timedelta(minutes=10),
    )
    assert find(almost) == []


def test_errors_come_before_warnings_and_causes_before_what_follows() -> None:
    everything = dataclasses.replace(
        with_destination(ProblemCode.DESTINATION_SCOPE, ProblemCode.DESTINATION_PAYLOAD),
        undelivered=TWO,
        retrying=TWO,
        failed=TWO,
        creations_refused=TWO,
        unknown_accounts=("acct_1",),
        stale=TWO,
    )
    assert [problem.code.value for problem in find(everything)] == [
        "DESTINATION_SCOPE",
        "DESTINATION_PAYLOAD",
        "DESTINATION_SILENT",
        "EVENTS_FAILED",
        "ACCOUNTS_UNKNOWN",
        "EVENTS_RETRYING",
        "CREATIONS_REFUSED",
        "MIRRORS_STALE",
    ]


def test_ten_unknown_accounts_may_be_more() -> None:
    names = tuple(f"acct_{number}" for number in range(10))
    (problem,) = find(dataclasses.replace(WELL, unknown_accounts=names))
    assert problem.message.startswith("Stripe does not know 10 accounts any more and maybe more: acct_0, ")


def test_what_was_seen_is_kept_and_read_again() -> None:
    check = Check(
        URL,
        "ed_1",
        DestinationStatus.DISABLED,
        (ProblemCode.DESTINATION_DISABLED, ProblemCode.DESTINATION_EVENTS),
        ("a.b",),
        "user",
    )
    found = Seen(AT, StripeAnswer.KEY_REFUSED, EARLIER, check, EARLIER, ("STRIPE_KEY_REFUSED",))
    assert seen(kept(found)) == found
    assert seen(kept(Seen())) == Seen()


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"checked_at": 5, "stripe": "x", "destination": [], "codes": "NO_WORKER"},
        {"checked_at": "soon", "stripe": {"answer": "NEW"}, "destination": {"url": None}, "codes": [1]},
    ],
)
def test_what_cannot_be_read_is_not_known(state: dict[str, object]) -> None:
    assert seen(state) == Seen()


def test_codes_of_a_newer_version_are_left_out_of_the_destination() -> None:
    state = {"destination": {"url": URL, "status": "ASLEEP", "problems": ["NEW", "DESTINATION_SCOPE"]}}
    assert seen(state).destination == Check(URL, problems=(ProblemCode.DESTINATION_SCOPE,))


GOOD: dict[str, Any] = {
    "id": "ed_good",
    "status": "enabled",
    "status_details": None,
    "event_payload": "thin",
    "events_from": ["@accounts"],
    "enabled_events": list(ENABLED_EVENTS),
    "webhook_endpoint": {"url": URL},
}
DISABLED = GOOD | {
    "id": "ed_off",
    "status": "disabled",
    "status_details": {"disabled": {"reason": "no_aws_event_source_exists"}},
}
NARROW = GOOD | {"id": "ed_narrow", "events_from": ["@self"]}


@pytest.mark.parametrize(
    ("destinations", "expected"),
    [
        ([GOOD], Check(URL, "ed_good", DestinationStatus.ENABLED)),
        ([GOOD | {"enabled_events": ["*"]}], Check(URL, "ed_good", DestinationStatus.ENABLED)),
        ([NARROW, DISABLED, GOOD], Check(URL, "ed_good", DestinationStatus.ENABLED)),
        (
            [DISABLED, NARROW],
            Check(URL, "ed_narrow", DestinationStatus.ENABLED, (ProblemCode.DESTINATION_SCOPE,)),
        ),
        (
            [DISABLED],
            Check(
                URL,
                "ed_off",
                DestinationStatus.DISABLED,
                (ProblemCode.DESTINATION_DISABLED,),
                disabled_reason="no_aws_event_source_exists",
            ),
        ),
        (
            [GOOD | {"webhook_endpoint": {"url": f"{URL}/"}}, GOOD | {"webhook_endpoint": None}],
            Check(URL, None, DestinationStatus.MISSING, (ProblemCode.DESTINATION_MISSING,)),
        ),
        ([], Check(URL, None, DestinationStatus.MISSING, (ProblemCode.DESTINATION_MISSING,))),
    ],
)
def test_of_several_destinations_the_best_one_counts(
    destinations: list[dict[str, Any]], expected: Check
) -> None:
    assert judge(destinations, URL) == expected
