"""The fields of the onboarding form, their proposed values, and the storage of their answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from simulator.accounts.requirements import BANK
from simulator.accounts.rules import dig
from simulator.control import scenarios
from simulator.state import Json
from simulator.wire.errors import Refused

_BUSINESS = "identity.business_details"
_PERSON = "identity.individual"
ENTITY_TYPES = {
    "company": "Company",
    "individual": "Individual or sole trader",
    "non_profit": "Non-profit organization",
    "government_entity": "Government entity",
}
_TRADES = {
    "5734": "Software and computers",
    "5812": "Restaurant or café",
    "5651": "Clothing",
    "5411": "Groceries",
    "7230": "Hair and beauty",
    "8999": "Professional services",
}


@dataclass(frozen=True)
class Field:
    """An input of the form. `item` is its requirement, and the path of the answer in the account."""

    step: str
    name: str
    label: str
    item: str
    kind: str = "text"
    autocomplete: str = "off"
    options: Mapping[str, str] | None = None


FIELDS = (
    Field("business", "entity_type", "Type of business", "identity.entity_type", options=ENTITY_TYPES),
    Field("business", "registered_name", "Legal business name", f"{_BUSINESS}.registered_name"),
    Field("business", "business_line1", "Business address", f"{_BUSINESS}.address.line1"),
    Field("business", "business_city", "City", f"{_BUSINESS}.address.city"),
    Field("business", "business_postal_code", "Postal code", f"{_BUSINESS}.address.postal_code"),
    Field("business", "business_phone", "Business phone", f"{_BUSINESS}.phone", "tel"),
    Field("business", "tax_id", "Tax ID", f"{_BUSINESS}.id_numbers"),
    Field("business", "mcc", "What do you sell?", "configuration.merchant.mcc", options=_TRADES),
    Field("business", "business_url", "Website", "defaults.profile.business_url", "url"),
    Field("person", "given_name", "First name", f"{_PERSON}.given_name", autocomplete="given-name"),
    Field("person", "surname", "Last name", f"{_PERSON}.surname", autocomplete="family-name"),
    Field("person", "email", "Email", f"{_PERSON}.email", "email", "email"),
    Field("person", "phone", "Mobile phone", f"{_PERSON}.phone", "tel", "tel"),
    Field("person", "date_of_birth", "Date of birth", f"{_PERSON}.date_of_birth", "date", "bday"),
    Field("person", "line1", "Home address", f"{_PERSON}.address.line1"),
    Field("person", "city", "City", f"{_PERSON}.address.city"),
    Field("person", "postal_code", "Postal code", f"{_PERSON}.address.postal_code"),
    Field("person", "id_number", "National ID number", f"{_PERSON}.id_numbers"),
    Field("bank", "account_number", "Account number or IBAN", BANK),
)
_NUMBERS = {"tax_id": "us_ein", "id_number": "us_ssn"}


def fields(account: Json, step: str, items: list[str], values: Mapping[str, Any]) -> list[tuple[Field, str]]:
    """Return the open inputs of a step, each with its submitted or proposed value."""
    open_fields = [field for field in FIELDS if field.step == step and _is_open(account, field, items)]
    return [(field, str(values.get(field.name, _proposal(field)))) for field in open_fields]


def known(account: Json, step: str, items: list[str]) -> list[tuple[str, str]]:
    """Return the labels and values of a step that are already provided. The last step shows all steps."""
    pairs = [
        (field.label, _display(account, field))
        for field in FIELDS
        if step in {field.step, "terms"} and not _is_open(account, field, items)
    ]
    return [(label, value) for label, value in pairs if value]


def save(account: Json, step: str, items: list[str], values: Mapping[str, Any]) -> None:
    """Write the answers of a step into the account."""
    kind = values.get("entity_type") or account["identity"].get("entity_type")
    if kind is not None and kind not in ENTITY_TYPES:
        raise Refused("form", "Choose a type of business.")
    for field, value in fields(account, step, items, values):
        text = value.strip()
        if field.item.startswith(_BUSINESS) and kind == "individual":
            continue
        if not text or field.name not in values:
            raise Refused("form", f"{field.label} is missing.")
        if field.item == BANK:
            account["bank"] = text
        else:
            scenarios.provide(account, field.item, _answer(field, text))
    scenarios.add_countries(account)


def _is_open(account: Json, field: Field, items: list[str]) -> bool:
    # The same step asks for the type of the business and for its details.
    if field.item.startswith(_BUSINESS) and "identity.entity_type" in items:
        return not dig(account, field.item)
    return any(item == field.item or item.startswith(f"{field.item}.") for item in items)


def _proposal(field: Field) -> str:
    if field.item == BANK:
        return scenarios.ACCOUNT_NUMBER
    if field.options:
        return next(iter(field.options))
    if field.item.startswith(_PERSON):
        value = dig(scenarios.PERSON, field.item.removeprefix(f"{_PERSON}."))
    else:
        value = dig(scenarios.BUSINESS, field.item)
    return _text(value)


def _display(account: Json, field: Field) -> str:
    if field.item == BANK:
        return f"•••• {account['bank'][-4:]}" if account["bank"] else ""
    value = dig(account, field.item)
    if field.name in _NUMBERS:
        return "Provided" if value else ""
    text = _text(value)
    return (field.options or {}).get(text, text)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return f"{value.get('year', 0):04}-{value.get('month', 0):02}-{value.get('day', 0):02}"
    if isinstance(value, list):
        return str(value[0].get("value", ""))
    return value or ""


def _answer(field: Field, text: str) -> Any:
    if field.name in _NUMBERS:
        return [{"type": _NUMBERS[field.name], "value": text}]
    if field.kind == "date":
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise Refused("form", "Date of birth is not a date.") from None
        return {"day": day.day, "month": day.month, "year": day.year}
    return text
