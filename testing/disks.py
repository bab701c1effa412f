"""Disks in memory: one for the databases of tests, and small ones that a test can fill completely."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

# A shell script that unmounts the disk when its standard input is closed, even if the tests are killed.
KEEPER = """
mount -t tmpfs -o size="$1" none "$0" 2>/dev/null || exit 1
echo mounted
read -r _
umount -l "$0"
"""
MEMORY = Path("/dev/shm")


def memory() -> Path | None:
    """A folder in memory, or None if too little memory is free. Some disks sync files many times slower."""
    return MEMORY if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 1 << 30 else None


@contextlib.contextmanager
def small(folder: Path, megabytes: int) -> Iterator[bool]:
    """Mount a disk of this size over the folder. Yield False if mounting is not permitted."""
    if os.geteuid() or not shutil.which("mount"):
        yield False
        return
    keeper = subprocess.Popen(
        ["/bin/sh", "-c", KEEPER, str(folder), f"{megabytes}m"],
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        process_group=0,
    )
    assert keeper.stdout
    try:
        yield keeper.stdout.readline() == b"mounted\n"
    finally:
        keeper.communicate(timeout=30)


@contextlib.contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Fill the disk that `small` has mounted over the folder."""
    ballast = folder / "ballast"
    try:
        with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"\0" * 4096)
        yield
    finally:
        ballast.unlink()
