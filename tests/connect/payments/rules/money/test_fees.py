"""The fee of a payment, and the part of the fee to return after refunds. The tests use examples and random
amounts in all currencies.
"""

import itertools
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connect.errors import CurrencyNotSupported, FeeTooLarge, FieldCode, InvalidField, for_merchants
from connect.payments.rules.money.currencies import CURRENCIES
from connect.payments.rules.money.fee_policies import OTHERS, FeePolicy, Terms, parse
from connect.payments.rules.money.fees import (
    AppliedFeePolicy,
    FeeSource,
    applicable,
    calculate,
    decide,
    decode,
    encode,
    fee_to_return,
    for_capture,
)
from connect.payments.rules.money.money import Money
from tests.connect.merchants.rules.stripe_answers import deterministic
from tests.connect.payments.rules.terms import policies, terms_of

PLATFORM = parse("EUR 2.5% + 0.30 min 0.50 max 20, USD 3%")
MERCHANT = parse("EUR 1%")

currencies = st.sampled_from(sorted(CURRENCIES))


@st.composite
def charges(draw: st.DrawFn) -> Money:
    """An amount that Stripe charges."""
    currency = CURRENCIES[draw(currencies)]
    return Money(draw(st.integers(1, 10**10)) * currency.charge_step, currency.code)


@st.composite
def priced(draw: st.DrawFn) -> tuple[Money, Terms]:
    """An amount that Stripe charges, and valid terms of its currency."""
    amount = draw(charges())
    return amount, draw(terms_of(amount.currency))


@pytest.mark.parametrize(
    ("terms", "amount", "fee"),
    [
        # 2.5% of 10.00 is 0.25.
        (Terms(basis_points=250), Money(1_000, "EUR"), 25),
        # 2.5% of 0.20 is exactly half a cent.
        (Terms(basis_points=250), Money(20, "EUR"), 1),
        (Terms(basis_points=250), Money(19, "EUR"), 0),
        (Terms(basis_points=290, flat=30), Money(1_000, "USD"), 59),
        (Terms(basis_points=250), Money(999_999_999_999, "IDR"), 25_000_000_000),
        (Terms(basis_points=300), Money(50, "JPY"), 2),
        # Amounts of ISK are hundredths that end with 00, and amounts of KWD are thousandths that end with 0.
        (Terms(basis_points=250), Money(6_000, "ISK"), 200),
        (Terms(basis_points=250), Money(5_900, "ISK"), 100),
        (Terms(basis_points=250), Money(5_120, "KWD"), 130),
        (Terms(basis_points=250, minimum=50), Money(1_000, "EUR"), 50),
        (Terms(basis_points=250, maximum=20), Money(1_000, "EUR"), 20),
        (Terms(flat=30), Money(10, "EUR"), 10),
        (Terms(minimum=30), Money(10, "EUR"), 10),
        (Terms(basis_points=10_000), Money(10, "EUR"), 10),
        (Terms(), Money(10, "EUR"), 0),
        (Terms(flat=30), Money(0, "EUR"), 0),
    ],
)
def test_a_fee_is_rounded_half_up_within_its_bounds(terms: Terms, amount: Money, fee: int) -> None:
    assert calculate(terms, amount) == fee


@given(priced())
@deterministic
def test_a_fee_is_exact_in_every_currency(case: tuple[Money, Terms]) -> None:
    amount, terms = case
    step = CURRENCIES[amount.currency].charge_step
    share = Decimal(amount.minor_units) * terms.basis_points / 10_000 / step
    rounded = int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP)) * step + terms.flat
    highest = amount.minor_units if terms.maximum is None else min(terms.maximum, amount.minor_units)
    fee = calculate(terms, amount)
    assert fee == min(max(rounded, terms.minimum), highest)
    assert 0 <= fee <= amount.minor_units
    assert fee % step == 0


@given(priced(), st.integers(1, 10**10))
@deterministic
def test_a_higher_amount_never_has_a_lower_fee(case: tuple[Money, Terms], more: int) -> None:
    amount, terms = case
    higher = Money(amount.minor_units + more, amount.currency)
    assert calculate(terms, amount) <= calculate(terms, higher)


def test_a_fee_in_the_call_takes_precedence_over_the_policies() -> None:
    amount = Money(1_000, "EUR")
    given_fee = decide(amount, given=7, merchant=MERCHANT, platform=PLATFORM)
    assert given_fee == AppliedFeePolicy(source=FeeSource.CALL, currency="EUR", amount=1_000, fee=7)
    no_fee = decide(amount, given=0, platform=PLATFORM)
    assert no_fee == AppliedFeePolicy(source=FeeSource.CALL, currency="EUR", amount=1_000, fee=0)


