"""`python -m fuzz.watched`: run the API, and print its asyncio tasks to standard error on SIGUSR1."""

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

    def print_tasks(_signal: int, _frame: FrameType | None) -> None:
        # Python runs signal handlers in the main thread, which runs the event loop.
        tasks = Counter(getattr(task.get_coro(), "__qualname__", "?") for task in asyncio.all_tasks())
        sys.stderr.write(f"{MARK}{json.dumps(tasks)}\n")

    # graphql-core leaves coroutines unawaited if an operation is cancelled before they start.
    helpers = r"Executor\.(execute_field|complete_(awaitable|iterable|list_item)_value).*"
    coroutines = rf"(.*_async_resolver|{helpers})"
    warnings.filterwarnings("ignore", rf"coroutine '{coroutines}' was never awaited", RuntimeWarning)
    sys.unraisablehook = _ignore_failed_warning
    signal.signal(signal.SIGUSR1, print_tasks)
    sys.argv = ["api"]
    runpy.run_module("api", run_name="__main__", alter_sys=True)


def _ignore_failed_warning(unraisable: "sys.UnraisableHookArgs") -> None:
    """Ignore a warning that Python fails to filter, and pass on all other exceptions.

    Code that creates a named tuple runs without builtins. If the garbage collector runs during this code and
    causes a warning that `main` ignores, Python cannot import its warning filters and raises KeyError.
    """
    if isinstance(unraisable.exc_value, KeyError) and unraisable.exc_value.args == ("__import__",):
        return
    sys.__unraisablehook__(unraisable)


if __name__ == "__main__":
    main()
