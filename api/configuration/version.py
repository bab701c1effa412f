"""The version of this code."""

import functools
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent / "pyproject.toml"


@functools.cache
def version() -> str:
    """The version in `pyproject.toml`, such as `0.1.0`. The service runs from a checkout with this file."""
    name: str = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"]
    return name
