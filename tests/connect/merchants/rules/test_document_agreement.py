"""The status, counts, sentences and next action agree for all accounts that Stripe could send."""

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connect.merchants.rules.document import Document, Profile
from tests.connect.merchants.rules.expected_documents import RETURNED, SHOP, WORKED, derived
from tests.connect.merchants.rules.stripe_answers import (
    DOCUMENT,
    TERMS,
    Json,
    account,
    capability,
    deterministic,
    entry,
    section,
)

PROVIDES = {"START_ONBOARDING", "RESUME_ONBOARDING", "OPEN_DASHBOARD"}
FINAL = {"CLOSED", "DISCONNECTED", "REJECTED", "UNSUPPORTED"}
NAMES = ("card_payments", "stripe_balance.payouts", "klarna_payments")
DATES = st.sampled_from([None, "2031-03-01T05:00:00.000Z", "2026-10-29T00:00:00.000Z"])

# The codes and resolutions of each capability fit its status.
capabilities = st.sampled_from(
    [
        *[capability("active")] * 4,
        *[capability("restricted", "requirements_past_due", "provide_info")] * 3,
        capability("restricted"),
        capability("restricted", "restricted_other", "contact_stripe"),
        capability("restricted", "restricted_other", "no_resolution"),
        capability("restricted", "legal_hold", "no_resolution"),
        capability("restricted", "sanctions_review", "no_resolution"),
        capability("restricted", "determining_status", "no_resolution"),
        capability("pending", "requirements_pending_verification", "no_resolution"),
        capability("rejected", "rejected_other", "contact_stripe"),
        capability("rejected", "rejected_platform_other", "no_resolution"),
        capability("unsupported", "unsupported_country", "no_resolution"),
    ]
)
deadlines = st.sampled_from(["past_due", "currently_due", "eventually_due"])
configurations = st.sampled_from(["merchant", "merchant", "merchant", "recipient"])


def _impact(configuration: str, name: str, deadline: str) -> Json:
    return {"configuration": configuration, "capability": name, "deadline": {"status": deadline}}


impacts = st.none() | st.lists(
    st.builds(_impact, configurations, st.sampled_from(NAMES), deadlines), max_size=3
)
keys = st.sampled_from(
    [
        *(TERMS, DOCUMENT, "external_account", "identity.individual.email", "configuration.merchant.mcc"),
        *("interv_1.legal_hold.notice", "interv_1.pep_review.notice", "interv_1.sanctions_review.form"),
        *("interv_1.supportability_rejection_appeal.form", "identity.individual.date_of_birth.day"),
        "identity.individual.date_of_birth.month",
    ]
)


def _requirement(
    key: str, party: str, error: str | None, restricted: list[Json] | None, deadline: str
) -> Json:
    order = ["past_due", "currently_due", "eventually_due"]
    earliest = min([i["deadline"]["status"] for i in restricted or ()], key=order.index, default=deadline)
    item = entry(key, awaiting=party, error=error, deadline=earliest)
    return item | {"impact": {"restricts_capabilities": restricted}}


requirements = st.builds(
    _requirement,
    keys,
    st.sampled_from(["user", "user", "user", "stripe", "a_new_party"]),
    st.sampled_from([None, None, None, "verification_document_expired"]),
    impacts,
    deadlines,
)
sections = st.builds(
    lambda entries, time, transition: section(*entries, time=time, minimum_transition_date=transition),
    st.lists(requirements, max_size=4, unique_by=lambda e: e["description"]),
    DATES,
    DATES,
)


@st.composite
def _accounts(draw: st.DrawFn) -> Json:
    answer = account(
        draw(st.none() | capabilities),
        draw(st.none() | capabilities),
        requirements=draw(sections),
        future_requirements=draw(sections),
        dashboard=draw(st.sampled_from(["full", "full", "express"])),
        closed=draw(st.sampled_from([False] * 9 + [True])),
    )
    klarna = draw(st.none() | capabilities)
    if klarna is not None:
        answer["configuration"]["merchant"]["capabilities"]["klarna_payments"] = klarna
    return answer