def test_the_policy_of_the_merchant_takes_precedence_over_that_of_the_platform() -> None:
    assert decide(Money(1_000, "EUR"), merchant=MERCHANT, platform=PLATFORM) == AppliedFeePolicy(
        source=FeeSource.MERCHANT, currency="EUR", amount=1_000, fee=10, terms=Terms(basis_points=100)
    )
    # The merchant has no terms for this currency.
    assert decide(Money(1_000, "USD"), merchant=MERCHANT, platform=PLATFORM) == AppliedFeePolicy(
        source=FeeSource.PLATFORM, currency="USD", amount=1_000, fee=30, terms=Terms(basis_points=300)
    )


def test_without_a_policy_there_is_no_fee() -> None:
    assert decide(Money(1_000, "EUR")) is None


def test_a_payment_in_a_currency_without_terms_is_refused() -> None:
    with pytest.raises(CurrencyNotSupported) as refused:
        decide(Money(1_000, "GBP"), merchant=MERCHANT, platform=PLATFORM, currency_field="amount.currency")
    assert (refused.value.currency, refused.value.supported) == ("GBP", ("EUR", "USD"))
    neutral = "The platform takes no payments in GBP, only in EUR, USD."
    assert refused.value.neutral_message == neutral
    assert for_merchants(refused.value).message == neutral
    assert refused.value.fields == (
        InvalidField(
            "amount.currency",
            FieldCode.NOT_AVAILABLE,
            f"{neutral} Give a `fee`, or add terms for GBP to the fee policy (setting CONNECTQL_FEE_POLICY, "
            "or setFeePolicy for this merchant).",
            "Choose another currency.",
        ),
    )


def test_a_fee_in_the_call_is_at_most_the_amount() -> None:
    amount = Money(1_000, "EUR")
    whole = decide(amount, given=1_000)
    assert whole is not None
    assert whole.fee == 1_000
    with pytest.raises(FeeTooLarge) as refused:
        decide(amount, given=1_001)
    assert refused.value.amount == amount
    assert refused.value.fields == (
        InvalidField(
            "fee.minorUnits",
            FieldCode.AMOUNT_INVALID,
            "The fee must be at most 10.00 EUR, the amount of the payment.",
            "Enter a fee of at most 10.00 EUR.",
        ),
    )


@given(charges(), st.none() | policies(), st.data())
@deterministic
def test_in_every_currency_the_first_policy_with_terms_for_it_determines_the_fee(
    amount: Money, merchant: FeePolicy | None, data: st.DataObject
) -> None:
    platform = data.draw(st.none() | policies() | policies(amount.currency))
    sources = {FeeSource.MERCHANT: merchant, FeeSource.PLATFORM: platform}
    expected = [
        (source, policy.terms[code])
        for source, policy in sources.items()
        if policy is not None
        for code in (amount.currency, OTHERS)
        if code in policy.terms
    ]
    try:
        applied = decide(amount, merchant=merchant, platform=platform)
    except CurrencyNotSupported:
        assert not expected
        return
    if applied is None:
        assert (merchant, platform) == (None, None)
        return
    assert (applied.source, applied.terms) == expected[0]
    assert applied.fee == calculate(expected[0][1], amount)
    # The stored text contains all inputs, so the same fee can be calculated from it.
    stored = decode(encode(applied))
    assert stored == applied == for_capture(stored, amount.minor_units)
    # Clients read the same terms for this currency, and each currency is listed once.
    shown = {code: (source, terms) for source, code, terms in applicable(merchant, platform)}
    assert len(shown) == len(applicable(merchant, platform))
    assert shown.get(amount.currency, shown.get(None)) == expected[0]


def test_terms_of_the_platform_are_not_shown_if_the_merchants_terms_replace_them() -> None:
    one, three = Terms(basis_points=100), Terms(basis_points=300)
    assert applicable(MERCHANT, PLATFORM) == [
        (FeeSource.MERCHANT, "EUR", one),
        (FeeSource.PLATFORM, "USD", three),
    ]
    assert applicable(parse("EUR 1%, * 3%"), PLATFORM) == [
        (FeeSource.MERCHANT, "EUR", one),
        (FeeSource.MERCHANT, None, three),
    ]
    assert applicable(None, parse("EUR 1%")) == [(FeeSource.PLATFORM, "EUR", one)]
    assert applicable(None, None) == []


