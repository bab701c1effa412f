"""The persons of an account. The simulator has one: the owner or representative."""

from simulator.accounts import view
from simulator.accounts.accounts import find
from simulator.state import Json
from simulator.wire.calls import Call
from simulator.wire.errors import missing
from simulator.wire.paging import page


def show(call: Call) -> Json:
    """GET /v2/core/accounts/{id}/persons/{person}."""
    account = find(call.state, call.path["id"])
    if call.path["person"] != account["person"] or account["person_made"] is None:
        raise missing(call.path["person"])
    return view.person(account) | {"object": "v2.core.account_person", "livemode": False}


def list_persons(call: Call) -> Json:
    """GET /v2/core/accounts/{id}/persons."""
    account = find(call.state, call.path["id"])
    people = [view.person(account)] if account["person_made"] is not None else []
    path = f"/v2/core/accounts/{account['id']}/persons"
    more = {"object": "v2.core.account_person", "livemode": False}
    return page(path, call.query, people, lambda person: person | more)
