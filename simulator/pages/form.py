"""The fields of the onboarding form, with functions that read, check and store the answers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from simulator.accounts import countries, rules
from simulator.accounts.countries import Country
from simulator.accounts.requirements import BANK
from simulator.accounts.rules import dig
from simulator.control import scenarios
from simulator.state import Json

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


class Invalid(Exception):
    """Answers of a step are invalid. `errors` maps the names of fields to texts for the visitor."""

    def __init__(self, errors: dict[str, str]) -> None:
        """Store the errors. An error that belongs to no field has the name ''."""
        super().__init__(" ".join(errors.values()))
        self.errors = errors


@dataclass(frozen=True)
class Field:
    """An input of the form. `item` is its requirement, and also the path of the answer in the account."""

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
_NUMBERS = {"tax_id", "id_number"}
_POSTAL_CODES = {"business_postal_code", "postal_code"}


def names(account: Json, step: str, items: list[str], asked: Collection[str]) -> list[str]:
    """Return the names of the open inputs of a step."""
    return [field.name for field in _open(account, step, items, asked)]


def fields(
    account: Json, step: str, items: list[str], asked: Collection[str], values: Mapping[str, Any]
) -> list[tuple[Field, str, str]]:
    """Return the open inputs of a step, each with its label and its submitted, stored or proposed value.

    `asked` names the fields that the visitor has already answered in this visit, and may answer again.
    """
    return [
        (
            field,
            _label(account, field),
            str(values.get(field.name, _stored(account, field) or _proposal(account, field))),
        )
        for field in _open(account, step, items, asked)
    ]


def known(account: Json, step: str, items: list[str], asked: Collection[str]) -> list[tuple[str, str]]:
    """Return the answers of a step that the account already has, each as a label and a value.

    The step `terms` shows the answers of all steps.
    """
    shown = set(names(account, step, items, asked))
    pairs = [
        (_label(account, field), _display(account, field))
        for field in FIELDS
        if step in {field.step, "terms"} and field.name not in shown and not _is_open(account, field, items)
    ]
    return [(label, value) for label, value in pairs if value]


def save(
    account: Json, step: str, items: list[str], asked: Collection[str], values: Mapping[str, Any]
) -> None:
    """Write the answers of a step into the account. Raises Invalid with all invalid answers."""
    kind = values.get("entity_type") or account["identity"].get("entity_type")
    country = countries.find(account["identity"].get("country"))
    errors: dict[str, str] = {}
    for field in _open(account, step, items, asked):
        if field.item.startswith(_BUSINESS) and kind == "individual":
            continue
        text = str(values.get(field.name, "")).strip()
        problem = _problem(field, text, _label(account, field), country)
        if problem is not None:
            errors[field.name] = problem
        elif field.item == BANK:
            account["bank"] = text
        else:
            scenarios.provide(account, field.item, _answer(field, text, country))
    if errors:
        raise Invalid(errors)
    scenarios.add_countries(account)


def name_of(path: str) -> str:
    """Return the name of the field for a requirement, or ''."""
    matching = (one.name for one in FIELDS if path == one.item or path.startswith(f"{one.item}."))
    return next(matching, "")


def _open(account: Json, step: str, items: list[str], asked: Collection[str]) -> list[Field]:
    return [
        field
        for field in FIELDS
        if field.step == step and (field.name in asked or _is_open(account, field, items))
    ]


def _is_open(account: Json, field: Field, items: list[str]) -> bool:
    # Until the type of the business is known, the requirements do not list the details of the business. But
    # one step of the form asks for both, the type and the details.
    if field.item.startswith(_BUSINESS) and "identity.entity_type" in items:
        return not dig(account, field.item)
    return any(item == field.item or item.startswith(f"{field.item}.") for item in items)


def _problem(field: Field, text: str, label: str, country: Country) -> str | None:
    """Return the error in an answer as a text for the visitor, or None if there is no error."""
    if not text:
        return f"{label} is missing."
    if field.options is not None and text not in field.options:
        return "Choose one from the list."
    if field.kind == "email" and not rules.is_email(text):
        return "Enter an email address, such as jo@shop.example."
    if field.kind == "tel" and not rules.is_phone(text):
        return f"Enter a phone number with its country code, such as {country.phone}."
    if field.kind == "url" and not rules.is_url(text):
        return "Enter the address of a website, such as https://shop.example."
    if field.kind == "date" and _date(text) is None:
        return "Enter a date, such as 1990-01-31."
    if field.name in _POSTAL_CODES and not country.is_postal_code(text):
        return f"Enter a postal code, such as {country.postal_code}."
    if field.name in _NUMBERS and not countries.is_number(text):
        return f"Enter the number as it is on the document, such as {countries.TEST_NUMBER}."
    if field.item == BANK and not (text.replace(" ", "").isalnum() and 4 <= len(text) <= 42):
        return f"Enter an account number or IBAN, such as {country.bank}."
    return None


def _label(account: Json, field: Field) -> str:
    country = countries.find(account["identity"].get("country"))
    return {"tax_id": country.business_name, "id_number": country.person_name}.get(field.name, field.label)


def _proposal(account: Json, field: Field) -> str:
    code = account["identity"].get("country")
    if field.item == BANK:
        return countries.find(code).bank
    if field.options:
        return next(iter(field.options))
    return _text(dig(scenarios.proposals(code), field.item))


def _stored(account: Json, field: Field) -> str:
    return str(account["bank"] or "") if field.item == BANK else _text(dig(account, field.item))


def _display(account: Json, field: Field) -> str:
    if field.item == BANK:
        return f"•••• {account['bank'][-4:]}" if account["bank"] else ""
    if field.name in _NUMBERS:
        return "Provided" if dig(account, field.item) else ""
    text = _text(dig(account, field.item))
    return (field.options or {}).get(text, text)


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return f"{value.get('year', 0):04}-{value.get('month', 0):02}-{value.get('day', 0):02}"
    if isinstance(value, list):
        return str(value[0].get("value", ""))
    return value or ""


def _answer(field: Field, text: str, country: Country) -> Any:
    if field.name in _NUMBERS:
        kind = country.business if field.name == "tax_id" else country.person
        return [{"type": kind, "value": text}]
    if field.kind == "date" and (day := _date(text)) is not None:
        return {"day": day.day, "month": day.month, "year": day.year}
    return text


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
