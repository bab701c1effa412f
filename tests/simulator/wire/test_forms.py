"""The parameters of v1 are converted to the types in a table, or refused in the same way as by Stripe."""

from typing import Any

import pytest

from simulator.wire import forms
from simulator.wire.errors import Refused

TABLE: dict[str, forms.Table] = {
    "amount": forms.at_least(1),
    "confirm": bool,
    "created": forms.CREATED,
    "expand": [str],
    "items": [{"quantity": int}],
    "metadata": forms.Unset(forms.METADATA),
    "mode": ("a", "b"),
    "name": str,
}


def test_strings_become_numbers_booleans_and_nulls() -> None:
    body = {
        "amount": "5",
        "confirm": "false",
        "created": {"gte": "3"},
        "expand": "a",
        "items": [{"quantity": "-2"}],
        "metadata": {"a": "", "b": "1"},
    }
    assert forms.read(body, TABLE) == {
        "amount": 5,
        "confirm": False,
        "created": {"gte": 3},
        "expand": ["a"],
        "items": [{"quantity": -2}],
        "metadata": {"a": None, "b": "1"},
    }
    assert forms.read({"created": "3", "metadata": ""}, TABLE) == {"created": 3, "metadata": None}


@pytest.mark.parametrize(
    ("body", "code", "param", "message"),
    [
        ({"amount": "1.5"}, "parameter_invalid_integer", "amount", "Invalid integer: 1.5"),
        ({"amount": {"a": "1"}}, None, "amount", "Invalid integer: {'a': '1'}"),
        ({"confirm": "yes"}, None, "confirm", "Invalid boolean: yes"),
        ({"items": "1"}, None, "items", "Invalid array"),
        ({"metadata": "1"}, None, "metadata", "Invalid object"),
        ({"mode": "c"}, None, "mode", "Invalid mode: must be a or b"),
        (
            {"items": [{"colour": "red"}]},
            "parameter_unknown",
            "items[0][colour]",
            "Received unknown parameter: items[0][colour]",
        ),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(
    body: dict[str, Any], code: str | None, param: str, message: str
) -> None:
    with pytest.raises(Refused) as caught:
        forms.read(body, TABLE)
    assert (caught.value.code, caught.value.param, str(caught.value)) == (code, param, message)


def test_an_empty_string_is_refused_for_a_parameter_that_cannot_be_unset() -> None:
    with pytest.raises(Refused) as caught:
        forms.read({"name": ""}, TABLE)
    assert (caught.value.code, caught.value.param) == ("parameter_invalid_empty", "name")
    assert str(caught.value).startswith("You passed an empty string for 'name'.")


def test_metadata_is_merged_and_null_removes_one_key_or_all() -> None:
    old = {"a": "1", "b": "2"}
    assert forms.merged(old, {"a": None, "c": "3"}) == {"b": "2", "c": "3"}
    assert forms.merged(old, None) == {}
