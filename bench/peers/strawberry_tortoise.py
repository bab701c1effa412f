"""A server that uses Strawberry with Tortoise as their documentation recommends: with models, prefetched
relations and resolvers.
"""

import contextlib
import enum
import os
import uuid
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import strawberry
from starlette.applications import Starlette
from starlette.routing import Route
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig
from tortoise import Tortoise

from bench.peers import strawberry_payments as payments
from bench.peers import tortoise_models as models
from bench.peers import words

DATE_TIME = strawberry.scalar(name="DateTime", serialize=words.time, parse_value=datetime.fromisoformat)
MerchantStatus = strawberry.enum(words.MerchantStatus)


@strawberry.enum
class MerchantOrder(enum.Enum):
    CREATED_AT_ASC = "CREATED_AT_ASC"


@strawberry.enum
class PaymentOrder(enum.Enum):
    CREATED_AT_ASC = "CREATED_AT_ASC"


@strawberry.type
class CapabilityDetail:
    code: str
    resolution: str
    explanation: str


@strawberry.type
class Capability:
    name: str
    title: str
    status: str
    rows: strawberry.Private[list[dict[str, str]]]

    @strawberry.field
    def details(self) -> list[CapabilityDetail]:
        return [CapabilityDetail(**row) for row in self.rows]


@strawberry.type
class RequirementError:
    code: str
    message: str
    explanation: str


@strawberry.type
class CapabilityImpact:
    capability: str
    deadline: str


@strawberry.type
class Requirement:
    row: strawberry.Private[dict[str, Any]]
    key: str
    title: str
    help: str | None
    subject: str
    person_id: str | None
    awaiting_action_from: str
    deadline: str
    reasons: list[str]

    @strawberry.field
    def errors(self) -> list[RequirementError]:
        return [RequirementError(**error) for error in self.row["errors"]]

    @strawberry.field
    def restricts(self) -> list[CapabilityImpact]:
        return [CapabilityImpact(**impact) for impact in self.row["restricts"]]

    @strawberry.field
    def alternatives(self) -> list[list["Requirement"]]:
        return [[_nested(entry) for entry in group] for group in self.row["alternatives"]]


def _asked(row: models.Requirement) -> Requirement:
    return Requirement(
        row={"errors": row.errors, "restricts": row.restricts, "alternatives": row.alternatives},
        key=row.key,
        title=row.title,
        help=row.help,
        subject=row.subject,
        person_id=row.person_id,
        awaiting_action_from=row.awaiting_action_from,
        deadline=row.deadline,
        reasons=row.reasons,
    )


def _nested(entry: dict[str, Any]) -> Requirement:
    return Requirement(
        row=entry,
        key=entry["key"],
        title=entry["title"],
        help=entry["help"],
        subject=entry["subject"],
        person_id=entry["personId"],
        awaiting_action_from=entry["awaitingActionFrom"],
        deadline=entry["deadline"],
        reasons=entry["reasons"],
    )


@strawberry.type
class RequirementSet:
    rows: strawberry.Private[list[models.Requirement]]
    due_count: int
    pending_count: int
    nearest_deadline: datetime | None
    transitions_at: datetime | None

    @strawberry.field
    def entries(self) -> list[Requirement]:
        return [_asked(row) for row in self.rows]


@strawberry.type
class Account:
    key: strawberry.Private[uuid.UUID]
    stripe_account_id: str
    livemode: bool
    fees_collector: str
    losses_collector: str
    requirements_collector: str
    applied_configurations: list[str]
    closed: bool
    created_at: datetime

    @strawberry.field
    def id(self) -> strawberry.ID:
        return strawberry.ID(words.global_id("ConnectedAccount", self.key))


@strawberry.type
class NextAction:
    kind: str
    by: str | None
    label: str
    deadline: datetime | None
    url: str | None


@strawberry.type
class DashboardTask:
    kind: str
    title: str
    available: bool
    attention: int
    explanation: str


@strawberry.type
class Dashboard:
    type: str
    available: bool
    unavailable_reason: str | None
    url: str | None
    rows: strawberry.Private[list[dict[str, Any]]]

    @strawberry.field
    def tasks(self) -> list[DashboardTask]:
        return [DashboardTask(**row) for row in self.rows]


@strawberry.type
class Onboarding:
    started: bool
    links_issued: int
    last_link_issued_at: datetime | None
    last_returned_at: datetime | None
    ever_active_at: datetime | None


@strawberry.type
class Freshness:
    synced_at: datetime | None
    source: str | None


