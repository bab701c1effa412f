"""`make torture PROOF=creation DB=sqlite N=1000 SEED=1`: run proofs and print what they found."""

import contextlib
import sys
import tempfile
import time
from pathlib import Path

import click

from tests import postgres
from torture import creation, delivery, silence

# Each has a SIZE of its own and `prove(database, *, seed, size, folder)`.
PROOFS = {
    "creation": creation,
    "delivery": delivery,
    "silence": silence,
}


@click.command()
@click.argument("proofs", nargs=-1, type=click.Choice(list(PROOFS)), metavar="[PROOF]...")
@click.option("--database", type=click.Choice(["sqlite", "postgresql"]), default="sqlite", show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option(
    "--size", default=None, type=int, help="How much of it, for one proof; its full size unless told."
)
def main(proofs: tuple[str, ...], database: str, seed: int, size: int | None) -> None:
    """Run proofs (creation, delivery, silence; all when none is named); exit with 1 when one has not held."""
    if size is not None and len(proofs) != 1:
        raise click.UsageError("--size belongs to one proof: name it.")
    held = True
    for name in proofs or PROOFS:
        proof = PROOFS[name]
        chosen = size or proof.SIZE
        click.echo(f"{name}, {database}, seed {seed}, size {chosen}")
        started = time.monotonic()
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            if database == "sqlite":
                url = f"sqlite:///{folder}/connectql.db"
            else:
                url = postgres.create_database(stack.enter_context(postgres.server()))
            report = proof.prove(url, seed=seed, size=chosen, folder=folder)
        report.figures["took, in seconds"] = round(time.monotonic() - started)
        for line in report.lines():
            click.echo(line)
        held = held and not report.problems
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
