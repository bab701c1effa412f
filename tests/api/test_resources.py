"""The error about a metrics port in use names the setting and the remedy."""

import socket
from pathlib import Path

import pytest

from api import resources
from api.configuration import settings as settings_module
from api.configuration.settings import SettingsError
from connect.platform.feed import Feed
from connect.stripe_api.gateway import Gateway
from testing.deployment import command
from testing.environment import STRIPE_KEY
from testing.environment import settings as environment


async def test_the_error_about_a_metrics_port_in_use_names_the_setting_and_the_remedy(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        changed = environment(
            "sqlite:///x.db", "http://127.0.0.1:9", "whsec_test", tmp_path, METRICS_PORT=str(port)
        )
        service = command(tmp_path, "serve", **changed)
        settings = settings_module.read(changed)
        telemetry = resources.start_telemetry(settings)
        gateway = Gateway(STRIPE_KEY, "http://127.0.0.1:9")
        with pytest.raises(SettingsError) as caught:
            async with resources.serve_metrics(settings, telemetry, gateway, Feed()):
                pass
        await gateway.close()
    (problem,) = caught.value.problems
    expected = f"Error: the settings are invalid:\n- {problem}\n"
    assert (service.returncode, service.stdout, service.stderr) == (1, "", expected)
    assert problem.startswith("CONNECTQL_METRICS_PORT cannot be used: Address already in use")
    assert problem.endswith(f"{port})). Each process on a machine needs its own port.")
