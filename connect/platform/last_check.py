"""The result of the last check at Stripe, stored as the state of a periodic task."""

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from connect.errors import permissions
from connect.events.destinations import Check
from connect.platform.problems import Problem, ProblemCode


class StripeAnswer(enum.Enum):
    """Stripe's answer to the calls of the last check."""

    UNKNOWN = "UNKNOWN"
    GIVEN = "GIVEN"
    KEY_REFUSED = "KEY_REFUSED"
    PERMISSION_MISSING = "PERMISSION_MISSING"
    UNAVAILABLE = "UNAVAILABLE"


_PROBLEMS = {
    StripeAnswer.KEY_REFUSED: Problem(
        ProblemCode.STRIPE_KEY_REFUSED,
        "Stripe does not accept the platform's API key.",
        "Set CONNECTQL_STRIPE_API_KEY to a valid key (Stripe's Dashboard, Developers > API keys) and "
        "restart. docs/operating.md lists the permissions that a restricted key needs.",
    ),
    StripeAnswer.PERMISSION_MISSING: Problem(
        ProblemCode.STRIPE_PERMISSION_MISSING,
        "The platform's restricted key lacks {permission}.",
        "Edit the key of CONNECTQL_STRIPE_API_KEY in Stripe's Dashboard, Developers > API keys. Payments "
        "need the permissions for connected accounts. Calls to Stripe work again without a restart.",
    ),
    StripeAnswer.UNAVAILABLE: Problem(
        ProblemCode.STRIPE_UNAVAILABLE,
        "Stripe gives no definite answer.",
        "Look at https://status.stripe.com and at the network between this service and api.stripe.com. "
        "Interrupted work continues automatically.",
    ),
}


@dataclass(frozen=True, slots=True)
class LastCheck:
    """The result of a check. `codes` has the codes of all problems. Unknown times are None.

    `shown` is a hash of the state that subscribers see.
    """

    checked_at: datetime | None = None
    stripe: StripeAnswer = StripeAnswer.UNKNOWN
    stripe_since: datetime | None = None
    destination: Check | None = None
    destination_checked_at: datetime | None = None
    codes: tuple[str, ...] = ()
    shown: str = ""
    permission: str | None = None  # the missing permissions, as in StripePermissionMissing


def encode(check: LastCheck) -> dict[str, object]:
    """Encode the check as JSON."""
    state: dict[str, object] = msgspec.to_builtins(check)
    return state


def decode(state: Mapping[str, Any]) -> LastCheck:
    """Decode the check in a task's state. A field that another version wrote differently gets its default.

    Among the problems of the destination, unknown codes are dropped and known codes are kept.
    """
    destination = state.get("destination")
    if isinstance(destination, dict) and isinstance(destination.get("problems"), list):
        codes = [code.value for code in ProblemCode]
        known = [code for code in destination["problems"] if code in codes]
        state = {**state, "destination": {**destination, "problems": known}}
    check = {}
    for name, kind in LastCheck.__annotations__.items():
        try:
            check[name] = msgspec.convert(state[name], kind)
        except (KeyError, msgspec.ValidationError):
            continue
    return LastCheck(**check)


def find_problems(check: LastCheck) -> list[Problem]:
    """Find the problems of the connection to Stripe."""
    problem = _PROBLEMS.get(check.stripe)
    if problem is None:
        return []
    permission = permissions(check.permission) if check.permission else "a permission"
    message = problem.message.format(permission=permission)
    return [dataclasses.replace(problem, message=message, since=check.stripe_since)]
