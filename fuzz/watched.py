"""`python -m fuzz.watched`: the API, which prints its asyncio tasks to standard error at SIGUSR1."""

import asyncio
import json
import runpy
import signal
import sys
import warnings
from collections import Counter
from types import FrameType

MARK = "TASKS "


def main() -> None:
    """Run `python -m api`."""

    def tell(_signal: int, _frame: FrameType | None) -> None:
        # Python runs this in the main thread, inside the loop.
        tasks = Counter(getattr(task.get_coro(), "__qualname__", "?") for task in asyncio.all_tasks())
        sys.stderr.write(f"{MARK}{json.dumps(tasks)}\n")

    # graphql-core's, when an operation is cancelled between the making of its fields and their beginning.
    cores = r"(.*_async_resolver|Executor\.(execute_field|complete_awaitable_value).*)"
    warnings.filterwarnings("ignore", rf"coroutine '{cores}' was never awaited", RuntimeWarning)
    sys.unraisablehook = _told
    signal.signal(signal.SIGUSR1, tell)
    sys.argv = ["api"]
    runpy.run_module("api", run_name="__main__", alter_sys=True)


def _told(found: "sys.UnraisableHookArgs") -> None:
    """The same warning, when garbage is collected while a named tuple is made: that has no builtins, and so
    Python cannot even look up its filters there."""
    if isinstance(found.exc_value, KeyError) and found.exc_value.args == ("__import__",):
        return
    sys.__unraisablehook__(found)


if __name__ == "__main__":
    main()
