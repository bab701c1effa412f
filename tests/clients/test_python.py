"""The Python client of `clients/python` works against the service, and each refusal has its own type."""

import asyncio
import json
import os

import pytest

from testing.processes import ROOT
from testing.service import Service
from testing.waits import PATIENCE
from tests.clients.conftest import HERE

pytestmark = pytest.mark.one_database

TOOLS = ROOT / ".tools" / "python-client"


async def test_the_python_client_creates_reads_pages_and_subscribes(service: Service) -> None:
    if not (TOOLS / ".made").exists():
        if os.environ.get("CI"):
            pytest.fail("The Python client is not installed; `make test` installs it")
        pytest.skip("the Python client is not installed; `make test` installs it")
    process = await asyncio.create_subprocess_exec(
        TOOLS / "bin" / "python",
        HERE / "backend.py",
        env={
            "PYTHONPATH": str(ROOT / "clients" / "python"),
            "API_URL": f"{service.url}/graphql",
            "STRIPE_URL": service.simulator.base_url,
            "TOKEN": service.token("service"),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, complained = await asyncio.wait_for(process.communicate(), 60 * PATIENCE)
    assert process.returncode == 0, complained.decode()
    assert json.loads(printed) == {
        "created": [
            "new-1 ONBOARDING True",
            "new-1 is taken",
            "displayName REQUIRED contactEmail EMAIL_INVALID",
            "not in AQ",
            "refused: connect_profile_not_submitted",
            "again in 2 s",
        ],
        "gathered": ["new-3", "new-1"],
        "absent": None,
        "without token": 401,
        "again": "new-1 ONBOARDING False",
        "names": ["Shop", "Renamed"],
        "newer": "unknown: NewError New.",
        "new value": "NEW",
    }
