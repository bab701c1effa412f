"""Faults of one merchant that must not affect the others: locked rows, and clients that disconnect."""

import asyncio
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import asyncpg  # type: ignore[import-untyped]
import httpx

from connect.scope import Role
from testing.deployment import Deployment, Replica
from testing.waits import until
from torture.database_faults import Limits
from torture.load import CLIENT_PATIENCE, Probe, Probes

KINDS = "rows locked", "clients gone"
LOCKED_SECONDS = 6.0
# Concurrent refreshes of the merchant whose rows are locked.
REFRESHES = 30
# The number of other merchants. For every five cancelled mutations of the first merchant, each has one.
OTHERS = 5
# Clients disconnect at a random moment, at most this number of seconds after they have sent the request.
LEAVE_SECONDS = 0.3
# For this number of seconds after the last cancelled mutation, requests of others must stay fast.
WATCHED_SECONDS = 3.0

REFRESH = """
mutation ($id: String!) { refreshMerchant(input: {merchant: {externalId: $id}}) { __typename } }
"""
_LOCK = """
SELECT 1 FROM connected_account a JOIN merchant m ON m.id = a.merchant_id
WHERE m.external_id = $1 FOR UPDATE
"""
# The allowed results of a refresh of the locked merchant.
ALLOWED = {"RefreshMerchantPayload", "StripeUnavailableError", "UNAVAILABLE"}


def trouble(
    kind: str,
    deployment: Deployment,
    probes: Probes,
    merchants: Sequence[str],
    rng: random.Random,
    limits: Limits,
) -> list[str]:
    """Cause trouble of this kind for the first merchant. Returns the problems of its requests and of /readyz.

    Meanwhile /readyz must answer in time.
    """
    began = time.monotonic()
    if kind == "rows locked":
        problems = _lock_rows(deployment, merchants)
    else:
        problems = _leave(deployment, merchants, rng, limits.cancelled)
    ended = time.monotonic()

    def seen() -> list[Probe]:
        return [probe for probe in list(probes.seen) if probe.began < ended and probe.ended > began]

    urls = {replica.url for replica in deployment.replicas}
    until(lambda: urls <= {probe.url for probe in seen()}, CLIENT_PATIENCE)
    during = seen()
    wrong = Counter((probe.url, probe.status) for probe in during if probe.status != 200)
    problems += [
        f"{kind}: {n} times /readyz of {url} answered {status}" for (url, status), n in wrong.items()
    ]
    slowest = max(probe.ended - probe.began for probe in during)
    if slowest >= limits.others:
        problems.append(f"{kind}: /readyz answered after {slowest:.1f} s")
    return problems


def _lock_rows(deployment: Deployment, merchants: Sequence[str]) -> list[str]:
    """Lock the rows of the first merchant in another session of PostgreSQL, and refresh this merchant many
    times.
    """
    (merchant, *_) = merchants
    replicas = itertools.cycle(deployment.replicas)

    def refresh(url: str) -> str:
        body = {"query": REFRESH, "variables": {"id": merchant}}
        answer = httpx.post(
            f"{url}/graphql",
            json=body,
            headers=deployment.headers,
            timeout=CLIENT_PATIENCE,
            trust_env=False,
            verify=False,
        ).json()
        if errors := answer.get("errors"):
            return str(errors[0]["extensions"]["code"])
        return str(answer["data"]["refreshMerchant"]["__typename"])

    with ThreadPoolExecutor(REFRESHES + 1) as pool:
        unlocked = pool.submit(asyncio.run, _lock(deployment.database_url, merchant))
        time.sleep(0.5)
        results = list(pool.map(refresh, (next(replicas).url for _ in range(REFRESHES))))
        unlocked.result()
    wrong = Counter(result for result in results if result not in ALLOWED)
    return [f"{n} refreshes of the locked merchant answered {result}" for result, n in wrong.items()]


async def _lock(database_url: str, merchant: str) -> None:
    connection = await asyncpg.connect(database_url)
    try:
        async with connection.transaction():
            await connection.fetch(_LOCK, merchant)
            await asyncio.sleep(LOCKED_SECONDS)
    finally:
        await connection.close()


def _leave(deployment: Deployment, merchants: Sequence[str], rng: random.Random, cancelled: int) -> list[str]:
    """Send many mutations at once, half of them for the first merchant, and cut their connections.

    Each merchant uses its own token, so that the limits of calls to Stripe protect the others.
    """
    (merchant, *others) = merchants
    senders = [merchant] * cancelled + others[:OTHERS] * (cancelled // OTHERS)
    asyncio.run(_send_and_leave(deployment, senders, rng))
    time.sleep(WATCHED_SECONDS)
    return []


async def _send_and_leave(deployment: Deployment, senders: Sequence[str], rng: random.Random) -> None:
    tokens = {merchant: deployment.token(Role.MERCHANT, merchant) for merchant in set(senders)}

    async def send(replica: Replica, merchant: str, seconds: float) -> None:
        body = json.dumps({"query": REFRESH, "variables": {"id": merchant}}).encode()
        address = urlsplit(replica.url)
        _, writer = await asyncio.open_connection(address.hostname, address.port)
        head = (
            f"POST /graphql HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {tokens[merchant]}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await writer.drain()
        await asyncio.sleep(seconds)
        writer.transport.abort()

    async with asyncio.TaskGroup() as tasks:
        for merchant, replica in zip(senders, itertools.cycle(deployment.replicas), strict=False):
            tasks.create_task(send(replica, merchant, rng.uniform(0, LEAVE_SECONDS)))
