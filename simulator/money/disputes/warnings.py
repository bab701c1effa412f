"""Early fraud warnings: the payer's bank reports a payment as fraud. A dispute may follow.

https://docs.stripe.com/disputes/how-disputes-work#early-fraud-warnings. A warning is actionable until the
payment is fully refunded or disputed (https://docs.stripe.com/api/early_fraud_warnings/object).
"""

from simulator.money import records
from simulator.state import Json, State
from simulator.wire import forms
from simulator.wire.calls import Call
from simulator.wire.errors import Refused

PATH = "/v1/radar/early_fraud_warnings"
OBJECT = "radar.early_fraud_warning"
QUERY: dict[str, forms.Table] = {**forms.PAGE, "charge": str, "payment_intent": str}
TYPES = (
    *("card_never_received", "fraudulent_card_application", "made_with_counterfeit_card"),
    *("made_with_lost_card", "made_with_stolen_card", "misc", "unauthorized_use_of_card"),
)


def warn(state: State, charge: Json, fraud_type: str = "misc") -> Json:
    """Let the payer's bank report a card payment as fraud. Returns the warning."""
    is_card = charge["payment_method_details"]["type"] == "card"
    if not is_card or charge["status"] != "succeeded" or not charge["captured"]:
        raise Refused("parameter_invalid", "Only a paid card payment can have an early fraud warning.")
    if fraud_type not in TYPES:
        raise Refused("parameter_invalid", f"fraud_type: must be one of {', '.join(TYPES)}")
    warning = records.save(
        state,
        {
            "id": records.new_id("issfr"),
            "object": OBJECT,
            "_account": charge["_account"],
            "actionable": not charge["disputed"] and not charge["refunded"],
            "charge": charge["id"],
            "created": int(state.now()),
            "fraud_type": fraud_type,
            "livemode": False,
            "payment_intent": charge["payment_intent"],
        },
    )
    records.emit(state, f"{OBJECT}.created", warning)
    return warning


def settle(state: State, charge: Json) -> None:
    """Mark the warnings of a disputed or fully refunded charge as no longer actionable."""
    for warning in state.having(OBJECT, "charge", charge["id"]):
        if warning["actionable"]:
            warning["actionable"] = False
            records.save(state, warning)
            records.emit(state, f"{OBJECT}.updated", warning)


def show(call: Call) -> Json:
    """GET /v1/radar/early_fraud_warnings/{id}."""
    return records.show(records.find(call, OBJECT, call.path["id"]))


def list_warnings(call: Call) -> Json:
    """GET /v1/radar/early_fraud_warnings. A charge or intent in the query must exist."""
    return records.page(call, OBJECT, PATH, records.show, *records.of_payment(call, OBJECT))
