"""The parts that a detail of an account or person must have: the required fields of the SDK's types.

Creation requires more parts than an update, because an update may change only one part of a stored detail.
"""

from typing import Any

from simulator.wire.errors import required

_DATE = ("day", "month", "year")
_ALWAYS = {
    "additional_addresses": ("purpose",),
    "additional_names": ("purpose",),
    "amount": ("value", "currency"),
    "custom_fields": ("name", "value"),
    "date_of_birth": _DATE,
    "id_numbers": ("type", "value"),
    "registration_date": _DATE,
    "signer": ("person",),
}
# Groups of capabilities, which are not capabilities themselves.
_GROUPS = {"bank_accounts", "stripe_balance"}


def check(body: Any, *, creates: bool, names: tuple[str, ...] = (), path: str = "") -> None:
    """Refuse a body in which a detail lacks a part. The error names the first missing part."""
    if isinstance(body, list):
        for index, value in enumerate(body):
            check(value, creates=creates, names=names, path=f"{path}[{index}]")
        return
    if not isinstance(body, dict):
        return
    for name in _parts(names, creates=creates):
        if body.get(name) is None:
            raise required(f"{path}.{name}")
    for name, value in body.items():
        if name != "metadata":
            inner = f"{path}.{name}" if path else name
            check(value, creates=creates, names=(*names, name), path=inner)


def _parts(names: tuple[str, ...], *, creates: bool) -> tuple[str, ...]:
    """Return the required parts of the object at the path `names`."""
    parent, name = ("", "", *names)[-2:]
    if parent == "documents":
        return ("front_back", "type") if name.endswith("y_verification") else ("files", "type")
    parts = _ALWAYS.get(name, ())
    if not creates:
        return parts
    if (parent, name) in {("terms_of_service", "account"), ("additional_terms_of_service", "account")}:
        return ("date", "ip")
    if parent in {"capabilities", *_GROUPS} and name not in _GROUPS:
        return ("requested",)
    if name == "front_back":
        return ("front",)
    has_country = name == "address" and parent != "shipping"
    if has_country or parent == "script_addresses":
        return ("country",)
    if name == "additional_addresses" and parent != "business_details":
        return ("country", *parts)
    return parts
