"""The code of the previous release, which the proof of upgrades runs beside the present code.

COMMIT is the commit from which the previous release was made. Change it with each release. The proof creates
payments with both releases, but the only release until now, 0.1.0, does not support payments. So until the
next release, COMMIT is a newer commit. This commit does not contain migration 0023, so that the upgrade
migrates the database.
"""

import io
import subprocess
import tarfile
from pathlib import Path

from testing.processes import ROOT

COMMIT = "8f6d72e793e3eea9accb7340387a1c7a33d1834a"
PACKAGES = ("api", "connect", "models", "resolvers", "local")


class NoHistory(Exception):
    """This checkout lacks the commit of the previous release. The message says how to get it."""


def write(folder: Path) -> Path:
    """Write the code of the previous release into a new folder, and return the folder. Raises NoHistory."""
    archive = subprocess.run(
        ["git", "archive", COMMIT, *PACKAGES], cwd=ROOT, capture_output=True, check=False
    )
    if archive.returncode:
        reason = archive.stderr.decode(errors="replace").strip()
        raise NoHistory(
            f"The code of the previous release (commit {COMMIT}) is missing: {reason}. "
            "In a shallow clone, run: git fetch --unshallow"
        )
    folder.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder


def is_shallow() -> bool:
    """Whether this checkout was cloned without its whole history."""
    answer = subprocess.run(
        ["git", "rev-parse", "--is-shallow-repository"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return answer.stdout.strip() == "true"
