"""Operations that do nothing but read merchants, answered without graphql-core.

Such an operation is a query whose root fields are `merchants` and `merchant`, and what it selects of them is
compiled (see `compiled_selection`). It is parsed, validated and held against all limits like any other;
then its root fields ask the database, and the answer is put together from the bytes of each merchant.
Anything else, and whatever goes wrong, is left to graphql-core, which begins anew: reading changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import orjson
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    get_operation_ast,
)
from graphql.execution import get_argument_values, get_variable_values
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from strawberry import Some
from strawberry.types.arguments import convert_arguments

from connect.scope import Principal
from resolvers.errors import BadUserInput
from resolvers.execution.admission import MAX_ERRORS, Parsed, read
from resolvers.execution.answer_cache import AnswerCache
from resolvers.execution.compiled_selection import (
    CompiledSelection,
    RenderedObject,
    new_number,
    selection_cache,
)
from resolvers.execution.cost import cost
from resolvers.execution.row_batcher import COLUMNS, RowBatcher
from resolvers.merchants import merchant_list, merchant_lookup
from resolvers.merchants.merchant_list import MerchantOrder
from resolvers.relay.connection import MAX_PAGE, Order, Page, PageInfo, build_page, cursor, window
from resolvers.schema import schema

_SCHEMA = schema._schema  # noqa: SLF001
_FIELDS = cast("GraphQLObjectType", _SCHEMA.query_type).fields

# Of one document: with each of its operations, and each combination of what its @skip and @include are given.
MAX_VARIANTS = 16

_CURSOR = object()
# GraphQL's names of arguments and input fields, where Python's are others.
_NAMES = {"orderBy": "order_by", "externalId": "external_id", "stripeAccountId": "stripe_account_id"}
_NO_REFERENCE: Mapping[str, Any] = dict.fromkeys(("id", "external_id", "stripe_account_id"))
_NO_NODE = RenderedObject(b"", None)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, what the settings say of it, and what was made before."""

    principal: Principal
    stale_after: timedelta
    cache: AnswerCache
    # By their columns.
    batchers: Mapping[str, RowBatcher]


@dataclass(frozen=True, slots=True)
class _Edges:
    """How an edge is put together: texts, and between them the cursor or the node."""

    parts: tuple[Any, ...]
    node: CompiledSelection | None
    # What is kept of edges is kept under it: the edges themselves would be kept, too.
    number: int = field(default_factory=new_number)


@dataclass(frozen=True, slots=True)
class _Connection:
    """How a connection is put together: texts, and between them its edges, or names of its page's info."""

    parts: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Argument:
    """An argument that is given by a variable: its name for Python, and what makes of the coerced value what
    the resolver takes. One that is optional has no default, and may be null."""

    name: str
    variable: str
    convert: Callable[[Any], Any]
    is_optional: bool


@dataclass(frozen=True, slots=True)
class _Root:
    """A root field: the text in front of it, its node, and what is selected below it.

    Its arguments are those that are always the same, and those by variables; None if it is not so simple.
    """

    before: bytes
    node: Any
    selected: _Connection | CompiledSelection
    constant: Mapping[str, Any] | None
    variable: Sequence[_Argument]


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """A prepared operation."""

    roots: tuple[_Root, ...]


@dataclass(frozen=True, slots=True)
class _Operation:
    """What graphql-core's functions ask of an executor."""

    schema: Any
    fragments: dict[str, FragmentDetails]
    operation: OperationDefinitionNode
    variable_values: Any


def prepare(
    text: str, name: str | None, given: dict[str, Any] | None, most_cost: int
) -> tuple[CompiledQuery, Any] | None:
    """The compiled query and its variables; None when graphql-core must execute or refuse the operation."""
    try:
        parsed = read(_SCHEMA, text)
    except GraphQLError:
        return None
    operation = None if parsed.errors else get_operation_ast(parsed.document, name)
    if operation is None or operation.operation is not OperationType.QUERY:
        return None
    variables = get_variable_values(
        _SCHEMA, operation.variable_definitions or (), given or {}, MAX_ERRORS, hide_suggestions=True
    )
    if isinstance(variables, list):
        return None
    # First: what is compiled is as large as what it would answer.
    if _cost(parsed, operation, variables.coerced) > most_cost:
        return None
    key = name, *(v for v in variables.coerced.items() if isinstance(v[1], bool))
    if key not in parsed.compiled:
        if len(parsed.compiled) >= MAX_VARIANTS:
            parsed.compiled.clear()
        parsed.compiled[key] = _compile(parsed, operation, variables)
    compiled: CompiledQuery | None = parsed.compiled[key]
    return (compiled, variables) if compiled is not None else None


