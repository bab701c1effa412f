"""`python -m torture.shifted -240 -m api`: run a module with a wall clock shifted by seconds.

The monotonic clock, which asyncio uses for its timeouts, is not shifted.
"""

import runpy
import sys
from datetime import UTC, datetime, timedelta

import time_machine


def main() -> None:
    """Run the module that the arguments name, as `python -m` would."""
    seconds, _, module, *arguments = sys.argv[1:]
    sys.argv = [module, *arguments]
    now = datetime.now(UTC)
    with time_machine.travel(now + timedelta(seconds=float(seconds)), tick=True):
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