accounts = _accounts()


@st.composite
def _partly_working(draw: st.DrawFn) -> Json:
    """An account with entries whose deadlines differ between capabilities."""
    states = st.sampled_from(
        [capability("active"), capability("restricted", "requirements_past_due", "provide_info")]
    )
    due = st.sampled_from(["past_due", "currently_due"])
    party, error = st.just("user"), st.sampled_from([None, None, "verification_document_expired"])
    restricted = st.lists(
        st.builds(_impact, configurations, st.sampled_from(NAMES), due), min_size=1, max_size=3
    )
    entries = draw(st.lists(st.builds(_requirement, keys, party, error, restricted, due), max_size=3))
    answer = account(draw(states), draw(states), *entries)
    answer["configuration"]["merchant"]["capabilities"]["klarna_payments"] = draw(states)
    answer["configuration"]["recipient"] = {"capabilities": {"klarna_payments": draw(states)}}
    return answer


partly_working = _partly_working()
profiles = st.sampled_from([SHOP, RETURNED, WORKED])


def parameters(message: Json) -> dict[str, Any]:
    return {one["name"]: one["value"] for one in message["parameters"]}


def due_groups(document: Document) -> list[Json]:
    return [g for g in document["requirements"]["groups"] if g["urgency"] in {"OVERDUE", "NOW", "SOON"}]


@deterministic
@given(accounts, profiles)
def test_an_active_merchant_must_provide_nothing(answer: Json, profile: Profile) -> None:
    document = derived(answer, profile).document
    if document["status"] == "ACTIVE":
        assert due_groups(document) == []
        assert document["nextAction"]["by"] != "MERCHANT"
        assert document["nextAction"]["deadline"] is None
        assert derived(answer, profile).next_deadline_at is None


@deterministic
@given(accounts, profiles)
def test_a_merchant_has_a_deadline_only_while_something_awaits_the_merchant(
    answer: Json, profile: Profile
) -> None:
    result = derived(answer, profile)
    current, future = result.document["requirements"], result.document["futureRequirements"]
    entries = [*current["entries"], *future["entries"]]
    if result.next_deadline_at is not None and entries and current["entries"]:
        assert any(e["awaitingActionFrom"] == "MERCHANT" for e in entries)


@deterministic
@given(accounts, profiles)
def test_an_action_asks_the_merchant_for_something_only_if_stripe_asks_for_it(
    answer: Json, profile: Profile
) -> None:
    document = derived(answer, profile).document
    step = document["nextAction"]
    if step["by"] != "MERCHANT" or step["kind"] not in PROVIDES:
        return
    current, future = document["requirements"], document["futureRequirements"]
    asked = [e for e in (*current["entries"], *future["entries"]) if e["awaitingActionFrom"] == "MERCHANT"]
    unnamed = [c for c in document["capabilities"] for d in c["details"] if d["resolution"] == "PROVIDE_INFO"]
    unlisted_deadline = current["nearestDeadline"] is not None and not current["entries"]
    assert asked or unnamed or unlisted_deadline


@deterministic
@given(accounts, profiles)
def test_the_merchant_must_take_the_next_action_while_a_requirement_is_due(
    answer: Json, profile: Profile
) -> None:
    document = derived(answer, profile).document
    step = document["nextAction"]
    if document["requirements"]["dueCount"]:
        assert (step["by"], step["isActionable"]) == ("MERCHANT", True)
        assert step["kind"] in PROVIDES
        assert document["dashboard"]["tasks"][0]["explanation"] != "No information is needed at the moment."


@deterministic
@given(accounts, profiles, st.booleans())
def test_in_a_final_state_only_an_appeal_can_be_needed(answer: Json, profile: Profile, gone: bool) -> None:
    result = derived(answer, profile, disconnected=gone)
    document = result.document
    if document["status"] not in FINAL:
        return
    assert document["futureRequirements"]["groups"] == []
    if all(e["title"] != "Appeal against a decision" for e in document["requirements"]["entries"]):
        assert document["requirements"]["groups"] == []
        assert result.next_deadline_at is None
        for task in document["dashboard"]["tasks"]:
            assert not re.search(r"\bneeded\.|needed first|overdue", task["explanation"])


