"""The requirements of an account, and the status of its capabilities. Both are computed from its record.

The requirements are the onboarding items that the account has not provided yet, and its `extras`. Extras are
entries that a review, a refused payout or a scenario has added.
"""

from typing import Any

from simulator.accounts.rules import dig
from simulator.state import Json, rfc3339

DOCUMENT = "identity.individual.documents.primary_verification.front_back.front"
# The document of a person other than the representative. The requirement's `reference` names the person.
PERSON_DOCUMENT = DOCUMENT.removeprefix("identity.individual.")
BANK = "external_account"
_TERMS = ("date", "ip")
_BUSINESS = ("registered_name", "address.line1", "address.city", "address.postal_code", "phone", "id_numbers")
_PERSON = (
    *("given_name", "surname", "email", "phone"),
    *("date_of_birth.day", "date_of_birth.month", "date_of_birth.year"),
    *("address.line1", "address.city", "address.postal_code", "id_numbers"),
)
_URGENCY = ("past_due", "currently_due", "eventually_due")
_REVIEWED = ("identity.business_details.id_numbers", "identity.individual.id_numbers", DOCUMENT, BANK)


def requested_capabilities(account: Json) -> list[str]:
    """Return the requested merchant capabilities of the account, and `stripe_balance.payouts`."""
    merchant = account["configuration"].get("merchant")
    if merchant is None or not merchant["applied"] or account["closed"]:
        return []
    capabilities = merchant.get("capabilities") or {}
    names = [name for name, capability in capabilities.items() if (capability or {}).get("requested")]
    return [*names, "stripe_balance.payouts"]


def open_items(account: Json) -> list[str]:
    """Return the missing onboarding items, in the order of the form."""
    if not requested_capabilities(account):
        return []
    kind = account["identity"].get("entity_type")
    items = [] if kind else ["identity.entity_type"]
    if kind not in {None, "individual"}:
        items += [f"identity.business_details.{name}" for name in _BUSINESS]
    items += ["configuration.merchant.mcc", "defaults.profile.business_url"]
    items += [f"identity.individual.{name}" for name in _PERSON]
    items += [BANK]
    items += [f"identity.attestations.terms_of_service.account.{name}" for name in _TERMS]
    return [item for item in items if not _is_provided(account, item)]


def _is_provided(account: Json, item: str) -> bool:
    if item == BANK:
        return bool(account["bank"])
    if item == "defaults.profile.business_url" and dig(account, "defaults.profile.product_description"):
        return True
    return bool(dig(account, item))


def waiting(account: Json, until: float) -> list[str]:
    """Return the descriptions of the requirements that await the user.

    They include the extras that start by `until`.
    """
    extras = [
        extra["description"]
        for extra in account["extras"]
        if extra["awaiting"] == "user" and (extra["starts"] or 0) <= until
    ]
    return list(dict.fromkeys([*open_items(account), *extras])) if requested_capabilities(account) else []


def advance(account: Json, now: float, review_seconds: float) -> None:
    """Start the review of a complete account or of resubmitted entries, and end it when its time is over."""
    if account["review_until"] is None and requested_capabilities(account):
        in_review = any(extra["awaiting"] == "stripe" for extra in account["extras"])
        complete = not account["verified"] and not set(waiting(account, now)) - {BANK}
        if complete:
            _hand_over(account)
        if complete or in_review:
            account["review_until"] = now + review_seconds
    if account["review_until"] is not None and now >= account["review_until"]:
        _decide(account)


def _hand_over(account: Json) -> None:
    """For each provided detail that Stripe reviews, add an entry that awaits Stripe."""
    descriptions = {extra["description"] for extra in account["extras"]}
    company = account["identity"].get("entity_type") != "individual"
    for item in _REVIEWED:
        applies = _is_provided(account, item) and (company or "business_details" not in item)
        if applies and item not in descriptions:
            account["extras"].append(extra(item, awaiting="stripe"))


def _decide(account: Json) -> None:
    account["review_until"] = None
    account["extras"] = [extra for extra in account["extras"] if extra["awaiting"] == "user"]
    if account["document"] == "bad":
        fail_document(account)
    else:
        account["verified"] = True


def fail_document(account: Json) -> None:
    """Require another identity document, with an error that says why."""
    account["document"] = None
    text = "The document has expired. Upload one that is still valid."
    errors = [{"code": "verification_document_expired", "description": text}]
    account["extras"] = [entry for entry in account["extras"] if entry["description"] != DOCUMENT]
    reason = "routine_verification" if account["verified"] else "routine_onboarding"
    account["extras"].append(extra(DOCUMENT, errors=errors, reason=reason))


def refuse_bank(account: Json) -> None:
    """Require another bank account, after the bank refused a payout."""
    account["bank"] = None
    errors = [{"code": "invalid_value_other", "description": "The bank refused the last payout."}]
    account["extras"] = [entry for entry in account["extras"] if entry["description"] != BANK]
    account["extras"].append(extra(BANK, reason="routine_verification", errors=errors))