def test_the_fee_of_a_partial_capture_is_calculated_from_its_amount_by_the_same_terms() -> None:
    applied = decide(Money(10_000, "EUR"), platform=PLATFORM)
    assert applied is not None
    assert applied.fee == 280
    captured = for_capture(applied, 4_000)
    assert (captured.amount, captured.fee, captured.terms) == (4_000, 130, applied.terms)
    assert captured.source is FeeSource.PLATFORM
    # The platform's setting is not read again.
    assert for_capture(captured, 10_000) == applied


def test_a_partial_capture_keeps_the_fee_from_the_call_but_not_more_than_its_amount() -> None:
    applied = decide(Money(10_000, "EUR"), given=500)
    assert applied is not None
    assert for_capture(applied, 4_000).fee == 500
    assert for_capture(applied, 400).fee == 400


@pytest.mark.parametrize(
    ("fee", "amount", "refunds", "parts"),
    [
        # A half rounds up, so the last part is smaller.
        (Money(25, "EUR"), 1_000, [500, 500], [13, 12]),
        (Money(1, "EUR"), 300, [100, 100, 100], [0, 1, 0]),
        (Money(100, "EUR"), 300, [100, 100, 100], [33, 34, 33]),
        (Money(100, "EUR"), 300, [300], [100]),
        (Money(0, "EUR"), 300, [300], [0]),
        (Money(500, "ISK"), 10_000, [5_000, 5_000], [300, 200]),
        (Money(130, "KWD"), 5_120, [2_560, 2_560], [70, 60]),
        (Money(3, "XXX"), 100, [50, 50], [2, 1]),
        # Stripe booked the fee in the platform's currency.
        (Money(39, "USD"), 5_000, [2_500, 2_500], [20, 19]),
    ],
)
def test_the_fee_is_returned_in_proportion_to_the_refunds(
    fee: Money, amount: int, refunds: list[int], parts: list[int]
) -> None:
    returned: list[int] = []
    for index in range(len(refunds)):
        refunded = sum(refunds[: index + 1])
        returned.append(fee_to_return(fee, amount, refunded, sum(returned)))
    assert returned == parts


@st.composite
def refunded_payments(draw: st.DrawFn) -> tuple[Money, int, list[int]]:
    """A booked fee, the amount of its payment, and refunds that add up to that amount."""
    amount = draw(charges())
    step = CURRENCIES[amount.currency].charge_step
    fee = Money(draw(st.integers(0, amount.minor_units)), amount.currency)
    cuts = draw(st.lists(st.integers(1, amount.minor_units // step), max_size=12))
    points = sorted({0, amount.minor_units, *(cut * step for cut in cuts)})
    return (
        fee,
        amount.minor_units,
        [after - before for before, after in itertools.pairwise(points)],
    )


@given(refunded_payments())
@deterministic
def test_partial_refunds_of_the_whole_amount_return_exactly_the_whole_fee(
    payment: tuple[Money, int, list[int]],
) -> None:
    fee, amount, refunds = payment
    returned = refunded = 0
    for refund in refunds:
        refunded += refund
        part = fee_to_return(fee, amount, refunded, returned)
        assert part >= 0
        returned += part
        assert returned <= fee.minor_units
        step = CURRENCIES[fee.currency].charge_step
        assert abs(Decimal(returned) - Decimal(fee.minor_units) * refunded / amount) <= Decimal(step) / 2 or (
            returned == fee.minor_units
        )
    assert returned == fee.minor_units == fee_to_return(fee, amount, amount, 0)


@given(refunded_payments(), st.data())
@deterministic
def test_after_failed_refunds_no_more_than_the_fee_is_returned(
    payment: tuple[Money, int, list[int]], data: st.DataObject
) -> None:
    fee, amount, refunds = payment
    returned = refunded = 0
    for refund in refunds:
        refunded += refund
        returned += fee_to_return(fee, amount, refunded, returned)
        if data.draw(st.booleans()):
            refunded -= refund
        assert 0 <= returned <= fee.minor_units
    returned += fee_to_return(fee, amount, amount, returned)
    assert returned == fee.minor_units


@pytest.mark.parametrize(
    ("amount", "refunded", "returned", "part"),
    [(0, 0, 0, 0), (1, 1, 0, 100), (100, 0, 0, 0), (100, -5, 0, 0), (100, 200, 40, 60)],
)
def test_unexpected_sums_return_no_more_than_the_fee(
    amount: int, refunded: int, returned: int, part: int
) -> None:
    assert fee_to_return(Money(100, "EUR"), amount, refunded, returned) == part
