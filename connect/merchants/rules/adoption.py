"""Decides whether the platform can adopt an account. Pure.

ConnectQL works with accounts that have the full Dashboard and take direct charges, and whose fees and losses
Stripe collects (https://docs.stripe.com/connect/integration-recommendations). The Dashboard and the
responsibilities of an account are set when it is created, and Stripe cannot change them later.
"""

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from connect.merchants.rules.account.snapshot import Snapshot, as_object, as_text
from connect.merchants.rules.status.facts import CARD_PAYMENTS


class FindingCode(enum.Enum):
    ACCOUNT_NOT_FOUND = "ACCOUNT_NOT_FOUND"
    ACCOUNT_TAKEN = "ACCOUNT_TAKEN"
    CARD_PAYMENTS_NOT_REQUESTED = "CARD_PAYMENTS_NOT_REQUESTED"
    CLOSED = "CLOSED"
    CREATED_FOR_MERCHANT = "CREATED_FOR_MERCHANT"
    DASHBOARD_NOT_FULL = "DASHBOARD_NOT_FULL"
    EMAIL_MISSING = "EMAIL_MISSING"
    FEES_COLLECTOR = "FEES_COLLECTOR"
    LOSSES_COLLECTOR = "LOSSES_COLLECTOR"
    NAME_MISSING = "NAME_MISSING"
    NOT_A_MERCHANT = "NOT_A_MERCHANT"
    NOT_YET_IN_V2 = "NOT_YET_IN_V2"
    ONLY_IN_V1 = "ONLY_IN_V1"
    OTHER_INSTALLATION = "OTHER_INSTALLATION"
    OTHER_MODE = "OTHER_MODE"
    RECIPIENT = "RECIPIENT"


