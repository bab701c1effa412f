"""The query compiler compiles queries that only read documents, and leaves all others to graphql-core."""

import pytest
import strawberry

from resolvers.common.scalars import CONFIG
from resolvers.execution import query_compiler
from resolvers.execution.operations import read
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.merchants.types.merchant import Merchant
from resolvers.relay.connection import PageInfo
from resolvers.schema import schema
from testing.service import Service

LIMIT = 150_000
ALIASES = 4


def is_compiled(query: str) -> bool:
    return query_compiler.prepare(schema, query, None, None, LIMIT) is not None


@pytest.mark.parametrize(
    "query",
    [
        '{ merchant(by: {id: "x"}) { id } }',
        '{ a: merchant(by: {id: "x"}) { id } b: merchant(by: {externalId: "x"}) { __typename id } }',
        "{ merchants { __typename edges { __typename cursor node { id } } pageInfo { endCursor } } }",
        "{ merchants { totalCount all: statusCounts { name: status count __typename } } }",
        "query A { merchants(first: 5, orderBy: DISPLAY_NAME_ASC) { edges { cursor } } }",
        '{ merchants(filter: {status: [ACTIVE], search: "x"}) { pageInfo { hasNextPage } } }',
    ],
)
def test_a_query_that_only_reads_documents_is_compiled(query: str) -> None:
    assert is_compiled(query)


@pytest.mark.parametrize(
    "query",
    [
        '{ merchant(by: {id: "x"}) { id a: id } }',
        '{ merchant(by: {id: "x"}) { id timeline { edges { cursor } } } }',
        '{ merchant(by: {id: "x"}) { requirements { entries(deadline: [PAST_DUE]) { key } } } }',
        '{ merchant(by: {id: "x"}) { id } viewer { role } }',
        "{ merchants { edges { node { id } other: node { externalId } } } }",
        "query A { merchants { edges { cursor } } } query B { viewer { role } }",
        'mutation { closeMerchant(input: {merchant: {id: "x"}}) { __typename } }',
        "{ merchants { unknown } }",
        "{ merchants {",
        "{ __typename }",
    ],
)
def test_any_other_operation_is_left_to_graphql_core(query: str) -> None:
    assert not is_compiled(query)


@strawberry.type
class MerchantEdge:
    cursor: str
    node: Merchant
    position: int = 0


@strawberry.type
class MerchantPageInfo(PageInfo):
    page_number: int = 0


@strawberry.type
class MerchantConnection:
    edges: list[MerchantEdge]
    page_info: MerchantPageInfo
    page_count: int = 0


@strawberry.type
class Query:
    """Root fields with additional fields and arguments that the compiler does not support."""

    @strawberry.field
    def merchant(self, by: MerchantRef, at: str = "now") -> Merchant | None:
        raise NotImplementedError

    @strawberry.field
    def merchants(self, first: int | None = None) -> MerchantConnection:
        raise NotImplementedError


@strawberry.type
class Filtered:
    @strawberry.field
    def merchants(self, first: int | None = None, including_closed: bool = False) -> MerchantConnection:
        raise NotImplementedError


def compiles(root: type, query: str) -> bool:
    schema = strawberry.Schema(root, config=CONFIG)
    operation = read(schema._schema, query).operations[None]
    return query_compiler.compile_query(schema, operation, {}) is not None


def test_a_query_with_an_unknown_field_is_not_compiled() -> None:
    assert compiles(Query, "{ merchants { __typename edges { cursor } pageInfo { endCursor } } }")
    assert not compiles(Query, "{ merchants { pageCount } }")
    assert not compiles(Query, "{ merchants { edges { position } } }")
    assert not compiles(Query, "{ merchants { pageInfo { pageNumber } } }")


def test_a_root_field_with_an_unknown_argument_is_not_compiled() -> None:
    assert not compiles(Query, '{ merchant(by: {id: "x"}) { id } }')
    assert not compiles(Filtered, "{ merchants { edges { cursor } } }")


def _growing(levels: int) -> str:
    """A small document whose answer grows exponentially: each level selects the next one four times."""
    fragments = [
        f"fragment F{level} on Requirement {{ "
        + " ".join(f"a{n}: alternatives {{ ...F{level + 1} }}" for n in range(ALIASES))
        + " }"
        for level in range(levels)
    ]
    last = f"fragment F{levels} on Requirement {{ key }}"
    return " ".join(['{ merchant(by: {id: "x"}) { requirements { entries { ...F0 } } } }', *fragments, last])


def test_a_selection_that_grows_exponentially_is_not_compiled() -> None:
    assert query_compiler.prepare(schema, _growing(12), None, None, LIMIT) is None
    assert query_compiler.prepare(schema, _growing(12), None, None, 10**30) is None


@pytest.mark.one_database
async def test_a_query_that_grows_exponentially_is_refused(idle: Service) -> None:
    body = (await idle.post(_growing(12))).json()
    assert [error["extensions"]["code"] for error in body["errors"]] == ["QUERY_TOO_COMPLEX"]
