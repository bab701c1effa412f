"""`make run` starts and stops its processes and checks its ports."""

import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from testing.operations import CREATE
from testing.waits import until
from tests.local.terminal import Terminal, is_free, make

STANDING = '{ merchant(by: { externalId: "shop-1" }) { status freshness { source } } }'
SHOP = {
    "externalId": "shop-1",
    "displayName": "Shop Example",
    "contactEmail": "owner@shop.example",
    "country": "US",
}
INTERRUPTED = 130  # a shell's exit code after Ctrl-C


def test_control_c_stops_everything_and_the_next_start_keeps_the_data(
    folder: Path, terminals: Callable[..., Terminal]
) -> None:
    first = terminals(folder)
    first.wait_for("Ctrl-C ends everything.")
    created = first.graphql(CREATE, {"input": SHOP})["createMerchant"]
    assert created["created"] is True
    first.press_control_c()
    assert first.end(seconds=15) == INTERRUPTED
    assert "Stopping ..." in first.output
    assert "Traceback" not in first.output
    assert "Error" not in first.output
    assert (is_free(first.port), is_free(first.simulator_port)) == (True, True)

    ports = {"PORT": str(first.port), "SIMULATOR_PORT": str(first.simulator_port)}
    second = terminals(folder, **ports)
    second.wait_for("Ctrl-C ends everything.", seconds=20)
    repeated = second.graphql(CREATE, {"input": SHOP})["createMerchant"]
    assert (repeated["created"], repeated["merchant"]["id"]) == (False, created["merchant"]["id"])
    # Stripe still delivers to this address, with the stored signing secret.
    account = repeated["merchant"]["account"]["stripeAccountId"]
    second.control(f"accounts/{account}", {"scenario": "activate"})
    active = {"status": "ACTIVE", "freshness": {"source": "webhook"}}
    until(lambda: second.graphql(STANDING)["merchant"] == active)
    second.press_control_c()
    second.press_control_c()
    assert second.end(seconds=15) == INTERRUPTED
    assert (is_free(first.port), is_free(first.simulator_port)) == (True, True)


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="finds the process in /proc")
def test_if_the_local_stripe_ends_everything_stops_and_the_next_start_may_use_other_ports(
    folder: Path, terminals: Callable[..., Terminal]
) -> None:
    first = terminals(folder)
    first.wait_for("Ctrl-C ends everything.")
    created = first.graphql(CREATE, {"input": SHOP})["createMerchant"]
    os.kill(process_of(folder, "simulator"), signal.SIGKILL)
    assert first.end(seconds=15) == 2
    assert "Error: the local Stripe has ended (exit code -9); its output is above." in first.output
    assert "Traceback" not in first.output
    assert is_free(first.port)

    second = terminals(folder)
    assert second.port != first.port
    second.wait_for("Ctrl-C ends everything.")
    account = created["merchant"]["account"]["stripeAccountId"]
    second.control(f"accounts/{account}", {"scenario": "activate"})
    active = {"status": "ACTIVE", "freshness": {"source": "webhook"}}
    until(lambda: second.graphql(STANDING)["merchant"] == active)
    # Stripe no longer sends to the first address.
    assert "1 event destination." in second.http.get(f"http://127.0.0.1:{second.simulator_port}/").text


def process_of(folder: Path, module: str) -> int:
    """Return the id of the process that runs `python -m <module>` in a folder."""
    ids = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder:
                ids += [int(process.name)] * (
                    f"-m\0{module}\0".encode() in (process / "cmdline").read_bytes()
                )
        except OSError:
            continue
    (only,) = ids
    return only


def test_closing_the_window_stops_everything(folder: Path, terminals: Callable[..., Terminal]) -> None:
    terminal = terminals(folder)
    terminal.wait_for("Ctrl-C ends everything.")
    assert (is_free(terminal.port), is_free(terminal.simulator_port)) == (False, False)
    terminal.close_window()
    terminal.end(seconds=15)
    until(lambda: is_free(terminal.port) and is_free(terminal.simulator_port), 15)


@pytest.mark.parametrize("name", ["PORT", "START_PORT"])
def test_a_used_port_is_reported_with_the_remedy(
    folder: Path, terminals: Callable[..., Terminal], name: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        terminal = terminals(folder, **{name: str(port)})
        assert terminal.end(seconds=30) == 2
    assert f"Error: another process listens on port {port} ({name})." in terminal.output
    assert f"make run {name}=" in terminal.output
    assert "Traceback" not in terminal.output


@pytest.mark.parametrize(
    ("ports", "message"),
    [
        (("http", "12111"), "PORT must be a port from 1 to 65535: make run PORT=8000"),
        (("8000", "65536"), "SIMULATOR_PORT must be a port from 1 to 65535: make run SIMULATOR_PORT=12111"),
        (("8000", "8000"), "PORT and SIMULATOR_PORT are both 8000: choose different ports"),
    ],
)
def test_invalid_ports_are_refused(shared_folder: Path, ports: tuple[str, str], message: str) -> None:
    refused = make(shared_folder, "-s", "run", f"PORT={ports[0]}", f"SIMULATOR_PORT={ports[1]}")
    assert refused.returncode != 0
    assert f"Error: {message}\n" in refused.stderr
