"""The tests in this folder use the fixture `shop` of tests/simulator/money."""

from tests.simulator.money.conftest import shop as shop
