"""Checks the fields of a request body against a compact table."""

from typing import Any

from simulator.wire.errors import Refused, unknown

# A type, a tuple of allowed strings, a list of one shape, or an object of named shapes. The name "*" in an
# object allows any name.
Shape = type | tuple[str, ...] | list["Shape"] | dict[str, "Shape"]


def texts(names: str) -> dict[str, Shape]:
    """Return a text field for each of these names, which are separated by spaces."""
    return dict.fromkeys(names.split(), str)


def alike(names: str, shape: Shape) -> dict[str, Shape]:
    """Return a field of this shape for each of these names, which are separated by spaces."""
    return dict.fromkeys(names.split(), shape)


def check(value: Any, shape: Shape, path: str = "") -> None:
    """Refuse a body with a field, type or enum value that the table does not allow."""
    if value is None:
        return
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            raise Refused("parameter_invalid", f"{path}: expected an object")
        for name, part in value.items():
            inner = f"{path}.{name}" if path else name
            if name not in shape and "*" not in shape:
                raise unknown(inner)
            check(part, shape[name] if name in shape else shape["*"], inner)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            raise Refused("parameter_invalid", f"{path}: expected an array")
        for index, part in enumerate(value):
            check(part, shape[0], f"{path}[{index}]")
    elif isinstance(shape, tuple):
        if value not in shape:
            raise Refused("parameter_invalid", f"{path}: must be one of {', '.join(shape)}")
    elif not isinstance(value, shape) or (shape is int and isinstance(value, bool)):
        names = {str: "a string", bool: "a boolean", int: "an integer"}
        raise Refused("parameter_invalid", f"{path}: expected {names.get(shape, 'an object')}")
