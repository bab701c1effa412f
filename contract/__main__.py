"""What clients may rely on: `python -m contract` compares the schema with the one last released."""

from pathlib import Path

import click
from graphql import build_schema

from contract import changes, deprecations

FOLDER = Path(__file__).resolve().parent
PRESENT = FOLDER.parent / "schema.graphql"
RELEASED = FOLDER / "released.graphql"
ACCEPTED = FOLDER / "accepted.toml"
ENTRY = '[[accepted]]\nchange = "…"\nreason = "…"'


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Without a command: check."""
    if context.invoked_subcommand is None:
        context.invoke(check)


@main.command()
def check() -> None:
    """Fail on a change that breaks clients and is not accepted, and on a deprecation that says too little."""
    released, present = (build_schema(file.read_text(encoding="utf-8")) for file in (RELEASED, PRESENT))
    for change in changes.dangerous(released, present):
        click.echo(f"careful, not every client may be ready for it: {change}")
    broken = changes.problems(released, present, changes.accepted(ACCEPTED.read_text(encoding="utf-8")))
    unclear = deprecations.problems(present)
    if broken or unclear:
        hint = [f"A change that is meant is listed in contract/accepted.toml:\n{ENTRY}"] if broken else []
        raise click.ClickException("\n".join([*broken, *unclear, *hint]))


@main.command()
def release() -> None:
    """Write the present schema down as released, and forget the accepted changes, which it prints."""
    text = ACCEPTED.read_text(encoding="utf-8")
    for entry in changes.accepted(text):
        click.echo(f"- {entry.change} {entry.reason}")
    RELEASED.write_text(PRESENT.read_text(encoding="utf-8"), encoding="utf-8")
    ACCEPTED.write_text(text.partition("\n[[accepted]]")[0].rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
