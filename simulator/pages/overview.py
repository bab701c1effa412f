"""The platform's pages: one for each account, and one with accounts, notifications, faults and the clock."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.accounts.rules import dig
from simulator.control import faults
from simulator.events import losses
from simulator.pages import actions, deliveries, figures
from simulator.pages.rendering import message, name_of, render, state_of
from simulator.platforms import files, saves
from simulator.state import Json, State
from simulator.wire.keys import PLATFORM

_NONE: Mapping[str, str] = MappingProxyType({})


async def index(request: Request) -> Response:
    """GET /: the newest 200 accounts, and the latest deliveries."""
    return show(request)


def show(request: Request, fault: Mapping[str, str] = _NONE, errors: Mapping[str, str] = _NONE) -> Response:
    """Show the page. If a fault was refused, `fault` has its values, and `errors` its errors by field."""
    state: State = request.app.state.simulator
    rows = [
        (account, dig(account, "view.configuration.merchant.capabilities"), state_of(account))
        for account in state.newest("account")
    ]
    return render(
        request,
        "index.html",
        422 if errors else 200,
        fault=fault,
        errors=errors,
        rows=rows[:200],
        total=len(rows),
        now=figures.moment(state.now()),
        groups=deliveries.groups(state),
        destinations=len(state.all("destination")),
        mode=state.control("deliveries")["mode"],
        lost=losses.find(state).get(losses.EVERYBODY, 0),
        faults=state.faults,
        kinds=faults.KINDS,
        labels=actions.LABELS,
        balances=figures.balances(state, PLATFORM),
        files=files.names(),
        saves=saves.names(state, {})["data"],
    )


async def platform(request: Request) -> Response:
    """GET /dashboard/test/connect/accounts/{account}: the account in the platform's own Dashboard."""
    state: State = request.app.state.simulator
    account = state.all("account").get(request.path_params["account"])
    if account is None:
        return message(request, "No such account", "The platform has no account with this id.", 404)
    events = [event for event in state.newest("event") if event.get("context") == account["id"]]
    return render(
        request,
        "platform.html",
        account=account,
        state=state_of(account),
        title=name_of(account),
        capabilities=_statuses(dig(account, "view.configuration.merchant.capabilities") or {}),
        entries=account["view"]["requirements"]["entries"],
        events=[(event, deliveries.words(event["created"], state.now())) for event in events[:12]],
        now=figures.moment(state.now()),
        scenarios=actions.GROUPS,
        groups=deliveries.groups(state, account["id"], 12),
        lost=losses.find(state).get(account["id"], 0),
    )


def _statuses(capabilities: Json) -> dict[str, str]:
    """Return the status of each capability, by its name, such as `stripe_balance.payouts`."""
    statuses: dict[str, str] = {}
    for name, value in capabilities.items():
        if value and "status" in value:
            statuses[name] = value["status"]
        elif value:
            statuses |= {f"{name}.{part}": one["status"] for part, one in value.items() if one}
    return statuses


ROUTES = [
    Route("/", index),
    Route("/dashboard/test/connect/accounts/{account}", platform),
]
