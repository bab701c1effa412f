"""The cost of an operation: an estimate of the largest number of fields in its answer.

It is computed from the schema and the variables before execution (docs/decisions/0014).
"""

from typing import Any

import graphql

from connect.merchants.adoption.imports import MAX_ENTRIES
from resolvers.common import names
from resolvers.merchants.types.wallet_domains import MAX_DOMAINS
from resolvers.relay.connection import DEFAULT_PAGE, MAX_PAGE

# The assumed length of lists without a size argument, such as capabilities and requirements.
LIST_LENGTH = 5
# The assumed length of introspected lists. It is lower, because most fields have no arguments, and most types
# have no enum values.
INTROSPECTED_LENGTH = 2
# The assumed number of types in the schema. The cost of introspection is then the same for every release, and
# the standard introspection query costs about half the default limit.
INTROSPECTED_TYPES = 150
# Arguments that are lists with one entry for each object of the answer, and the largest number of entries
# that the cost counts.
IDS = {"ids": 100, "representations": 1000}
# Fields that count all matches of a filter.
COUNTS = {("MerchantConnection", "totalCount"), ("MerchantConnection", "statusCounts")}
COUNT_COST = 50
# Fields that read one page for each object of a list. Each page reads a range of an index, and a page with a
# filter may also count matches and read up to 10,000 rows.
PAGES = {("Merchant", "payments"), ("Merchant", "disputes")}
PAGE_COST, FILTERED_PAGE_COST = 20, 100
# Types whose lists are as long as a list in the input, and the maximum length of the list in the input.
LENGTHS = {"ImportMerchantsPayload": MAX_ENTRIES}
# The assumed lengths of other long lists. For the revenue, this is 13 months in five currencies.
FIELD_LENGTHS = {("Query", "revenue"): 65, ("Merchant", "walletDomains"): MAX_DOMAINS}


def cost(
    schema: graphql.GraphQLSchema,
    document: graphql.DocumentNode,
    operation: graphql.OperationDefinitionNode,
    variables: dict[str, Any],
) -> int:
    """The cost of an operation. The document must be valid and within the limits."""
    fragments = {
        d.name.value: d for d in document.definitions if isinstance(d, graphql.FragmentDefinitionNode)
    }
    fragment_costs: dict[str, int] = {}

    def of_selections(selections: graphql.SelectionSetNode, parent: graphql.GraphQLCompositeType) -> int:
        total = 0
        waiting = [(selections, parent)]
        while waiting:
            selections, parent = waiting.pop()
            for node in selections.selections:
                if isinstance(node, graphql.FieldNode):
                    total += of_field(node, parent)
                elif isinstance(node, graphql.FragmentSpreadNode):
                    total += of_fragment(node.name.value)
                else:
                    condition = node.type_condition  # type: ignore[attr-defined]
                    inner = schema.type_map[condition.name.value] if condition else parent
                    waiting.append((node.selection_set, inner))  # type: ignore[attr-defined, arg-type]
        return total

    def of_fragment(name: str) -> int:
        # Walk each fragment once. If each fragment spreads the next one twice, walking every spread would
        # take exponential time.
        if name not in fragment_costs:
            fragment = fragments[name]
            inner = schema.type_map[fragment.type_condition.name.value]
            fragment_costs[name] = of_selections(fragment.selection_set, inner)  # type: ignore[arg-type]
        return fragment_costs[name]

    def of_field(node: graphql.FieldNode, parent: graphql.GraphQLCompositeType) -> int:
        arguments = {
            a.name.value: graphql.value_from_ast_untyped(a.value, variables) for a in node.arguments or ()
        }
        # Each item of a list argument costs one, because the field processes the list for each object.
        own = 1 + sum(len(value) for value in arguments.values() if isinstance(value, list))
        field = schema.get_field(parent, node.name.value)
        assert field is not None  # noqa: S101 -- the document is valid
        place = names.of_type(parent), names.of_field(field, node.name.value)
        own += COUNT_COST if place in COUNTS else 0
        if place in PAGES:
            own += FILTERED_PAGE_COST if "filter" in arguments else PAGE_COST
        if not node.selection_set:
            return own
        below = of_selections(node.selection_set, graphql.get_named_type(field.type))  # type: ignore[arg-type]
        return own + times(place, field, arguments) * below

    def times(place: tuple[str, str], field: graphql.GraphQLField, arguments: dict[str, Any]) -> int:
        """The number of objects that the cost assumes for a field.

        `place` has the name of the type that defines the field, and the name of the field.
        """
        parent, name = place
        # A size above the limit counts as the limit, because the resolver refuses it with a better message.
        if "first" in field.args:
            sizes = [size for name in ("first", "last") if isinstance(size := arguments.get(name), int)]
            return max(1, min(max(sizes, default=DEFAULT_PAGE), MAX_PAGE))
        for argument, limit in IDS.items():
            if argument in field.args:
                ids = arguments[argument]
                return min(len(ids), limit) if isinstance(ids, list) else 1
        # The edges of a connection count once, because the connection's field already counts the page size.
        is_edges = parent.endswith("Connection") and name == "edges"
        if is_edges or not graphql.is_list_type(graphql.get_nullable_type(field.type)):
            return 1
        if place in FIELD_LENGTHS:
            return FIELD_LENGTHS[place]
        if parent in LENGTHS:
            return LENGTHS[parent]
        if parent == "__Schema":
            return INTROSPECTED_TYPES
        return INTROSPECTED_LENGTH if parent.startswith("__") else LIST_LENGTH

    root = schema.get_root_type(operation.operation)
    assert root is not None  # noqa: S101 -- the document is valid
    return of_selections(operation.selection_set, root)
