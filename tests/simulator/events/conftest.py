"""These tests use the fixture `shop` of the tests of money."""

from tests.simulator.money.conftest import shop as shop
