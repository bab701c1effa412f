"""The document of a merchant, as clients read it."""

import json
import re
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    build_schema,
    is_leaf_type,
)
from hypothesis import given
from hypothesis import strategies as st

from connect.merchants.document import (
    Derived,
    Mirror,
    Profile,
    build,
    fold,
    global_id,
    profile_columns,
    wire_time,
)
from connect.merchants.snapshot import parse
from connect.merchants.status import Status
from tests.connect.merchants.test_snapshot import (
    ACTIVE,
    DOCUMENT,
    IN_REVIEW,
    PAST_DUE,
    TERMS,
    Json,
    account,
    any_account,
    capability,
    deterministic,
    entry,
    section,
)
from tests.connect.merchants.test_status import BANK, FAILED, FUTURE, REJECTED, ROUTINE_CHECK, SUBMITTED

ONCE = datetime(2026, 2, 1, 12, 30, tzinfo=UTC)
SCHEMA = build_schema((Path(__file__).parents[3] / "schema.graphql").read_text())
# What is computed when it is read: it depends on the clock, or comes from another table.
RESOLVED = {("Merchant", "timeline"), ("Freshness", "stale")}

SHOP = Profile(
    id=uuid.UUID("01970000-0000-7000-8000-000000000001"),
    external_id="shop-1",
    display_name="Shop Example",
    contact_email="owner@shop.example",
    country="US",
    created_at=datetime(2026, 1, 31, 9, 59, 59, 123456, tzinfo=UTC),
)
RETURNED = replace(
    SHOP,
    links_issued=2,
    last_link_issued_at=datetime(2026, 2, 1, 11, tzinfo=UTC),
    last_returned_at=datetime(2026, 2, 1, 12, tzinfo=UTC),
)
WORKED = replace(SHOP, ever_active_at=datetime(2026, 2, 1, 12, tzinfo=UTC))


def derived(answer: Json | None, profile: Profile = SHOP, *, disconnected: bool = False) -> Derived:
    if answer is None:
        return build(profile, None)
    key = uuid.UUID("01970000-0000-7000-8000-000000000002")
    return build(profile, Mirror(key, parse(answer), ONCE, "webhook", disconnected))


def tasks(*rows: tuple[bool, int, str]) -> list[Json]:
    names = [
        ("COMPLETE_REQUIREMENTS", "Complete requirements"),
        ("MANAGE_FINANCES", "View and manage finances and reports"),
        ("RESPOND_TO_DISPUTES_AND_REFUNDS", "Respond to disputes and issue refunds"),
        ("SCHEDULE_PAYOUTS", "Schedule payouts"),
    ]
    return [
        {"kind": kind, "title": title, "available": available, "attention": attention, "explanation": text}
        for (kind, title), (available, attention, text) in zip(names, rows, strict=True)
    ]


def no_dashboard(reason: str, type_: str = "FULL") -> Json:
    return {
        "type": type_,
        "available": False,
        "unavailableReason": reason,
        "url": None,
        "tasks": tasks(*[(False, 0, reason)] * 4),
    }


def dashboard(requirements: tuple[int, str], payouts: tuple[bool, int, str]) -> Json:
    return {
        "type": "FULL",
        "available": True,
        "unavailableReason": None,
        "url": "https://dashboard.stripe.com",
        "tasks": tasks(
            (True, *requirements),
            (True, 0, "Balance, payments and reports."),
            (True, 0, "Disputes are answered and payments refunded in the Dashboard."),
            payouts,
        ),
    }


def capabilities(cards: tuple[str, Json | None], payouts: tuple[str, Json | None]) -> list[Json]:
    return [
        {"name": name, "title": title, "status": status, "details": [detail] if detail else []}
        for name, title, (status, detail) in (
            ("card_payments", "Card payments", cards),
            ("stripe_balance.payouts", "Payouts", payouts),
        )
    ]


