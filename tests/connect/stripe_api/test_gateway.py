"""A call to Stripe returns an answer, is refused, or ends without a definite answer."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import stripe
import structlog.testing

from connect.errors import (
    AnswerUnusable,
    StripeKeyRefused,
    StripeNotFound,
    StripePermissionMissing,
    StripeRefused,
    StripeUnavailable,
    TooManyCalls,
)
from connect.platform import permissions
from connect.scope import Payer, Role
from connect.stripe_api.gateway import LATE_SECONDS, Gateway
from testing.processes import Simulator
from testing.service import STRIPE_KEY


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "reset_before"},
        {"kind": "reset_after"},
        pytest.param({"kind": "delay", "seconds": 5}, marks=pytest.mark.waits),
        {"kind": "malformed"},
        {"status": 409},
        {"status": 429},
        {"status": 429, "headers": {"Stripe-Should-Retry": "true"}},
        {"status": 500},
        {"status": 502, "body": "<html>Bad Gateway</html>"},
        {"status": 503},
    ],
    ids=str,
)
async def test_a_call_without_a_definite_answer_can_be_retried(
    simulator: Simulator, fault: dict[str, Any]
) -> None:
    gateway = Gateway(STRIPE_KEY, simulator.base_url, timeout=2, retries=0)
    simulator.control("faults", {"method": "GET", **fault})
    with pytest.raises(StripeUnavailable) as caught:
        await gateway.retrieve_account("acct_1234567890123456")
    await gateway.close()
    assert caught.value.retry_after_seconds == 2


UNUSABLE: list[dict[str, Any]] = [
    {"status": 502, "body": "<p>Passerelle d\u00e9faillante</p>", "encoding": "latin-1"},
    {"status": 200, "body": "\x1f\x8b\x08\x00\xa5\x00\xff\x03", "encoding": "latin-1"},
    {"status": 200, "body": "\x1f\x8b\x08", "encoding": "latin-1", "headers": {"Content-Encoding": "gzip"}},
    {"status": 200, "body": []},
    {"status": 200, "body": "null"},
    {"status": 200, "body": {}},
    {"status": 200, "body": {"id": None, "object": "v2.core.account"}},
    {"status": 200, "body": ""},
    {"status": 204, "body": ""},
    {"status": 302, "body": {}, "headers": {"Location": "https://elsewhere.example"}},
    {"status": 400, "body": {"error": []}},
    {"status": 400, "body": {"error": None}},
    {"status": 400, "body": {"error": {"code": ["x"], "message": 1}}},
    {"status": 404, "body": [[]]},
]


@pytest.mark.parametrize("fault", UNUSABLE, ids=str)
async def test_an_unusable_answer_is_not_a_definite_answer(
    gateway: Gateway, simulator: Simulator, fault: dict[str, Any]
) -> None:
    simulator.control("faults", {"method": "*", "times": 6, **fault})
    at = datetime(2026, 1, 31, tzinfo=UTC)
    calls = [
        gateway.retrieve_account("acct_1234567890123456"),
        gateway.create_account({}, "key-1"),
        gateway.update_account("acct_1234567890123456", {}),
        gateway.create_account_link("acct_1", refresh_url="", return_url="", collect="currently_due"),
    ]
    for call in calls:
        with pytest.raises(StripeUnavailable):
            await call
    with pytest.raises(StripeUnavailable):
        _ = [page async for page in gateway.events(at, at, ["v2.core.account.closed"])]
    with pytest.raises(StripeUnavailable):
        _ = [destination async for destination in gateway.event_destinations()]


async def test_an_answer_about_another_account_is_refused_and_logged(
    gateway: Gateway, simulator: Simulator
) -> None:
    other = {"id": "acct_2222222222222222", "object": "v2.core.account"}
    simulator.control("faults", {"method": "*", "times": 3, "status": 200, "body": other})
    account_id = "acct_1111111111111111"
    calls = [
        gateway.retrieve_account(account_id),
        gateway.update_account(account_id, {}),
        gateway.close_account(account_id, []),
    ]
    for call in calls:
        with structlog.testing.capture_logs() as lines, pytest.raises(AnswerUnusable):
            await call
        (line,) = [line for line in lines if line["event"] == "answer_about_another_account"]
        assert (line["account"], line["answered"]) == (account_id, other["id"])


async def test_the_error_for_an_unknown_account_has_the_request_id_of_stripe(gateway: Gateway) -> None:
    with pytest.raises(StripeNotFound) as caught:
        await gateway.retrieve_account("acct_1234567890123456")
    assert caught.value.code == "not_found"
    assert str(caught.value.request_id).startswith("req_")


@pytest.mark.parametrize("answer", ["not_found", "forbidden"])
async def test_both_of_stripes_answers_about_a_disconnected_account_mean_not_found(
    simulator: Simulator, gateway: Gateway, answer: str
) -> None:
    account_id = (await gateway.create_account({"display_name": "Shop"}, f"key-{answer}"))["id"]
    simulator.control(f"accounts/{account_id}", {"scenario": "deauthorize", "answer": answer})
    with pytest.raises(StripeNotFound) as caught:
        await gateway.retrieve_account(account_id)
    assert caught.value.code == answer
    assert "sk_test" not in caught.value.message


async def test_a_call_of_v1_is_made_in_the_scope_of_the_account_or_of_the_platform(gateway: Gateway) -> None:
    with pytest.raises(StripeNotFound) as caught:
        await gateway.call("refunds.list", "get", "/v1/refunds", account="acct_1234567890123456")
    assert caught.value.code == "account_invalid"
    assert "sk_test" not in caught.value.message
    assert (await gateway.call("refunds.list", "get", "/v1/refunds", account=None))["data"] == []


async def test_the_error_for_a_restricted_key_names_only_the_missing_permission(
    simulator: Simulator,
) -> None:
    simulator.control("keys", {"key": "rk_test_reader", "permissions": ["v2_account_storer_read"]})
    gateway = Gateway("rk_test_reader", simulator.base_url, retries=0)
    try:
        with pytest.raises(StripePermissionMissing) as caught:
            await gateway.create_account({}, "key-1")
    finally:
        await gateway.close()
    assert caught.value.retry_after_seconds == 60
    assert caught.value.message == (
        "The platform's restricted key lacks the permission v2_account_storer_write. An operator must add it "
        "at https://dashboard.stripe.com/apikeys."
    )


NEW_FORM = (
    "Permission denied. The provided key 'rk_test_***' does not have the required permissions for this "
    "endpoint on account 'acct_1'. Enabling \"Charges and Refunds Write\" ('charge_write') permissions on "
    "this key would allow this request to continue."
)
NO_CONNECT = (
    "You passed a restricted API key with the Stripe-Account header, but the restricted API key does not "
    "have any Connect permissions."
)


@pytest.mark.parametrize(
    ("message", "name"),
    [(NEW_FORM, "charge_write"), (NO_CONNECT, "for connected accounts")],
    ids=lambda _: "",
)
async def test_the_missing_permission_is_found_in_every_form_of_stripes_message(
    gateway: Gateway, simulator: Simulator, message: str, name: str
) -> None:
    body = {"error": {"type": "invalid_request_error", "message": message}}
    simulator.control("faults", {"method": "GET", "path": "/v1/refunds", "status": 403, "body": body})
    with pytest.raises(StripePermissionMissing) as caught:
        await gateway.call("refunds.list", "get", "/v1/refunds", account=None)
    assert caught.value.permission == name


async def test_the_error_for_a_refused_request_has_the_code_and_message_of_stripe(gateway: Gateway) -> None:
    with pytest.raises(StripeRefused) as caught:
        await gateway.create_account({"dashboard": "full", "nonsense": 1}, "key-1")
    assert caught.value.code == "parameter_unknown"
    assert "nonsense" in caught.value.message


async def test_the_error_for_a_wrong_key_does_not_contain_the_key(simulator: Simulator) -> None:
    gateway = Gateway("sk_live_" + "W" * 24, simulator.base_url, retries=0)
    try:
        with pytest.raises(StripeKeyRefused) as caught:
            await gateway.retrieve_account("acct_1234567890123456")
    finally:
        await gateway.close()
    assert "CONNECTQL_STRIPE_API_KEY" in caught.value.message
    assert "WWW" not in caught.value.message


@pytest.mark.waits
async def test_each_retry_waits_for_its_own_turn_without_a_payer(simulator: Simulator) -> None:
    turns: list[tuple[Payer | None, str | None, str | None]] = []

    async def wait(payer: Payer | None, account: str | None, operation: str | None) -> None:
        turns.append((payer, account, operation))

    shop = Payer(Role.MERCHANT, "shop-1")
    gateway = Gateway(STRIPE_KEY, simulator.base_url, timeout=2, retries=2)
    paced = gateway.with_pacing(wait).paid_by(shop)
    simulator.control("faults", {"method": "*", "status": 503, "times": 2})
    account: str = (await paced.create_account({}, "key-1"))["id"]
    simulator.control("faults", {"method": "*", "kind": "reset_before", "times": 1})
    await paced.retrieve_account(account)
    await gateway.close()
    created = [(payer, None, "accounts.create") for payer in (shop, None, None)]
    assert turns == created + [(payer, account, "accounts.retrieve") for payer in (shop, None)]


async def test_a_gateway_that_already_has_a_turn_makes_its_first_call_without_waiting(
    simulator: Simulator,
) -> None:
    turns: list[tuple[str | None, str | None]] = []

    async def wait(_payer: Payer | None, account: str | None, operation: str | None) -> None:
        turns.append((account, operation))

    gateway = Gateway(STRIPE_KEY, simulator.base_url)
    account: str = (await gateway.create_account({}, "key-1"))["id"]
    paced = gateway.with_pacing(wait)
    operation = "accounts.retrieve"
    turn = account, operation
    in_turn, late = [await paced.in_turn(account, operation) for _ in range(2)]
    assert turns == [turn] * 2
    await in_turn.retrieve_account(account)
    assert turns == [turn] * 2
    await in_turn.retrieve_account(account)
    assert turns == [turn] * 3
    await asyncio.sleep(LATE_SECONDS)
    await late.retrieve_account(account)
    assert turns == [turn] * 4
    await gateway.close()


async def test_a_call_whose_retry_gets_no_turn_has_no_definite_answer(simulator: Simulator) -> None:
    """The error must not say that Stripe was not called, because the first attempt reached Stripe."""
    turns = 0

    async def wait(_payer: Payer | None, _account: str | None, _operation: str | None) -> None:
        nonlocal turns
        turns += 1
        if turns > 1:
            raise TooManyCalls("No turn.", 7)

    gateway = Gateway(STRIPE_KEY, simulator.base_url, timeout=2, retries=2)
    simulator.control("faults", {"method": "*", "status": 503, "times": 1})
    with pytest.raises(StripeUnavailable) as caught:
        await gateway.with_pacing(wait).create_account({}, "key-1")
    await gateway.close()
    assert type(caught.value) is StripeUnavailable
    assert turns == 2


@pytest.mark.waits
async def test_retries_use_the_same_idempotency_key(simulator: Simulator) -> None:
    """Two answers are lost after Stripe has created the account, but only one account is created."""
    simulator.control("faults", {"path": "/v2/core/accounts", "kind": "reset_after", "times": 2})
    gateway = Gateway(STRIPE_KEY, simulator.base_url, retries=2)
    body: dict[str, Any] = {
        "contact_email": "a@shop.example",
        "identity": {"country": "US"},
        "dashboard": "full",
    }
    configuration = {"merchant": {"capabilities": {"card_payments": {"requested": True}}}}
    responsibilities = {"fees_collector": "stripe", "losses_collector": "stripe"}
    try:
        answer = await gateway.create_account(
            {**body, "configuration": configuration, "defaults": {"responsibilities": responsibilities}},
            "key-1",
        )
    finally:
        await gateway.close()
    assert [account["id"] for account in simulator.control("accounts")["data"]] == [answer["id"]]


@pytest.mark.parametrize(
    "link",
    [
        {},
        *(
            {"url": url}
            for url in ("javascript:alert(1)", "https://", "https://x@stripe.example", "", None, 1)
        ),
    ],
    ids=str,
)
async def test_an_account_link_must_be_a_web_address(
    gateway: Gateway, simulator: Simulator, link: dict[str, object]
) -> None:
    answer = {**link, "expires_at": "2026-11-29T08:00:00.000Z"}
    simulator.control("faults", {"method": "POST", "status": 200, "body": answer})
    with pytest.raises(AnswerUnusable):
        await gateway.create_account_link(
            "acct_1", refresh_url="https://a.example", return_url="https://a.example", collect="currently_due"
        )


@pytest.mark.slow
async def test_persons_are_listed_only_if_a_requirement_concerns_another_person(
    gateway: Gateway, simulator: Simulator
) -> None:
    body = {"contact_email": "a@shop.example", "display_name": "A", "identity": {"country": "US"}}
    created = await gateway.create_account(body, "key-persons")
    path = f"{simulator.base_url}/v2/core/accounts/{created['id']}/persons"
    headers = {"Authorization": f"Bearer {STRIPE_KEY}", "Stripe-Version": stripe.api_version}
    async with httpx.AsyncClient(headers=headers, trust_env=False) as raw:
        person = {"given_name": "Ada", "surname": "Lovelace", "relationship": {"owner": True}}
        ada = (await raw.post(path, json=person)).json()
        for number in range(120):  # several pages
            other = {"given_name": f"Other {number}", "relationship": {"director": True}}
            assert (await raw.post(path, json=other)).status_code == 200

    with structlog.testing.capture_logs() as lines:
        answer = await gateway.retrieve_account(created["id"])
    assert [line["event"] for line in lines] == ["accounts.retrieve"]
    assert answer["persons"] == []

    reference = {"type": "person", "resource": ada["id"], "inquiry": None}
    entry = {"description": "documents.primary_verification", "reference": reference}
    body = {**answer, "requirements": {"entries": [entry]}}
    fault = {"path": "/v2/core/accounts/{id}", "method": "GET", "status": 200, "body": body, "times": 9}
    simulator.control("faults", fault)
    with structlog.testing.capture_logs() as lines:
        answer = await gateway.retrieve_account(created["id"])
    assert [line["event"] for line in lines] == ["accounts.retrieve", "persons.list", "persons.list"]
    assert answer["persons"] == [{"id": ada["id"], "name": "Ada Lovelace", "roles": ["OWNER"]}]

    # If Stripe refuses to list the persons, the answer about the account is still used.
    refusal = {"error": {"code": "not_today", "message": "No."}}
    persons = {"path": "/v2/core/accounts/{account_id}/persons", "method": "GET"}
    simulator.control("faults", {**persons, "status": 400, "body": refusal, "times": 1})
    assert "persons" not in await gateway.retrieve_account(created["id"])


async def test_every_call_with_the_key_of_an_organization_names_the_platform(simulator: Simulator) -> None:
    key = "sk_org_test_" + "o" * 24
    context = "acct_1SimulatedPlatform"
    organization = Gateway(key, simulator.base_url, context=context, timeout=2, retries=0)
    assert not organization.livemode
    body = {
        "contact_email": "owner@shop.example",
        "configuration": {"merchant": {}},
        "identity": {"country": "US"},
        "defaults": {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}},
        "dashboard": "full",
    }
    account = await organization.create_account(body, "key-1")
    assert (await organization.retrieve_account(account["id"]))["id"] == account["id"]
    urls = {"refresh_url": "https://app.example/refresh", "return_url": "https://app.example/return"}
    link = await organization.create_account_link(account["id"], **urls, collect="currently_due")
    assert link["account"] == account["id"]
    assert await organization.clock() is not None
    await permissions.check(organization, account["id"], has_domains=True)
    assert (await organization.call("refunds.list", "get", "/v1/refunds", account=account["id"]))[
        "data"
    ] == []
    with pytest.raises(StripeNotFound):
        await organization.call("refunds.list", "get", "/v1/refunds", account="acct_2222222222222222")
    await organization.close()
    # The key cannot be used for an account outside the organization, or without an account.
    for wrong, error in (("acct_1Elsewhere", StripeKeyRefused), (None, StripeRefused)):
        stranger = Gateway(key, simulator.base_url, context=wrong, timeout=2, retries=0)
        with pytest.raises(error):
            await stranger.clock()
        await stranger.close()


@pytest.mark.parametrize(
    ("key", "livemode"),
    [
        *[(f"{kind}_live_x", True) for kind in ("sk", "rk", "sk_org")],
        *[(f"{kind}_test_x", False) for kind in ("sk", "rk", "sk_org")],
    ],
)
async def test_the_key_determines_the_mode(key: str, livemode: bool) -> None:
    gateway = Gateway(key, context="acct_1Platform")
    assert gateway.livemode is livemode
    await gateway.close()
