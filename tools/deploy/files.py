"""`python -m tools.deploy.files`: check the files in deploy/ without Docker, a cluster or root.

The checks use the tools in .tools/deploy: hadolint, the schema of compose files, Helm's own engine and the
schemas of Kubernetes' objects. They also need systemd-analyze and promtool, which must be installed on the
machine. `tools.deploy.proxies` runs the samples for nginx and Caddy.
"""

# ruff: noqa: T201 - this is a command

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from api.version import VERSION
from testing.processes import ROOT

BIN = ROOT / ".tools/deploy/bin"
DEPLOY = ROOT / "deploy"


def main() -> None:
    """Run every check. The first failure ends the command."""
    checks = [image, compose, chart, alerts]
    if sys.platform == "linux":
        checks.append(units)
    for check in checks:
        check()
        print(f"{check.__name__}: {check.__doc__}")


def image() -> None:
    """hadolint accepts the Dockerfile."""
    run(BIN / "hadolint", DEPLOY / "image/Dockerfile")


def compose() -> None:
    """compose.yaml is valid according to the schema of compose files, and realm.json is JSON."""
    run(BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / "compose/compose.yaml")
    json.loads((DEPLOY / "compose/realm.json").read_text())


def chart() -> None:
    """Helm renders the chart, and Kubernetes' schemas accept every object."""
    manifest = (DEPLOY / "helm/connectql/Chart.yaml").read_text()
    assert f"appVersion: {VERSION}\n" in manifest, "the chart's appVersion differs from api/version.py"
    run(BIN / "python", ROOT / "tools/deploy/chart.py", DEPLOY / "helm/connectql", DEPLOY / "monitoring")


def alerts() -> None:
    """promtool accepts the alert rules and Prometheus's configuration, and the tests of the rules pass."""
    program = shutil.which("promtool")
    if program is None:
        sys.exit("promtool is missing. On Debian: apt-get install prometheus")
    folder = DEPLOY / "monitoring"
    run(program, "check", "rules", folder / "alerts.yaml")
    run(program, "test", "rules", folder / "alerts_test.yaml")
    run(program, "check", "config", "--syntax-only", folder / "prometheus.yaml")


def units() -> None:
    """systemd-analyze accepts the systemd units."""
    program = shutil.which("systemd-analyze")
    if program is None:
        sys.exit("systemd-analyze is missing. On Debian: apt-get install systemd")
    with tempfile.TemporaryDirectory() as folder:
        copies = []
        for unit in sorted((DEPLOY / "systemd").glob("*.service")):
            copy = Path(folder) / unit.name
            copy.write_text(unit.read_text().replace("/opt/connectql/bin/connectql", "/bin/true"))
            copies.append(copy)
        shown = run(program, "verify", "--man=no", *copies)
        assert shown == "", shown


def certificate(folder: Path) -> None:
    """Write a certificate that is valid for one day. nginx reads it at its start."""
    run(
        *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
        *("-subj", "/CN=connect.example", "-days", "1"),
        *("-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"),
    )


def run(*command: str | Path, env: dict[str, str] | None = None) -> str:
    """Run a tool and return its output. If the tool fails, exit with its output."""
    done = subprocess.run(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{Path(command[0]).name} {command[1]}:\n{done.stdout}")
    return done.stdout


if __name__ == "__main__":
    main()
