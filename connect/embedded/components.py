"""Stripe's embedded components for merchants with a full Dashboard, and their features. Pure.

https://docs.stripe.com/connect/supported-embedded-components. The names are Stripe's.
"""

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from connect.errors import ComponentNotAllowed, FieldCode, InvalidField, InvalidInput


class Component(enum.Enum):
    """A component. The components for issued cards, treasury and terminals are missing, because merchants
    with a full Dashboard cannot use them.
    """

    ACCOUNT_MANAGEMENT = "account_management"
    ACCOUNT_ONBOARDING = "account_onboarding"
    BALANCE_REPORT = "balance_report"
    BALANCES = "balances"
    DISPUTES_LIST = "disputes_list"
    DOCUMENTS = "documents"
    INSTANT_PAYOUTS_PROMOTION = "instant_payouts_promotion"
    NOTIFICATION_BANNER = "notification_banner"
    PAYMENT_DETAILS = "payment_details"
    PAYMENT_DISPUTES = "payment_disputes"
    PAYMENT_METHOD_SETTINGS = "payment_method_settings"
    PAYMENTS = "payments"
    PAYOUT_DETAILS = "payout_details"
    PAYOUT_RECONCILIATION_REPORT = "payout_reconciliation_report"
    PAYOUTS = "payouts"
    PAYOUTS_LIST = "payouts_list"
    REPORTING_CHART = "reporting_chart"
    TAX_REGISTRATIONS = "tax_registrations"
    TAX_SETTINGS = "tax_settings"


class Feature(enum.Enum):
    """A change that a merchant can make in a component. The features for accounts without a full Dashboard,
    and for charges that are not direct charges, are missing. `smart_disputes_management` is missing too,
    because by default it has the value of `dispute_management`.
    """

    CAPTURE_PAYMENTS = "capture_payments"
    DISPUTE_MANAGEMENT = "dispute_management"
    EDIT_PAYOUT_SCHEDULE = "edit_payout_schedule"
    EXTERNAL_ACCOUNT_COLLECTION = "external_account_collection"
    INSTANT_PAYOUTS = "instant_payouts"
    REFUND_MANAGEMENT = "refund_management"
    STANDARD_PAYOUTS = "standard_payouts"


_BANK = (Feature.EXTERNAL_ACCOUNT_COLLECTION,)
_DISPUTES = (Feature.DISPUTE_MANAGEMENT, Feature.REFUND_MANAGEMENT)
_PAYMENTS = (Feature.CAPTURE_PAYMENTS, *_DISPUTES)
_PAYOUTS = (Feature.EDIT_PAYOUT_SCHEDULE, *_BANK, Feature.INSTANT_PAYOUTS, Feature.STANDARD_PAYOUTS)
# The features of each component that has any.
FEATURES: dict[Component, tuple[Feature, ...]] = {
    Component.ACCOUNT_MANAGEMENT: _BANK,
    Component.ACCOUNT_ONBOARDING: _BANK,
    Component.BALANCES: _PAYOUTS,
    Component.DISPUTES_LIST: _PAYMENTS,
    Component.INSTANT_PAYOUTS_PROMOTION: (*_BANK, Feature.INSTANT_PAYOUTS),
    Component.NOTIFICATION_BANNER: _BANK,
    Component.PAYMENT_DETAILS: _PAYMENTS,
    Component.PAYMENT_DISPUTES: _DISPUTES,
    Component.PAYMENTS: _PAYMENTS,
    Component.PAYOUTS: _PAYOUTS,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A component of a request. If `features` is None, Stripe's defaults apply."""

    component: Component
    features: tuple[Feature, ...] | None


def check(wanted: Sequence[Wanted], allowed: Collection[Component]) -> None:
    """Raise InvalidInput for a malformed request, and ComponentNotAllowed for a component that is not in
    `allowed`.
    """
    problems: list[InvalidField] = []
    if not wanted:
        message = "Name at least one component."
        problems.append(InvalidField("components", FieldCode.REQUIRED, message, "Nothing is selected."))
    for index, one in enumerate(wanted):
        path = f"components[{index}]"
        if any(one.component is other.component for other in wanted[:index]):
            message = f"{one.component.name} is named twice. Name each component once."
            problems.append(_problem(f"{path}.component", FieldCode.DUPLICATE, message))
        known = FEATURES.get(one.component, ())
        for place, feature in enumerate(one.features or ()):
            if feature not in known:
                has = ", ".join(other.name for other in known) or "no features"
                message = f"{one.component.name} has no feature {feature.name}. It has {has}."
                problems.append(_problem(f"{path}.features[{place}]", FieldCode.NOT_AVAILABLE, message))
    if problems:
        raise InvalidInput(problems)
    for index, one in enumerate(wanted):
        if one.component not in allowed:
            listed = tuple(sorted(allowed, key=lambda component: component.name))
            raise ComponentNotAllowed(f"components[{index}].component", one.component, listed)


def _problem(path: str, code: FieldCode, message: str) -> InvalidField:
    return InvalidField(path, code, message, "This part of the page is not available.")


def body(account: str, wanted: Sequence[Wanted]) -> dict[str, object]:
    """The body of the request for a session. If a component names `features`, its other features are turned
    off.
    """
    return {"account": account, "components": {one.component.value: _order(one) for one in wanted}}


def _order(one: Wanted) -> dict[str, object]:
    known = FEATURES.get(one.component, ())
    if one.features is None or not known:
        return {"enabled": True}
    return {"enabled": True, "features": {feature.value: feature in one.features for feature in known}}
