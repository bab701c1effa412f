"""`make compared N=100000 SEED=1 DB=sqlite`: compare the answers to queries with and without compilation.

Two endpoints share one database, and only one of them compiles queries. Each query is sent to both. The
answers must have the same status, media type, data, order of fields, and errors. Some stored documents
contain values that the schema forbids. Stored documents change during the run. Each change raises the row's
version, as a change by the mirror does.
"""

import asyncio
import json
import logging
import sys
import tempfile
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import click
import httpx
import structlog
from starlette.types import Message

from api.auth import development
from api.auth.tokens import Authenticator
from api.configuration import settings
from api.graphql.endpoint import Endpoint
from connect.platform.feed import Feed
from connect.scope import Role
from connect.stripe_api.gateway import Gateway
from fuzz.complete_documents import complete
from fuzz.documents import json_value
from fuzz.selections import DISPUTE_ORDERS, ORDERS, PAYMENT_ORDERS, PAYOUT_ORDERS, Query
from models import Dispute, Merchant, Payment, Payout, database
from resolvers.disputes import dispute_list
from resolvers.execution import query_compiler
from resolvers.finances import payout_list
from resolvers.merchants.reading import merchant_list
from resolvers.payments.reading import payment_list
from resolvers.relay.connection import Order, cursor
from resolvers.schema import schema
from testing import portable
from testing.databases import empty
from testing.report import Report, few
from testing.seed import seed as fill
from testing.stored_payments import add_payment
from testing.stored_payouts import add_payout

SIZE = 100_000
MERCHANTS = 16
PAYMENTS = 24
# The seed writes no payouts and few disputes, so the run adds this number of payouts and of disputes.
PAYOUTS = 24
# The payouts get these statuses in turn.
STATUSES = "paid", "in_transit", "failed", "pending", "canceled"
# Number of requests for each query, with different variables. Before every second request, a stored document
# changes.
TIMES = 4
# The minimum percentage of requests whose query can be compiled.
MIN_COMPILED = 35
# Fields whose values are a type name or a number.
SHOWN = {"__typename", "dueCount", "pendingCount", "linksIssued", "minorUnits", "exponent"}


@dataclass(frozen=True)
class Answer:
    """The compared parts of an answer. Objects are lists of pairs, because the order of fields matters."""

    status: int
    media_type: bytes
    body: Any


class Pair:
    """The two endpoints on the connected database."""

    def __init__(self, database_url: str, folder: Path, http: httpx.AsyncClient) -> None:
        key = folder / "development-key.json"
        read = settings.read(
            {
                f"CONNECTQL_{name}": value
                for name, value in {
                    "ENVIRONMENT": "development",
                    "DATABASE_URL": database_url,
                    "STRIPE_API_KEY": "sk_test_compared",
                    "WEBHOOK_SECRETS": "whsec_compared",
                    "AUTH_ISSUER": "compared",
                    "AUTH_AUDIENCE": "connectql",
                    "DEVELOPMENT_KEY_FILE": str(key),
                    "KEPT_ANSWERS_MB": "1",
                    "FEE_POLICY": "EUR 2.5% + 0.30 min 0.50 max 20, * 3%",
                }.items()
            }
        )
        self._token = development.token(
            key, issuer="compared", audience="connectql", role=Role.OPERATOR, merchant=None
        )
        gateway = Gateway(read.stripe_api_key)
        self._endpoints = [
            Endpoint(read, gateway, Feed(), Authenticator(read.auth, http), None, compiles=compiles)
            for compiles in (True, False)
        ]

    async def ask(self, body: dict[str, Any]) -> tuple[Answer, Answer]:
        """Send the body to both endpoints, and return both answers, the compiled one first."""
        encoded = json.dumps(body).encode()
        compiled, plain = [await self._ask(endpoint, encoded) for endpoint in self._endpoints]
        return compiled, plain

    async def _ask(self, endpoint: Endpoint, body: bytes) -> Answer:
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/graphql",
            "query_string": b"",
            "headers": [
                (b"authorization", f"Bearer {self._token}".encode()),
                (b"content-type", b"application/json"),
            ],
            "state": {"request_id": "the same"},
        }
        received: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body}

        async def send(message: Message) -> None:
            received.append(message)

        await endpoint(scope, receive, send)
        start, content = received
        pairs = json.loads(content["body"], object_pairs_hook=list)
        return Answer(start["status"], dict(start["headers"])[b"content-type"], pairs)


async def compare(database_url: str, folder: Path, *, size: int, seed: int) -> Report:
    """Compare the answers of both endpoints to `size` requests."""
    report, kinds = Report(), Counter[str]()
    await fill(database_url, MERCHANTS, seed, payments=PAYMENTS)
    await database.connect(database_url, profile=portable.profile(database_url))
    try:
        async with httpx.AsyncClient() as http:
            pair = Pair(database_url, folder, http)
            rows = await Merchant.all().order_by("id")
            valid_documents = {row.id: complete(row.document, n) for n, row in enumerate(rows)}
            for number in range(PAYOUTS):
                merchant = rows[number % len(rows)]
                await add_payout(merchant, STATUSES[number % len(STATUSES)])
                await add_payment(merchant, f"disputed-{number}", "disputed")
            valid = {
                Merchant: valid_documents,
                Payment: {row.id: row.document for row in await Payment.all()},
                Dispute: {row.id: row.document for row in await Dispute.all()},
                Payout: {row.id: row.document for row in await Payout.all()},
            }
            ids, cursors = await _ids_and_cursors()
            for number in range(size):
                rng = Random(f"{seed} {number}")  # noqa: S311 -- no secrets
                if number % 2 == 0:
                    model = rng.choice((Merchant, Merchant, Payment, Dispute, Payout))
                    await _change(rng, model, valid[model])
                if number % TIMES == 0:
                    query = Query(schema._schema, ids, cursors, rng)  # noqa: SLF001
                body = query.body(rng)
                compiled, plain = await pair.ask(body)
                is_compiled = (
                    query_compiler.prepare(schema, query.text, None, body["variables"], 10**9) is not None
                )
                kinds["compiled" if is_compiled else "not compiled"] += 1
                kinds["with errors" if _has_errors(plain.body) else "without errors"] += 1
                if not is_same(compiled, plain):
                    report.problems.append(f"number {number}: {json.dumps(body)}: {compiled} {plain}")
    finally:
        await database.close()
    if kinds["compiled"] * 100 < size * MIN_COMPILED:
        report.problems.append(
            "too few queries were compiled, so most comparisons compared graphql-core with itself"
        )
    report.figures |= {"queries": size, **dict(sorted(kinds.items()))}
    report.problems = few(report.problems)
    return report


