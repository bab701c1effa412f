"""The generator of operations covers every element of a schema, or fails."""

import pytest
from graphql import build_schema, parse, validate

from testing.public_schema import SCHEMA
from tests.isolation.coverage import coordinates, reached
from tests.isolation.operations import operations
from tests.isolation.values import Candidates, Value, ValuesMissing

CANDIDATES = Candidates(
    {
        "ID": "mine",
        "String": "mine",
        "Int": 1,
        "Boolean": True,
        "URL": "https://x",
        "CountryCode": "US",
        "CurrencyCode": "USD",
        "Date": "1985-03-24",
        "DateTime": "2026-01-01T00:00:00Z",
        "MinorUnits": 1,
    },
    {
        "ID": [Value("theirs", "nobodys")],
        "String": [Value("theirs", "nobodys", depends_on_order=True), Value("", "")],
        "Int": [Value(1, 1), Value(100, 100)],
        "Boolean": [Value(True, True), Value(False, False)],
        "URL": [Value("https://x", "https://x")],
        "CountryCode": [Value("US", "US")],
        "CurrencyCode": [Value("USD", "USD")],
        "Date": [Value("1985-03-24", "1985-03-24")],
        "DateTime": [Value("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")],
        "MinorUnits": [Value(1, 1)],
    },
)
SMALL = """
enum Order { UP DOWN }
input Ref @oneOf { id: ID name: String }
input Filter { in: [Ref!] not: Filter2 }
input Filter2 { text: String order: Order! }
interface Node { id: ID! }
type Leaf implements Node { id: ID! value(at: Int): String }
type Tree implements Node { id: ID! value(of: ID!): [Int] children(filter: Filter): [Tree!]! }
type Query { node(id: ID!): Node trees(after: String, first: Int, order: Order): [Tree] }
type Subscription { changed(by: Ref!): Tree! }
"""


def test_the_operations_reach_every_element_of_the_schema() -> None:
    """This test does not validate the documents, because the isolation tests fail for an invalid document."""
    assert reached(SCHEMA, operations(SCHEMA, CANDIDATES)) == coordinates(SCHEMA)


def test_the_operations_reach_every_element_of_a_small_schema() -> None:
    small = build_schema(SMALL)
    sample = list(operations(small, CANDIDATES))
    assert reached(small, sample) == coordinates(small)
    assert all(validate(small, parse(one.text)) == [] for one in sample)
    assert {one.kind for one in sample} == {"query", "subscription"}
    references = [one for one in sample if one.kind == "subscription" and one.refers]
    text = (
        "subscription ($v0: ID!, $v1: ID!, $v2: Ref!) { changed(by: $v2) { id value(of: $v0) "
        "children { id value(of: $v1) } } }"
    )
    only_ids = "subscription ($v0: Ref!) { changed(by: $v0) { id } }"
    assert [(one.text, *one.existing.values(), *one.absent.values()) for one in references[:2]] == [
        (text, "mine", "mine", {"id": "theirs"}, "mine", "mine", {"id": "nobodys"}),
        (only_ids, {"name": "theirs"}, {"name": "nobodys"}),
    ]


def test_the_siblings_of_a_nested_field_are_selected_only_with_the_first_values_of_its_arguments() -> None:
    sample = [one for one in operations(build_schema(SMALL), CANDIDATES) if one.varied[-1] == "Leaf.value"]
    _, first, second = sample
    assert "Leaf_value: value(at: $v0) } ... on Tree { id " in first.text
    assert second.text.partition(") ")[2] == (
        "{ node(id: $v1) { __typename ... on Leaf { Leaf_value: value(at: $v0) } } }"
    )
    assert second.existing == {"v0": 100, "v1": "mine"}


def test_each_cursor_is_combined_with_every_order_and_with_the_page_sizes_in_turn() -> None:
    cursors = [Value(f"theirs {n}", f"nobodys {n}", depends_on_order=True) for n in range(2)]
    candidates = Candidates(CANDIDATES.own_value, {**CANDIDATES.all_values, "String": cursors})
    sample = [one for one in operations(build_schema(SMALL), candidates) if one.varied == ("Query.trees",)]
    tried = [
        sorted(str(value) for value in one.existing.values() if value != "mine")
        for one in sample
        if one.refers
    ]
    assert sorted(tried) == [
        ["1", "DOWN", "theirs 0"],
        ["1", "UP", "theirs 1"],
        ["DOWN", "theirs 1"],
        ["UP", "theirs 0"],
        ["theirs 0"],
        ["theirs 1"],
    ]


def test_in_an_input_object_only_after_and_before_take_every_cursor() -> None:
    cursors = [Value(f"cursor {n}", f"no cursor {n}", depends_on_order=True) for n in range(3)]
    candidates = Candidates(
        CANDIDATES.own_value, {**CANDIDATES.all_values, "String": [*cursors, Value("", "")]}
    )
    small = build_schema(
        "input Page { after: String before: String text: String } type Query { a(of: Page): Int }"
    )
    tried = [one.existing["v0"] for one in operations(small, candidates) if one.refers]
    singles = [values for values in tried if len(values) == 1]
    assert singles == [
        *({name: one.existing} for name in ("after", "before") for one in cursors),
        {"text": "cursor 0"},
    ]


@pytest.mark.parametrize(
    ("addition", "where"),
    [
        ("type Query { tree(on: Day): Int }", "Query.tree(on:)"),
        ("type Query { tree(on: [Day!]!): Int }", "Query.tree(on:)"),
        ("input Filter { on: Day } type Query { tree(filter: Filter): Int }", "Filter.on"),
        ("type Leaf { value(on: Day): Int } type Query { leaf: Leaf }", "Leaf.value(on:)"),
        ("type Query { leaf: Int } type Mutation { pick(on: Day!): Int }", "Mutation.pick(on:)"),
    ],
)
def test_a_scalar_without_values_is_reported(addition: str, where: str) -> None:
    with pytest.raises(ValuesMissing) as error:
        list(operations(build_schema(f"scalar Day {addition}"), CANDIDATES))
    assert str(error.value) == (
        f"{where} takes the scalar Day, for which the isolation tests have no values. "
        "Add values to Party.candidates_for in tests/isolation/merchants.py."
    )
