"""Faults of the local Stripe: answers without the requested account, and answers with a large account."""

import gzip
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def _gzip(text: str) -> str:
    """Compress the text with gzip, and decode each byte to one character."""
    return gzip.compress(text.encode(), mtime=0).decode("latin-1")


_JSON = {"Content-Type": "application/json"}
_BYTES = {"encoding": "latin-1"}
_PAGE = "<html>Passerelle défaillante</html>"
# Answers without an account.
UNUSABLE: Mapping[str, Json] = {
    "200 with a list": {"status": 200, "body": []},
    "200 with null": {"status": 200, "body": "null", "headers": _JSON},
    "200 without an id": {"status": 200, "body": {"object": "v2.core.account"}},
    "200 in gzip": {"status": 200, "body": _gzip("{}"), **_BYTES},
    "400 with a list of errors": {"status": 400, "body": {"error": []}},
}
# Answers of a proxy in front of Stripe. Each outlasts the SDK's retries.
OUTAGES: Mapping[str, Json] = {
    "502 in Latin-1": {"status": 502, "body": _PAGE, "times": 3, **_BYTES},
    "502 in gzip": {"status": 502, "body": _gzip(_PAGE), "times": 3, **_BYTES},
}


def another(account: Mapping[str, Any]) -> Json:
    """An answer with another merchant's account."""
    metadata = {"merchant_id": "01990000-0000-7000-8000-000000000000", "external_id": "another"}
    body = {**account, "id": "acct_another", "metadata": metadata, "display_name": "Another"}
    return {"status": 200, "body": body}


def large(account: Mapping[str, Any], entries: int) -> Json:
    """An answer with the account and this number of requirements."""
    requirement: Json = {
        "awaiting_action_from": "user",
        "errors": [],
        "impact": {"restricts_capabilities": []},
        "minimum_deadline": {"status": "eventually_due"},
        "reference": None,
        "requested_reasons": [{"code": "routine_onboarding"}],
    }
    listed = [{**requirement, "description": f"identity.field_{number}"} for number in range(entries)]
    return {"status": 200, "body": {**account, "requirements": {"entries": listed, "summary": None}}}
