"""Each deprecation names a replacement and an end date."""

import pytest
from graphql import build_schema

from contract import deprecations

SCHEMA = """
type Query { shops(first: Int, limit: Int %(argument)s): [Shop!]! }
type Shop { name: String! title: String! %(field)s old: String @deprecated(reason: "%(valid)s") }
enum Order { ASC UP %(value)s }
input New { name: String title: String %(input)s }
"""
VALID = "Use `Shop.name`. Works until 2027-06-30."
UNCLEAR = "deprecated without a replacement and a date; write Use `Type.field`. Works until 2027-06-30."


def problems(**reasons: str) -> list[str]:
    directives = {name: f'@deprecated(reason: "{reason}")' for name, reason in reasons.items()}
    empty = dict.fromkeys(("argument", "field", "value", "input"), "")
    return deprecations.problems(build_schema(SCHEMA % {**empty, **directives, "valid": VALID}))


def test_a_reason_with_a_replacement_and_a_date_passes() -> None:
    assert (
        problems(
            argument="Use `Query.shops(first:)`. Works until 2027-06-30.",
            field="Use `Shop.name`. Works until 2028-02-29. They were always equal.",
            value="Use `Order.ASC`. Works until 2027-06-30.",
            input="Use `New.name`. Works until 2027-06-30.",
        )
        == []
    )


@pytest.mark.parametrize(
    ("place", "coordinate"),
    [
        ("argument", "Query.shops(limit:)"),
        ("field", "Shop.title"),
        ("value", "Order.UP"),
        ("input", "New.title"),
    ],
)
def test_every_kind_of_element_is_checked(place: str, coordinate: str) -> None:
    assert problems(**{place: "Old."}) == [f"{coordinate}: {UNCLEAR}"]


@pytest.mark.parametrize(
    ("reason", "problem"),
    [
        ("No longer supported", UNCLEAR),
        ("Use `Shop.name`.", UNCLEAR),
        ("Works until 2027-06-30.", UNCLEAR),
        ("Use `Shop.name`. Works until June.", UNCLEAR),
        ("Use `Shop.name`. Works until 2027-02-29.", "not a date: 2027-02-29"),
        ("Use `Shop.nmae`. Works until 2027-06-30.", "the replacement Shop.nmae is not in the schema"),
        ("Use `Shop.old`. Works until 2027-06-30.", "the replacement Shop.old is deprecated itself"),
        ("Use `Shop.title`. Works until 2027-06-30.", "the replacement Shop.title is deprecated itself"),
    ],
)
def test_an_incomplete_reason_is_reported(reason: str, problem: str) -> None:
    assert problems(field=reason) == [f"Shop.title: {problem}"]
