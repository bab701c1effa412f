"""addPerson adds a person to the account at Stripe exactly once, and stores at most the person's name."""

from typing import Any

import pytest

from testing.faults import drop_deliveries, inject_fault
from testing.service import Service
from testing.state import read_tables

pytestmark = pytest.mark.without_worker

ADD = """
mutation ($input: AddPersonInput!) {
  addPerson(input: $input) {
    __typename
    ... on AddPersonPayload { merchant { requirements { entries { key } } freshness { source } } }
    ... on Error { message }
    ... on InvalidInputError { fields { name code } }
    ... on StripeRefusedError { code fields { name code } }
  }
}
"""
PERSON: dict[str, Any] = {
    "givenName": "Zacharias",
    "surname": "Winterbottom",
    "roles": ["REPRESENTATIVE", "OWNER"],
    "email": "zacharias@b\u00fccher.example",
    "phone": "+1 415 555 0103",
    "dateOfBirth": "1985-03-24",
    "address": {"country": "US", "line1": "7 Hidden Lane", "city": "Springfield", "postalCode": "62701"},
    "title": "CEO",
    "percentOwnership": "60.5",
}
PERSONS = "/v2/core/accounts/{account_id}/persons"
PRIVATE = ("Zacharias", "Winterbottom", "1985", "Hidden Lane", "Springfield", "62701", "555 0103")


async def add(service: Service, external_id: str = "shop-1", **changed: Any) -> dict[str, Any]:
    variables = {"input": {"merchant": {"externalId": external_id}, "person": {**PERSON, **changed}}}
    result: dict[str, Any] = (await service.graphql(ADD, variables))["addPerson"]
    return result


def posts(service: Service) -> int:
    return int(service.simulator.control("calls")["calls"].get(f"POST {PERSONS}", 0))


async def test_stripe_gets_the_person_and_asks_only_for_the_id_number(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1", entityType="COMPANY")
    added = await add(service)
    assert added["__typename"] == "AddPersonPayload"
    assert added["merchant"]["freshness"] == {"source": "update"}
    asked = {entry["key"] for entry in added["merchant"]["requirements"]["entries"]}
    assert {key for key in asked if key.startswith("identity.individual.")} == {
        "identity.individual.id_numbers"
    }
    (account,) = service.simulator.control("accounts")["data"]
    headers = {"Authorization": "Bearer sk_test_reader"}
    persons = service.simulator.client.get(f"/v2/core/accounts/{account['id']}/persons", headers=headers)
    (person,) = persons.json()["data"]
    assert person["relationship"] == {
        "representative": True,
        "owner": True,
        "title": "CEO",
        "percent_ownership": "60.5",
    }
    assert person["date_of_birth"] == {"day": 24, "month": 3, "year": 1985}
    assert person["email"] == "zacharias@xn--bcher-kva.example"


async def test_a_repeat_does_not_add_the_person_again(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1", entityType="COMPANY")
    for _ in range(2):
        assert (await add(service))["__typename"] == "AddPersonPayload"
    assert posts(service) == 1  # the repeat found the person in Stripe's list
    inject_fault(service, PERSONS, {"status": 200, "body": {"data": [], "next_page_url": None}}, "GET")
    assert (await add(service))["__typename"] == "AddPersonPayload"
    assert posts(service) == 2  # the list lacks the person, but the idempotency key prevents a second one
    other = await add(service, givenName="Other", roles=["OWNER"], percentOwnership="39.5")
    assert other["__typename"] == "AddPersonPayload"
    (account,) = service.simulator.control("accounts")["data"]
    headers = {"Authorization": "Bearer sk_test_reader"}
    persons = service.simulator.client.get(f"/v2/core/accounts/{account['id']}/persons", headers=headers)
    assert [person["given_name"] for person in persons.json()["data"]] == ["Zacharias", "Other"]


async def test_only_the_name_is_stored_while_a_requirement_concerns_the_person(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1", entityType="COMPANY")
    await add(service)
    stored = repr(await read_tables())
    assert [word for word in PRIVATE if word in stored] == ["Zacharias", "Winterbottom"]
    await add(service, givenName="Xaver", surname="Zweifel", roles=["DIRECTOR"], percentOwnership=None)
    assert "Zweifel" not in repr(await read_tables())


INVALID: list[tuple[dict[str, Any], str, str]] = [
    ({"givenName": ""}, "person.givenName", "REQUIRED"),
    ({"surname": " x"}, "person.surname", "OUTER_SPACES"),
    ({"email": "nobody"}, "person.email", "EMAIL_INVALID"),
    ({"phone": "1"}, "person.phone", "PHONE_INVALID"),
    ({"dateOfBirth": "1985-02-30"}, "person.dateOfBirth", "DATE_INVALID"),
    ({"dateOfBirth": "9999-12-31"}, "person.dateOfBirth", "DATE_INVALID"),
    ({"address": {"country": "UK"}}, "person.address.country", "COUNTRY_UNKNOWN"),
    ({"title": ""}, "person.title", "REQUIRED"),
    *(
        ({"percentOwnership": share}, "person.percentOwnership", "SHARE_INVALID")
        for share in ("0", "100.1", "-1", "1e2", "half", "")
    ),
]


@pytest.mark.one_database
async def test_an_invalid_person_is_not_sent(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1", entityType="COMPANY")
    for changed, field, code in INVALID:
        refused = await add(service, **changed)
        assert refused["__typename"] == "InvalidInputError", changed
        assert refused["fields"] == [{"name": field, "code": code}]
    assert posts(service) == 0


@pytest.mark.one_database
async def test_an_individual_or_a_merchant_without_an_entity_type_takes_no_person(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1", entityType="INDIVIDUAL")
    await service.create("shop-2")
    for external_id in ("shop-1", "shop-2"):
        refused = await add(service, external_id)
        assert refused["fields"] == [{"name": "person", "code": "NOT_AVAILABLE"}]


@pytest.mark.one_database
async def test_a_refusal_of_stripe_names_the_field_and_repeats_no_personal_data(service: Service) -> None:
    drop_deliveries(service)
    await service.create("shop-1", entityType="COMPANY")
    await add(service)
    refused = await add(service, givenName="Other", roles=["OWNER"], percentOwnership="50")
    assert refused["code"] == "total_person_ownership_exceeded"
    assert refused["fields"] == [{"name": "person.percentOwnership", "code": "SHARE_INVALID"}]
    message = "address.line1: '7 Hidden Lane' of Winterbottom is not an address."
    error = {"code": "address_characters_invalid", "message": message}
    fault = {"method": "POST", "path": PERSONS, "status": 400, "body": {"error": error}}
    service.simulator.control("faults", fault)
    refused = await add(service, roles=["DIRECTOR"])
    assert refused["message"] == "address.line1: '[redacted]' of [redacted] is not an address."
    assert refused["fields"] == [{"name": "person.address.line1", "code": "ADDRESS_INVALID"}]
