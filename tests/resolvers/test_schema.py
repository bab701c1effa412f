"""Every element of the schema has a description, and the schema follows Relay's conventions."""

import enum
from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLUnionType,
    get_named_type,
)

from connect import scope
from connect.events import destinations
from connect.merchants.mirror import timeline
from connect.merchants.rules.account import requirements
from connect.merchants.rules.status import next_action, status
from connect.platform import problems
from testing.public_schema import SCHEMA

OURS = {
    name: type_
    for name, type_ in SCHEMA.type_map.items()
    if not name.startswith("__") and name not in {"ID", "String", "Int", "Boolean", "Float"}
}
WITH_FIELDS = GraphQLObjectType | GraphQLInterfaceType


def descriptions() -> Iterator[tuple[str, str | None]]:
    """Every element of the schema with its description."""
    for name, result in OURS.items():
        yield name, result.description
        if isinstance(result, WITH_FIELDS | GraphQLInputObjectType):
            for field_name, field in result.fields.items():
                yield f"{name}.{field_name}", field.description
        if isinstance(result, GraphQLEnumType):
            for value_name, value in result.values.items():
                yield f"{name}.{value_name}", value.description
        if isinstance(result, WITH_FIELDS):
            for field_name, field in result.fields.items():
                for argument_name, argument in field.args.items():
                    yield f"{name}.{field_name}({argument_name}:)", argument.description


def test_everything_has_a_description() -> None:
    result = dict(descriptions())
    assert len(result) > 300
    assert [name for name, text in result.items() if not (text or "").strip()] == []


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("MerchantStatus", status.Status),
        ("NextActionKind", next_action.NextActionKind),
        ("RequirementSubject", requirements.Subject),
        ("TimelineKind", timeline.TimelineKind),
        ("PlatformProblemCode", problems.ProblemCode),
        ("ProblemSeverity", problems.Severity),
        ("DestinationStatus", destinations.DestinationStatus),
        ("Role", scope.Role),
    ],
)
def test_an_enum_of_the_schema_has_the_values_of_the_python_enum(name: str, ours: type[enum.Enum]) -> None:
    result = SCHEMA.type_map[name]
    assert isinstance(result, GraphQLEnumType)
    assert list(result.values) == [member.value for member in ours]


def test_other_enums_have_exactly_the_listed_values() -> None:
    for name, values in {
        "EntityType": ["INDIVIDUAL", "COMPANY", "NON_PROFIT", "GOVERNMENT_ENTITY"],
        "EventState": ["PENDING", "HANDLED", "IGNORED", "FAILED"],
        "CreationState": ["PENDING", "SUCCEEDED", "REFUSED"],
        "CollectRequirements": ["CURRENTLY_DUE", "EVENTUALLY_DUE"],
        "DeadlineStatus": ["PAST_DUE", "CURRENTLY_DUE", "EVENTUALLY_DUE", "UNKNOWN"],
        "CapabilityStatus": ["ACTIVE", "PENDING", "RESTRICTED", "REJECTED", "UNSUPPORTED", "UNKNOWN"],
        "Resolution": ["PROVIDE_INFO", "CONTACT_STRIPE", "NO_RESOLUTION", "UNKNOWN"],
        "Party": ["MERCHANT", "STRIPE", "PLATFORM", "UNKNOWN"],
        "DashboardType": ["FULL", "EXPRESS", "NONE", "UNKNOWN"],
        "Collector": ["STRIPE", "APPLICATION", "UNKNOWN"],
    }.items():
        result = SCHEMA.type_map[name]
        assert isinstance(result, GraphQLEnumType)
        assert list(result.values) == values


def test_the_schema_follows_relays_conventions() -> None:
    query, node = SCHEMA.query_type, SCHEMA.type_map["Node"]
    assert query is not None
    assert isinstance(node, GraphQLInterfaceType)
    assert str(query.fields["node"].type) == "Node"
    assert {name: str(argument.type) for name, argument in query.fields["node"].args.items()} == {"id": "ID!"}
    assert str(query.fields["nodes"].type) == "[Node]!"
    assert {result.name for result in SCHEMA.get_possible_types(node)} == {
        "Merchant",
        "ConnectedAccount",
        "StripeEvent",
        "Payment",
        "Refund",
        "Dispute",
        "Payout",
    }
    info = OURS["PageInfo"]
    assert isinstance(info, GraphQLObjectType)
    assert {name: str(field.type) for name, field in info.fields.items()} == {
        "hasNextPage": "Boolean!",
        "hasPreviousPage": "Boolean!",
        "startCursor": "String",
        "endCursor": "String",
    }
    connections = [name for name in OURS if name.endswith("Connection")]
    assert sorted(connections) == [
        "AccountCreationConnection",
        "AuditEntryConnection",
        "DisputeConnection",
        "MerchantConnection",
        "OutgoingEventConnection",
        "PaymentConnection",
        "PaymentTimelineConnection",
        "PayoutConnection",
        "PayoutTransactionConnection",
        "ProblemOccurrenceConnection",
        "StripeEventConnection",
        "TimelineConnection",
    ]
    non_nodes = set()
    for name in connections:
        connection = OURS[name]
        assert isinstance(connection, GraphQLObjectType)
        edge = get_named_type(connection.fields["edges"].type)
        assert str(connection.fields["edges"].type) == f"[{edge.name}!]!"
        assert str(connection.fields["pageInfo"].type) == "PageInfo!"
        assert isinstance(edge, GraphQLObjectType)
        assert str(edge.fields["cursor"].type) == "String!"
        assert set(edge.fields) == {"cursor", "node"}
        if get_named_type(edge.fields["node"].type) not in SCHEMA.get_possible_types(node):
            non_nodes.add(get_named_type(edge.fields["node"].type).name)
    assert non_nodes == {
        "AccountCreation",
        "AuditEntry",
        "OutgoingEvent",
        "PaymentEntry",
        "PayoutTransaction",
        "ProblemOccurrence",
        "TimelineEntry",
    }
    for result in OURS.values():
        for field in result.fields.values() if isinstance(result, GraphQLObjectType) else ():
            if get_named_type(field.type).name in connections:
                assert {"first", "after"} <= set(field.args)


def test_each_mutation_takes_at_most_one_input_and_lists_its_errors() -> None:
    mutation, error = SCHEMA.mutation_type, SCHEMA.type_map["Error"]
    assert mutation is not None
    assert isinstance(error, GraphQLInterfaceType)
    error_types = {type_.name for type_ in SCHEMA.get_possible_types(error)}
    used: set[str] = set()
    for name, field in mutation.fields.items():
        base = name[0].upper() + name[1:]
        # enableDestination has no input, because there is only one event destination.
        inputs = {} if name == "enableDestination" else {"input": f"{base}Input!"}
        assert {key: str(argument.type) for key, argument in field.args.items()} == inputs
        assert isinstance(field.type, GraphQLNonNull)
        result = field.type.of_type
        assert isinstance(result, GraphQLUnionType)
        assert result.name == f"{base}Result"
        members = [member.name for member in result.types]
        assert members[0] == f"{base}Payload"
        assert set(members[1:]) <= error_types
        used |= set(members[1:])
    assert used == error_types


def test_each_scalar_names_its_specification() -> None:
    scalars = {name: result for name, result in OURS.items() if isinstance(result, GraphQLScalarType)}
    assert sorted(scalars) == ["CountryCode", "CurrencyCode", "Date", "DateTime", "MinorUnits", "URL"]
    assert all((result.specified_by_url or "").startswith("https://") for result in scalars.values())
