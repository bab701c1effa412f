"""Query strings and forms whose names have brackets."""

import pytest

from simulator.state import Json
from simulator.wire.bodies import parse_form
from simulator.wire.errors import Refused


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", {}),
        (b"a=1&b=", {"a": "1", "b": ""}),
        (b"a[]=1&a[]=2", {"a": ["1", "2"]}),
        (b"a=1&a=2&a=3", {"a": ["1", "2", "3"]}),
        (b"a[1]=y&a[0]=x", {"a": ["x", "y"]}),
        (b"a[b][c]=1&a[b][d]=2", {"a": {"b": {"c": "1", "d": "2"}}}),
        (b"items[0][price]=p&items[0][quantity]=2", {"items": [{"price": "p", "quantity": "2"}]}),
        (b"metadata[a+b]=c%26d", {"metadata": {"a b": "c&d"}}),
    ],
)
def test_names_with_brackets_become_objects_and_arrays(content: bytes, expected: Json) -> None:
    assert parse_form(content) == expected


@pytest.mark.parametrize("content", [b"a", b"[a]=1", b"a[b=1", b"\xff=1"])
def test_a_malformed_form_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        parse_form(content)
