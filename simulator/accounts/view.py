"""Renders an account for the API from its record, requirements and capabilities."""

from simulator.accounts import requirements, rules
from simulator.state import Json

CONFIGURATIONS = ("customer", "merchant", "recipient")
TOP = ("contact_email", "contact_phone", "dashboard", "display_name")


def applied(account: Json) -> list[str]:
    """Return the configurations that an account has."""
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
    return {**configuration, "capabilities": nested}


def _activate_requested(capabilities: Json) -> Json:
    """Return the requested capabilities of the other configurations as active."""
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
        "attestations": identity.get("attestations"),
        "business_details": None if business is None else _without_secrets(business),
        "country": identity.get("country"),
        "entity_type": identity.get("entity_type"),
        "individual": person(account) if individual else None,
    }


def person(account: Json) -> Json:
    """Return the person of an account, who is its owner or representative."""
    return {
        **_without_secrets(account["identity"].get("individual") or {}),
        "id": account["person"],
        "object": "v2.core.account_person",
        "account": account["id"],
        "created": account["person_made"],
        "updated": account["person_made"],
    }


def _without_secrets(details: Json) -> Json:
    """Remove the values of id numbers, which Stripe never shows."""
    numbers = details.get("id_numbers")
    if not numbers:
        return details
    types = [{name: value for name, value in number.items() if name != "value"} for number in numbers]
    return details | {"id_numbers": types}
