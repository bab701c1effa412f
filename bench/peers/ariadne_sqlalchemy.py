"""Ariadne with SQLAlchemy's ORM: resolvers read rows, and `selectinload` loads their relations."""

import contextlib
import functools
import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ariadne import ObjectType, QueryType, ScalarType, load_schema_from_path, make_executable_schema
from ariadne.asgi import GraphQL
from graphql import DocumentNode, GraphQLError, parse, validate
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import selectinload
from starlette.applications import Starlette
from starlette.routing import Route

from bench.peers import words
from bench.peers.sqlalchemy_models import Merchant

SCHEMA = Path(__file__).resolve().parents[2] / "schema.graphql"

at = urlsplit(os.environ["DATABASE_URL"])
engine = create_async_engine(
    at._replace(scheme="postgresql+asyncpg", query="").geturl(), pool_size=8, max_overflow=0
)
sessions = async_sessionmaker(engine, expire_on_commit=False)

query = QueryType()
merchant = ObjectType("Merchant")
account = ObjectType("ConnectedAccount")
requirement = ObjectType("Requirement")
date_time = ScalarType("DateTime", serializer=words.time)


def _with_all(chosen: Select[tuple[Merchant]]) -> Select[tuple[Merchant]]:
    return chosen.options(
        selectinload(Merchant.account),
        selectinload(Merchant.capabilities),
        selectinload(Merchant.requirements),
    )


@query.field("merchants")
async def merchants(
    _: Any,
    __: Any,
    first: int,
    after: str | None = None,
    **_others: Any,
) -> dict[str, Any]:
    chosen = select(Merchant).where(Merchant.id > words.key(after)).order_by(Merchant.id).limit(first + 1)
    async with sessions() as session:
        rows = (await session.scalars(_with_all(chosen))).all()
    page = rows[:first]
    return {
        "edges": [{"node": row} for row in page],
        "page_info": {
            "has_next_page": len(rows) > first,
            "end_cursor": words.cursor(page[-1].id) if page else None,
        },
    }


@query.field("merchant")
async def one(_: Any, __: Any, by: dict[str, str]) -> Merchant | None:
    chosen = select(Merchant).where(Merchant.external_id == by["external_id"])
    async with sessions() as session:
        return (await session.scalars(_with_all(chosen))).one_or_none()


@merchant.field("id")
def merchant_id(row: Any, _: Any) -> str:
    return words.global_id("Merchant", row.id)


@account.field("id")
def account_id(row: Any, _: Any) -> str:
    return words.global_id("ConnectedAccount", row.id)


@merchant.field("requirements")
def requirements(row: Any, _: Any) -> dict[str, Any]:
    return {
        "due_count": row.due_count,
        "pending_count": row.pending_count,
        "nearest_deadline": row.nearest_deadline,
        "transitions_at": row.transitions_at,
        "entries": [entry for entry in row.requirements if not entry.future],
    }


@merchant.field("futureRequirements")
def future_requirements(row: Any, _: Any) -> dict[str, Any]:
    return {
        "due_count": row.future_due_count,
        "pending_count": row.future_pending_count,
        "nearest_deadline": row.future_nearest_deadline,
        "transitions_at": row.future_transitions_at,
        "entries": [entry for entry in row.requirements if entry.future],
    }


@merchant.field("nextAction")
def next_action(row: Any, _: Any) -> dict[str, Any]:
    return {
        "kind": row.action_kind,
        "by": row.action_by,
        "label": row.action_label,
        "deadline": row.action_deadline,
        "url": row.action_url,
    }


@merchant.field("dashboard")
def dashboard(row: Any, _: Any) -> dict[str, Any]:
    return {
        "type": row.dashboard_type,
        "available": row.dashboard_available,
        "unavailable_reason": row.dashboard_unavailable_reason,
        "url": row.dashboard_url,
        "tasks": row.dashboard_tasks,
    }


@merchant.field("onboarding")
def onboarding(row: Any, _: Any) -> dict[str, Any]:
    return {
        "started": row.onboarding_started,
        "links_issued": row.links_issued,
        "last_link_issued_at": row.last_link_issued_at,
        "last_returned_at": row.last_returned_at,
        "ever_active_at": row.ever_active_at,
    }


@merchant.field("freshness")
def freshness(row: Any, _: Any) -> dict[str, Any]:
    return {"synced_at": row.synced_at, "source": row.sync_source}


@requirement.field("alternatives")
def alternatives(row: Any, _: Any) -> list[list[dict[str, Any]]]:
    if isinstance(row, dict):
        return []
    renamed = {"personId": "person_id", "awaitingActionFrom": "awaiting_action_from"}
    return [
        [{renamed.get(name, name): value for name, value in entry.items()} for entry in group]
        for group in row.alternatives
    ]


schema = make_executable_schema(
    load_schema_from_path(SCHEMA), query, merchant, account, requirement, date_time, convert_names_case=True
)


@functools.lru_cache(maxsize=128)
def _parsed(text: str) -> DocumentNode:
    return parse(text)


@functools.lru_cache(maxsize=128)
def _validated(document: DocumentNode) -> list[GraphQLError]:
    return validate(schema, document)


def _validate(_schema: Any, document: DocumentNode, *_: Any, **__: Any) -> Sequence[GraphQLError]:
    return _validated(document)


@contextlib.asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    yield
    await engine.dispose()


graphql = GraphQL(
    schema,
    query_parser=lambda _context, data: _parsed(data["query"]),
    query_validator=_validate,
    explorer=None,
)
app = Starlette(routes=[Route("/graphql", graphql)], lifespan=lifespan)
