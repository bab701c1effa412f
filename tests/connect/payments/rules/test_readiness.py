"""If an account cannot take payments, the refusal explains the reason in words for the merchant or for the
platform.
"""

from typing import Any

import pytest

from connect.merchants.rules.account.snapshot import parse
from connect.merchants.rules.messages import Audience
from connect.payments.rules.readiness import problem

RESTRICTED = {
    "status": "restricted",
    "status_details": [{"code": "requirements_past_due", "resolution": "provide_info"}],
}
ACTIVE = {"status": "active", "status_details": []}


def reasons(capabilities: dict[str, Any], name: str | None = "Hats", *, is_on_page: bool = True) -> list[Any]:
    """The reason as the platform reads it, and the reason as the merchant reads it."""
    answer = {"display_name": name, "configuration": {"merchant": {"capabilities": capabilities}}}
    account = parse({"id": "acct_1", **answer})
    return [problem(account, is_on_page=is_on_page, audience=audience) for audience in Audience]


def test_one_active_capability_for_payments_is_enough() -> None:
    assert reasons({"card_payments": RESTRICTED, "klarna_payments": ACTIVE}) == [None, None]


def test_the_platform_reads_about_the_merchant_and_the_merchant_is_addressed_as_you() -> None:
    status = "Card payments (`card_payments`) are not active: their status is RESTRICTED."
    look = "Read `capabilities` and `nextAction` of the merchant."
    merchants = "Stripe still needs information from you. Provide the required information to turn this on."
    assert reasons({"card_payments": RESTRICTED}) == [
        f"{status} Stripe still needs information from the merchant. {look}",
        f"{status} {merchants} {look}",
    ]


@pytest.mark.parametrize("capabilities", [{}, {"klarna_payments": RESTRICTED}])
def test_an_account_without_card_payments_must_request_them(capabilities: dict[str, Any]) -> None:
    assert reasons(capabilities) == [
        (
            "No payment method of the account is active, and `card_payments` was not requested. Request it "
            "with updateMerchant."
        ),
        (
            "No payment method of your account is active, and card payments were not requested. Ask the "
            "platform to request them."
        ),
    ]


def test_only_stripes_page_needs_a_public_name() -> None:
    assert reasons({"card_payments": ACTIVE}, None, is_on_page=False) == [None, None]
    to_platform, to_merchant = reasons({"card_payments": ACTIVE}, None)
    assert to_platform.endswith("Set `displayName` or `doingBusinessAs` with updateMerchant.")
    assert to_merchant == (
        "Your business has no public name for Stripe's payment page. Ask the platform to set one."
    )
