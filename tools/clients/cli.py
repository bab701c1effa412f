"""Runs the Stripe CLI against the simulator, and checks a part of each call's output."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

REFRESH = "https://app.example/refresh"
KEY = "sk_test_commandline"
_ACCOUNT = {
    "contact_email": "owner@shop.example",
    "dashboard": "full",
    "identity": {"country": "us", "entity_type": "company"},
    "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
    "defaults": {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}},
}
_DESTINATION = {
    "name": "Here",
    "type": "webhook_endpoint",
    "event_payload": "thin",
    "enabled_events": ["v2.core.account.updated"],
    "events_from": ["@accounts"],
    "webhook_endpoint": {"url": "http://127.0.0.1:9/"},
    "include": ["webhook_endpoint.signing_secret"],
}


def _link(kind: str, **more: object) -> dict[str, object]:
    return {"account": "{account}", "use_case": {"type": kind, kind: {"refresh_url": REFRESH, **more}}}


_V2 = ("v2", "core")
_FLAGS = (
    *("--contact-email", "owner@shop.example", "--dashboard", "full", "--identity.country", "us"),
    "--configuration.merchant.capabilities.card-payments.requested=true",
    *("--defaults.responsibilities.fees-collector", "stripe"),
    *("--defaults.responsibilities.losses-collector", "stripe"),
)
_ONBOARDING = (
    *("--use-case.type", "account_onboarding"),
    *("--use-case.account-onboarding.refresh-url", REFRESH),
)
_PAY = (
    *("payment_intents", "create", "--amount", "2000", "--currency", "usd", "--confirm=true"),
    *("--return-url", "https://shop.example/"),
)
_EARLIER = ("--api-version", "2026-08-26.dahlia")
# For each call: the arguments, a part of the expected output, and a name under which later calls use the new
# id. Dicts among the arguments are passed as JSON.
CALLS: tuple[tuple[tuple[object, ...], str, str], ...] = (
    ((*_V2, "accounts", "create", "-d", _ACCOUNT), '"object":"v2.core.account"', "account"),
    ((*_V2, "accounts", "create", *_FLAGS), '"applied_configurations":["merchant"]', ""),
    ((*_V2, "accounts", "create", "--display-name", "Bare"), '"applied_configurations":[]', ""),
    ((*_V2, "accounts", "create", "-d", {**_ACCOUNT, "defaults": {}}), "required request field missing", ""),
    ((*_V2, "accounts", "retrieve", "{account}"), '"configuration":null', ""),
    ((*_V2, "accounts", "retrieve", "acct_none"), '"code":"not_found"', ""),
    ((*_V2, "accounts", "update", "{account}", "--display-name", "Shop"), '"display_name":"Shop"', ""),
    ((*_V2, "accounts", "list", "--limit", "2"), '"next_page_url":"/v2/core/accounts?page=', ""),
    # The CLI is built for an API version before 2026-09-30, so it has no flag for `configurations`.
    (
        (*_V2, "account_links", "create", "--account", "{account}", *_ONBOARDING),
        "account_onboarding.configurations: required request field missing",
        "",
    ),
    (
        (*_V2, "account_links", "create", "-d", _link("account_onboarding", configurations=["merchant"])),
        '"configurations":["merchant"]',
        "",
    ),
    (
        (*_V2, "account_links", "create", "-d", _link("account_onboarding", configurations=["customer"])),
        '"code":"configs_must_match_to_use_account_links"',
        "",
    ),
    (
        (*_V2, "account_links", "create", "-v", "2026-10-28.endive", "-d", _link("account_onboarding")),
        '"object":"v2.core.account_link"',
        "",
    ),
    (
        (*_V2, "account_links", "create", "-v", "2026-11-18.endive", "-d", _link("account_dashboard")),
        f'"account_dashboard":{{"refresh_url":"{REFRESH}"}}',
        "",
    ),
    (
        (*_V2, "account_links", "create", "-d", _link("account_dashboard")),
        "account_dashboard: unknown field",
        "",
    ),
    ((*_V2, "account_links", "create", "-v", "tomorrow", "-d", _link("x")), "Invalid Stripe API version", ""),
    (
        (*_V2, "account_persons", "create", "{account}", "-d", {"given_name": "Jenny"}),
        '"person_test_',
        "person",
    ),
    ((*_V2, "account_persons", "create", "{account}", "--given-name", "Ann"), '"given_name":"Ann"', ""),
    ((*_V2, "account_persons", "retrieve", "{account}", "{person}"), '"given_name":"Jenny"', ""),
    ((*_V2, "account_persons", "update", "{account}", "{person}", "--surname", "Rosen"), '"Rosen"', ""),
    ((*_V2, "account_persons", "list", "{account}"), '"next_page_url":null', ""),
    ((*_V2, "account_persons", "delete", "{account}", "{person}", "--confirm"), '"id":"person_test_', ""),
    ((*_V2, "account_tokens", "create", "--display-name", "Secret"), '"used":false', "token"),
    ((*_V2, "account_tokens", "retrieve", "{token}"), '"object":"v2.core.account_token"', ""),
    ((*_V2, "accounts", "update", "{account}", "--account-token", "{token}"), '"display_name":"Secret"', ""),
    (
        (*_V2, "accounts", "update", "{account}", "--account-token", "{token}"),
        '"code":"token_already_used"',
        "",
    ),
    ((*_V2, "account_person_tokens", "create", "{account}", "--given-name", "Eve"), '"used":false', "token"),
    ((*_V2, "account_person_tokens", "retrieve", "{account}", "{token}"), '"used":false', ""),
    ((*_V2, "events", "list", "--object-id", "{account}"), '"type":"v2.core.account', "event"),
    ((*_V2, "events", "retrieve", "{event}"), '"object":"v2.core.event"', ""),
    ((*_V2, "event_destinations", "create", "-d", _DESTINATION), '"signing_secret":"whsec_', "destination"),
    (
        (*_V2, "event_destinations", "create", "-d", {**_DESTINATION, "enabled_events": ["*"]}),
        "thin event destinations do not support selecting all event types",
        "",
    ),
    (
        (*_V2, "event_destinations", "create", "-d", {**_DESTINATION, "event_payload": "snapshot"}),
        "'v2.core.account.updated' is not an event type",
        "",
    ),
    ((*_V2, "event_destinations", "retrieve", "{destination}"), '"signing_secret":null', ""),
    ((*_V2, "event_destinations", "list"), '"object":"v2.core.event_destination"', ""),
    ((*_V2, "event_destinations", "update", "{destination}", "--name", "Other"), '"name":"Other"', ""),
    ((*_V2, "event_destinations", "disable", "{destination}"), '"status":"disabled"', ""),
    ((*_V2, "event_destinations", "enable", "{destination}"), '"status":"enabled"', ""),
    ((*_V2, "event_destinations", "ping", "{destination}"), '"v2.core.event_destination.ping"', ""),
    ((*_V2, "event_destinations", "delete", "{destination}", "--confirm"), '"id":"ed_test_', ""),
    (("get", "/v2/core/accounts/{account}"), '"object":"v2.core.account"', ""),
    (("get", "/v1/account"), '"id":"acct_1SimulatedPlatform"', ""),
    (("get", "/v1/accounts/acct_none"), "Application access may have been revoked.", ""),
    (("accounts", "create", "--type", "express"), '"type":"express"', "v1"),
    (("accounts", "list"), '"object":"list"', ""),
    ((*_V2, "accounts", "retrieve", "{v1}"), '"code":"account_not_yet_compatible_with_v2"', ""),
    (
        (
            *("account_links", "create", "--account", "{v1}", "--type", "account_onboarding"),
            *("--refresh-url", REFRESH, "--return-url", REFRESH),
        ),
        '"object":"account_link"',
        "",
    ),
    # The README names these flags.
    (("listen", "--help"), "--events-from string", ""),
    (("listen", "--help"), "--forward-to string", ""),
    (("trigger", "account.updated"), "Trigger succeeded!", ""),
    ((*_PAY, "--payment-method", "pm_card_visa"), '"status":"succeeded"', "payment"),
    ((*_PAY, "--payment-method", "pm_card_chargeDeclined"), '"decline_code":"generic_decline"', ""),
    (("payment_intents", "retrieve", "{payment}"), '"amount_received":2000', ""),
    (("refunds", "create", "--payment-intent", "{payment}", "--amount", "500"), '"amount":500', ""),
    (("charges", "list", "-d", "payment_intent={payment}"), '"amount_refunded":500', ""),
    (("balance", "retrieve"), '"object":"balance"', ""),
    (("get", "/v1/balance_transactions", "-d", "type=refund"), '"net":-500', ""),
    (("get", "/v1/payment_intents/pi_none"), "No such payment_intent: 'pi_none'", ""),
    # These triggers send `payment_method_types`, which later versions of the API refuse.
    (("trigger", "payment_intent.succeeded", *_EARLIER), "Trigger succeeded!", ""),
    (("trigger", "charge.refunded", *_EARLIER), "Trigger succeeded!", ""),
    (("trigger", "payment_intent.canceled", *_EARLIER), "Trigger succeeded!", ""),
    (("trigger", "charge.failed", *_EARLIER), "Trigger succeeded!", ""),
    (("trigger", "charge.dispute.closed", *_EARLIER), "Trigger succeeded!", ""),
    (("trigger", "customer.created"), "Trigger succeeded!", ""),
    (
        (*_V2, "accounts", "close", "{account}", "-d", {"applied_configurations": ["customer"]}),
        '"code":"configs_must_match_to_close"',
        "",
    ),
    (
        (*_V2, "accounts", "close", "{account}", "-d", {"applied_configurations": ["merchant"]}),
        '"closed":true',
        "",
    ),
)


def lines(program: Path, simulator: str, environment: dict[str, str]) -> Iterator[str]:
    """Make all calls. Yields a line for each call, in the format that the other clients print."""
    ids: dict[str, str] = {}
    for arguments, expected, name in CALLS:
        texts = [json.dumps(part) if isinstance(part, dict) else str(part) for part in arguments]
        for key, value in ids.items():
            texts = [text.replace(f"{{{key}}}", value) for text in texts]
        options = ["--api-key", KEY, "--api-base", simulator, "--color", "off"]
        process = subprocess.run(
            [program, *texts, *options],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        call = " ".join(str(part) for part in arguments if not isinstance(part, dict))
        if expected not in process.stdout:
            yield f"failed {call}: {process.stdout.strip()[:500]} {process.stderr.strip()[:200]}"
            continue
        yield f"ok {call}"
        if name:
            found = re.search(r'"id":"(\w+)"', process.stdout)
            ids[name] = found[1] if found else ""
