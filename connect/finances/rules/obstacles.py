"""Obstacles: the reasons why a merchant is not paid. Pure.

An obstacle has a remedy. It also names the party that stopped the money, the time, and the party that can
release the money, if these are known. The obstacles are derived from the mirror: capabilities, requirements,
balance, reserves, payouts and schedule. Obstacles of the account come before the obstacles of payouts and of
the balance.
"""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from connect.finances.rules import failures, schedule
from connect.finances.rules.snapshot import Balance, Finances, Sent
from connect.merchants.rules.account.capabilities import has_resolution, is_rejected, is_unsupported
from connect.merchants.rules.dashboard import dashboard_addresses
from connect.merchants.rules.messages import Message, say
from connect.merchants.rules.status.facts import CARD_PAYMENTS, CORE, PAYOUTS, Facts
from connect.merchants.rules.status.next_action import Matter
from connect.merchants.rules.status.status import ABSENT, Status


class Kind(enum.Enum):
    """The kinds of obstacles: first those of the account, then the others in the order of `obstacles`."""

    ACCOUNT_NOT_READY = "ACCOUNT_NOT_READY"
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"
    ACCOUNT_DISCONNECTED = "ACCOUNT_DISCONNECTED"
    ACCOUNT_REJECTED = "ACCOUNT_REJECTED"
    NOT_SUPPORTED = "NOT_SUPPORTED"
    NOT_REQUESTED = "NOT_REQUESTED"
    INFORMATION_NEEDED = "INFORMATION_NEEDED"
    UNDER_REVIEW = "UNDER_REVIEW"
    RESTRICTED = "RESTRICTED"
    PAYOUT_FAILED = "PAYOUT_FAILED"
    PAYOUT_LATE = "PAYOUT_LATE"
    PAYOUTS_DISABLED = "PAYOUTS_DISABLED"
    BALANCE_NEGATIVE = "BALANCE_NEGATIVE"
    MONEY_RESERVED = "MONEY_RESERVED"
    SCHEDULE_MANUAL = "SCHEDULE_MANUAL"
    BELOW_MINIMUM = "BELOW_MINIMUM"
    MONEY_PENDING = "MONEY_PENDING"
    NO_MONEY = "NO_MONEY"


class Party(enum.Enum):
    MERCHANT = "MERCHANT"
    STRIPE = "STRIPE"
    PLATFORM = "PLATFORM"
    BANK = "BANK"


# These obstacles began when the present status began. All other obstacles have a time of their own, or no
# time.
OF_STATUS = frozenset(
    {
        Kind.ACCOUNT_NOT_READY,
        Kind.ACCOUNT_CLOSED,
        Kind.ACCOUNT_DISCONNECTED,
        Kind.ACCOUNT_REJECTED,
        Kind.NOT_SUPPORTED,
        Kind.NOT_REQUESTED,
        Kind.INFORMATION_NEEDED,
        Kind.UNDER_REVIEW,
        Kind.RESTRICTED,
    }
)

# A payout is late if it has not arrived this many days after its expected arrival, because banks may need
# some business days.
LATE_DAYS = 3


@dataclass(frozen=True, slots=True)
class Obstacle:
    """`by` is the party that stopped the money, and `ended_by` the party that can end the obstacle. Either is
    None if there is no such party.

    `page` is a page of the merchant's Dashboard, and `payout` the id of a payout.
    """

    kind: Kind
    by: Party | None
    ended_by: Party | None
    explanation: Message
    remedy: Message
    since: datetime | None = None
    page: str | None = None
    payout: str | None = None


def obstacles(status: Status, facts: Facts, finances: Finances) -> list[Obstacle]:
    """All obstacles to money on its way from the merchant's customers to the merchant's bank account, the
    most important first. If there are none, the next payout follows the schedule.
    """
    of_account = list(_of_account(status, facts))
    if status in ABSENT | {Status.UNKNOWN}:
        return of_account
    return [*of_account, *_of_money(finances, is_paying=facts.is_active(PAYOUTS))]


