"""A requirement about a person shows the person's name."""

from typing import Any

import pytest

from connect.merchants.rules.account.persons import concerns_others, is_listed, select
from connect.merchants.rules.account.snapshot import Individual, parse
from tests.connect.merchants.rules.expected_documents import derived
from tests.connect.merchants.rules.stripe_answers import PAST_DUE, account, entry

DOCUMENT = "documents.primary_verification.front_back.front"
OWNER = {"id": "person_1A", "given_name": "Ada", "surname": "Lovelace", "relationship": {"owner": True}}
DIRECTOR = {"id": "person_2B", "given_name": "Alan", "surname": " ", "relationship": {"director": True}}
SECRETS = {"date_of_birth": {"day": 1}, "email": "ada@shop.example", "id_numbers": [{"type": "us_ssn"}]}


def about(key: str, person: str | None = None) -> dict[str, Any]:
    reference = {"type": "person", "resource": person} if person is not None else None
    return {**entry(key), "reference": reference}


def people(answer: Any, *listed: Any) -> list[dict[str, Any]]:
    """Return the person of each group, and check that the entries have the same persons."""
    raw = {**answer, "persons": select(answer, listed)}
    document = derived(raw).document["requirements"]
    found = [group["person"] for group in document["groups"]]
    assert found == [one["person"] for one in document["entries"]]
    assert "ada@shop.example" not in str(parse(raw))
    return found


@pytest.mark.parametrize(
    ("key", "person", "expected"),
    [
        (DOCUMENT, "person_1A", ("person_1A", "Ada Lovelace", "OWNER", "Owner")),
        (f"person_2B.{DOCUMENT}", None, ("person_2B", "Alan", "DIRECTOR", "Director")),
        (f"persons.person_1A.{DOCUMENT}", None, ("person_1A", "Ada Lovelace", "OWNER", "Owner")),
        (f"directors.{DOCUMENT}", None, (None, "Alan", "DIRECTOR", "Director")),
        # The key names a role, but the person does not have this role at Stripe.
        (f"representative.{DOCUMENT}", "person_1A", ("person_1A", "Ada Lovelace", "REPRESENTATIVE", "Rep")),
        # No person has this id or role.
        (DOCUMENT, "person_3C", ("person_3C", None, None, "Person behind the business")),
        (f"executives.{DOCUMENT}", None, (None, None, "EXECUTIVE", "Manager")),
    ],
)
def test_a_requirement_names_its_person(key: str, person: str | None, expected: tuple[Any, ...]) -> None:
    answer = account(PAST_DUE, PAST_DUE, about(key, person))
    assert concerns_others(answer)
    (found,) = people(answer, {**OWNER, **SECRETS}, DIRECTOR)
    assert (found["id"], found["name"], found["role"]) == expected[:3]
    assert found["label"].startswith(expected[3])


def test_a_requirement_for_a_role_of_two_persons_has_no_name() -> None:
    answer = account(PAST_DUE, PAST_DUE, about(f"owners.{DOCUMENT}"))
    (found,) = people(answer, OWNER, {**OWNER, "id": "person_9Z", "given_name": "Mary"})
    assert (found["name"], found["role"]) == (None, "OWNER")


def test_the_name_of_the_holder_comes_from_the_account() -> None:
    answer = account(PAST_DUE, PAST_DUE, about(f"identity.individual.{DOCUMENT}"))
    answer["identity"] = {**answer["identity"], "individual": {**OWNER, **SECRETS}}
    assert not concerns_others(answer)
    (found,) = people(answer)
    assert (found["name"], found["role"]) == ("Ada Lovelace", "ACCOUNT_HOLDER")
    by_id = account(PAST_DUE, PAST_DUE, about(DOCUMENT, "person_1A"))
    by_id["identity"] = answer["identity"]
    assert not concerns_others(by_id)
    (found,) = people(by_id)
    assert found["name"] == "Ada Lovelace"


def test_only_persons_with_requirements_are_stored_and_only_their_names_and_roles() -> None:
    answer = account(PAST_DUE, PAST_DUE, about(DOCUMENT, "person_1A"))
    assert select(answer, [{**OWNER, **SECRETS}, DIRECTOR]) == [
        {"id": "person_1A", "name": "Ada Lovelace", "roles": ["OWNER"]}
    ]
    snapshot = parse({**answer, "persons": select(answer, [{**OWNER, **SECRETS}, DIRECTOR])})
    assert snapshot.persons == (Individual("Ada Lovelace", "person_1A", ("OWNER",)),)
    # Without a requirement about another person, no person is stored and no second call is needed.
    without = account(PAST_DUE, PAST_DUE, entry("external_account"))
    without["identity"] = {**without["identity"], "individual": OWNER}
    assert not concerns_others(without)
    assert select(without, [DIRECTOR]) == []


@pytest.mark.parametrize("raw", [{}, {"id": 1, "given_name": 2}, {"id": "person_1A", "given_name": ""}])
def test_a_person_without_a_name_is_left_out(raw: dict[str, Any]) -> None:
    answer = account(PAST_DUE, PAST_DUE, about(DOCUMENT, "person_1A"))
    assert select(answer, [raw]) == []


NEW = {
    "given_name": "Ada",
    "surname": "Lovelace",
    "email": "ada@shop.example",
    "date_of_birth": {"day": 24, "month": 3, "year": 1985},
    "relationship": {"owner": True, "percent_ownership": "60.5"},
    "phone": "+14155550103",
}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"surname": "LOVELACE ", "phone": "+1 415 555 0103", "id": "person_1A"}, True),
        ({"relationship": {"owner": True, "percent_ownership": "60.5", "director": True}}, True),
        ({"given_name": "Eve"}, False),
        ({"surname": "Other"}, False),
        ({"email": "other@shop.example"}, False),
        ({"email": None}, False),
        ({"date_of_birth": {"day": 25, "month": 3, "year": 1985}}, False),
        ({"relationship": {"owner": True, "percent_ownership": "25"}}, False),
        ({"relationship": None}, False),
    ],
)
def test_a_person_counts_as_listed_only_if_name_birth_email_roles_and_share_are_equal(
    changed: dict[str, Any], expected: bool
) -> None:
    assert is_listed(NEW, [DIRECTOR, NEW | changed]) is expected
    assert is_listed(NEW, []) is False
