"""The merchant's documents: the data that clients may read about a merchant, in wire form. Pure.

Lists such as the timeline and the payments are not part of the documents. There are two documents: one for
the platform, one for the merchant itself. Names, enum values and times have GraphQL's form, so GraphQL
answers copy them unchanged. A change of the merchant or its mirror writes both documents in the same
transaction. Increment VERSION whenever the shape or the wording changes, so that the next start rebuilds
older documents.
"""

import base64
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connect.disputes.rules.matters import dispute_matters
from connect.disputes.rules.responses import decode as decode_responses
from connect.finances.rules import document as finance_parts
from connect.finances.rules import obstacles
from connect.finances.rules.snapshot import Finances
from connect.merchants import wording
from connect.merchants.rules.account.account_settings import account_settings
from connect.merchants.rules.account.requirement_sets import future_urgency, requirement_set
from connect.merchants.rules.account.sections import Capability, collectors
from connect.merchants.rules.account.snapshot import Snapshot
from connect.merchants.rules.dashboard import dashboard_addresses
from connect.merchants.rules.dashboard.dashboard_tasks import dashboard_tasks, unavailable_reason
from connect.merchants.rules.messages import Audience, Message
from connect.merchants.rules.status.facts import CARD_PAYMENTS, PAYOUTS, Facts, facts
from connect.merchants.rules.status.next_action import (
    ACTIONABLE,
    Matter,
    NextAction,
    most_urgent,
    next_action,
)
from connect.merchants.rules.status.onboarding_stage import OnboardingStage, derive_stage
from connect.merchants.rules.status.status import ABSENT, Status, derive, open_facts
from connect.merchants.rules.status.summary import summary
from connect.merchants.rules.wire import wire_time as wire_time
from connect.merchants.rules.wire import word as _word
from connect.merchants.rules.words import searchable, words
from connect.merchants.wording.statuses import STATUS_TITLES, TONES

VERSION = 16
# The first version that has the document for merchants and the times of the last changes. A replica of
# release 0.1.0 writes version 1, and leaves the columns that it does not know unchanged.
FIRST_FOR_MERCHANTS = 2

# Stripe's values for which our enums have a member.
DASHBOARDS = frozenset({"full", "express", "none"})
COLLECTORS = frozenset({"stripe", "application"})
CAPABILITY_STATUSES = frozenset({"active", "pending", "restricted", "rejected", "unsupported"})
RESOLUTIONS = frozenset({"provide_info", "contact_stripe", "no_resolution"})

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Profile:
    """The columns of a merchant that its document is built from."""

    id: uuid.UUID
    external_id: str
    display_name: str
    contact_email: str
    country: str
    created_at: datetime
    updated_at: datetime | None = None
    status_since: datetime | None = None
    onboarding_stage_since: datetime | None = None
    ever_active_at: datetime | None = None
    links_issued: int = 0
    last_link_issued_at: datetime | None = None
    last_returned_at: datetime | None = None
    former_accounts: str | None = None  # JSON text
    responses: str | None = None  # JSON text
    service: str | None = None  # JSON text
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mirror:
    """The connected account, with the time and cause of its last fetch."""

    id: uuid.UUID
    snapshot: Snapshot
    synced_at: datetime
    synced_by: str
    disconnected: bool = False
    finances: Finances = field(default_factory=Finances)


@dataclass(frozen=True, slots=True)
class Derived:
    """The two documents of a merchant, and the columns that are derived from the same facts.

    `document` is for operators and services. `merchant_document` addresses the merchant and withholds reasons
    that the merchant must not read.
    """

    document: Document
    merchant_document: Document
    status: Status
    onboarding_stage: OnboardingStage
    awaiting_action_from: str | None
    next_deadline_at: datetime | None


def build(profile: Profile, mirror: Mirror | None) -> Derived:
    """Build the documents and the derived columns."""
    account = facts(
        mirror.snapshot if mirror else None,
        ever_active_at=profile.ever_active_at,
        disconnected=mirror.disconnected if mirror else False,
        erased=profile.erased_at is not None,
    )
    status = derive(account)
    has_credentials = status not in ABSENT and account.onboarding_submitted
    stage = derive_stage(
        status,
        account,
        has_link=profile.links_issued > 0,
        has_returned=profile.last_returned_at is not None,
    )
    has_dashboard = has_credentials and account.full_dashboard
    account = open_facts(account, status)
    finances = mirror.finances if mirror is not None else Finances()
    matters = obstacles.matters(account, finances)
    if has_credentials:
        matters = (*dispute_matters(decode_responses(profile.responses)), *matters)
    deadlines = [
        _nearest_deadline(account),
        account.future.transitions_at if account.future_entries else None,
    ]
    deadline = min((d for d in deadlines if d is not None), default=None)
    action = next_action(status, account, started=profile.links_issued > 0, has_dashboard=has_dashboard)
    standing = _Standing(status, stage, account, action, deadline, has_credentials, has_dashboard, matters)
    return Derived(
        _document(profile, mirror, standing, Audience.PLATFORM),
        _document(profile, mirror, standing, Audience.MERCHANT),
        status,
        stage,
        standing.next_action.by,
        min((d for d in (deadline, *(one.deadline for one in matters)) if d is not None), default=None),
    )


