"""Delivers signed notifications, retries failed attempts, and records every attempt."""

import asyncio
import hashlib
import hmac
import time
from collections import defaultdict

import httpx

from simulator.state import Json, State, rfc3339

PER_DESTINATION = 8
TIMEOUT = 10.0


def signature(payload: str, secret: str, moment: float) -> str:
    """Return the Stripe-Signature header: the time, and an HMAC-SHA256 of the time, a dot and the body."""
    stamp = int(moment)
    digest = hmac.new(secret.encode(), f"{stamp}.{payload}".encode(), hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"


async def run(state: State) -> None:
    """Send pending deliveries until the process ends. The next process sends the remaining ones."""
    slots: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(PER_DESTINATION))
    running: set[asyncio.Task[None]] = set()
    waiting = state.all("delivery").values()
    state.outbox[:] = [delivery["id"] for delivery in waiting if delivery["status"] == "pending"]
    # All destinations are local, so the environment's proxy is not used.
    async with httpx.AsyncClient(timeout=TIMEOUT, trust_env=False) as client:
        try:
            while True:
                state.wake.clear()
                batch, state.outbox[:] = state.outbox[:], []
                if state.control("deliveries")["shuffle"]:
                    state.chance.shuffle(batch)
                for identifier in batch:
                    delivery = state.all("delivery")[identifier]
                    work = _deliver(state, client, slots[delivery["destination"]], delivery)
                    task = asyncio.create_task(work)
                    running.add(task)
                    task.add_done_callback(running.discard)
                await state.wake.wait()
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)


async def _deliver(state: State, client: httpx.AsyncClient, slot: asyncio.Semaphore, delivery: Json) -> None:
    await asyncio.sleep(delivery["due_in"])
    retries = state.settings.retry_seconds[len(delivery["attempts"]) :]
    for pause in (*retries, None):
        async with slot:
            if delivery["id"] not in state.all("delivery"):
                return
            destination = state.all("destination").get(delivery["destination"])
            if destination is None or destination["status"] != "enabled":
                delivery["status"] = "failed"
                delivery["attempts"].append(_attempt(None, "", "the destination is deleted or disabled"))
            else:
                moment = _signed_at(state) - delivery["stale_seconds"]
                attempt = await _send(client, destination["webhook_endpoint"], delivery, moment)
                delivery["attempts"].append(attempt)
                is_done = attempt["status"] is not None and 200 <= attempt["status"] < 300
                if is_done or pause is None:
                    delivery["status"] = "delivered" if is_done else "failed"
            if delivery["id"] in state.all("delivery"):
                state.save("delivery", delivery["id"], delivery)
        if delivery["status"] != "pending" or pause is None:
            return
        await asyncio.sleep(pause)


def _signed_at(state: State) -> float:
    """Return the time on the receiver's clock, because the receiver checks the age of the signature."""
    return state.now() if state.control("deliveries")["simulated_signatures"] else time.time()


async def _send(client: httpx.AsyncClient, endpoint: Json, delivery: Json, moment: float) -> Json:
    secret = delivery["secret"] or endpoint["signing_secret"]
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature(delivery["payload"], secret, moment),
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    }
    try:
        answer = await client.post(endpoint["url"], content=delivery["payload"].encode(), headers=headers)
    except httpx.HTTPError as error:
        return _attempt(None, "", f"{type(error).__name__}: {error}")
    return _attempt(answer.status_code, answer.text[:1000], None)


def _attempt(status: int | None, body: str, error: str | None) -> Json:
    return {"at": rfc3339(time.time()), "status": status, "body": body, "error": error}