def matters(facts: Facts, finances: Finances) -> tuple[Matter, ...]:
    """Each Matter of the tasks MANAGE_FINANCES and SCHEDULE_PAYOUTS."""
    found = []
    for failed in _by_direction(_open_failures(finances)):
        is_fixed = all(one.followed for one in failed)
        fix = say("action.fix_bank" if failed[0].amount > 0 else "action.debit")
        action = None if is_fixed else fix
        found.append(
            Matter("MANAGE_FINANCES", len(failed), _failed(failed), action, opens="SCHEDULE_PAYOUTS")
        )
    if negative := _negative(finances):
        text = say("finances.negative", amounts=schedule.texts(negative))
        found.append(Matter("MANAGE_FINANCES", len(negative), text, say("action.negative")))
    late = _by_direction(finances.payouts.late)
    found += [Matter("MANAGE_FINANCES", len(group), _late(group)) for group in late]
    if held := reserved(finances):
        text = say("finances.reserved", amounts=schedule.texts(held))
        found.append(Matter("MANAGE_FINANCES", len(held), text))
    if facts.is_active(PAYOUTS) and finances.settings is not None:
        found.append(Matter("SCHEDULE_PAYOUTS", 0, _schedule(finances)))
    return tuple(found)


def _schedule(finances: Finances) -> Message:
    """The payout that is on its way, or else the reason why the schedule pays nothing out, or else the
    schedule in words.
    """
    settings, balance = finances.settings, finances.balance
    stopping = {Kind.PAYOUTS_DISABLED, Kind.SCHEDULE_MANUAL, Kind.BELOW_MINIMUM}
    if coming := finances.payouts.coming:
        return say("payouts.coming", amounts=schedule.texts({coming.currency: coming.amount}))
    if settings is None or balance is None:
        return say("task.payouts")
    reasons = [one.explanation for one in _of_balance(finances) if one.kind in stopping]
    return next(iter(reasons), schedule.in_words(settings))


def _of_account(status: Status, facts: Facts) -> Iterable[Obstacle]:
    match status:
        case Status.CREATING:
            yield _by(Kind.ACCOUNT_NOT_READY, Party.STRIPE, Party.STRIPE, "obstacle.creating", "remedy.wait")
        case Status.UNKNOWN:
            yield _by(
                Kind.ACCOUNT_NOT_READY, Party.STRIPE, Party.STRIPE, "obstacle.unknown", "remedy.refresh"
            )
        case Status.CLOSED | Status.ERASED:
            yield _by(Kind.ACCOUNT_CLOSED, None, Party.PLATFORM, "obstacle.closed", "remedy.replace_account")
        case Status.DISCONNECTED:
            key = "obstacle.disconnected"
            yield _by(Kind.ACCOUNT_DISCONNECTED, None, Party.PLATFORM, key, "remedy.contact_platform")
        case Status.REJECTED if facts.is_rejected_by_platform:
            key = "obstacle.rejected.platform"
            yield _by(Kind.ACCOUNT_REJECTED, Party.PLATFORM, Party.PLATFORM, key, "remedy.contact_platform")
        case Status.REJECTED:
            remedy = "remedy.appeal" if facts.due else "remedy.contact_stripe"
            yield _by(Kind.ACCOUNT_REJECTED, Party.STRIPE, Party.STRIPE, "obstacle.rejected", remedy)
        case _:
            for name in CORE:
                if not facts.is_active(name):
                    yield _of_capability(facts, name)


