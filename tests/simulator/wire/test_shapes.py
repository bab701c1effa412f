"""The objects and the parameters of v2 match the types of the SDK."""

import importlib
import inspect
import typing
from typing import Any, Literal, Union, get_args, get_origin

import pytest
import stripe
from stripe import StripeObject
from stripe.events import _event_classes
from stripe.params.v2.core import (
    AccountCreateParams,
    AccountLinkCreateParams,
    AccountTokenCreateParams,
    AccountUpdateParams,
)
from stripe.params.v2.core import EventDestinationCreateParams as DestinationParams
from stripe.params.v2.core.accounts import PersonCreateParams, PersonTokenCreateParams, PersonUpdateParams
from stripe.v2.core import Account, AccountLink, AccountPerson, EventDestination

from simulator.accounts import fields, links
from simulator.events import destinations
from simulator.wire import versions
from simulator.wire.shapes import Shape
from testing.processes import Simulator
from tests.simulator.conftest import ACCOUNT, Stripe, plain

SCENARIOS = [
    "activate",
    "review",
    "fail_document",
    "due_soon",
    "past_due",
    "future_requirements",
    "reject",
    "unsupported",
    "restricted_other",
    "payouts_blocked",
    "close",
]


def mismatches(value: Any, declared: Any, path: str, scope: dict[str, Any]) -> list[str]:
    """Return the paths at which a value does not match a type of the SDK."""
    if isinstance(declared, str):
        declared = eval(declared, {**vars(typing), **vars(stripe), **scope})
    if isinstance(declared, typing.ForwardRef):
        return mismatches(value, declared.__forward_arg__, path, scope)
    origin, arguments = get_origin(declared), get_args(declared)
    if declared is Any:
        return []
    if origin is Union:
        # The SDK declares an open enum as Literal or str. Here only the values of the Literal are valid.
        open_enum = any(get_origin(part) is Literal for part in arguments) and str in arguments
        parts = [part for part in arguments if not (open_enum and part is str)]
        options = [mismatches(value, part, path, scope) for part in parts]
        return [] if any(not part for part in options) else min(options, key=len)
    if origin is Literal:
        return [] if value in arguments else [f"{path}: {value!r} is not one of {arguments}"]
    if origin is list:
        if not isinstance(value, list):
            return [f"{path}: {value!r} is not a list"]
        inner = [mismatches(part, arguments[0], f"{path}[{n}]", scope) for n, part in enumerate(value)]
        return [line for lines in inner for line in lines]
    if origin is not None:  # UntypedStripeObject[...]: a map
        if not isinstance(value, dict):
            return [f"{path}: {value!r} is not a map"]
        inner = [mismatches(part, arguments[0], f"{path}.{key}", scope) for key, part in value.items()]
        return [line for lines in inner for line in lines]
    if inspect.isclass(declared) and issubclass(declared, StripeObject):
        return _object_mismatches(value, declared, path)
    if declared is type(None):
        return [] if value is None else [f"{path}: {value!r} is not null"]
    return [] if type(value) is declared else [f"{path}: {value!r} is not {declared}"]


def _object_mismatches(value: Any, declared: type[StripeObject], path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path}: {value!r} is not an object"]
    lines: list[str] = []
    annotations: dict[str, Any] = {}
    scope: dict[str, Any] = {}
    for base in reversed(declared.__mro__):
        if issubclass(base, StripeObject) and base is not StripeObject:
            annotations |= inspect.get_annotations(base)
            scope |= vars(importlib.import_module(base.__module__)) | vars(base)
    annotations = {name: kind for name, kind in annotations.items() if not name.isupper() and name[0] != "_"}
    for name, kind in annotations.items():
        if name in value:
            lines += mismatches(value[name], kind, f"{path}.{name}", scope)
        elif type(None) not in get_args(kind):
            lines.append(f"{path}.{name}: missing")
    return lines + [f"{path}.{name}: not declared" for name in value if name not in annotations]


FULL: dict[str, Any] = {
    "contact_phone": "+15555550100",
    "identity": {
        "country": "US",
        "entity_type": "individual",
        "attestations": {"persons_provided": {"owners": True}},
        "business_details": {"registered_name": "Shop", "annual_revenue": {"fiscal_year_end": "2025-12-31"}},
        "individual": {
            "given_name": "Jenny",
            "date_of_birth": {"day": 1, "month": 2, "year": 1990},
            "id_numbers": [{"type": "us_ssn", "value": "000000000"}],
            "relationship": {"owner": True, "percent_ownership": "80.5", "title": "CEO"},
        },
    },
    "configuration": {
        "customer": {"capabilities": {"automatic_indirect_tax": {"requested": True}}},
        "merchant": {
            **ACCOUNT["configuration"]["merchant"],
            "card_payments": {"decline_on": {"avs_failure": True}},
            "statement_descriptor": {"descriptor": "SHOP EXAMPLE"},
            "support": {"email": "help@shop.example", "address": {"city": "Berlin", "country": "DE"}},
        },
    },
}


