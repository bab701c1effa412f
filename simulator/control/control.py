"""The control plane under /simulator/, for tests and demos. Stripe has no such API."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.accounts import existing
from simulator.control import audits, billing, clock, faults, payments, payouts, scenarios, switches
from simulator.events import destinations, events, losses
from simulator.money import domains
from simulator.platforms import files, saves
from simulator.state import Calls, Json, State, rfc3339, token
from simulator.wire import keys
from simulator.wire.errors import Refused

Order = Callable[[State, Json], Any]


def _health(_state: State, _: Json) -> Json:
    return {"status": "ok"}


def _accounts(state: State, _: Json) -> Json:
    """Return all accounts with some hidden fields, and the number of accounts by metadata key and value."""
    rows = list(state.all("account").values())
    counts = Counter(f"{key}={value}" for account in rows for key, value in account["metadata"].items())
    hidden = ("bank", "deauthorized", "document", "extras", "person", "review_until", "verdict", "verified")
    views = [{**account["view"], "simulator": {name: account[name] for name in hidden}} for account in rows]
    return {"count": len(rows), "per_metadata": counts, "data": views}


def _account(state: State, order: Json) -> Json:
    scenarios.play(state, order["id"], order)
    view: Json = state.all("account")[order["id"]]["view"]
    return view


def _destination(state: State, order: Json) -> Json:
    return destinations.steer(state, order.pop("id"), order)


def _clock(state: State, order: Json) -> Json:
    if unknown := set(order) - {"advance_seconds"}:
        message = f"{', '.join(sorted(unknown))}: unknown field. The clock has the field advance_seconds"
        raise Refused("parameter_unknown", message)
    # The timer also does the work that is due, but a client must see the effects right after this answer.
    clock.advance(state, float(order.get("advance_seconds", 0)))
    offset = float(state.control("clock")["offset"])
    return {"now": rfc3339(state.now()), "offset": offset}


def _list_faults(state: State, _: Json) -> Json:
    return {"data": state.faults}


def _lose(state: State, order: Json) -> Json:
    """Lose the next notifications about one account, or about any account. Returns the remaining losses."""
    if unknown := set(order) - {"account", "count"}:
        message = f"{', '.join(sorted(unknown))}: unknown field. A loss has the fields account and count"
        raise Refused("parameter_unknown", message)
    return losses.add(state, order.get("account"), int(order.get("count", 1)))


def _add_fault(state: State, order: Json) -> Json:
    return faults.add(state, order)


def _clear_faults(state: State, _: Json) -> Json:
    state.faults.clear()
    return {"data": []}


def _lists(state: State, order: Json) -> Json:
    kinds: dict[str, Callable[[Any], Any]] = {"lag_seconds": float, "hide_events": bool}
    return state.steer("lists", {name: kind(order[name]) for name, kind in kinds.items() if name in order})


def _set_money(state: State, order: Json) -> Json:
    """Set the delays of payments, refunds, disputes and payouts, in seconds."""
    if unknown := set(order) - set(state.control("money")):
        raise Refused("parameter_unknown", f"{', '.join(sorted(unknown))}: unknown field")
    return state.steer("money", {name: float(value) for name, value in order.items()})


def _list_switches(state: State, _: Json) -> Json:
    return state.control("switches")


def _list_keys(state: State, _: Json) -> Json:
    return {"data": list(state.all("restricted_key").values()), "permissions": keys.PERMISSIONS}


def _list_deliveries(state: State, order: Json) -> Json:
    chosen = [
        delivery
        for delivery in state.all("delivery").values()
        if all(delivery[name] == order[name] for name in ("event", "status", "type") if name in order)
    ]
    return {"settings": state.control("deliveries"), "data": chosen}


def _count_deliveries(state: State, _: Json) -> Json:
    """Return the number of events with deliveries, and the number of deliveries by status."""
    deliveries = state.all("delivery").values()
    return {
        "events": len({delivery["event"] for delivery in deliveries}),
        "statuses": Counter(delivery["status"] for delivery in deliveries),
    }


def _set_deliveries(state: State, order: Json) -> Json:
    current = state.control("deliveries")
    if set(order) - set(current) or order.get("mode", "live") not in {"live", "hold", "drop"}:
        names = f"{', '.join(current)}; mode is live, hold or drop"
        raise Refused("parameter_invalid", f"the settings of deliveries are {names}")
    settings = state.steer("deliveries", order)
    if "seed" in order:
        state.chance.seed(order["seed"])
    if order.get("mode") == "live":
        _flush(state, {})
    return settings


def _flush(state: State, _: Json) -> Json:
    return {"released": events.release(state)}


def _redeliver(state: State, order: Json) -> Json:
    return {"data": events.redeliver(state, order["id"])}


def _notify(state: State, order: Json) -> Json:
    """Send a notification with the fields, payload, signing secret and age that the request gives.

    It goes to the destination in the request, or to all destinations if the request names none. If the
    request has `data`, the API also shows and lists the event of this notification.
    """
    event: Json = {
        "id": token("evt_test_", 40),
        "object": "v2.core.event",
        "type": "v2.core.account.updated",
        "created": rfc3339(state.now()),
        "livemode": False,
        "context": None,
        "reason": None,
    } | order.get("notification", {})
    if "data" in order:
        event |= {"data": order["data"], "changes": None, "snapshot_event": None}
        state.save("event", event["id"], event)
    special = {name: order[name] for name in ("secret", "stale_seconds", "payload") if name in order}
    chosen = [order["destination"]] if "destination" in order else list(state.all("destination"))
    deliveries = [delivery for key in chosen for delivery in events.queue(state, event, key, **special)]
    return {"notification": event, "data": deliveries}


def _calls(state: State, _: Json) -> Json:
    calls = state.calls
    return {
        "total": calls.routes.total(),
        "calls": calls.routes,
        "addresses": calls.addresses,
        "busiest_second": calls.busiest_second,
    }


def _clear_calls(state: State, order: Json) -> Json:
    state.calls = Calls()
    return _calls(state, order)


def _reset(state: State, _: Json) -> Json:
    state.reset()
    return {"status": "ok"}


def _route(method: str, path: str, order: Order) -> Route:
    async def endpoint(request: Request) -> Response:
        content = await request.body()
        try:
            body = dict(await request.json()) if content else {}
            body |= {**request.query_params, **request.path_params}
            return JSONResponse(order(request.app.state.simulator, body))
        except (TypeError, ValueError) as error:
            return JSONResponse({"error": {"code": "invalid", "message": str(error)}}, 400)
        except Refused as refused:
            return JSONResponse(refused.body(), refused.status)

    return Route(f"/simulator/{path}", endpoint, methods=[method])


ROUTES = [
    _route("GET", "health", _health),
    _route("GET", "accounts", _accounts),
    _route("POST", "accounts", existing.create),
    _route("POST", "accounts/{id}", _account),
    _route("POST", "destinations/{id}", _destination),
    _route("POST", "clock", _clock),
    _route("GET", "ledger", audits.audit),
    _route("GET", "payments", payments.everything),
    _route("POST", "payments/{id}", payments.play),
    _route("POST", "payouts/{id}", payouts.play),
    _route("POST", "balances/{id}", payouts.play_balance),
    _route("POST", "subscriptions/{id}", billing.play),
    _route("GET", "billing", lambda state, _: state.control("billing")),
    _route("POST", "billing", billing.steer),
    _route("GET", "money", lambda state, _: state.control("money")),
    _route("POST", "money", _set_money),
    _route("GET", "domains", lambda state, _: state.control("domains")),
    _route("POST", "domains", domains.steer),
    _route("GET", "faults", _list_faults),
    _route("POST", "faults", _add_fault),
    _route("DELETE", "faults", _clear_faults),
    _route("GET", "losses", lambda state, _: losses.find(state)),
    _route("POST", "losses", _lose),
    _route("POST", "lists", _lists),
    _route("GET", "switches", _list_switches),
    _route("POST", "switches", switches.turn),
    _route("GET", "keys", _list_keys),
    _route("POST", "keys", keys.create),
    _route("GET", "deliveries", _list_deliveries),
    _route("POST", "deliveries", _set_deliveries),
    _route("GET", "deliveries/counts", _count_deliveries),
    _route("POST", "deliveries/flush", _flush),
    _route("POST", "events/{id}/redeliver", _redeliver),
    _route("POST", "notify", _notify),
    _route("GET", "calls", _calls),
    _route("DELETE", "calls", _clear_calls),
    _route("POST", "platforms", files.load),
    _route("GET", "saves", saves.names),
    _route("POST", "saves/{name}", saves.save),
    _route("POST", "saves/{name}/load", saves.load),
    _route("POST", "reset", _reset),
]
