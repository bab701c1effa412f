"""Relay's global object identification: opaque ids that name their type."""

import base64
import binascii
import uuid
from typing import Any

import strawberry


@strawberry.interface(description="An object with a globally unique id, by which `node` and `nodes` find it.")
class Node:
    id: strawberry.ID = strawberry.field(
        description="An opaque id that never changes and is unique among all objects."
    )

    @classmethod
    def is_type_of(cls, obj: Any, _info: Any) -> bool:
        """Whether `obj` is a document of this type."""
        return isinstance(obj, dict) and obj.get("__typename") == cls.__name__


def parse_id(value: str) -> tuple[str, uuid.UUID] | None:
    """The type name and the key in an id; None if the text is not an id."""
    if len(value) > 200:
        return None
    try:
        padded = value + "=" * (-len(value) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
        typename, _, hexadecimal = text.partition(":")
        key = uuid.UUID(hexadecimal)
    except (ValueError, binascii.Error):
        return None
    return (typename, key) if str(key) == hexadecimal else None


def key_of(value: str, typename: str) -> uuid.UUID | None:
    """The key in an id of this type; None for any other text."""
    parsed = parse_id(value)
    return parsed[1] if parsed is not None and parsed[0] == typename else None
