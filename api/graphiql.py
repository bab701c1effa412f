"""Placeholder until the page is there."""

from collections.abc import Sequence
from pathlib import Path

STATIC = Path(__file__).parent / "static" / "graphiql"


def page(*, endpoint: str, token: str | None, examples: Sequence[tuple[str, str]]) -> str:
    return f"<!doctype html><title>ConnectQL</title>{endpoint}{len(examples)}{token is None}"
