"""Operations: the coercion of their variables, the cache of their costs, and their names."""

from typing import Any

import pytest
from graphql import GraphQLError

from resolvers.execution.operations import MAX_COSTS, Operation, read
from resolvers.schema import schema

CORE = schema._schema
QUERY = """
query ($id: ID!, $name: String, $size: Int, $yes: Boolean!) {
  merchant(by: {id: $id}) { id @include(if: $yes) }
  merchants(first: $size, after: $name) { edges { cursor } }
}
"""
INPUTS: dict[str, Any] = {"id": "x", "name": "y", "size": 5, "yes": True}


def operation(text: str) -> Operation:
    return read(CORE, text).operations[None]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"unknown": 1},
        {"name": None, "size": None},
        {"id": 5},
        {"id": None},
        {"id": ["x"]},
        {"size": True},
        {"size": 5.0},
        {"size": 5.5},
        {"size": "5"},
        {"size": 2**31 - 1},
        {"size": 2**31},
        {"size": -(2**31)},
        {"size": -(2**31) - 1},
        {"yes": 1},
        {"yes": None},
        {"name": 5},
        {"name": {}},
    ],
)
def test_variables_are_coerced_as_graphql_core_does(changes: dict[str, Any]) -> None:
    one = operation(QUERY)
    inputs = {**INPUTS, **changes}
    for omitted in [None, *INPUTS]:
        subset = {name: value for name, value in inputs.items() if name != omitted}
        values = one.variable_values(subset)
        expected = None if isinstance(values, list) else values.coerced
        assert one.coerce(subset) == expected, subset


def test_defaults_and_input_objects_are_coerced_by_graphql_core() -> None:
    one = operation("query ($n: Int = 3) { merchants(first: $n) { edges { cursor } } }")
    assert one.coerce({}) == {"n": 3}
    one = operation("query ($by: MerchantRef!) { merchant(by: $by) { id } }")
    assert one.coerce({"by": {"id": 5}}) == {"by": {"id": "5"}}
    assert one.coerce({"by": {}}) is None


def test_a_cost_is_computed_once_for_each_page_size() -> None:
    one = operation(
        "query ($n: Int, $after: String) { merchants(first: $n, after: $after) { edges { cursor } } }"
    )
    assert [one.cost({"n": n, "after": "x"}) for n in (1, 100, None)] == [3, 201, 41]
    assert len(one.costs) == 3
    for n in range(2 * MAX_COSTS):
        one.cost({"n": n})
    assert len(one.costs) <= MAX_COSTS


def test_operations_are_found_by_name() -> None:
    document = read(CORE, "query A { viewer { role } } query B { viewer { subject } }")
    assert set(document.operations) == {"A", "B"}
    assert set(read(CORE, "query A { viewer { role } }").operations) == {None, "A"}
    assert read(CORE, "{ unknown }").operations == {}
    with pytest.raises(GraphQLError, match="Syntax Error"):
        read(CORE, "{")
