"""Valid request ids and trace ids of a trusted proxy appear in all log lines of the request."""

from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.contextvars import merge_contextvars
from structlog.testing import LogCapture

from testing.processes import Simulator
from testing.service import running

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.mark.one_database
@pytest.mark.parametrize("trusted", ["127.0.0.0/8", "192.0.2.1"])
async def test_only_safe_ids_of_trusted_proxies_are_logged(
    database_url: str, simulator: Simulator, tmp_path: Path, trusted: str
) -> None:
    capture = LogCapture()
    old = list(structlog.get_config()["processors"])
    cases: list[tuple[dict[str, str], dict[str, Any]]] = [
        ({"X-Request-Id": "ab-1", "traceparent": PARENT}, {"proxy_request_id": "ab-1", "trace_id": TRACE}),
        ({}, {}),
        ({"X-Request-Id": "x" * 128}, {"proxy_request_id": "x" * 128}),
        ({"X-Request-Id": "x" * 129}, {}),
        ({"X-Request-Id": 'a" b'}, {}),
        ({"traceparent": PARENT.upper()}, {}),
        ({"traceparent": f"00-{'0' * 32}-00f067aa0ba902b7-01"}, {}),
    ]
    async with running(database_url, simulator, tmp_path, WORKER="off", TRUSTED_PROXIES=trusted) as service:
        structlog.get_config()["processors"][:] = [merge_contextvars, capture]
        try:
            for number, (headers, expected) in enumerate(cases):
                capture.entries.clear()
                origin = {"Origin": f"https://{number}.example", "Access-Control-Request-Method": "POST"}
                answer = await service.http.options("/graphql", headers={**origin, **headers})
                assert [line["event"] for line in capture.entries] == ["origin_refused", "request"]
                for line in capture.entries:
                    assert line["request_id"] == answer.headers["x-request-id"]
                    ids = {name: line[name] for name in ("proxy_request_id", "trace_id") if name in line}
                    assert ids == (expected if trusted == "127.0.0.0/8" else {})
        finally:
            structlog.get_config()["processors"][:] = old
