"""The routes of the API, with the body fields and query parameters that each route accepts."""

from collections.abc import Callable

from starlette.routing import Route

from simulator.accounts import accounts, fields, links, parts, persons, tokens, v1
from simulator.events import destinations, events
from simulator.wire.calls import Call, Read, Write
from simulator.wire.routes import read, write
from simulator.wire.shapes import Shape, check

_ACCOUNT = "/v2/core/accounts/{id}"
_PERSONS = "/v2/core/accounts/{account_id}/persons"
_PERSON = f"{_PERSONS}/{{id}}"
_TOKENS = "/v2/core/account_tokens"
_PERSON_TOKENS = "/v2/core/accounts/{account_id}/person_tokens"
_DESTINATION = "/v2/core/event_destinations/{id}"


def _body(shape: Shape) -> Callable[[Call], None]:
    return lambda call: check(call.body, shape)


def _details(shape: Shape, *, creates: bool) -> Callable[[Call], None]:
    def check_details(call: Call) -> None:
        check(call.body, shape)
        parts.check(call.body, creates=creates)

    return check_details


def _link_body(call: Call) -> None:
    check(call.body, links.shape(call.version))


def _act(path: str, handler: Write, show: Read) -> Route:
    return write(path, handler, show, _body({"include": [("webhook_endpoint.url",)]}))


ROUTES = [
    write("/v2/core/accounts", accounts.create, accounts.show, _details(fields.CREATE, creates=True)),
    read("/v2/core/accounts", accounts.list_accounts, ("applied_configurations", "closed", "limit", "page")),
    write(_ACCOUNT, accounts.update, accounts.show, _details(fields.UPDATE, creates=False)),
    read(_ACCOUNT, accounts.show, ("include",)),
    write(f"{_ACCOUNT}/close", accounts.close, accounts.show, _body(fields.CLOSE)),
    write(_PERSONS, persons.create, persons.show, _details(fields.PERSON_CHANGE, creates=True)),
    read(_PERSONS, persons.list_persons, ("limit", "page")),
    write(_PERSON, persons.update, persons.show, _details(fields.PERSON_CHANGE, creates=False)),
    write(_PERSON, persons.delete, persons.show_deleted, _body({}), "DELETE"),
    read(_PERSON, persons.show),
    write(_TOKENS, tokens.create, tokens.show, _details(fields.ACCOUNT_TOKEN, creates=False)),
    read(f"{_TOKENS}/{{id}}", tokens.show),
    write(
        _PERSON_TOKENS,
        tokens.create_for_person,
        tokens.show_for_person,
        _details(fields.PERSON_TOKEN, creates=False),
    ),
    read(f"{_PERSON_TOKENS}/{{id}}", tokens.show_for_person),
    write("/v2/core/account_links", links.create, links.show, _link_body),
    read("/v2/core/events", events.list_events, ("created", "limit", "object_id", "page", "types")),
    read("/v2/core/events/{id}", events.retrieve),
    write(
        "/v2/core/event_destinations",
        destinations.create,
        destinations.show_created,
        _body(destinations.DESTINATION),
    ),
    read("/v2/core/event_destinations", destinations.list_destinations, ("include", "limit", "page")),
    write(_DESTINATION, destinations.update, destinations.show, _body(destinations.DESTINATION_UPDATE)),
    write(_DESTINATION, destinations.delete, destinations.show_deleted, _body({}), "DELETE"),
    read(_DESTINATION, destinations.show, ("include",)),
    _act(f"{_DESTINATION}/enable", destinations.enable, destinations.show),
    _act(f"{_DESTINATION}/disable", destinations.disable, destinations.show),
    _act(f"{_DESTINATION}/ping", destinations.ping, events.retrieve),
    read("/v1/account", v1.show_own, ("expand",)),
    write("/v1/account_links", v1.create_link, v1.show_link, _body(v1.LINK)),
    write("/v1/accounts", v1.create, v1.show, _body(v1.CREATE)),
    read("/v1/accounts", v1.list_accounts, ("ending_before", "limit", "starting_after")),
    read("/v1/accounts/{id}", v1.show, ("expand",)),
    write("/v1/accounts/{id}", v1.update, v1.show, _body(v1.UPDATE)),
    write("/v1/accounts/{id}/login_links", v1.create_login_link, v1.show_login_link, _body({})),
]
