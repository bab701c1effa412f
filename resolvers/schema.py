"""The schema: the root fields and node types of all kinds of objects.

For a new kind of object, add its root fields and node types here, its node lookup to `relay.nodes`, and its
entity to `federation.entities`.
"""

import contextlib
import dataclasses
import json
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.tools import create_type
from strawberry.types import ExecutionContext
from strawberry.types.execution import PreExecutionError

from resolvers.common.errors import HANDLERS, CodeErrors
from resolvers.common.scalars import CONFIG, SCALARS
from resolvers.common.viewer import viewer
from resolvers.disputes import dispute_list, dispute_lookup
from resolvers.disputes.answers import accept_dispute, submit_dispute_evidence
from resolvers.disputes.dispute import Dispute
from resolvers.disputes.queries import dispute, disputes
from resolvers.disputes.subscriptions import dispute_changed, dispute_list_changed
from resolvers.embedded.sessions import create_account_session
from resolvers.execution.admission import Admission, Deadline
from resolvers.execution.shared_execution import Executor
from resolvers.federation import fields as federation
from resolvers.federation.names import Subgraph, SubgraphNames
from resolvers.finances import payout_list, payout_lookup
from resolvers.finances.manual_payouts import create_payout
from resolvers.finances.payout import Payout
from resolvers.finances.queries import payout, payouts
from resolvers.finances.schedules import update_payout_schedule
from resolvers.finances.subscriptions import payout_changed, payout_list_changed
from resolvers.merchants.mutations import adoption, mutations
from resolvers.merchants.mutations.erasure import erase_merchant
from resolvers.merchants.mutations.persons import add_person
from resolvers.merchants.mutations.replacement import replace_account
from resolvers.merchants.reading import merchant_list, merchant_lookup
from resolvers.merchants.reading.queries import merchant, merchants
from resolvers.merchants.reading.subscriptions import (
    merchant_changed,
    merchant_list_changed,
    merchants_changed,
)
from resolvers.merchants.types.account import ConnectedAccount
from resolvers.merchants.types.merchant import Merchant
from resolvers.outgoing import endpoints as event_endpoints
from resolvers.outgoing.events import outgoing_events
from resolvers.outgoing.replays import replay_outgoing_events
from resolvers.payments.mutations.changes import cancel_payment, capture_payment
from resolvers.payments.mutations.checkout import create_checkout
from resolvers.payments.mutations.fee_policies import set_fee_policy
from resolvers.payments.mutations.intents import create_payment_intent
from resolvers.payments.mutations.refunds import refund_payment
from resolvers.payments.reading import payment_list, payment_lookup
from resolvers.payments.reading.queries import payment, payments
from resolvers.payments.reading.revenue import revenue
from resolvers.payments.reading.subscriptions import payment_changed, payment_list_changed
from resolvers.payments.types.payment import Payment, Refund
from resolvers.platform.destinations import enable_destination
from resolvers.platform.events import StripeEventType, replay_event
from resolvers.platform.platform import platform
from resolvers.platform.problems import dismiss_problem
from resolvers.platform.subscriptions import platform_changed
from resolvers.relay.documents import Listing, One
from resolvers.relay.nodes import node, nodes
from resolvers.services.mutations import create_billing_portal_link, start_service

QUERIES = (
    *(node, nodes, viewer, merchant, merchants, payment, payments),
    *(dispute, disputes, payout, payouts, revenue, platform),
    *(outgoing_events, event_endpoints.event_endpoints),
)

MUTATIONS = (
    mutations.create_merchant,
    adoption.adopt_merchant,
    adoption.import_merchants,
    mutations.update_merchant,
    mutations.create_onboarding_link,
    mutations.create_dashboard_link,
    create_account_session,
    mutations.refresh_merchant,
    mutations.close_merchant,
    erase_merchant,
    add_person,
    replace_account,
    set_fee_policy,
    create_checkout,
    create_payment_intent,
    cancel_payment,
    capture_payment,
    refund_payment,
    submit_dispute_evidence,
    accept_dispute,
    create_payout,
    update_payout_schedule,
    start_service,
    create_billing_portal_link,
    event_endpoints.create_event_endpoint,
    event_endpoints.update_event_endpoint,
    event_endpoints.delete_event_endpoint,
    event_endpoints.rotate_event_endpoint_secret,
    event_endpoints.send_test_event,
    replay_outgoing_events,
    replay_event,
    dismiss_problem,
    enable_destination,
)