@pytest.mark.parametrize("changes", [{}, FULL], ids=["small", "full"])
async def test_an_account_matches_the_sdk_in_every_state(
    api: Stripe, sim: Simulator, changes: dict[str, Any]
) -> None:
    account = await api.create(**changes)
    assert mismatches(account, Account, "account", {}) == []
    bare = plain(await api.client.v2.core.accounts.retrieve_async(account["id"]))
    assert mismatches(bare, Account, "account", {}) == []
    for scenario in SCENARIOS:
        sim.control(f"accounts/{account['id']}", {"scenario": scenario})
        assert mismatches(await api.fetch(account["id"]), Account, scenario, {}) == []


async def test_links_persons_destinations_and_events_match_the_sdk(api: Stripe, sim: Simulator) -> None:
    account = await api.create(**FULL)
    link = await api.link(account["id"], collection_options={"fields": "eventually_due"})
    assert mismatches(link, AccountLink, "link", {}) == []
    person = account["identity"]["individual"]["id"]
    body = plain(await api.client.v2.core.accounts.persons.retrieve_async(account["id"], person))
    assert mismatches(body, AccountPerson, "person", {}) == []
    service = api.client.v2.core.event_destinations
    destination = plain(
        await service.create_async(
            {
                "name": "Here",
                "type": "webhook_endpoint",
                "event_payload": "thin",
                "enabled_events": ["v2.core.account.updated"],
                "events_from": ["@accounts"],
                "webhook_endpoint": {"url": f"{sim.base_url}/simulator/health"},
                "include": ["webhook_endpoint.signing_secret", "webhook_endpoint.url"],
            }
        )
    )
    assert mismatches(destination, EventDestination, "destination", {}) == []
    disabled = plain(await service.disable_async(destination["id"]))
    assert mismatches(disabled, EventDestination, "destination", {}) == []
    await service.ping_async(destination["id"])
    for scenario in (*SCENARIOS, "touch"):
        sim.control(f"accounts/{account['id']}", {"scenario": scenario})
    events = await api.events()
    lookup: Any = _event_classes.get_v2_event_class
    assert len({event["type"] for event in events}) >= 8
    for event in events:
        declared: Any = lookup(event["type"])
        assert mismatches(event, declared, event["type"], {}) == []


def _declared_fields(kind: Any, scope: dict[str, Any]) -> Any:
    """Return the names of a parameter type's fields as nested dicts. A leaf is None."""
    while isinstance(kind, str | typing.ForwardRef):
        text = kind if isinstance(kind, str) else kind.__forward_arg__
        kind = eval(text, {**vars(typing), **scope})
    if get_origin(kind) in {Union, list, typing.Required, typing.NotRequired}:
        inner = [_declared_fields(part, scope) for part in get_args(kind)]
        return next((part for part in inner if part), None)
    if hasattr(kind, "__required_keys__"):
        scope = vars(importlib.import_module(kind.__module__))
        return {name: _declared_fields(part, scope) for name, part in kind.__annotations__.items()}
    return None


@pytest.mark.parametrize(
    ("declared", "table"),
    [
        (AccountCreateParams, fields.CREATE),
        (AccountUpdateParams, fields.UPDATE),
        (AccountTokenCreateParams, fields.ACCOUNT_TOKEN),
        (PersonCreateParams, fields.PERSON_CHANGE),
        (PersonUpdateParams, fields.PERSON_CHANGE),
        (PersonTokenCreateParams, fields.PERSON_TOKEN),
        (AccountLinkCreateParams, links.shape(versions.DEFAULT)),
        (DestinationParams, destinations.DESTINATION),
    ],
)
def test_request_bodies_accept_exactly_the_fields_that_the_sdk_declares(declared: Any, table: Shape) -> None:
    def differences(names: Any, shape: Any, path: str) -> set[str]:
        shape = shape[0] if isinstance(shape, list) else shape
        if not names or not isinstance(shape, dict) or "*" in shape:
            return set()
        paths = {f"{path}.{name}" for name in set(names) ^ set(shape)}
        for name in set(names) & set(shape):
            paths |= differences(names[name], shape[name], f"{path}.{name}")
        return paths

    names = _declared_fields(declared, {})
    assert len(names) >= 2
    assert differences(names, table, "") <= {
        ".amazon_eventbridge",  # not simulated
        ".azure_event_grid",
    }


def test_event_destinations_accept_exactly_the_event_types_of_the_sdk() -> None:
    lookup: Any = _event_classes._V2_EVENT_CLASS_LOOKUP
    assert set(lookup) == destinations.TYPES
