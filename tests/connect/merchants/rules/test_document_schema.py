"""Every document conforms to the GraphQL schema."""

import json
import re
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    is_leaf_type,
)
from hypothesis import given
from hypothesis import strategies as st

from connect.finances.rules.snapshot import Finances
from connect.merchants.rules.document import Profile
from testing.public_schema import SCHEMA
from tests.connect.finances.rules.situations import FINANCES
from tests.connect.merchants.rules.expected_documents import REPLACED, RETURNED, SHOP, WORKED, derived
from tests.connect.merchants.rules.stripe_answers import Json, any_account, deterministic

# Fields that are not in the document, because they depend on the clock or come from another table.
RESOLVED = {
    *(("Merchant", "feePolicy"), ("Merchant", "timeline"), ("Merchant", "payments")),
    *(("Merchant", "walletDomains"), ("Merchant", "payouts"), ("Merchant", "disputes")),
    ("Freshness", "stale"),
}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
SCALARS: dict[str, Any] = {
    "String": lambda v: isinstance(v, str),
    "ID": lambda v: isinstance(v, str) and v != "",
    "Int": lambda v: type(v) is int and -(2**31) <= v < 2**31,
    "Boolean": lambda v: isinstance(v, bool),
    "DateTime": lambda v: isinstance(v, str) and TIME.fullmatch(v) is not None,
    "URL": lambda v: isinstance(v, str) and v.startswith("https://"),
    "CurrencyCode": lambda v: isinstance(v, str) and re.fullmatch("[A-Z]{3}", v) is not None,
    "Date": lambda v: isinstance(v, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", v) is not None,
    "MinorUnits": lambda v: type(v) is int and abs(v) < 2**53,
    "CountryCode": lambda v: isinstance(v, str) and re.fullmatch("[A-Z]{2}", v) is not None,
}


def conform(value: object, declared: object, path: str) -> None:
    """Fail unless the value has exactly the type and fields that the schema declares."""
    if isinstance(declared, GraphQLNonNull):
        assert value is not None, f"{path} is null"
        declared = declared.of_type
    elif value is None:
        return
    if isinstance(declared, GraphQLList):
        assert isinstance(value, list), path
        for index, item in enumerate(value):
            conform(item, declared.of_type, f"{path}[{index}]")
    elif isinstance(declared, GraphQLObjectType):
        assert isinstance(value, dict), path
        names = {name for name in declared.fields if (declared.name, name) not in RESOLVED}
        if declared.interfaces:
            names.add("__typename")
            assert value["__typename"] == declared.name, path
        assert value.keys() == names, path
        for name in names - {"__typename"}:
            conform(value[name], declared.fields[name].type, f"{path}.{name}")
    elif isinstance(declared, GraphQLEnumType):
        assert value in declared.values, f"{path}: {value!r}"
    else:
        assert isinstance(declared, GraphQLScalarType), path
        assert SCALARS[declared.name](value), f"{path}: {value!r}"


def reachable(declared: object, seen: set[str]) -> set[str]:
    while isinstance(declared, GraphQLNonNull | GraphQLList):
        declared = declared.of_type
    if isinstance(declared, GraphQLObjectType) and declared.name not in seen:
        seen.add(declared.name)
        for name, field in declared.fields.items():
            if (declared.name, name) not in RESOLVED:
                reachable(field.type, seen)
    elif is_leaf_type(declared):
        seen.add(declared.name)
    return seen


def test_every_type_below_a_merchant_is_checked() -> None:
    names = reachable(SCHEMA.type_map["Merchant"], set())
    scalars = {n for n in names if isinstance(SCHEMA.type_map[n], GraphQLScalarType)}
    assert scalars == SCALARS.keys()
    assert {n for n in names if isinstance(SCHEMA.type_map[n], GraphQLObjectType)} == {
        *("Merchant", "NextAction", "ConnectedAccount", "DashboardAccess", "DashboardTask", "Capability"),
        *("CapabilityDetail", "RequirementSet", "Requirement", "RequirementError", "CapabilityImpact"),
        *("Onboarding", "Freshness", "Message", "MessageParameter"),
        *("RequirementGroup", "RequirementItem", "RequirementPerson", "FormerAccount"),
        *("MerchantSettings", "SupportContact", "Address"),
        *("ServiceSubscription", "ServiceItem", "ServiceInvoice", "Dunning", "Money"),
        *("Balance", "CurrencyBalance", "PayoutSchedule", "PayoutObstacle"),
    }


@deterministic
@given(
    any_account,
    st.sampled_from([SHOP, RETURNED, WORKED, REPLACED]),
    st.sampled_from([False, False, True]),
    st.sampled_from([None, FINANCES]),
)
def test_the_document_of_any_answer_conforms_to_the_schema(
    answer: Json, profile: Profile, disconnected: bool, finances: Finances | None
) -> None:
    result = derived(answer, profile, disconnected=disconnected, finances=finances)
    document = result.document
    for shown in (document, result.merchant_document):
        conform(shown, SCHEMA.type_map["Merchant"], "Merchant")
        assert json.loads(json.dumps(shown, ensure_ascii=False).encode()) == shown
    assert document["status"] == result.status.value
    assert document["nextAction"]["by"] == result.awaiting_action_from
    assert result.awaiting_action_from in {None, "MERCHANT", "STRIPE", "PLATFORM"}
    parties = [e["awaitingActionFrom"] for e in document["requirements"]["entries"]]
    assert parties == sorted(parties, key=["MERCHANT", "UNKNOWN", "STRIPE"].index)
    access = document["dashboard"]
    assert (access["unavailableReason"] is None) == access["available"]
    if not access["available"]:
        assert access["url"] is None
        assert document["nextAction"]["url"] is None
        assert not any(task["available"] for task in access["tasks"])
