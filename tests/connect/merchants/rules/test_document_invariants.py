"""Rules that hold for the documents of any account."""

import re
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connect.merchants.rules.account.capabilities import is_unsupported
from connect.merchants.rules.document import Document, Profile
from connect.merchants.rules.messages import Audience, Message
from connect.merchants.rules.status.facts import CARD_PAYMENTS, PAYOUTS
from connect.merchants.wording import render
from tests.connect.merchants.rules.expected_documents import RETURNED, SHOP, WORKED, derived
from tests.connect.merchants.rules.situations import facts_of
from tests.connect.merchants.rules.stripe_answers import Json, any_account, deterministic

FINAL = {"CLOSED", "DISCONNECTED", "REJECTED", "UNSUPPORTED"}
WITHHELD = re.compile(
    r"fraud|sanction|(?<![a-z])listed|list of people|pep_review|legal_hold|external_hold", re.IGNORECASE
)
any_profile = st.sampled_from([SHOP, RETURNED, WORKED])


def texts(part: Any) -> Iterator[str]:
    """Every text in a document, except the merchant's name, contact email and external id."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key not in {"displayName", "contactEmail", "externalId"}:
                yield from texts(value)
    elif isinstance(part, list):
        for item in part:
            yield from texts(item)
    elif isinstance(part, str):
        yield part


def messages(part: Any) -> Iterator[tuple[str, Json]]:
    """Yield each text that has a message, together with the message."""
    if isinstance(part, dict):
        for text, message in (
            ("label", "message"),
            ("explanation", "message"),
            ("unavailableReason", "unavailableMessage"),
        ):
            if isinstance(part.get(message), dict) and text in part:
                yield part[text], part[message]
        for value in part.values():
            yield from messages(value)
    elif isinstance(part, list):
        for item in part:
            yield from messages(item)


def read(message: Json) -> Message:
    """The message as a client would read it from the document."""
    values: dict[str, Any] = {one["name"]: one["value"] for one in message["parameters"]}
    if "count" in values:
        values["count"] = int(values["count"])
    if "capabilities" in values:
        values["capabilities"] = tuple(values["capabilities"].split())
    return Message(message["key"], tuple(values.items()))


@deterministic
@given(any_account, any_profile)
def test_stripe_support_is_not_named_while_the_merchant_can_provide_something(
    answer: Json, profile: Profile
) -> None:
    document = derived(answer, profile).document
    facts = facts_of(answer, ever_active=profile.ever_active_at is not None)
    if document["status"] in FINAL | {"UNKNOWN"}:
        return
    if facts.needed_for(CARD_PAYMENTS) and not facts.is_active(CARD_PAYMENTS):
        assert document["status"] in {"ONBOARDING", "ACTION_REQUIRED", "RESTRICTED"}
        assert "Stripe support" not in document["summary"]
        assert document["nextAction"]["by"] == "MERCHANT"
        assert document["nextAction"]["kind"] != "CONTACT_STRIPE"
    if facts.needed_for(PAYOUTS) and not is_unsupported(facts.capability(PAYOUTS)):
        assert "Stripe support" not in document["dashboard"]["tasks"][3]["explanation"]


@deterministic
@given(any_account, any_profile, st.booleans())
def test_every_count_is_a_number_of_groups(answer: Json, profile: Profile, disconnected: bool) -> None:
    result = derived(answer, profile, disconnected=disconnected)
    for document in (result.document, result.merchant_document):
        for name in ("requirements", "futureRequirements"):
            section = document[name]
            groups = section["groups"]
            due = [g for g in groups if g["urgency"] in {"OVERDUE", "NOW", "SOON"}]
            assert section["dueCount"] == len(due)
            assert section["pendingCount"] == sum(g["awaitingActionFrom"] == "STRIPE" for g in groups)
            # Each entry belongs to one group.
            keys = sorted(item["key"] for group in groups for item in group["items"])
            assert keys == sorted(entry["key"] for entry in section["entries"])
        tasks = document["dashboard"]["tasks"]
        due_count = document["requirements"]["dueCount"]
        assert tasks[0]["attention"] == (due_count if document["dashboard"]["available"] else 0)
        assert tasks[3]["attention"] <= due_count


@deterministic
@given(any_account, any_profile, st.booleans())
def test_a_final_state_asks_for_nothing_but_a_reachable_appeal(
    answer: Json, profile: Profile, disconnected: bool
) -> None:
    result = derived(answer, profile, disconnected=disconnected)
    document = result.document
    if document["status"] not in FINAL:
        return
    keys = [entry["key"] for entry in document["requirements"]["entries"]]
    assert all("rejection_appeal" in key for key in keys)
    assert document["futureRequirements"]["dueCount"] == 0
    if document["requirements"]["dueCount"]:
        assert document["nextAction"]["url"] == document["dashboard"]["url"] is not None
        assert document["nextAction"]["isActionable"] is True
    if not keys:
        assert result.next_deadline_at is None


@deterministic
@given(any_account, any_profile)
def test_anything_due_has_a_next_step_that_can_be_taken(answer: Json, profile: Profile) -> None:
    document: Document = derived(answer, profile).document
    step = document["nextAction"]
    if document["requirements"]["dueCount"] and document["status"] not in {"UNKNOWN", "NOT_REQUESTED"}:
        assert step["by"] == "MERCHANT"
        assert step["isActionable"] is True
        assert step["url"] is not None or step["kind"] != "OPEN_DASHBOARD"
    if step["kind"] in {"WAIT_FOR_STRIPE", "NONE"}:
        assert step["isActionable"] is False


@deterministic
@given(any_account, any_profile, st.booleans())
def test_no_text_for_merchants_names_a_withheld_reason_or_speaks_of_the_merchant(
    answer: Json, profile: Profile, disconnected: bool
) -> None:
    document = derived(answer, profile, disconnected=disconnected).merchant_document
    for text in texts(document):
        assert not WITHHELD.search(text)
    sentences = [document["summary"], document["dashboard"]["unavailableReason"] or ""]
    sentences += [task["explanation"] for task in document["dashboard"]["tasks"]]
    assert not any("the merchant" in sentence.lower() for sentence in sentences)


@deterministic
@given(any_account, any_profile)
def test_every_sentence_can_be_rebuilt_from_its_message(answer: Json, profile: Profile) -> None:
    result = derived(answer, profile)
    for audience, document in (
        (Audience.PLATFORM, result.document),
        (Audience.MERCHANT, result.merchant_document),
    ):
        sentences = [render(read(message), audience) for message in document["summaryMessages"]]
        assert document["summary"] == " ".join(sentences)
        for text, message in messages(document):
            assert render(read(message), audience) == text


@deterministic
@given(any_account, any_profile)
def test_the_two_documents_have_the_same_states_and_counts(answer: Json, profile: Profile) -> None:
    result = derived(answer, profile)
    for name in ("status", "statusTitle", "canAcceptPayments", "onboarding", "summaryMessages"):
        assert result.document[name] == result.merchant_document[name]
    theirs, mine = result.document["account"], result.merchant_document["account"]
    assert mine == {**theirs, "platformDashboardUrl": None}
    for name in ("dueCount", "pendingCount"):
        assert result.document["requirements"][name] == result.merchant_document["requirements"][name]
