import pytest
from hypothesis import given

from connect.errors import FieldCode
from connect.payments.rules.money.fee_policies import (
    EXAMPLE,
    MAX_TERMS,
    FeePolicy,
    InvalidFeePolicy,
    Terms,
    check_policy,
    decode,
    encode,
    of_entries,
    parse,
    render,
)
from tests.connect.merchants.rules.stripe_answers import deterministic
from tests.connect.payments.rules.terms import policies

POLICY = FeePolicy(
    {
        "EUR": Terms(basis_points=250, flat=30, minimum=50, maximum=2_000),
        "JPY": Terms(flat=40),
        "KWD": Terms(basis_points=1, flat=120),
        "*": Terms(basis_points=300),
    }
)
TEXT = "EUR 2.5% + 0.30 min 0.50 max 20, JPY 40, KWD 0.01% + 0.12, * 3%"


@pytest.mark.parametrize(
    "text", [TEXT, TEXT.replace(", ", ",\n  "), TEXT.replace(" + ", "+"), TEXT.replace("%", " %")]
)
def test_a_policy_is_read_from_the_text_of_a_setting(text: str) -> None:
    assert parse(text) == POLICY


def test_the_example_is_a_valid_policy() -> None:
    assert parse(EXAMPLE).currencies == ["EUR", "USD"]


def test_a_policy_is_stored_as_json() -> None:
    assert decode(encode(POLICY)) == POLICY


def test_the_terms_of_a_currency_take_precedence_over_the_terms_for_other_currencies() -> None:
    assert POLICY.find("JPY") == Terms(flat=40)
    assert POLICY.find("USD") == Terms(basis_points=300)
    assert POLICY.currencies == ["EUR", "JPY", "KWD"]
    assert parse("EUR 0%").find("EUR") == Terms()
    assert parse("EUR 0%").find("USD") is None


def test_the_minimum_and_the_maximum_of_a_fee_may_be_equal() -> None:
    terms = Terms(flat=100, minimum=100, maximum=100)
    assert parse("EUR 1 min 1 max 1") == FeePolicy({"EUR": terms})
    assert parse("JPY 999999999999").find("JPY") == Terms(flat=999_999_999_999)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("2.5%", [f"'2.5%' is not a currency followed by its fee. Write, for example, {EXAMPLE}."]),
        ("EUR", [f"'EUR' is not a currency followed by its fee. Write, for example, {EXAMPLE}."]),
        ("eur 1%", [f"'eur 1%' is not a currency followed by its fee. Write, for example, {EXAMPLE}."]),
        ("EUR nan", [f"'EUR nan' is not a currency followed by its fee. Write, for example, {EXAMPLE}."]),
        ("EUR -1%", [f"'EUR -1%' is not a currency followed by its fee. Write, for example, {EXAMPLE}."]),
        ("EUR 1%,", [f"'' is not a currency followed by its fee. Write, for example, {EXAMPLE}."]),
        ("EUR 2,5%", [f"'5%' is not a currency followed by its fee. Write, for example, {EXAMPLE}."]),
        (
            "EUR 1% max 2 min 1",
            [f"'EUR 1% max 2 min 1' is not a currency followed by its fee. Write, for example, {EXAMPLE}."],
        ),
        (
            "XXX 1%",
            ["'XXX 1%': XXX is not a currency of Stripe. Write its code in upper case."],
        ),
        ("EUR 1%, EUR 2%", ["There are several entries for EUR. Keep one."]),
        (
            "EUR 2.555%",
            ["'EUR 2.555%': '2.555' is not a percentage. Write at most two decimals, such as 2.75%."],
        ),
        (
            "EUR 100.01%",
            ["'EUR 100.01%': the share must be from 0% to 100% (10000 basis points)."],
        ),
        (
            "JPY 1% + 0.5",
            ["'JPY 1% + 0.5': '0.5' has too many decimals. JPY has 0."],
        ),
        (
            "* 1% + 0.30",
            ["'* 1% + 0.30': amounts need a currency. Write * with a percentage only."],
        ),
        ("* 1% max 5", ["'* 1% max 5': amounts need a currency. Write * with a percentage only."]),
        ("* 1% min 0", ["'* 1% min 0': amounts need a currency. Write * with a percentage only."]),
        ("* 5", ["'* 5': amounts need a currency. Write * with a percentage only."]),
        (
            "ISK 1% + 0.50",
            ["'ISK 1% + 0.50': the flat amount must be a multiple of 1.00 ISK."],
        ),
        (
            "KWD 1% min 0.125",
            ["'KWD 1% min 0.125': the minimum must be a multiple of 0.010 KWD."],
        ),
        (
            "EUR 1% min 2 max 1",
            ["'EUR 1% min 2 max 1': the maximum is below the minimum. Raise it, or remove it."],
        ),
        (
            "EUR 1% + 2 max 1",
            ["'EUR 1% + 2 max 1': the maximum is below the flat amount. Raise it, or remove it."],
        ),
        (
            "EUR 10000000000",
            ["'EUR 10000000000': the flat amount must be from 0 to 999999999999 minor units."],
        ),
        (
            "EUR 1.2.3, USD 101%",
            [
                "'EUR 1.2.3': '1.2.3' is not an amount. Write digits and a point, such as 0.30.",
                "'USD 101%': the share must be from 0% to 100% (10000 basis points).",
            ],
        ),
    ],
)
def test_an_invalid_policy_is_refused_and_the_error_lists_all_problems_with_remedies(
    text: str, problems: list[str]
) -> None:
    with pytest.raises(InvalidFeePolicy) as refused:
        parse(text)
    assert refused.value.problems == problems


