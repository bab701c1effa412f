"""The routes of the API, with the body fields and query parameters that each route accepts."""

from collections.abc import Callable

from starlette.routing import Route

from simulator.accounts import accounts, embedded, fields, links, parts, persons, tokens, v1
from simulator.billing import course, invoices, orders, portal, prices, subscriptions
from simulator.control import audits
from simulator.events import destinations, events
from simulator.money import (
    charges,
    customers,
    domains,
    expansions,
    fees,
    intents,
    ledger,
    methods,
    refunds,
)
from simulator.money import events as v1_events
from simulator.money.checkout import items, sessions
from simulator.money.disputes import calls as disputes
from simulator.money.disputes import files, warnings
from simulator.money.payouts import calls as payouts
from simulator.money.payouts import schedule
from simulator.state import Json
from simulator.wire import forms
from simulator.wire.calls import Call, Read, Write
from simulator.wire.routes import read, read_form, write
from simulator.wire.shapes import Shape, check

_ACCOUNT = "/v2/core/accounts/{id}"
_PERSONS = "/v2/core/accounts/{account_id}/persons"
_PERSON = f"{_PERSONS}/{{id}}"
_TOKENS = "/v2/core/account_tokens"
_PERSON_TOKENS = "/v2/core/accounts/{account_id}/person_tokens"
_FEE_REFUNDS = "/v1/application_fees/{fee}/refunds"
_INTENT = f"{intents.PATH}/{{id}}"
_SESSION = f"{sessions.PATH}/{{id}}"
_CUSTOMER = f"{customers.PATH}/{{id}}"
_DISPUTE = f"{disputes.PATH}/{{id}}"
_DOMAIN = f"{domains.PATH}/{{id}}"
_PAYOUT = f"{payouts.PATH}/{{id}}"
_SUBSCRIPTION = f"{subscriptions.PATH}/{{id}}"
_INVOICE = f"{invoices.PATH}/{{id}}"
_DESTINATION = "/v2/core/event_destinations/{id}"


def _body(shape: Shape) -> Callable[[Call], None]:
    return lambda call: check(call.body, shape)


def _details(shape: Shape, *, creates: bool) -> Callable[[Call], None]:
    def check_details(call: Call) -> None:
        check(call.body, shape)
        parts.check(call.body, creates=creates)

    return check_details


def _form(kind: str, table: forms.Named) -> Callable[[Call], None]:
    """Return the function that checks the parameters of a change, including `expand`."""

    def check_form(call: Call) -> None:
        call.body = forms.read(call.body, table)
        expansions.check(kind, call.body.get("expand", []))

    return check_form


def _new_intent(call: Call) -> None:
    methods.check_types(call)
    _form("payment_intent", intents.CREATE)(call)


def _new_session(call: Call) -> None:
    methods.check_types(call)
    _form("checkout.session", sessions.create_table(call.version))(call)


def _new_customer_session(call: Call) -> None:
    _form("customer_session", customers.session_table(call.version))(call)


def _new_file(call: Call) -> None:
    files.check(call)
    expansions.check("file", call.body.get("expand", []))


def _expanded(show: Read) -> Read:
    return lambda call: expansions.apply(call, show(call))


def _get(path: str, kind: str, show: Read, query: forms.Named = forms.EXPAND) -> Route:
    def read_one(call: Call) -> Json:
        is_list = "limit" in query
        expansions.check(kind, call.query.get("expand", []), is_list=is_list)
        return expansions.apply(call, show(call))

    return read_form(path, read_one, query)


def _audited(handler: Write) -> Write:
    def handle(call: Call) -> str:
        try:
            return handler(call)
        finally:
            audits.check(call.state)

    return handle


