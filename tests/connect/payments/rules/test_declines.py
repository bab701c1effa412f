import pytest

from connect.payments.rules.declines import NEUTRAL_CODE, Decline, DeclineKind, Retry, explain, neutral_code
from connect.payments.rules.snapshot import Failure

K, R = DeclineKind, Retry


def failure(code: str | None, decline_code: str | None = None, advice: str | None = None) -> Failure:
    return Failure(code=code, decline_code=decline_code, advice_code=advice, message="Stripe's own words.")


@pytest.mark.parametrize(
    ("codes", "kind", "retry"),
    [
        ("insufficient_funds withdrawal_count_limit_exceeded card_velocity_exceeded", K.FUNDS, R.LATER),
        ("expired_card invalid_expiry_month invalid_expiry_year", K.EXPIRED, R.NO),
        (
            (
                "incorrect_cvc invalid_cvc incorrect_number invalid_number incorrect_zip incorrect_address "
                "incorrect_pin invalid_pin pin_try_exceeded"
            ),
            K.DETAILS,
            R.AFTER_CORRECTION,
        ),
        (
            "authentication_required authentication_not_handled mobile_device_authentication_required",
            K.AUTHENTICATION,
            R.AFTER_AUTHENTICATION,
        ),
        (
            "processing_error reenter_transaction issuer_not_available try_again_later approve_with_id",
            K.TEMPORARY,
            R.NOW,
        ),
        (
            (
                "card_not_supported currency_not_supported transaction_not_allowed service_not_allowed "
                "not_permitted invalid_amount restricted_card"
            ),
            K.NOT_ALLOWED,
            R.NO,
        ),
        ("duplicate_transaction", K.DUPLICATE, R.AFTER_CHECK),
        (
            (
                "fraudulent lost_card stolen_card pickup_card merchant_blacklist security_violation "
                "highest_risk_level"
            ),
            K.CARD,
            R.NO,
        ),
        (
            (
                "generic_decline do_not_honor call_issuer no_action_taken invalid_account "
                "new_account_information_available revocation_of_authorization "
                "revocation_of_all_authorizations stop_payment_order do_not_try_again "
                "testmode_decline a_new_code"
            ),
            K.BANK,
            R.NO,
        ),
    ],
)
def test_the_decline_code_determines_the_kind_and_the_retry(
    codes: str, kind: DeclineKind, retry: Retry
) -> None:
    for code in codes.split():
        assert explain(failure("card_declined", code)) == Decline(kind, retry)


@pytest.mark.parametrize(
    ("code", "decline_code", "kind"),
    [
        ("expired_card", "a_new_code", K.EXPIRED),
        ("incorrect_cvc", None, K.DETAILS),
        ("payment_intent_authentication_failure", None, K.AUTHENTICATION),
        ("insufficient_funds", None, K.FUNDS),
        ("account_closed", None, K.BANK_ACCOUNT),
        ("debit_not_authorized", None, K.BANK_ACCOUNT),
        ("payment_method_customer_decline", None, K.NOT_COMPLETED),
        ("payment_method_provider_decline", None, K.BANK),
        ("request_blocked", None, K.BANK),
        (None, None, K.BANK),
    ],
)
def test_without_a_known_decline_code_the_error_code_determines_the_kind(
    code: str | None, decline_code: str | None, kind: DeclineKind
) -> None:
    assert explain(failure(code, decline_code)).kind is kind


@pytest.mark.parametrize(
    ("decline_code", "advice", "expected"),
    [
        ("do_not_honor", "try_again_later", Decline(K.BANK, R.LATER)),
        ("do_not_honor", "confirm_card_data", Decline(K.DETAILS, R.AFTER_CORRECTION)),
        ("do_not_honor", "do_not_try_again", Decline(K.BANK, R.NO)),
        ("do_not_honor", "new_advice", Decline(K.BANK, R.NO)),
        ("insufficient_funds", "do_not_try_again", Decline(K.FUNDS, R.NO)),
        ("insufficient_funds", "confirm_card_data", Decline(K.FUNDS, R.LATER)),
        # The advice must not reveal whether the card is good.
        ("stolen_card", "try_again_later", Decline(K.CARD, R.NO)),
        ("stolen_card", "confirm_card_data", Decline(K.CARD, R.NO)),
    ],
)
def test_stripes_advice_determines_the_retry_if_the_advice_is_more_precise(
    decline_code: str, advice: str, expected: Decline
) -> None:
    assert explain(failure("card_declined", decline_code, advice)) == expected


def test_merchants_read_only_harmless_codes() -> None:
    for code in ("card_declined", "insufficient_funds", "generic_decline", "account_closed"):
        assert neutral_code(code) == code
    for code in (
        "fraudulent",
        "lost_card",
        "stolen_card",
        "highest_risk_level",
        "request_blocked",
        "new",
        "",
    ):
        assert neutral_code(code) == NEUTRAL_CODE == "generic_decline"
