"""Expected documents of merchants, and parts of such documents."""

import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from connect.finances.rules.snapshot import Finances
from connect.merchants.rules.account.snapshot import parse
from connect.merchants.rules.document import Derived, Mirror, Profile, build
from connect.merchants.rules.status.status import Status
from connect.services.rules import document as service_document
from connect.services.rules.snapshot import Invoice, Item, Snapshot
from tests.connect.merchants.rules.situations import BANK
from tests.connect.merchants.rules.stripe_answers import DOCUMENT, PAST_DUE, Json, account, entry

ONCE = datetime(2026, 2, 1, 12, 30, tzinfo=UTC)

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
FORMER = {
    "stripeAccountId": "acct_former",
    "country": None,
    "closed": False,
    "disconnected": False,
    "canAcceptPayments": True,
    "createdAt": None,
    "everActiveAt": "2026-01-31T10:00:00.000Z",
    "replacedAt": "2026-02-01T10:00:00.000Z",
}
# The subscription of a merchant that has not paid the platform's last invoice.
LATE = Snapshot(
    id="sub_1",
    status="past_due",
    items=(Item(price="price_1", unit_amount=2000, currency="USD", interval="month"),),
    invoices=(
        Invoice(
            id="in_1",
            status="open",
            total=2000,
            remaining=2000,
            currency="USD",
            attempts=1,
            finalized_at=datetime(2026, 2, 1, tzinfo=UTC),
            hosted_url="https://invoice.example/i/1",
        ),
    ),
)
SERVICE = service_document.build(LATE, datetime(2026, 2, 2, tzinfo=UTC))
REPLACED = replace(SHOP, former_accounts=json.dumps([FORMER]), service=json.dumps(SERVICE))


def derived(
    answer: Json | None,
    profile: Profile = SHOP,
    *,
    disconnected: bool = False,
    finances: Finances | None = None,
) -> Derived:
    if answer is None:
        return build(profile, None)
    key = uuid.UUID("01970000-0000-7000-8000-000000000002")
    mirror = Mirror(key, parse(answer), ONCE, "webhook", disconnected, finances or Finances())
    return build(profile, mirror)


Shown = tuple[Json, Status, str | None, datetime | None]

# `shown` leaves out these parts. test_document_agreement and test_document_invariants check the messages and
# the groups, and the tests of connect/finances check the finances.
_FINANCES = {"balance", "payoutSchedule", "payoutObstacles"}
_SEPARATE = frozenset({"message", "summaryMessages", "unavailableMessage", "groups", *_FINANCES})


def shown(result: Derived) -> Shown:
    """The document for the platform, and the derived columns."""
    return _without(result.document), result.status, result.awaiting_action_from, result.next_deadline_at


def _without(part: Any) -> Any:
    if isinstance(part, list):
        return [_without(item) for item in part]
    if isinstance(part, dict):
        return {
            key: _without(value)
            for key, value in part.items()
            if key not in _SEPARATE or isinstance(value, str)  # an error's message is a string
        }
    return part


DASHBOARD_OF_ACCOUNT = "https://dashboard.stripe.com/acct_1Qx7Yb2eZvKYlo2C/test/"


def tasks(*rows: tuple[bool, int, str], linked: bool = True, deadline: str | None = None) -> list[Json]:
    names = [
        ("COMPLETE_REQUIREMENTS", "Complete requirements", "account/status"),
        ("MANAGE_FINANCES", "View and manage finances and reports", "balance/overview"),
        ("RESPOND_TO_DISPUTES_AND_REFUNDS", "Respond to disputes and issue refunds", "disputes"),
        ("SCHEDULE_PAYOUTS", "Schedule payouts", "settings/payouts"),
    ]
    return [
        {
            "kind": kind,
            "title": title,
            "available": available,
            "attention": attention,
            "explanation": text,
            "deadline": deadline if kind == "COMPLETE_REQUIREMENTS" else None,
            "url": f"{DASHBOARD_OF_ACCOUNT}{page}" if linked else None,
        }
        for (kind, title, page), (available, attention, text) in zip(names, rows, strict=True)
    ]


def no_dashboard(reason: str, type_: str = "FULL") -> Json:
    return {
        "type": type_,
        "available": False,
        "unavailableReason": reason,
        "url": None,
        "tasks": tasks(*[(False, 0, reason)] * 4, linked=False),
    }


def dashboard(
    requirements: tuple[int, str], payouts: tuple[bool, int, str], deadline: str | None = None
) -> Json:
    return {
        "type": "FULL",
        "available": True,
        "unavailableReason": None,
        "url": f"{DASHBOARD_OF_ACCOUNT}dashboard",
        "tasks": tasks(
            (True, *requirements),
            (True, 0, "Balance, payments and reports."),
            (True, 0, "Respond to disputes and refund payments in the Dashboard."),
            payouts,
            deadline=deadline,
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
        "explanation": ("Stripe still needs information from the merchant."),
    },
)
NOTHING_REQUIRED: Json = {
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
    "label": "Provide the requested information in the Stripe Dashboard",
    "isActionable": True,
    "deadline": None,
    "url": f"{DASHBOARD_OF_ACCOUNT}account/status",
}