WORKS = ("ACTIVE", None)
NEEDS_INFORMATION = (
    "RESTRICTED",
    {
        "code": "requirements_past_due",
        "resolution": "PROVIDE_INFO",
        "explanation": "Stripe still needs information from you. Send what is listed to turn this on.",
    },
)
NOTHING_ASKED: Json = {
    "dueCount": 0,
    "pendingCount": 0,
    "nearestDeadline": None,
    "transitionsAt": None,
    "entries": [],
}
PAYS_OUT = (True, 0, "Stripe pays out on the schedule that the merchant sets.")
PROVIDE = {
    "kind": "OPEN_DASHBOARD",
    "by": "MERCHANT",
    "label": "Provide what is asked in the Stripe Dashboard",
    "deadline": None,
    "url": "https://dashboard.stripe.com",
}

CREATING: Json = {
    "__typename": "Merchant",
    "id": "TWVyY2hhbnQ6MDE5NzAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAx",
    "externalId": "shop-1",
    "displayName": "Shop Example",
    "contactEmail": "owner@shop.example",
    "country": "US",
    "createdAt": "2026-01-31T09:59:59.123Z",
    "status": "CREATING",
    "summary": "The account is being created at Stripe.",
    "nextAction": {
        "kind": "WAIT_FOR_STRIPE",
        "by": "STRIPE",
        "label": "Wait for the account to be created",
        "deadline": None,
        "url": None,
    },
    "account": None,
    "dashboard": no_dashboard("The account is still being created at Stripe."),
    "canAcceptPayments": False,
    "canReceivePayouts": False,
    "capabilities": [],
    "requirements": NOTHING_ASKED,
    "futureRequirements": NOTHING_ASKED,
    "onboarding": {
        "started": False,
        "linksIssued": 0,
        "lastLinkIssuedAt": None,
        "lastReturnedAt": None,
        "everActiveAt": None,
    },
    "freshness": {"syncedAt": None, "source": None},
}
ACCOUNT: Json = {
    "__typename": "ConnectedAccount",
    "id": "Q29ubmVjdGVkQWNjb3VudDowMTk3MDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDI",
    "stripeAccountId": "acct_1Qx7Yb2eZvKYlo2C",
    "livemode": False,
    "feesCollector": "STRIPE",
    "lossesCollector": "STRIPE",
    "requirementsCollector": "STRIPE",
    "appliedConfigurations": ["merchant"],
    "closed": False,
    "createdAt": "2026-01-31T10:00:00.000Z",
}
WORKING: Json = CREATING | {
    "status": "ACTIVE",
    "summary": "Payments and payouts work; nothing needs attention.",
    "nextAction": {
        "kind": "OPEN_DASHBOARD",
        "by": None,
        "label": "Open the Stripe Dashboard",
        "deadline": None,
        "url": "https://dashboard.stripe.com",
    },
    "account": ACCOUNT,
    "dashboard": dashboard((0, "Nothing is asked of the merchant now."), PAYS_OUT),
    "canAcceptPayments": True,
    "canReceivePayouts": True,
    "capabilities": capabilities(WORKS, WORKS),
    "onboarding": CREATING["onboarding"] | {"everActiveAt": "2026-02-01T12:00:00.000Z"},
    "freshness": {"syncedAt": "2026-02-01T12:30:00.000Z", "source": "webhook"},
}
ASKED_BANK: Json = {
    "key": "external_account",
    "title": "Bank account for payouts",
    "help": "Add the bank account Stripe should pay your money into, "
    "in the name of the business or its owner.",
    "subject": "BANK_ACCOUNT",
    "personId": None,
    "awaitingActionFrom": "MERCHANT",
    "deadline": "PAST_DUE",
    "reasons": ["routine_onboarding"],
    "errors": [],
    "restricts": [{"capability": "stripe_balance.payouts", "deadline": "PAST_DUE"}],
    "alternatives": [],
}
ASKED_DOCUMENT: Json = {
    "key": DOCUMENT,
    "title": "Photo of an official ID",
    "help": "Upload clear photos of a passport, ID card or other official photo ID: front and back, "
    "if it has two sides.",
    "subject": "ACCOUNT",
    "personId": None,
    "awaitingActionFrom": "MERCHANT",
    "deadline": "CURRENTLY_DUE",
    "reasons": ["routine_verification"],
    "errors": [],
    "restricts": [
        {"capability": "card_payments", "deadline": "CURRENTLY_DUE"},
        {"capability": "stripe_balance.payouts", "deadline": "CURRENTLY_DUE"},
    ],
    "alternatives": [],
}