@dataclass(frozen=True, slots=True)
class _Standing:
    """The values that are derived from the facts, for both audiences."""

    status: Status
    stage: OnboardingStage
    facts: Facts
    action: NextAction
    deadline: datetime | None
    has_credentials: bool
    has_dashboard: bool
    matters: tuple[Matter, ...]

    @property
    def next_action(self) -> NextAction:
        """The action for clients, which considers both the account and `matters`. `action` considers only the
        account.
        """
        matters = self.matters if self.has_dashboard else ()
        return most_urgent(self.status, self.action, matters, self.deadline)


def _document(profile: Profile, mirror: Mirror | None, standing: _Standing, audience: Audience) -> Document:
    status, account, action = standing.status, standing.facts, standing.next_action
    is_open = status not in ABSENT
    sentences = summary(status, account)
    finances = mirror.finances if mirror is not None else Finances()
    persons = (mirror.snapshot.persons if mirror else None) or ()
    snapshot = mirror.snapshot if mirror is not None and standing.has_dashboard else None
    page = dashboard_addresses.REQUIREMENTS if action.provides else dashboard_addresses.HOME
    if action.task is not None:
        page = dashboard_addresses.TASK_PAGES[action.task]
    url = _page(snapshot, page) if action.opens_dashboard else None
    deadline = wire_time(standing.deadline) if standing.action.provides else None
    reason = None if standing.has_credentials else unavailable_reason(status)
    tasks = dashboard_tasks(
        status, account, standing.action, standing.matters, has_credentials=standing.has_credentials
    )
    return {
        "__typename": "Merchant",
        "id": global_id("Merchant", profile.id),
        "externalId": profile.external_id,
        "displayName": profile.display_name,
        "contactEmail": profile.contact_email,
        "country": profile.country,
        "createdAt": wire_time(profile.created_at),
        "updatedAt": wire_time(profile.updated_at or profile.created_at),
        "status": status.value,
        "statusTitle": STATUS_TITLES[status],
        "statusTone": TONES[status].value,
        "statusSince": wire_time(profile.status_since or profile.created_at),
        "erasedAt": wire_time(profile.erased_at),
        "summary": " ".join(wording.render(sentence, audience) for sentence in sentences),
        "summaryMessages": [_message(sentence) for sentence in sentences],
        "nextAction": {
            "kind": action.kind.value,
            "by": action.by,
            "label": wording.render(action.label, audience),
            "message": _message(action.label),
            "isActionable": action.kind in ACTIONABLE and (not action.opens_dashboard or url is not None),
            "deadline": deadline if action.task is None else wire_time(action.deadline),
            "url": url,
        },
        "account": _account(mirror, audience) if mirror else None,
        "formerAccounts": json.loads(profile.former_accounts or "[]"),
        "settings": account_settings(mirror.snapshot) if mirror else None,
        "dashboard": {
            "type": _word(mirror.snapshot.dashboard, DASHBOARDS) if mirror else "FULL",
            "available": standing.has_credentials,
            "unavailableReason": wording.render(reason, audience) if reason else None,
            "unavailableMessage": _message(reason) if reason else None,
            "url": _page(snapshot, dashboard_addresses.HOME),
            "tasks": [
                {
                    "kind": task.kind,
                    "title": task.title,
                    "available": task.available,
                    "attention": task.attention,
                    "explanation": wording.render(task.explanation, audience),
                    "message": _message(task.explanation),
                    "deadline": (deadline if task.is_of_requirements else wire_time(task.deadline))
                    if task.available
                    else None,
                    "url": _page(snapshot, dashboard_addresses.TASK_PAGES[task.kind]),
                }
                for task in tasks
            ],
        },
        "canAcceptPayments": is_open and account.is_active(CARD_PAYMENTS),
        "canReceivePayouts": is_open and account.is_active(PAYOUTS),
        **finance_parts.parts(
            status,
            account,
            finances,
            lambda message: wording.render(message, audience),
            lambda page: _page(snapshot, page),
        ),
        "capabilities": [_capability(c, audience) for c in account.capabilities or ()],
        "requirements": requirement_set(account.requirements, account.urgency, audience, persons),
        "futureRequirements": requirement_set(account.future, future_urgency, audience, persons),
        "service": json.loads(profile.service) if profile.service is not None else None,
        "onboarding": {
            "stage": standing.stage.value,
            "stageSince": wire_time(profile.onboarding_stage_since or profile.created_at),
            "started": profile.links_issued > 0,
            "linksIssued": profile.links_issued,
            "lastLinkIssuedAt": wire_time(profile.last_link_issued_at),
            "lastReturnedAt": wire_time(profile.last_returned_at),
            "everActiveAt": wire_time(profile.ever_active_at),
        },
        "freshness": {
            "syncedAt": wire_time(mirror.synced_at) if mirror else None,
            "source": mirror.synced_by if mirror else None,
        },
    }