def _post(path: str, kind: str, handler: Write, show: Read, table: forms.Named) -> Route:
    return write(path, _audited(handler), _expanded(show), _form(kind, table))


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
    _post(embedded.PATH, "account_session", embedded.create, embedded.show, embedded.FIELDS),
    write("/v1/accounts", v1.create, v1.show, _body(v1.CREATE)),
    read("/v1/accounts", v1.list_accounts, ("ending_before", "limit", "starting_after")),
    read("/v1/accounts/{id}", v1.show, ("expand",)),
    write("/v1/accounts/{id}", v1.update, v1.show, _body(v1.UPDATE)),
    write("/v1/accounts/{id}/login_links", v1.create_login_link, v1.show_login_link, _body({})),
    write(intents.PATH, _audited(intents.create), _expanded(intents.show), _new_intent),
    _get(intents.PATH, "payment_intent", intents.list_intents, intents.QUERY),
    _get(_INTENT, "payment_intent", intents.show, {**forms.EXPAND, "client_secret": str}),
    _post(_INTENT, "payment_intent", intents.update, intents.show, intents.UPDATE),
    _post(f"{_INTENT}/confirm", "payment_intent", intents.confirm, intents.show, intents.CONFIRM),
    _post(f"{_INTENT}/capture", "payment_intent", intents.capture, intents.show, intents.CAPTURE),
    _post(f"{_INTENT}/cancel", "payment_intent", intents.cancel, intents.show, intents.CANCEL),
    _post(customers.PATH, "customer", customers.create, customers.show, customers.FIELDS),
    _get(customers.PATH, "customer", customers.list_customers, customers.QUERY),
    _get(_CUSTOMER, "customer", customers.show),
    _post(_CUSTOMER, "customer", customers.update, customers.show, customers.FIELDS),
    write(
        customers.SESSION_PATH,
        customers.create_session,
        _expanded(customers.show_session),
        _new_customer_session,
    ),
    _post(domains.PATH, "payment_method_domain", domains.create, domains.show, domains.CREATE),
    _get(domains.PATH, "payment_method_domain", domains.list_domains, domains.QUERY),
    _get(_DOMAIN, "payment_method_domain", domains.show),
    _post(_DOMAIN, "payment_method_domain", domains.update, domains.show, domains.UPDATE),
    _post(f"{_DOMAIN}/validate", "payment_method_domain", domains.validate, domains.show, forms.EXPAND),
    _get("/v1/payment_methods/{id}", "payment_method", methods.show),
    _get(charges.PATH, "charge", charges.list_charges, charges.QUERY),
    _get(f"{charges.PATH}/{{id}}", "charge", charges.show),
    _post(f"{charges.PATH}/{{id}}", "charge", charges.update, charges.show, charges.UPDATE),
    _post(refunds.PATH, "refund", refunds.create, refunds.show, refunds.CREATE),
    _get(refunds.PATH, "refund", refunds.list_refunds, refunds.QUERY),
    _get(f"{refunds.PATH}/{{id}}", "refund", refunds.show),
    _post(f"{refunds.PATH}/{{id}}", "refund", refunds.update, refunds.show, refunds.UPDATE),
    _get(disputes.PATH, "dispute", disputes.list_disputes, disputes.QUERY),
    _get(_DISPUTE, "dispute", disputes.show),
    _post(_DISPUTE, "dispute", disputes.update, disputes.show, disputes.UPDATE),
    _post(f"{_DISPUTE}/close", "dispute", disputes.close, disputes.show, forms.EXPAND),
    write(files.PATH, files.create, _expanded(files.show), _new_file),
    _get(files.PATH, "file", files.list_files, files.QUERY),
    _get(f"{files.PATH}/{{id}}", "file", files.show),
    _get(warnings.PATH, warnings.OBJECT, warnings.list_warnings, warnings.QUERY),
    _get(f"{warnings.PATH}/{{id}}", warnings.OBJECT, warnings.show),
    _get(v1_events.PATH, "event", v1_events.list_events, v1_events.QUERY),
    _get(f"{v1_events.PATH}/{{id}}", "event", v1_events.show),
    _get("/v1/balance", "balance", ledger.show_balance),
    _get(ledger.PATH, "balance_transaction", ledger.list_transactions, ledger.QUERY),
    _get(f"{ledger.PATH}/{{id}}", "balance_transaction", ledger.show),
    _get("/v1/balance_settings", "balance_settings", schedule.show),
    _post("/v1/balance_settings", "balance_settings", schedule.update, schedule.show, schedule.UPDATE),
    _post(payouts.PATH, "payout", payouts.create, payouts.show, payouts.CREATE),
    _get(payouts.PATH, "payout", payouts.list_payouts, payouts.QUERY),
    _get(_PAYOUT, "payout", payouts.show),
    _post(_PAYOUT, "payout", payouts.update, payouts.show, payouts.UPDATE),
    _post(f"{_PAYOUT}/cancel", "payout", payouts.cancel, payouts.show, forms.EXPAND),
    _get(fees.PATH, "application_fee", fees.list_fees, fees.QUERY),
    _get(f"{fees.PATH}/{{id}}", "application_fee", fees.show),
    _post(_FEE_REFUNDS, "fee_refund", fees.create_refund, fees.show_refund, fees.REFUND),
    _get(_FEE_REFUNDS, "fee_refund", fees.list_refunds, fees.REFUNDS_QUERY),
    _get(f"{_FEE_REFUNDS}/{{id}}", "fee_refund", fees.show_refund),
    _post(f"{_FEE_REFUNDS}/{{id}}", "fee_refund", fees.update_refund, fees.show_refund, fees.REFUND_UPDATE),
    write(sessions.PATH, sessions.create, _expanded(sessions.show), _new_session),
    _get(sessions.PATH, "checkout.session", sessions.list_sessions, sessions.QUERY),
    _get(_SESSION, "checkout.session", sessions.show),
    _post(_SESSION, "checkout.session", sessions.update, sessions.show, sessions.UPDATE),
    _post(f"{_SESSION}/expire", "checkout.session", sessions.expire, sessions.show, forms.EXPAND),
    _get(f"{_SESSION}/line_items", "item", items.list_items, items.QUERY),
    _post(prices.PRODUCT_PATH, "product", prices.create_product, prices.show_product, prices.PRODUCT),
    _get(prices.PRODUCT_PATH, "product", prices.list_products, prices.PRODUCT_QUERY),
    _get(f"{prices.PRODUCT_PATH}/{{id}}", "product", prices.show_product),
    _post(prices.PATH, "price", prices.create, prices.show, prices.PRICE),
    _get(prices.PATH, "price", prices.list_prices, prices.QUERY),
    _get(f"{prices.PATH}/{{id}}", "price", prices.show),
    _get(subscriptions.PATH, "subscription", subscriptions.list_subscriptions, subscriptions.QUERY),
    _post(subscriptions.PATH, "subscription", orders.create, subscriptions.show, orders.FIELDS),
    _get(_SUBSCRIPTION, "subscription", subscriptions.show),
    _post(_SUBSCRIPTION, "subscription", subscriptions.update, subscriptions.show, subscriptions.UPDATE),
    write(
        _SUBSCRIPTION,
        subscriptions.cancel,
        _expanded(subscriptions.show),
        _form("subscription", subscriptions.CANCEL),
        "DELETE",
    ),
    _get(invoices.PATH, "invoice", invoices.list_invoices, invoices.QUERY),
    _get(_INVOICE, "invoice", invoices.show),
    _post(f"{_INVOICE}/pay", "invoice", course.pay, invoices.show, invoices.PAY),
    _post(f"{_INVOICE}/void", "invoice", course.void, invoices.show, forms.EXPAND),
    _get(invoices.PAYMENTS_PATH, "invoice_payment", invoices.list_payments, invoices.PAYMENTS_QUERY),
    _get(f"{invoices.PAYMENTS_PATH}/{{id}}", "invoice_payment", invoices.show_payment),
    _post(portal.PATH, "billing_portal.session", portal.create, portal.show, portal.FIELDS),
]
