"""Stored texts and search texts are split into words."""

import pytest

from connect.merchants.rules.words import MAX_WORD, MAX_WORDS, searchable, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Müller & Söhne GmbH", ["gmbh", "muller", "sohne"]),
        ("Straße STRASSE strasse", ["strasse"]),
        ("Étoile Cafe\u0301", ["cafe", "etoile"]),
        ("Ærø Łódź Þór ŒUVRE đak I\u015f\u0131k", ["aero", "dak", "isik", "lodz", "oeuvre", "thor"]),
        ("İstanbul ﬁnance \uff21\uff22 №5", ["ab", "finance", "istanbul", "no5"]),
        ("owner+tag@Bakery.example", ["bakery", "example", "owner", "tag"]),
        ("customer-0000123_eu/7", ["0000123", "7", "customer", "eu"]),
        ("हिन्दी สวัสดี 日本", ["हिनदी", "สวัสดี", "日本"]),
        ("🦜 Parrots", ["parrots"]),
        ("Caf\u00e9\U0001f99c3\ufe0f\u20e3", ["3", "cafe"]),
        ("葛\U000e0100城", ["葛城"]),
        ("❤️ 👩‍🍳 🇩🇪 👍🏽 ™ \u25cc\u093f", ["tm"]),
        ("", []),
        (" \t%_-'\"\\", []),
    ],
)
def test_a_text_is_split_into_words_without_case_and_accents(text: str, found: list[str]) -> None:
    assert words(text) == sorted(found)


def test_the_words_of_several_texts_are_listed_once() -> None:
    assert words("Shop One", "one@shop.example", "shop-1") == ["1", "example", "one", "shop"]


def test_long_words_are_cut_and_the_number_of_words_is_limited() -> None:
    assert words("x" * 300) == ["x" * MAX_WORD]
    assert len(words(*(f"w{number}" for number in range(200)))) == MAX_WORDS


def test_a_space_precedes_each_searchable_word() -> None:
    assert searchable(["a", "bc"]) == " a bc"
    assert searchable([]) == ""
