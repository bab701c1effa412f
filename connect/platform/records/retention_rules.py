"""The data that expires, and how long it is kept by default (docs/data-protection.md gives the reasons).

A module whose rows expire adds its rule here. The settings, the worker and `python -m api retention` read
this list.
"""

from collections.abc import Sequence
from datetime import datetime

from connect.events import reconcile
from connect.events.inbox import MAX_OUTAGE
from connect.merchants.inputs import encryption
from connect.merchants.mirror.timeline import TimelineKind
from connect.outgoing.rules.endpoint_states import EndpointState
from connect.payments.mirror import payers
from connect.platform.records.retention import Part, Rule, Rules
from connect.stripe_api.stored_requests import V2_KEY_LIFETIME
from models import audit
from models.sql import Select

# The tables of requests whose bodies are not needed after Stripe's answer.
REQUESTS = (
    "account_creation",
    "account_replacement",
    "payment_creation",
    "refund_request",
    "dispute_request",
    "payout_request",
    "service_request",
)


def _is_settled_event(_select: Select, _before: datetime) -> Sequence[str]:
    return ["state IN ('HANDLED', 'IGNORED')"]


def _is_not_evidence_of_money(select: Select, _before: datetime) -> Sequence[str]:
    """Keep the entries about capabilities. They tell whether an account may hold money
    (`connect.merchants.replacements.held_money`). They contain no personal data.
    """
    return [f"kind <> {select.value(TimelineKind.CAPABILITY_CHANGED.value)}"]


def _is_of_closed_case(select: Select, _before: datetime) -> Sequence[str]:
    states = ", ".join(map(select.value, payers.OPEN_DISPUTES))
    disputed = f"disputed.id = payment_entry.payment_id AND disputed.dispute_state IN ({states})"
    return [f"NOT EXISTS (SELECT 1 FROM payment AS disputed WHERE {disputed})"]  # noqa: S608


def _has_known_payer(select: Select, _before: datetime) -> Sequence[str]:
    states = ", ".join(map(select.value, payers.OPEN_DISPUTES))
    return ["payer_forgotten_at IS NULL", f"dispute_state NOT IN ({states})"]


def _has_body(select: Select, _before: datetime) -> Sequence[str]:
    return ["state <> 'PENDING'", f"body <> {select.value(encryption.FORGOTTEN)}"]


def _is_delivered(_select: Select, _before: datetime) -> Sequence[str]:
    waiting = "waiting.event_id = outgoing_event.id AND waiting.state = 'PENDING'"
    deliveries = f"SELECT 1 FROM outgoing_delivery AS waiting WHERE {waiting}"  # noqa: S608
    return ["position IS NOT NULL", f"NOT EXISTS ({deliveries} AND {_is_enabled('waiting')})"]


def _is_finished(_select: Select, _before: datetime) -> Sequence[str]:
    return [f"(state <> 'PENDING' OR NOT {_is_enabled('outgoing_delivery')})"]


def _is_enabled(delivery: str) -> str:
    """A condition that selects the deliveries to enabled endpoints. Deliveries to other endpoints may wait
    forever.
    """
    endpoint = f"enabled.id = {delivery}.endpoint_id AND enabled.state = '{EndpointState.ENABLED.value}'"
    return f"EXISTS (SELECT 1 FROM event_endpoint AS enabled WHERE {endpoint})"  # noqa: S608


def _is_resolved(select: Select, before: datetime) -> Sequence[str]:
    return [f"resolved_at < {select.value(before)}"]


def _has_ended(select: Select, before: datetime) -> Sequence[str]:
    return [f"ended_at < {select.value(before)}"]


RULES: Rules = (
    # Stripe lists an event for 30 days, and repeats its delivery for three days. If a row was deleted
    # earlier, the back-fill or a repeated delivery could store its event again, and the event would be
    # handled twice.
    Rule(
        "events",
        "RETAIN_EVENTS_DAYS",
        default=90,
        minimum=(reconcile.MAX_AGE + MAX_OUTAGE).days + 2,
        parts=(Part("stripe_event", _is_settled_event),),
    ),
    Rule(
        "timelines",
        "RETAIN_TIMELINES_DAYS",
        default=1095,
        minimum=90,
        parts=(
            Part("timeline_entry", _is_not_evidence_of_money),
            Part("payment_entry", _is_of_closed_case),
        ),
    ),
    # A link can be renewed for 24 hours.
    Rule("links", "RETAIN_LINKS_DAYS", default=30, minimum=2, parts=(Part("onboarding_link"),)),
    Rule(
        "payers",
        "RETAIN_PAYERS_DAYS",
        default=730,
        minimum=120,
        parts=(Part("payment", _has_known_payer, apply=payers.forget),),
    ),
    Rule(
        "requests",
        "RETAIN_REQUESTS_DAYS",
        default=90,
        minimum=V2_KEY_LIFETIME.days + 1,
        parts=tuple(Part(table, _has_body, change=f"body = '{encryption.FORGOTTEN}'") for table in REQUESTS),
    ),
    Rule(
        "problems",
        "RETAIN_PROBLEMS_DAYS",
        default=90,
        minimum=7,
        parts=(Part("problem_occurrence", _has_ended),),
    ),
    # `platform.clients` counts the operations of the last 30 days.
    Rule("clients", "RETAIN_CLIENTS_DAYS", default=90, minimum=31, parts=(Part("client_use"),)),
    # The last attempt of a delivery follows three days after the first.
    Rule(
        "outgoing",
        "RETAIN_OUTGOING_DAYS",
        default=90,
        minimum=14,
        parts=(
            Part("outgoing_event", _is_delivered),
            Part("outgoing_delivery", _is_finished),
            Part("notice", _is_resolved),
        ),
    ),
    Rule(
        "audit",
        "RETAIN_AUDIT_DAYS",
        default=0,
        minimum=365,
        parts=(Part("audit_entry", apply=audit.delete_old),),
    ),
)

DEFAULTS = {rule.name: rule.default for rule in RULES}
