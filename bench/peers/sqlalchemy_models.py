"""The normalised tables as SQLAlchemy's models."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    metadata = MetaData(schema="peers")
    type_annotation_map = {list[Any]: JSON, datetime: DateTime(timezone=True)}  # noqa: RUF012 -- as documented


class Merchant(Base):
    __tablename__ = "merchant"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    external_id: Mapped[str]
    display_name: Mapped[str]
    contact_email: Mapped[str]
    country: Mapped[str]
    created_at: Mapped[datetime]
    status: Mapped[str]
    summary: Mapped[str]
    action_kind: Mapped[str]
    action_by: Mapped[str | None]
    action_label: Mapped[str]
    action_deadline: Mapped[datetime | None]
    action_url: Mapped[str | None]
    dashboard_type: Mapped[str]
    dashboard_available: Mapped[bool]
    dashboard_unavailable_reason: Mapped[str | None]
    dashboard_url: Mapped[str | None]
    dashboard_tasks: Mapped[list[Any]]
    can_accept_payments: Mapped[bool]
    can_receive_payouts: Mapped[bool]
    due_count: Mapped[int]
    pending_count: Mapped[int]
    nearest_deadline: Mapped[datetime | None]
    transitions_at: Mapped[datetime | None]
    future_due_count: Mapped[int]
    future_pending_count: Mapped[int]
    future_nearest_deadline: Mapped[datetime | None]
    future_transitions_at: Mapped[datetime | None]
    onboarding_started: Mapped[bool]
    links_issued: Mapped[int]
    last_link_issued_at: Mapped[datetime | None]
    last_returned_at: Mapped[datetime | None]
    ever_active_at: Mapped[datetime | None]
    synced_at: Mapped[datetime | None]
    sync_source: Mapped[str | None]

    account: Mapped["Account | None"] = relationship()
    capabilities: Mapped[list["Capability"]] = relationship(order_by="Capability.position")
    requirements: Mapped[list["Requirement"]] = relationship(order_by="Requirement.position")


class Account(Base):
    __tablename__ = "account"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchant.id"))
    stripe_account_id: Mapped[str]
    livemode: Mapped[bool]
    fees_collector: Mapped[str]
    losses_collector: Mapped[str]
    requirements_collector: Mapped[str]
    applied_configurations: Mapped[list[Any]]
    closed: Mapped[bool]
    created_at: Mapped[datetime]


class Capability(Base):
    __tablename__ = "capability"

    id: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchant.id"))
    position: Mapped[int]
    name: Mapped[str]
    title: Mapped[str]
    status: Mapped[str]
    details: Mapped[list[Any]]


class Requirement(Base):
    __tablename__ = "requirement"

    id: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("merchant.id"))
    future: Mapped[bool]
    position: Mapped[int]
    key: Mapped[str]
    title: Mapped[str]
    help: Mapped[str | None]
    subject: Mapped[str]
    person_id: Mapped[str | None]
    awaiting_action_from: Mapped[str]
    deadline: Mapped[str]
    reasons: Mapped[list[Any]]
    errors: Mapped[list[Any]]
    restricts: Mapped[list[Any]]
    alternatives: Mapped[list[Any]]
