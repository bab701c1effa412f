"""A detail that lacks one of its parts is refused if, and only if, the SDK's types require the part."""

import importlib
import typing
from collections.abc import Iterator
from typing import Any, Union, get_args, get_origin

import pytest
import stripe
from stripe.params.v2.core import AccountCreateParams, AccountTokenCreateParams, AccountUpdateParams
from stripe.params.v2.core.accounts import PersonCreateParams, PersonTokenCreateParams, PersonUpdateParams

from simulator.accounts import parts
from simulator.wire.errors import Refused
from tests.simulator.conftest import Stripe, items, plain

Node = tuple[tuple[tuple[str, bool], ...], set[str]]


def nodes(kind: Any, scope: dict[str, Any], path: tuple[tuple[str, bool], ...] = ()) -> Iterator[Node]:
    """Yield the path of every object of a type, with its required fields.

    Each step of a path consists of the name of a field and a flag, which is true if the field is a list.
    """
    while isinstance(kind, str | typing.ForwardRef):
        text = kind if isinstance(kind, str) else kind.__forward_arg__
        kind = eval(text, {**vars(typing), **scope})
    if get_origin(kind) in {Union, typing.Required, typing.NotRequired}:
        for part in get_args(kind):
            yield from nodes(part, scope, path)
    elif get_origin(kind) is list:
        (*parents, (name, _)) = path
        yield from nodes(get_args(kind)[0], scope, (*parents, (name, True)))
    elif hasattr(kind, "__required_keys__"):
        scope = vars(importlib.import_module(kind.__module__))
        yield path, set(kind.__required_keys__)
        for name, part in kind.__annotations__.items():
            yield from nodes(part, scope, (*path, (name, False)))


def missing(path: tuple[tuple[str, bool], ...], *, creates: bool) -> set[str]:
    """Return the missing parts of an empty object at the path. All parents of the object are complete."""
    found: set[str] = set()
    content: dict[str, Any] = {}
    while True:
        body: Any = content
        for name, is_list in reversed(path):
            body = {name: [body] if is_list else body}
        try:
            parts.check(_with_parents(body, path), creates=creates)
        except Refused as refused:
            part = str(refused.param).rpartition(".")[2]
            found.add(part)
            content[part] = 1
        else:
            return found


def _with_parents(body: Any, path: tuple[tuple[str, bool], ...]) -> Any:
    """Complete the parents of the last object, so that only its own parts are missing."""
    place = body
    for name, is_list in path[:-1]:
        place = place[name][0] if is_list else place[name]
        for part in ("type", "files"):
            place.setdefault(part, 1)
        if path[-1][0] != "front_back":
            place.setdefault("front_back", 1)
    return body


@pytest.mark.parametrize(
    ("declared", "creates"),
    [
        (AccountCreateParams, True),
        (PersonCreateParams, True),
        (AccountUpdateParams, False),
        (PersonUpdateParams, False),
        (AccountTokenCreateParams, False),
        (PersonTokenCreateParams, False),
    ],
)
def test_the_required_parts_are_those_of_the_sdk(declared: Any, creates: bool) -> None:
    checked = 0
    for path, required in nodes(declared, {}):
        # The module `accounts` checks the responsibilities, because a merchant needs all of them.
        if not path or path[-1][0] == "responsibilities":
            continue
        assert missing(path, creates=creates) == required, path
        checked += bool(required)
    assert checked >= 9


async def test_the_refusal_has_the_path_of_the_missing_part(api: Stripe) -> None:
    details = {"id_numbers": [{"type": "us_ein", "value": "000000000"}, {"type": "us_ein"}]}
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await api.create(identity={"country": "US", "business_details": details})
    path = "identity.business_details.id_numbers[1].value"
    assert caught.value.user_message == f"{path}: required request field missing"


async def test_an_update_may_omit_fields_that_a_creation_needs(api: Stripe) -> None:
    address: dict[str, Any] = {"identity": {"country": "US", "individual": {"address": {"city": "Berlin"}}}}
    with pytest.raises(stripe.InvalidRequestError, match=r"individual\.address\.country: required"):
        await api.create(**address)
    account = await api.create()
    changes: Any = {**address, "include": ["requirements"]}
    updated = plain(await api.client.v2.core.accounts.update_async(account["id"], changes))
    assert ("identity.individual.address.city", "user") not in items(updated)
