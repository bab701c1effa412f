"""The control plane: scenarios, the clock, counts, and state that survives a crash."""

import signal
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest

from testing.environment import STRIPE_KEY
from testing.processes import Simulator, free_port, running, simulator
from testing.waits import until
from tests.simulator.conftest import Receiver, Stripe, connected, items, plain, statuses

DOCUMENT = "identity.individual.documents.primary_verification.front_back.front"
BANK = "external_account"
DAY = 86400


def details(account: dict[str, Any]) -> list[dict[str, str]]:
    """Return the status details of card payments."""
    status_details: list[dict[str, str]] = account["configuration"]["merchant"]["capabilities"][
        "card_payments"
    ]["status_details"]
    return status_details


@pytest.mark.parametrize(
    ("scenario", "expected", "detail", "entries"),
    [
        ("activate", ("active", "active"), None, []),
        ("complete", ("pending", "pending"), "requirements_pending_verification", None),
        ("review", ("pending", "pending"), "requirements_pending_verification", None),
        ("fail_document", ("restricted", "restricted"), "requirements_past_due", [(DOCUMENT, "user")]),
        ("due_soon", ("active", "active"), None, [(DOCUMENT, "user")]),
        ("past_due", ("restricted", "restricted"), "requirements_past_due", [(DOCUMENT, "user")]),
        ("future_requirements", ("active", "active"), None, []),
        ("payouts_blocked", ("active", "restricted"), None, [(BANK, "user")]),
        ("reject", ("rejected", "rejected"), "rejected_other", None),
        ("unsupported", ("unsupported", "unsupported"), "unsupported_business", None),
        ("restricted_other", ("restricted", "restricted"), "restricted_other", None),
    ],
)
async def test_a_scenario_sets_the_state_it_names(
    api: Stripe,
    sim: Simulator,
    scenario: str,
    expected: tuple[str, str],
    detail: str | None,
    entries: list[tuple[str, str]] | None,
) -> None:
    account = await api.create()
    sim.control(f"accounts/{account['id']}", {"scenario": scenario})
    account = await api.fetch(account["id"])
    assert statuses(account) == expected
    assert [one["code"] for one in details(account)] == ([detail] if detail else [])
    if entries is not None:
        assert items(account) == entries


async def test_a_review_that_a_scenario_starts_lasts_until_the_next_scenario(
    api: Stripe, sim: Simulator
) -> None:
    account = await api.create()
    sim.control(f"accounts/{account['id']}", {"scenario": "review"})
    sim.control("clock", {"advance_seconds": 30 * DAY})
    assert statuses(await api.fetch(account["id"])) == ("pending", "pending")
    sim.control(f"accounts/{account['id']}", {"scenario": "activate"})
    assert statuses(await api.fetch(account["id"])) == ("active", "active")


async def test_a_missed_deadline_restricts_the_account(api: Stripe, sim: Simulator) -> None:
    account = await api.create()
    sim.control(f"accounts/{account['id']}", {"scenario": "due_soon", "days": 3})
    soon = await api.fetch(account["id"])
    deadline = soon["requirements"]["summary"]["minimum_deadline"]
    assert deadline["status"] == "currently_due"
    assert deadline["time"] > soon["created"]
    assert soon["requirements"]["entries"][0]["requested_reasons"] == [{"code": "routine_verification"}]
    sim.control("clock", {"advance_seconds": 3 * DAY + 1})
    late = await api.fetch(account["id"])
    assert statuses(late) == ("restricted", "restricted")
    assert late["requirements"]["summary"]["minimum_deadline"]["status"] == "past_due"
    newest = [event["type"] for event in (await api.events(object_id=account["id"]))[:4]]
    assert newest[-1] == "v2.core.account[requirements].updated"


async def test_future_requirements_start_on_their_date(api: Stripe, sim: Simulator) -> None:
    account = await api.create()
    sim.control(f"accounts/{account['id']}", {"scenario": "future_requirements", "days": 10, "grace_days": 5})
    future = (await api.fetch(account["id"]))["future_requirements"]
    assert [entry["description"] for entry in future["entries"]] == [DOCUMENT]
    assert future["minimum_transition_date"] is not None
    sim.control("clock", {"advance_seconds": 10 * DAY + 1})
    now = await api.fetch(account["id"])
    assert now["future_requirements"]["entries"] == []
    assert now["future_requirements"]["minimum_transition_date"] is None
    assert items(now) == [(DOCUMENT, "user")]
    assert statuses(now) == ("active", "active")
    sim.control("clock", {"advance_seconds": 5 * DAY})
    assert statuses(await api.fetch(account["id"])) == ("restricted", "restricted")


