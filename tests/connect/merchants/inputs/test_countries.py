"""Countries must be codes of ISO 3166-1. Common mistakes get a suggestion."""

import pytest

from connect.merchants.inputs.countries import COUNTRIES, check_country

REMEDY = "Give an ISO 3166-1 alpha-2 code in upper case, such as US or DE."


def test_every_country_of_the_standard_is_accepted() -> None:
    assert len(COUNTRIES) == 249
    assert {"AQ", "CI", "CW", "DE", "GB", "GR", "HK", "SS", "TW", "US", "XK"} - {"XK"} <= COUNTRIES
    assert [list(check_country("country", code)) for code in sorted(COUNTRIES)] == [[]] * 249


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        *(("UK", "GB"), ("uk", "GB"), ("U.K.", "GB"), ("GBR", "GB"), ("ENG", "GB"), ("SCO", "GB")),
        *(("EL", "GR"), ("el", "GR"), ("GRC", "GR"), ("GRE", "GR")),
        *(("us", "US"), ("Us", "US"), ("USA", "US"), ("usa", "US"), (" US", "US"), ("U.S.", "US")),
        *(("\uff35\uff33", "US"), ("DEU", "DE"), ("GER", "DE"), ("SUI", "CH"), ("CHE", "CH")),
        *(("UAE", "AE"), ("ROU", "RO"), ("RSA", "ZA")),
    ],
)
def test_a_mistaken_code_is_refused_with_a_suggestion(value: str, meant: str) -> None:
    (field,) = check_country("country", value)
    assert field.message == f"{REMEDY} Did you mean {meant}?"


@pytest.mark.parametrize(
    "value",
    ["", "XX", "ZZ", "XK", "EU", "AN", "SU", "YU", "Germany", "D", "US1", "\x00", "\ud800", "U" * 999],
)
def test_any_other_text_is_refused(value: str) -> None:
    (field,) = check_country("country", value)
    assert (field.name, field.code.value, field.message) == ("country", "COUNTRY_UNKNOWN", REMEDY)
    assert field.user_message == "Choose a country from the list."
