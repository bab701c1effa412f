"""`make bench-growth-payments`: the cost of a page of payments as their number grows, on PostgreSQL.

The service is a deployed `python -m api`. Each time ends when the complete answer has arrived over loopback.
Each filter is measured in both orders, on the first, a middle and the last page. The report names each
statement of these pages whose plan scans the whole table of payments.
"""

import asyncio
import contextlib
import functools
import itertools
import json
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import click
from graphql.utilities import coerce_input_value
from strawberry.types.arguments import convert_argument
from tortoise.context import TortoiseContext

from api.server import logs
from bench.growth import Client, Variables
from connect.merchants.rules.wire import wire_time
from connect.scope import Principal, Role
from models import database
from resolvers.payments.reading import payment_list
from resolvers.payments.reading.payment_filter import PaymentFilter, first_id
from resolvers.payments.reading.payment_list import PaymentOrder
from resolvers.relay.connection import Page, cursor
from resolvers.schema import schema
from testing import copied_payments, postgres, seed, seed_payments, shapes
from testing.deployment import Deployment, deployed
from testing.processes import simulator as local_stripe
from testing.query_plans import explaining, selects
from testing.statements import recorded

SIZES = "1000,100000,1000000,10000000"
# The number of payments for each merchant.
OF_MERCHANT = 100
REPEATS = 20
MAX_SECONDS = 2.0
PAGE_SIZE = 20

PAGE = """
query ($first: Int, $after: String, $last: Int, $before: String, $filter: PaymentFilter,
       $orderBy: PaymentOrder!) {
  payments(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
    edges {
      cursor
      node {
        id externalId state refundState summary amount { minorUnits currency } applicationFee { minorUnits }
        method { brand last4 } refunds { state amount { minorUnits } } createdAt
      }
    }
    pageInfo { hasNextPage startCursor endCursor }
  }
}
"""
OBJECT = """
{ payments(first: 1, filter: {state: [SUCCEEDED]}) { edges { node { stripePaymentIntentId } } } }
"""

WEEK = {
    "createdFrom": wire_time(shapes.NOW - timedelta(days=207)),
    "createdBefore": wire_time(shapes.NOW - timedelta(days=200)),
}
LARGEST = {"externalId": seed.external_id(1)}
FILTERS: Mapping[str, Mapping[str, Any]] = {
    "all": {},
    "state SUCCEEDED": {"state": ["SUCCEEDED"]},
    "state CANCELED": {"state": ["CANCELED"]},
    "states AWAITING_CUSTOMER, PROCESSING": {"state": ["AWAITING_CUSTOMER", "PROCESSING"]},
    "refund PARTIAL": {"refundState": ["PARTIAL"]},
    "dispute NEEDS_RESPONSE": {"disputeState": ["NEEDS_RESPONSE"]},
    "origin STRIPE": {"origin": "STRIPE"},
    "origin API": {"origin": "API"},
    "created in the second half": {"createdFrom": wire_time(shapes.NOW - seed_payments.AGE / 2)},
    "created in a week": WEEK,
    "created in a week, CANCELED": {**WEEK, "state": ["CANCELED"]},
    "created in a week, JPY": {**WEEK, "currency": "JPY"},
    "currency USD, 70 %": {"currency": "USD"},
    "currency JPY, 1 %": {"currency": "JPY"},
    "currency CHF, none": {"currency": "CHF"},
    "USD from 1,000.00 (0.1 %)": {"currency": "USD", "minimumAmount": 100_000},
    "USD 200.00 to 500.00 (4 %)": {"currency": "USD", "minimumAmount": 20_000, "maximumAmount": 50_000},
    "refund NONE, state SUCCEEDED": {"refundState": ["NONE"], "state": ["SUCCEEDED"]},
    "refund FULL, state SUCCEEDED": {"refundState": ["FULL"], "state": ["SUCCEEDED"]},
    "dispute NONE, refund NONE, SUCCEEDED": {
        "disputeState": ["NONE"],
        "refundState": ["NONE"],
        "state": ["SUCCEEDED"],
    },
    "refund FULL, state EXPIRED (none)": {"refundState": ["FULL"], "state": ["EXPIRED"]},
    "origin STRIPE, CANCELED": {"origin": "STRIPE", "state": ["CANCELED"]},
    "JPY, EXPIRED": {"currency": "JPY", "state": ["EXPIRED"]},
    "largest merchant": {"merchant": LARGEST},
    "largest merchant, SUCCEEDED": {"merchant": LARGEST, "state": ["SUCCEEDED"]},
    "largest merchant, refund FULL": {"merchant": LARGEST, "refundState": ["FULL"]},
    "largest merchant, JPY": {"merchant": LARGEST, "currency": "JPY"},
    "largest merchant, STRIPE": {"merchant": LARGEST, "origin": "STRIPE"},
    "largest merchant, last four digits": {"merchant": LARGEST, "search": "4242"},
    "search for last four digits": {"search": "4242"},
    "search for last four digits, SUCCEEDED": {"search": "4242", "state": ["SUCCEEDED"]},
    "search for an e-mail": {"search": seed_payments.email(7)},
    "search for an order": {"search": seed_payments.external_id(77)},
}
# The filters that are also measured with the token of the largest merchant.
OWN = "all", "refund FULL, state SUCCEEDED"
ORDERS = [order.name for order in payment_list.ORDERS.values()]
PLACES = "first", "middle", "last"


