"""Key sets that are fetched from an address: the cache, outages and the size limit."""

import asyncio
import gzip
import socket
from typing import Any

import httpx
import pytest
import structlog

from api.auth import jwks
from api.auth.tokens import Authenticator
from testing.waits import eventually
from tests.api.auth.identity_provider import (
    ED,
    ES,
    NEW,
    OPERATOR,
    RS,
    SECRET,
    UNKNOWN_KEY,
    Clock,
    Provider,
    claims,
    hs256,
    key_set,
    refusal,
    without_address,
)

UNAVAILABLE = "Authentication is temporarily unavailable. Try again in a moment."


async def test_fifty_requests_at_a_cold_start_fetch_the_keys_once(
    authenticator: Authenticator, provider: Provider
) -> None:
    provider.delay = 0.05
    signers = [RS, ES, ED] * 16 + [RS, ES]
    got = await asyncio.gather(*(authenticator.principal(signer.bearer()) for signer in signers))
    assert got == [OPERATOR] * 50
    assert provider.requests == ["/jwks"]


async def test_a_cancelled_request_does_not_cancel_the_fetch(
    authenticator: Authenticator, provider: Provider
) -> None:
    provider.delay = 0.05
    first = asyncio.create_task(authenticator.principal(RS.bearer()))
    second = asyncio.create_task(authenticator.principal(RS.bearer()))
    await asyncio.sleep(0.01)
    first.cancel()
    assert await second == OPERATOR
    assert first.cancelled()
    assert provider.requests == ["/jwks"]


async def test_a_new_key_is_found_without_a_restart(
    authenticator: Authenticator, provider: Provider, clock: Clock
) -> None:
    assert await authenticator.principal(ED.bearer()) == OPERATOR
    provider.publish(NEW)
    clock.now += 30
    assert await authenticator.principal(NEW.bearer()) == OPERATOR
    assert await refusal(authenticator, ED.bearer()) == UNKNOWN_KEY  # the old key was removed
    assert provider.requests == ["/jwks"] * 2


async def test_unknown_kids_cause_at_most_one_fetch_in_thirty_seconds(
    authenticator: Authenticator, provider: Provider, clock: Clock
) -> None:
    assert await refusal(authenticator, NEW.bearer()) == UNKNOWN_KEY
    assert len(provider.requests) == 1
    clock.now += 29
    assert await refusal(authenticator, NEW.bearer()) == UNKNOWN_KEY
    assert len(provider.requests) == 1
    clock.now += 1
    unknown = (NEW.bearer(headers={"kid": f"k{number}"}) for number in range(100))
    assert set(await asyncio.gather(*(refusal(authenticator, token) for token in unknown))) == {UNKNOWN_KEY}
    assert len(provider.requests) == 2
    clock.now += 30
    assert await refusal(authenticator, NEW.bearer()) == UNKNOWN_KEY
    assert len(provider.requests) == 3


async def test_a_withdrawn_key_is_refused_after_ten_minutes(
    authenticator: Authenticator, provider: Provider, clock: Clock
) -> None:
    assert await authenticator.principal(ED.bearer()) == OPERATOR
    provider.publish(RS)
    clock.now += 600
    assert await authenticator.principal(ED.bearer()) == OPERATOR
    assert len(provider.requests) == 1
    clock.now += 1
    assert await refusal(authenticator, ED.bearer()) == UNKNOWN_KEY
    assert len(provider.requests) == 2


