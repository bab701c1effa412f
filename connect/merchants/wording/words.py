"""The type of a wording, and titles for names that are in no table."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

TITLE_LIMIT = 60

# Letters and digits of any script. Underscores separate words in Stripe's names.
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Wording:
    title: str
    help: str


def readable(names: Iterable[str], default: str) -> str:
    """Build a title from Stripe's own names: `["tax_reference"]` becomes "Tax reference"."""
    words: list[str] = _WORD.findall(" ".join(names))
    if not words:
        return default
    title: str = words[0][:1].upper() + words[0][1:]
    for word in words[1:]:
        if len(title) + 1 + len(word) > TITLE_LIMIT:
            break
        title = f"{title} {word}"
    return title[:TITLE_LIMIT]
