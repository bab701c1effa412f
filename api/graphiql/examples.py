"""The example operations in GraphiQL's tabs."""

from pathlib import Path

FILE = Path(__file__).with_suffix(".graphql")


def examples(public_url: str) -> list[tuple[str, str]]:
    """Return the title and the text of each operation. In the texts, `public_url` replaces PUBLIC_URL."""
    text = FILE.read_text(encoding="utf-8").replace("PUBLIC_URL", public_url)
    parts = (part.split("\n", 1) for part in text.split("##### ")[1:])
    return [(title, operation.rstrip() + "\n") for title, operation in parts]