async def test_cached_keys_stay_in_use_during_an_outage(
    authenticator: Authenticator, provider: Provider, clock: Clock
) -> None:
    assert await authenticator.principal(ED.bearer()) == OPERATOR
    provider.status = 503
    clock.now += 601
    with structlog.testing.capture_logs() as logs:
        assert await authenticator.principal(ED.bearer()) == OPERATOR
    assert logs == [
        {
            "event": "key_set_not_refreshed",
            "log_level": "warning",
            "error": "ValueError: The identity provider answered 503.",
            "cached_keys": 3,
        }
    ]
    assert await refusal(authenticator, NEW.bearer()) == UNKNOWN_KEY
    assert len(provider.requests) == 2  # a failed fetch also starts the cool-down

    clock.now += 30
    provider.delay = 0.3
    with structlog.testing.capture_logs() as logs:
        assert await authenticator.principal(ED.bearer()) == OPERATOR
        assert provider.answers == 2  # the request did not wait for the third answer

        async def has_failed() -> bool:
            return bool(logs)

        await eventually(has_failed)
    assert (len(provider.requests), provider.answers) == (3, 3)
    provider.status, provider.delay = 200, 0
    provider.publish(NEW)
    clock.now += 30
    assert await authenticator.principal(NEW.bearer()) == OPERATOR


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 500},
        {"status": 404},
        {"status": 302, "headers": {"Location": "/stranger"}},
        {"body": b""},
        {"body": b"<html>"},
        {"body": b"[]"},
        {"body": b"{}"},
        {"body": b'{"keys": {}}'},
        {"body": key_set()},
        {"body": key_set({"kty": "RSA"})},
        {"body": key_set(ED.jwk) + b" " * 256 * 1024},
        {"body": gzip.compress(key_set(ED.jwk)), "headers": {"Content-Encoding": "gzip"}},
    ],
    ids=",".join,
)
async def test_without_keys_authentication_is_unavailable_until_the_next_fetch(
    authenticator: Authenticator, provider: Provider, clock: Clock, answer: dict[str, Any]
) -> None:
    vars(provider).update(answer)
    for _ in range(2):
        with pytest.raises(jwks.KeysUnavailable) as unavailable:
            await authenticator.principal(ED.bearer())
        assert str(unavailable.value) == UNAVAILABLE
    assert provider.requests == ["/jwks"]
    provider.status = 200
    provider.headers = {}
    provider.publish(ED)
    clock.now += 1
    assert await authenticator.principal(ED.bearer()) == OPERATOR


async def test_keys_of_an_unreachable_provider_are_unavailable(http: httpx.AsyncClient) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    authenticator = without_address(http, jwks_url=f"http://127.0.0.1:{port}/jwks", hs256_secret=SECRET)
    with pytest.raises(jwks.KeysUnavailable):
        await authenticator.principal(ED.bearer())
    assert await authenticator.principal(hs256({"alg": "HS256"}, claims())) == OPERATOR


@pytest.mark.parametrize("slow", [{"delay": 1}, {"drip": True}], ids=["silent", "dripping"])
async def test_keys_of_a_provider_that_answers_too_slowly_are_unavailable(
    provider: Provider, http: httpx.AsyncClient, slow: dict[str, Any]
) -> None:
    vars(provider).update(slow)
    keys = jwks.RemoteKeys(provider.url, http, timeout_seconds=0.1)
    with structlog.testing.capture_logs() as logs, pytest.raises(jwks.KeysUnavailable):
        await keys.find("ed", "EdDSA")
    assert [log["error"] for log in logs] == ["TimeoutError: "]


async def test_an_endless_key_set_is_cut_off_at_256_kib(
    authenticator: Authenticator, provider: Provider
) -> None:
    provider.drip, provider.drop = True, b" " * 64 * 1024
    with structlog.testing.capture_logs() as logs, pytest.raises(jwks.KeysUnavailable):
        await authenticator.principal(ED.bearer())
    assert [log["error"] for log in logs] == ["ValueError: The key set is larger than 262144 bytes."]


async def test_a_key_set_of_256_kib_is_accepted(authenticator: Authenticator, provider: Provider) -> None:
    provider.body += b" " * (256 * 1024 - len(provider.body))
    assert await authenticator.principal(ED.bearer()) == OPERATOR


async def test_logs_contain_neither_tokens_nor_keys(authenticator: Authenticator, provider: Provider) -> None:
    provider.body = key_set(ED.jwk, ED.jwk | {"use": "enc"})
    with structlog.testing.capture_logs() as logs:
        await authenticator.principal(ED.bearer())
        await refusal(authenticator, NEW.bearer())
    assert logs == [
        {
            "event": "key_set_read",
            "log_level": "info",
            "keys": 1,
            "skipped": 1,
            "reasons": ["not for signatures"],
        }
    ]


async def test_closing_the_authenticator_cancels_a_running_fetch(
    provider: Provider, authenticator: Authenticator
) -> None:
    provider.delay = 2
    waiting = asyncio.create_task(authenticator.principal(RS.bearer()))
    await eventually(lambda: is_asked(provider))
    await authenticator.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def is_asked(provider: Provider) -> bool:
    return provider.requests == ["/jwks"]
