"""The demo's data, which the API and the local Stripe make here for few shops and few days."""

import dataclasses
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from local.demo import seed
from local.demo.history import history
from local.demo.world import SHOPS, Shop
from local.settings import Place
from testing.processes import ROOT, free_port

DAYS = 9
ENDS = {
    "juniper-yoga": "ACTIVE",
    "de-fietsenmaker": "ACTIVE",
    "cape-vintage": "PAYOUTS_BLOCKED",
    "rosewood-barbers": "RESTRICTED",
    "orchard-lane-toys": "CREATING",
    "desert-bloom-spa": "UNKNOWN",
}


def small(shop: Shop) -> Shop:
    """The shop with few payments, which begin on the first or on the last day."""
    begins = DAYS - 1 if shop.ends in {"CREATING", "UNKNOWN"} else 0
    return dataclasses.replace(shop, begins=begins, weekly=1)


def test_each_shop_has_its_status_payments_and_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    here = Place(Path("demo"), free_port(), free_port(), free_port())
    here.folder.mkdir()
    shops = [small(shop) for shop in SHOPS if shop.id in ENDS]
    progress: list[tuple[int, float]] = []
    summary = seed.make(here, shops, days=DAYS, report=lambda *one: progress.append(one))
    database = sqlite3.connect(here.folder / "connectql.db")
    assert dict(database.execute("SELECT external_id, status FROM merchant")) == ENDS
    payments = database.execute("SELECT count(*) FROM payment").fetchone()[0]
    assert payments == sum(moment.act == "sell" for moment in history(shops, days=DAYS))
    assert database.execute("SELECT count(*) FROM dispute").fetchone()[0] == 2
    assert database.execute("SELECT count(*) FROM payout").fetchone()[0] > 0
    # The shifted clock causes no other problem.
    problems = database.execute("SELECT DISTINCT code FROM problem_occurrence")
    assert {code for (code,) in problems} == {"CREATIONS_STUCK", "PAYOUTS_BLOCKED"}
    (first,) = database.execute("SELECT min(created_at) FROM merchant").fetchone()
    age = datetime.now(UTC) - datetime.fromisoformat(first).replace(tzinfo=UTC)
    assert timedelta(days=DAYS - 1) < age < timedelta(days=DAYS)
    assert progress == [(DAYS - day, day / DAYS) for day in range(DAYS)]
    assert summary.startswith("6 merchants and ")
