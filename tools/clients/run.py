"""`python -m tools.clients.run [PYTHON]...`: run Stripe's official clients against the simulator.

The clients are stripe-node with strict types, the Stripe CLI, and stripe-python. stripe-python runs in this
interpreter and in each interpreter that the arguments name. If the Stripe CLI is not installed, it is
skipped. The exit code is 0 if every call of every client gets the expected answer, and otherwise 1.
"""

# ruff: noqa: T201 - this is a command

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from testing import processes
from tools.clients import cli

FOLDER = Path(__file__).parent
MODULES = FOLDER / "node_modules"
CLI = MODULES / "@stripe/cli-linux-x64/bin/stripe"
NODE = Path(sys.executable).with_name("node")


def main(pythons: Iterable[str]) -> int:
    """Run all clients, each against an empty simulator. Returns the exit code."""
    subprocess.run([NODE, MODULES / "typescript/bin/tsc", "--project", FOLDER], check=True)
    results = [run("stripe-node", [NODE, FOLDER / "calls.ts"])]
    for python in (sys.executable, *pythons):
        version = _output([python, "-c", "import stripe; print(stripe.VERSION)"])[0]
        results.append(run(f"stripe-python {version}", [python, FOLDER / "calls.py"]))
    if not CLI.exists():
        # For other platforms, our lock file has no hashes of the CLI's package.
        print("Stripe CLI: skipped, because package-lock.json has it for Linux on x64 only")
        return 0 if all(results) else 1
    with tempfile.TemporaryDirectory() as home, processes.simulator() as simulator:
        environment = {
            **{name: os.environ[name] for name in ("PATH",) if name in os.environ},
            "HOME": home,
            "XDG_CONFIG_HOME": home,
            "STRIPE_CLI_TELEMETRY_OPTOUT": "1",
        }
        results.append(report("Stripe CLI", cli.lines(CLI, simulator.base_url, environment)))
    return 0 if all(results) else 1


def run(name: str, command: list[str | Path]) -> bool:
    """Run a client that prints a line for each call. Returns whether all calls got the expected answer."""
    with processes.simulator() as simulator:
        return report(name, _output(command, SIMULATOR=simulator.base_url))


def report(name: str, lines: Iterable[str]) -> bool:
    """Print the number of correct calls, and every failed call. A client that made no call has failed."""
    results = list(lines)
    wrong = [line for line in results if not line.startswith("ok ")]
    print(f"{name}: {len(results) - len(wrong)} of {len(results)} calls got the expected answer")
    for line in wrong:
        print(f"  {line}")
    return bool(results) and not wrong


def _output(command: list[str | Path], **environment: str) -> list[str]:
    process = subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=300
    )
    lines = process.stdout.splitlines()
    return lines if process.returncode == 0 else [*lines, f"failed: {process.stderr.strip()[-500:]}"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
