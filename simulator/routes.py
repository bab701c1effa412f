"""The API's routes: which function answers which path, and which fields and parameters it takes."""

from collections.abc import Callable
from functools import partial

from starlette.routing import Route

from simulator.accounts import accounts, fields, links
from simulator.events import destinations, events
from simulator.state import Json
from simulator.wire.wire import Read, Write, read, write

_ACCOUNT = "/v2/core/accounts/{id}"
_DESTINATION = "/v2/core/event_destinations/{id}"


def _body(shape: fields.Shape) -> Callable[[Json], None]:
    return partial(fields.check, shape=shape)


def _anything(_: Json) -> None:
    """Accept a body that is not looked at."""


def _act(path: str, handler: Write, show: Read) -> Route:
    return write(path, handler, show, _body({"include": [("webhook_endpoint.url",)]}))


ROUTES = [
    write("/v2/core/accounts", accounts.create, accounts.show, _body(fields.CREATE)),
    read("/v2/core/accounts", accounts.list_accounts, ("applied_configurations", "closed", "limit", "page")),
    write(_ACCOUNT, accounts.update, accounts.show, _body(fields.UPDATE)),
    read(_ACCOUNT, accounts.show, ("include",)),
    write(f"{_ACCOUNT}/close", accounts.close, accounts.show, _body(fields.CLOSE)),
    read(f"{_ACCOUNT}/persons", accounts.persons, ("limit", "page")),
    read(f"{_ACCOUNT}/persons/{{person}}", accounts.person),
    write("/v2/core/account_links", links.create, links.show, _body(fields.LINK)),
    read("/v2/core/events", events.list_events, ("created", "limit", "object_id", "page", "types")),
    read("/v2/core/events/{id}", events.retrieve),
    write(
        "/v2/core/event_destinations",
        destinations.create,
        destinations.show_created,
        _body(fields.DESTINATION),
    ),
    read("/v2/core/event_destinations", destinations.list_destinations, ("include", "limit", "page")),
    write(_DESTINATION, destinations.update, destinations.show, _body(fields.DESTINATION_UPDATE)),
    write(_DESTINATION, destinations.delete, destinations.show_deleted, _body({}), "DELETE"),
    read(_DESTINATION, destinations.show, ("include",)),
    _act(f"{_DESTINATION}/enable", destinations.enable, destinations.show),
    _act(f"{_DESTINATION}/disable", destinations.disable, destinations.show),
    _act(f"{_DESTINATION}/ping", destinations.ping, events.retrieve),
    read("/v1/accounts/{id}", accounts.v1_account, ("expand",)),
    write("/v1/accounts/{id}/login_links", lambda call: call.path["id"], accounts.v1_login_link, _anything),
]
