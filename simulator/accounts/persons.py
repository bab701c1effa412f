"""The persons of an account.

One of them is the person of `identity.individual`: the owner or representative, whose details onboarding asks
for. A person who is created as representative becomes this person. Onboarding asks for no further persons.
"""

from decimal import Decimal, InvalidOperation

from simulator.accounts import records, rules, tokens, view
from simulator.accounts.records import edit, find, publish
from simulator.accounts.rules import dig
from simulator.state import Json, rfc3339, token
from simulator.wire.calls import Call
from simulator.wire.errors import Refused, missing
from simulator.wire.paging import page


def create(call: Call) -> str:
    """POST /v2/core/accounts/{account_id}/persons. All error codes except `parameter_invalid` come from
    Stripe's specification.
    """
    find(call.state, call.path["account_id"])
    account = edit(call.state, call.path["account_id"])
    details = _details(call)
    has_person = account["person_made"] is not None
    if account["identity"].get("entity_type") == "individual" and has_person:
        message = "Accounts of individuals cannot have additional persons."
        raise Refused("individual_additional_person_not_allowed", message)
    if dig(details, "relationship.representative"):
        if has_person:
            # Stripe's answer in this case is unknown.
            message = "relationship.representative: the account already has a representative."
            raise Refused("parameter_invalid", message)
        account["identity"]["individual"] = details
        identifier = account["person"]
    else:
        identifier = token("person_test_", 24)
        now = rfc3339(call.state.now())
        account["persons"][identifier] = {"fields": details, "created": now, "updated": now}
    _save(call, account, identifier)
    return str(identifier)


def update(call: Call) -> str:
    """POST /v2/core/accounts/{account_id}/persons/{id}."""
    _find(call)
    account, identifier = edit(call.state, call.path["account_id"]), call.path["id"]
    details = _details(call)
    if identifier == account["person"]:
        account["identity"]["individual"] = _merge(account["identity"]["individual"], details)
    else:
        record = account["persons"][identifier]
        now = rfc3339(call.state.now())
        account["persons"][identifier] = record | {
            "fields": _merge(record["fields"], details),
            "updated": now,
        }
    _save(call, account, identifier)
    return identifier


def delete(call: Call) -> str:
    """DELETE /v2/core/accounts/{account_id}/persons/{id}.

    After the deletion of the person of `identity.individual`, the requirements about this person are open
    again.
    """
    _find(call)
    account, identifier = edit(call.state, call.path["account_id"]), call.path["id"]
    if identifier == account["person"]:
        account["identity"].pop("individual")
        account.update(person=token("person_test_", 24), person_made=None, person_updated=None)
    else:
        account["persons"].pop(identifier)
    publish(call.state, account, call.reason)
    return identifier


def show(call: Call) -> Json:
    """GET /v2/core/accounts/{account_id}/persons/{id}."""
    return _find(call) | {"livemode": False}


def show_deleted(call: Call) -> Json:
    """Return v2's answer about a deleted person."""
    return {"id": call.path["id"], "object": "v2.core.account_person", "deleted": True}


def list_persons(call: Call) -> Json:
    """GET /v2/core/accounts/{account_id}/persons."""
    account = find(call.state, call.path["account_id"])
    people = [view.person(account)] if account["person_made"] is not None else []
    people += [view.further_person(account, identifier) for identifier in account["persons"]]
    path = f"/v2/core/accounts/{account['id']}/persons"
    return page(path, call.query, people, lambda person: person | {"livemode": False})


def _details(call: Call) -> Json:
    body = tokens.open_body(call, "person")
    rules.check_contact(body, ("email",), ("phone",))
    return {name: value for name, value in body.items() if name != "person_token"}


def _merge(fields: Json, details: Json) -> Json:
    merged: Json = records.merge(fields, details)
    if "metadata" in merged:
        merged["metadata"] = records.merge_metadata(
            fields.get("metadata") or {}, details.get("metadata") or {}
        )
    return merged


def _save(call: Call, account: Json, identifier: str) -> None:
    _check(account, identifier)
    rules.check(account, None, {}, call.state.today())
    publish(call.state, account, call.reason)
    tokens.use(call, "person")


def _check(account: Json, identifier: str) -> None:
    """Refuse an invalid share of the account, shares of more than 100 percent in total, and the same person
    twice.
    """
    people = {key: record["fields"] for key, record in account["persons"].items()}
    if account["identity"].get("individual"):
        people[account["person"]] = account["identity"]["individual"]
    shares = {key: _share(fields) for key, fields in people.items()}
    share = shares[identifier]
    if share is not None and not 0 < share <= 100:
        message = "relationship.percent_ownership: must be above 0 and at most 100."
        raise Refused("person_percent_ownership_invalid", message)
    if sum(share or 0 for share in shares.values()) > 100:
        raise Refused("total_person_ownership_exceeded", "The shares of all owners exceed 100.")
    same = ("given_name", "surname", "date_of_birth")
    changed = [people[identifier].get(name) for name in same]
    for key, fields in people.items():
        if key != identifier and None not in changed and [fields.get(name) for name in same] == changed:
            raise Refused("duplicate_person_not_allowed", "The account already has this person.")


def _share(fields: Json) -> Decimal | None:
    text = dig(fields, "relationship.percent_ownership")
    try:
        return None if text is None else Decimal(text)
    except InvalidOperation:
        return Decimal(-1)


def _find(call: Call) -> Json:
    account, identifier = find(call.state, call.path["account_id"]), call.path["id"]
    if identifier == account["person"] and account["person_made"] is not None:
        return view.person(account)
    if identifier not in account["persons"]:
        raise missing()
    return view.further_person(account, identifier)
