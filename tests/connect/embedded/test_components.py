"""Embedded components: the checks of a request, and the request to Stripe."""

import pytest

from connect.embedded import components
from connect.embedded.components import FEATURES, Component, Feature, Wanted
from connect.errors import ComponentNotAllowed, InvalidInput
from simulator.accounts import embedded


def test_every_invalid_field_is_named() -> None:
    wanted = [
        Wanted(Component.PAYMENTS, (Feature.REFUND_MANAGEMENT, Feature.STANDARD_PAYOUTS)),
        Wanted(Component.DOCUMENTS, (Feature.INSTANT_PAYOUTS,)),
        Wanted(Component.PAYMENTS, None),
    ]
    with pytest.raises(InvalidInput) as caught:
        components.check(wanted, list(Component))
    assert [(one.name, one.code.name, one.message) for one in caught.value.fields] == [
        (
            "components[0].features[1]",
            "NOT_AVAILABLE",
            (
                "PAYMENTS has no feature STANDARD_PAYOUTS. It has CAPTURE_PAYMENTS, DISPUTE_MANAGEMENT, "
                "REFUND_MANAGEMENT."
            ),
        ),
        (
            "components[1].features[0]",
            "NOT_AVAILABLE",
            "DOCUMENTS has no feature INSTANT_PAYOUTS. It has no features.",
        ),
        ("components[2].component", "DUPLICATE", "PAYMENTS is named twice. Name each component once."),
    ]
    with pytest.raises(InvalidInput) as empty:
        components.check([], list(Component))
    assert [(one.name, one.code.name) for one in empty.value.fields] == [("components", "REQUIRED")]


def test_a_component_must_be_allowed() -> None:
    wanted = [Wanted(Component.PAYMENTS, None), Wanted(Component.PAYOUTS, None)]
    components.check(wanted, {Component.PAYMENTS, Component.PAYOUTS})
    with pytest.raises(ComponentNotAllowed) as caught:
        components.check(wanted, {Component.PAYMENTS})
    assert (caught.value.field, caught.value.component, caught.value.allowed) == (
        "components[1].component",
        Component.PAYOUTS,
        (Component.PAYMENTS,),
    )


def test_the_request_turns_off_the_features_that_are_not_named() -> None:
    wanted = [
        Wanted(Component.PAYMENTS, (Feature.REFUND_MANAGEMENT,)),
        Wanted(Component.PAYOUTS, None),
        Wanted(Component.DOCUMENTS, ()),
    ]
    payments = {"capture_payments": False, "dispute_management": False, "refund_management": True}
    assert components.body("acct_1", wanted) == {
        "account": "acct_1",
        "components": {
            "payments": {"enabled": True, "features": payments},
            "payouts": {"enabled": True},
            "documents": {"enabled": True},
        },
    }


def test_the_local_stripe_has_all_components_and_features() -> None:
    for component in Component:
        known = {feature.value for feature in FEATURES.get(component, ())}
        assert known <= set(embedded.COMPONENTS[component.value])
