"""Texts as a key with parameters, which clients can translate, and the two audiences that read them. Pure."""

import enum
from dataclasses import dataclass

Value = str | int | tuple[str, ...]


class Audience(enum.Enum):
    """The reader of a document. Merchants are addressed as "you", and some reasons are withheld from them."""

    PLATFORM = "PLATFORM"
    MERCHANT = "MERCHANT"


@dataclass(frozen=True, slots=True)
class Message:
    """A text of a module `sentences`, such as `connect.merchants.wording.sentences`, by its key.

    `count` is a number of objects, such as groups of requirements. `item` is the title of a single group.
    `capabilities` holds Stripe's names.
    """

    key: str
    parameters: tuple[tuple[str, Value], ...] = ()


def say(key: str, **parameters: Value) -> Message:
    return Message(key, tuple(parameters.items()))
