"""The search of the logs finds every secret and nothing else."""

import logging

import pytest
import structlog

from testing import confidential, processes

TOKEN = "opaque-0123456789abcdef"


def test_a_secret_in_a_log_is_reported_with_its_logger_and_kind() -> None:
    confidential.keep("token", TOKEN)
    structlog.get_logger("http").info("request", path=f"/x/{TOKEN}")
    structlog.get_logger().info("nested", values=[{"a": TOKEN}])
    logging.getLogger("some.library").warning("no %s", TOKEN)
    structlog.get_logger("app").error("failed", exc_info=ValueError(TOKEN))
    problems = confidential.leaks()
    confidential.forget()
    assert [line.partition(" wrote ")[0] for line in problems] == ["http", "unnamed", "some.library", "app"]
    assert problems[0].startswith("http wrote a secret (token): {'path': '/x/(token)', 'event': 'request', ")
    assert not any(TOKEN in line for line in problems)


def test_secrets_that_were_redacted_or_not_written_are_not_reported() -> None:
    confidential.keep("API key", "sk_test_0123456789abcdef")
    confidential.keep("token", TOKEN)
    structlog.get_logger("app").info("refused", key="sk_test_0123456789abcdef")
    logging.getLogger("httpx").info("GET /?token=%s", TOKEN)
    assert confidential.leaks() == []


def test_the_output_of_a_child_process_is_searched() -> None:
    confidential.keep("token", TOKEN)
    program = ["-c", f"print('{TOKEN}'); exit(7)"]
    with (
        pytest.raises(RuntimeError, match="ended with 7"),
        processes.running(program, env={}, ready="http://127.0.0.1:1"),
    ):
        pass
    problems = confidential.leaks()
    confidential.forget()
    assert problems == ["python -c wrote a secret (token): (token)"]