async def test_a_deauthorized_account_is_not_listed_and_emits_an_event(api: Stripe, sim: Simulator) -> None:
    account = await api.create()
    sim.control(f"accounts/{account['id']}", {"scenario": "deauthorize"})
    events = await api.events(types=["v1.account.application.deauthorized"])
    assert [event["context"] for event in events] == [account["id"]]
    assert "related_object" not in events[0]
    page: Any = await api.client.v2.core.accounts.list_async()
    assert page.data == []


async def test_touch_emits_the_given_number_of_events(api: Stripe, sim: Simulator) -> None:
    account = await api.create()
    sim.control(f"accounts/{account['id']}", {"scenario": "touch", "times": 50})
    assert len(await api.events(types=["v2.core.account.updated"])) == 50


async def test_accounts_and_call_counts_can_be_read(api: Stripe, sim: Simulator) -> None:
    await api.create(metadata={"merchant_id": "m1"})
    account = await api.create(metadata={"merchant_id": "m1"})
    await api.fetch(account["id"])
    truth = sim.control("accounts")
    assert (truth["count"], truth["per_metadata"]) == (2, {"merchant_id=m1": 2})
    assert truth["data"][1]["identity"]["country"] == "US"
    calls = sim.control("calls")
    assert 1 <= calls.pop("busiest_second") <= 3
    assert calls == {
        "total": 3,
        "calls": {"POST /v2/core/accounts": 2, "GET /v2/core/accounts/{id}": 1},
        "addresses": {"POST /v2/core/accounts": 2, f"GET /v2/core/accounts/{account['id']}": 1},
    }
    nothing = {"total": 0, "calls": {}, "addresses": {}, "busiest_second": 0}
    assert sim.control("calls", method="DELETE") == nothing
    sim.control("faults", {"status": 503, "times": 9})
    assert len(sim.control("faults")["data"]) == 1
    assert sim.control("faults", method="DELETE") == {"data": []}


async def test_the_control_plane_can_set_values_that_the_api_refuses(api: Stripe, sim: Simulator) -> None:
    destination: Any = await api.client.v2.core.event_destinations.create_async(
        {
            "name": "Product",
            "type": "webhook_endpoint",
            "event_payload": "thin",
            "enabled_events": ["v2.core.account.created"],
            "events_from": ["@accounts"],
            "webhook_endpoint": {"url": "http://127.0.0.1:9/webhooks"},
        }
    )
    change = {
        "event_payload": "snapshot",
        "events_from": ["@self"],
        "webhook_endpoint": {"url": "http://x.example"},
    }
    sim.control(f"destinations/{destination.id}", change)
    shown: Any = await api.client.v2.core.event_destinations.retrieve_async(
        destination.id, {"include": ["webhook_endpoint.url"]}
    )
    assert (shown.event_payload, shown.events_from) == ("snapshot", ["@self"])
    assert shown.webhook_endpoint.url == "http://x.example"
    assert shown.enabled_events == ["v2.core.account.created"]
    with pytest.raises(RuntimeError, match="unknown field"):
        sim.control(f"destinations/{destination.id}", {"colour": "red"})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", {"kind": "earthquake"}),
        ("deliveries", {"mode": "sideways"}),
        ("accounts/acct_unknown", {"scenario": "activate"}),
        ("clock", {"advance_seconds": "soon"}),
        ("events/evt_unknown/redeliver", {}),
        ("destinations/ed_unknown", {"status": "disabled"}),
    ],
)
def test_an_invalid_request_is_an_error(sim: Simulator, path: str, body: dict[str, Any]) -> None:
    with pytest.raises(RuntimeError, match=r"40[04]"):
        sim.control(path, body)


async def test_state_and_pending_deliveries_survive_a_crash(tmp_path: Path, receiver: Receiver) -> None:
    state = tmp_path / "var" / "simulator.db"
    port = free_port()
    with simulator(state, port=port, RETRY_SECONDS="0.2,0.2,0.2", REVIEW_SECONDS="60") as first:
        async with connected(first) as api:
            await api.client.v2.core.event_destinations.create_async(
                {
                    "name": "Product",
                    "type": "webhook_endpoint",
                    "event_payload": "thin",
                    "enabled_events": ["v2.core.account.created"],
                    "events_from": ["@accounts"],
                    "webhook_endpoint": {"url": receiver.url},
                }
            )
            receiver.answers += [503]
            account = await api.create(key="key-1")
            first.control(f"accounts/{account['id']}", {"scenario": "due_soon", "days": 1})
            receiver.wait(1)
            first.process.kill()
    with sqlite3.connect(state) as file:
        kinds = dict(file.execute("SELECT kind, count(*) FROM record GROUP BY kind").fetchall())
    file.close()
    assert (kinds["account"], kinds["delivery"], kinds["key"]) == (1, 1, 2)
    with simulator(state, port=port, RETRY_SECONDS="0.2,0.2,0.2", REVIEW_SECONDS="60") as second:
        until(lambda: second.control("deliveries")["data"][0]["status"] == "delivered")
        async with connected(second) as api:
            assert (await api.create(key="key-1"))["id"] == account["id"]
            assert statuses(await api.fetch(account["id"])) == ("active", "active")
            second.control("clock", {"advance_seconds": DAY + 1})
            assert statuses(await api.fetch(account["id"])) == ("restricted", "restricted")
    assert len(receiver.received) == 2