def test_a_merchant_whose_account_is_not_created_yet_reads_so() -> None:
    assert derived(None) == Derived(CREATING, Status.CREATING, "STRIPE", None)


# What Stripe asks of a new account, in the order in which a merchant meets it.
ASKED_OF_A_NEW_ACCOUNT = [
    "configuration.merchant.mcc",
    "defaults.profile.business_url",
    "external_account",
    "identity.attestations.terms_of_service.account.date",
    "identity.attestations.terms_of_service.account.ip",
    "identity.entity_type",
    "identity.individual.address.city",
    "identity.individual.address.line1",
    "identity.individual.address.postal_code",
    "identity.individual.date_of_birth.day",
    "identity.individual.date_of_birth.month",
    "identity.individual.date_of_birth.year",
    "identity.individual.email",
    "identity.individual.given_name",
    "identity.individual.id_numbers",
    "identity.individual.phone",
    "identity.individual.surname",
]


def new_account() -> Json:
    """A new account: everything is past due from the start."""
    return account(
        PAST_DUE,
        PAST_DUE,
        *(
            BANK
            if key == "external_account"
            else entry(key, person="person_1" if key.startswith("identity.individual.") else None)
            for key in reversed(ASKED_OF_A_NEW_ACCOUNT)
        ),
    )


def test_a_new_account_is_onboarding_and_has_no_dashboard_yet() -> None:
    found = derived(new_account())
    entries = found.document["requirements"].pop("entries")
    reason = "The merchant gets Stripe credentials during onboarding, which is not finished yet."
    expected = WORKING | {
        "status": "ONBOARDING",
        "summary": (
            "Onboarding is not finished: Stripe still needs some information before payments can start."
        ),
        "nextAction": {
            "kind": "START_ONBOARDING",
            "by": "MERCHANT",
            "label": "Start onboarding",
            "deadline": None,
            "url": None,
        },
        "dashboard": no_dashboard(reason),
        "canAcceptPayments": False,
        "canReceivePayouts": False,
        "capabilities": capabilities(NEEDS_INFORMATION, NEEDS_INFORMATION),
        "requirements": {
            "dueCount": 17,
            "pendingCount": 0,
            "nearestDeadline": None,
            "transitionsAt": None,
        },
        "onboarding": CREATING["onboarding"],
    }
    assert found == Derived(expected, Status.ONBOARDING, "MERCHANT", None)
    assert [e["key"] for e in entries] == ASKED_OF_A_NEW_ACCOUNT
    assert entries[2] == ASKED_BANK
    assert [e["subject"] for e in entries] == [
        *("ACCOUNT", "ACCOUNT", "BANK_ACCOUNT", "TERMS_OF_SERVICE", "TERMS_OF_SERVICE", "ACCOUNT"),
        *["PERSON"] * 11,
    ]
    assert {e["personId"] for e in entries} == {None, "person_1"}


def test_an_account_whose_document_failed_says_what_was_wrong() -> None:
    failed = ASKED_DOCUMENT | {
        "subject": "PERSON",
        "personId": "person_1",
        "deadline": "PAST_DUE",
        "reasons": ["routine_onboarding"],
        "errors": [
            {
                "code": "verification_document_expired",
                "message": "Stripe's own words.",
                "explanation": "The document has expired. Upload one that is still valid.",
            }
        ],
        "restricts": [
            {"capability": "card_payments", "deadline": "PAST_DUE"},
            {"capability": "stripe_balance.payouts", "deadline": "PAST_DUE"},
        ],
    }
    expected = WORKING | {
        "status": "ACTION_REQUIRED",
        "summary": "Something that was provided could not be verified; it must be corrected.",
        "nextAction": {
            "kind": "RESUME_ONBOARDING",
            "by": "MERCHANT",
            "label": "Complete the onboarding form",
            "deadline": None,
            "url": None,
        },
        "dashboard": dashboard(
            (1, "One thing is needed; something that was provided could not be verified."),
            (False, 1, "Payouts are on hold: one thing is needed first."),
        ),
        "canAcceptPayments": False,
        "canReceivePayouts": False,
        "capabilities": capabilities(NEEDS_INFORMATION, NEEDS_INFORMATION),
        "requirements": NOTHING_ASKED | {"dueCount": 1, "entries": [failed]},
        "onboarding": {
            "started": True,
            "linksIssued": 2,
            "lastLinkIssuedAt": "2026-02-01T11:00:00.000Z",
            "lastReturnedAt": "2026-02-01T12:00:00.000Z",
            "everActiveAt": None,
        },
    }
    found = derived(account(PAST_DUE, PAST_DUE, FAILED), RETURNED)
    assert found == Derived(expected, Status.ACTION_REQUIRED, "MERCHANT", None)


