"""Every error code is one of Stripe's codes or is marked as invented."""

import json
import re
from pathlib import Path

from connect.merchants.wording.refusals import REFUSALS
from simulator.control.switches import CLOSING, PLATFORM
from simulator.wire.errors import INVENTED, Refused, masked
from testing.processes import ROOT

# Codes from https://docs.stripe.com/error-codes, and codes that integrators recorded or reported.
KNOWN = {
    "account_invalid",
    "api_error",
    "forbidden",
    "idempotency_key_in_use",
    "more_permissions_required",
    "property_expansion_max_depth",
    "secret_key_required",
}
SHAPES = json.loads((Path(__file__).parents[1] / "money/shapes.json").read_text())["objects"]
# The error codes of v1 that the SDK's types list.
V1 = set(SHAPES["error"]["properties"]["error"]["properties"]["code"]["enum"])


def test_every_code_is_one_of_stripes_or_marked_as_invented() -> None:
    files = (ROOT / "simulator").rglob("*.py")
    codes = {code for file in files for code in re.findall(r'Refused\(\s*"(\w+)"', file.read_text())}
    assert len(codes) > 30
    assert codes - set(REFUSALS) - KNOWN - V1 - set(INVENTED) == set()
    assert set(INVENTED) & (set(REFUSALS) | KNOWN) <= {"parameter_unknown"}
    assert {*CLOSING, *PLATFORM} <= set(REFUSALS)


def test_an_error_has_the_form_of_v1_or_v2_according_to_the_path() -> None:
    refused = Refused("email_invalid", "Wrong.", param="email")
    assert refused.body("/v2/core/accounts") == {
        "error": {
            "code": "email_invalid",
            "message": "Wrong.",
            "user_message": "The email address is not valid.",
        }
    }
    assert refused.body("/v1/accounts") == {
        "error": {
            "code": "email_invalid",
            "message": "Wrong.",
            "type": "invalid_request_error",
            "doc_url": "https://stripe.com/docs/error-codes/email-invalid",
            "param": "email",
        }
    }


def test_a_message_shows_only_the_ends_of_a_key() -> None:
    assert masked("sk_test_abcdefghijklmnop") == "sk_test_**********klmnop"
    assert masked("sk_test_x") == "sk_test_***"
