"""The effect of a payment on its Checkout Session, if the payment has a session."""

from simulator.money import records
from simulator.state import Json, State


def _session(state: State, intent: Json) -> Json | None:
    return state.all("checkout.session").get(intent.get("_session", ""))


def completed(state: State, intent: Json) -> None:
    """Complete the session of an intent that is paid, authorized, or being processed by the bank."""
    session = _session(state, intent)
    is_paid = intent["status"] in {"succeeded", "requires_capture"}
    if session is None or not (is_paid or intent["status"] == "processing"):
        return
    session.update(status="complete", payment_status="paid" if is_paid else "unpaid", url=None)
    records.save(state, session)
    records.emit(state, "checkout.session.completed", session)


def settled(state: State, intent: Json, *, succeeded: bool) -> None:
    """Emit the result of a bank debit, whose session is already completed."""
    session = _session(state, intent)
    if session is None or session["status"] != "complete":
        return
    if succeeded:
        session["payment_status"] = "paid"
        records.save(state, session)
    result = "succeeded" if succeeded else "failed"
    records.emit(state, f"checkout.session.async_payment_{result}", session)
