"""Problems have texts and an order, and the result of the last check is stored."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connect.events import destinations
from connect.events import problems as events
from connect.events.destinations import Check, DestinationStatus, choose
from connect.events.handlers import ENABLED_EVENTS
from connect.finances import problems as finances
from connect.merchants import problems as merchants
from connect.outgoing import problems as outgoing
from connect.payments import problems as payments
from connect.platform import last_check
from connect.platform.last_check import LastCheck, StripeAnswer
from connect.platform.problems import Count, Problem, ProblemCode, Severity, describe, put_in_order
from connect.services import problems as services

AT = datetime(2026, 1, 31, 10, tzinfo=UTC)
EARLIER = AT - timedelta(hours=1)
SINCE = "2026-01-31 09:00 UTC"
URL = "https://connect.example/webhooks/stripe"
FOLDERS = events, merchants, payments, finances, services, outgoing
WORDS = {code: words for folder in FOLDERS for code, words in folder.WORDS.items()}


def _destination(code: ProblemCode, **changed: Any) -> Problem:
    (problem,) = destinations.find_problems(Check(URL, problems=(code,), **changed))
    return problem


def _stripe(answer: StripeAnswer) -> Problem:
    (problem,) = last_check.find_problems(LastCheck(stripe=answer, stripe_since=EARLIER))
    return problem


def _counted(code: str, count: int = 2, **values: str) -> Problem:
    (problem,) = describe(WORDS, ProblemCode(code), Count(count, EARLIER), **values)
    return problem


CASES: list[tuple[Problem, str, str, int, str]] = [
    (
        _stripe(StripeAnswer.KEY_REFUSED),
        "STRIPE_KEY_REFUSED",
        "ERROR",
        1,
        "Stripe does not accept the platform's API key.",
    ),
    (
        _stripe(StripeAnswer.PERMISSION_MISSING),
        "STRIPE_PERMISSION_MISSING",
        "ERROR",
        1,
        "The platform's restricted key lacks a permission.",
    ),
    (
        _stripe(StripeAnswer.UNAVAILABLE),
        "STRIPE_UNAVAILABLE",
        "WARNING",
        1,
        "Stripe gives no definite answer.",
    ),
    (
        _destination(ProblemCode.DESTINATION_MISSING),
        "DESTINATION_MISSING",
        "ERROR",
        1,
        f"Stripe has no event destination with the address {URL}.",
    ),
    (
        _destination(ProblemCode.DESTINATION_DISABLED, id="ed_1", disabled_reason="user"),
        "DESTINATION_DISABLED",
        "ERROR",
        1,
        "The event destination ed_1 is disabled (reason: user).",
    ),
    (
        _destination(ProblemCode.DESTINATION_SCOPE, id="ed_1"),
        "DESTINATION_SCOPE",
        "ERROR",
        1,
        "The event destination ed_1 does not send the events of connected accounts.",
    ),
    (
        _destination(ProblemCode.DESTINATION_PAYLOAD, id="ed_1"),
        "DESTINATION_PAYLOAD",
        "ERROR",
        1,
        "The event destination ed_1 does not send thin payloads, so its notifications are refused.",
    ),
    (
        _destination(ProblemCode.DESTINATION_EVENTS, id="ed_1", missing_events=("a.b", "a.c")),
        "DESTINATION_EVENTS",
        "ERROR",
        2,
        "The event destination ed_1 lacks 2 event types: a.b, a.c.",
    ),
    (
        _counted("DESTINATION_SILENT", last=f"since {SINCE}"),
        "DESTINATION_SILENT",
        "ERROR",
        2,
        f"2 events had to be back-filled: Stripe has delivered nothing since {SINCE}.",
    ),
    (
        _counted("DESTINATION_SILENT", 1, last="yet"),
        "DESTINATION_SILENT",
        "ERROR",
        1,
        "1 event had to be back-filled: Stripe has delivered nothing yet.",
    ),
    (
        _counted("EVENTS_WAITING"),
        "EVENTS_WAITING",
        "ERROR",
        2,
        f"2 events should have been handled by now. The oldest has been due since {SINCE}.",
    ),
    (
        _counted("EVENTS_RETRYING"),
        "EVENTS_RETRYING",
        "WARNING",
        2,
        "2 events failed and will be retried.",
    ),
    (_counted("EVENTS_FAILED", 1), "EVENTS_FAILED", "ERROR", 1, "1 event failed and will not be retried."),
    (
        _counted("CREATIONS_EXPIRED"),
        "CREATIONS_EXPIRED",
        "ERROR",
        2,
        "2 creations got no answer for 29 days. Repeating such a request could create a second account.",
    ),
    (
        _counted("CREATIONS_STUCK"),
        "CREATIONS_STUCK",
        "WARNING",
        2,
        f"2 creations got no definite answer from Stripe yet, the oldest since {SINCE}.",
    ),
    (
        _counted("CREATIONS_REFUSED", 1),
        "CREATIONS_REFUSED",
        "WARNING",
        1,
        "Stripe refused 1 creation in the last 7 days, and no later attempt succeeded.",
    ),
    (
        _counted("PAYMENT_REQUESTS_STUCK"),
        "PAYMENT_REQUESTS_STUCK",
        "WARNING",
        2,
        f"2 requests about payments or payouts wait for Stripe's answer, the oldest since {SINCE}.",
    ),
    (
        _counted("PAYMENT_REQUESTS_REFUSED", names="a, b"),
        "PAYMENT_REQUESTS_REFUSED",
        "WARNING",
        2,
        (
            "In the last 7 days, Stripe refused to create or refund 2 payments whose caller had got no "
            "answer: a, b."
        ),
    ),
    (
        _counted("FEE_RETURNS_REFUSED", 1, names="a"),
        "FEE_RETURNS_REFUSED",
        "WARNING",
        1,
        "In the last 7 days, Stripe refused to return the platform's fee after refunds of 1 payment: a.",
    ),
    (
        _counted("ACCOUNTS_UNKNOWN", more=" and maybe more", names="acct_1, acct_2"),
        "ACCOUNTS_UNKNOWN",
        "ERROR",
        2,
        "Stripe no longer knows 2 accounts and maybe more: acct_1, acct_2.",
    ),
    (
        _counted("ACCOUNTS_DISCONNECTED", more="", names="acct_1, acct_2"),
        "ACCOUNTS_DISCONNECTED",
        "WARNING",
        2,
        "2 accounts left the platform in the last 7 days: acct_1, acct_2.",
    ),
    (
        _counted("ACCOUNTS_CLOSED"),
        "ACCOUNTS_CLOSED",
        "WARNING",
        2,
        "2 accounts closed in the last 7 days without a closeMerchant call.",
    ),
    (
        _counted("SWEEP_STALLED", 1),
        "SWEEP_STALLED",
        "ERROR",
        1,
        f"No comparison of all open accounts with Stripe has finished since {SINCE}.",
    ),
    (
        _counted("PAYMENT_SWEEP_STALLED", 1),
        "PAYMENT_SWEEP_STALLED",
        "ERROR",
        1,
        f"No comparison of recent and unfinished payments with Stripe has finished since {SINCE}.",
    ),
    (
        _counted("BACKFILL_STALLED", 1),
        "BACKFILL_STALLED",
        "ERROR",
        1,
        f"No search for missed events has succeeded since {SINCE}.",
    ),
    (
        _counted("MIRRORS_STALE", names="acct_1, acct_2"),
        "MIRRORS_STALE",
        "WARNING",
        2,
        f"2 open accounts were not compared with Stripe in time, the oldest since {SINCE}: acct_1, acct_2.",
    ),
    (
        _counted("SERVICES_STALE", names="shop-1, shop-2"),
        "SERVICES_STALE",
        "WARNING",
        2,
        (
            "2 subscriptions to the platform's product could not be fetched for 12 hours, the oldest since "
            f"{SINCE}: shop-1, shop-2."
        ),
    ),
    (
        _counted("PAYOUT_REQUESTS_REFUSED", names="rent-1, rent-2"),
        "PAYOUT_REQUESTS_REFUSED",
        "WARNING",
        2,
        "In the last 7 days, Stripe refused 2 payouts whose caller had got no answer: rent-1, rent-2.",
    ),
    (
        _counted("PAYOUTS_BLOCKED", names="shop-1, shop-2"),
        "PAYOUTS_BLOCKED",
        "WARNING",
        2,
        (
            "Payouts of 2 merchants that can take payments have been off for more than a day, the oldest "
            f"since {SINCE}: shop-1, shop-2."
        ),
    ),
    (
        _counted("PAYOUTS_FAILED", names="a, b"),
        "PAYOUTS_FAILED",
        "WARNING",
        2,
        "2 payouts failed in the last 7 days: a, b.",
    ),
    (
        _counted("PAYOUTS_LATE", 1, names="a"),
        "PAYOUTS_LATE",
        "WARNING",
        1,
        "1 payout should have arrived more than three days ago: a.",
    ),
    (
        _counted("WALLET_DOMAINS_REFUSED", names="a.example (on 1 account), b.example (on 2 accounts)"),
        "WALLET_DOMAINS_REFUSED",
        "WARNING",
        2,
        "Stripe refused 2 wallet domains: a.example (on 1 account), b.example (on 2 accounts).",
    ),
    (
        _counted("WALLET_DOMAINS_INACTIVE", 1, names="a.example (on 1 account)"),
        "WALLET_DOMAINS_INACTIVE",
        "WARNING",
        1,
        (
            "Apple Pay or Google Pay has been inactive on 1 wallet domain for more than a day: "
            "a.example (on 1 account)."
        ),
    ),
    (
        _counted("REQUIREMENTS_CUT", more="", names="acct_1, acct_2"),
        "REQUIREMENTS_CUT",
        "WARNING",
        2,
        "Stripe lists more than 300 requirements for 2 accounts: acct_1, acct_2.",
    ),
    (
        _counted("REVIEWS_SLOW", names="shop-1, shop-2"),
        "REVIEWS_SLOW",
        "WARNING",
        2,
        (
            f"2 merchants waited for Stripe's review for more than 14 days, the oldest since {SINCE}: "
            "shop-1, shop-2."
        ),
    ),
    (
        _counted("ENDPOINTS_DISABLED", 1),
        "ENDPOINTS_DISABLED",
        "ERROR",
        1,
        (
            f"ConnectQL disabled 1 endpoint for outgoing events, the first at {SINCE}, because all attempts "
            "had failed for days, or because the answer was 410 Gone."
        ),
    ),
    (
        _counted("ENDPOINTS_FAILING"),
        "ENDPOINTS_FAILING",
        "WARNING",
        2,
        (
            "All attempts to deliver outgoing events to 2 endpoints have failed for more than an hour, the "
            f"first at {SINCE}."
        ),
    ),
]


@pytest.mark.parametrize(("problem", "code", "severity", "count", "message"), CASES, ids=lambda _: "")
def test_each_problem_has_a_message_and_a_remedy(
    problem: Problem, code: str, severity: str, count: int, message: str
) -> None:
    assert problem.code is ProblemCode(code)
    assert problem.severity is Severity(severity)
    assert (problem.count, problem.message) == (count, message)
    assert problem.since in {None, EARLIER}
    # A remedy names a command, a setting or a place.
    assert any(mark in problem.remedy for mark in ("`", "CONNECTQL_", "Dashboard", "https://"))


def test_every_problem_has_a_test_case() -> None:
    """NO_WORKER is covered in test_health.py."""
    assert {case[1] for case in CASES} | {"NO_WORKER"} == {code.value for code in ProblemCode}


def test_without_affected_rows_there_is_no_problem() -> None:
    assert [describe(WORDS, code, Count()) for code in WORDS] == [[]] * len(WORDS)
    assert last_check.find_problems(LastCheck(stripe=StripeAnswer.GIVEN)) == []
    assert destinations.find_problems(Check(URL)) == []


def test_errors_come_before_warnings_and_causes_before_consequences() -> None:
    problems = [
        _counted("MIRRORS_STALE", names=""),
        _counted("CREATIONS_REFUSED"),
        _counted("ACCOUNTS_UNKNOWN", more="", names=""),
        _counted("EVENTS_RETRYING"),
        _counted("EVENTS_FAILED"),
        _destination(ProblemCode.DESTINATION_PAYLOAD),
        _destination(ProblemCode.DESTINATION_SCOPE),
        _counted("DESTINATION_SILENT", last=""),
    ]
    assert [problem.code.value for problem in put_in_order(problems)] == [
        "DESTINATION_SCOPE",
        "DESTINATION_PAYLOAD",
        "DESTINATION_SILENT",
        "EVENTS_FAILED",
        "ACCOUNTS_UNKNOWN",
        "EVENTS_RETRYING",
        "CREATIONS_REFUSED",
        "MIRRORS_STALE",
    ]


def test_decoding_an_encoded_check_returns_the_same_check() -> None:
    check = Check(
        URL,
        "ed_1",
        DestinationStatus.DISABLED,
        (ProblemCode.DESTINATION_DISABLED, ProblemCode.DESTINATION_EVENTS),
        ("a.b",),
        "user",
    )
    last = LastCheck(AT, StripeAnswer.KEY_REFUSED, EARLIER, check, EARLIER, ("STRIPE_KEY_REFUSED",))
    assert last_check.decode(last_check.encode(last)) == last
    assert last_check.decode(last_check.encode(LastCheck())) == LastCheck()


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"checked_at": 5, "stripe": [], "destination": [], "codes": "NO_WORKER"},
        {"checked_at": "soon", "stripe": "NEW", "destination": {"url": None}, "codes": [1]},
    ],
)
def test_unreadable_fields_of_a_stored_check_get_their_default_values(state: dict[str, object]) -> None:
    assert last_check.decode(state) == LastCheck()


def test_an_unknown_field_of_a_newer_version_does_not_hide_other_fields() -> None:
    state = last_check.encode(LastCheck(AT, StripeAnswer.GIVEN, codes=("NEW",)))
    state |= {"destination": {"url": URL, "status": "ASLEEP"}, "unheard": 1}
    assert last_check.decode(state) == LastCheck(AT, StripeAnswer.GIVEN, codes=("NEW",))


def test_an_unknown_problem_of_a_newer_version_does_not_hide_the_destination() -> None:
    problems = ["NEW", "DESTINATION_DISABLED", 5, []]
    stored = {"url": URL, "id": "ed_1", "status": "DISABLED", "problems": problems, "disabled_reason": "user"}
    known = (ProblemCode.DESTINATION_DISABLED,)
    expected = Check(URL, "ed_1", DestinationStatus.DISABLED, known, disabled_reason="user")
    assert last_check.decode({"destination": stored}) == LastCheck(destination=expected)


GOOD: dict[str, Any] = {
    "id": "ed_good",
    "status": "enabled",
    "status_details": None,
    "event_payload": "thin",
    "events_from": ["@accounts", "@self"],
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
    ("answers", "expected"),
    [
        ([GOOD], Check(URL, "ed_good", DestinationStatus.ENABLED)),
        ([GOOD | {"enabled_events": ["*"]}], Check(URL, "ed_good", DestinationStatus.ENABLED)),
        ([NARROW, DISABLED, GOOD], Check(URL, "ed_good", DestinationStatus.ENABLED)),
        (
            [DISABLED, NARROW],
            Check(
                URL,
                "ed_narrow",
                DestinationStatus.ENABLED,
                (ProblemCode.DESTINATION_SCOPE,),
                missing_sources=("@accounts",),
            ),
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
def test_the_best_of_several_destinations_is_chosen(answers: list[dict[str, Any]], expected: Check) -> None:
    assert choose(answers, URL) == expected
