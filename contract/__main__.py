"""`python -m contract` compares the schema with that of the last release."""

from pathlib import Path

import click
from graphql import build_schema

from contract import changes, deprecations

FOLDER = Path(__file__).resolve().parent
CURRENT = FOLDER.parent / "schema.graphql"
RELEASED = FOLDER / "released.graphql"
ACCEPTED = FOLDER / "accepted.toml"
ENTRY = '[[accepted]]\nchange = "…"\nreason = "…"'


@click.group(invoke_without_command=True)
@click.pass_context
def main(context: click.Context) -> None:
    """Run `check` if no command is given."""
    if context.invoked_subcommand is None:
        context.invoke(check)


@main.command()
def check() -> None:
    """Fail on unaccepted breaking changes and on deprecations without a replacement or an end date."""
    released, current = (build_schema(file.read_text(encoding="utf-8")) for file in (RELEASED, CURRENT))
    for change in changes.dangerous(released, current):
        click.echo(f"may break client code: {change}")
    broken = changes.problems(released, current, changes.read_accepted(ACCEPTED.read_text(encoding="utf-8")))
    unclear = deprecations.problems(current)
    if broken or unclear:
        hint = [f"List an intended change in contract/accepted.toml:\n{ENTRY}"] if broken else []
        raise click.ClickException("\n".join([*broken, *unclear, *hint]))


@main.command()
def release() -> None:
    """Copy the schema to released.graphql, print the accepted changes and empty their list."""
    text = ACCEPTED.read_text(encoding="utf-8")
    for entry in changes.read_accepted(text):
        click.echo(f"- {entry.change} {entry.reason}")
    RELEASED.write_text(CURRENT.read_text(encoding="utf-8"), encoding="utf-8")
    ACCEPTED.write_text(text.partition("\n[[accepted]]")[0].rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