class Severity(enum.Enum):
    REFUSES = "REFUSES"
    WARNS = "WARNS"


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason against an adoption, or a warning. `message` names the fact, and `remedy` the next step."""

    code: FindingCode
    message: str
    remedy: str
    severity: Severity = Severity.REFUSES


_NEW_ACCOUNT = "Stripe cannot change this. Give the merchant a new account with createMerchant."
# The error codes with which Stripe refuses GET /v2/core/accounts/{id} because of the account itself
# (https://docs.stripe.com/connect/accounts-v2/migrate-integration).
REFUSALS = {
    "account_not_yet_compatible_with_v2": Finding(
        FindingCode.NOT_YET_IN_V2,
        "The account is new, and Stripe's API v2 does not accept it yet.",
        "Repeat the request in ten minutes.",
    ),
    "v1_account_instead_of_v2_account": Finding(
        FindingCode.ONLY_IN_V1,
        "Stripe's API v2 does not accept this account.",
        "Ask Stripe support to make the account available in API v2.",
    ),
}


def not_found(account_id: str, *, livemode: bool) -> Finding:
    return Finding(
        FindingCode.ACCOUNT_NOT_FOUND,
        f"Stripe does not show an account {account_id} to the platform in {_mode(livemode)}.",
        "Check the id, its mode, and that the account is connected to the platform of "
        "CONNECTQL_STRIPE_API_KEY.",
    )


def taken(external_id: str) -> Finding:
    return Finding(
        FindingCode.ACCOUNT_TAKEN,
        f"The account belongs to the merchant {external_id}.",
        "Use that merchant, or correct stripeAccountId.",
    )


def replaced(external_id: str) -> Finding:
    return Finding(
        FindingCode.ACCOUNT_TAKEN,
        f"The account is a former account of the merchant {external_id}.",
        "Correct stripeAccountId. A former account stays in the history of its merchant.",
    )


def created_for(external_id: str, *, is_pending: bool) -> Finding:
    finish = "Repeat createMerchant or replaceAccount for that merchant. The call attaches the account."
    other = "If the account belongs to another merchant, remove `merchant_id` from its metadata at Stripe."
    return Finding(
        FindingCode.CREATED_FOR_MERCHANT,
        f"ConnectQL created the account for the merchant {external_id}.",
        finish if is_pending else other,
    )


def other_installation(merchant_id: object) -> Finding:
    return Finding(
        FindingCode.OTHER_INSTALLATION,
        f"The account's metadata names the merchant {merchant_id}, which this database does not have.",
        "Make sure that no other installation of ConnectQL manages the account.",
        Severity.WARNS,
    )


def judge(account: Snapshot, *, livemode: bool, has_name: bool, has_email: bool) -> Iterator[Finding]:
    """Yield the reasons why a platform in this mode cannot adopt the account, and the warnings.

    `has_name` and `has_email` tell whether the caller gives a name and an email for an account without them.
    """
    if account.livemode is not livemode:
        message = (
            f"The account belongs to {_mode(account.livemode)}, and this service works in {_mode(livemode)}."
        )
        yield Finding(
            FindingCode.OTHER_MODE, message, "Adopt it in an installation whose API key has the same mode."
        )
    if account.closed:
        remedy = "A closed account stays closed. Give the merchant a new account with createMerchant."
        yield Finding(FindingCode.CLOSED, "The account is closed.", remedy)
        return  # Stripe shows little of a closed account
    if account.dashboard != "full":
        dashboard = f"the Dashboard `{account.dashboard}`" if account.dashboard else "no Stripe Dashboard"
        message = f"The account has {dashboard}. ConnectQL needs the full Dashboard."
        yield Finding(FindingCode.DASHBOARD_NOT_FULL, message, _NEW_ACCOUNT)
    yield from _responsibilities(account)
    yield from _charges(account)
    if not account.display_name and not has_name:
        message = "The account has no display name at Stripe."
        yield Finding(FindingCode.NAME_MISSING, message, "Give displayName.")
    if not account.contact_email and not has_email:
        message = "The account has no contact email at Stripe."
        yield Finding(FindingCode.EMAIL_MISSING, message, "Give contactEmail.")


def refuses(findings: tuple[Finding, ...]) -> bool:
    return any(finding.severity is Severity.REFUSES for finding in findings)


def _responsibilities(account: Snapshot) -> Iterator[Finding]:
    parties = as_object(as_object(account.defaults).get("responsibilities"))
    fees, losses = as_text(parties.get("fees_collector")), as_text(parties.get("losses_collector"))
    if fees != "stripe":
        message = f"The account's fees collector is {_name(fees)}. ConnectQL needs `stripe`."
        yield Finding(FindingCode.FEES_COLLECTOR, message, _NEW_ACCOUNT)
    if losses != "stripe":
        message = f"The account's losses collector is {_name(losses)}. ConnectQL needs `stripe`."
        yield Finding(FindingCode.LOSSES_COLLECTOR, message, _NEW_ACCOUNT)


def _charges(account: Snapshot) -> Iterator[Finding]:
    """Yield the findings about charges. Direct charges need the merchant configuration with card payments."""
    applied = account.applied_configurations
    merchant = as_object(as_object(account.configuration).get("merchant"))
    if "merchant" not in applied:
        yield Finding(
            FindingCode.NOT_A_MERCHANT,
            "The account lacks the merchant configuration, so it cannot take direct charges.",
            "Add `configuration.merchant` with the capability card_payments at Stripe (POST "
            "/v2/core/accounts/{id}), then repeat the request.",
        )
    elif CARD_PAYMENTS not in as_object(merchant.get("capabilities")):
        yield Finding(
            FindingCode.CARD_PAYMENTS_NOT_REQUESTED,
            "The capability card_payments is not requested, so the account cannot take card payments.",
            'After the adoption, call updateMerchant with `capabilities: ["card_payments"]`.',
            Severity.WARNS,
        )
    if "recipient" in applied:
        yield Finding(
            FindingCode.RECIPIENT,
            "The account also has the recipient configuration, so the platform may send transfers to it.",
            "Use direct charges for this merchant. With destination charges, or separate charges and "
            "transfers, the platform pays for losses, and the merchant cannot manage refunds and disputes.",
            Severity.WARNS,
        )


def _name(name: str | None) -> str:
    return f"`{name}`" if name else "unknown"


def _mode(livemode: bool) -> str:
    return "live mode" if livemode else "a sandbox"