def _cost(parsed: Parsed, operation: OperationDefinitionNode, variables: dict[str, Any]) -> int:
    """The operation's cost. Of variables only numbers and the lengths of lists go into it."""
    sizes = [
        (name, value if isinstance(value, int) else len(value))
        for name, value in variables.items()
        if isinstance(value, int | list)
    ]
    key = operation.name.value if operation.name else None, *sizes
    found = parsed.costs.get(key)
    if found is None:
        if len(parsed.costs) > MAX_PAGE:
            parsed.costs.clear()
        found = parsed.costs[key] = cost(_SCHEMA, parsed.document, operation, variables)
    return found


def _compile(parsed: Parsed, operation: OperationDefinitionNode, variables: Any) -> CompiledQuery | None:
    fragments = {
        d.name.value: FragmentDetails(d)
        for d in parsed.document.definitions
        if isinstance(d, FragmentDefinitionNode)
    }
    executing = _Operation(_SCHEMA, fragments, operation, variables)
    query = cast("GraphQLObjectType", _SCHEMA.query_type)
    roots: list[_Root] = []
    collected = collect_fields(_SCHEMA, fragments, variables, query, operation)
    for key, fields in collected.grouped_field_set.items():
        node = fields[0].node
        selected: _Connection | CompiledSelection | None = None
        if node.name.value == "merchants":
            selected = _connection(executing, fields)
        elif node.name.value == "merchant":
            selected = selection_cache.find(executing, _type("Merchant"), fields)
        if selected is None:
            return None
        try:
            constant, variable = _prepared(node, variables)
        except GraphQLError:
            return None
        roots.append(_Root(_before(key, is_first=not roots), node, selected, constant, variable))
    return CompiledQuery(tuple(roots))


def _connection(executing: _Operation, fields: list[FieldDetails]) -> _Connection | None:
    parts: list[Any] = []
    for key, below in _below(executing, "MerchantConnection", fields).items():
        name = below[0].node.name.value
        parts.append(_before(key, is_first=not parts))
        if name == "edges":
            edges = _edges(executing, below)
            if edges is None:
                return None
            parts.append(edges)
        elif name == "pageInfo":
            infos = _below(executing, "PageInfo", below).items()
            parts.append({key: info[0].node.name.value for key, info in infos})
        else:
            parts.append(b'"MerchantConnection"')  # __typename: there is no other field
    return _Connection(tuple(parts))


def _edges(executing: _Operation, fields: list[FieldDetails]) -> _Edges | None:
    parts: list[Any] = []
    node = None
    for key, below in _below(executing, "MerchantEdge", fields).items():
        name = below[0].node.name.value
        parts.append(_before(key, is_first=not parts))
        if name == "node":
            # Two nodes with different selections in one edge are nothing that anybody asks for.
            found = selection_cache.find(executing, _type("Merchant"), below)
            if found is None or node not in {None, found}:
                return None
            node = found
            parts.append(node)
        else:
            parts.append(_CURSOR if name == "cursor" else b'"MerchantEdge"')
    return _Edges(tuple(parts), node)


def _below(
    executing: _Operation, typename: str, fields: list[FieldDetails]
) -> Mapping[str, list[FieldDetails]]:
    return collect_subfields(
        _SCHEMA,
        executing.fragments,
        executing.variable_values,
        executing.operation,
        _type(typename),
        fields,
    ).grouped_field_set


def _type(name: str) -> GraphQLObjectType:
    return cast("GraphQLObjectType", _SCHEMA.type_map[name])


def _before(key: str, *, is_first: bool) -> bytes:
    return f'{"" if is_first else ","}"{key}":'.encode()


async def answer(compiled: CompiledQuery, variables: Any, reader: Reader) -> bytes | None:
    """The response to the operation; None when graphql-core has to execute it."""
    parts = [b'{"data":{']
    for root in compiled.roots:
        try:
            arguments = _arguments(root, variables)
            if isinstance(root.selected, CompiledSelection):
                made = await _merchant(reader, root.selected, **arguments)
            else:
                made = await _merchants(reader, root.selected, **arguments)
        except (GraphQLError, BadUserInput):
            return None
        if made is None:
            return None
        parts.append(root.before)
        parts += made
    parts.append(b"}}")
    return b"".join(parts)


def _arguments(root: _Root, variables: Any) -> dict[str, Any]:
    """What the resolver takes."""
    if root.constant is not None:
        given = {**root.constant}
        for argument in root.variable:
            value = variables.coerced.get(argument.variable)
            if value is not None:
                given[argument.name] = argument.convert(value)
            elif not argument.is_optional:
                break
        else:
            return given
    return _converted(root.node, variables)


def _prepared(node: FieldNode, variables: Any) -> tuple[dict[str, Any] | None, list[_Argument]]:
    """The constant arguments and those by variables; None when some are neither."""
    constant, variable = [], list[_Argument]()
    for argument in node.arguments or ():
        name, value = argument.name.value, argument.value
        if isinstance(value, VariableNode) and name != "filter":
            convert = _reference if name == "by" else _itself
            is_optional = name in {"first", "after", "last", "before"}
            variable.append(_Argument(_NAMES.get(name, name), value.name.value, convert, is_optional))
        elif name == "by" and isinstance(value, ObjectValueNode):
            (part,) = value.fields  # it is one of three
            if not isinstance(part.value, VariableNode):
                return None, []
            variable.append(_Argument(name, part.value.name.value, _reference_by(part.name.value), False))
        elif name == "filter":
            return None, []
        else:
            constant.append(argument)
    if not constant:
        return {}, variable
    return _converted(FieldNode(name=node.name, arguments=tuple(constant)), variables), variable


