"""The card networks' programs for enhanced evidence. Each program takes its own kind of evidence.

https://docs.stripe.com/disputes/api/visa-ce3 and https://docs.stripe.com/disputes/api/visa-compliance.
"""

from simulator.money import records
from simulator.state import Json
from simulator.wire import forms
from simulator.wire.calls import Call
from simulator.wire.errors import Refused

CE3 = "visa_compelling_evidence_3"
# The card network charges a fee for an answer in one of these programs. The platform must acknowledge it.
WITH_FEE = ("visa_compliance", "mastercard_compliance")
PROGRAMS = (CE3, *WITH_FEE)

_ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")
# At least two elements, of which at least one is a main element, must be equal in the disputed transaction
# and in both prior transactions.
_MAIN = {
    "ip": ("customer_purchase_ip",),
    "device": ("customer_device_id", "customer_device_fingerprint"),
}
_SECONDARY = {name: (name,) for name in ("customer_account_id", "customer_email_address", "shipping_address")}
_IDENTIFIERS = (
    *("customer_purchase_ip", "customer_device_id", "customer_device_fingerprint"),
    *("customer_account_id", "customer_email_address"),
)
_TEXTS: forms.Named = {
    **dict.fromkeys((*_IDENTIFIERS, "product_description"), forms.Unset(str)),
    "shipping_address": dict.fromkeys(_ADDRESS, forms.Unset(str)),
}
_FEE: forms.Named = {"fee_acknowledged": bool}
TABLE: forms.Named = {
    CE3: {
        "disputed_transaction": {**_TEXTS, "merchandise_or_services": ("merchandise", "services")},
        "prior_undisputed_transactions": [{**_TEXTS, "charge": str}],
    },
    **dict.fromkeys(WITH_FEE, _FEE),
}
APPEAL: forms.Named = {
    "card": forms.Unset({"reason_for_filing": forms.Unset(str), "supporting_files": forms.Unset([str])})
}


def begin(opened: Json, program: str) -> None:
    """Make a dispute eligible for a program of enhanced evidence."""
    if program not in PROGRAMS:
        raise Refused("parameter_invalid", f"program: must be one of {', '.join(PROGRAMS)}")
    opened["enhanced_eligibility_types"] = [program]
    if program in WITH_FEE:
        opened.update(reason="noncompliant")
        opened["payment_method_details"]["card"]["case_type"] = "compliance"
    update(opened)


def update(opened: Json) -> None:
    """Set the eligibility of a dispute from its evidence."""
    given = opened["evidence"]["enhanced_evidence"]
    found: Json = {}
    for program in opened["enhanced_eligibility_types"]:
        if program == CE3:
            missing = _missing(given.get(CE3) or {})
            status = "requires_action" if missing else "qualified"
            found[CE3] = {"required_actions": missing, "status": status}
        else:
            is_done = bool((given.get(program) or {}).get("fee_acknowledged"))
            found[program] = {"status": "fee_acknowledged" if is_done else "requires_fee_acknowledgement"}
    opened["evidence_details"]["enhanced_eligibility"] = found


def check_fee(opened: Json) -> None:
    """Refuse to submit evidence before the fee is acknowledged. The text of Stripe's error is not known."""
    for name, shown in opened["evidence_details"]["enhanced_eligibility"].items():
        if shown["status"] == "requires_fee_acknowledgement":
            param = f"evidence[enhanced_evidence][{name}][fee_acknowledged]"
            raise Refused(None, "The fee of the card network must be acknowledged.", param=param)


def merged(call: Call, opened: Json, changes: Json | None) -> Json:
    """Return a dispute's enhanced evidence, updated with the changes of a request."""
    if changes is None:
        return {}
    for name in changes:
        if name not in opened["enhanced_eligibility_types"]:
            param = f"evidence[enhanced_evidence][{name}]"
            raise Refused(None, f"The dispute is not eligible for {name}.", param=param)
    if CE3 in changes:
        changes = {**changes, CE3: _whole(call, changes[CE3])}
    return {**opened["evidence"]["enhanced_evidence"], **changes}


def _whole(call: Call, given: Json) -> Json:
    """Return the evidence of a request, with null for each value that the request does not have.

    Raises Refused unless there are exactly two prior transactions, and each names a charge of the account.
    """
    path = f"evidence[enhanced_evidence][{CE3}][prior_undisputed_transactions]"
    prior = given.get("prior_undisputed_transactions") or []
    if len(prior) != 2:
        raise Refused(None, "Exactly two prior undisputed transactions are required.", param=path)
    for place, one in enumerate(prior):
        forms.require(one, "charge", path=f"{path}[{place}]")
        records.find(call, "charge", one["charge"], f"{path}[{place}][charge]")
    disputed = given.get("disputed_transaction")
    return {
        "disputed_transaction": {"merchandise_or_services": None, **_with_nulls(disputed)}
        if disputed is not None
        else None,
        "prior_undisputed_transactions": [_with_nulls(one) for one in prior],
    }


def _with_nulls(given: Json) -> Json:
    address = given.get("shipping_address")
    whole = {**dict.fromkeys(_TEXTS), **given}
    return {**whole, "shipping_address": {**dict.fromkeys(_ADDRESS), **address} if address else None}


def _missing(given: Json) -> list[str]:
    disputed = given.get("disputed_transaction") or {}
    prior = given.get("prior_undisputed_transactions") or []
    missing = []
    if len(prior) != 2:
        missing.append("missing_prior_undisputed_transactions")
    if not all(one.get("product_description") for one in prior):
        missing.append("missing_prior_undisputed_transaction_description")
    if not disputed.get("product_description"):
        missing.append("missing_disputed_transaction_description")
    if not disputed.get("merchandise_or_services"):
        missing.append("missing_merchandise_or_services")
    main, secondary = (
        [names for names in table.values() if any(_is_equal(name, disputed, prior) for name in names)]
        for table in (_MAIN, _SECONDARY)
    )
    if not main or len(main) + len(secondary) < 2:
        missing.append("missing_customer_identifiers")
    return missing


def _is_equal(name: str, disputed: Json, prior: list[Json]) -> bool:
    value = disputed.get(name)
    return value is not None and bool(prior) and all(one.get(name) == value for one in prior)
