"""Operations over a limit are refused before execution. Ordinary operations pass."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, get_introspection_query, get_operation_ast, parse
from strawberry.types.execution import PreExecutionError
from tortoise import connections
from tortoise.transactions import in_transaction

from api.graphiql.examples import examples
from resolvers.execution import limits, operations
from resolvers.execution.cost import cost
from resolvers.schema import schema
from testing.faults import drop_deliveries
from testing.merchants import add_entries, build_merchant, store
from testing.processes import Simulator
from testing.service import Service, running
from testing.state import read_state

pytestmark = pytest.mark.one_database

CORE = schema._schema
REQUIREMENTS = """{ dueCount pendingCount nearestDeadline transitionsAt entries {
  key title help subject personId awaitingActionFrom deadline reasons
  errors { code message explanation } restricts { capability deadline } alternatives { key title help } } }"""
PAGE_INFO = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
TIMELINE = f"""timeline(first: 20) {{ {PAGE_INFO} edges {{ cursor node {{
  id at kind message statusBefore statusAfter actor }} }} }}"""
LONG = "timeline(first: 100) { edges { node { id at kind message statusBefore statusAfter actor } cursor } }"
EVERYTHING = f"""
  id externalId displayName contactEmail country createdAt status summary canAcceptPayments canReceivePayouts
  nextAction {{ kind by label deadline url }}
  account {{ id stripeAccountId livemode feesCollector lossesCollector requirementsCollector
    appliedConfigurations closed createdAt }}
  dashboard {{ type available unavailableReason url tasks {{ kind title available attention explanation }} }}
  capabilities {{ name title status details {{ code resolution explanation }} }}
  requirements {REQUIREMENTS} futureRequirements {REQUIREMENTS}
  onboarding {{ started linksIssued lastLinkIssuedAt lastReturnedAt everActiveAt }}
  freshness {{ syncedAt source stale }} {TIMELINE}"""


def refused(document: str) -> str | None:
    error = limits.refusal(parse(document))
    return error.message if error else None


def cost_of(document: str, variables: dict[str, Any] | None = None) -> int:
    parsed = parse(document)
    operation = get_operation_ast(parsed)
    assert operation is not None
    return cost(CORE, parsed, operation, variables or {})


def doubled(count: int, spread: Callable[[int], str]) -> str:
    """Fragments that each spread the next one twice."""
    return "".join(f"fragment F{n} on Viewer {{ {spread(n + 1)} }} " for n in range(count - 1)) + (
        f"fragment F{count - 1} on Viewer {{ role }}"
    )


def nested(levels: int) -> str:
    return "{ a" * levels + " }" * levels


def chained(levels: int) -> str:
    """The same depth as `nested`, built from fragments of one level each."""
    steps = "".join(f"fragment F{n} on T {{ a {{ ...F{n + 1} }} }} " for n in range(levels - 1))
    return f"{{ ...F0 }} {steps} fragment F{levels - 1} on T {{ a }}"


@pytest.mark.parametrize(
    ("document", "limit", "name"),
    [
        (lambda n: "\n" * n + "{ a }", 4000, "lines"),
        (lambda n: "{ a }" + "".join(f"fragment F{i} on T {{ a }}" for i in range(n)), 50, "fragments"),
        (lambda n: "{ a" + " @x" * n + " }", 50, "directives"),
        (lambda n: "query ($v: Int" + " @x" * (n - 2) + ") @x { ... @x { a } }", 50, "directives"),
        (lambda n: "{ a { " + " ".join(f"a{i}: b" for i in range(n)) + " } }", 50, "aliases"),
        (lambda n: "{ a { " + "b " * (n + 1) + " } }", 100, "repeated selections"),
        (lambda n: "{ a { " + "... { b } " * (n + 1) + " } }", 100, "repeated selections"),
        (lambda n: "{ a { " + "...F " * (n + 1) + " } } fragment F on T { a }", 100, "repeated selections"),
        (
            lambda n: "{ ...F } fragment F on T { " + "a " * (n + 1) + "} fragment F on T { a }",
            100,
            "repeated selections",
        ),
        (lambda n: "{ " + " ".join(f"a{i}" for i in range(n)) + " }", 20, "root fields"),
        (
            lambda n: (
                "{ ...F ... { ...G } } fragment F on T { a } fragment G on T { ...F "
                + " ".join(f"a{i}" for i in range(n - 1))
                + " }"
            ),
            20,
            "root fields",
        ),
        (
            lambda n: "mutation { " + " ".join(f"a{i}" for i in range(n)) + " }",
            5,
            "root fields of a mutation",
        ),
        (nested, 16, "levels of selections"),
        (chained, 16, "levels of selections"),
    ],
)
def test_a_document_may_reach_each_limit_but_not_exceed_it(
    document: Callable[[int], str], limit: int, name: str
) -> None:
    assert refused(document(limit)) is None
    assert (
        refused(document(limit + 1)) == f"Too complex: {limit + 1:,} {name}; at most {limit:,} are allowed."
    )


@pytest.mark.parametrize(
    "document",
    [
        "{ ...A } fragment A on T { ...A }",
        "{ ...A } fragment A on T { a { ...B } } fragment B on T { b { ...A } }",
        "fragment A on T { ...B ...Missing } fragment B on T { ...A }",
        "{ a } fragment A on T { a } fragment A on T { ...A }",
        "{ a { } }",
        "type T { a: Int }",
    ],
)
def test_an_invalid_document_within_the_limits_is_left_to_validation(document: str) -> None:
    assert refused(document) is None


def test_fields_below_a_list_count_once_for_each_requested_or_assumed_object() -> None:
    for document, expected in [
        ("{ viewer { role } }", 2),
        ("{ viewer { ... { role } ...F } } fragment F on Viewer { subject }", 3),
        ("{ merchants { edges { cursor } } }", 1 + 20 * 2),
        ("{ merchants(first: 50) { edges { cursor } } }", 1 + 50 * 2),
        ("{ merchants(last: 7) { edges { cursor } } }", 1 + 7 * 2),
        ("{ merchants(first: null, last: 7) { edges { cursor } } }", 1 + 7 * 2),
        # A resolver refuses these sizes later. The cost uses the nearest valid size.
        ("{ merchants(first: 2000000000) { edges { cursor } } }", 1 + 100 * 2),
        ("{ merchants(first: -2000000000) { edges { cursor } } }", 1 + 1 * 2),
        ("{ merchants(first: 10) { edges { node { timeline(first: 4) { edges { cursor } } } } } }", 111),
        ("{ merchants(first: 10) { edges { node { walletDomains { domain state } } } } }", 431),
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', 1 + 3 + 3 * 1),
        ('{ nodes(ids: "a") { id } }', 1 + 1),
        ("{ viewer { merchant { capabilities { name } } } }", 1 + 1 + 1 + 5),
        ("{ viewer { merchant { requirements { entries(deadline: [PAST_DUE]) { key } } } } }", 3 + 2 + 5),
        ("{ __schema { types { name fields { name } } } }", 1 + 1 + 150 * (1 + 1 + 2)),
    ]:
        assert cost_of(document) == expected, document


def test_the_cost_uses_the_values_of_variables() -> None:
    page = "query ($n: Int) { merchants(first: $n) { edges { cursor } } }"
    assert [cost_of(page, {"n": n}) for n in (1, 100)] == [3, 201]
    assert cost_of(page) == cost_of(page, {"n": None}) == 41
    some = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert [cost_of(some, {"ids": ["x"] * n}) for n in (1, 100, 1000)] == [3, 201, 1101]
    # The entries of each of a hundred merchants are filtered by nine deadlines.
    entries = "query ($d: [DeadlineStatus!]) { merchants(first: 100) { edges { node { requirements { "
    assert cost_of(entries + "entries(deadline: $d) { key } } } } } }", {"d": ["PAST_DUE"] * 9}) == 1801


def calls_of(work: Callable[[], object]) -> int:
    """The number of Python functions that `work` calls, directly and indirectly."""
    count = 0

    def on_event(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(on_event)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_each_fragment_is_walked_once() -> None:
    for spread in (lambda n: f"...F{n} ...F{n}", lambda n: f"...F{n} ... {{ ...F{n} }}"):
        ten, twenty, fifty = ("{ viewer { ...F0 } }" + doubled(count, spread) for count in (10, 20, 50))
        # If each spread were walked, twenty fragments would take a thousand times the work of ten.
        assert calls_of(partial(cost_of, twenty)) < 3 * calls_of(partial(cost_of, ten))
        assert refused(fifty) is None
        assert cost_of(fifty) == 1 + 2**49


def test_ordinary_operations_are_within_every_limit() -> None:
    page = f"{{ merchants(first: 100) {{ edges {{ cursor node {{ {EVERYTHING} }} }} {PAGE_INFO} }} }}"
    documents = [page, get_introspection_query(input_value_deprecation=True, specified_by_url=True)]
    documents += [text for _, text in examples("http://localhost:8000")]
    for document in documents:
        assert refused(document) is None
        assert cost_of(document) < 120_000


def test_introspection_costs_the_same_for_every_schema() -> None:
    query = parse(get_introspection_query(input_value_deprecation=True, specified_by_url=True))
    operation = get_operation_ast(query)
    assert operation is not None
    for one in (CORE, build_schema("type Query { one: Int }")):
        assert cost(one, query, operation, {}) == 73_062


async def post_query(
    service: Service, query: str, variables: Mapping[str, Any] | None = None, **body: Any
) -> dict[str, Any]:
    answer = await service.http.post(
        "/graphql",
        json={"query": query, "variables": variables, **body},
        headers={"Authorization": f"Bearer {service.token()}"},
    )
    assert answer.status_code == 200
    response: dict[str, Any] = answer.json()
    return response


async def test_a_complex_operation_is_refused_before_execution(idle: Service) -> None:
    drop_deliveries(idle)
    await store([build_merchant("shop-1")])
    before = await read_state(idle)
    close = '{n}: closeMerchant(input: {{merchant: {{externalId: "shop-1"}}}}) {{ __typename }}'
    for query, message in [
        (
            "mutation { " + " ".join(close.format(n=f"m{n}") for n in range(6)) + " }",
            "Too complex: 6 root fields of a mutation; at most 5 are allowed.",
        ),
        (
            "{ viewer { " + " ".join(f"a{n}: role" for n in range(600)) + " } }",
            "Too complex: 600 aliases; at most 50 are allowed.",
        ),
        # Without this limit, the standard validation rules would take a second.
        (
            "{ " + "viewer { role } " * 480 + "}",
            "Too complex: 479 repeated selections; at most 100 are allowed.",
        ),
        (
            "{ viewer { ...F0 } } " + doubled(50, lambda n: f"...F{n} ...F{n}"),
            "Too complex: 562,949,953,421,313 points of cost; at most 150,000 are allowed.",
        ),
        (
            f"{{ merchants(first: 100) {{ edges {{ node {{ {LONG} a: {LONG} }} }} }} }}",
            "Too complex: 200,401 points of cost; at most 150,000 are allowed.",
        ),
        # Without this limit, locating the errors of a document with so many lines would take seconds.
        (
            "\n" * 120_000 + "{ " + " ".join(f"a{n}" for n in range(15)) + " }",
            "Too complex: 120,000 lines; at most 4,000 are allowed.",
        ),
    ]:
        for _ in range(2):
            assert await idle.error(query) == ("QUERY_TOO_COMPLEX", message)
    assert await read_state(idle) == before


def test_counting_the_matches_of_a_filter_costs_more_than_other_fields() -> None:
    assert cost_of("{ merchants(first: 1) { edges { cursor } } }") == 3
    assert cost_of("{ merchants(first: 1) { totalCount } }") == 52
    assert cost_of("{ merchants(first: 1) { statusCounts { status count } } }") == 62


def test_a_page_of_each_merchants_payments_costs_more_than_its_fields() -> None:
    page = "query ($of: MerchantPaymentFilter) {{ merchants(first: 50) {{ edges {{ node {{ {} }} }} }} }}"
    node = "{ edges { node { id state } } }"
    assert cost_of(page.format(f"payments(first: 3) {node}")) == 1 + 50 * (2 + 1 + 20 + 3 * 4)
    assert cost_of(page.format(f"payments(last: 3, filter: $of) {node}")) == 1 + 50 * (2 + 1 + 100 + 3 * 4)


def test_the_cost_of_an_import_assumes_the_maximum_number_of_results() -> None:
    results = "... on ImportMerchantsPayload { results { outcome merchant { status } } }"
    document = f"mutation {{ importMerchants(input: {{merchants: []}}) {{ {results} }} }}"
    # The mutation, the list, and three fields for each of 50 results.
    assert cost_of(document) == 1 + 1 + 50 * 3


async def test_the_cost_is_returned_on_request(idle: Service) -> None:
    query = "query ($n: Int) { merchants(first: $n) { edges { cursor } } }"
    for n, expected in ((1, 3), (100, 201)):
        response = await post_query(idle, query, {"n": n}, extensions={"cost": True})
        assert response["extensions"] == {"cost": {"requested": expected, "limit": 150_000}}
        assert "errors" not in response
    for extensions in ({}, {"cost": False}, None):
        assert "extensions" not in await post_query(idle, query, {"n": 1}, extensions=extensions)


@pytest.mark.slow
async def test_the_maximum_cost_is_a_setting(database_url: str, simulator: Simulator, tmp_path: Path) -> None:
    async with running(database_url, simulator, tmp_path, WORKER="off", MAX_COST="100") as service:
        query = "query ($n: Int!) { merchants(first: $n) { edges { cursor } } }"
        assert "errors" not in await post_query(service, query, {"n": 49})
        # The same document with another value of its variable.
        response = await post_query(service, query, {"n": 50}, extensions={"cost": True})
        assert "data" not in response
        assert response["errors"][0]["message"] == "Too complex: 101 points of cost; at most 100 are allowed."
        assert response["extensions"] == {"cost": {"requested": 101, "limit": 100}}


@pytest.mark.slow
async def test_introspection_has_limits(idle: Service) -> None:
    for query in (get_introspection_query(), get_introspection_query(input_value_deprecation=True)):
        assert (await idle.graphql(query))["__schema"]["queryType"]["name"] == "Query"
    assert await idle.error(
        "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"
    ) == ("GRAPHQL_VALIDATION_FAILED", "Maximum introspection depth exceeded")
    inner = "fields { args { type { name ofType { name kind } } } }"
    whole = f"__schema {{ types {{ fields {{ args {{ type {{ {inner} }} }} }} }} }}"
    query = "{ " + " ".join(f"a{n}: {whole}" for n in range(20)) + " }"
    total = cost_of(query)
    assert total > 150_000
    assert await idle.error(query) == (
        "QUERY_TOO_COMPLEX",
        f"Too complex: {total:,} points of cost; at most 150,000 are allowed.",
    )


async def test_a_document_is_parsed_and_validated_once(idle: Service) -> None:
    operations.read.cache_clear()
    query = "query ($n: Int) { merchants(first: $n) { edges { cursor } } }"
    for n in (1, 2, 3):
        await post_query(idle, query, {"n": n})
    cache = operations.read.cache_info()
    assert (cache.misses, cache.hits, cache.currsize, cache.maxsize) == (1, 2, 1, 128)


async def test_several_operations_need_a_name(idle: Service) -> None:
    query = "query A { viewer { role } } query B { viewer { subject } }"
    assert await idle.error(query) == (
        "BAD_USER_INPUT",
        "Name the operation in `operationName`: the document has several.",
    )
    assert (await post_query(idle, query, operationName="B"))["data"] == {
        "viewer": {"subject": "development-operator"}
    }


@pytest.mark.slow
async def test_errors_suggest_no_names(idle: Service) -> None:
    for query, variables in [
        ("{ merchantz { id } }", None),
        ("{ merchants(firs: 1) { edges { cursor } } }", None),
        ("{ viewer { ... on Viewe { role } } }", None),
        ("{ node(id: 1) { ... on Merchan { id } } }", None),
        ("query ($a: MerchantFilte) { merchants(filter: $a) { edges { cursor } } }", None),
        ("{ viewer { role @skip(i: true) } }", None),
        ("{ merchants(orderBy: CREATED_AT_DES) { edges { cursor } } }", None),
        ("{ merchants(filter: {statu: ACTIVE}) { edges { cursor } } }", None),
        (
            "query ($o: MerchantOrder!) { merchants(orderBy: $o) { edges { cursor } } }",
            {"o": "CREATED_AT_DES"},
        ),
        ("query ($f: MerchantFilter) { merchants(filter: $f) { edges { cursor } } }", {"f": {"statu": "x"}}),
        ("query ($o: MerchantOrder! = CREATED_AT_DES) { merchants(orderBy: $o) { edges { cursor } } }", None),
    ]:
        answer = await post_query(idle, query, variables)
        assert answer.get("data") is None, query
        assert "Did you mean" not in str(answer["errors"]), query


@pytest.mark.waits
async def test_a_query_over_the_time_limit_is_cancelled(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    settings = {"WORKER": "off", "EXECUTION_SECONDS": "1"}
    async with running(database_url, simulator, tmp_path, **settings) as service:
        one = build_merchant("shop-1")
        await store([one])
        await add_entries(one.merchant, 3)
        query = "{ merchants { edges { node { externalId timeline { edges { node { message } } } } } } }"
        assert len((await service.graphql(query))["merchants"]["edges"]) == 1
        async with in_transaction() as held:
            if connections.get("default").capabilities.dialect != "sqlite":
                await held.execute_script("LOCK TABLE merchant IN ACCESS EXCLUSIVE MODE")
            for slow in (query, '{ merchant(by: {externalId: "shop-1"}) { displayName } }'):
                assert await service.error(slow) == (
                    "TIMEOUT",
                    "The query took longer than 1 s. Request fewer objects or fields.",
                )
        # The connections and locks are free again.
        for _ in range(3):
            assert len((await service.graphql(query))["merchants"]["edges"]) == 1


@pytest.mark.waits
async def test_a_mutation_has_no_time_limit(database_url: str, simulator: Simulator, tmp_path: Path) -> None:
    settings = {"WORKER": "off", "EXECUTION_SECONDS": "1"}
    async with running(database_url, simulator, tmp_path, **settings) as service:
        drop_deliveries(service)
        async with in_transaction() as held:
            if connections.get("default").capabilities.dialect != "sqlite":
                await held.execute_script("LOCK TABLE merchant IN ACCESS EXCLUSIVE MODE")
            creating = asyncio.create_task(service.create("shop-1"))
            await asyncio.sleep(1.5)
            assert not creating.done()
        assert (await creating)["created"] is True


async def test_the_limits_apply_to_streamed_operations() -> None:
    for query, message in [
        ("{ viewer {", "Syntax Error: Expected Name, found <EOF>."),
        ("{ a " * 2000, "Syntax Error: Document is nested too deeply. Parsing aborted."),
        ("{ a { " + "b " * 102 + "} }", "Too complex: 101 repeated selections; at most 100 are allowed."),
    ]:
        (response,) = [result async for result in await schema.stream(query, context_value=Streaming())]
        assert isinstance(response, PreExecutionError)
        assert [error.message for error in response.errors or []] == [message]


class Streaming:
    """The part of a context that is used before execution."""

    request_id = "stream"
    max_cost = 150_000

    def renew(self, _operation: object) -> "Streaming":
        return self
