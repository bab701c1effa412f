"""The shape of a wording, and titles for names that no table has."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

TITLE_LIMIT = 60

# Letters and digits of any script. Underscores separate words in Stripe's names.
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Wording:
    title: str
    help: str | None


def readable(names: Iterable[str], otherwise: str) -> str:
    """A title from Stripe's own names: `["tax_reference"]` becomes "Tax reference"."""
    words: list[str] = _WORD.findall(" ".join(names))
    if not words:
        return otherwise
    title: str = words[0][:1].upper() + words[0][1:]
    for word in words[1:]:
        if len(title) + 1 + len(word) > TITLE_LIMIT:
            break
        title = f"{title} {word}"
    return title[:TITLE_LIMIT]
