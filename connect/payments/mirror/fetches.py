"""A fetch reads one payment from Stripe. One call reads the session and the intent. Further calls list the
refunds, disputes and warnings, but only if the fetch expects any (see `fetch`).
"""

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from connect.errors import AnswerUnusable
from connect.payments import calls
from connect.payments.rules import snapshot
from connect.payments.rules.snapshot import Dispute, FraudWarning, Intent, Refund, Session, Snapshot
from connect.stripe_api.gateway import Answer, Gateway

SESSION, INTENT, CHARGE = "checkout.session", "payment_intent", "charge"
REFUND, DISPUTE, WARNING = "refund", "dispute", "radar.early_fraud_warning"


@dataclass(frozen=True, slots=True)
class Fetched:
    """Stripe's answers about a payment. Each part that was not fetched is None.

    `session_id` and `intent_id` are the ids by which the payment was fetched. If there is a session, `intent`
    is the session's intent, or None before the session has an intent. `fee` is the booked application fee.
    """

    session_id: str | None = None
    intent_id: str | None = None
    session: Session | None = None
    intent: Intent | None = None
    refunds: tuple[Refund, ...] | None = None
    disputes: tuple[Dispute, ...] | None = None
    warnings: tuple[FraudWarning, ...] | None = None
    payer_email_hash: str | None = None
    fee: Answer | None = None


def first_operation(
    session_id: str | None, intent_id: str | None, known: Snapshot, kinds: Collection[str] = ()
) -> str:
    """The name of the operation that `fetch` calls first."""
    is_by_session = session_id is not None and _is_by_session(intent_id, known, kinds)
    return calls.RETRIEVE_SESSION if is_by_session else calls.RETRIEVE_INTENT


def _is_by_session(intent_id: str | None, known: Snapshot, kinds: Collection[str]) -> bool:
    is_open = known.session is None or known.session.status == "open"
    return intent_id is None or is_open or SESSION in kinds


async def fetch(
    gateway: Gateway,
    account: str,
    session_id: str | None,
    intent_id: str | None,
    known: Snapshot,
    kinds: Collection[str] = (),
) -> Fetched:
    """Fetch a payment by its session, if the session may be open, if no intent is known, or if `kinds` names
    sessions. Otherwise, fetch it by its intent.

    `kinds` are the kinds of objects that the fetch must show, such as the kind of the object whose event
    causes the fetch. Refunds, disputes and warnings are listed only if the answer or the snapshot shows that
    there are any, or if `kinds` names them. Raises AnswerUnusable for a malformed answer, and if both ids are
    missing.
    """
    answer: Mapping[str, Any] | None = None
    session: Answer | None = None
    if session_id is not None and _is_by_session(intent_id, known, kinds):
        session = await calls.retrieve_session(gateway, account, session_id, calls.EXPAND_INTENT)
        answer = session.get("payment_intent")
    elif intent_id is not None:
        answer = await calls.retrieve_intent(gateway, account, intent_id)
    if session is None and answer is None:
        raise AnswerUnusable
    fetched = parse(session, answer, session_id=session_id, intent_id=intent_id)
    if fetched.intent is None:
        return fetched
    charge = fetched.intent.charge
    refunds = disputes = warnings = None
    try:
        if known.refunds or REFUND in kinds or (charge is not None and charge.amount_refunded):
            listed = await calls.list_refunds(gateway, account, fetched.intent.id)
            refunds = tuple(snapshot.parse_refund(one) for one in reversed(listed))
        if known.disputes or DISPUTE in kinds or (charge is not None and charge.disputed):
            listed = await calls.list_disputes(gateway, account, fetched.intent.id)
            disputes = tuple(snapshot.parse_dispute(one) for one in reversed(listed))
        if known.warnings or WARNING in kinds:
            listed = await calls.list_warnings(gateway, account, fetched.intent.id)
            warnings = tuple(snapshot.parse_warning(one) for one in reversed(listed))
    except ValueError as error:
        raise AnswerUnusable from error
    return dataclasses.replace(fetched, refunds=refunds, disputes=disputes, warnings=warnings)


def parse(
    session: Answer | None,
    intent: object,
    *,
    session_id: str | None = None,
    intent_id: str | None = None,
) -> Fetched:
    """Parse the answers about a session and its intent, or about an intent. Raises AnswerUnusable."""
    answer = intent if isinstance(intent, Mapping) else None
    try:
        parsed = snapshot.parse_intent(answer) if answer is not None else None
        parsed_session = snapshot.parse_session(session) if session is not None else None
    except ValueError as error:
        raise AnswerUnusable from error
    charge = answer.get("latest_charge") if answer is not None else None
    charge = charge if isinstance(charge, Mapping) else {}
    fee = charge.get("application_fee")
    hashes = (snapshot.email_hash(one) for one in (session, answer, charge) if one)
    return Fetched(
        session_id=session_id or (parsed_session.id if parsed_session is not None else None),
        intent_id=intent_id or (parsed.id if parsed is not None and session is None else None),
        session=parsed_session,
        intent=parsed,
        payer_email_hash=next(filter(None, hashes), None),
        fee=dict(fee) if isinstance(fee, Mapping) else None,
    )


def misses(known: Snapshot, fetched: Fetched) -> bool:
    """Whether the mirror has objects of a kind that the fetch did not list."""
    if known.intent is None or fetched.intent is None or known.intent.id != fetched.intent.id:
        return False
    pairs = (
        (known.refunds, fetched.refunds),
        (known.disputes, fetched.disputes),
        (known.warnings, fetched.warnings),
    )
    return any(have and listed is None for have, listed in pairs)


def merge(previous: Snapshot, fetched: Fetched) -> Snapshot:
    """The snapshot after a fetch. Lists that were not fetched are kept if the intent is the same."""
    intent = fetched.intent
    is_same = intent is not None and (previous.intent is None or previous.intent.id == intent.id)
    kept = previous if is_same else Snapshot()
    return Snapshot(
        session=fetched.session or previous.session,
        intent=intent,
        refunds=kept.refunds if fetched.refunds is None else fetched.refunds,
        disputes=kept.disputes if fetched.disputes is None else fetched.disputes,
        warnings=kept.warnings if fetched.warnings is None else fetched.warnings,
        payer_email_hash=fetched.payer_email_hash or previous.payer_email_hash,
    )
