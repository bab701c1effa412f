import pytest

from connect.errors import AmountTooSmall, FieldCode, InvalidField
from connect.payments.rules.money.amounts import check_amount, check_fee_amount, check_minimum
from connect.payments.rules.money.currencies import CURRENCIES
from connect.payments.rules.money.money import Money

INVALID = FieldCode.AMOUNT_INVALID


@pytest.mark.parametrize(
    ("minor_units", "currency"),
    [(1, "EUR"), (999_999_999_999, "IDR"), (500, "ISK"), (100, "UGX"), (5_120, "KWD"), (1_045, "HUF")],
)
def test_an_amount_that_stripe_charges_is_accepted(minor_units: int, currency: str) -> None:
    assert list(check_amount("amount", minor_units, currency)) == []


@pytest.mark.parametrize(
    ("minor_units", "currency", "message", "user_message"),
    [
        (0, "EUR", "Must be at least 1.", "Enter an amount greater than zero."),
        (-5, "EUR", "Must be at least 1.", "Enter an amount greater than zero."),
        (
            10**12,
            "IDR",
            "Must be at most 999999999999, Stripe's maximum for a charge.",
            "Enter a smaller amount.",
        ),
        (
            540,
            "ISK",
            "Must be a multiple of 100: Stripe charges ISK in steps of 1.00 ISK.",
            "Enter an amount in steps of 1.00 ISK.",
        ),
        (
            5_124,
            "KWD",
            "Must be a multiple of 10: Stripe charges KWD in steps of 0.010 KWD.",
            "Enter an amount in steps of 0.010 KWD.",
        ),
    ],
)
def test_an_amount_that_stripe_does_not_charge_is_invalid(
    minor_units: int, currency: str, message: str, user_message: str
) -> None:
    assert list(check_amount("lines[0].unitAmount", minor_units, currency)) == [
        InvalidField("lines[0].unitAmount.minorUnits", INVALID, message, user_message)
    ]


@pytest.mark.parametrize("currency", ["XXX", "usd", "IRR", ""])
def test_a_currency_must_be_supported_by_stripe(currency: str) -> None:
    (field,) = check_amount("amount", 0, currency)
    assert (field.name, field.code) == ("amount.currency", FieldCode.CURRENCY_UNKNOWN)


def test_a_fee_is_at_least_0_and_in_the_currency_of_the_payment() -> None:
    assert list(check_fee_amount("fee", 0, "EUR", "EUR")) == []
    assert list(check_fee_amount("fee", 5, "EUR", "EUR")) == []
    assert list(check_fee_amount("fee", 5, "USD", "EUR")) == [
        InvalidField(
            "fee.currency",
            FieldCode.CONTRADICTION,
            "The fee must be in EUR, the currency of the payment.",
            "Choose EUR.",
        )
    ]
    assert [field.message for field in check_fee_amount("fee", -1, "EUR", "EUR")] == ["Must be at least 0."]
    assert [field.name for field in check_fee_amount("fee", 150, "ISK", "ISK")] == ["fee.minorUnits"]


def test_an_amount_below_stripes_minimum_is_refused_and_the_error_names_the_minimum() -> None:
    check_minimum("amount", 50, "USD", "USD")
    with pytest.raises(AmountTooSmall) as refused:
        check_minimum("amount", 49, "USD", "USD")
    assert refused.value.amount == Money(50, "USD")
    assert refused.value.fields == (
        InvalidField(
            "amount",
            INVALID,
            "Stripe charges at least 0.50 USD on this merchant's account.",
            "The total must be at least 0.50 USD.",
        ),
    )


def test_if_the_settlement_currency_differs_or_is_unknown_stripe_checks_the_minimum() -> None:
    # 0.40 USD is less than the minimum in USD, but Stripe accepts it on an account that settles in CAD.
    check_minimum("amount", 40, "USD", "CAD")
    check_minimum("amount", 40, "USD", None)
    check_minimum("amount", 1, "UYU", "UYU")


def test_the_minimum_and_the_maximum_of_every_currency_are_accepted() -> None:
    for code, currency in CURRENCIES.items():
        for minor_units in (currency.minimum or currency.charge_step, currency.maximum // 100 * 100):
            assert list(check_amount("amount", minor_units, code)) == []
            check_minimum("amount", minor_units, code, code)
