"""The evidence fields are the same as Stripe's, and each reason for a dispute has recommended fields."""

from connect.disputes import wording
from connect.disputes.rules import evidence
from connect.disputes.rules.evidence import FILES, TEXTS, EvidenceField
from simulator.money.disputes import disputes as stripe


def test_the_evidence_fields_match_stripe_and_the_enum() -> None:
    assert set(TEXTS) == set(stripe.TEXTS.split())
    assert set(FILES) == set(stripe.FILES.split())
    assert {one.name.lower() for one in EvidenceField} == {*TEXTS, *FILES}


def test_each_reason_of_stripe_has_an_explanation_and_recommended_fields() -> None:
    assert set(wording.REASONS) == set(stripe.REASONS)
    for reason in (*stripe.REASONS, "new_reason", None):
        fields = evidence.recommended(reason)
        assert len(set(fields)) == len(fields)
        assert {evidence.title(name) for name in fields}
    assert evidence.recommended("duplicate")[:3] == (
        "duplicate_charge_id",
        "duplicate_charge_explanation",
        "duplicate_charge_documentation",
    )
    assert "shipping_tracking_number" in evidence.recommended("product_not_received")
    assert "shipping_tracking_number" not in evidence.recommended("subscription_canceled")
