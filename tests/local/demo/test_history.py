"""The demo's history is the same each time, and it is complete."""

import json
import re

from local.demo.history import history
from local.demo.people import EARLIER
from local.demo.world import CURRENCIES, SHOPS, TRADES
from testing.processes import ROOT


def test_the_shops_have_every_status_and_their_own_names() -> None:
    schema = (ROOT / "schema.graphql").read_text(encoding="utf-8")
    (enum,) = re.findall(r"^enum MerchantStatus \{.*?^\}", schema, re.MULTILINE | re.DOTALL)
    statuses = set(re.findall(r"^  ([A-Z_]+)$", enum, re.MULTILINE))
    assert {shop.ends for shop in SHOPS} == statuses
    # Lists omit the erased shop, so they show forty shops.
    assert len([shop for shop in SHOPS if shop.ends != "ERASED"]) == 40
    assert len(SHOPS) == len({shop.id for shop in SHOPS}) == len({shop.name for shop in SHOPS})
    assert {shop.country for shop in SHOPS} <= set(CURRENCIES)
    assert {shop.trade for shop in SHOPS} <= set(TRADES)


def test_the_scenario_file_has_the_accounts_of_the_adopted_shops() -> None:
    groups = json.loads(EARLIER.read_text(encoding="utf-8"))["merchants"]
    adopted = {shop.name: shop.country for shop in SHOPS if shop.is_adopted}
    assert {group["name"]: group["country"] for group in groups} == adopted


def test_equal_seeds_give_equal_histories() -> None:
    assert history(SHOPS) == history(SHOPS)
    assert history(SHOPS) != history(SHOPS, seed=2)
    of_one = [moment for moment in history(SHOPS) if moment.shop == SHOPS[0]]
    assert history(SHOPS[:1]) == of_one


def test_shops_and_orders_exist_before_anything_happens_to_them() -> None:
    for shop in SHOPS:
        moments = [moment for moment in history(SHOPS) if moment.shop == shop]
        assert [moment.at for moment in moments] == sorted(moment.at for moment in moments)
        assert moments[0].act == ("adopt" if shop.is_adopted else "create")
        sold: set[str] = set()
        for moment in moments:
            order = str(moment.order.get("order"))
            if moment.act == "sell":
                assert order not in sold
                sold.add(order)
            elif "order" in moment.order:
                assert order in sold, moment
