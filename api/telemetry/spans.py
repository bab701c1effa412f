"""The parts of spans: names, attributes, and references to other traces."""

import re
from collections.abc import MutableMapping
from functools import lru_cache
from typing import Any

import graphql
from graphql import OperationDefinitionNode
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from resolvers.execution import operations

# Longer documents and statements are cut.
MAX_TEXT = 2000

W3C = TraceContextTextMapPropagator()
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+\"?([a-z_]+)", re.IGNORECASE)
# This node is printed as a question mark without quotes.
_LITERAL = graphql.EnumValueNode(value="?")


def add_ids(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Add the ids of the current span to a log line. They replace the trace id from a proxy's header."""
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"], event["span_id"] = f"{context.trace_id:032x}", f"{context.span_id:016x}"
    return event


@lru_cache(maxsize=operations.MAX_DOCUMENTS)
def sanitised(document: str) -> str:
    """The document without literals."""
    return graphql.print_ast(graphql.visit(graphql.parse(document), _Sanitiser()))[:MAX_TEXT]


class _Sanitiser(graphql.Visitor):
    """Replaces each literal by a question mark."""

    def _replace(self, *_: Any) -> graphql.Node:
        return _LITERAL

    enter_int_value = enter_float_value = enter_string_value = enter_boolean_value = _replace
    enter_enum_value = enter_list_value = enter_object_value = enter_null_value = _replace


@lru_cache(maxsize=512)
def summary(statement: str) -> str:
    """The verb and the first table of a statement."""
    verb = statement.split(None, 1)[0].upper() if statement.strip() else "?"
    table = _TABLE.search(statement)
    return f"{verb} {table[1]}" if table else verb


def about(operation: OperationDefinitionNode, document: str | None) -> dict[str, Any]:
    attributes = {"graphql.operation.type": operation.operation.value}
    if operation.name is not None:
        attributes["graphql.operation.name"] = operation.name.value
    if document is not None:
        attributes["graphql.document"] = document
    return attributes


def fail(span: Span, error: str, *, is_fault: bool = True) -> None:
    span.set_attribute("error.type", error)
    if is_fault:
        span.set_status(StatusCode.ERROR)


def traceparent(span: Span) -> str | None:
    """The span as a `traceparent`; None if the span is not recorded."""
    context = span.get_span_context()
    if not context.trace_flags.sampled:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def link(origin: str | None) -> list[Link]:
    """Return a list with a link to the origin. The list is empty if the origin is missing or invalid."""
    if origin is None:
        return []
    context = trace.get_current_span(W3C.extract({"traceparent": origin}, Context())).get_span_context()
    return [Link(context)] if context.is_valid else []
