"""The requests and answers of v1: forms, lists, errors, and answers stored under idempotency keys."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from testing.processes import Simulator
from tests.simulator.conftest import Stripe, plain


@pytest.fixture
async def http(sim: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    """A plain HTTP client with a key."""
    headers = {"Authorization": "Bearer sk_test_v1"}
    async with httpx.AsyncClient(base_url=sim.base_url, headers=headers, trust_env=False) as client:
        yield client


async def test_a_form_changes_metadata_and_an_empty_value_removes_a_key(
    api: Stripe, http: httpx.AsyncClient
) -> None:
    account = await api.create(metadata={"old": "1", "kept": "2"})
    form = {"metadata[old]": "", "metadata[new]": "3"}
    answer = await http.post(f"/v1/accounts/{account['id']}", data=form)
    assert answer.status_code == 200
    assert answer.json()["metadata"] == {"kept": "2", "new": "3"}
    assert (await api.fetch(account["id"]))["metadata"] == {"kept": "2", "new": "3"}


async def test_the_sdk_pages_through_all_accounts_of_v1(api: Stripe) -> None:
    ids = [(await api.create())["id"] for _ in range(5)]
    page = await api.client.v1.accounts.list_async({"limit": 2})
    assert [account.id async for account in page.auto_paging_iter()] == ids[::-1]


async def test_ending_before_returns_the_page_before_an_id(api: Stripe, http: httpx.AsyncClient) -> None:
    newest_first = [(await api.create())["id"] for _ in range(4)][::-1]
    answer = await http.get("/v1/accounts", params={"limit": 2, "ending_before": newest_first[3]})
    assert [account["id"] for account in answer.json()["data"]] == newest_first[1:3]
    assert answer.json()["has_more"] is True
    assert {name: answer.json()[name] for name in ("object", "url")} == {
        "object": "list",
        "url": "/v1/accounts",
    }


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "expected"),
    [
        ("GET", "/v1/accounts/acct_none", "", 403, ("account_invalid", "invalid_request_error", None)),
        (
            "GET",
            "/v1/accounts?limit=0",
            "",
            400,
            ("parameter_invalid_integer", "invalid_request_error", "limit"),
        ),
        ("GET", "/v1/accounts?colour=1", "", 400, ("parameter_unknown", "invalid_request_error", "colour")),
        ("GET", "/v1/accounts?starting_after=a&ending_before=b", "", 400, ("parameter_invalid",)),
        ("POST", "/v1/accounts/acct_none", "colour=red", 400, ("parameter_unknown",)),
        (
            "POST",
            "/v1/accounts",
            "type=standard&colour=red",
            400,
            ("parameter_unknown", "invalid_request_error", "colour"),
        ),
        (
            "POST",
            "/v1/account_links",
            "account=acct_none",
            400,
            ("parameter_missing", "invalid_request_error", "refresh_url"),
        ),
        ("GET", "/v1/coupons", "", 404, ("url_unknown", "invalid_request_error", None)),
        ("DELETE", "/v1/accounts", "", 404, ("url_unknown", "invalid_request_error", None)),
    ],
)
async def test_an_error_of_v1_has_a_type_and_names_the_parameter(
    http: httpx.AsyncClient, method: str, path: str, body: str, status: int, expected: tuple[str, ...]
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await http.request(method, path, content=body, headers=headers)
    error = answer.json()["error"]
    assert answer.status_code == status
    assert (error["code"], error["type"], error.get("param"))[: len(expected)] == expected
    assert error["doc_url"] == f"https://stripe.com/docs/error-codes/{expected[0].replace('_', '-')}"


async def test_an_idempotency_key_replays_the_first_answer_after_the_object_has_changed(
    api: Stripe, http: httpx.AsyncClient
) -> None:
    account = await api.create(metadata={})
    path, key = f"/v1/accounts/{account['id']}", {"Idempotency-Key": "k1"}
    first = await http.post(path, data={"metadata[a]": "1"}, headers=key)
    await http.post(path, data={"metadata[a]": "2"})
    second = await http.post(path, data={"metadata[a]": "1"}, headers=key)
    assert second.json() == first.json()
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert plain(await api.client.v1.accounts.retrieve_async(account["id"]))["metadata"] == {"a": "2"}


async def test_an_idempotency_key_replays_errors_and_refuses_other_parameters(
    api: Stripe, http: httpx.AsyncClient
) -> None:
    account = await api.create()
    path, key = f"/v1/accounts/{account['id']}/login_links", {"Idempotency-Key": "k2"}
    for expected in (None, "true"):
        answer = await http.post(path, headers=key)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "account_invalid")
        assert answer.headers.get("Idempotent-Replayed") == expected
    other = await http.post(path, data={"colour": "red"}, headers=key)
    assert (other.status_code, other.json()["error"]["type"]) == (400, "idempotency_error")


async def test_an_idempotency_key_in_use_is_refused(
    api: Stripe, sim: Simulator, http: httpx.AsyncClient
) -> None:
    account = await api.create()
    path, key = f"/v1/accounts/{account['id']}", {"Idempotency-Key": "k3"}
    sim.control("faults", {"path": path, "kind": "delay", "seconds": 0.5})
    answers = await asyncio.gather(
        *(http.post(path, data={"metadata[a]": "1"}, headers=key) for _ in range(2))
    )
    done, refused = sorted(answers, key=lambda answer: answer.status_code)
    assert (done.status_code, done.json()["metadata"]["a"]) == (200, "1")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "idempotency_key_in_use")


async def test_an_idempotency_key_expires_after_a_day(
    api: Stripe, sim: Simulator, http: httpx.AsyncClient
) -> None:
    account = await api.create()
    path, key = f"/v1/accounts/{account['id']}", {"Idempotency-Key": "k4"}
    await http.post(path, data={"metadata[a]": "1"}, headers=key)
    sim.control("clock", {"advance_seconds": 86_401})
    answer = await http.post(path, data={"metadata[b]": "2"}, headers=key)
    assert answer.json()["metadata"] == {"merchant_id": "m1", "a": "1", "b": "2"}
