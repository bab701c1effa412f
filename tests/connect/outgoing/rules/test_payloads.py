"""Payloads and signatures follow the Standard Webhooks specification."""

import json
import uuid
from datetime import UTC, datetime

from connect.outgoing.rules import payloads
from testing.merchants import global_id

AT = datetime(2026, 1, 31, 10, tzinfo=UTC)
KEY = uuid.UUID("01a206b6-bebc-7c0d-92c7-f963a4a70e6c")


def test_the_signature_equals_that_of_the_reference_implementations() -> None:
    # This example comes from the libraries of the specification's authors.
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    at = datetime.fromtimestamp(1614265330, UTC)
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert payloads.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", body, [secret], at) == {
        "content-type": "application/json",
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": expected,
    }
    other = "whsec_" + "A" * 43 + "="
    both = payloads.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", body, [other, secret], at)
    first, second = both["webhook-signature"].split(" ")
    assert first != second == expected


def test_a_payload_names_the_subject_and_contains_the_data_unchanged() -> None:
    body = payloads.payload(KEY, "payment.created", AT, 7, "payment", KEY, '{"state":"PROCESSING"}')
    assert json.loads(body) == {
        "id": global_id("OutgoingEvent", KEY),
        "type": "payment.created",
        "version": 1,
        "timestamp": "2026-01-31T10:00:00.000Z",
        "sequence": 7,
        "subject": {"type": "Payment", "id": global_id("Payment", KEY)},
        "data": {"state": "PROCESSING"},
    }
    assert json.loads(payloads.payload(KEY, "endpoint.test", AT, 0, None, None, "{}"))["subject"] is None
