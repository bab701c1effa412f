"""Splits texts into the words by which merchants are searched. Pure.

The case and the accents of stored texts and of search texts are removed in the same way, so that the database
only compares characters.
"""

import itertools
import re
import unicodedata
from collections.abc import Iterable

# Longer words are cut off, both in stored texts and in search texts.
MAX_WORD = 64
# A search does not find further words. Each text has at most 255 characters, so more words are unusual.
MAX_WORDS = 100

# Enclosing marks and variation selectors. They only change the look of the character before them.
_DECORATIONS = re.compile("[\u20dd-\u20e0\u20e2-\u20e4\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# Letters that Unicode does not decompose into a letter and an accent.
_PLAIN = str.maketrans(
    {
        "\u0131": "i",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ł": "l",
        "ø": "o",
        "ŧ": "t",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)


def words(*texts: str) -> list[str]:
    """The different words of these texts, in lower case and without accents, sorted by code points."""
    found = itertools.chain(*(_fold(text).split() for text in texts))
    return sorted({word[:MAX_WORD] for word in found if any(map(_is_letter_or_digit, word))})[:MAX_WORDS]


def searchable(words: Iterable[str]) -> str:
    """The words as one text with a space before each, so that a search for ` prefix` finds the beginning of a
    word.
    """
    return "".join(f" {word}" for word in words)


def _fold(text: str) -> str:
    """The text in lower case, without accents. Spaces replace all characters except letters, digits and vowel
    signs.
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = (one for one in _DECORATIONS.sub("", decomposed) if not unicodedata.combining(one))
    return "".join(one if _is_in_word(one) else " " for one in plain).translate(_PLAIN)


def _is_in_word(character: str) -> bool:
    # The category M contains the vowel signs of Indian and other scripts.
    return unicodedata.category(character)[0] in "LNM"


def _is_letter_or_digit(character: str) -> bool:
    return unicodedata.category(character)[0] in "LN"