OTHERS_NEED = "Amounts need a currency. Without a currency, give only a share."


def test_each_part_of_a_policy_in_an_input_is_checked() -> None:
    entries = [(None if code == "*" else code, terms) for code, terms in POLICY.terms.items()]
    assert list(check_policy("policy", entries)) == []
    assert of_entries(entries) == POLICY == of_entries(entries[::-1])
    assert encode(of_entries(entries)) == encode(of_entries(entries[::-1]))
    unit = "must be from 0 to 999999999999 minor units."
    remedy = "Give an ISO 4217 code in upper case, such as USD or EUR."
    found = [
        (field.name, field.code, field.message)
        for field in check_policy(
            "policy",
            [
                ("eur", Terms()),
                ("USD", Terms(basis_points=-1, flat=-1)),
                ("ISK", Terms(minimum=150, maximum=100)),
                (None, Terms(basis_points=10_000, flat=1, maximum=0)),
                ("USD", Terms(basis_points=10_001)),
                ("*", Terms()),
                (None, Terms()),
            ],
        )
    ]
    amount, share = FieldCode.AMOUNT_INVALID, "The share must be from 0% to 100% (10000 basis points)."
    assert found == [
        ("policy[0].currency", FieldCode.CURRENCY_UNKNOWN, f"{remedy} Did you mean EUR?"),
        ("policy[1].basisPoints", amount, share),
        ("policy[1].flat", amount, f"The flat amount {unit}"),
        ("policy[2].minimum", amount, "The minimum must be a multiple of 1.00 ISK."),
        ("policy[2].maximum", amount, "The maximum is below the minimum. Raise it, or remove it."),
        ("policy[3].flat", amount, OTHERS_NEED),
        ("policy[3].maximum", amount, OTHERS_NEED),
        ("policy[4].currency", FieldCode.DUPLICATE, "There are several entries for USD. Keep one."),
        ("policy[4].basisPoints", amount, share),
        ("policy[5].currency", FieldCode.CURRENCY_UNKNOWN, remedy),
        (
            "policy[6].currency",
            FieldCode.DUPLICATE,
            "There are several entries for all other currencies. Keep one.",
        ),
    ]
    (empty,) = check_policy("policy", [])
    assert (empty.name, empty.code) == ("policy", FieldCode.REQUIRED)
    (many,) = check_policy("policy", [("USD", Terms())] * (MAX_TERMS + 1))
    assert (many.name, many.code) == ("policy", FieldCode.TOO_MANY)


@given(policies())
@deterministic
def test_every_policy_is_valid_as_an_input_and_as_the_text_of_a_setting(policy: FeePolicy) -> None:
    entries = [(None if code == "*" else code, terms) for code, terms in policy.terms.items()]
    assert list(check_policy("policy", entries)) == []
    assert of_entries(entries) == parse(render(policy)) == decode(encode(policy)) == policy


def test_a_policy_is_rendered_without_unnecessary_parts() -> None:
    assert render(POLICY) == "EUR 2.5% + 0.30 min 0.50 max 20.00, JPY 40, KWD 0.01% + 0.120, * 3%"
    assert render(parse("USD 0%, EUR 10.50%, JPY 5% max 0")) == "EUR 10.5%, JPY 5% max 0, USD 0%"
