"""Issued onboarding links, and browsers that open the refresh and return addresses."""

import base64
import hashlib
import re
from dataclasses import dataclass

import httpx

from models import ConnectedAccount
from testing import confidential
from testing.service import RETURN_TO, Service
from testing.waits import PATIENCE

ISSUE = """
mutation ($id: String!, $to: URL!) {
  createOnboardingLink(input: {merchant: {externalId: $id}, returnTo: $to, collect: EVENTUALLY_DUE}) {
    __typename
    ... on CreateOnboardingLinkPayload { url expiresAt }
    ... on Error { message }
  }
}
"""
HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
# The pages may use their own style and nothing else.
POLICY = (
    r"default-src 'none'; style-src 'sha256-([\w+/]{43}=)'; base-uri 'none'; form-action 'none'; "
    r"frame-ancestors 'none'"
)


@dataclass
class Link:
    """A link to Stripe's form, the token in its refresh and return addresses, and its cookie."""

    url: str
    token: str
    cookie: tuple[str, str]
    set_cookie: str

    @property
    def refresh(self) -> str:
        return f"/onboarding/refresh?link={self.token}"

    @property
    def back(self) -> str:
        return f"/onboarding/return?link={self.token}"


async def issue(service: Service, external_id: str = "shop-1", return_to: str = RETURN_TO) -> Link:
    """Issue a link for the browser `service.http`, which stores the cookie."""
    answer = await service.post(ISSUE, {"id": external_id, "to": return_to})
    payload = answer.json()["data"]["createOnboardingLink"]
    assert payload["__typename"] == "CreateOnboardingLinkPayload", payload
    set_cookie = answer.headers["set-cookie"]
    name, value = set_cookie.split(";")[0].split("=")
    # Stripe redirects the second use of a link to our refresh address.
    async with httpx.AsyncClient(trust_env=False, verify=False, timeout=30 * PATIENCE) as stripe:
        assert (await stripe.get(payload["url"])).headers["location"].startswith("/onboarding/")
        again = (await stripe.get(payload["url"])).headers["location"]
    token = again.removeprefix(f"{service.url}/onboarding/refresh?link=")
    assert re.fullmatch(r"[\w-]{43}", token)
    confidential.keep("link's address", token)
    return Link(payload["url"], token, (name, value), set_cookie)


def stranger(service: Service, cookies: dict[str, str] | None = None) -> httpx.AsyncClient:
    """Return a browser that has only these cookies."""
    timeout = 30 * PATIENCE
    return httpx.AsyncClient(
        base_url=service.url, cookies=cookies, trust_env=False, verify=False, timeout=timeout
    )


def check_headers(answer: httpx.Response) -> re.Match[str]:
    """Check the security headers. Return the match of the content security policy."""
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    policy = re.fullmatch(POLICY, answer.headers["content-security-policy"])
    assert policy is not None
    return policy


async def ask(browser: httpx.AsyncClient, path: str) -> tuple[int, str]:
    """Open the path and check the headers. Return the status, and the address of the redirect or ""."""
    answer = await browser.get(path)
    policy = check_headers(answer)
    assert "set-cookie" not in answer.headers
    if answer.status_code != 302:
        (style,) = re.findall("<style>(.*?)</style>", answer.text)
        assert base64.b64decode(policy[1]) == hashlib.sha256(style.encode()).digest()
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "<script" not in answer.text
    return answer.status_code, answer.headers.get("location", "")


def account_calls(service: Service) -> dict[str, int]:
    """Return the number of calls to Stripe about accounts, by method and path."""
    calls: dict[str, int] = service.simulator.control("calls")["calls"]
    return {call: count for call, count in calls.items() if "account" in call}


async def account_id() -> str:
    return (await ConnectedAccount.get()).stripe_account_id


def with_parameters(return_to: str = RETURN_TO, **parameters: str) -> str:
    return return_to + "".join(f"&{name}={value}" for name, value in parameters.items())
