"""The generator of operations covers every element of a schema, or fails."""

import pytest
from graphql import build_schema, parse, validate

from resolvers.schema import schema
from tests.isolation.operations import Known, NoValues, Value, coordinates, operations, reached

PUBLIC = build_schema(schema.as_str())
KNOWN = Known(
    {"ID": "mine", "String": "mine", "Int": 1, "Boolean": True, "URL": "https://x", "CountryCode": "US"},
    {
        "ID": [Value("theirs", "nobodys")],
        "String": [Value("theirs", "nobodys", beside=True), Value("", "")],
        "Int": [Value(1, 1), Value(100, 100)],
        "Boolean": [Value(True, True), Value(False, False)],
        "URL": [Value("https://x", "https://x")],
        "CountryCode": [Value("US", "US")],
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


def test_every_field_argument_input_and_enum_value_of_the_schema_is_reached() -> None:
    made = list(operations(PUBLIC, KNOWN))
    assert reached(PUBLIC, made) == coordinates(PUBLIC)
    assert [error for text in {one.text for one in made} for error in validate(PUBLIC, parse(text))] == []


def test_every_element_of_another_schema_is_reached_too() -> None:
    small = build_schema(SMALL)
    made = list(operations(small, KNOWN))
    assert reached(small, made) == coordinates(small)
    assert all(validate(small, parse(one.text)) == [] for one in made)
    assert {one.kind for one in made} == {"query", "subscription"}
    named = [one for one in made if one.kind == "subscription" and one.names]
    text = (
        "subscription ($v0: ID!, $v1: ID!, $v2: Ref!) { changed(by: $v2) { id value(of: $v0) "
        "children { id value(of: $v1) } } }"
    )
    assert [(one.text, one.told["v2"], one.absent["v2"]) for one in named[:2]] == [
        (text, {"id": "theirs"}, {"id": "nobodys"}),
        (text, {"name": "theirs"}, {"name": "nobodys"}),
    ]


def test_references_are_tried_in_every_order_and_with_a_page_size() -> None:
    made = [one for one in operations(build_schema(SMALL), KNOWN) if one.spot == ("Query.trees",)]
    named = [one.told.values() for one in made if "theirs" in one.told.values()]
    tried = [sorted(str(value) for value in values if value != "mine") for values in named]
    assert sorted(tried) == sorted(
        [
            ["theirs"],
            ["UP", "theirs"],
            ["1", "UP", "theirs"],
            ["DOWN", "theirs"],
            ["1", "DOWN", "theirs"],
        ]
    )


@pytest.mark.parametrize(
    "addition",
    [
        "type Query { tree(on: Day): Int }",
        "type Query { tree(on: [Day!]!): Int }",
        "input Filter { on: Day } type Query { tree(filter: Filter): Int }",
        "type Leaf { value(on: Day): Int } type Query { leaf: Leaf }",
        "type Query { leaf: Int } type Mutation { pick(on: Day!): Int }",
    ],
)
def test_a_scalar_without_values_is_reported_with_its_location(addition: str) -> None:
    with pytest.raises(NoValues, match="takes the scalar Day, for which the isolation tests have no values"):
        list(operations(build_schema(f"scalar Day {addition}"), KNOWN))
