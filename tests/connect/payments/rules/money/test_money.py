import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connect.payments.rules.money.currencies import CURRENCIES
from connect.payments.rules.money.money import LARGEST, Money, parse_decimal
from tests.connect.merchants.rules.stripe_answers import deterministic

currencies = st.sampled_from(sorted(CURRENCIES))


@pytest.mark.parametrize(
    ("minor_units", "currency", "decimal"),
    [
        (0, "EUR", "0.00"),
        (5, "EUR", "0.05"),
        (-5, "EUR", "-0.05"),
        (123_456, "EUR", "1234.56"),
        (500, "JPY", "500"),
        (-500, "JPY", "-500"),
        (0, "JPY", "0"),
        (5_120, "KWD", "5.120"),
        (7, "KWD", "0.007"),
        (500, "ISK", "5.00"),
        (2_147_483_648, "IDR", "21474836.48"),
        (LARGEST, "USD", "90071992547409.91"),
        (-LARGEST, "USD", "-90071992547409.91"),
        (100, "XXX", "1.00"),
    ],
)
def test_a_decimal_has_as_many_decimals_as_the_currency(
    minor_units: int, currency: str, decimal: str
) -> None:
    money = Money(minor_units, currency)
    assert money.decimal == decimal
    assert str(money) == f"{decimal} {currency}"


@pytest.mark.parametrize(
    ("minor_units", "currency"),
    [
        (1.0, "EUR"),
        (True, "EUR"),
        ("1", "EUR"),
        (LARGEST + 1, "EUR"),
        (-LARGEST - 1, "EUR"),
        (1, "eur"),
        (1, "EURO"),
        (1, ""),
        (1, "EUR\n"),
    ],
)
def test_money_needs_an_exact_integer_and_a_currency_code(minor_units: int, currency: str) -> None:
    with pytest.raises(ValueError, match=r"53 bits|three letters"):
        Money(minor_units, currency)


@given(st.integers(0, 10**15), currencies)
@deterministic
def test_a_decimal_is_parsed_to_the_same_money(minor_units: int, currency: str) -> None:
    money = Money(minor_units, currency)
    assert parse_decimal(money.decimal, currency) == money


@pytest.mark.parametrize(
    ("text", "currency", "minor_units"),
    [("0.3", "EUR", 30), ("12", "EUR", 1200), ("0.300", "KWD", 300), ("30", "JPY", 30), ("007", "EUR", 700)],
)
def test_missing_decimals_count_as_zeros(text: str, currency: str, minor_units: int) -> None:
    assert parse_decimal(text, currency) == Money(minor_units, currency)


@pytest.mark.parametrize(
    ("text", "currency", "problem"),
    [
        ("0.305", "EUR", "'0.305' has too many decimals. EUR has 2."),
        ("30.0", "JPY", "'30.0' has too many decimals. JPY has 0."),
        ("0,30", "EUR", "'0,30' is not an amount. Write digits and a point, such as 0.30."),
        ("", "KWD", "'' is not an amount. Write digits and a point, such as 0.300."),
        ("1e3", "JPY", "'1e3' is not an amount. Write digits and a point, such as 30."),
        ("-1", "EUR", "'-1' is not an amount. Write digits and a point, such as 0.30."),
        ("٣", "EUR", "'٣' is not an amount. Write digits and a point, such as 0.30."),
        ("1.", "EUR", "'1.' is not an amount. Write digits and a point, such as 0.30."),
        ("9" * 17, "EUR", f"'{'9' * 17}' is not an amount. Write digits and a point, such as 0.30."),
        ("9" * 16, "EUR", "minor units must be an integer of at most 53 bits"),
    ],
)
def test_a_text_that_is_not_an_amount_is_refused_and_the_error_names_the_remedy(
    text: str, currency: str, problem: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(problem)}$"):
        parse_decimal(text, currency)
