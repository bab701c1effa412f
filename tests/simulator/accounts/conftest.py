"""The fixture `shop` of the tests of money, for these tests too."""

from tests.simulator.money.conftest import shop as shop