def _of_capability(facts: Facts, name: str) -> Obstacle:
    capability = facts.capability(name)
    if capability is None and name == CARD_PAYMENTS:
        key, remedy = "obstacle.not_requested", "remedy.request"
        return _by(Kind.NOT_REQUESTED, Party.PLATFORM, Party.PLATFORM, key, remedy, name)
    if is_unsupported(capability) or is_rejected(capability):
        key, remedy = "obstacle.unsupported", "remedy.contact_stripe"
        return _by(Kind.NOT_SUPPORTED, Party.STRIPE, None, key, remedy, name)
    if facts.needed_for(name) or facts.lacks_entries(name):
        key, remedy = "obstacle.information", "remedy.provide"
        return _by(Kind.INFORMATION_NEEDED, Party.STRIPE, Party.MERCHANT, key, remedy, name)
    is_held = facts.is_held(name) or has_resolution(capability, "contact_stripe")
    if facts.awaits_review(name) and not is_held:
        key, remedy = "obstacle.review", "remedy.wait"
        return _by(Kind.UNDER_REVIEW, Party.STRIPE, Party.STRIPE, key, remedy, name)
    key, remedy = "obstacle.restricted", "remedy.contact_stripe"
    return _by(Kind.RESTRICTED, Party.STRIPE, Party.STRIPE, key, remedy, name)


def _of_money(finances: Finances, *, is_paying: bool) -> Iterable[Obstacle]:
    for sent in _open_failures(finances):
        yield Obstacle(
            Kind.PAYOUT_FAILED,
            Party.BANK,
            Party.BANK if sent.followed else Party.MERCHANT,
            failures.reason(sent.code, sent.amount),
            say("remedy.followed") if sent.followed else failures.remedy(sent.code, sent.amount),
            since=sent.at,
            page=dashboard_addresses.PAYOUTS,
            payout=sent.id,
        )
    for sent in finances.payouts.late:
        yield Obstacle(
            Kind.PAYOUT_LATE,
            Party.BANK,
            Party.BANK,
            _late([sent]),
            say("remedy.late" if sent.amount > 0 else "remedy.debit_late"),
            since=sent.at,
            payout=sent.id,
        )
    yield from _of_balance(finances) if is_paying else _of_stops(finances)


def _of_stops(finances: Finances) -> Iterable[Obstacle]:
    """The obstacles in the balance itself. They are shown whether or not payouts work."""
    page = dashboard_addresses.BALANCE
    if negative := _negative(finances):
        text = say("finances.negative", amounts=schedule.texts(negative))
        yield Obstacle(Kind.BALANCE_NEGATIVE, None, Party.MERCHANT, text, say("remedy.negative"), page=page)
    if held := reserved(finances):
        text = say("finances.reserved", amounts=schedule.texts(held))
        since = finances.reserves.since if finances.reserves is not None else None
        stripe = Party.STRIPE
        yield Obstacle(Kind.MONEY_RESERVED, stripe, stripe, text, say("remedy.wait"), since=since, page=page)


def _of_balance(finances: Finances) -> Iterable[Obstacle]:
    """The reasons why the schedule pays nothing out now, although the capability for payouts is active."""
    settings, balance = finances.settings, finances.balance
    # If a payout comes back, Stripe turns payouts off, too. The obstacle of the failed payout explains that
    # case.
    if settings is not None and settings.status == "disabled" and not _open_failures(finances):
        text, remedy = say("schedule.disabled"), say("remedy.contact_stripe")
        yield Obstacle(Kind.PAYOUTS_DISABLED, Party.STRIPE, Party.STRIPE, text, remedy)
    yield from _of_stops(finances)
    if settings is None or balance is None:
        return
    available = {currency: amount for currency, amount in balance.available.items() if amount > 0}
    pending = {currency: amount for currency, amount in balance.pending.items() if amount > 0}
    page = dashboard_addresses.PAYOUTS
    merchant = Party.MERCHANT
    if available and settings.interval == "manual":
        text = say("payouts.manual", amounts=schedule.texts(available))
        yield Obstacle(Kind.SCHEDULE_MANUAL, merchant, merchant, text, say("remedy.manual"), page=page)
    elif kept := {name: available[name] for name in available.keys() - schedule.payable(available, settings)}:
        text = say("payouts.minimum", amounts=schedule.texts(kept))
        yield Obstacle(Kind.BELOW_MINIMUM, merchant, merchant, text, say("remedy.minimum"), page=page)
    if pending and not available:
        text = say("payouts.pending", amounts=schedule.texts(pending))
        yield Obstacle(Kind.MONEY_PENDING, Party.STRIPE, Party.STRIPE, text, say("remedy.wait"))
    # While a payout is on its way, an empty balance is not an obstacle.
    if not (available or pending or _negative(finances) or finances.payouts.coming):
        yield Obstacle(Kind.NO_MONEY, None, None, say("payouts.nothing"), say("remedy.wait"))


