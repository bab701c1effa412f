"""The tests of this folder run on the event loop of production."""

from testing.loops import pytest_asyncio_loop_factories as pytest_asyncio_loop_factories
