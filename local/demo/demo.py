"""`make demo`: its folder and settings, and the preparation of its data and its app."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from local.demo import faults as lasting
from local.demo import seed
from local.demo.history import Json
from local.settings import VAR, Place

ROOT = Path(__file__).resolve().parents[2]
FOLDER = VAR / "demo"
LOCK = "run.lock"
APP = ROOT / "examples" / "portal"
# Merchants may do everything in the demo app.
SETTINGS = {
    # Warnings about the merchant whose account Stripe never confirms would fill the terminal.
    "CONNECTQL_LOG_LEVEL": "error",
    "CONNECTQL_FEE_POLICY": seed.FEES,
    "CONNECTQL_MERCHANTS_MAY_CHARGE": "on",
    "CONNECTQL_MERCHANTS_MAY_REFUND": "on",
    "CONNECTQL_MERCHANTS_MAY_ANSWER_DISPUTES": "on",
}


def faults() -> list[Json]:
    """Return the faults of the local Stripe that the demo sets at each start."""
    return lasting.everything()


def prepare(here: Place, *, is_new: bool) -> None:
    """Make the data and build the app at the same time, each only if it does not exist."""
    building = _build()
    made = here.folder / "made"
    if is_new or not made.exists() or made.read_text() != version():
        for path in here.folder.iterdir():
            if path.name != LOCK:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        click.echo("Making the demo's data: forty merchants, and six weeks of their history ...")
        seed.make(here, report=click.echo)
        made.write_text(version())
    if building is not None:
        output, _ = building.communicate()
        if building.returncode:
            raise click.ClickException(f"the demo app could not be built:\n{output}")


def version() -> str:
    """Return a digest of the code that makes the data. Other data is made after each change."""
    digest = hashlib.sha256()
    for file in _sources():
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    yield from (
        Path(__file__).parent / f"{name}.py" for name in ("faults", "history", "people", "seed", "world")
    )


def _build() -> "subprocess.Popen[str] | None":
    """Start the build of the demo app, which make skips if nothing has changed."""
    if not (APP / "package.json").exists():
        click.echo("There is no demo app in examples/portal yet.", err=True)
        return None
    return subprocess.Popen(  # noqa: S603 -- our own makefile
        ["make", "-s", "portal", f"PYTHON={sys.executable}"],  # noqa: S607 -- the make that runs us
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
