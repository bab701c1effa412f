"""Messages for two audiences. A message is a key with parameters, so clients can translate it. Pure."""

import enum
from dataclasses import dataclass

Value = str | int | tuple[str, ...]


class Audience(enum.Enum):
    """The reader of a document. Merchants are addressed as "you", and some reasons are withheld from them."""

    PLATFORM = "PLATFORM"
    MERCHANT = "MERCHANT"


@dataclass(frozen=True, slots=True)
class Message:
    """The key and parameters of a text in a module such as `connect.merchants.wording.sentences`.

    The parameter `count` is a number of objects, such as groups of requirements. `item` is the title of a
    single group. `capabilities` has Stripe's names of capabilities.
    """

    key: str
    parameters: tuple[tuple[str, Value], ...] = ()


def say(key: str, **parameters: Value) -> Message:
    return Message(key, tuple(parameters.items()))
