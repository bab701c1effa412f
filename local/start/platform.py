"""Requests to the running API, for the start page."""

from typing import Any

import httpx

from local import tokens
from local.settings import Place

# The API usually answers within milliseconds. If it hangs, the page must not wait for it.
SECONDS = 5
MOST_PAGES = 10
MERCHANTS = """
query StartPageMerchants($after: String) {
  merchants(first: 100, after: $after) {
    edges { node { externalId displayName status statusTitle statusTone account { stripeAccountId } } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


def merchants(here: Place) -> list[dict[str, Any]] | None:
    """Return the newest merchants, at most 1000, or None if the API does not answer."""
    found: list[dict[str, Any]] = []
    after = None
    headers = {"Authorization": f"Bearer {tokens.issue('operator', ttl='60').text}"}
    try:
        with httpx.Client(trust_env=False, timeout=SECONDS, headers=headers) as http:
            for _ in range(MOST_PAGES):
                order = {"query": MERCHANTS, "variables": {"after": after}}
                answer = http.post(f"http://127.0.0.1:{here.port}/graphql", json=order)
                page = answer.raise_for_status().json()["data"]["merchants"]
                found += [_row(edge["node"]) for edge in page["edges"]]
                if not page["pageInfo"]["hasNextPage"]:
                    break
                after = page["pageInfo"]["endCursor"]
    except (httpx.HTTPError, KeyError, TypeError):
        return None
    return found


def _row(node: dict[str, Any]) -> dict[str, Any]:
    account = node.pop("account")
    return {**node, "stripeAccountId": account["stripeAccountId"] if account else None}


def has_board(here: Place) -> bool:
    """Whether the API serves the operator board."""
    try:
        answer = httpx.get(f"http://127.0.0.1:{here.port}/board", trust_env=False, timeout=SECONDS)
    except httpx.HTTPError:
        return False
    return answer.status_code < 400
