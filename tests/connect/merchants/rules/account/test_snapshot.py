"""Stripe's answers about an account are parsed to snapshots and their sections."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given

from connect.merchants.rules.account import sections, snapshot
from connect.merchants.rules.account.sections import (
    Alternative,
    Capability,
    CapabilityDetail,
    Entry,
    EntryError,
    Impact,
    Requirements,
)
from connect.merchants.rules.account.snapshot import Snapshot, decode, encode, merge, parse
from tests.connect.merchants.rules.stripe_answers import (
    ACTIVE,
    DOCUMENT,
    IN_REVIEW,
    PAST_DUE,
    PAYOUTS,
    TERMS,
    Json,
    account,
    any_account,
    capability,
    deterministic,
    entry,
    section,
)


def test_a_snapshot_has_times_in_utc_and_only_the_country_and_type_from_the_identity() -> None:
    answer = account(ACTIVE, ACTIVE, identity={"country": "us", "entity_type": "company", "individual": {}})
    assert parse(answer) == Snapshot(
        stripe_account_id="acct_1Qx7Yb2eZvKYlo2C",
        livemode=False,
        created_at=datetime(2026, 1, 31, 10, tzinfo=UTC),
        dashboard="full",
        closed=False,
        contact_email="owner@shop.example",
        contact_phone="",
        display_name="Shop Example",
        country="US",
        entity_type="company",
        applied_configurations=("merchant",),
        metadata={"merchant_id": "0197"},
        configuration=answer["configuration"],
        defaults=answer["defaults"],
        requirements=answer["requirements"],
        future_requirements=answer["future_requirements"],
        entries_cut=0,
    )


def test_a_null_section_is_none() -> None:
    current = parse(
        {"id": "acct_1", "requirements": None, "defaults": None, "configuration": {"merchant": None}}
    )
    assert (current.requirements, current.defaults, current.future_requirements) == (None, None, None)
    assert sections.capabilities(current, "merchant") is None


@pytest.mark.parametrize("answer", [{}, {"id": None}, {"id": ""}, {"id": 1}])
def test_an_answer_without_an_id_is_refused(answer: Json) -> None:
    with pytest.raises(ValueError, match="an account answer without an id"):
        parse(answer)


@pytest.mark.parametrize("sent", [False, None, 1, "true", {}])
def test_only_a_json_true_counts_as_true(sent: object) -> None:
    current = parse({"id": "acct_1", "closed": sent, "livemode": sent})
    assert (current.closed, current.livemode) == (False, False)


@pytest.mark.parametrize(
    ("value", "parsed"),
    [
        ("US", "US"),
        ("de", "DE"),
        ("USA", None),
        ("", None),
        ("1a", None),
        ("\u00dfa", None),  # becomes three letters in upper case
        (None, None),
        (5, None),
    ],
)
def test_a_country_is_two_letters_in_upper_case_or_unknown(value: object, parsed: str | None) -> None:
    assert parse({"id": "acct_1", "identity": {"country": value}}).country == parsed


@pytest.mark.parametrize(
    ("value", "parsed"),
    [
        ("2026-01-31T10:00:00.000Z", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("2026-01-31T10:00:00.123+02:00", datetime(2026, 1, 31, 8, 0, 0, 123000, tzinfo=UTC)),
        ("2026-01-31T10:00:00", datetime(2026, 1, 31, 10, tzinfo=UTC)),
        ("0001-01-01T00:00:00+10:00", None),
        ("soon", None),
        ("", None),
        (1769853600, None),
        (None, None),
    ],
)
def test_a_time_is_parsed_to_utc_or_none(value: object, parsed: datetime | None) -> None:
    assert snapshot.parse_time(value) == parsed


def test_capabilities_are_named_by_their_paths_and_card_payments_and_payouts_come_first() -> None:
    answer = account(PAST_DUE, IN_REVIEW)
    tree = answer["configuration"]["merchant"]["capabilities"]
    answer["configuration"]["merchant"]["capabilities"] = {
        "affirm_payments": capability("a_new_word"),
        **dict(reversed(tree.items())),
        "zip_payments": None,
        "klarna_payments": {"status": "restricted", "status_details": [{}, None, "word"]},
    }
    assert sections.capabilities(parse(answer), "merchant") == (
        Capability(
            "card_payments", "restricted", (CapabilityDetail("requirements_past_due", "provide_info"),)
        ),
        Capability(
            "stripe_balance.payouts",
            "pending",
            (CapabilityDetail("requirements_pending_verification", "no_resolution"),),
        ),
        Capability("affirm_payments", "a_new_word"),
        Capability("klarna_payments", "restricted", (CapabilityDetail("unknown", "unknown"),)),
    )


def test_the_capabilities_of_a_configuration_may_be_empty() -> None:
    assert sections.capabilities(parse(account(None, None)), "merchant") == ()


def test_a_requirement_has_its_deadline_errors_impact_and_person() -> None:
    failed = entry(DOCUMENT, error="verification_document_expired", person="person_1", restricts=PAYOUTS)
    options = [{"entries": [entry("defaults.profile.product_description", restricts=())]}, {"entries": []}]
    required = section(
        failed,
        {"description": "external_account"},
        {"description": None},
        "word",  # type: ignore[arg-type]
        time="2026-03-01T00:00:00.000Z",
        alternatives=[{"original_entries": [{"description": DOCUMENT}, {}], "options": options}],
        minimum_transition_date="2026-04-01T00:00:00.000Z",
    )
    assert sections.requirements(required) == Requirements(
        entries=(
            Entry(
                key=DOCUMENT,
                awaiting_action_from="user",
                deadline="past_due",
                reasons=("routine_onboarding",),
                errors=(EntryError("verification_document_expired", "Stripe's own words."),),
                impacts=(Impact("stripe_balance.payouts", "past_due"),),
                reference_type="person",
                resource="person_1",
            ),
            Entry(key="external_account", awaiting_action_from="user", deadline="unknown"),
        ),
        alternatives=(
            Alternative(
                originals=((DOCUMENT, None, None),),
                options=(
                    (
                        Entry(
                            key="defaults.profile.product_description",
                            awaiting_action_from="user",
                            deadline="past_due",
                            reasons=("routine_onboarding",),
                        ),
                    ),
                ),
            ),
        ),
        nearest_deadline=datetime(2026, 3, 1, tzinfo=UTC),
        transitions_at=datetime(2026, 4, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize("never_seen", [None, {}, {"entries": [], "summary": None, "alternatives": None}])
def test_a_section_without_entries_has_no_requirements(never_seen: Json | None) -> None:
    assert sections.requirements(never_seen) == Requirements()


def test_without_the_defaults_section_the_collectors_are_none() -> None:
    assert sections.collectors(parse(account(ACTIVE, ACTIVE))) == ("stripe", "stripe", "stripe")
    assert sections.collectors(parse({"id": "acct_1"})) == (None, None, None)


def test_an_answer_with_null_sections_erases_nothing() -> None:
    previous = parse(account(ACTIVE, PAST_DUE, entry("external_account")))
    nulls = {"configuration": {"merchant": None, "customer": None}, "defaults": None, "requirements": None}
    current = parse(account(None, None, **nulls, future_requirements=None, identity=None, display_name="New"))
    merged = merge(previous, current)
    assert merged == parse(account(ACTIVE, PAST_DUE, entry("external_account"), display_name="New"))


def test_a_malformed_configuration_erases_nothing() -> None:
    previous = parse(account(ACTIVE, ACTIVE))
    assert merge(previous, parse(account(None, None, configuration={"merchant": "word"}))) == previous


def test_requested_sections_replace_the_previous_ones_even_if_they_are_empty() -> None:
    previous = parse(account(PAST_DUE, PAST_DUE, entry(TERMS)))
    merged = merge(previous, parse(account(ACTIVE, ACTIVE)))
    assert merged == parse(account(ACTIVE, ACTIVE))


@pytest.mark.parametrize("name", ["defaults", "requirements", "future_requirements"])
def test_an_empty_section_replaces_the_previous_one(name: str) -> None:
    previous = parse(account(PAST_DUE, PAST_DUE, entry(TERMS)))
    assert getattr(merge(previous, parse(account(PAST_DUE, PAST_DUE, **{name: {}}))), name) == {}


def test_configurations_are_merged_one_by_one() -> None:
    previous = parse(account(ACTIVE, ACTIVE))
    customer = {"applied": True}
    current = parse(account(None, None, configuration={"merchant": None, "customer": customer}))
    merged = merge(previous, current)
    assert merged.configuration is not None
    assert previous.configuration is not None
    assert merged.configuration["customer"] == customer
    assert merged.configuration["merchant"] == previous.configuration["merchant"]


def test_a_closed_account_stays_closed() -> None:
    previous = parse(account(ACTIVE, ACTIVE, closed=True))
    assert merge(previous, parse(account(ACTIVE, ACTIVE))).closed is True


@deterministic
@given(any_account)
def test_any_answer_is_parsed_without_an_error(answer: Json) -> None:
    current = parse(answer)
    assert current.stripe_account_id == answer["id"]
    for item in sections.capabilities(current, "merchant") or ():
        assert isinstance(item.status, str)
    for part in (current.requirements, current.future_requirements):
        assert all(e.key for e in sections.requirements(part).entries)
    json.dumps([current.configuration, current.defaults, current.requirements, current.future_requirements])


@deterministic
@given(any_account)
@example({"id": "acct_1", "configuration": {}})
@example({"id": "acct_1", "configuration": {"merchant": None}})
def test_merging_the_same_answer_again_changes_nothing(answer: Json) -> None:
    assert merge(parse(answer), parse(answer)) == parse(answer)


@deterministic
@given(any_account, any_account)
def test_merging_replaces_values_unless_the_new_values_are_null(before: Json, after: Json) -> None:
    previous, current = parse(before), parse(after)
    merged = merge(previous, current)
    for name in ("defaults", "requirements", "future_requirements"):
        expected = getattr(previous if getattr(current, name) is None else current, name)
        assert getattr(merged, name) == expected, name
    for name in ("created_at", "dashboard", "contact_email", "display_name", "country", "entity_type"):
        assert getattr(merged, name) == (getattr(current, name) or getattr(previous, name)), name
    for name in ("merchant", "customer"):
        before_, after_, now = ((s.configuration or {}).get(name) for s in (previous, current, merged))
        assert now == (after_ if isinstance(after_, dict) else before_), name
    assert merged.closed == (previous.closed or current.closed)
    for name in ("livemode", "applied_configurations", "metadata", "stripe_account_id"):
        assert getattr(merged, name) == getattr(current, name), name


@deterministic
@given(any_account)
def test_an_answer_without_sections_erases_no_section(answer: Json) -> None:
    previous = parse(answer)
    merged = merge(previous, parse({"id": answer["id"]}))
    always_sent = {"livemode", "applied_configurations", "metadata"}
    for name in set(Snapshot.__struct_fields__) - always_sent:
        # An empty string and None have the same meaning.
        assert (getattr(merged, name) or None) == (getattr(previous, name) or None), name


@deterministic
@given(any_account)
def test_the_stored_text_decodes_to_the_same_snapshot(answer: Json) -> None:
    assert decode(encode(parse(answer))) == parse(answer)


def test_numbers_that_most_json_readers_refuse_become_null() -> None:
    snapshot = parse(account(ACTIVE, ACTIVE, defaults={"huge": 10**30, "small": 7}))
    assert decode(encode(snapshot)).defaults == {"huge": None, "small": 7}
