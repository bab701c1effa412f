import itertools
import re

from connect.merchants.rules.messages import Audience, Message
from connect.payments.rules.declines import Decline, DeclineKind, Retry
from connect.payments.wording import payer_message, render
from connect.payments.wording.declines import FINAL_MESSAGES, MESSAGES
from connect.payments.wording.sentences import SENTENCES

WITHHELD = re.compile(r"fraud|lost or|stolen|risk|block|blacklist|suspic|secur", re.IGNORECASE)


def texts() -> list[str]:
    sentences = ((text,) if isinstance(text, str) else text for text in SENTENCES.values())
    return [*MESSAGES.values(), *FINAL_MESSAGES.values(), *itertools.chain.from_iterable(sentences)]


def test_no_text_names_a_reason_that_must_be_withheld() -> None:
    assert len(texts()) > 50
    assert [text for text in texts() if WITHHELD.search(text)] == []


def test_every_text_consists_of_whole_sentences() -> None:
    assert [text for text in texts() if not re.fullmatch(r"[A-Z{].*\.", text)] == []


def test_merchants_are_addressed_as_you() -> None:
    for texts in SENTENCES.values():
        for_platform, for_merchant = (texts, texts) if isinstance(texts, str) else texts
        assert not re.search(r"\byour?\b", for_platform)
        assert "merchant" not in for_merchant


def test_every_decline_has_a_message_for_the_payer() -> None:
    for kind in DeclineKind:
        assert payer_message(Decline(kind, Retry.NOW)) == MESSAGES[kind]
        assert "ry again" not in payer_message(Decline(kind, Retry.NO))


def test_the_message_of_a_withheld_reason_says_only_that_the_payment_was_declined() -> None:
    for retry in Retry:
        message = payer_message(Decline(DeclineKind.CARD, retry))
        assert message == "The payment was declined. Use another payment method."


def test_a_failed_refund_is_explained_to_the_platform_and_to_the_merchant() -> None:
    message = Message("refund.failed")
    assert render(message, Audience.PLATFORM) == (
        "The refund did not reach the customer. The money is back in the merchant's Stripe balance. "
        "Repay the customer in another way."
    )
    assert render(message, Audience.MERCHANT) == (
        "The refund did not reach the customer. The money is back in your Stripe balance. "
        "Repay the customer in another way."
    )
