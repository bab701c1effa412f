"""The platform's own values of a payment, which Stripe stores (https://docs.stripe.com/api/metadata)."""

from collections.abc import Iterator, Sequence

from connect.errors import FieldCode, InvalidField
from connect.merchants.inputs.texts import check_text

# Stripe's limit is 50 entries. ConnectQL itself adds the two entries of RESERVED.
MAX_ENTRIES = 48
MAX_KEY, MAX_VALUE = 40, 500
RESERVED = frozenset({"payment_id", "external_id"})

Entries = Sequence[tuple[str, str]]


def check_metadata(name: str, entries: Entries) -> Iterator[InvalidField]:
    if len(entries) > MAX_ENTRIES:
        message = f"Give at most {MAX_ENTRIES} entries."
        yield InvalidField(name, FieldCode.TOO_MANY, message, f"Enter at most {MAX_ENTRIES} values.")
        return
    seen: set[str] = set()
    for index, (key, value) in enumerate(entries):
        path = f"{name}[{index}].key"
        yield from check_text(path, key, MAX_KEY)
        yield from check_text(f"{name}[{index}].value", value, MAX_VALUE, lines=True)
        if "[" in key or "]" in key:
            message = "Stripe allows no square brackets in a key. Remove them."
            yield InvalidField(path, FieldCode.METADATA_INVALID, message, "Remove the square brackets.")
        if key in RESERVED:
            message = f"ConnectQL stores its own value under {key}. Use another key."
            yield InvalidField(path, FieldCode.METADATA_INVALID, message, "Use another name.")
        if key in seen:
            message = "An earlier entry has the same key. Give each key once."
            yield InvalidField(path, FieldCode.DUPLICATE, message, "Use each name once.")
        seen.add(key)