@deterministic
@given(accounts | partly_working, profiles)
def test_exactly_the_overdue_groups_are_described_as_overdue(answer: Json, profile: Profile) -> None:
    document = derived(answer, profile).document
    overdue = [g for g in due_groups(document) if g["urgency"] == "OVERDUE"]
    if "overdue" in document["summary"]:
        assert overdue
    messages = [m for m in document["summaryMessages"] if "overdue" in m["key"]]
    if document["status"] not in {"ONBOARDING", "REJECTED"}:
        assert sum(int(parameters(message)["count"]) for message in messages) == len(overdue)


@deterministic
@given(accounts, profiles)
def test_a_merchant_waits_only_for_a_review_that_exists(answer: Json, profile: Profile) -> None:
    document = derived(answer, profile).document
    if document["nextAction"]["kind"] == "WAIT_FOR_STRIPE" or "review" in document["summary"]:
        codes = {d["code"] for c in document["capabilities"] for d in c["details"]}
        reviews = {"determining_status", "requirements_pending_verification", "sanctions_review"} & codes
        pending = [g for g in document["requirements"]["groups"] if g["awaitingActionFrom"] == "STRIPE"]
        assert reviews or any(g["title"] != "Legal hold" for g in pending)


@deterministic
@given(accounts, profiles)
def test_a_sentence_names_only_capabilities_that_the_requirements_restrict(
    answer: Json, profile: Profile
) -> None:
    document = derived(answer, profile).document
    groups = [*document["requirements"]["groups"], *document["futureRequirements"]["groups"]]
    restricted = {name for g in groups if g["awaitingActionFrom"] == "MERCHANT" for name in g["restricts"]}
    for message in document["summaryMessages"]:
        named = set(parameters(message).get("capabilities", "").split())
        assert named <= restricted
        if "to keep them working" in document["summary"]:
            assert {"card_payments", "stripe_balance.payouts"} <= restricted


@deterministic
@given(accounts | partly_working, profiles)
def test_every_due_group_is_in_exactly_one_sentence(answer: Json, profile: Profile) -> None:
    document = derived(answer, profile).document
    counts = [int(parameters(message).get("count", 0)) for message in document["summaryMessages"]]
    if document["status"] not in {"ONBOARDING", "REJECTED"}:
        assert sum(counts) == document["requirements"]["dueCount"]


@deterministic
@given(accounts, profiles)
def test_each_entry_is_shown_with_the_party_that_must_act(answer: Json, profile: Profile) -> None:
    document = derived(answer, profile).document
    if document["status"] in FINAL:
        return
    sent = [
        (e["description"], {"user": "MERCHANT", "stripe": "STRIPE"}.get(e["awaiting_action_from"], "UNKNOWN"))
        for e in answer["requirements"]["entries"]
    ]
    notices = [(key, "STRIPE" if key.endswith(".notice") else party) for key, party in sent]
    shown = [(e["key"], e["awaitingActionFrom"]) for e in document["requirements"]["entries"]]
    assert sorted(shown) == sorted(notices)


@deterministic
@given(accounts, profiles, st.booleans())
def test_each_sentence_addresses_its_reader(answer: Json, profile: Profile, gone: bool) -> None:
    result = derived(answer, profile, disconnected=gone)
    for document, wrong in (
        (result.document, r"\b(?:you|your)\b"),
        (result.merchant_document, r"\bthe merchants?\b"),
    ):
        sentences = [document["summary"], document["nextAction"]["label"]]
        sentences += [document["dashboard"]["unavailableReason"] or ""]
        sentences += [task["explanation"] for task in document["dashboard"]["tasks"]]
        sentences += [d["explanation"] for c in document["capabilities"] for d in c["details"]]
        for sentence in sentences:
            assert not re.search(wrong, sentence, re.IGNORECASE)
