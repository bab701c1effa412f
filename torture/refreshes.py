"""Clients that refresh many merchants at the same time. Their calls to Stripe count toward the same limit as
all other calls.

Each client has its own token, because simultaneous refreshes of one merchant by one caller share a fetch.
"""

import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import httpx

from testing.deployment import Deployment
from testing.report import Report
from torture.one_merchant import REFRESH

# The number of refreshes. It exceeds the number of calls that the service may make within a few seconds.
SIZE = 200
FETCHED, REFUSED = "RefreshMerchantPayload", "StripeUnavailableError"


def at_once(deployment: Deployment, accounts: Sequence[str], rng: random.Random, number: int) -> Report:
    """Send `number` refreshes of merchants with these open accounts at the same time, to all replicas."""
    merchants = [
        one["externalId"] for one in deployment.merchants() if one["account"]["stripeAccountId"] in accounts
    ]
    chosen = [rng.choice(merchants) for _ in range(number)]

    def refresh(place: int, merchant: str) -> str:
        replica = deployment.replicas[place % len(deployment.replicas)]
        token = deployment.token(subject=f"client-{place}")
        with httpx.Client(base_url=replica.url, timeout=60, trust_env=False, verify=False) as client:
            answer = deployment.graphql(client, REFRESH, {"id": merchant}, token).json()
        result = (answer.get("data") or {}).get("refreshMerchant") or {}
        return str(result.get("__typename") or answer)

    with ThreadPoolExecutor(number) as pool:
        results = Counter(pool.map(refresh, range(number), chosen))
    wrong = [
        f"{n} simultaneous refreshes got {one}" for one, n in results.items() if one not in {FETCHED, REFUSED}
    ]
    figures: dict[str, object] = {
        "simultaneous refreshes that fetched": results[FETCHED],
        "simultaneous refreshes that were refused": results[REFUSED],
    }
    return Report(figures, wrong)
