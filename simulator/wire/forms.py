"""Checks the parameters of a v1 request against a table, and converts them to their types.

All values of a form are text. An empty text removes a value if the table allows it. The messages and
codes of the errors are Stripe's (https://docs.stripe.com/error-codes), as integrators recorded them.
"""

from dataclasses import dataclass
from typing import Any, Union

from simulator.state import Json
from simulator.wire.errors import Refused

# `int`, `bool`, `str`, a tuple of allowed texts, a list with the table of its items, or an object of named
# tables. A range is an integer of at least its start.
Table = Union[type, tuple[str, ...], range, "Unset", list["Table"], dict[str, "Table"]]
Named = dict[str, Table]
MOST = 10**15


@dataclass(frozen=True)
class Unset:
    """A parameter that an empty text removes. Its value is then None."""

    table: Table


def at_least(least: int) -> range:
    """Return the table of an integer with this minimum."""
    return range(least, MOST)


METADATA: dict[str, Table] = {"*": Unset(str)}
EXPAND: dict[str, Table] = {"expand": [str]}
# The filter `created` of a list is a number, or an object of bounds.
CREATED: dict[str, Table] = dict.fromkeys(("gt", "gte", "lt", "lte"), int)
PAGE: dict[str, Table] = {
    "created": CREATED,
    "ending_before": str,
    "expand": [str],
    "limit": int,
    "starting_after": str,
}


def read(value: Any, table: Table, path: str = "") -> Any:
    """Convert the values of a form to the types in the table.

    Raises Refused for a value that the table does not allow.
    """
    if isinstance(table, Unset):
        return None if value == "" else read(value, table.table, path)
    if isinstance(table, dict):
        return _object(value, table, path)
    if isinstance(table, list):
        if isinstance(value, str) and path == "expand":
            value = [value]
        if not isinstance(value, list):
            raise Refused(None, "Invalid array", param=path)
        return [read(part, table[0], f"{path}[{index}]") for index, part in enumerate(value)]
    if not isinstance(value, str):
        kind = "integer" if table is int or isinstance(table, range) else "string"
        raise Refused(None, f"Invalid {kind}: {value}", param=path)
    if value == "":
        message = (
            f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a "
            f"parameter; however '{path}' cannot be unset. You should remove '{path}' from your request or "
            "supply a non-empty value."
        )
        raise Refused("parameter_invalid_empty", message, param=path)
    return _scalar(value, table, path)


def _object(value: Any, table: dict[str, Table], path: str) -> Json | int:
    if table is CREATED and isinstance(value, str):
        return int(_scalar(value, int, path))
    if not isinstance(value, dict):
        raise Refused(None, "Invalid object", param=path)
    read_parts: Json = {}
    for name, part in value.items():
        inner = f"{path}[{name}]" if path else name
        if name not in table and "*" not in table:
            raise unknown(inner)
        read_parts[name] = read(part, table[name] if name in table else table["*"], inner)
    return read_parts


def _scalar(value: str, table: Table, path: str) -> Any:
    if table is int or isinstance(table, range):
        if not value.removeprefix("-").isdigit() or len(value) > 18:
            raise Refused("parameter_invalid_integer", f"Invalid integer: {value}", param=path)
        if isinstance(table, range) and int(value) < table.start:
            message = f"This value must be greater than or equal to {table.start}."
            raise Refused("parameter_invalid_integer", message, param=path)
        return int(value)
    if table is bool:
        if value not in {"true", "false"}:
            raise Refused(None, f"Invalid boolean: {value}", param=path)
        return value == "true"
    if isinstance(table, tuple) and value not in table:
        raise Refused(None, f"Invalid {path}: must be {_one_of(table)}", param=path)
    return value


def _one_of(words: tuple[str, ...]) -> str:
    if len(words) < 3:
        return " or ".join(words)
    return f"one of {', '.join(words[:-1])}, or {words[-1]}"


def unknown(path: str) -> Refused:
    """Return v1's error for a parameter that Stripe does not know."""
    return Refused("parameter_unknown", f"Received unknown parameter: {path}", param=path)


def required(path: str) -> Refused:
    """Return v1's error for a missing parameter."""
    return Refused("parameter_missing", f"Missing required param: {path}.", param=path)


def require(body: Json, *names: str, path: str = "") -> None:
    """Refuse a body that lacks any of these parameters."""
    for name in names:
        if body.get(name) is None:
            raise required(f"{path}[{name}]" if path else name)


def merged(metadata: Json, changes: Json | None) -> Json:
    """Return metadata, updated with the changes of a request.

    If a value in the request is an empty text, its key is removed. If an empty text is sent in place of the
    metadata, all keys are removed.
    """
    if changes is None:
        return {}
    return {name: value for name, value in {**metadata, **changes}.items() if value is not None}
