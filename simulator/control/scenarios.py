"""Scenarios: changes of an account at Stripe without an API call, for tests and demos."""

from collections.abc import Callable

from simulator.accounts import countries, records, requirements, v1
from simulator.accounts.requirements import DOCUMENT, PERSON_DOCUMENT
from simulator.accounts.rules import dig
from simulator.events import events
from simulator.state import Json, State, rfc3339, token
from simulator.wire.errors import Refused

DAY = 86400
FOREVER = 10 * 365 * DAY

OWNER: Json = {"given_name": "Ada", "surname": "Lovelace", "relationship": {"owner": True}}
_MOBILES = {"US": "+15555550123"}


def proposals(code: object) -> Json:
    """Return the details that the form proposes and scenarios fill in for an account in this country."""
    country = countries.find(code)
    address = {"line1": country.line1, "city": country.city, "postal_code": country.postal_code}
    if country.state:
        address["state"] = country.state
    business = {
        "registered_name": country.company,
        "phone": country.phone,
        "address": address,
        "id_numbers": [{"type": country.business, "value": countries.TEST_NUMBER}],
    }
    person = {
        "given_name": "Jenny",
        "surname": "Rosen",
        "email": "jenny.rosen@example.com",
        "phone": _MOBILES.get(str(code), country.phone),
        "date_of_birth": {"day": 1, "month": 1, "year": 1990},
        "address": {**address},
        "id_numbers": [{"type": country.person, "value": countries.TEST_NUMBER}],
    }
    return {
        "identity": {"business_details": business, "individual": person},
        "configuration": {"merchant": {"mcc": "5734"}},
        "defaults": {"profile": {"business_url": "https://shop.example"}},
    }


def play(state: State, identifier: str, order: Json) -> None:
    """Apply the scenario that the request names, with the request's parameters."""
    name = order.get("scenario")
    if name not in SCENARIOS:
        raise Refused("parameter_invalid", f"scenario: must be one of {', '.join(SCENARIOS)}")
    account = records.edit(state, identifier)
    SCENARIOS[name](state, account, order)
    records.publish(state, account)


def provide(account: Json, item: str, value: object) -> None:
    """Set the value at a dotted path of an account."""
    *parents, last = item.split(".")
    place = account
    for parent in parents:
        if place.get(parent) is None:
            place[parent] = {}
        place = place[parent]
    place[last] = value


def add_countries(account: Json) -> None:
    """Add the country of the account to its addresses, because the form does not ask for it."""
    for place in ("identity.business_details.address", "identity.individual.address"):
        if dig(account, place) and not dig(account, f"{place}.country"):
            provide(account, f"{place}.country", account["identity"]["country"])


def accept_terms(account: Json, now: float, ip: str, user_agent: str) -> None:
    """Record the acceptance of the terms, as Stripe's form does."""
    terms = {"date": rfc3339(now), "ip": ip, "user_agent": user_agent}
    provide(account, "identity.attestations.terms_of_service.account", terms)


def upload_document(account: Json, *, good: bool) -> None:
    """Upload an identity document. The review accepts a good document and rejects a bad document."""
    account["document"] = "good" if good else "bad"
    file = {"front": "file_simulated_front", "back": "file_simulated_back"}
    path = "identity.individual.documents.primary_verification"
    provide(account, path, {"type": "front_back", "front_back": file})
    requirements.resubmit(account, DOCUMENT)


def fill(state: State, account: Json) -> None:
    """Provide test values for every open item, and resubmit every extra entry."""
    account["identity"]["entity_type"] = account["identity"].get("entity_type") or "company"
    country = account["identity"].get("country")
    proposed = proposals(country)
    for item in requirements.open_items(account):
        value = dig(proposed, item)
        if value is not None:
            provide(account, item, value)
    add_countries(account)
    account["bank"] = account["bank"] or countries.find(country).bank
    accept_terms(account, state.now(), "127.0.0.1", "simulator")
    for extra in account["extras"]:
        requirements.resubmit(account, extra["description"])


def _activate(state: State, account: Json, _: Json) -> None:
    fill(state, account)
    account.update(extras=[], verdict=None, document=None, review_until=None, verified=True)


