"""`make torture DB=sqlite N=1000 SEED=1`: run the proofs at full size and print what they found."""

import contextlib
import sys
import tempfile
import time
from pathlib import Path

import click

from tests import postgres
from tests.processes import simulator
from torture import creation
from torture.deployment import deployed


@click.command()
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite")
@click.option("--injections", default=1000, show_default=True)
@click.option("--kills", default=None, type=int, help="how many of them kill a process; a fifth unless told")
@click.option("--seed", default=1, show_default=True)
def main(database: str, injections: int, kills: int | None, seed: int) -> None:
    """Torment account creation, and exit with 1 when anything is lost or doubled."""
    started = time.monotonic()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if database == "sqlite":
            url, replicas = f"sqlite:///{folder}/connectql.db", 1
        else:
            url, replicas = postgres.create_database(stack.enter_context(postgres.server())), 2
        stripe = stack.enter_context(simulator(folder / "simulator.db", REVIEW_SECONDS="3600"))
        deployment = stack.enter_context(
            deployed(url, stripe, folder, replicas=replicas, separate_worker=replicas > 1)
        )
        ids, made = creation.at_once(deployment, "at-once", 50)
        found = creation.torment(
            deployment, injections=injections, seed=seed, kills=injections // 5 if kills is None else kills
        )
    if len(ids) != 1 or made != 1:
        found.problems.append(f"50 identical mutations at once gave {len(ids)} merchants, made {made} times")
    click.echo(f"{database}, seed {seed}: {found.injections.total()} injections")
    for name, count in sorted(found.injections.items()):
        click.echo(f"  {count:5}  {name}")
    click.echo(f"merchants asked for: {len(found.asked) + 1}, accounts at Stripe: {found.accounts}")
    click.echo(
        f"acknowledged: {len(found.acknowledged)}; all settled {found.settled_after_seconds:.1f} s after"
    )
    click.echo(f"took {time.monotonic() - started:.0f} s")
    for problem in found.problems:
        click.echo(f"PROBLEM {problem}")
    sys.exit(1 if found.problems else 0)


if __name__ == "__main__":
    main()
