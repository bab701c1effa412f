"""The names of the persons whom requirements concern. Pure.

Only their names, ids and roles are kept, and only while a requirement concerns them (docs/decisions/0010).
"""

from collections.abc import Iterator, Sequence

from connect.merchants.rules.account.requirements import Person as Whose
from connect.merchants.rules.account.requirements import PersonRole, person, subject
from connect.merchants.rules.account.requirements import Subject as About
from connect.merchants.rules.account.sections import Entry, requirements
from connect.merchants.rules.account.snapshot import Individual, Json, as_object, as_text, most_urgent

MAX_NAME = 120
INDIVIDUAL = ("identity.individual.", "individual.")
# The names of the roles in Stripe's `relationship`.
RELATIONSHIPS = {
    "representative": PersonRole.REPRESENTATIVE,
    "owner": PersonRole.OWNER,
    "director": PersonRole.DIRECTOR,
    "executive": PersonRole.EXECUTIVE,
    "authorizer": PersonRole.AUTHORIZER,
    "legal_guardian": PersonRole.LEGAL_GUARDIAN,
}


def concerns_others(answer: Json) -> bool:
    """Whether a requirement concerns a person other than the one in `identity.individual` of the answer.

    For a company, `identity.individual` is null, even if the key of a requirement starts with that name.
    """
    identity = as_object(answer.get("identity"))
    shown = as_text(as_object(identity.get("individual")).get("id"))
    is_single = identity.get("entity_type") in {None, "individual"}

    def is_shown(entry: Entry, whose: Whose) -> bool:
        of_holder = entry.key.startswith(INDIVIDUAL)
        return of_holder if whose.id is None else whose.id == shown or (of_holder and is_single)

    return not all(is_shown(entry, whose) for entry, whose in _about_persons(answer))


def select(answer: Json, listed: Sequence[Json]) -> list[Json]:
    """The name, id and roles of each person whom a requirement of the account concerns.

    `listed` has Stripe's answers about persons. The person in `identity.individual` is the account holder.
    """
    concerned = [whose for _, whose in _about_persons(answer)]
    ids = {whose.id for whose in concerned if whose.id is not None}
    roles = {whose.role for whose in concerned if whose.id is None}
    individual = as_object(as_object(answer.get("identity")).get("individual"))
    found: list[Json] = []
    for raw in (individual, *listed):
        held = [role for name, role in RELATIONSHIPS.items() if as_object(raw.get("relationship")).get(name)]
        if raw is individual:
            held = [*held, PersonRole.ACCOUNT_HOLDER]
        identifier, name = as_text(raw.get("id")), _name(raw)
        if name and (identifier in ids or roles & set(held)):
            found.append({"id": identifier, "name": name, "roles": [role.value for role in held]})
    return found


def is_listed(new: Json, listed: Sequence[Json]) -> bool:
    """Whether Stripe lists a person with the same name, date of birth, email and relationship as the new one.

    Values that the request `new` lacks are not compared. Phone numbers and addresses are not compared either,
    because Stripe may reformat them.
    """
    names = [name for name in ("given_name", "surname", "email", "date_of_birth") if name in new]
    relationship = as_object(new.get("relationship"))

    def is_same(raw: Json) -> bool:
        held = as_object(raw.get("relationship"))
        return all(_folded(raw.get(name)) == _folded(new[name]) for name in names) and all(
            held.get(name) == value for name, value in relationship.items()
        )

    return any(is_same(raw) for raw in listed)


def named(whose: Whose, individuals: Sequence[Individual]) -> Individual | None:
    """The person among `individuals` who has the id of `whose`. If `whose` has no id, it is the person who
    has the role of `whose`. None if there is no such person, or if several persons have this role.
    """
    if whose.id is not None:
        return next((one for one in individuals if one.id == whose.id), None)
    in_role = [one for one in individuals if whose.role is not None and whose.role.value in one.roles]
    return in_role[0] if len({(one.id, one.name) for one in in_role}) == 1 else None


def _about_persons(answer: Json) -> Iterator[tuple[Entry, Whose]]:
    for name in ("requirements", "future_requirements"):
        section = as_object(answer.get(name))
        for entry in requirements(most_urgent(section)).entries:
            if subject(entry) is About.PERSON and (whose := person(entry)) is not None:
                yield entry, whose


def _folded(value: object) -> object:
    return value.strip().casefold() if isinstance(value, str) else value


def _name(raw: Json) -> str:
    parts = (as_text(raw.get("given_name")), as_text(raw.get("surname")))
    return " ".join(part.strip() for part in parts if part and part.strip())[:MAX_NAME]