def test_an_account_where_everything_works_opens_the_dashboard() -> None:
    assert derived(account(ACTIVE, ACTIVE), WORKED) == Derived(WORKING, Status.ACTIVE, None, None)


def test_an_account_that_lacks_only_a_bank_account_takes_payments_but_is_not_paid_out() -> None:
    expected = WORKING | {
        "status": "PAYOUTS_BLOCKED",
        "summary": (
            "Card payments work, but payouts are on hold until Stripe has a bank account "
            "that it can pay into."
        ),
        "nextAction": PROVIDE,
        "dashboard": dashboard(
            (1, "One thing is needed."), (False, 1, "Payouts are on hold: one thing is needed first.")
        ),
        "canReceivePayouts": False,
        "capabilities": capabilities(WORKS, NEEDS_INFORMATION),
        "requirements": NOTHING_ASKED | {"dueCount": 1, "entries": [ASKED_BANK]},
    }
    found = derived(account(ACTIVE, PAST_DUE, BANK), WORKED)
    assert found == Derived(expected, Status.PAYOUTS_BLOCKED, "MERCHANT", None)


def test_an_account_of_which_something_is_due_soon_says_by_when() -> None:
    expected = WORKING | {
        "status": "ACTIVE_DUE_SOON",
        "summary": (
            "Payments and payouts work, but Stripe needs more information by 9 March 2026 to keep them going."
        ),
        "nextAction": PROVIDE | {"deadline": "2026-03-09T00:00:00.000Z"},
        "dashboard": dashboard(
            (1, "One thing is needed."), (True, 1, "Payouts work; one thing is needed to keep them going.")
        ),
        "requirements": NOTHING_ASKED
        | {"dueCount": 1, "nearestDeadline": "2026-03-09T00:00:00.000Z", "entries": [ASKED_DOCUMENT]},
    }
    asked = section(ROUTINE_CHECK, time="2026-03-09T00:00:00.000Z")
    found = derived(account(ACTIVE, ACTIVE, requirements=asked), WORKED)
    due = datetime(2026, 3, 9, tzinfo=UTC)
    assert found == Derived(expected, Status.ACTIVE_DUE_SOON, "MERCHANT", due)


