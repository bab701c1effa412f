"""Account and person tokens: details that a browser sends to Stripe instead of to the platform.

A token can be used once, within 10 minutes, as in the example in the reference
(https://docs.stripe.com/api/v2/core/account-tokens/object). The error codes come from Stripe's specification.
"""

from typing import Any

from simulator.accounts import fields
from simulator.accounts.records import copy, find, merge
from simulator.state import Json, State, rfc3339, token
from simulator.wire.calls import Call
from simulator.wire.errors import Refused, missing

SECONDS = 600
_PREFIX = {"account": "accttok_", "person": "perstok_"}
# A request with a token must not have these fields. If the token is an account token, the request may have
# only the country inside `identity`, because such a token has no country (SDK types).
_ALONGSIDE = {"account": ("contact_email", "contact_phone", "display_name"), "person": tuple(fields.PERSON)}
_OTHER = {"account": "person", "person": "account"}


def create(call: Call) -> str:
    """POST /v2/core/account_tokens."""
    return _store(call, "account", None)


def create_for_person(call: Call) -> str:
    """POST /v2/core/accounts/{account_id}/person_tokens."""
    return _store(call, "person", find(call.state, call.path["account_id"])["id"])


def _store(call: Call, kind: str, account: str | None) -> str:
    now = call.state.now()
    record: Json = {
        "id": token(_PREFIX[kind], 48),
        "kind": kind,
        "account": account,
        "body": call.body,
        "created": now,
        "used": False,
    }
    call.state.save("token", record["id"], record)
    return str(record["id"])


def show(call: Call) -> Json:
    """GET /v2/core/account_tokens/{id}. The answer has none of the details."""
    return _show(call, "account", None)


def show_for_person(call: Call) -> Json:
    """GET /v2/core/accounts/{account_id}/person_tokens/{id}."""
    return _show(call, "person", find(call.state, call.path["account_id"])["id"])


def _show(call: Call, kind: str, account: str | None) -> Json:
    record = call.state.all("token").get(call.path["id"])
    if record is None or (record["kind"], record["account"]) != (kind, account):
        raise missing()
    return {
        "id": record["id"],
        "object": "v2.core.account_token" if kind == "account" else "v2.core.account_person_token",
        "created": rfc3339(record["created"]),
        "expires_at": rfc3339(record["created"] + SECONDS),
        "livemode": False,
        "used": record["used"],
    }


def open_body(call: Call, kind: str) -> Json:
    """Return the body of a request, including the details of its token if it has one.

    Raises Refused for a token that cannot be used, and for a field that a request with a token must not have.
    """
    identifier = call.body.get(f"{kind}_token")
    if identifier is None:
        return call.body
    body = {name: value for name, value in call.body.items() if name != f"{kind}_token"}
    record = _find(call.state, identifier, kind)
    if kind == "person" and record["account"] != call.path["account_id"]:
        raise Refused("incorrect_account_for_person_token", "The person token is of another account.")
    if record["used"]:
        raise Refused("token_already_used", "The token has already been used.")
    if call.state.now() >= record["created"] + SECONDS:
        raise Refused("token_expired", "The token has expired.")
    beside = [name for name in _ALONGSIDE[kind] if name in body]
    if kind == "account":
        beside += [f"identity.{name}" for name in body.get("identity") or {} if name != "country"]
    if beside:
        message = f"{beside[0]}: cannot be sent alongside a token."
        raise Refused(f"param_alongside_{kind}_token", message)
    details = _attested(copy(record["body"]), call.state)
    merged: Json = merge(details, body)
    return merged


def use(call: Call, kind: str) -> None:
    """Mark the token of a request as used."""
    identifier = call.body.get(f"{kind}_token")
    if identifier is not None:
        record = call.state.all("token")[identifier]
        call.state.save("token", identifier, record | {"used": True})


def _find(state: State, identifier: str, kind: str) -> Json:
    record = state.all("token").get(identifier)
    if record is None and identifier.startswith(("ct_", "cpt_")):
        raise Refused("v1_token_invalid_in_v2", "V1 tokens cannot be used in V2 APIs.")
    if record is None or record["kind"] != kind:
        if record is not None or identifier.startswith(_PREFIX[_OTHER[kind]]):
            raise Refused("incorrect_token_wrong_type", f"The token is not of the type {kind}.")
        raise Refused(f"invalid_{kind}_token", "The token is not valid.", 403)
    return record


def _attested(value: Any, state: State) -> Any:
    """Replace each attestation in a token with the date, IP and user agent, as Stripe does."""
    if not isinstance(value, dict):
        return value
    if set(value) <= {"attested", "shown_and_accepted"} and value:
        declared = all(value.values())
        return (
            {"date": rfc3339(state.now()), "ip": "127.0.0.1", "user_agent": "simulator"} if declared else None
        )
    return {name: _attested(part, state) for name, part in value.items()}