@dataclass
class Growth:
    """The results for one number of payments.

    `queries` contains the seconds that each page takes, and `blocks` the number of blocks that it reads. The
    keys of both are the filters, and then pairs of order and place. `problems` names the plans that scan the
    table.
    """

    payments: int
    queries: dict[str, dict[tuple[str, str], float]] = field(default_factory=dict)
    blocks: dict[str, dict[tuple[str, str], float]] = field(default_factory=dict)
    plans: int = 0
    problems: list[str] = field(default_factory=list)


def measure(
    database_url: str,
    folder: Path,
    payments: int,
    *,
    repeats: int = REPEATS,
    filters: Mapping[str, Mapping[str, Any]] = FILTERS,
) -> Growth:
    """Start the service on a database with payments, and measure these filters.

    If `repeats` is 0, only blocks are counted, and no times are measured.
    """
    result = Growth(payments)
    if repeats:
        with (
            local_stripe(folder / "simulator.db") as stripe,
            deployed(
                database_url, stripe, folder, replicas=1, separate_worker=False, WORKER="off"
            ) as deployment,
            contextlib.closing(Client(deployment)) as client,
            contextlib.closing(Client(deployment, _own_token(deployment))) as own,
        ):
            _time_pages(client, own, result, repeats, filters)
    asyncio.run(_explain_pages(database_url, result, filters))
    return result


def _time_pages(
    client: Client, own: Client, result: Growth, repeats: int, filters: Mapping[str, Mapping[str, Any]]
) -> None:
    (edge,) = client.ask(OBJECT, {})["payments"]["edges"]
    by_id = {"search for Stripe's id": {"search": edge["node"]["stripePaymentIntentId"]}}
    asked = [(name, client, criteria) for name, criteria in {**filters, **by_id}.items()]
    asked += [(f"own token, {name}", own, FILTERS[name]) for name in OWN]
    for name, asking, criteria in asked:
        times = result.queries.setdefault(name, {})
        for order, (place, page) in itertools.product(ORDERS, _pages(asking, criteria).items()):
            times[order, place] = _time(asking, {"filter": criteria, **page[order]}, repeats)


def _own_token(deployment: Deployment) -> str:
    return deployment.token(Role.MERCHANT, LARGEST["externalId"])


def _pages(client: Client, criteria: Variables) -> dict[str, dict[str, Variables]]:
    """The arguments of the first, a middle and the last page of the matches, in each order."""
    pages: dict[str, dict[str, Variables]] = {place: {} for place in PLACES}
    middle = first_id(shapes.NOW - seed_payments.AGE / 2)
    for order in payment_list.ORDERS.values():
        forward = {"first": PAGE_SIZE, "orderBy": order.name}
        end = {"last": PAGE_SIZE + 1, "orderBy": order.name, "filter": criteria}
        start = client.ask(PAGE, end)["payments"]["pageInfo"]["startCursor"]
        pages["first"][order.name] = forward
        pages["middle"][order.name] = {**forward, "after": cursor(order, [middle])}
        pages["last"][order.name] = {**forward, "after": start}
    return pages


def _time(client: Client, variables: Variables, repeats: int) -> float:
    """Return the time of the fastest request, because the first requests fill the caches, and other programs
    may delay some requests.

    Slow requests are repeated for at most MAX_SECONDS.
    """
    times: list[float] = []
    until = time.perf_counter() + MAX_SECONDS
    while len(times) < repeats and (at := time.perf_counter()) < until:
        client.ask(PAGE, variables)
        times.append(time.perf_counter() - at)
    return min(times)


async def _explain_pages(database_url: str, result: Growth, filters: Mapping[str, Mapping[str, Any]]) -> None:
    """Count the blocks that PostgreSQL reads for each page, and note the plans that scan the table of
    payments.

    Unlike times, the numbers of blocks do not depend on other programs.
    """
    operator = Principal("bench", Role.OPERATOR)
    own = Principal("bench", Role.MERCHANT, LARGEST["externalId"])
    asked = [(name, operator, criteria) for name, criteria in filters.items()]
    asked += [(f"own token, {name}", own, FILTERS[name]) for name in OWN]
    async with TortoiseContext() as context:
        await context.init(config=database.config(database_url))
        connection = await asyncpg.connect(database_url)
        try:
            async with explaining(database_url) as explain:
                for (name, principal, criteria), order in itertools.product(asked, payment_list.ORDERS):
                    for place, after in (await _cursors(principal, criteria, order)).items():
                        page = functools.partial(_page, principal, criteria, order, after=after)
                        with recorded() as statements:
                            await page(first=PAGE_SIZE)
                        blocks = 0
                        for text, values in selects(statements):
                            blocks += await _blocks(connection, text, values)
                            result.plans += 1
                            if any("payment" in plan.scans for plan in await explain(text, values)):
                                result.problems.append(f"{name}, {order.name}: {text}")
                        result.blocks.setdefault(name, {})[order.name, place] = blocks
        finally:
            await connection.close()
            await context.close_connections()


