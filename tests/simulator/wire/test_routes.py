"""Requests to unknown routes. Under /v1 and /v2, they get an error in Stripe's JSON format."""

import httpx
import pytest

from testing.processes import Simulator


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("PUT", "/v2/core/accounts", 405, "method_not_allowed"),
        ("DELETE", "/v2/core/accounts/acct_1", 405, "method_not_allowed"),
        ("GET", "/v2/core/nothing", 404, "url_unknown"),
        ("GET", "/v1/nothing", 404, "url_unknown"),
        ("PUT", "/v1/accounts", 404, "url_unknown"),
    ],
)
def test_a_request_to_an_unknown_route_gets_an_error_in_stripes_format(
    sim: Simulator, method: str, path: str, status: int, code: str
) -> None:
    headers = {"Authorization": "Bearer sk_test_1", "Stripe-Version": "2026-10-28.endive"}
    answer = httpx.request(method, f"{sim.base_url}{path}", headers=headers, trust_env=False)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code)
    assert error["message"] == f"Unrecognized request URL ({method}: {path})."
    assert answer.headers["request-id"].startswith("req_")
    assert answer.headers["stripe-version"] == "2026-10-28.endive"
    assert error.get("type") == ("invalid_request_error" if path.startswith("/v1/") else None)


def test_a_key_without_permissions_gets_404_for_an_unknown_route(sim: Simulator) -> None:
    sim.control("keys", {"key": "rk_test_limited", "permissions": []})
    headers = {"Authorization": "Bearer rk_test_limited"}
    answer = httpx.get(f"{sim.base_url}/v1/coupons", headers=headers, trust_env=False)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "url_unknown")


def test_a_request_to_an_unknown_route_without_a_key_gets_401(sim: Simulator) -> None:
    for path in ("/v1/nothing", "/v2/core/nothing"):
        assert httpx.get(f"{sim.base_url}{path}", trust_env=False).status_code == 401


def test_other_unknown_paths_are_answered_with_a_page_or_plain_text(sim: Simulator) -> None:
    missing = httpx.get(f"{sim.base_url}/nothing", trust_env=False)
    assert (missing.status_code, "<h1>There is no such page</h1>" in missing.text) == (404, True)
    assert httpx.get(f"{sim.base_url}/simulator/nothing", trust_env=False).text == "Not found."
    assert httpx.put(f"{sim.base_url}/", trust_env=False).text == "Method not allowed."