async def _ids_and_cursors() -> tuple[list[str], dict[str, list[str]]]:
    """The ids of all objects, and cursors for each order that the queries use."""
    rows = await Merchant.all().order_by("id")
    ids = [json.loads(row.document)["id"] for row in rows]
    ids += [account["id"] for row in rows if (account := json.loads(row.document)["account"])]
    payments = await Payment.all().order_by("id")
    ids += [json.loads(row.document)["id"] for row in payments]
    disputes = await Dispute.all().order_by("id")
    ids += [json.loads(row.document)["id"] for row in disputes]
    payouts = await Payout.all().order_by("id")
    ids += [json.loads(row.document)["id"] for row in payouts]
    lists: list[tuple[str, Sequence[Any], Mapping[Any, Order], Collection[str]]] = [
        ("Merchant", rows, merchant_list.ORDERS, ORDERS),
        ("Payment", payments, payment_list.ORDERS, PAYMENT_ORDERS),
        ("Dispute", disputes, dispute_list.ORDERS, DISPUTE_ORDERS),
        ("Payout", payouts, payout_list.ORDERS, PAYOUT_ORDERS),
    ]
    cursors = {
        f"{type_} {name.name}": [
            cursor(order, [getattr(row, column) for column in order.columns]) for row in found
        ]
        for type_, found, orders, names in lists
        for name, order in orders.items()
        if name.name in names
    }
    return ids, cursors


async def _change(rng: Random, model: type[Any], valid_documents: dict[Any, str]) -> None:
    """Store the valid document of a random row, or a damaged version of it."""
    key = rng.choice(list(valid_documents))
    document = json.loads(valid_documents[key])
    if rng.random() < 0.4:
        _damage(rng, document)
    text = json.dumps(document, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate, which no database can store
        text = valid_documents[key]
    row = await model.get(id=key)
    row.document, row.row_version = text.replace("\x00", ""), row.row_version + 1
    await row.save(update_fields=["document", "row_version"])


def _damage(rng: Random, value: Any) -> None:
    """Replace or remove a random part of a document. Half of the calls replace a field of `SHOWN`."""
    if rng.random() < 0.5:
        names = "account", "requirements", "onboarding", "amount", "applicationFee"
        part = rng.choice([value, *(value.get(name) or value for name in names if name in value)])
        part[rng.choice([key for key in part if key in SHOWN])] = json_value(rng)
        return
    while True:
        keys: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = rng.choice(keys)
        if not isinstance(value[key], dict | list) or not value[key] or rng.random() < 0.1:
            break
        value = value[key]
    kind = rng.random()
    if kind < 0.2:
        del value[key]
    elif kind < 0.5:
        value[key] = None
    else:
        value[key] = json_value(rng)


def is_same(one: Answer, other: Answer) -> bool:
    """Whether two answers are equal. If neither has data, errors may differ where timing explains it."""
    first, second = dict(one.body), dict(other.body)
    errors, others = _by_root(first.pop("errors", [])), _by_root(second.pop("errors", []))
    if errors and others and first == {"data": None}:
        # An error that makes the whole `data` null stops the execution of the other fields. On PostgreSQL,
        # timing decides which of several failing root fields reports its error, and which errors of nullable
        # fields are reported before this error.
        common = {_root(error) for error in errors} & {_root(error) for error in others}
        errors, others = ([error for error in all_ if _root(error) in common] for all_ in (errors, others))
        few, many = sorted((errors, others), key=len)
        errors, others = ([], []) if all(error in many for error in few) else (errors, others)
    answers = [(a.status, a.media_type, [name for name, _ in a.body]) for a in (one, other)]
    return (errors, first, answers[0]) == (others, second, answers[1])


def _by_root(errors: list[Any]) -> list[Any]:
    """Sort errors by root field, because root fields run concurrently."""
    return sorted(errors, key=_root)


def _root(error: Any) -> str:
    return str(dict(error).get("path", [""])[0])


def _has_errors(body: Any) -> bool:
    return any(key == "errors" for key, _ in body)


@click.command()
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--size", default=SIZE, show_default=True, help="Number of queries.")
def main(database: str, seed: int, size: int) -> None:
    """Send queries to a service with and without compilation, and compare the answers."""
    # Both endpoints log the damaged documents that a query reads, so the log is silenced.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder, empty(database, Path(folder)) as url:
        report = asyncio.run(compare(url, Path(folder), size=size, seed=seed))
    click.echo(f"{database}, seed {seed}, size {size}")
    for line in report.lines():
        click.echo(line)
    sys.exit(1 if report.problems else 0)


if __name__ == "__main__":
    main()