async def _cursors(principal: Principal, criteria: Variables, order: PaymentOrder) -> dict[str, str | None]:
    """The cursors before the first, a middle and the last page."""
    middle = cursor(payment_list.ORDERS[order], [first_id(shapes.NOW - seed_payments.AGE / 2)])
    end = await _page(principal, criteria, order, last=PAGE_SIZE + 1)
    return {"first": None, "middle": middle, "last": end.info.start_cursor}


async def _page(principal: Principal, criteria: Variables, order: PaymentOrder, **window: Any) -> Page:
    columns = ("row_version",)
    return await payment_list.LISTING.page(
        principal, columns, filter=_filter(criteria), order_by=order, **window
    )


async def _blocks(connection: Any, text: str, values: Sequence[Any]) -> int:
    """The number of blocks of 8 kB that a statement reads, from memory or from the disk."""
    explained = await connection.fetchval(
        f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {text}", *values, timeout=120
    )
    plan = json.loads(explained)[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def _filter(values: Variables) -> PaymentFilter:
    type_: Any = schema._schema.type_map["PaymentFilter"]  # noqa: SLF001
    coerced = coerce_input_value(dict(values), type_)
    registry = schema.schema_converter.scalar_registry
    converted = convert_argument(coerced, PaymentFilter, registry, schema.config)
    assert isinstance(converted, PaymentFilter)  # noqa: S101
    return converted


def lines(results: Sequence[Growth]) -> Iterator[str]:
    """Write the results as Markdown tables. For each filter, they show the worst page of both orders."""
    if results[-1].queries:
        yield from _table("milliseconds", results, [one.queries for one in results], 1000)
    yield from _table("blocks of 8 kB", results, [one.blocks for one in results], 1)
    for one in results:
        yield f"{one.payments:,} payments: {one.plans} plans, {len(one.problems)} with a scan of the table"
        yield from one.problems


def _table(
    title: str, results: Sequence[Growth], pages: Sequence[Mapping[str, Mapping[Any, float]]], factor: int
) -> Iterator[str]:
    yield f"| {title} | {' | '.join(f'{one.payments:,}' for one in results)} | last : first | worst page |"
    yield f"|---|{'---:|' * (len(results) + 1)}---|"
    for name, last in pages[-1].items():
        worst = [max(one[name].values()) * factor for one in pages]
        order, place = max(last, key=lambda at: last[at])
        figures = " | ".join(f"{one:,.2f}" if factor > 1 else f"{one:,.0f}" for one in worst)
        yield f"| {name} | {figures} | {worst[-1] / max(worst[0], 1e-9):.2f} | {place}, {order} |"
    yield ""


@click.command()
@click.option("--sizes", default=SIZES, show_default=True, help="Numbers of payments, in ascending order.")
@click.option("--repeats", default=REPEATS, show_default=True, type=click.IntRange(min=0))
@click.option(
    "--urls",
    default="",
    help="Comma-separated URLs of databases that `testing.copied_payments` has filled, one for each size.",
)
def main(sizes: str, repeats: int, urls: str) -> None:
    """Measure the service and print the results."""
    logs.configure(json=False, level="error")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # exiting stops the child processes
    machine = f"{os.cpu_count()} processors, load before {os.getloadavg()[0]:.2f}, {platform.system()}"
    click.echo(f"postgresql, fastest of {repeats}; {machine}, Python {platform.python_version()}")
    results = []
    given = urls.split(",") if urls else [""] * len(sizes.split(","))
    for payments, url in zip(map(int, sizes.split(",")), given, strict=True):
        with tempfile.TemporaryDirectory() as folder, _filled(url, payments) as filled:
            results.append(measure(filled, Path(folder), payments, repeats=repeats))
        click.echo(f"{payments:,} payments: done", err=True)
    for line in lines(results):
        click.echo(line)


@contextlib.contextmanager
def _filled(url: str, payments: int) -> Iterator[str]:
    """Yield this URL, or if it is empty, the URL of a new database with this number of payments."""
    if url:
        yield url
        return
    with postgres.server(on_disk=True) as server:
        new = postgres.create_database(server)
        asyncio.run(copied_payments.fill(new, payments, max(10, payments // OF_MERCHANT)))
        yield new


if __name__ == "__main__":
    main()
