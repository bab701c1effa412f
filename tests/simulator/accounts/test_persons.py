"""Persons: create, change, list and delete them, with their events."""

from decimal import Decimal
from typing import Any

import pytest
import stripe

from testing.processes import Simulator
from tests.simulator.conftest import Stripe, error, items, plain

JENNY: dict[str, Any] = {
    "given_name": "Jenny",
    "surname": "Rosen",
    "date_of_birth": {"day": 1, "month": 1, "year": 1990},
}


async def create(api: Stripe, account: str, **details: Any) -> dict[str, Any]:
    return plain(await api.client.v2.core.accounts.persons.create_async(account, details))  # type: ignore[arg-type]


async def refusal(call: Any) -> tuple[int | None, str]:
    with pytest.raises(stripe.StripeError) as caught:
        await call
    return caught.value.http_status, error(caught.value)["code"]


async def person_events(api: Stripe, person: str) -> list[str]:
    """Return the types of the events of a person, oldest first."""
    events = [event for event in await api.events() if event["related_object"]["id"] == person]
    return [event["type"] for event in reversed(events)]


async def test_a_person_is_created_changed_and_deleted(api: Stripe) -> None:
    account = (await api.create())["id"]
    persons = api.client.v2.core.accounts.persons
    owner = {"relationship": {"owner": True, "percent_ownership": Decimal("25.5")}, "metadata": {"a": "1"}}
    person = await create(api, account, **JENNY, **owner)
    assert (person["account"], person["given_name"]) == (account, "Jenny")
    assert person["relationship"] == {"owner": True, "percent_ownership": Decimal("25.5")}
    changes: Any = {"surname": "Stone", "metadata": {"a": None, "b": "2"}}
    changed = plain(await persons.update_async(account, person["id"], changes))
    assert (changed["given_name"], changed["surname"]) == ("Jenny", "Stone")
    assert changed["metadata"] == {"b": "2"}
    assert plain(await persons.retrieve_async(account, person["id"])) == changed
    assert plain(await persons.list_async(account))["data"] == [changed]
    assert plain(await persons.delete_async(account, person["id"]))["id"] == person["id"]
    assert await refusal(persons.retrieve_async(account, person["id"])) == (404, "not_found")
    assert await person_events(api, person["id"]) == [
        "v2.core.account_person.created",
        "v2.core.account_person.updated",
        "v2.core.account_person.deleted",
    ]


async def test_a_representative_provides_the_details_that_onboarding_asks_for(api: Stripe) -> None:
    account = (await api.create())["id"]
    persons = api.client.v2.core.accounts.persons
    open_names = {"identity.individual.given_name", "identity.individual.surname"}
    person = await create(api, account, **JENNY, relationship={"representative": True})
    described = {description for description, _ in items(await api.fetch(account))}
    assert not described & open_names
    update: Any = {"email": "jenny@shop.example"}
    await persons.update_async(account, person["id"], update)
    assert ("identity.individual.email", "user") not in items(await api.fetch(account))
    await persons.delete_async(account, person["id"])
    described = {description for description, _ in items(await api.fetch(account))}
    assert open_names <= described
    assert await person_events(api, person["id"]) == [
        "v2.core.account_person.created",
        "v2.core.account_person.updated",
        "v2.core.account_person.deleted",
    ]


async def test_an_invalid_person_is_refused_and_changes_nothing(api: Stripe, sim: Simulator) -> None:
    account = (await api.create())["id"]
    share: Any = {"owner": True, "percent_ownership": Decimal(60)}
    await create(api, account, **JENNY, relationship=share)
    before = sim.control("accounts")["data"]
    for details, code in (
        (JENNY, "duplicate_person_not_allowed"),
        ({"given_name": "A", "relationship": share}, "total_person_ownership_exceeded"),
        ({"relationship": {"percent_ownership": Decimal(0)}}, "person_percent_ownership_invalid"),
        ({"email": "nobody"}, "email_invalid"),
        ({"colour": "red"}, "parameter_unknown"),
        ({"person_token": "perstok_none"}, "invalid_person_token"),
    ):
        status = 403 if code == "invalid_person_token" else 400
        assert await refusal(create(api, account, **details)) == (status, code)
    assert sim.control("accounts")["data"] == before
    sole = {"country": "US", "entity_type": "individual", "individual": {"given_name": "Jenny"}}
    individual = (await api.create(identity=sole))["id"]
    refused = (400, "individual_additional_person_not_allowed")
    assert await refusal(create(api, individual, given_name="Other")) == refused
