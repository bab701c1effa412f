"""Runs the scripts of the clients against the service."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from testing.processes import ROOT
from testing.service import Service
from testing.waits import PATIENCE

HERE = Path(__file__).parent
PACKAGE = ROOT / "clients/typescript"
NODE = Path(sys.executable).parent / "node"
Run = Callable[..., Awaitable[str]]
Client = Callable[[str], Awaitable[Any]]
Script = Callable[..., Awaitable[Any]]


def needs(folder: Path, made: str) -> None:
    """Skip the test, or fail it in CI, if the folder lacks this file. `make test` makes the file."""
    if not (folder / made).exists():
        reason = f"{folder / made} is missing; `make test` makes it"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


async def run_node(folder: Path, made: str, *argv: str, **env: str) -> str:
    """Run Node with these arguments in a folder that must contain the file `made`. Returns Node's output."""
    needs(folder, made)
    process = await asyncio.create_subprocess_exec(
        NODE,
        *argv,
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1", **env},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        printed, complained = await asyncio.wait_for(process.communicate(), 60 * PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0 or complained:
        raise AssertionError(f"{argv} ended with {process.returncode}:\n{(printed + complained).decode()}")
    return printed.decode()


@pytest.fixture
def node() -> Run:
    """A function that runs Node with the given arguments in this folder, and returns Node's output."""

    async def run(*argv: str, **env: str) -> str:
        return await run_node(HERE, "node_modules/.made", *argv, **env)

    return run


@pytest.fixture
def client(node: Run, service: Service) -> Client:
    """A function that runs a client's script against the service, and returns the script's report."""

    async def run(script: str) -> Any:
        printed = await node(
            script,
            API_URL=f"{service.url}/graphql",
            STRIPE_URL=service.simulator.base_url,
            TOKEN=service.token(),
        )
        return json.loads(printed)

    return run


@pytest.fixture
def script(service: Service) -> Script:
    """A function that runs a script of our TypeScript package with given tokens, and returns its report."""

    async def run(name: str, *tokens: str) -> Any:
        printed = await run_node(
            PACKAGE,
            "dist/.made",
            f"tests/{name}",
            API_URL=f"{service.url}/graphql",
            TOKENS=json.dumps(tokens),
        )
        return json.loads(printed)

    return run
