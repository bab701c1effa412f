"""Renders an account for the API from its record, requirements and capabilities."""

from simulator.accounts import requirements, rules
from simulator.state import Json

CONFIGURATIONS = ("customer", "merchant", "recipient")
TOP = ("contact_email", "contact_phone", "dashboard", "display_name")
# The values with which Stripe fills these fields, as recorded by integrators from answers about new accounts
# in a sandbox.
MERCHANT: Json = {
    "card_payments": {"decline_on": {"avs_failure": False, "cvc_failure": False}},
    "statement_descriptor": {"descriptor": None, "prefix": None},
    "support": {"address": None, "email": None, "phone": None, "url": None},
}
ATTESTATIONS: Json = {
    "persons_provided": {
        "directors": False,
        "executives": False,
        "owners": False,
        "ownership_exemption_reason": None,
    },
}


def applied(account: Json) -> list[str]:
    """Return the account's applied configurations. A closed account has none."""
    if account["closed"]:
        return []
    return [name for name in CONFIGURATIONS if account["configuration"].get(name, {}).get("applied")]


def render(account: Json, now: float) -> Json:
    """Return the account as the API shows it, with every section."""
    current = requirements.current(account, now)
    states = requirements.capabilities(account, current)
    return {
        "id": account["id"],
        "object": "v2.core.account",
        "applied_configurations": applied(account),
        "closed": account["closed"],
        "configuration": {name: _configuration(account, name, states) for name in CONFIGURATIONS},
        "created": account["created"],
        **{name: account[name] for name in TOP},
        "defaults": _defaults(account),
        "future_requirements": requirements.future(account, now),
        "identity": _identity(account),
        "livemode": False,
        "metadata": account["metadata"],
        "requirements": current,
    }


def _configuration(account: Json, name: str, states: dict[str, Json]) -> Json | None:
    configuration = account["configuration"].get(name)
    if configuration is None:
        return None
    nested: Json = {}
    if name == "merchant":
        for capability, state in states.items():
            group, _, inner = capability.rpartition(".")
            (nested.setdefault(group, {}) if group else nested)[inner] = state
    else:
        nested = _activate_requested(configuration.get("capabilities") or {})
    shown = {**configuration, "capabilities": nested}
    return _filled(MERCHANT, shown) if name == "merchant" else shown


def _filled(recorded: Json, section: Json) -> Json:
    """Return a section, with the recorded values for the fields that it lacks."""
    filled = dict(section)
    for name, value in recorded.items():
        if filled.get(name) is None:
            filled[name] = value
        elif isinstance(value, dict):
            filled[name] = _filled(value, filled[name])
    return filled


def _activate_requested(capabilities: Json) -> Json:
    """Return the requested capabilities of a configuration other than `merchant` as active."""
    if "requested" in capabilities:
        return {"status": "active", "status_details": []} if capabilities["requested"] else {}
    parts = {name: _activate_requested(part or {}) for name, part in capabilities.items()}
    return {name: part for name, part in parts.items() if part}


def _defaults(account: Json) -> Json:
    defaults = account["defaults"]
    parties = defaults.get("responsibilities") or {"fees_collector": None, "losses_collector": None}
    return {
        "currency": defaults.get("currency"),
        "locales": defaults.get("locales") or [],
        "payout_methods": defaults.get("payout_methods") or {},
        "profile": defaults.get("profile"),
        "responsibilities": parties | {"requirements_collector": rules.collector(account)},
    }


def _identity(account: Json) -> Json:
    identity = account["identity"]
    individual = identity.get("entity_type") in {None, "individual"} and account["person_made"] is not None
    business = identity.get("business_details")
    return {
        "attestations": _filled(ATTESTATIONS, identity.get("attestations") or {}),
        "business_details": None if business is None else _without_secrets(business),
        "country": identity.get("country"),
        "entity_type": identity.get("entity_type"),
        "individual": person(account) if individual else None,
    }


def person(account: Json) -> Json:
    """Return the person of an account, who is its owner or representative."""
    made, updated = account["person_made"], account["person_updated"]
    return _person(account, account["person"], account["identity"].get("individual") or {}, made, updated)


def further_person(account: Json, identifier: str) -> Json:
    """Return a person other than the person of `identity.individual`."""
    record = account["persons"][identifier]
    return _person(account, identifier, record["fields"], record["created"], record["updated"])


def _person(account: Json, identifier: str, fields: Json, created: str, updated: str) -> Json:
    return {
        **_without_secrets(fields),
        "id": identifier,
        "object": "v2.core.account_person",
        "account": account["id"],
        "created": created,
        "updated": updated or created,
    }


def person_changes(before: Json | None, after: Json) -> list[tuple[str, str]]:
    """Return the id of each changed person, with `created`, `updated` or `deleted`."""
    old, new = _people(before) if before else {}, _people(after)
    changes = [(key, "updated" if key in old else "created") for key in new if new[key] != old.get(key)]
    return [*changes, *((key, "deleted") for key in old if key not in new)]


def _people(account: Json) -> Json:
    """Return the fields of each person by id."""
    people = {key: record["fields"] for key, record in account["persons"].items()}
    individual = account["identity"].get("individual")
    return {account["person"]: individual, **people} if individual else people


def _without_secrets(details: Json) -> Json:
    """Remove the values of id numbers, which Stripe never shows."""
    numbers = details.get("id_numbers")
    if not numbers:
        return details
    types = [{name: value for name, value in number.items() if name != "value"} for number in numbers]
    return details | {"id_numbers": types}
