"""The parameter in Stripe's refusal determines the input field that the error names."""

import pytest

from connect.errors import StripeRefused
from connect.payments.inputs import name_fields


@pytest.mark.parametrize(
    ("param", "code", "expected"),
    [
        (
            "line_items[2][price_data][unit_amount]",
            "amount_too_large",
            ("lines[2].unitAmount.minorUnits", "AMOUNT_INVALID"),
        ),
        ("line_items[0][price_data]", "parameter_unknown", ("lines[0]", "REFUSED_BY_STRIPE")),
        ("line_items", "invalid_request_error", ("lines", "REFUSED_BY_STRIPE")),
        (
            "payment_intent_data[application_fee_amount]",
            "application_fees_not_allowed",
            ("fee", "NOT_AVAILABLE"),
        ),
        ("success_url", "url_invalid", ("successUrl", "URL_INVALID")),
        ("amount", "amount_too_small", ("amount.minorUnits", "AMOUNT_INVALID")),
        ("payment_method_types", "parameter_unknown", None),
        (None, "invalid_request_error", None),
    ],
)
def test_stripes_parameter_is_translated_to_the_input_field(
    param: str | None, code: str, expected: tuple[str, str] | None
) -> None:
    refusal = StripeRefused(code, "No.", "req_1", param=param)
    name_fields(refusal)
    assert [(one.name, one.code.value) for one in refusal.fields] == ([expected] if expected else [])
