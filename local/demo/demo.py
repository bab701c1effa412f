"""`make demo`: its folder and settings, and the preparation of its data and its app."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click

from local.demo import faults as lasting
from local.demo.history import Json
from local.demo.people import EARLIER
from local.demo.world import FEES
from local.settings import VAR, Place
from local.start.startup import Startup

ROOT = Path(__file__).resolve().parents[2]
FOLDER = VAR / "demo"
LOCK = "run.lock"
APP = ROOT / "examples" / "portal"
# The demo app offers charges, refunds and answers to disputes, so merchants may make them.
SETTINGS = {
    # Warnings about the merchant whose account Stripe never confirms would fill the terminal.
    "CONNECTQL_LOG_LEVEL": "error",
    "CONNECTQL_FEE_POLICY": FEES,
    "CONNECTQL_MERCHANTS_MAY_CHARGE": "on",
    "CONNECTQL_MERCHANTS_MAY_REFUND": "on",
    "CONNECTQL_MERCHANTS_MAY_ANSWER_DISPUTES": "on",
}


def faults() -> list[Json]:
    """Return the faults of the local Stripe that the demo sets at each start."""
    return lasting.everything()


def prepare(here: Place, startup: Startup, *, is_new: bool) -> None:
    """Make the data, and build the app at the same time. Keep data that is up to date, unless `is_new`."""
    building = _build()
    made = here.folder / "made"
    if is_new or not made.exists() or made.read_text() != version():
        for path in here.folder.iterdir():
            if path.name != LOCK:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        # This import takes seconds. The app is built in the meantime.
        from local.demo import seed  # noqa: PLC0415

        click.echo("Making the demo's data: forty merchants, and six weeks of their history ...")
        click.echo(seed.make(here, report=partial(_report, startup)))
        made.write_text(version())
    if building is not None:
        startup.report("The demo app is being built.")
        output, _ = building.communicate()
        if building.returncode:
            raise click.ClickException(f"the demo app could not be built:\n{output}")


def _report(startup: Startup, days: int, share: float) -> None:
    ago = "1 day ago" if days == 1 else f"{days} days ago"
    startup.report(f"Making the demo's data: {ago}.", share)
    if days % 7 == 0:
        click.echo(f"  {ago}")


def version() -> str:
    """Return a digest of the files that determine the demo's data. If it changes, the data is made again."""
    digest = hashlib.sha256()
    for file in _sources():
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    yield EARLIER
    here = Path(__file__)
    # This file does not affect the data, because its settings apply only to the finished demo.
    yield from sorted(file for file in here.parent.glob("*.py") if file != here)


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