CREATING: Json = {
    "__typename": "Merchant",
    "id": "TWVyY2hhbnQ6MDE5NzAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAx",
    "externalId": "shop-1",
    "displayName": "Shop Example",
    "contactEmail": "owner@shop.example",
    "country": "US",
    "createdAt": "2026-01-31T09:59:59.123Z",
    "updatedAt": "2026-01-31T09:59:59.123Z",
    "erasedAt": None,
    "status": "CREATING",
    "statusTitle": "Being created",
    "statusTone": "WAITING",
    "statusSince": "2026-01-31T09:59:59.123Z",
    "summary": "The account is being created at Stripe.",
    "nextAction": {
        "kind": "WAIT_FOR_STRIPE",
        "by": "STRIPE",
        "label": "Wait for the account to be created",
        "isActionable": False,
        "deadline": None,
        "url": None,
    },
    "account": None,
    "formerAccounts": [],
    "service": None,
    "settings": None,
    "dashboard": no_dashboard("The account is still being created at Stripe."),
    "canAcceptPayments": False,
    "canReceivePayouts": False,
    "capabilities": [],
    "requirements": NOTHING_REQUIRED,
    "futureRequirements": NOTHING_REQUIRED,
    "onboarding": {
        "stage": "CREATED",
        "stageSince": "2026-01-31T09:59:59.123Z",
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
    "platformDashboardUrl": "https://dashboard.stripe.com/test/connect/accounts/acct_1Qx7Yb2eZvKYlo2C",
    "createdAt": "2026-01-31T10:00:00.000Z",
}
SETTINGS: Json = {
    "entityType": "COMPANY",
    "contactPhone": None,
    "merchantCategoryCode": None,
    "doingBusinessAs": None,
    "businessUrl": None,
    "productDescription": None,
    "statementDescriptor": None,
    "statementDescriptorPrefix": None,
    "currency": "USD",
    "locales": [],
    "support": {"email": None, "phone": None, "url": None, "address": None},
    "requestedCapabilities": ["card_payments"],
}
WORKING: Json = CREATING | {
    "status": "ACTIVE",
    "statusTitle": "Active",
    "statusTone": "POSITIVE",
    "summary": "Payments and payouts work; nothing needs attention.",
    "nextAction": {
        "kind": "OPEN_DASHBOARD",
        "by": None,
        "label": "Open the Stripe Dashboard",
        "isActionable": True,
        "deadline": None,
        "url": f"{DASHBOARD_OF_ACCOUNT}dashboard",
    },
    "account": ACCOUNT,
    "formerAccounts": [],
    "service": None,
    "settings": SETTINGS,
    "dashboard": dashboard((0, "No information is needed at the moment."), PAYS_OUT),
    "canAcceptPayments": True,
    "canReceivePayouts": True,
    "capabilities": capabilities(WORKS, WORKS),
    "onboarding": CREATING["onboarding"] | {"stage": "ACTIVATED", "everActiveAt": "2026-02-01T12:00:00.000Z"},
    "freshness": {"syncedAt": "2026-02-01T12:30:00.000Z", "source": "webhook"},
}
REQUIRED_BANK: Json = {
    "key": "external_account",
    "title": "Bank account for payouts",
    "help": "Add a bank account for your payouts, in the name of the business or its owner.",
    "subject": "BANK_ACCOUNT",
    "personId": None,
    "person": None,
    "awaitingActionFrom": "MERCHANT",
    "deadline": "PAST_DUE",
    "reasons": ["routine_onboarding"],
    "errors": [],
    "restricts": [{"capability": "stripe_balance.payouts", "deadline": "PAST_DUE"}],
    "alternatives": [],
}
REQUIRED_DOCUMENT: Json = {
    "key": DOCUMENT,
    "title": "Photo of an official ID",
    "help": "Upload clear photos of a passport, ID card or other official photo ID: front and back, "
    "if it has two sides.",
    "subject": "PERSON",
    "personId": None,
    "person": {"id": None, "name": None, "role": "ACCOUNT_HOLDER", "label": "Account holder"},
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


REQUIRED_OF_A_NEW_ACCOUNT = [
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
    """A new account, whose requirements are all past due from the start."""
    return account(
        PAST_DUE,
        PAST_DUE,
        *(
            BANK
            if key == "external_account"
            else entry(key, person="person_1" if key.startswith("identity.individual.") else None)
            for key in reversed(REQUIRED_OF_A_NEW_ACCOUNT)
        ),
    )
