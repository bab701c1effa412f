"""Relay's global object identification: opaque ids that say what they are of."""

import base64
import binascii
import uuid

import strawberry


@strawberry.interface(description="An object with a globally unique id, for `node` and `nodes`.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque and stable; unique among all objects.")


def parse_id(value: str) -> tuple[str, uuid.UUID] | None:
    """The type's name and the key in an id; None for anything that is no id of ours."""
    if len(value) > 200:
        return None
    try:
        padded = value + "=" * (-len(value) % 4)
        text = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
        typename, _, key = text.partition(":")
        found = uuid.UUID(key)
    except (ValueError, binascii.Error):
        return None
    return (typename, found) if str(found) == key else None


def key_of(value: str, typename: str) -> uuid.UUID | None:
    """The key in an id of this type."""
    found = parse_id(value)
    return found[1] if found is not None and found[0] == typename else None
