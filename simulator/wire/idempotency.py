"""Idempotency keys. If a key is used again, v2 repeats failed work, and for completed work it renders the
object again. v1 replays the first answer.

v2: https://docs.stripe.com/api-v2-overview#idempotency. v1: https://docs.stripe.com/api/idempotent_requests.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable

from simulator.state import Json
from simulator.wire.bodies import Upload
from simulator.wire.calls import Call, Read
from simulator.wire.errors import Refused

Check = Callable[[Call], None]
V1_KEY_LIFETIME = 86400
V2_KEY_LIFETIME = 30 * 86400


async def run_v2(call: Call, place: str, perform: Read, replay: Read, pause: float) -> Json:
    """Perform a change. If a request with the same key has succeeded, only render its object again.

    `place` is the method, path and account of the request. `pause` is a delay before the work, in seconds.
    """
    if not call.key:
        await asyncio.sleep(pause)
        return perform(call)
    record = _lookup(call, place, V2_KEY_LIFETIME)
    if record and record["fingerprint"] != _fingerprint(call):
        message = "An idempotent retry occurred with different request parameters."
        raise Refused("idempotency_error", message, 409)
    if record and record["state"] == "running":
        raise Refused("idempotency_error", "A request with this key is still in progress.", 409)
    if record and record["state"] == "done":
        call.path["id"] = record["made"]
        return replay(call)
    record = _start(call, place)
    try:
        await asyncio.sleep(pause)
        body = perform(call)
    except BaseException:
        _finish(call, place, record | {"state": "failed"})
        raise
    _finish(call, place, record | {"state": "done", "made": call.path["id"]})
    return body


async def run_v1(
    call: Call, place: str, check: Check, perform: Read, pause: float
) -> tuple[int, str, str | None]:
    """Perform a change, or replay the answer that is stored for its key, byte for byte.

    Returns the status, the body, and for a replay the id of the first request. A refusal by `perform` is
    stored as well. No answer is stored for invalid parameters, which `check` refuses, or for the wrong use of
    a key. A key belongs to one account, and to one method and path.
    """
    name = f"v1 {call.account}"
    fingerprint = f"{place} {_fingerprint(call)}"
    record = _lookup(call, name, V1_KEY_LIFETIME) if call.key else None
    if record and record["fingerprint"] != fingerprint:
        # This message is copied from a recording of Stripe.
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were first used "
            f"with. Try using a key other than '{call.key}' if you meant to execute a different request."
        )
        raise Refused(None, message, 400, "idempotency_error")
    if record and record["state"] == "running":
        message = (
            f"There is currently another in-progress request using this Idempotent Key: {call.key}. "
            "Please try again later."
        )
        raise Refused("idempotency_key_in_use", message, 409, "idempotency_error")
    if record and record["state"] == "done":
        return int(record["status"]), record["body"], record["request"]
    check(call)
    started = _start(call, name) | {"fingerprint": fingerprint} if call.key else None
    if started is not None:
        call.state.all("key")[_name(call, name)] = started
    status = 200
    try:
        await asyncio.sleep(pause)
        body = perform(call)
    except Refused as refused:
        status, body = refused.status, refused.body("/v1/", call.log_url)
    except BaseException:
        if started is not None:
            call.state.drop("key", _name(call, name))
        raise
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    if started is not None:
        done = {"state": "done", "status": status, "body": text, "request": call.id}
        _finish(call, name, started | done)
    return status, text, None


def _name(call: Call, place: str) -> str:
    return f"{place} {call.key}"


def _fingerprint(call: Call) -> str:
    return hashlib.sha256(json.dumps(call.body, sort_keys=True, default=_digest).encode()).hexdigest()


def _digest(upload: Upload) -> str:
    return f"{upload.filename} {hashlib.sha256(upload.content).hexdigest()}"


def _lookup(call: Call, place: str, lifetime: float) -> Json | None:
    record = call.state.all("key").get(_name(call, place))
    return record if record and call.state.now() - record["at"] <= lifetime else None


def _start(call: Call, place: str) -> Json:
    """Mark a key as running. The mark is only in memory, so that it does not survive a crash."""
    record: Json = {
        "fingerprint": _fingerprint(call),
        "state": "running",
        "made": None,
        "at": call.state.now(),
    }
    call.state.all("key")[_name(call, place)] = record
    return record


def _finish(call: Call, place: str, record: Json) -> None:
    call.state.save("key", _name(call, place), record)
