"""Minor units of currencies, minimum amounts, and the texts that show amounts."""

import pytest

from simulator.money import currencies
from simulator.wire.errors import Refused


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (400, "usd", "$4.00"),
        (-5, "usd", "-$0.05"),
        (500, "jpy", "¥500"),
        (17500, "huf", "175.00 Ft"),
        (5120, "kwd", "5.120 KWD"),
        (100, "isk", "1.00 ISK"),
    ],
)
def test_an_amount_is_shown_in_major_units(amount: int, currency: str, text: str) -> None:
    assert currencies.shown(amount, currency) == text


@pytest.mark.parametrize(
    ("amount", "currency"), [(150, "isk"), (101, "ugx"), (5125, "kwd"), (10**12, "usd"), (10**12, "jpy")]
)
def test_an_amount_that_is_invalid_in_its_currency_is_refused(amount: int, currency: str) -> None:
    with pytest.raises(Refused):
        currencies.check_amount(amount, currency)


def test_forints_and_taiwan_dollars_are_charged_in_hundredths() -> None:
    currencies.check_amount(17512, "huf")
    currencies.check_amount(1050, "twd")


def test_currencies_without_decimals_and_some_minimums_equal_stripes() -> None:
    assert {currency for currency in currencies.CURRENCIES if currencies.exponent(currency) == 0} == {
        *(
            "bif",
            "clp",
            "djf",
            "gnf",
            "jpy",
            "kmf",
            "krw",
            "mga",
            "pyg",
            "rwf",
            "vnd",
            "vuv",
            "xaf",
            "xof",
            "xpf",
        )
    }
    found = {
        currency: currencies.least(currency) for currency in ("usd", "gbp", "huf", "jpy", "czk", "mxn", "isk")
    }
    assert found == {"usd": 50, "gbp": 30, "huf": 17500, "jpy": 50, "czk": 1500, "mxn": 1000, "isk": 1}
