"""The finances in a merchant's document, in wire form. Pure."""

from collections.abc import Callable
from typing import Any

from connect.finances.rules import obstacles, schedule
from connect.finances.rules.obstacles import OF_STATUS, Obstacle
from connect.finances.rules.snapshot import Finances
from connect.merchants.rules.messages import Message
from connect.merchants.rules.status.facts import PAYOUTS, Facts
from connect.merchants.rules.status.status import Status
from connect.merchants.rules.wire import wire_time, word
from connect.payments.rules.money.money import money

Document = dict[str, Any]
# Renders a message for the reader of the document.
Render = Callable[[Message], str]
# Returns the address of a page of the merchant's Dashboard, or None if the merchant cannot log in.
Page = Callable[[str], str | None]

WEEKDAYS = frozenset(schedule.BUSINESS_DAYS)


def parts(status: Status, facts: Facts, finances: Finances, render: Render, page: Page) -> Document:
    """The fields `balance`, `payoutSchedule` and `payoutObstacles` of a merchant."""
    return {
        "balance": _balance(finances),
        "payoutSchedule": _schedule(facts, finances, render),
        "payoutObstacles": [
            _obstacle(one, render, page) for one in obstacles.obstacles(status, facts, finances)
        ],
    }


def date_obstacles(document: Document, status_since: str | None) -> None:
    """Set the time of the obstacles that began when the present status began."""
    kinds = {kind.value for kind in OF_STATUS}
    for one in document["payoutObstacles"]:
        if one["kind"] in kinds:
            one["since"] = status_since


def _balance(finances: Finances) -> Document | None:
    balance = finances.balance
    if balance is None:
        return None
    reserved = obstacles.reserved(finances)
    currencies = sorted({*balance.available, *balance.pending, *balance.instant, *reserved})
    return {
        "amounts": [
            {
                "currency": currency,
                "available": money(balance.available.get(currency, 0), currency),
                "pending": money(balance.pending.get(currency, 0), currency),
                "instantAvailable": money(balance.instant.get(currency, 0), currency),
                "reserved": money(reserved.get(currency, 0), currency),
            }
            for currency in currencies
        ],
        "isNegative": bool(obstacles.negative(balance)),
        "freshness": {"syncedAt": wire_time(balance.synced_at), "source": balance.source},
    }


def _schedule(facts: Facts, finances: Finances, render: Render) -> Document | None:
    settings, balance = finances.settings, finances.balance
    if settings is None:
        return None
    # The settings are fetched less often than the account, so the account can be the first to show that
    # payouts are turned off.
    is_enabled = settings.status != "disabled" and facts.is_active(PAYOUTS)
    estimate = schedule.next_payout(settings, balance) if balance is not None and is_enabled else None
    return {
        "interval": word(settings.interval, schedule.INTERVALS),
        "weeklyDays": [day.upper() for day in settings.weekly_days if day in WEEKDAYS],
        "monthlyDays": list(settings.monthly_days),
        "minimumBalances": [
            money(amount, currency) for currency, amount in sorted(settings.minimums.items())
        ],
        "delayDays": settings.delay_days,
        "statementDescriptor": settings.statement_descriptor,
        "isEnabled": is_enabled,
        "controlledBy": "MERCHANT" if facts.full_dashboard else "PLATFORM",
        "summary": render(schedule.in_words(settings)),
        "nextPayoutEstimate": estimate.isoformat() if estimate is not None else None,
    }


def _obstacle(one: Obstacle, render: Render, page: Page) -> Document:
    return {
        "kind": one.kind.value,
        "stoppedBy": one.by.value if one.by is not None else None,
        "endedBy": one.ended_by.value if one.ended_by is not None else None,
        "since": wire_time(one.since),
        "explanation": render(one.explanation),
        "remedy": render(one.remedy),
        "url": page(one.page) if one.page is not None else None,
        "payoutId": one.payout,
    }
