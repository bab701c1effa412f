"""The records of accounts: find, edit and publish them, and make the changes that are due."""

from typing import Any

from simulator.accounts import requirements, view
from simulator.accounts.changes import differences
from simulator.accounts.rules import dig
from simulator.accounts.view import TOP
from simulator.events import events
from simulator.state import Json, State, rfc3339, token
from simulator.wire.errors import Refused, gone

# Fields of a record that the API does not show, with their initial values.
HIDDEN: Json = {
    "deauthorized": False,
    # The answer of v2 about a disconnected account: "not_found" or "forbidden".
    "answer": "not_found",
    # When the person of `identity.individual` was created and updated, and the further persons by their ids.
    "person_made": None,
    "person_updated": None,
    "persons": {},
    "bank": None,
    "document": None,
    "verified": False,
    "review_until": None,
    "extras": [],
    "verdict": None,
    # v2 never accepts an account with `v1_only`. It accepts other accounts of v1 from the time in
    # `compatible_at` on.
    "v1_only": False,
    "compatible_at": None,
    "view": None,
}


def new(state: State) -> Json:
    """Return the record of a new account. `publish` saves it."""
    return {
        "id": token("acct_"),
        "created": rfc3339(state.now()),
        "made_at": state.now(),
        "closed": False,
        **dict.fromkeys(TOP),
        "metadata": {},
        "identity": {},
        "defaults": {},
        "configuration": {},
        "person": token("person_test_", 24),
        **copy(HIDDEN),
    }


def complete(account: Json) -> None:
    """Add the fields that a record of an earlier version lacks."""
    for name, value in HIDDEN.items():
        account.setdefault(name, copy(value))


def load(state: State) -> None:
    """Complete the records of an earlier run or a saved state. Schedule each account's next timed change."""
    for account in state.all("account").values():
        complete(account)
        moment = requirements.due(account, account["seen_at"])
        if moment is not None and not account["deauthorized"]:
            state.timers[account["id"]] = moment


def find(state: State, identifier: str) -> Json:
    """Return the record of an account for a call of v2. Raises Refused with v2's error.

    The errors about objects of v1 come from https://docs.stripe.com/api/v2/core/accounts/retrieve.
    """
    if identifier.startswith("cus_"):
        message = "V1 Customer ID cannot be used in V2 Account APIs."
        raise Refused("v1_customer_instead_of_v2_account", message)
    account = state.all("account").get(identifier)
    if account is None or account["deauthorized"]:
        raise gone(account)
    if account["v1_only"]:
        raise Refused("v1_account_instead_of_v2_account", "V1 Account ID cannot be used in V2 Account APIs.")
    if account["compatible_at"] is not None:
        message = "Account is not yet compatible with V2 APIs."
        raise Refused("account_not_yet_compatible_with_v2", message)
    return account


def edit(state: State, identifier: str) -> Json:
    """Return a copy of an account's record, which the caller can change and publish.

    Raises Refused for an account that is unknown or has left the platform.
    """
    account = state.all("account").get(identifier)
    if account is None or account["deauthorized"]:
        raise gone(None)
    changed: Json = copy(account)
    return changed


def is_v1(account: Json) -> bool:
    """Whether v2 refuses the account, forever or until `compatible_at`."""
    return bool(account["v1_only"]) or account["compatible_at"] is not None


def publish(state: State, account: Json, reason: Json | None = None) -> None:
    """Save a new or changed account, and emit an event for each change that the API shows."""
    now = account["seen_at"] = state.now()
    requirements.advance(account, now, state.settings.review_seconds)
    before, account["view"] = account["view"], None
    if dig(account, "identity.individual") and account["person_made"] is None:
        account["person_made"] = account["person_updated"] = rfc3339(now)
    was_v1 = is_v1(account)
    if account["compatible_at"] is not None and account["compatible_at"] <= now:
        account["compatible_at"] = None
    previous = state.all("account").get(account["id"])
    changes = view.person_changes(previous, account)
    if (account["person"], "updated") in changes:
        account["person_updated"] = rfc3339(now)
    after = account["view"] = view.render(account, now)
    state.save("account", account["id"], account)
    moment = requirements.due(account, now)
    if moment is None or account["deauthorized"]:
        state.timers.pop(account["id"], None)
    else:
        state.timers[account["id"]] = moment
    if is_v1(account):
        if before and before != after:
            related = ("account", f"/v1/accounts/{account['id']}")
            events.emit(state, "v1.account.updated", context=account["id"], related=related, reason=reason)
        return
    path = f"/v2/core/accounts/{account['id']}"
    is_new = before is None or was_v1
    for suffix, data in [(".created", None)] if is_new else differences(before, after):
        events.emit(
            state,
            f"v2.core.account{suffix}",
            context=account["id"],
            related=("v2.core.account", path),
            data=data,
            reason=reason,
        )
    for person, change in changes:
        events.emit(
            state,
            f"v2.core.account_person.{change}",
            context=account["id"],
            related=("v2.core.account_person", f"{path}/persons/{person}"),
            data={"account_id": account["id"]},
            reason=reason,
        )


def pass_time(state: State) -> None:
    """Publish every account whose timed change is due, such as the end of a review, or a deadline."""
    now = state.now()
    for identifier in [key for key, moment in state.timers.items() if moment <= now]:
        state.timers.pop(identifier)
        publish(state, edit(state, identifier))


def merge(old: Any, changes: Any) -> Any:
    """Return `old` with the changes merged in, at every depth."""
    if isinstance(old, dict) and isinstance(changes, dict):
        return {**old, **{name: merge(old.get(name), value) for name, value in changes.items()}}
    return changes


def merge_metadata(old: Json, changes: Json) -> Json:
    """Return metadata with the changes. Null removes a key in v2."""
    return {name: value for name, value in {**old, **changes}.items() if value is not None}


def copy(value: Any) -> Any:
    """Return a deep copy of a JSON value."""
    if isinstance(value, dict):
        return {name: copy(part) for name, part in value.items()}
    return [copy(part) for part in value] if isinstance(value, list) else value