def _by(
    kind: Kind, by: Party | None, ended_by: Party | None, key: str, remedy: str, capability: str | None = None
) -> Obstacle:
    text = say(key, capabilities=(capability,)) if capability is not None else say(key)
    is_form = kind is Kind.INFORMATION_NEEDED
    page = dashboard_addresses.REQUIREMENTS if is_form else None
    return Obstacle(kind, by, ended_by, text, say(remedy), page=page)


def _negative(finances: Finances) -> dict[str, int]:
    return negative(finances.balance) if finances.balance is not None else {}


def negative(balance: Balance) -> dict[str, int]:
    """The negative amounts by currency: the available balance if it is negative, and otherwise a negative sum
    of the available and the pending balance.

    Stripe calls a balance negative if its available part is negative
    (https://support.stripe.com/embedded-connect/questions/handling-negative-balances). The pending part
    becomes available later, so a negative sum counts as well.
    """
    found = {}
    for currency in sorted({*balance.available, *balance.pending}):
        available = balance.available.get(currency, 0)
        amount = available if available < 0 else available + balance.pending.get(currency, 0)
        if amount < 0:
            found[currency] = amount
    return found


def reserved(finances: Finances) -> dict[str, int]:
    """The reserves of Stripe and of the platform. Amounts of different currencies stay apart."""
    risks = finances.reserves.amounts if finances.reserves is not None else {}
    held = finances.balance.held if finances.balance is not None else {}
    return {
        currency: risks.get(currency, 0) + held.get(currency, 0)
        for currency in sorted({*risks, *held})
        if risks.get(currency, 0) + held.get(currency, 0) > 0
    }


def _open_failures(finances: Finances) -> list[Sent]:
    """The payouts that came back, and the failed debits, unless the balance in their currency is no longer
    negative.
    """
    has_balance, negative_ones = finances.balance is not None, _negative(finances)
    return [
        one
        for one in finances.payouts.failed
        if one.amount > 0 or not has_balance or one.currency in negative_ones
    ]


def _by_direction(sent: Sequence[Sent]) -> list[list[Sent]]:
    """Two groups: the payouts, and the debits, whose amounts are negative. An empty group is left out."""
    groups = [one for one in sent if one.amount > 0], [one for one in sent if one.amount <= 0]
    return [group for group in groups if group]


def _failed(failed: Sequence[Sent]) -> Message:
    """`failed` contains only payouts or only debits."""
    key = "finances.failed" if failed[0].amount > 0 else "finances.debits_failed"
    if len(failed) == 1:
        return say(f"{key}.one", amounts=_sums(failed))
    return say(key, count=len(failed))


def _late(late: Sequence[Sent]) -> Message:
    """`late` contains only payouts or only debits."""
    return say("finances.late" if late[0].amount > 0 else "finances.debits_late", amounts=_sums(late))


def _sums(sent: Sequence[Sent]) -> str:
    sums: dict[str, int] = {}
    for one in sent:
        sums[one.currency] = sums.get(one.currency, 0) + abs(one.amount)
    return schedule.texts(sums)


def is_late(arrives_at: datetime, at: datetime) -> bool:
    """Whether a payout that has not arrived was expected at least LATE_DAYS before `at`."""
    return (at.astimezone(UTC) - arrives_at).days >= LATE_DAYS
