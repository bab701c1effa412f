"""The verdict on an account lists every reason against its adoption."""

import pytest

from connect.merchants.rules.account.snapshot import parse
from connect.merchants.rules.adoption import Finding, FindingCode, Severity, judge, refuses
from tests.connect.merchants.rules.stripe_answers import Json

BOTH = {"fees_collector": "stripe", "losses_collector": "stripe"}
GOOD: Json = {
    "id": "acct_1",
    "livemode": False,
    "dashboard": "full",
    "closed": False,
    "display_name": "Old Shop",
    "contact_email": "old@shop.example",
    "applied_configurations": ["merchant"],
    "configuration": {"merchant": {"capabilities": {"card_payments": {"status": "active"}}}},
    "defaults": {"responsibilities": BOTH},
}
WARNINGS = {FindingCode.CARD_PAYMENTS_NOT_REQUESTED, FindingCode.RECIPIENT}


def verdict(
    changed: Json, *, livemode: bool = False, has_name: bool = False, has_email: bool = False
) -> tuple[Finding, ...]:
    account = parse({**GOOD, **changed})
    return tuple(judge(account, livemode=livemode, has_name=has_name, has_email=has_email))


def parties(fees: str | None, losses: str | None) -> Json:
    return {"defaults": {"responsibilities": {"fees_collector": fees, "losses_collector": losses}}}


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, ""),
        ({"closed": True, "dashboard": None, "applied_configurations": []}, "CLOSED"),
        ({"dashboard": "express"}, "DASHBOARD_NOT_FULL"),
        ({"dashboard": "none"}, "DASHBOARD_NOT_FULL"),
        ({"dashboard": None}, "DASHBOARD_NOT_FULL"),
        (parties("application", "stripe"), "FEES_COLLECTOR"),
        (parties("application_express", "stripe"), "FEES_COLLECTOR"),
        (parties("stripe", "application"), "LOSSES_COLLECTOR"),
        (parties(None, None), "FEES_COLLECTOR LOSSES_COLLECTOR"),
        ({"defaults": None}, "FEES_COLLECTOR LOSSES_COLLECTOR"),
        ({"applied_configurations": []}, "NOT_A_MERCHANT"),
        ({"applied_configurations": ["customer", "recipient"]}, "NOT_A_MERCHANT RECIPIENT"),
        ({"applied_configurations": ["merchant", "recipient"]}, "RECIPIENT"),
        ({"configuration": {"merchant": {"capabilities": {}}}}, "CARD_PAYMENTS_NOT_REQUESTED"),
        ({"configuration": None}, "CARD_PAYMENTS_NOT_REQUESTED"),
        ({"livemode": True}, "OTHER_MODE"),
        ({"livemode": True, "closed": True}, "OTHER_MODE CLOSED"),
        ({"display_name": None, "contact_email": ""}, "NAME_MISSING EMAIL_MISSING"),
    ],
)
def test_every_reason_is_found(changed: Json, codes: str) -> None:
    found = verdict(changed)
    assert " ".join(finding.code.value for finding in found) == codes
    assert {f.code for f in found if f.severity is Severity.WARNS} <= WARNINGS
    assert refuses(found) is bool({f.code for f in found} - WARNINGS)


def test_an_account_of_another_mode_is_refused() -> None:
    assert verdict({"livemode": True}, livemode=True) == ()
    (finding,) = verdict({}, livemode=True)
    assert finding.message == "The account belongs to a sandbox, and this service works in live mode."


def test_a_name_and_an_email_in_the_input_replace_missing_ones() -> None:
    missing = {"display_name": None, "contact_email": None}
    assert verdict(missing, has_name=True, has_email=True) == ()
    assert [one.code for one in verdict(missing, has_name=True)] == [FindingCode.EMAIL_MISSING]