def _itself(value: Any) -> Any:
    return value


def _reference(given: Mapping[str, str]) -> merchant_lookup.MerchantRef:
    ((name, value),) = given.items()
    return _reference_by(name)(value)


def _reference_by(name: str) -> Callable[[str], merchant_lookup.MerchantRef]:
    def reference(value: str) -> merchant_lookup.MerchantRef:
        return merchant_lookup.MerchantRef(**{**_NO_REFERENCE, _NAMES.get(name, name): Some(value)})

    return reference


def _converted(node: FieldNode, variables: Any) -> dict[str, Any]:
    field = _FIELDS[node.name.value]
    return convert_arguments(
        get_argument_values(field, node, variables),
        field.extensions["strawberry-definition"].arguments,
        schema.schema_converter.scalar_registry,
        schema.config,
    )


async def _merchant(
    reader: Reader, selected: CompiledSelection, by: merchant_lookup.MerchantRef
) -> list[bytes] | None:
    name = merchant_lookup.resolve_reference(by)
    if name is not None and name[0] in reader.batchers:
        row = await reader.batchers[name[0]].row(reader.principal, name[1])
    else:
        row = await merchant_lookup.row(reader.principal, by, COLUMNS)
    if row is None:
        return [b"null"]
    _, key, version, document = row
    made = reader.cache.get((selected.number, key, version))
    if made is None:
        made = selected.render_text(document, reader.stale_after)
        if made is None:
            return None
        reader.cache.put((selected.number, key, version), made)
    return [made.text]


async def _merchants(
    reader: Reader,
    selected: _Connection,
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    filter: merchant_list.MerchantFilter | None = None,  # noqa: A002 -- the argument's name
    order_by: MerchantOrder = MerchantOrder.CREATED_AT_DESC,
) -> list[bytes] | None:
    wanted = window(first, after, last, before)
    order = merchant_list.ORDERS[order_by]
    rows = await merchant_list.rows(reader.principal, filter, order, wanted, ("row_version",))
    page = build_page(rows, order, wanted)
    parts: list[bytes] = [b"{"]
    for part in selected.parts:
        if isinstance(part, _Edges):
            edges = await _made(reader, part, order, page)
            if edges is None:
                return None
            parts += b"[", edges.text, b"]"
        elif isinstance(part, dict):
            parts.append(_info(page.info, part))
        else:
            parts.append(part)
    parts.append(b"}")
    return parts


def _info(info: PageInfo, names: Mapping[str, str]) -> bytes:
    known = {
        "__typename": "PageInfo",
        "hasNextPage": info.has_next_page,
        "hasPreviousPage": info.has_previous_page,
        "startCursor": info.start_cursor,
        "endCursor": info.end_cursor,
    }
    return orjson.dumps({key: known[name] for key, name in names.items()})


async def _made(reader: Reader, edges: _Edges, order: Order, page: Page) -> RenderedObject | None:
    """The page's edges: as they were kept, together or each for itself, or made now."""
    whole = edges.number, order.name, tuple(page.rows)
    if (kept := reader.cache.get(whole)) is not None:
        return kept
    # Under the sort key, of which the cursor is made, and the version.
    found = [reader.cache.get((edges.number, order.name, *row)) for row in page.rows]
    missing = [row[-2] for row, made in zip(page.rows, found, strict=True) if made is None]
    documents = await merchant_lookup.texts(reader.principal, missing) if missing else {}
    is_whole = True
    for place, row in enumerate(page.rows):
        if found[place] is not None:
            continue
        # A merchant that has changed meanwhile is shown as it is now; one that has gone has no edge.
        version, document = documents.get(row[-2], (None, ""))
        is_whole = is_whole and version == row[-1]
        if version is None:
            continue
        node = edges.node.render_text(document, reader.stale_after) if edges.node is not None else _NO_NODE
        if node is None:
            return None
        pieces = {_CURSOR: f'"{cursor(order, row[:-1])}"'.encode(), edges.node: node.text}
        text = b"".join([b"{", *(pieces.get(part, part) for part in edges.parts), b"}"])
        found[place] = made = RenderedObject(text, node.until)
        reader.cache.put((edges.number, order.name, *row[:-1], version), made)
    shown = [made for made in found if made is not None]
    until = min((made.until for made in shown if made.until is not None), default=None)
    together = RenderedObject(b",".join([made.text for made in shown]), until)
    if is_whole:
        reader.cache.put(whole, together, parts=len(page.rows))
    return together