@strawberry.type
class Merchant:
    row: strawberry.Private[models.Merchant]
    external_id: str
    display_name: str
    contact_email: str
    country: str
    created_at: datetime
    status: MerchantStatus
    summary: str
    can_accept_payments: bool
    can_receive_payouts: bool

    @strawberry.field
    def id(self) -> strawberry.ID:
        return strawberry.ID(words.global_id("Merchant", self.row.id))

    @strawberry.field
    def account(self) -> Account | None:
        row = self.row.account
        if row is None:
            return None
        return Account(
            key=row.id,
            stripe_account_id=row.stripe_account_id,
            livemode=row.livemode,
            fees_collector=row.fees_collector,
            losses_collector=row.losses_collector,
            requirements_collector=row.requirements_collector,
            applied_configurations=row.applied_configurations,
            closed=row.closed,
            created_at=row.created_at,
        )

    @strawberry.field
    def capabilities(self) -> list[Capability]:
        return [
            Capability(name=row.name, title=row.title, status=row.status, rows=row.details)
            for row in self.row.capabilities
        ]

    @strawberry.field
    def requirements(self) -> RequirementSet:
        return RequirementSet(
            rows=[entry for entry in self.row.requirements if not entry.future],
            due_count=self.row.due_count,
            pending_count=self.row.pending_count,
            nearest_deadline=self.row.nearest_deadline,
            transitions_at=self.row.transitions_at,
        )

    @strawberry.field
    def future_requirements(self) -> RequirementSet:
        return RequirementSet(
            rows=[entry for entry in self.row.requirements if entry.future],
            due_count=self.row.future_due_count,
            pending_count=self.row.future_pending_count,
            nearest_deadline=self.row.future_nearest_deadline,
            transitions_at=self.row.future_transitions_at,
        )

    @strawberry.field
    def next_action(self) -> NextAction:
        return NextAction(
            kind=self.row.action_kind,
            by=self.row.action_by,
            label=self.row.action_label,
            deadline=self.row.action_deadline,
            url=self.row.action_url,
        )

    @strawberry.field
    def dashboard(self) -> Dashboard:
        return Dashboard(
            type=self.row.dashboard_type,
            available=self.row.dashboard_available,
            unavailable_reason=self.row.dashboard_unavailable_reason,
            url=self.row.dashboard_url,
            rows=self.row.dashboard_tasks,
        )

    @strawberry.field
    def onboarding(self) -> Onboarding:
        return Onboarding(
            started=self.row.onboarding_started,
            links_issued=self.row.links_issued,
            last_link_issued_at=self.row.last_link_issued_at,
            last_returned_at=self.row.last_returned_at,
            ever_active_at=self.row.ever_active_at,
        )

    @strawberry.field
    def freshness(self) -> Freshness:
        return Freshness(synced_at=self.row.synced_at, source=self.row.sync_source)


def _merchant(row: models.Merchant) -> Merchant:
    return Merchant(
        row=row,
        external_id=row.external_id,
        display_name=row.display_name,
        contact_email=row.contact_email,
        country=row.country,
        created_at=row.created_at,
        status=words.MerchantStatus(row.status),
        summary=row.summary,
        can_accept_payments=row.can_accept_payments,
        can_receive_payouts=row.can_receive_payouts,
    )


@strawberry.type
class PageInfo:
    has_next_page: bool
    end_cursor: str | None


@strawberry.type
class MerchantEdge:
    node: Merchant


@strawberry.type
class MerchantConnection:
    edges: list[MerchantEdge]
    page_info: PageInfo


@strawberry.type
class PaymentEdge:
    node: payments.Payment


@strawberry.type
class PaymentConnection:
    edges: list[PaymentEdge]
    page_info: PageInfo


@strawberry.input
class MerchantRef:
    external_id: str


@strawberry.type
class Query:
    @strawberry.field
    async def merchants(
        self,
        first: int,
        after: str | None = None,
        order_by: MerchantOrder = MerchantOrder.CREATED_AT_ASC,  # noqa: ARG002 -- the enum has one value
    ) -> MerchantConnection:
        query = models.Merchant.filter(id__gt=words.key(after)).order_by("id").limit(first + 1)
        rows = await query.prefetch_related("account", "capabilities", "requirements")
        page = rows[:first]
        return MerchantConnection(
            edges=[MerchantEdge(node=_merchant(row)) for row in page],
            page_info=PageInfo(
                has_next_page=len(rows) > first, end_cursor=words.cursor(page[-1].id) if page else None
            ),
        )

    @strawberry.field
    async def payments(
        self,
        first: int,
        after: str | None = None,
        order_by: PaymentOrder = PaymentOrder.CREATED_AT_ASC,  # noqa: ARG002 -- the enum has one value
    ) -> PaymentConnection:
        query = models.Payment.filter(id__gt=words.key(after)).order_by("id").limit(first + 1)
        rows = await query.prefetch_related("refunds")
        page = rows[:first]
        return PaymentConnection(
            edges=[PaymentEdge(node=payments.payment(row)) for row in page],
            page_info=PageInfo(
                has_next_page=len(rows) > first, end_cursor=words.cursor(page[-1].id) if page else None
            ),
        )

    @strawberry.field
    async def merchant(self, by: MerchantRef) -> Merchant | None:
        query = models.Merchant.filter(external_id=by.external_id)
        row = await query.prefetch_related("account", "capabilities", "requirements").first()
        return _merchant(row) if row else None


@contextlib.asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    at = urlsplit(os.environ["DATABASE_URL"])
    credentials = {
        "host": at.hostname,
        "port": at.port,
        "user": at.username,
        "password": at.password,
        "database": at.path.removeprefix("/"),
        "minsize": 8,
        "maxsize": 8,
    }
    await Tortoise.init(
        config={
            "connections": {"default": {"engine": "tortoise.backends.asyncpg", "credentials": credentials}},
            "apps": {"models": {"models": ["bench.peers.tortoise_models"], "default_connection": "default"}},
        },
        _enable_global_fallback=True,
    )
    yield
    await Tortoise.close_connections()


schema = strawberry.Schema(
    Query,
    config=StrawberryConfig(scalar_map={datetime: DATE_TIME, payments.MinorUnits: payments.MINOR_UNITS}),
    extensions=[ParserCache(), ValidationCache()],
)
app = Starlette(routes=[Route("/graphql", GraphQL(schema, graphql_ide=None))], lifespan=lifespan)
