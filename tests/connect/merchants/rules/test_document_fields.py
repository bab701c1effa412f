"""Single fields of the document, and the formats of ids, times and searchable text."""

import re
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest

from connect.merchants.rules.account.snapshot import parse
from connect.merchants.rules.document import fold, former_account, global_id, profile_columns, wire_time
from connect.merchants.rules.status.status import Status
from tests.connect.merchants.rules.expected_documents import (
    ACCOUNT,
    CREATING,
    FORMER,
    REPLACED,
    RETURNED,
    SERVICE,
    SHOP,
    WORKED,
    WORKING,
    derived,
    new_account,
    no_dashboard,
    shown,
)
from tests.connect.merchants.rules.situations import BANK, FAILED, FUTURE, REJECTED, ROUTINE_CHECK, SUBMITTED
from tests.connect.merchants.rules.stripe_answers import (
    ACTIVE,
    IN_REVIEW,
    PAST_DUE,
    TERMS,
    Json,
    account,
    capability,
    entry,
    section,
)


@pytest.mark.parametrize(
    ("answer", "disconnected", "status", "changes"),
    [
        pytest.param(
            account(ACTIVE, ACTIVE, BANK, closed=True, future_requirements=FUTURE),
            False,
            Status.CLOSED,
            {
                "statusTitle": "Closed",
                "statusTone": "NEUTRAL",
                "summary": "The account is closed.",
                "nextAction": {
                    "kind": "NONE",
                    "by": None,
                    "label": "The account is closed",
                    "isActionable": False,
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
                "statusTitle": "Disconnected",
                "statusTone": "NEUTRAL",
                "summary": "The account is no longer connected to the platform.",
                "nextAction": {
                    "kind": "CONTACT_PLATFORM",
                    "by": "PLATFORM",
                    "label": "Talk to the merchant",
                    "isActionable": True,
                    "deadline": None,
                    "url": None,
                },
                "dashboard": no_dashboard("The account is no longer connected to the platform."),
            },
            id="disconnected",
        ),
    ],
)
def test_a_closed_or_disconnected_account_has_no_open_requirements(
    answer: Json, disconnected: bool, status: Status, changes: Json
) -> None:
    expected = (
        WORKING | {"status": status.value, "canAcceptPayments": False, "canReceivePayouts": False} | changes
    )
    by = expected["nextAction"]["by"]
    assert shown(derived(answer, WORKED, disconnected=disconnected)) == (expected, status, by, None)


@pytest.mark.parametrize(
    ("requirements", "future", "deadline"),
    [
        ("2026-03-09T00:00:00.000Z", "2026-03-01T00:00:00.000Z", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T00:00:00.000Z", "2026-03-09T00:00:00.000Z", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T00:00:00.000Z", None, datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_the_next_deadline_is_the_earlier_of_deadline_and_transition(
    requirements: str, future: str | None, deadline: datetime
) -> None:
    answer = account(
        ACTIVE,
        ACTIVE,
        requirements=section(ROUTINE_CHECK, time=requirements),
        future_requirements=section(BANK, minimum_transition_date=future),
    )
    assert derived(answer).next_deadline_at == deadline


def test_a_transition_without_requirements_is_not_a_deadline() -> None:
    future = section(minimum_transition_date="2026-03-01T00:00:00.000Z")
    result = derived(account(ACTIVE, ACTIVE, future_requirements=future))
    assert (result.status, result.next_deadline_at) == (Status.ACTIVE, None)


def test_the_next_action_has_a_deadline_only_while_the_merchant_must_act() -> None:
    required = section(SUBMITTED, time="2026-03-09T00:00:00.000Z")
    result = derived(account(IN_REVIEW, IN_REVIEW, requirements=required))
    assert result.document["nextAction"]["deadline"] is None
    assert result.document["requirements"]["nearestDeadline"] == "2026-03-09T00:00:00.000Z"
    assert result.document["requirements"]["pendingCount"] == 1
    assert result.awaiting_action_from == "STRIPE"


def test_the_dashboard_url_needs_stripe_credentials() -> None:
    result = derived(account(ACTIVE, PAST_DUE, entry(TERMS))).document
    assert (result["nextAction"]["kind"], result["nextAction"]["url"]) == ("RESUME_ONBOARDING", None)
    assert (result["dashboard"]["available"], result["dashboard"]["url"]) == (False, None)


def test_dashboard_links_of_live_accounts_do_not_contain_test() -> None:
    result = derived(account(ACTIVE, PAST_DUE, BANK, livemode=True), WORKED).document
    pages = "https://dashboard.stripe.com/acct_1Qx7Yb2eZvKYlo2C"
    assert result["nextAction"]["url"] == f"{pages}/account/status"
    assert result["dashboard"]["url"] == f"{pages}/dashboard"
    assert [task["url"] for task in result["dashboard"]["tasks"]] == [
        f"{pages}/account/status",
        f"{pages}/balance/overview",
        f"{pages}/disputes",
        f"{pages}/settings/payouts",
    ]
    platform = "https://dashboard.stripe.com/connect/accounts/acct_1Qx7Yb2eZvKYlo2C"
    assert result["account"]["platformDashboardUrl"] == platform


def test_merchants_do_not_see_the_link_into_the_platforms_dashboard() -> None:
    result = derived(account(ACTIVE, PAST_DUE, BANK), WORKED)
    assert result.merchant_document["account"] == {
        **result.document["account"],
        "platformDashboardUrl": None,
    }


def test_the_next_action_continues_a_started_onboarding() -> None:
    result = derived(new_account(), RETURNED).document
    assert (result["nextAction"]["kind"], result["nextAction"]["label"]) == (
        "RESUME_ONBOARDING",
        "Continue onboarding",
    )


def test_new_values_of_stripes_enums_become_unknown() -> None:
    answer = account(
        capability("a_new_word", "a_new_word", "a_new_word"),
        None,
        entry("a.new.key", deadline="a_new_word"),
        dashboard="a_new_word",
        defaults={"responsibilities": {"fees_collector": "application_custom"}},
    )
    result = derived(answer).document
    assert result["capabilities"] == [
        {
            "name": "card_payments",
            "title": "Card payments",
            "status": "UNKNOWN",
            "details": [
                {
                    "code": "a_new_word",
                    "resolution": "UNKNOWN",
                    "explanation": "This is limited for now. The form or Stripe support can tell more.",
                }
            ],
        }
    ]
    assert result["requirements"]["entries"][0]["deadline"] == "UNKNOWN"
    assert (result["dashboard"]["type"], result["dashboard"]["url"]) == ("UNKNOWN", None)
    assert [result["account"][f"{name}Collector"] for name in ("fees", "losses", "requirements")] == [
        "UNKNOWN"
    ] * 3


def test_an_error_without_a_description_gets_a_text_of_this_service() -> None:
    failed = FAILED | {"errors": [{"code": "verification_document_expired"}]}
    result = derived(account(PAST_DUE, PAST_DUE, failed)).document
    assert result["requirements"]["entries"][0]["errors"] == [
        {
            "code": "verification_document_expired",
            "message": "The document has expired. Upload one that is still valid.",
            "explanation": "The document has expired. Upload one that is still valid.",
        }
    ]


def test_an_entry_lists_its_alternatives_which_have_no_alternatives_themselves() -> None:
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
                "title": "Description of products or services",
                "help": "Describe in a sentence or two what you sell, to whom, and how customers receive it.",
                "subject": "ACCOUNT",
                "personId": None,
                "person": None,
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
def test_payments_and_payouts_work_while_their_capabilities_are_active(
    cards: Json, payouts: Json | None, can: tuple[bool, bool]
) -> None:
    result = derived(account(cards, payouts), WORKED).document
    assert (result["canAcceptPayments"], result["canReceivePayouts"]) == can


def test_the_creation_time_defaults_to_the_time_of_the_fetch() -> None:
    result = derived(account(ACTIVE, ACTIVE, created=None)).document
    assert result["account"]["createdAt"] == "2026-02-01T12:30:00.000Z"


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


def test_an_id_contains_its_type_and_needs_no_escaping_in_urls() -> None:
    assert global_id("Merchant", SHOP.id) == CREATING["id"]
    assert re.fullmatch(r"[A-Za-z0-9_-]+", global_id("Merchant", uuid.UUID(int=2**128 - 1)))


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Stra\u00dfe", "strasse"), ("\u00c9T\u00c9", "\u00e9t\u00e9"), ("x" * 600, "x" * 512), ("", "")],
)
def test_searchable_text_is_case_folded_and_cut_to_the_size_of_its_column(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_merchant_can_be_found_by_name_email_and_external_id() -> None:
    assert profile_columns(SHOP) == {
        "display_name_folded": "shop example",
        "contact_email_folded": "owner@shop.example",
        "external_id_folded": "shop-1",
        "search_words": " 1 example owner shop",
    }


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("disconnected", [False, True])
def test_a_former_account_is_listed_with_its_last_state(closed: bool, disconnected: bool) -> None:
    before, replaced = datetime(2026, 1, 31, 10, tzinfo=UTC), datetime(2026, 2, 1, 10, tzinfo=UTC)
    answer = account(ACTIVE, ACTIVE, closed=closed) | {"id": "acct_former", "created": None, "identity": None}
    listed = former_account(
        parse(answer), ever_active_at=before, disconnected=disconnected, replaced_at=replaced
    )
    is_open = not closed and not disconnected
    assert listed == FORMER | {
        "closed": closed,
        "disconnected": disconnected,
        "canAcceptPayments": is_open,
    }
    shown = derived(answer, REPLACED).document
    assert (shown["formerAccounts"], shown["service"]) == ([FORMER], SERVICE)