def test_what_will_be_asked_is_told_with_the_date_from_which_it_is() -> None:
    expected = WORKING | {
        "status": "ACTIVE_DUE_SOON",
        "summary": (
            "Payments and payouts work, but Stripe needs more information by 1 September 2026 "
            "to keep them going."
        ),
        "nextAction": PROVIDE | {"deadline": "2026-09-01T00:00:00.000Z"},
        "dashboard": dashboard((0, "Nothing is due yet, but Stripe will ask for more."), PAYS_OUT),
        "futureRequirements": NOTHING_ASKED
        | {"dueCount": 1, "transitionsAt": "2026-09-01T00:00:00.000Z", "entries": [ASKED_DOCUMENT]},
    }
    found = derived(account(ACTIVE, ACTIVE, future_requirements=FUTURE), WORKED)
    assert found == Derived(expected, Status.ACTIVE_DUE_SOON, "MERCHANT", datetime(2026, 9, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("answer", "disconnected", "status", "changes"),
    [
        pytest.param(
            account(ACTIVE, ACTIVE, BANK, closed=True, future_requirements=FUTURE),
            False,
            Status.CLOSED,
            {
                "summary": "The account is closed.",
                "nextAction": {
                    "kind": "NONE",
                    "by": None,
                    "label": "The account is closed",
                    "deadline": None,
                    "url": None,
                },
                "account": ACCOUNT | {"closed": True},
                "dashboard": no_dashboard("The account is closed."),
            },
            id="closed",
        ),
        pytest.param(
            account(ACTIVE, ACTIVE, BANK, future_requirements=FUTURE),
            True,
            Status.DISCONNECTED,
            {
                "summary": "The account is no longer connected to the platform.",
                "nextAction": {
                    "kind": "CONTACT_PLATFORM",
                    "by": None,
                    "label": "Contact the platform",
                    "deadline": None,
                    "url": None,
                },
                "dashboard": no_dashboard("The account is no longer connected to the platform."),
            },
            id="disconnected",
        ),
    ],
)
def test_of_an_account_that_has_ended_nothing_is_asked_and_nothing_works(
    answer: Json, disconnected: bool, status: Status, changes: Json
) -> None:
    expected = (
        WORKING | {"status": status.value, "canAcceptPayments": False, "canReceivePayouts": False} | changes
    )
    assert derived(answer, WORKED, disconnected=disconnected) == Derived(expected, status, None, None)


@pytest.mark.parametrize(
    ("requirements", "future", "deadline"),
    [
        ("2026-03-09T00:00:00.000Z", "2026-03-01T00:00:00.000Z", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T00:00:00.000Z", "2026-03-09T00:00:00.000Z", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T00:00:00.000Z", None, datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_of_a_deadline_and_a_transition_the_nearest_counts(
    requirements: str, future: str | None, deadline: datetime
) -> None:
    answer = account(
        ACTIVE,
        ACTIVE,
        requirements=section(ROUTINE_CHECK, time=requirements),
        future_requirements=section(BANK, minimum_transition_date=future),
    )
    assert derived(answer).next_deadline_at == deadline


def test_a_transition_for_which_nothing_is_asked_is_no_deadline() -> None:
    future = section(minimum_transition_date="2026-03-01T00:00:00.000Z")
    found = derived(account(ACTIVE, ACTIVE, future_requirements=future))
    assert (found.status, found.next_deadline_at) == (Status.ACTIVE, None)


def test_a_deadline_is_the_merchants_only_while_the_merchant_must_act() -> None:
    asked = section(SUBMITTED, time="2026-03-09T00:00:00.000Z")
    found = derived(account(IN_REVIEW, IN_REVIEW, requirements=asked))
    assert found.document["nextAction"]["deadline"] is None
    assert found.document["requirements"]["nearestDeadline"] == "2026-03-09T00:00:00.000Z"
    assert found.document["requirements"]["pendingCount"] == 1
    assert found.awaiting_action_from == "STRIPE"


def test_an_address_of_the_dashboard_is_given_only_to_who_can_log_in() -> None:
    found = derived(account(ACTIVE, PAST_DUE, entry(TERMS))).document
    assert (found["nextAction"]["kind"], found["nextAction"]["url"]) == ("OPEN_DASHBOARD", None)
    assert (found["dashboard"]["available"], found["dashboard"]["url"]) == (False, None)


def test_onboarding_that_was_started_is_continued() -> None:
    found = derived(new_account(), RETURNED).document
    assert (found["nextAction"]["kind"], found["nextAction"]["label"]) == (
        "RESUME_ONBOARDING",
        "Continue onboarding",
    )


def test_words_that_stripe_adds_are_unknown() -> None:
    answer = account(
        capability("a_new_word", "a_new_word", "a_new_word"),
        None,
        entry("a.new.key", deadline="a_new_word"),
        dashboard="a_new_word",
        defaults={"responsibilities": {"fees_collector": "application_custom"}},
    )
    found = derived(answer).document
    assert found["capabilities"] == [
        {
            "name": "card_payments",
            "title": "Card payments",
            "status": "UNKNOWN",
            "details": [
                {
                    "code": "a_new_word",
                    "resolution": "UNKNOWN",
                    "explanation": "This is limited for now. The form or Stripe support can tell you more.",
                }
            ],
        }
    ]
    assert found["requirements"]["entries"][0]["deadline"] == "UNKNOWN"
    assert (found["dashboard"]["type"], found["dashboard"]["url"]) == ("UNKNOWN", None)
    assert [found["account"][f"{name}Collector"] for name in ("fees", "losses", "requirements")] == [
        "UNKNOWN"
    ] * 3


def test_an_error_without_stripes_words_is_told_in_ours() -> None:
    failed = FAILED | {"errors": [{"code": "verification_document_expired"}]}
    found = derived(account(PAST_DUE, PAST_DUE, failed)).document
    assert found["requirements"]["entries"][0]["errors"] == [
        {
            "code": "verification_document_expired",
            "message": "The document has expired. Upload one that is still valid.",
            "explanation": "The document has expired. Upload one that is still valid.",
        }
    ]


def test_alternatives_stand_beside_what_they_settle_and_have_none_themselves() -> None:
    url, description = "defaults.profile.business_url", "defaults.profile.product_description"
    alternatives = [
        {
            "original_entries": [{"description": url}],
            "options": [{"entries": [{"description": description, "awaiting_action_from": "user"}]}],
        }
    ]
    answer = account(
        PAST_DUE, PAST_DUE, requirements=section(entry(TERMS), entry(url), alternatives=alternatives)
    )
    first, second = derived(answer).document["requirements"]["entries"]
    assert first["alternatives"] == [
        [
            {
                "key": description,
                "title": "Description of what you sell",
                "help": "Say in a sentence or two what you sell, to whom, and how customers receive it.",
                "subject": "ACCOUNT",
                "personId": None,
                "awaitingActionFrom": "MERCHANT",
                "deadline": "UNKNOWN",
                "reasons": [],
                "errors": [],
                "restricts": [],
                "alternatives": [],
            }
        ]
    ]
    assert second["alternatives"] == []


@pytest.mark.parametrize(
    ("cards", "payouts", "can"),
    [
        (ACTIVE, ACTIVE, (True, True)),
        (ACTIVE, PAST_DUE, (True, False)),
        (PAST_DUE, ACTIVE, (False, True)),
        (ACTIVE, REJECTED, (True, False)),
        (REJECTED, REJECTED, (False, False)),
        (IN_REVIEW, None, (False, False)),
        (capability("a_new_word"), capability("a_new_word"), (False, False)),
    ],
)
def test_payments_and_payouts_work_exactly_while_stripe_says_so(
    cards: Json, payouts: Json | None, can: tuple[bool, bool]
) -> None:
    found = derived(account(cards, payouts), WORKED).document
    assert (found["canAcceptPayments"], found["canReceivePayouts"]) == can


def test_an_account_without_a_creation_time_was_created_when_it_was_first_seen() -> None:
    found = derived(account(ACTIVE, ACTIVE, created=None)).document
    assert found["account"]["createdAt"] == "2026-02-01T12:30:00.000Z"


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (None, None),
        (datetime(2026, 1, 31, 10, tzinfo=UTC), "2026-01-31T10:00:00.000Z"),
        (datetime(2026, 1, 31, 10, 0, 0, 999999, tzinfo=UTC), "2026-01-31T10:00:00.999Z"),
        (datetime(2026, 1, 31, 1, tzinfo=timezone(timedelta(hours=2))), "2026-01-30T23:00:00.000Z"),
    ],
)
def test_a_time_is_written_in_utc_with_milliseconds(moment: datetime | None, written: str | None) -> None:
    assert wire_time(moment) == written


def test_an_id_names_its_type_and_needs_no_escaping_in_addresses() -> None:
    assert global_id("Merchant", SHOP.id) == CREATING["id"]
    assert re.fullmatch(r"[A-Za-z0-9_-]+", global_id("Merchant", uuid.UUID(int=2**128 - 1)))


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Stra\u00dfe", "strasse"), ("\u00c9T\u00c9", "\u00e9t\u00e9"), ("x" * 600, "x" * 512), ("", "")],
)
def test_text_is_searched_without_regard_to_case_and_cut_to_what_an_index_holds(
    text: str, folded: str
) -> None:
    assert fold(text) == folded


def test_a_merchant_is_searched_by_name_email_and_external_id() -> None:
    assert profile_columns(SHOP) == {
        "display_name_folded": "shop example",
        "contact_email_folded": "owner@shop.example",
        "external_id_folded": "shop-1",
    }


TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
SCALARS: dict[str, Any] = {
    "String": lambda v: isinstance(v, str),
    "ID": lambda v: isinstance(v, str) and v != "",
    "Int": lambda v: type(v) is int and -(2**31) <= v < 2**31,
    "Boolean": lambda v: isinstance(v, bool),
    "DateTime": lambda v: isinstance(v, str) and TIME.fullmatch(v) is not None,
    "URL": lambda v: isinstance(v, str) and v.startswith("https://"),
    "CountryCode": lambda v: isinstance(v, str) and re.fullmatch("[A-Z]{2}", v) is not None,
}


def conform(value: object, declared: object, path: str) -> None:
    """Fail unless a part of a document is what the schema declares there, and has nothing more."""
    if isinstance(declared, GraphQLNonNull):
        assert value is not None, f"{path} is null"
        declared = declared.of_type
    elif value is None:
        return
    if isinstance(declared, GraphQLList):
        assert isinstance(value, list), path
        for index, item in enumerate(value):
            conform(item, declared.of_type, f"{path}[{index}]")
    elif isinstance(declared, GraphQLObjectType):
        assert isinstance(value, dict), path
        names = {name for name in declared.fields if (declared.name, name) not in RESOLVED}
        if declared.interfaces:
            names.add("__typename")
            assert value["__typename"] == declared.name, path
        assert value.keys() == names, path
        for name in names - {"__typename"}:
            conform(value[name], declared.fields[name].type, f"{path}.{name}")
    elif isinstance(declared, GraphQLEnumType):
        assert value in declared.values, f"{path}: {value!r}"
    else:
        assert isinstance(declared, GraphQLScalarType), path
        assert SCALARS[declared.name](value), f"{path}: {value!r}"


def reachable(declared: object, seen: set[str]) -> set[str]:
    while isinstance(declared, GraphQLNonNull | GraphQLList):
        declared = declared.of_type
    if isinstance(declared, GraphQLObjectType) and declared.name not in seen:
        seen.add(declared.name)
        for name, field in declared.fields.items():
            if (declared.name, name) not in RESOLVED:
                reachable(field.type, seen)
    elif is_leaf_type(declared):
        seen.add(declared.name)
    return seen


def test_every_type_below_a_merchant_is_checked() -> None:
    names = reachable(SCHEMA.type_map["Merchant"], set())
    scalars = {n for n in names if isinstance(SCHEMA.type_map[n], GraphQLScalarType)}
    assert scalars == SCALARS.keys()
    assert {n for n in names if isinstance(SCHEMA.type_map[n], GraphQLObjectType)} == {
        *("Merchant", "NextAction", "ConnectedAccount", "DashboardAccess", "DashboardTask", "Capability"),
        *("CapabilityDetail", "RequirementSet", "Requirement", "RequirementError", "CapabilityImpact"),
        *("Onboarding", "Freshness"),
    }


@deterministic
@given(any_account, st.sampled_from([SHOP, RETURNED, WORKED]), st.sampled_from([False, False, True]))
def test_whatever_stripe_sends_the_document_is_one_that_the_schema_describes(
    answer: Json, profile: Profile, disconnected: bool
) -> None:
    found = derived(answer, profile, disconnected=disconnected)
    document = found.document
    conform(document, SCHEMA.type_map["Merchant"], "Merchant")
    assert json.loads(json.dumps(document, ensure_ascii=False).encode()) == document
    assert document["status"] == found.status.value
    assert document["nextAction"]["by"] == found.awaiting_action_from
    assert found.awaiting_action_from in {None, "MERCHANT", "STRIPE"}
    asked = [e["awaitingActionFrom"] for e in document["requirements"]["entries"]]
    assert asked == sorted(asked)  # the merchant's before Stripe's
    assert document["requirements"]["dueCount"] <= asked.count("MERCHANT")
    assert document["requirements"]["pendingCount"] == asked.count("STRIPE")
    access = document["dashboard"]
    assert (access["unavailableReason"] is None) == access["available"]
    if not access["available"]:
        assert access["url"] is None
        assert document["nextAction"]["url"] is None
        assert not any(task["available"] for task in access["tasks"])
