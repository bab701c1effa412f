"""`make fuzz N=20000 SEED=1 DB=sqlite`: send random requests and report the findings.

The exit code is 1 if there is a finding.
"""

import sys
import tempfile
from pathlib import Path

import click

from fuzz import run
from testing.databases import empty


@click.command()
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--size", default=run.SIZE, show_default=True, help="Number of requests.")
@click.option(
    "--only", default=None, type=int, help="Send only the request with this number. Each finding names one."
)
def main(database: str, seed: int, size: int, only: int | None) -> None:
    """Send requests of every kind to a real process and check every answer."""
    with tempfile.TemporaryDirectory() as folder, empty(database, Path(folder)) as url:
        report = run.prove(url, Path(folder), size=size, seed=seed, only=only)
    click.echo(f"{database}, seed {seed}, size {size if only is None else f'number {only} alone'}")
    for line in report.lines():
        click.echo(line)
    sys.exit(1 if report.problems else 0)


if __name__ == "__main__":
    main()