def _complete(state: State, account: Json, _: Json) -> None:
    fill(state, account)


def _review(state: State, account: Json, order: Json) -> None:
    fill(state, account)
    account.update(verified=False, verdict=None)
    requirements.advance(account, state.now(), float(order.get("seconds", FOREVER)))


def _fail_document(state: State, account: Json, _: Json) -> None:
    fill(state, account)
    account.update(extras=[], review_until=None)
    requirements.fail_document(account)


def _due_soon(state: State, account: Json, order: Json) -> None:
    _activate(state, account, order)
    deadline = state.now() + float(order.get("days", 7)) * DAY
    account["extras"] = [requirements.extra(DOCUMENT, reason="routine_verification", deadline=deadline)]


def _past_due(state: State, account: Json, order: Json) -> None:
    _activate(state, account, order)
    account["extras"] = [requirements.extra(DOCUMENT, reason="routine_verification")]


def _future_requirements(state: State, account: Json, order: Json) -> None:
    _activate(state, account, order)
    starts = state.now() + float(order.get("days", 30)) * DAY
    deadline = starts + float(order.get("grace_days", 14)) * DAY
    item = requirements.extra(DOCUMENT, reason="routine_verification", deadline=deadline, starts=starts)
    account["extras"] = [item]


def _verdict(status: str, code: str, resolution: str) -> Callable[[State, Json, Json], None]:
    def apply(_state: State, account: Json, order: Json) -> None:
        account["verdict"] = {"status": status, "code": order.get("code", code), "resolution": resolution}

    return apply


def _payouts_blocked(state: State, account: Json, order: Json) -> None:
    _activate(state, account, order)
    requirements.refuse_bank(account)


def _owner_document(state: State, account: Json, order: Json) -> None:
    """Add another person, who is an owner, and ask for the document of this person."""
    _activate(state, account, order)
    identifier, now = token("person_test_", 24), rfc3339(state.now())
    account["persons"][identifier] = {"fields": OWNER, "created": now, "updated": now}
    asked = requirements.extra(PERSON_DOCUMENT, reason="routine_verification")
    account["extras"] = [asked | {"person": identifier}]


def _deauthorize(state: State, account: Json, order: Json) -> None:
    """Disconnect the account.

    Afterwards v1 answers 403 `account_invalid`. v2 answers 404, or 403 if `answer` is "forbidden".
    """
    answer = order.get("answer", "not_found")
    if answer not in {"not_found", "forbidden"}:
        raise Refused("parameter_invalid", "answer: must be not_found or forbidden")
    account.update(deauthorized=True, answer=answer)
    events.emit(state, "v1.account.application.deauthorized", context=account["id"])


def _close(_state: State, account: Json, _: Json) -> None:
    account["closed"] = True


def _touch(state: State, account: Json, order: Json) -> None:
    related = ("v2.core.account", f"/v2/core/accounts/{account['id']}")
    for _ in range(int(order.get("times", 1))):
        events.emit(state, "v2.core.account.updated", context=account["id"], related=related)


def _new_v1_account(state: State, account: Json, order: Json) -> None:
    account["compatible_at"] = state.now() + float(order.get("seconds", v1.COMPATIBLE_SECONDS))


def _v1_only(_state: State, account: Json, _: Json) -> None:
    account["v1_only"] = True


SCENARIOS: dict[str, Callable[[State, Json, Json], None]] = {
    "activate": _activate,
    "complete": _complete,
    "review": _review,
    "fail_document": _fail_document,
    "due_soon": _due_soon,
    "past_due": _past_due,
    "future_requirements": _future_requirements,
    "reject": _verdict("rejected", "rejected_other", "no_resolution"),
    "unsupported": _verdict("unsupported", "unsupported_business", "no_resolution"),
    "restricted_other": _verdict("restricted", "restricted_other", "contact_stripe"),
    "payouts_blocked": _payouts_blocked,
    "owner_document": _owner_document,
    "deauthorize": _deauthorize,
    "close": _close,
    "touch": _touch,
    "new_v1_account": _new_v1_account,
    "v1_only": _v1_only,
}
