"""Fixtures of money for these tests."""

from tests.simulator.money.conftest import shop as shop
