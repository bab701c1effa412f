"""Sentences for the payer about a failed attempt. They name no reason that must be withheld."""

from collections.abc import Mapping

from connect.payments.rules.declines import Decline, DeclineKind, Retry

MESSAGES: Mapping[DeclineKind, str] = {
    DeclineKind.FUNDS: (
        "There is not enough money, or the limit is reached. Use another payment method, or try again later."
    ),
    DeclineKind.EXPIRED: "The card has expired, or its expiry date is wrong. Use another card.",
    DeclineKind.DETAILS: "Some details do not match. Check them and try again.",
    DeclineKind.AUTHENTICATION: "Your bank asks you to confirm the payment. Try again, and confirm it.",
    DeclineKind.TEMPORARY: "The payment did not go through. Try again in a moment.",
    DeclineKind.NOT_ALLOWED: "This payment method does not allow this payment. Use another one.",
    DeclineKind.DUPLICATE: (
        "The same payment was made a moment ago. Check whether it succeeded before you try again."
    ),
    DeclineKind.BANK_ACCOUNT: "This bank account cannot be used for the payment. Use another payment method.",
    DeclineKind.NOT_COMPLETED: "The payment was not completed. Try again, or use another payment method.",
    DeclineKind.CARD: "The payment was declined. Use another payment method.",
    DeclineKind.BANK: "Your bank declined the payment. Contact your bank, or use another payment method.",
}
# Texts for payers who must not try the same method again. The kinds that are missing here need no such text,
# because their text in `MESSAGES` does not suggest another try.
FINAL_MESSAGES: Mapping[DeclineKind, str] = {
    DeclineKind.FUNDS: "There is not enough money, or the limit is reached. Use another payment method.",
    DeclineKind.DETAILS: "Some details do not match. Use another payment method.",
    DeclineKind.AUTHENTICATION: "Your bank did not confirm the payment. Use another payment method.",
    DeclineKind.TEMPORARY: "The payment did not go through. Use another payment method.",
    DeclineKind.DUPLICATE: "The same payment was made a moment ago. Check whether it succeeded.",
    DeclineKind.NOT_COMPLETED: "The payment was not completed. Use another payment method.",
}


def payer_message(decline: Decline) -> str:
    if decline.retry is Retry.NO:
        return FINAL_MESSAGES.get(decline.kind) or MESSAGES[decline.kind]
    return MESSAGES[decline.kind]
