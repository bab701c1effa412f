"""The table of currencies agrees with https://docs.stripe.com/currencies."""

from connect.payments.rules.money.currencies import CURRENCIES, MAXIMUM, Currency, exponent


def codes(**attributes: int) -> str:
    """The codes of all currencies with these attributes, in alphabetical order."""
    return " ".join(
        code
        for code in sorted(CURRENCIES)
        if all(getattr(CURRENCIES[code], name) == value for name, value in attributes.items())
    )


def test_the_exponents_equal_those_of_stripe() -> None:
    assert codes(exponent=0) == "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"
    assert codes(exponent=3) == "BHD JOD KWD OMR TND"
    assert len(codes(exponent=2).split()) == len(CURRENCIES) - 20


def test_an_unknown_currency_has_two_decimals() -> None:
    assert "XXX" not in CURRENCIES
    assert exponent("XXX") == 2


def test_charges_in_isk_and_ugx_are_whole_units_counted_in_hundredths() -> None:
    assert codes(charge_step=100) == "ISK UGX"
    assert CURRENCIES["ISK"] == Currency("ISK", 2, None, MAXIMUM, 100, 100)
    assert CURRENCIES["UGX"] == Currency("UGX", 2, None, MAXIMUM, 100, 100)


def test_charges_in_currencies_with_three_decimals_end_in_0() -> None:
    assert codes(charge_step=10) == codes(exponent=3)


def test_some_currencies_have_fractions_in_charges_but_not_in_payouts() -> None:
    assert codes(charge_step=1, payout_step=100) == "HUF TWD"
    assert CURRENCIES["USD"] == Currency("USD", 2, 50, MAXIMUM, 1, 1)


def test_the_minimums_are_in_minor_units() -> None:
    minimums = {code: CURRENCIES[code].minimum for code in CURRENCIES if CURRENCIES[code].minimum is not None}
    assert sorted({value for value in minimums.values() if value}) == [
        *(30, 50, 200, 250, 300, 400, 1000, 1500, 17500)
    ]
    assert codes(minimum=50) == "ARS AUD BRL CAD CHF COP EUR IDR ILS INR JPY KRW NZD PHP RUB SGD USD ZAR"
    assert codes(minimum=200) == "AED MYR PLN RON"
    assert codes(minimum=300) == "NOK SEK"
    assert codes(minimum=1000) == "MXN THB"
    rest = ("GBP", 30), ("DKK", 250), ("HKD", 400), ("CZK", 1500), ("HUF", 17500)
    assert [minimums[code] for code, _ in rest] == [value for _, value in rest]


def test_a_charge_has_at_most_twelve_digits() -> None:
    assert {currency.maximum for currency in CURRENCIES.values()} == {10**12 - 1}