def resubmit(account: Json, description: str) -> None:
    """Submit the extra entry with this description, so that it awaits Stripe instead of the user."""
    for entry in account["extras"]:
        if entry["description"] == description and entry["awaiting"] == "user":
            entry.update(awaiting="stripe", errors=[])


def extra(
    description: str,
    *,
    awaiting: str = "user",
    reason: str = "routine_onboarding",
    errors: list[Json] | None = None,
    deadline: float | None = None,
    starts: float | None = None,
) -> Json:
    """Build an extra entry. Without a deadline it is past due. Before `starts` it is a future requirement."""
    return {
        "description": description,
        "awaiting": awaiting,
        "reason": reason,
        "errors": errors or [],
        "deadline": deadline,
        "starts": starts,
    }


def due(account: Json, now: float) -> float | None:
    """Return the time at which this account next changes without a call, or None."""
    moments = [account["review_until"], account["compatible_at"]]
    for extra in account["extras"]:
        moments += [extra["deadline"], extra["starts"]]
    future_moments = [moment for moment in moments if moment is not None and moment > now]
    if any(moment is not None and moment <= now for moment in moments[:2]):
        return now
    return min(future_moments, default=None)


def current(account: Json, now: float) -> Json:
    """Return `requirements`: the entries that are in force now."""
    extras = [extra for extra in account["extras"] if (extra["starts"] or 0) <= now]
    described = {extra["description"] for extra in extras}
    items = [extra(item) for item in open_items(account) if item not in described]
    return _section(account, [*items, *extras] if requested_capabilities(account) else [], now)


def future(account: Json, now: float) -> Json:
    """Return `future_requirements`: the entries that are not in force yet."""
    extras = [extra for extra in account["extras"] if (extra["starts"] or 0) > now]
    section = _section(account, extras if requested_capabilities(account) else [], now)
    starts = min((extra["starts"] for extra in extras), default=None)
    return section | {"minimum_transition_date": None if starts is None else rfc3339(starts)}


def _section(account: Json, extras: list[Json], now: float) -> Json:
    entries = [_entry(account, extra, now) for extra in extras]
    statuses = {entry["minimum_deadline"]["status"] for entry in entries}
    times = [extra["deadline"] for extra in extras if extra["deadline"] is not None]
    summary: Json | None = None
    if entries:
        status = next(name for name in _URGENCY if name in statuses)
        time = rfc3339(min(times)) if times else None
        summary = {"minimum_deadline": {"status": status, "time": time}}
    # Stripe accepts a product description instead of a website.
    url = "defaults.profile.business_url"
    alternatives: list[Json] = []
    if any(extra["description"] == url for extra in extras):
        option: Json = {"description": "defaults.profile.product_description", "errors": []}
        alternatives.append(
            {
                "original_entries": [{"description": url, "reference": None}],
                "options": [{"entries": [option | {"awaiting_action_from": "user", "reference": None}]}],
            }
        )
    return {"alternatives": alternatives, "entries": entries, "summary": summary}


def _entry(account: Json, extra: Json, now: float) -> Json:
    description = extra["description"]
    deadline = extra["deadline"]
    status = "past_due" if deadline is None or deadline <= now else "currently_due"
    # A merchant without a bank account can accept payments, but gets no payouts.
    restricted = ["stripe_balance.payouts"] if description == BANK else requested_capabilities(account)
    # An extra entry can concern a further person.
    whose = extra.get("person") or (
        account["person"] if description.startswith("identity.individual.") else None
    )
    person = {"type": "person", "resource": whose, "inquiry": None}
    return {
        "awaiting_action_from": extra["awaiting"],
        "description": description,
        "errors": extra["errors"],
        "impact": {
            "restricts_capabilities": [
                {"capability": name, "configuration": "merchant", "deadline": {"status": status}}
                for name in restricted
            ]
        },
        "minimum_deadline": {"status": status},
        "reference": person if whose is not None else None,
        "requested_reasons": [{"code": extra["reason"]}],
    }


def capabilities(account: Json, requirements: Json) -> dict[str, Json]:
    """Return the status and status details of each capability by its dotted name."""
    return {name: _capability(account, name, requirements) for name in requested_capabilities(account)}


def _capability(account: Json, name: str, requirements: Json) -> Json:
    if account["verdict"]:
        verdict: dict[str, Any] = account["verdict"]
        detail = {"code": verdict["code"], "resolution": verdict["resolution"]}
        return {"status": verdict["status"], "status_details": [detail]}
    owners = {
        entry["awaiting_action_from"]
        for entry in requirements["entries"]
        for impact in entry["impact"]["restricts_capabilities"]
        if impact["capability"] == name and impact["deadline"]["status"] == "past_due"
    }
    if "user" in owners:
        detail = {"code": "requirements_past_due", "resolution": "provide_info"}
        return {"status": "restricted", "status_details": [detail]}
    if "stripe" in owners:
        detail = {"code": "requirements_pending_verification", "resolution": "no_resolution"}
        return {"status": "pending", "status_details": [detail]}
    return {"status": "active", "status_details": []}
