"""The search of the logs for secrets: it finds what it is there for."""

import logging

import pytest
import structlog

from testing import confidential, processes

TOKEN = "opaque-0123456789abcdef"


def test_a_secret_in_a_log_is_told_with_its_logger_and_kind() -> None:
    confidential.keep("token", TOKEN)
    structlog.get_logger("http").info("request", path=f"/x/{TOKEN}")
    structlog.get_logger().info("nested", values=[{"a": TOKEN}])
    logging.getLogger("some.library").warning("no %s", TOKEN)
    structlog.get_logger("app").error("failed", exc_info=ValueError(TOKEN))
    found = confidential.leaks()
    confidential.forget()
    assert [line.partition(" wrote ")[0] for line in found] == ["http", "unnamed", "some.library", "app"]
    assert found[0].startswith("http wrote a secret (token): {'path': '/x/(token)', 'event': 'request', ")
    assert not any(TOKEN in line for line in found)


def test_what_the_service_replaces_and_what_it_does_not_write_is_no_leak() -> None:
    confidential.keep("API key", "sk_test_0123456789abcdef")
    confidential.keep("token", TOKEN)
    structlog.get_logger("app").info("refused", key="sk_test_0123456789abcdef")
    logging.getLogger("httpx").info("GET /?token=%s", TOKEN)
    assert confidential.leaks() == []


def test_the_output_of_a_started_process_is_searched_too() -> None:
    confidential.keep("token", TOKEN)
    program = ["-c", f"print('{TOKEN}'); exit(7)"]
    with (
        pytest.raises(RuntimeError, match="ended with 7"),
        processes.running(program, env={}, ready="http://127.0.0.1:1"),
    ):
        pass
    found = confidential.leaks()
    confidential.forget()
    assert found == ["python -c wrote a secret (token): (token)"]
