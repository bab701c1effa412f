"""Texts of inputs."""

import unicodedata
from collections.abc import Iterator

from connect.errors import FieldCode, InvalidField


def check_text(name: str, value: str, limit: int, *, lines: bool = False) -> Iterator[InvalidField]:
    if not value.strip():
        message = "Must not be empty."
        yield InvalidField(name, FieldCode.REQUIRED, message, "Fill in this field.")
        return
    if value != value.strip():
        message = "Must not begin or end with white space."
        user_message = "Remove the spaces at the beginning and at the end."
        yield InvalidField(name, FieldCode.OUTER_SPACES, message, user_message)
    if len(value) > limit:
        message = f"Must be at most {limit} characters long; it has {len(value)}."
        user_message = f"Enter at most {limit} characters."
        yield InvalidField(name, FieldCode.TOO_LONG, message, user_message)
    allowed = "\n\t\r" if lines else ""
    # Cc: control characters (PostgreSQL refuses U+0000). Cs: lone surrogates, which no encoding represents.
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in allowed for c in value.strip()):
        message = "Must not contain control characters."
        user_message = "Remove line breaks and invisible characters."
        yield InvalidField(name, FieldCode.CONTROL_CHARACTERS, message, user_message)
