"""Runs the scripts of the clients against the service."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from testing.service import Service

HERE = Path(__file__).parent
NODE = Path(sys.executable).parent / "node"
Run = Callable[..., Awaitable[str]]
Client = Callable[[str], Awaitable[Any]]


@pytest.fixture
def node() -> Run:
    """Run Node with these arguments in this folder. Returns its output."""
    if not (HERE / "node_modules/.made").exists():
        if os.environ.get("CI"):
            pytest.fail("The clients are not installed; `make test` installs them")
        pytest.skip("the clients are not installed; `make test` installs them")

    async def run(*argv: str, **env: str) -> str:
        process = await asyncio.create_subprocess_exec(
            NODE,
            *argv,
            cwd=HERE,
            env={**os.environ, "NO_COLOR": "1", **env},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            printed, complained = await asyncio.wait_for(process.communicate(), 60)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0 or complained:
            raise AssertionError(
                f"{argv} ended with {process.returncode}:\n{(printed + complained).decode()}"
            )
        return printed.decode()

    return run


@pytest.fixture
def client(node: Run, service: Service) -> Client:
    """Run a client's script against the service. Returns its report."""

    async def run(script: str) -> Any:
        printed = await node(
            script,
            API_URL=f"{service.url}/graphql",
            STRIPE_URL=service.simulator.base_url,
            TOKEN=service.token(),
        )
        return json.loads(printed)

    return run
