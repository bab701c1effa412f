"""`python -m tools.deploy.package`: build and install the package as the image does, and start the service
from it.

deploy/image/build.sh runs in a folder that contains only the files of the image's build context. Then the
installed command runs in an empty folder, so that it cannot import modules of this checkout. Ends with an
error if a step fails, or if the service writes into the folder of the package.
"""

# ruff: noqa: T201 - this is a command

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from api.version import VERSION
from testing.environment import prefixed
from testing.processes import ROOT, free_port, running

# Some of the commands that `connectql --help` must list.
COMMANDS = {"destination", "doctor", "events", "import", "migrate", "rebuild", "serve", "worker"}


def main() -> None:
    """Build and install the package, and start the service from it."""
    with tempfile.TemporaryDirectory() as folder:
        source, root, data = (Path(folder) / name for name in ("src", "opt/connectql", "data"))
        root.parent.mkdir()
        data.mkdir()
        copy_context(source)
        uv = {"UV": str(ROOT / ".tools/bin/uv"), "UV_PYTHON": sys.executable}
        subprocess.run(
            ["sh", "deploy/image/build.sh", root], cwd=source, env={**os.environ, **uv}, check=True
        )
        bill = json.loads((root / "sbom.cdx.json").read_text())
        versions = {part["name"]: part.get("version") for part in bill["components"]}
        assert versions["connectql"] == VERSION, versions
        assert len(versions) > 30, versions
        before = contents(root)
        command = str(root / "bin/connectql")
        environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": ""}
        assert output(command, "--version", cwd=data, env=environment) == f"connectql {VERSION}\n"
        shown = output(command, "--help", cwd=data, env=environment)
        assert set(shown.split()) >= COMMANDS, shown
        serve(root, data, environment)
        assert contents(root) == before, "the service wrote into its own folder"
        print(f"connectql {VERSION}: built, installed and served; the SBOM lists {len(versions)} packages")


def copy_context(folder: Path) -> None:
    """Copy the files of the image's build context."""
    lines = (ROOT / "deploy/image/Dockerfile.dockerignore").read_text().splitlines()
    for name in (line[1:] for line in lines if line.startswith("!")):
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(ROOT / name, target)


def serve(root: Path, data: Path, environment: dict[str, str]) -> None:
    """Start the service with the installed command, and request the probes, GraphiQL and the board."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = prefixed(
        {
            "ENVIRONMENT": "development",
            "PORT": str(port),
            "DATABASE_URL": f"sqlite:///{data}/connectql.db",
            "STRIPE_API_KEY": "sk_test_unused",
            "STRIPE_API_BASE": f"http://127.0.0.1:{free_port()}",
            "WEBHOOK_SECRETS": "whsec_unused",
            "AUTH_ISSUER": "check",
            "AUTH_AUDIENCE": "connectql",
            "DEVELOPMENT_KEY_FILE": str(data / "key.json"),
            "WORKER": "off",
            "BOARD": "on",
        }
    )
    argv, python = [str(root / "bin/connectql"), "serve"], str(root / "bin/python")
    env = {**environment, **settings, "PYTHONPATH": ""}
    with running(argv, env=env, ready=f"{url}/readyz", cwd=data, python=python):
        health = httpx.get(f"{url}/healthz", trust_env=False)
        assert health.json() == {"status": "ok", "version": VERSION}, health.text
        for file in ("static/graphiql/connectql.js", "board", "board/static/board.js"):
            assert httpx.get(f"{url}/{file}", trust_env=False).status_code == 200, file


def contents(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the size and the modification time of every file."""
    files = (file for file in folder.rglob("*") if file.is_file())
    return {str(file): (file.stat().st_size, file.stat().st_mtime_ns) for file in files}


def output(*command: str, cwd: Path, env: dict[str, str]) -> str:
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=True).stdout


if __name__ == "__main__":
    main()
