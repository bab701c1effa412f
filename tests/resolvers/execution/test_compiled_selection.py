"""Compiled selections: their answers, their limits and their cache."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import FieldNode, FragmentDefinitionNode, get_operation_ast, parse
from graphql.execution import get_variable_values
from graphql.execution.collect_fields import FieldDetails, FragmentDetails

from connect.merchants.rules.dashboard.dashboard_addresses import relocate_to
from connect.merchants.rules.document import wire_time
from resolvers.execution.compiled_selection import CompiledSelection, SelectionCache, compile_selection
from resolvers.schema import schema

CORE = schema._schema
HOUR = timedelta(hours=1)
RELOCATE = relocate_to("http://local.example/dashboard")
DOCUMENT: dict[str, Any] = {
    "__typename": "Merchant",
    "id": "TWVy",
    "displayName": "Amber Bakery",
    "status": "ACTIVE",
    "nextAction": {"url": "https://dashboard.stripe.com/acct_1/test/dashboard", "deadline": None},
    "account": {
        "__typename": "ConnectedAccount",
        "id": "Q29u",
        "livemode": False,
        "platformDashboardUrl": None,
    },
    "capabilities": [{"name": "card_payments", "details": []}, {"name": "payouts", "details": []}],
    "requirements": {"dueCount": 2, "entries": []},
    "freshness": {"syncedAt": None, "source": "webhook"},
}


def selecting(text: str, variables: dict[str, Any]) -> tuple[Any, list[FieldDetails]]:
    """The attributes of graphql-core's executor, and the root field of the query."""
    document = parse(text)
    operation = get_operation_ast(document)
    assert operation is not None
    values = get_variable_values(CORE, operation.variable_definitions or (), variables)
    fragments = {
        part.name.value: FragmentDetails(part)
        for part in document.definitions
        if isinstance(part, FragmentDefinitionNode)
    }
    (node,) = operation.selection_set.selections
    assert isinstance(node, FieldNode)
    executor = SimpleNamespace(schema=CORE, fragments=fragments, variable_values=values, operation=operation)
    return executor, [FieldDetails(node, None)]


def compiled(
    selection: str, variables: dict[str, Any] | None = None, head: str = ""
) -> CompiledSelection | None:
    executor, fields = selecting(f"query {head} {{ merchant {selection} }}", variables or {})
    return compile_selection(executor, CORE.type_map["Merchant"], fields)


def rendered(selection: str, document: dict[str, Any] | None = None, **variables: Any) -> str | None:
    head = "($yes: Boolean!)" if variables else ""
    compiled_selection = compiled(selection, variables, head)
    assert compiled_selection is not None
    answer = compiled_selection.render_text(json.dumps(document or DOCUMENT), HOUR, RELOCATE)
    again = compiled_selection.render(document or DOCUMENT, HOUR, RELOCATE)
    assert (answer and answer.text) == (again and again.text)
    return answer.text.decode() if answer is not None else None


@pytest.mark.parametrize(
    ("selection", "answer"),
    [
        ("{ displayName }", '{"displayName":"Amber Bakery"}'),
        (
            "{ shop: displayName account { id } }",
            '{"shop":"Amber Bakery","account":{"id":"Q29u"}}',
        ),
        ("{ account { livemode } id }", '{"account":{"livemode":false},"id":"TWVy"}'),
        (
            "{ __typename account { kind: __typename } }",
            '{"__typename":"Merchant","account":{"kind":"ConnectedAccount"}}',
        ),
        (
            "{ nextAction { url } }",
            '{"nextAction":{"url":"http://local.example/dashboard/acct_1/test/dashboard"}}',
        ),
        ("{ account { platformDashboardUrl } }", '{"account":{"platformDashboardUrl":null}}'),
        ("{ capabilities { name } }", '{"capabilities":[{"name":"card_payments"},{"name":"payouts"}]}'),
        ("{ ... on Merchant { id } ... { status } }", '{"id":"TWVy","status":"ACTIVE"}'),
        (
            "{ requirements { dueCount } requirements { entries { key } } }",
            '{"requirements":{"dueCount":2,"entries":[]}}',
        ),
    ],
)
def test_the_answer_has_the_selected_fields_in_the_order_of_the_query(selection: str, answer: str) -> None:
    assert rendered(selection) == answer


def test_skip_and_include_select_fields() -> None:
    selection = "{ id @include(if: $yes) status @skip(if: $yes) }"
    assert rendered(selection, yes=True) == '{"id":"TWVy"}'
    assert rendered(selection, yes=False) == '{"status":"ACTIVE"}'


@pytest.mark.parametrize(
    "change",
    [
        {"displayName": None},
        {"displayName": 5},
        {"status": "UNHEARD_OF"},
        {"account": {"__typename": "Merchant", "id": "x"}},
        {"requirements": {"dueCount": 2**31, "entries": []}},
        {"__typename": "StripeEvent"},
        {"nextAction": {"url": 5}},
    ],
)
def test_a_document_that_does_not_match_the_schema_is_not_rendered(change: dict[str, Any]) -> None:
    selection = "{ displayName status account { id } requirements { dueCount } nextAction { url } }"
    assert rendered(selection) is not None
    assert rendered(selection, {**DOCUMENT, **change}) is None


@pytest.mark.parametrize(
    "selection",
    [
        "{ id again: id }",
        "{ timeline { edges { cursor } } }",
        "{ requirements { entries(deadline: [PAST_DUE]) { key } } }",
        "{ freshness { stale } other: freshness { stale } }",
    ],
)
def test_a_selection_that_graphql_core_must_complete_is_not_compiled(selection: str) -> None:
    assert compiled(selection) is None


def test_an_answer_with_the_field_stale_expires_when_the_document_becomes_stale() -> None:
    selection = compiled("{ freshness { stale } }")
    assert selection is not None
    now = datetime.now(UTC)
    for synced_at, stale, until in (
        (now, "false", pytest.approx((now + HOUR).timestamp(), abs=0.001)),
        (now - 2 * HOUR, "true", None),
        (None, "true", None),
    ):
        freshness = {"syncedAt": wire_time(synced_at) if synced_at else None, "source": None}
        answer = selection.render({**DOCUMENT, "freshness": freshness}, HOUR, RELOCATE)
        assert answer is not None
        assert answer.text.decode() == f'{{"freshness":{{"stale":{stale}}}}}'
        assert answer.until == until


def test_equal_selections_are_compiled_once() -> None:
    assert compiled("{ id status }") is compiled("{ id ... { status } }")
    assert compiled("{ id status }") is not compiled("{ status id }")


def test_the_cache_finds_a_selection_by_its_nodes_and_flags() -> None:
    cache, type_ = SelectionCache(), CORE.type_map["Merchant"]
    text = "query ($yes: Boolean!) { merchant { id status @include(if: $yes) } }"
    executor, fields = selecting(text, {"yes": True})
    first = cache.find(executor, type_, fields)  # type: ignore[arg-type]
    assert cache.find(executor, type_, fields) is first  # type: ignore[arg-type]
    executor.variable_values = selecting(text, {"yes": False})[0].variable_values
    assert cache.find(executor, type_, fields) is not first  # type: ignore[arg-type]
