"""The event loop of the tests. `tests/conftest.py` imports the hook.

`python -m api` serves on uvloop, too. A separate worker and other commands run on asyncio's own loop, which
only the tests that start such processes use.
"""

from collections.abc import Callable

import uvloop


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], uvloop.Loop]]:
    """Run the tests on uvloop, which takes a tenth less CPU than asyncio's loop."""
    return {"uvloop": uvloop.new_event_loop}