SUBSCRIPTIONS = (
    merchant_changed,
    merchants_changed,
    merchant_list_changed,
    payment_changed,
    payment_list_changed,
    dispute_changed,
    dispute_list_changed,
    payout_changed,
    payout_list_changed,
    platform_changed,
)

DESCRIPTIONS = {
    "Query": "All queries. They read the database of ConnectQL and never call Stripe.",
    "Mutation": "All mutations. The result of each mutation is a union of its payload and its expected "
    "errors.",
    "Subscription": "All subscriptions. Each message has the current state of an object, or asks the client "
    "to read a list (`READ`). Several changes can arrive as one message, but an older state never follows a "
    "newer one. If a fetch from Stripe shows no changes, no message is sent. If the connection is lost, "
    "subscribe again: the first message is the current state or `READ`, so no change is missed. "
    "`merchantsChanged` with `presentFirst: false` sends no such first message: read `merchants` again. A "
    "subscription ends when the token expires.",
}

# The object types of `node` and `nodes`, which are also the entities of a subgraph.
NODES = (Merchant, ConnectedAccount, StripeEventType, Payment, Refund, Dispute, Payout)


# The root fields that the query compiler supports, besides `_entities` of a subgraph.
ROOTS: dict[str, One | Listing] = {
    "merchant": merchant_lookup.ONE,
    "merchants": merchant_list.LISTING,
    "payment": payment_lookup.ONE,
    "payments": payment_list.LISTING,
    "dispute": dispute_lookup.ONE,
    "disputes": dispute_list.LISTING,
    "payout": payout_lookup.ONE,
    "payouts": payout_list.LISTING,
}


class Schema(strawberry.Schema):
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Log nothing: CodeErrors logs unexpected errors, and Strawberry would also log invalid requests."""

    async def stream(  # type: ignore[override]
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any = None,
        root_value: Any = None,
        operation_name: str | None = None,
        **more: Any,
    ) -> AsyncGenerator[Any, None]:
        """The results of one operation of a live connection. The operation gets its own context."""
        operation = query, json.dumps(variable_values, sort_keys=True), operation_name
        source = await super().stream(
            query, variable_values, context_value.renew(operation), root_value, operation_name, **more
        )

        async def results() -> AsyncGenerator[Any, None]:
            try:
                async with contextlib.aclosing(source):
                    async for result in source:
                        yield result
            except GraphQLError as error:  # a syntax error, which `operations.read` raises
                yield PreExecutionError(data=None, errors=[error])

        return results()


def build(subgraph: Subgraph | None = None) -> Schema:
    """The schema. If `subgraph` is given, it has the subgraph's names and the root fields for a router."""
    config, more = CONFIG, list[Any]()
    if subgraph is not None:
        scalars = subgraph.scalars({**SCALARS, **federation.SCALARS})
        config = dataclasses.replace(CONFIG, scalar_map=scalars, name_converter=SubgraphNames(subgraph))
        more = federation.fields(subgraph, NODES)

    def root(name: str, fields: Sequence[Any]) -> type:
        fields = subgraph.fields(name, fields) if subgraph is not None else fields
        return create_type(name, list(fields), description=DESCRIPTIONS[name])

    return Schema(
        root("Query", [*QUERIES, *more]),
        root("Mutation", MUTATIONS),
        root("Subscription", SUBSCRIPTIONS),
        execution_context_class=Executor,
        types=NODES,
        config=config,
        exception_handlers=HANDLERS,
        # Pass classes, because an instance would carry state from one request to the next.
        extensions=[CodeErrors, Admission, Deadline],
    )


# The schema without Apollo Federation.
schema = build()
