"""A proxy or a later version of Stripe can send answers with malformed parts and unknown values."""

import uuid
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connect.merchants.rules.messages import Audience
from connect.payments.rules.declines import explain
from connect.payments.rules.document import Profile, build
from connect.payments.rules.money.money import Money
from connect.payments.rules.refunds import explanation, remaining
from connect.payments.rules.snapshot import (
    Snapshot,
    decode,
    encode,
    parse_dispute,
    parse_intent,
    parse_refund,
    parse_session,
    parse_warning,
)
from connect.payments.rules.state import dispute_state, payment_state, refund_state
from connect.payments.rules.summary import summary
from connect.payments.wording import payer_message, render
from connect.stripe_api.v1_values import MAX_AMOUNT
from tests.connect.merchants.rules.stripe_answers import deterministic

WORDS = (
    "open complete expired unpaid paid canceled requires_payment_method requires_action requires_capture "
    "succeeded pending failed lost won needs_response warning_needs_response card eur JPY u$d stolen_card "
    "automatic insufficient_funds oxxo_display_details"
)
words = st.sampled_from(WORDS.split()) | st.text(max_size=4)
amounts = st.integers(-(10**13), 10**13) | st.sampled_from([2**53, 2**64, -(2**70)])
values = st.none() | st.booleans() | amounts | st.floats(allow_nan=False) | words
# These fields often get valid values, so that the values pass the parsers and reach the rules.
KNOWN = {
    "currency": st.sampled_from(["eur", "JPY", "u$d", "", None, 5]),
    "amount": st.sampled_from([1_000, 2**53 - 1, -(2**53), 2**64, None, True]),
    "amount_captured": st.sampled_from([0, 1_000, 2**53 - 1]),
}
AT = datetime(2026, 11, 29, tzinfo=UTC)


def objects(names: str, **parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with these fields, each of which may be missing or have any value."""
    optional = {name: KNOWN.get(name, values) for name in names.split()}
    optional |= {name: values | part for name, part in parts.items()}
    return st.fixed_dictionaries({"id": st.text("abc_1", min_size=1, max_size=3)}, optional=optional)


card = st.fixed_dictionaries(
    {"type": values}, optional={"card": objects("brand last4 wallet capture_before")}
)
transactions = objects("amount fee net currency available_on", fee_details=st.lists(objects("amount type")))
charges = objects(
    "status amount currency amount_captured amount_refunded captured failure_balance_transaction created",
    balance_transaction=transactions,
    application_fee=objects("amount amount_refunded currency"),
    payment_method_details=card,
)
intents = objects(
    "status amount currency amount_received cancellation_reason created livemode metadata",
    last_payment_error=objects("code decline_code advice_code message"),
    next_action=objects("type"),
    latest_charge=charges,
)
sessions = objects("status payment_status amount_total currency payment_intent expires_at metadata")
refunds = objects("status amount currency reason pending_reason failure_reason destination_details created")
disputes = objects(
    "status amount currency reason created",
    evidence_details=objects("due_by submission_count"),
    balance_transactions=st.lists(transactions, max_size=2),
)
snapshots = st.builds(
    lambda session, intent, refunds, disputes, warnings: Snapshot(
        session=parse_session(session) if session is not None else None,
        intent=parse_intent(intent) if intent is not None else None,
        refunds=tuple(map(parse_refund, refunds)),
        disputes=tuple(map(parse_dispute, disputes)),
        warnings=tuple(map(parse_warning, warnings)),
    ),
    st.none() | sessions,
    st.none() | intents,
    st.lists(refunds, max_size=3),
    st.lists(disputes, max_size=2),
    st.lists(objects("actionable created"), max_size=1),
)


@given(snapshots)
@deterministic
def test_a_snapshot_and_a_document_can_be_built_from_any_answer(known: Snapshot) -> None:
    assert decode(encode(known)) == known
    profile = Profile(uuid.UUID(int=1), uuid.UUID(int=2), "STRIPE", None, 1_000, "EUR", AT, AT)
    stripe_ids = [*(one.id for one in known.refunds), *(one.id for one in known.disputes)]
    ids = {stripe_id: uuid.UUID(int=number) for number, stripe_id in enumerate(stripe_ids)}
    assert build(profile, known, ids=ids).state is payment_state(known)


@given(snapshots)
@deterministic
def test_texts_can_be_built_from_any_answer(known: Snapshot) -> None:
    facets = payment_state(known), refund_state(known), dispute_state(known)
    assert render(summary(*facets, known, Money(1_000, "EUR")), Audience.MERCHANT).endswith(".")
    for refund in known.refunds:
        assert render(explanation(refund), Audience.MERCHANT).endswith(".")
    if known.intent is not None and known.intent.failure is not None:
        assert payer_message(explain(known.intent.failure)).endswith(".")
    assert remaining(known) >= 0


def test_a_hundred_of_the_largest_amounts_add_up_to_an_exact_sum() -> None:
    largest = [parse_refund({"id": f"re_{n}", "amount": MAX_AMOUNT, "currency": "eur"}) for n in range(100)]
    assert {refund.amount for refund in largest} == {MAX_AMOUNT}
    assert Money(sum(refund.amount for refund in largest), "EUR").minor_units == 100 * MAX_AMOUNT
    assert parse_refund({"id": "re_1", "amount": MAX_AMOUNT + 1, "currency": "eur"}).amount == 0
