"""Stripe's answers about accounts, and random answers that Stripe could send."""

import copy
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

Json = dict[str, Any]

TERMS = "identity.attestations.terms_of_service.account.date"
DOCUMENT = "identity.individual.documents.primary_verification.front_back.front"
BOTH = ("card_payments", "stripe_balance.payouts")
PAYOUTS = ("stripe_balance.payouts",)

deterministic = settings(
    derandomize=True, deadline=None, database=None, max_examples=2 * settings().max_examples
)


def capability(status: str, code: str | None = None, resolution: str = "provide_info") -> Json:
    details = [] if code is None else [{"code": code, "resolution": resolution}]
    return {"status": status, "status_details": details}


ACTIVE = capability("active")
PAST_DUE = capability("restricted", "requirements_past_due", "provide_info")
IN_REVIEW = capability("pending", "requirements_pending_verification", "no_resolution")


def entry(
    key: str,
    *,
    awaiting: str = "user",
    deadline: str = "past_due",
    reason: str = "routine_onboarding",
    error: str | None = None,
    restricts: Sequence[str] = BOTH,
    person: str | None = None,
) -> Json:
    return {
        "description": key,
        "awaiting_action_from": awaiting,
        "errors": [] if error is None else [{"code": error, "description": "Stripe's own words."}],
        "impact": {
            "restricts_capabilities": [
                {"capability": name, "configuration": "merchant", "deadline": {"status": deadline}}
                for name in restricts
            ]
        },
        "minimum_deadline": {"status": deadline},
        "reference": {"type": "person", "resource": person, "inquiry": None} if person else None,
        "requested_reasons": [{"code": reason}],
    }


def section(*entries: Json, time: str | None = None, **more: Any) -> Json:
    summary = {"minimum_deadline": {"status": "currently_due", "time": time}} if entries or time else None
    return {"alternatives": [], "entries": list(entries), "summary": summary, **more}


def account(cards: Json | None, payouts: Json | None, *entries: Json, **changes: Any) -> Json:
    """Stripe's answer about an account (`v2.core.account`), with every section."""
    capabilities: Json = {} if cards is None else {"card_payments": cards}
    if payouts is not None:
        capabilities["stripe_balance"] = {"payouts": payouts}
    return {
        "id": "acct_1Qx7Yb2eZvKYlo2C",
        "object": "v2.core.account",
        "applied_configurations": ["merchant"],
        "closed": False,
        "configuration": {
            "customer": None,
            "merchant": {"applied": True, "capabilities": capabilities, "mcc": None},
            "recipient": None,
        },
        "contact_email": "owner@shop.example",
        "created": "2026-01-31T10:00:00.000Z",
        "dashboard": "full",
        "defaults": {
            "currency": "usd",
            "responsibilities": {
                "fees_collector": "stripe",
                "losses_collector": "stripe",
                "requirements_collector": "stripe",
            },
        },
        "display_name": "Shop Example",
        "future_requirements": section(minimum_transition_date=None),
        "identity": {"country": "US", "entity_type": "company", "individual": None},
        "livemode": False,
        "metadata": {"merchant_id": "0197"},
        "requirements": section(*entries),
        **changes,
    }


# Random answers contain Stripe's enum values and unknown ones. Any part may be missing, null or malformed.
def _words(*values: str) -> st.SearchStrategy[str]:
    return st.sampled_from([*values, "a_new_word"])


_TIMES = st.sampled_from([None, "2026-03-01T00:00:00.000Z", "2020-01-01T00:00:00+02:00", "soon"])
_CAPABILITIES = st.sampled_from([ACTIVE, PAST_DUE, IN_REVIEW]) | st.builds(
    capability,
    _words("active", "pending", "restricted", "rejected", "unsupported"),
    _words(
        *("determining_status", "restricted_other", "rejected_fraud", "rejected_listed"),
        *("rejected_platform_fraud", "unsupported_country"),
    ),
    _words("provide_info", "contact_stripe", "no_resolution"),
)
_KEYS = (
    *("identity.individual.date_of_birth.day", "identity.individual.date_of_birth.month"),
    *("owners.address.city", "identity.business_details.id_numbers", "a.new.key"),
    *("interv_1.supportability_rejection_appeal.form", "interv_1.sanctions_review.notice"),
)
_ENTRIES = st.builds(
    entry,
    st.sampled_from([TERMS, "external_account", DOCUMENT, *_KEYS]) | st.text(max_size=20),
    awaiting=st.sampled_from(["user", "user", "stripe", "a_new_word"]),
    deadline=_words("past_due", "currently_due", "eventually_due"),
    reason=_words("routine_onboarding", "routine_verification"),
    error=st.none() | _words("verification_document_expired", "verification_document_fraudulent"),
    restricts=st.sampled_from([BOTH, PAYOUTS, ("card_payments",), (), ("klarna_payments",), ("a_new_word",)]),
    person=st.none() | st.sampled_from(["person_1", "person_2"]),
)
_ALTERNATIVES = st.builds(
    lambda original, option: {"original_entries": [original], "options": [{"entries": [option]}]},
    _ENTRIES,
    _ENTRIES,
)
_SECTIONS = st.builds(
    lambda entries, **more: section(*entries, **more),
    st.lists(_ENTRIES, max_size=3),
    time=_TIMES,
    minimum_transition_date=_TIMES,
    alternatives=st.lists(_ALTERNATIVES, max_size=1),
)
_ACCOUNTS = st.builds(
    account,
    st.none() | _CAPABILITIES,
    st.none() | _CAPABILITIES,
    closed=st.sampled_from([False] * 9 + [True]),
    contact_email=st.none() | st.text(max_size=20),
    dashboard=_words("full", "express", "none"),
    display_name=st.none() | st.text(max_size=20),
    future_requirements=_SECTIONS,
    livemode=st.booleans(),
    requirements=_SECTIONS,
)
_MALFORMED: tuple[Any, ...] = (None, True, 0, -1.5, "", "word", [], {}, [None], ["word"], [[]], {"status": 1})


def _places(part: Any) -> Iterator[tuple[Any, Any]]:
    keys = part.keys() if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ()
    for key in keys:
        yield part, key
        yield from _places(part[key])


@st.composite
def _any_account(draw: st.DrawFn) -> Json:
    answer = copy.deepcopy(draw(_ACCOUNTS))
    for _ in range(draw(st.integers(0, 4))):
        places = [(part, key) for part, key in _places(answer) if part is not answer or key != "id"]
        part, key = places[draw(st.integers(0, len(places) - 1))]
        if draw(st.booleans()):
            del part[key]
        else:
            part[key] = copy.deepcopy(draw(st.sampled_from(_MALFORMED)))
    return answer


any_account = _any_account()
