import pytest

from models.texts import is_storable


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", True), ("a\nb", True), ("Zoë 🛍", True), ("a\0b", False), ("ë\0", False), ("\ud83d", False)],
)
def test_texts_with_null_characters_or_surrogates_are_not_storable(text: str, expected: bool) -> None:
    assert is_storable(text) is expected
