"""Documents of merchants with parts that seeded merchants lack."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from connect.payments.rules.money.money import money
from connect.services.rules import document as service_document
from connect.services.rules.snapshot import Invoice, Item, Snapshot

Json = dict[str, Any]

AT = datetime(2026, 11, 1, tzinfo=UTC)
# The time of the last fetch of merchants whose data stays fresh. Seeded merchants were fetched too long ago.
FUTURE = "2126-01-01T00:00:00.000Z"
# The subscriptions get these statuses in turn.
STATUSES = "active", "past_due", "canceled"


def complete(text: str, count: int) -> str:
    """The document with up to three former accounts, and with settings, a balance and a service.

    `count` decides which of these parts are added. If it is even, the document lacks some parts and is stale.
    If it is odd, the document is fresh.
    """
    document = json.loads(text)
    if document["settings"] is not None and count % 2:
        document["settings"] |= {
            "contactPhone": "+49 30 1234567",
            "merchantCategoryCode": "5734",
            "locales": ["de-DE", "en"],
            "support": {
                "email": "help@shop.example",
                "phone": None,
                "url": "https://shop.example/help",
                "address": {
                    "country": "DE",
                    "line1": "Torstra\u00dfe 1",
                    "line2": None,
                    "city": "Berlin",
                    "town": None,
                    "state": None,
                    "postalCode": "10119",
                },
            },
        }
    if count % 2:
        document |= _finances()
        document["freshness"]["syncedAt"] = FUTURE
    document["service"] = _service(STATUSES[count % 3]) if count % 4 else None
    document["formerAccounts"] = [
        {
            "stripeAccountId": f"acct_former_{number}",
            "country": "US",
            "closed": number != 1,
            "disconnected": False,
            "canAcceptPayments": number == 1,
            "createdAt": document["createdAt"],
            "everActiveAt": None,
            "replacedAt": document["updatedAt"],
        }
        for number in range(count % 4)
    ]
    return json.dumps(document, ensure_ascii=False)


def _finances() -> Json:
    """A negative balance in one of two currencies, a weekly schedule, and an obstacle."""
    balances = {"USD": (-1250, 8000), "JPY": (300, 0)}
    return {
        "balance": {
            "amounts": [
                {
                    "currency": currency,
                    "available": money(available, currency),
                    "pending": money(pending, currency),
                    "instantAvailable": money(0, currency),
                    "reserved": money(500, currency),
                }
                for currency, (available, pending) in balances.items()
            ],
            "isNegative": True,
            "freshness": {"syncedAt": AT.isoformat(), "source": "moved"},
        },
        "payoutSchedule": {
            "interval": "WEEKLY",
            "weeklyDays": ["TUESDAY", "FRIDAY"],
            "monthlyDays": [],
            "minimumBalances": [money(1000, "USD")],
            "delayDays": 2,
            "statementDescriptor": None,
            "isEnabled": True,
            "controlledBy": "MERCHANT",
            "summary": "Every Tuesday and Friday.",
            "nextPayoutEstimate": "2026-11-03",
        },
        "payoutObstacles": [
            {
                "kind": "BALANCE_NEGATIVE",
                "stoppedBy": None,
                "endedBy": "MERCHANT",
                "since": None,
                "explanation": "The balance is negative.",
                "remedy": "New payments fill it.",
                "url": None,
                "payoutId": None,
            }
        ],
    }


def _service(status: str) -> Json:
    """A service with a paid and an open invoice."""
    invoice = Invoice(
        id="in_1", status="paid", total=2900, currency="USD", attempts=1, created_at=AT, finalized_at=AT
    )
    overdue = Invoice(
        id="in_2",
        status="open",
        number="A-2",
        total=2900,
        remaining=2900,
        currency="USD",
        attempts=2,
        finalized_at=AT,
        next_attempt_at=AT + timedelta(days=3),
        hosted_url="https://pay.example/in_2",
        subscription="sub_1",
    )
    snapshot = Snapshot(
        id="sub_1",
        status=status,
        period_starts_at=AT,
        period_ends_at=AT + timedelta(days=30),
        items=(Item(price="price_1", unit_amount=2900, currency="USD", interval="month"),),
        invoices=(overdue, invoice),
    )
    return service_document.build(snapshot, AT)
