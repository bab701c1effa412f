"""Requirements, capabilities and facts of accounts in typical situations."""

from datetime import UTC, datetime

from connect.merchants.rules.facts import Facts, facts
from connect.merchants.rules.snapshot import parse
from connect.merchants.rules.status import Status, derive
from tests.connect.merchants.rules.stripe_answers import (
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