def _message(message: Message) -> Document:
    return {
        "key": message.key,
        "parameters": [{"name": name, "value": value} for name, value in wording.parameters(message)],
    }


def global_id(typename: str, key: uuid.UUID) -> str:
    """Relay's opaque node id."""
    return base64.urlsafe_b64encode(f"{typename}:{key}".encode()).decode().rstrip("=")


def _nearest_deadline(account: Facts) -> datetime | None:
    """The nearest deadline of the requirements. None if Stripe names no deadline, or if there are
    requirements and the merchant can settle none of them.
    """
    current = account.requirements
    return current.nearest_deadline if account.open_entries or not current.entries else None


def _page(snapshot: Snapshot | None, page: str) -> str | None:
    if snapshot is None:
        return None
    return dashboard_addresses.own(snapshot.stripe_account_id, page, livemode=snapshot.livemode)


def _account(mirror: Mirror, audience: Audience) -> Document:
    snapshot = mirror.snapshot
    account, livemode = snapshot.stripe_account_id, snapshot.livemode
    on_platform = dashboard_addresses.on_platform(account, livemode=livemode)
    fees, losses, requirements = collectors(snapshot)
    return {
        "__typename": "ConnectedAccount",
        "id": global_id("ConnectedAccount", mirror.id),
        "stripeAccountId": account,
        "livemode": livemode,
        "feesCollector": _word(fees, COLLECTORS),
        "lossesCollector": _word(losses, COLLECTORS),
        "requirementsCollector": _word(requirements, COLLECTORS),
        "appliedConfigurations": list(snapshot.applied_configurations),
        "closed": snapshot.closed,
        "platformDashboardUrl": on_platform if audience is Audience.PLATFORM else None,
        "createdAt": wire_time(snapshot.created_at or mirror.synced_at),
    }


def former_account(
    snapshot: Snapshot, *, ever_active_at: datetime | None, disconnected: bool, replaced_at: datetime
) -> Document:
    """An account that was replaced or set aside, for the list `formerAccounts`."""
    account = facts(snapshot, ever_active_at=ever_active_at, disconnected=disconnected)
    is_open = not account.closed and not disconnected
    return {
        "stripeAccountId": snapshot.stripe_account_id,
        "country": snapshot.country,
        "closed": account.closed,
        "disconnected": disconnected,
        "canAcceptPayments": is_open and account.is_active(CARD_PAYMENTS),
        "createdAt": wire_time(snapshot.created_at),
        "everActiveAt": wire_time(ever_active_at),
        "replacedAt": wire_time(replaced_at),
    }


def _capability(capability: Capability, audience: Audience) -> Document:
    details = []
    for detail in capability.details:
        code = detail.code if audience is Audience.PLATFORM else wording.neutral_detail(detail.code)
        details.append(
            {
                "code": code,
                "resolution": _word(detail.resolution, RESOLUTIONS),
                "explanation": wording.capability_detail(code, audience),
            }
        )
    return {
        "name": capability.name,
        "title": wording.capability(capability.name),
        "status": _word(capability.status, CAPABILITY_STATUSES),
        "details": details,
    }


def profile_columns(profile: Profile) -> Mapping[str, str]:
    """The columns for searching and sorting. Case is folded here, because databases fold it differently."""
    names = "display_name", "contact_email", "external_id"
    texts = {name: getattr(profile, name) for name in names}
    folded = {f"{name}_folded": fold(text) for name, text in texts.items()}
    return {**folded, "search_words": searchable(words(*texts.values()))}


def fold(text: str) -> str:
    """Fold the case of a text for searching and sorting, and cut it to the column's size."""
    return text.casefold()[:512]
