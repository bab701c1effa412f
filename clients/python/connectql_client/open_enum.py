# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from enum import StrEnum


class OpenEnum(StrEnum):
    """An enum of the API. A value that this package does not know becomes a member of its own."""

    @classmethod
    def _missing_(cls, value: object) -> "OpenEnum | None":
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member
