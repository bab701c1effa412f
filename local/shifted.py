"""`python -m local.shifted -240 -m api`: run a module with a wall clock that is shifted by -240 seconds.

Instead of the seconds, the absolute path of a file can be given. The file contains the seconds, and the clock
follows each change of the file. The monotonic clock, which asyncio uses for its timeouts, is not shifted.
"""

import runpy
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

POLL_SECONDS = 0.005


def main() -> None:
    """Run the module that the arguments name, as `python -m` would."""
    shift, _, module, *arguments = sys.argv[1:]
    sys.argv = [module, *arguments]
    file = Path(shift) if shift.startswith("/") else None
    seconds = float(file.read_text() if file is not None else shift)
    now = datetime.now(UTC)
    with time_machine.travel(now + timedelta(seconds=seconds), tick=True) as traveller:
        if file is not None:
            followed = file, seconds, traveller
            threading.Thread(target=_follow, args=followed, daemon=True).start()
        runpy.run_module(module, run_name="__main__", alter_sys=True)


def _follow(file: Path, seconds: float, traveller: time_machine.Traveller) -> None:
    """Shift the clock whenever the file changes. The writer replaces the whole file, so this function never
    reads a partly written file.
    """
    while True:
        time.sleep(POLL_SECONDS)
        wanted = float(file.read_text())
        if wanted != seconds:
            traveller.shift(timedelta(seconds=wanted - seconds))
            seconds = wanted
            seen(file).write_text(repr(seconds))


def seen(file: Path) -> Path:
    """The file in which the process stores the last shift that it has applied, in seconds."""
    return file.with_suffix(".seen")


if __name__ == "__main__":
    main()
