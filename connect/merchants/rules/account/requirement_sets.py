"""The wire form of the requirements: Stripe's entries, and the groups that they make up. Pure."""

from collections.abc import Callable, Sequence
from typing import Any

from connect.merchants import wording
from connect.merchants.rules.account.persons import named
from connect.merchants.rules.account.requirements import (
    Group,
    Person,
    PersonRole,
    Urgency,
    alternatives,
    grouped,
    ordered,
    person,
    subject,
)
from connect.merchants.rules.account.sections import Entry, EntryError, Requirements
from connect.merchants.rules.account.snapshot import DEADLINES, Individual
from connect.merchants.rules.messages import Audience
from connect.merchants.rules.wire import wire_time, word

Document = dict[str, Any]


def future_urgency(entry: Entry) -> Urgency | None:
    return Urgency.SOON if entry.awaits_merchant else None


def requirement_set(
    section: Requirements,
    urgency: Callable[[Entry], Urgency | None],
    audience: Audience,
    persons: Sequence[Individual] = (),
) -> Document:
    options = alternatives(section)
    groups = grouped(section.entries, urgency)
    return {
        "dueCount": sum(g.urgency not in {None, Urgency.LATER} for g in groups),
        "pendingCount": sum(_party(g.entries) == "STRIPE" for g in groups),
        "nearestDeadline": wire_time(section.nearest_deadline),
        "transitionsAt": wire_time(section.transitions_at),
        "groups": [_group(group, audience, persons) for group in groups],
        "entries": [
            {
                **_entry(e, audience, persons),
                "alternatives": [
                    # At Stripe, the options of an alternative have no further alternatives.
                    [{**_entry(option, audience, persons), "alternatives": []} for option in group]
                    for group in options.get(e.identity, ())
                ],
            }
            for e in ordered(section.entries)
        ],
    }


def _group(group: Group, audience: Audience, persons: Sequence[Individual]) -> Document:
    first = group.entries[0]
    words = wording.requirement(_key(first, audience))
    documents = [_error(error, audience) for e in group.entries for error in e.errors]
    errors = {error["code"]: error for error in documents}  # two codes may share a neutral code
    return {
        "key": wording.group(_key(first, audience)).key,
        "title": words.title,
        "help": words.help,
        "subject": subject(first).value,
        "person": _person(group.person, persons),
        "awaitingActionFrom": _party(group.entries),
        "urgency": group.urgency.value if group.urgency else None,
        "items": [
            {
                "key": _key(e, audience),
                "awaitingActionFrom": _party([e]),
                "deadline": word(e.deadline, DEADLINES),
            }
            for e in group.entries
        ],
        "errors": list(errors.values()),
        "restricts": list(dict.fromkeys(i.capability for e in group.entries for i in e.impacts)),
    }


def _entry(entry: Entry, audience: Audience, persons: Sequence[Individual]) -> Document:
    words = wording.requirement(_key(entry, audience))
    whose = person(entry)
    return {
        "key": _key(entry, audience),
        "title": words.title,
        "help": words.help,
        "subject": subject(entry).value,
        "personId": whose.id if whose else None,
        "person": _person(whose, persons),
        "awaitingActionFrom": _party([entry]),
        "deadline": word(entry.deadline, DEADLINES),
        "reasons": [
            r for r in entry.reasons if audience is Audience.PLATFORM or wording.is_neutral_reason(r)
        ],
        "errors": [_error(error, audience) for error in entry.errors],
        "restricts": [
            {"capability": i.capability, "deadline": word(i.deadline, DEADLINES)} for i in entry.impacts
        ],
    }


def _error(error: EntryError, audience: Audience) -> Document:
    explanation = wording.requirement_error(error.code)
    if audience is Audience.MERCHANT:
        return {
            "code": wording.neutral_error(error.code),
            "message": explanation,  # Stripe's own text could name a withheld reason
            "explanation": explanation,
        }
    return {"code": error.code, "message": error.description or explanation, "explanation": explanation}


def _key(entry: Entry, audience: Audience) -> str:
    return entry.key if audience is Audience.PLATFORM else wording.neutral_key(entry.key)


def _person(whose: Person | None, persons: Sequence[Individual]) -> Document | None:
    if whose is None:
        return None
    individual = named(whose, persons)
    role = whose.role.value if whose.role else None
    if role is None and individual is not None:
        role = next((one for one in individual.roles if one in PersonRole.__members__), None)
    return {
        "id": whose.id,
        "name": individual.name if individual is not None else None,
        "role": role,
        "label": wording.person_label(role),
    }


def _party(entries: Sequence[Entry]) -> str:
    """The party that must act. It is the merchant if at least one entry awaits the merchant."""
    parties = {e.awaiting_action_from for e in entries}
    if "user" in parties:
        return "MERCHANT"
    return "STRIPE" if parties == {"stripe"} else "UNKNOWN"
