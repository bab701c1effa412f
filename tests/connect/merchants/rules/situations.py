"""Requirements, capabilities and facts of accounts in typical situations."""

from collections.abc import Sequence
from datetime import UTC, datetime

from connect.merchants.rules.account.snapshot import parse
from connect.merchants.rules.status.facts import Facts, facts
from connect.merchants.rules.status.status import Status, derive
from tests.connect.merchants.rules.stripe_answers import (
    BOTH,
    DOCUMENT,
    PAYOUTS,
    TERMS,
    Json,
    capability,
    entry,
    section,
)

ONCE = datetime(2026, 1, 31, 10, tzinfo=UTC)
REJECTED = capability("rejected", "rejected_fraud", "contact_stripe")
UNSUPPORTED = capability("unsupported", "unsupported_country", "no_resolution")
LIMITED = capability("restricted", "restricted_other", "contact_stripe")

BANK = entry("external_account", restricts=PAYOUTS)
ACCEPT_TERMS = entry(TERMS)
FAILED = entry(DOCUMENT, error="verification_document_expired", person="person_1")
EMAIL = "identity.individual.email"
HELD = capability("restricted", "restricted_other", "no_resolution")
PAST = "2026-10-29T00:00:00.000Z"
FUTURE_DATE = "2031-03-01T05:00:00.000Z"
LATER = entry("configuration.merchant.mcc", deadline="eventually_due")
SUBMITTED = entry(DOCUMENT, awaiting="stripe")
ROUTINE_CHECK = entry(DOCUMENT, reason="routine_verification", deadline="currently_due")
FUTURE = section(ROUTINE_CHECK, minimum_transition_date="2026-09-01T00:00:00.000Z")
NEVER_REQUESTED: Json = {"customer": None, "merchant": None, "recipient": None}


def facts_of(answer: Json | None, *, ever_active: bool = False, disconnected: bool = False) -> Facts:
    return facts(
        parse(answer) if answer is not None else None,
        ever_active_at=ONCE if ever_active else None,
        disconnected=disconnected,
    )


def status(answer: Json | None, *, ever_active: bool = False, disconnected: bool = False) -> Status:
    return derive(facts_of(answer, ever_active=ever_active, disconnected=disconnected))


def due(key: str = EMAIL, restricts: Sequence[str] = BOTH, deadline: str = "currently_due") -> Json:
    return entry(key, restricts=restricts, deadline=deadline)


def unnamed(key: str = EMAIL, deadline: str = "currently_due") -> Json:
    """An entry for which Stripe names no capability."""
    return entry(key, deadline=deadline) | {"impact": {"restricts_capabilities": None}}


def of_recipient(key: str, name: str, deadline: str = "past_due") -> Json:
    """An entry that restricts a capability of the recipient configuration."""
    answer = entry(key, restricts=[name], deadline=deadline)
    answer["impact"]["restricts_capabilities"][0]["configuration"] = "recipient"
    return answer


def two_deadlines(key: str, cards: str, payouts: str) -> Json:
    """An entry with one deadline for card payments and another one for payouts."""
    order = ["past_due", "currently_due", "eventually_due"]
    answer = entry(key, deadline=min(cards, payouts, key=order.index))
    for impact, deadline in zip(answer["impact"]["restricts_capabilities"], (cards, payouts), strict=True):
        impact["deadline"] = {"status": deadline}
    return answer


def with_klarna(answer: Json, klarna: Json) -> Json:
    answer["configuration"]["merchant"]["capabilities"]["klarna_payments"] = klarna
    return answer
