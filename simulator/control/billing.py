"""Scenarios of subscriptions: a renewal, another card, a pause, a resumption and a cancellation."""

from simulator.billing import course, subscriptions
from simulator.control import audits
from simulator.money import methods, records
from simulator.state import Json, State
from simulator.wire.errors import Refused
from simulator.wire.keys import PLATFORM

SCENARIOS = ("card", "cancel", "pause", "renew", "resume")
# The card that the scenario `card` sets if the request has no number. Each charge of this card is declined.
DECLINED = "4000000000000341"


def play(state: State, order: Json) -> Json:
    """Apply the scenario in the request to its subscription. Returns the subscription."""
    found = state.all("subscription").get(order["id"])
    if found is None:
        raise Refused("resource_missing", f"No such subscription: '{order['id']}'", 404)
    if found["status"] in subscriptions.ENDED:
        raise Refused("parameter_invalid", "the subscription has ended")
    match order.get("scenario"):
        case "card":
            number = "".join(str(order.get("number") or DECLINED).split())
            if number not in methods.CARDS:
                raise Refused("parameter_invalid", "number: must be a test card")
            found["default_payment_method"] = methods.new(state, PLATFORM, number)["id"]
            subscriptions.save(state, found, "updated", "default_payment_method_changed")
        case "cancel":
            subscriptions.end(state, found, "cancellation_requested")
        case "pause":
            course.pause(state, found, "pause_requested")
        case "renew":
            course.renew_now(state, found)
        case "resume":
            if found["status"] != "paused":
                raise Refused("parameter_invalid", "the subscription is not paused")
            course.resume(state, found)
        case _:
            raise Refused("parameter_invalid", f"scenario: must be one of {', '.join(SCENARIOS)}")
    audits.check(state)
    return records.show(found)


def steer(state: State, order: Json) -> Json:
    """Set `after_retries`, the action for a subscription whose invoice remains unpaid."""
    if set(order) != {"after_retries"} or order["after_retries"] not in course.AFTER_RETRIES:
        raise Refused("parameter_invalid", f"after_retries: one of {', '.join(course.AFTER_RETRIES)}")
    return state.steer("billing", order)
