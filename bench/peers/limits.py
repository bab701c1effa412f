"""Two servers whose costs are lower bounds for any GraphQL server. Neither of them reads the query.

For each operation, `sql` runs one statement that builds the answer. `constant` sends stored bytes.
"""

import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.peers import words

PAGE = Path(__file__).with_name("page.sql").read_text(encoding="utf-8")
ONE = Path(__file__).with_name("one.sql").read_text(encoding="utf-8")


@contextlib.asynccontextmanager
async def pooled(app: Starlette) -> AsyncIterator[None]:
    """Open a pool of eight connections, and prepare the answers of `constant`."""
    async with asyncpg.create_pool(os.environ["DATABASE_URL"], min_size=8, max_size=8) as pool:
        app.state.pool = pool
        name = await pool.fetchval("SELECT external_id FROM peers.merchant ORDER BY id LIMIT 1")
        app.state.page = (await pool.fetchval(PAGE, words.START, 50)).encode()
        app.state.one = (await pool.fetchval(ONE, name)).encode()
        yield


async def _by_sql(request: Request) -> Response:
    variables = orjson.loads(await request.body()).get("variables") or {}
    pool = request.app.state.pool
    if "first" in variables:
        text = await pool.fetchval(PAGE, words.key(variables.get("after")), variables["first"])
    else:
        text = await pool.fetchval(ONE, variables.get("externalId"))
    return Response(text, media_type="application/json")


async def _constant(request: Request) -> Response:
    state = request.app.state
    is_page = b'"first"' in await request.body()
    return Response(state.page if is_page else state.one, media_type="application/json")


sql = Starlette(routes=[Route("/graphql", _by_sql, methods=["POST"])], lifespan=pooled)
constant = Starlette(routes=[Route("/graphql", _constant, methods=["POST"])], lifespan=pooled)