async def test_a_state_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    state = tmp_path / "simulator.db"
    with simulator(state) as first:
        async with connected(first) as api:
            account = (await api.create())["id"]
        first.process.stop()
    later = ("answer", "persons", "person_updated", "v1_only", "compatible_at")
    with sqlite3.connect(state) as file:
        paths = [f"$.{name}" for name in later]
        marks = ", ".join("?" for _ in paths)
        file.execute(f"UPDATE record SET body = json_remove(body, {marks}) WHERE kind = 'account'", paths)
    file.close()
    with simulator(state) as second:
        async with connected(second) as api:
            assert (await api.fetch(account))["id"] == account
            people = plain(await api.client.v2.core.accounts.persons.list_async(account))
            assert people["data"] == []
            second.control(f"accounts/{account}", {"scenario": "activate"})
            assert statuses(await api.fetch(account)) == ("active", "active")


async def test_a_review_ends_after_its_time() -> None:
    with simulator(REVIEW_SECONDS="0.1") as sim:
        async with connected(sim) as api:
            account = await api.create()
            sim.control(f"accounts/{account['id']}", {"scenario": "complete"})
            until(lambda: sim.control("accounts")["data"][0]["requirements"]["summary"] is None)
            assert statuses(await api.fetch(account["id"])) == ("active", "active")


def test_the_process_prints_one_line_at_start_and_stops_on_a_signal() -> None:
    with simulator() as sim:
        sim.process.popen.send_signal(signal.SIGINT)
        sim.process.popen.wait(3)
        assert sim.process.output == f"Simulated Stripe on {sim.base_url}/ (state: memory only)\n"


def test_the_error_for_an_invalid_setting_names_the_setting() -> None:
    environment = {"SIMULATOR_REVIEW_SECONDS": "soon"}
    with (
        pytest.raises(RuntimeError, match="SIMULATOR_REVIEW_SECONDS must be a number"),
        running(["-m", "simulator"], env=environment, ready="http://127.0.0.1:9/"),
    ):
        pass


def test_a_fault_can_be_limited_to_requests_with_certain_metadata(sim: Simulator) -> None:
    sim.control("faults", {"metadata": {"order": "7"}, "status": 503})
    headers = {"Authorization": f"Bearer {STRIPE_KEY}"}

    def ask(path: str, **body: Any) -> int:
        return sim.client.post(path, headers=headers, **body).status_code

    assert ask("/v1/refunds", data={"metadata[order]": "8"}) == 400
    assert ask("/v1/refunds", content=b"\xff") == 400
    assert ask("/v2/core/accounts", json={"metadata": {"order": "7", "more": "x"}}) == 503
    assert ask("/v1/refunds", data={"metadata[order]": "7"}) == 400
    assert sim.control("faults") == {"data": []}


@pytest.mark.parametrize(
    ("status", "v1", "v2"),
    [
        (503, {"type": "api_error"}, {"code": "api_error"}),
        (
            429,
            {"code": "rate_limit", "type": "invalid_request_error"},
            {"code": "account_rate_limit_exceeded", "type": "rate_limit"},
        ),
        (409, {"code": "lock_timeout", "type": "invalid_request_error"}, {"code": "lock_timeout"}),
    ],
)
def test_the_body_of_a_fault_has_the_form_of_v1_or_v2(
    sim: Simulator, status: int, v1: dict[str, str], v2: dict[str, str]
) -> None:
    sim.control("faults", {"method": "GET", "path": "*", "status": status, "times": 2})
    for path, expected in (("/v1/accounts", v1), ("/v2/core/accounts", v2)):
        answer = httpx.get(f"{sim.base_url}{path}", trust_env=False)
        error = answer.json()["error"]
        error.pop("message")
        assert (answer.status_code, error) == (status, expected)
