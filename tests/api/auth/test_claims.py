from typing import Any

import pytest

from api.auth.claims import find, has, is_id_token, words

NAMES = {
    "role": "a",
    "realm_access": {"roles": ["b"]},
    "resource_access": {
        "my-app": {"roles": ["c"]},
        "shop.example": {"roles": ["d"]},
        "https://x/y": {"z": "e"},
    },
    "https://app.example/roles": ["f"],
    "cognito:groups": ["g"],
    "extn.merchant": "h",
    "extn": {"merchant": "i", "other": "j"},
    "a.b": {"c": "k"},
    "a": {"b": {"d": "l"}, "list": [{"name": "m"}]},
    "": "n",
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("role", "a"),
        ("realm_access.roles", ["b"]),
        ("resource_access.my-app.roles", ["c"]),
        ("resource_access.shop.example.roles", ["d"]),
        ("resource_access.https://x/y.z", "e"),
        ("https://app.example/roles", ["f"]),
        ("cognito:groups", ["g"]),
        ("extn.merchant", "h"),  # the longest name is used
        ("extn.other", "j"),
        ("a.b.c", "k"),
        ("a.b.d", None),  # `a.b` is the longest name that matches
        ("a.list.name", None),
        ("a.list.0", None),
        ("role.a", None),
        ("roles", None),
        ("realm_access", {"roles": ["b"]}),
        ("realm_access.roles.b", None),
        ("Role", None),
    ],
)
def test_a_path_reaches_nested_values_and_names_may_contain_dots(path: str, value: Any) -> None:
    assert find(NAMES, path) == value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("operator", {"operator"}),
        ("two words", {"two words"}),
        (["operator", "two words", 7, None, ["nested"], {"name": "x"}], {"operator", "two words"}),
        ([], set()),
        ({"operator": True}, set()),
        (True, set()),
        (None, set()),
    ],
)
def test_a_claim_is_a_string_or_a_list_and_other_values_are_ignored(value: Any, expected: set[str]) -> None:
    assert words({"roles": value}, ["roles", "missing"]) == expected


def test_only_scopes_are_split_at_spaces() -> None:
    claims = {"scope": "a b", "scp": "c d", "realm": {"scope": "e f"}, "roles": ["g"]}
    assert words(claims, ["scope", "scp", "realm.scope", "roles"]) == {"a", "b", "c", "d", "e f", "g"}


@pytest.mark.parametrize(
    ("value", "accepted", "expected"),
    [
        ("access", ("access",), True),
        ("access", ("id", "access"), True),
        ("access", (), True),
        ("id", ("access",), False),
        ("Access", ("access",), False),
        (["a", "access"], ("access",), True),
        ([["access"]], ("access",), False),
        (2, ("2",), True),
        (2.0, ("2",), False),
        ("2", ("2",), True),
        (True, ("true",), True),
        (False, ("false",), True),
        (False, ("true",), False),
        (False, (), True),
        (0, (), True),
        (None, (), False),
        ("", (), False),
        ([], (), False),
        ({}, (), False),
        (None, ("None",), False),
        ({"access": 1}, ("access",), False),
    ],
)
def test_a_required_claim_needs_an_accepted_value(
    value: Any, accepted: tuple[str, ...], expected: bool
) -> None:
    assert has({"use": value}, "use", accepted) is expected
    assert has({"object": {"use": value}}, "object.use", accepted) is expected
    assert has({}, "use", accepted) is False


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({}, False),
        ({"token_use": "access", "typ": "Bearer", "nonce": "n"}, False),
        ({"token_use": "id"}, True),
        ({"typ": "ID"}, True),
        ({"at_hash": "x"}, True),
        ({"c_hash": None}, True),
    ],
)
def test_id_tokens_are_recognised_by_their_claims(claims: dict[str, Any], expected: bool) -> None:
    assert is_id_token(claims) is expected
