"""Compares payouts, balances, disputes and services in GraphQL's answers with the local Stripe's objects.

Every amount is compared in minor units. Stripe's side is read through its own API and the control plane.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from testing.deployment import Deployment
from testing.environment import STRIPE_KEY

Json = dict[str, Any]
Sums = dict[str, Counter[str]]  # by part of the balance, then by currency

_PAYOUTS = """
query ($after: String) {
  found: payouts(first: 100, after: $after, orderBy: CREATED_AT_ASC) {
    edges { node {
      stripePayoutId status amount { ...money } arrivalDate automatic traceId reconciliation
      transactionsCompleteAt destination { last4 } failure { code } merchant { externalId }
    } }
    pageInfo { hasNextPage endCursor }
  }
}
fragment money on Money { minorUnits currency }
"""
_INSIDE = """
query ($payout: String!, $after: String) {
  payout(by: {stripePayoutId: $payout}) {
    found: transactions(first: 100, after: $after) {
      edges { node {
        stripeTransactionId stripeSourceId type amount { ...money } fee { ...money } net { ...money }
      } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
fragment money on Money { minorUnits currency }
"""
_DISPUTES = """
query ($after: String) {
  found: disputes(first: 100, after: $after) {
    edges { node {
      stripeDisputeId status kind reason dueBy needsResponse amount { ...money } withdrawn { ...money }
      fee { ...money } evidence { state submissionCount } merchant { externalId }
    } }
    pageInfo { hasNextPage endCursor }
  }
}
fragment money on Money { minorUnits currency }
"""
_MERCHANTS = """
query ($after: String) {
  found: merchants(first: 100, after: $after) {
    edges { node {
      externalId payoutObstacles { kind } dashboard { tasks { kind attention deadline } }
      payoutSchedule { interval weeklyDays monthlyDays isEnabled }
      balance { isNegative amounts {
        currency available { ...money } pending { ...money } reserved { ...money }
      } }
      service {
        stripeSubscriptionId status access graceUntil currentPeriodEndsAt endedAt
        items { stripePriceId quantity unitAmount { ...money } }
        invoices { stripeInvoiceId status number attempts total { ...money } remaining { ...money } }
      }
    } }
    pageInfo { hasNextPage endCursor }
  }
}
fragment money on Money { minorUnits currency }
"""
_ON_THE_WAY = {"PENDING", "IN_TRANSIT"}
_AWAITING = {"warning_needs_response", "needs_response"}
_ENDED = {"canceled", "incomplete_expired"}
# An overdue merchant keeps the access for this time.
_GRACE = timedelta(days=14)
# A merchant's document lists at most this number of invoices.
_INVOICES = 12


def differences(deployment: Deployment, accounts: Mapping[str, str], at: datetime) -> list[str]:
    """The differences between Stripe and GraphQL. `accounts` has the accounts' ids by the merchant's id. `at`
    is the time of the clock that Stripe and the service share.
    """
    shown = {one["externalId"]: one for one in _all(deployment, _MERCHANTS)}
    sent, disputed = payouts(deployment), _all(deployment, _DISPUTES)
    problems = []
    for merchant, account in accounts.items():
        own = [one for one in sent if one["merchant"]["externalId"] == merchant]
        disputes = [one for one in disputed if one["merchant"]["externalId"] == merchant]
        found = [
            *_payouts(deployment, account, own),
            *_balance(deployment, account, shown[merchant], own),
            *_disputes(deployment, account, shown[merchant], disputes),
            *_service(deployment, account, shown[merchant]["service"], at),
        ]
        problems += [f"{merchant}: {one}" for one in found]
    return problems


def payouts(deployment: Deployment) -> list[Json]:
    """Every payout, read through GraphQL."""
    return _all(deployment, _PAYOUTS)


def reserved(deployment: Deployment) -> dict[tuple[str, str], int]:
    """The reserves that clients read, by merchant and currency."""
    return {
        (one["externalId"], part["currency"]): money(part["reserved"])[0]
        for one in _all(deployment, _MERCHANTS)
        for part in (one["balance"] or {"amounts": []})["amounts"]
    }


def at_stripe(deployment: Deployment, path: str, account: str | None = None, **query: str) -> list[Json]:
    """All objects of a list of Stripe's API."""
    headers = {"Authorization": f"Bearer {STRIPE_KEY}", **({"Stripe-Account": account} if account else {})}
    found: list[Json] = []
    while True:
        after = {"starting_after": found[-1]["id"]} if found else {}
        params = {"limit": "100", **query, **after}
        answer = deployment.simulator.client.get(f"/v1/{path}", params=params, headers=headers)
        page = answer.raise_for_status().json()
        found += page["data"]
        if not page["has_more"]:
            return found


def _payouts(deployment: Deployment, account: str, shown: Iterable[Json]) -> list[str]:
    """The differences between the payouts, and between the transactions inside them."""
    listed = at_stripe(deployment, "payouts", account, **{"expand[]": "data.destination"})
    nodes = {one["stripePayoutId"]: one for one in shown}
    problems = _apart("payout", {one["id"]: _payout(one) for one in listed}, nodes, _plain_payout)
    for one in listed:
        if one["reconciliation_status"] != "completed" or one["id"] not in nodes:
            continue
        rows = at_stripe(deployment, "balance_transactions", account, payout=one["id"])
        expected = {row["id"]: _transaction(row) for row in rows if row["source"] != one["id"]}
        inside = _all(deployment, _INSIDE, {"payout": one["id"]}, "payout")
        by_id = {row["stripeTransactionId"]: row for row in inside}
        problems += _apart(f"transaction in {one['id']}", expected, by_id, _plain_transaction)
        total = sum(money(row["net"])[0] for row in inside)
        if total != one["amount"]:
            problems.append(f"the transactions in {one['id']} add up to {total}, not {one['amount']}")
    return problems


def _payout(one: Json) -> Json:
    return {
        "status": one["status"].upper(),
        "amount": (one["amount"], one["currency"].upper()),
        "arrivalDate": datetime.fromtimestamp(one["arrival_date"], UTC).date().isoformat(),
        "automatic": one["automatic"],
        "traceId": one["trace_id"]["value"],
        "reconciliation": one["reconciliation_status"].upper(),
        "destination": one["destination"]["last4"],
        "failure": one["failure_code"],
    }


def _plain_payout(node: Json) -> Json:
    names = "status", "arrivalDate", "automatic", "traceId", "reconciliation"
    return {
        **{name: node[name] for name in names},
        "amount": money(node["amount"]),
        "destination": node["destination"]["last4"],
        "failure": node["failure"]["code"] if node["failure"] else None,
    }


def _transaction(row: Json) -> Json:
    currency = row["currency"].upper()
    amounts = {name: (row[name], currency) for name in ("amount", "fee", "net")}
    return {**amounts, "type": row["type"], "source": row["source"]}


def _plain_transaction(node: Json) -> Json:
    amounts = {name: money(node[name]) for name in ("amount", "fee", "net")}
    return {**amounts, "type": node["type"], "source": node["stripeSourceId"]}


def _balance(deployment: Deployment, account: str, node: Json, sent: Iterable[Json]) -> list[str]:
    """The differences between the balances, the schedules, and the obstacles that follow from them."""
    ledger = deployment.simulator.control("ledger")["balances"].get(account, {})
    expected: Sums = {name: _without_zero(ledger.get(name, {})) for name in ("available", "pending")}
    expected["reserved"] = Counter()
    for kind in ("reserve_hold", "reserve_release"):
        for row in at_stripe(deployment, "balance_transactions", account, type=kind):
            if row["balance_type"] == "risk_reserved":
                expected["reserved"][row["currency"].upper()] += row["net"]
    expected["reserved"] = _without_zero(expected["reserved"])
    amounts = (node["balance"] or {"amounts": []})["amounts"]
    problems = []
    for name, sums in expected.items():
        actual = _without_zero({one["currency"]: money(one[name])[0] for one in amounts})
        if actual != sums:
            problems.append(f"the balance has {dict(actual)} {name}, at Stripe {dict(sums)}")
    settings = _object(deployment, "balance_settings", account)["payments"]["payouts"]
    schedule = settings["schedule"]
    problems += _apart(
        "schedule",
        {
            account: {
                "interval": schedule["interval"].upper(),
                "weeklyDays": [day.upper() for day in schedule["weekly_payout_days"] or ()],
                "monthlyDays": schedule["monthly_payout_days"] or [],
                "isEnabled": settings["status"] == "enabled",
            }
        },
        {account: node["payoutSchedule"] or {}},
        dict,
    )
    kinds = {one["kind"] for one in node["payoutObstacles"]}
    is_negative = any(amount < 0 for amount in expected["available"].values())
    for kind, exists in (
        ("BALANCE_NEGATIVE", is_negative),
        ("MONEY_RESERVED", bool(expected["reserved"])),
        ("PAYOUT_FAILED", _has_failed(sent)),
    ):
        if (kind in kinds) is not exists:
            problems.append(f"the obstacle {kind} is {'missing' if exists else 'shown'}")
    return problems


def _has_failed(sent: Iterable[Json]) -> bool:
    """Whether, in any currency, the last payout that has ended came back. `sent` begins with the oldest
    payout.
    """
    last = {one["amount"]["currency"]: one["status"] for one in sent if one["status"] not in _ON_THE_WAY}
    return "FAILED" in last.values()


def _disputes(deployment: Deployment, account: str, node: Json, shown: Iterable[Json]) -> list[str]:
    """The differences between the disputes, and between the deadline and the count of the merchant's task."""
    views = [one for one in deployment.simulator.control("payments")["data"] if one["account"] == account]
    expected = {
        one["id"]: _dispute(one, is_refunded=view["charge"]["refunded"])
        for view in views
        for one in view["disputes"]
    }
    problems = _apart("dispute", expected, {one["stripeDisputeId"]: one for one in shown}, _plain_dispute)
    open_disputes = [one for one in expected.values() if one["needsResponse"]]
    warned = [view for view in views if any(one["actionable"] for one in view["warnings"])]
    failed = [view for view in views if any(one["status"] == "failed" for one in view["refunds"])]
    # A failed refund counts for a limited time.
    least = len(open_disputes) + sum(not view["charge"]["refunded"] for view in warned)
    most = least + len(failed)
    (task,) = (one for one in node["dashboard"]["tasks"] if one["kind"] == "RESPOND_TO_DISPUTES_AND_REFUNDS")
    deadline = min((one["dueBy"] for one in open_disputes), default=None)
    if _moment(task["deadline"]) != deadline:
        problems.append(f"the deadline of the task is {task['deadline']}, that of the disputes {deadline}")
    if not least <= task["attention"] <= most:
        problems.append(f"the task counts {task['attention']}, at Stripe are {least} to {most}")
    return problems


def _dispute(one: Json, *, is_refunded: bool) -> Json:
    rows, details = one["balance_transactions"], one["evidence_details"]
    currency, due_by = one["currency"].upper(), details["due_by"]
    is_inquiry = one["status"].startswith("warning")
    is_awaited = one["status"] in _AWAITING and not details["past_due"] and due_by is not None
    state = "STAGED" if details["has_evidence"] else "NONE"
    if details["submission_count"] and one["status"] not in _AWAITING:
        state = "SUBMITTED"
    elif details["past_due"]:
        state = "PAST_DUE"
    return {
        "status": one["status"].upper(),
        "kind": "INQUIRY" if is_inquiry else "CHARGEBACK",
        "reason": one["reason"],
        "dueBy": datetime.fromtimestamp(due_by, UTC) if due_by is not None else None,
        "needsResponse": is_awaited and not (is_inquiry and is_refunded),
        "amount": (one["amount"], currency),
        "withdrawn": (-sum(row["amount"] for row in rows), currency) if rows else None,
        "fee": (sum(row["fee"] for row in rows), currency) if rows else None,
        "evidence": (state, details["submission_count"]),
    }


def _plain_dispute(node: Json) -> Json:
    names = "status", "kind", "reason", "needsResponse"
    return {
        **{name: node[name] for name in names},
        **{name: money(node[name]) for name in ("amount", "withdrawn", "fee")},
        "dueBy": _moment(node["dueBy"]),
        "evidence": (node["evidence"]["state"], node["evidence"]["submissionCount"]),
    }


def _service(deployment: Deployment, account: str, node: Json | None, at: datetime) -> list[str]:
    """The differences between the subscription of an account, with its latest invoices, and the service."""
    found = at_stripe(deployment, "subscriptions", customer_account=account, status="all")
    running = [one for one in found if one["status"] not in _ENDED]
    current = next(iter([*running, *found]), None)
    if current is None or node is None:
        return [] if current is None and node is None else [f"the service is {node}, at Stripe {current}"]
    invoices = at_stripe(deployment, "invoices", customer_account=account)[:_INVOICES]
    expected = {
        "id": current["id"],
        "status": current["status"].upper(),
        "access": _access(current, invoices, at),
        "periodEndsAt": _date(current["items"]["data"][0]["current_period_end"]),
        "endedAt": _date(current["ended_at"]),
        "items": [
            (item["price"]["id"], item["quantity"], item["price"]["unit_amount"])
            for item in current["items"]["data"]
        ],
    }
    actual = {
        "id": node["stripeSubscriptionId"],
        "status": node["status"],
        "access": node["access"],
        "periodEndsAt": _moment(node["currentPeriodEndsAt"]),
        "endedAt": _moment(node["endedAt"]),
        "items": [
            (item["stripePriceId"], item["quantity"], money(item["unitAmount"])[0]) for item in node["items"]
        ],
    }
    problems = _apart("service", {account: expected}, {account: actual}, dict)
    by_id = {one["stripeInvoiceId"]: one for one in node["invoices"]}
    return problems + _apart("invoice", {one["id"]: _invoice(one) for one in invoices}, by_id, _plain_invoice)


def _access(current: Json, invoices: Iterable[Json], at: datetime) -> str:
    if current["status"] in {"active", "trialing"}:
        return "FULL"
    if current["status"] != "past_due":
        return "NONE"
    overdue = [
        one["status_transitions"]["finalized_at"]
        for one in invoices
        if one["status"] == "open" and one["parent"]["subscription_details"]["subscription"] == current["id"]
    ]
    since = datetime.fromtimestamp(min(overdue), UTC)
    return "GRACE" if at < since + _GRACE else "NONE"


def _invoice(one: Json) -> Json:
    currency = one["currency"].upper()
    return {
        "status": one["status"].upper(),
        "number": one["number"],
        "attempts": one["attempt_count"],
        "total": (one["total"], currency),
        "remaining": (one["amount_remaining"], currency),
    }


def _plain_invoice(node: Json) -> Json:
    amounts = {name: money(node[name]) for name in ("total", "remaining")}
    return {**{name: node[name] for name in ("status", "number", "attempts")}, **amounts}


def _apart(
    kind: str, expected: Mapping[str, Json], shown: Mapping[str, Json], plain: Callable[[Json], Json]
) -> list[str]:
    """Compare objects by their ids."""
    problems = [f"the {kind} {key} is missing" for key in expected.keys() - shown.keys()]
    problems += [f"the {kind} {key} is not at Stripe" for key in shown.keys() - expected.keys()]
    for key in expected.keys() & shown.keys():
        actual = plain(shown[key])
        problems += [
            f"the {kind} {key} has the {name} {actual.get(name)!r}, at Stripe {value!r}"
            for name, value in expected[key].items()
            if actual.get(name) != value
        ]
    return problems


def _all(
    deployment: Deployment, query: str, variables: Mapping[str, Any] | None = None, parent: str | None = None
) -> list[Json]:
    """The nodes of all pages of the connection `found`, which may be a field of the field `parent`."""
    nodes: list[Json] = []
    after = None
    while True:
        data = deployment.ask(query, {**(variables or {}), "after": after})["data"]
        page = (data[parent] if parent else data)["found"]
        nodes += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return nodes
        after = page["pageInfo"]["endCursor"]


def _object(deployment: Deployment, path: str, account: str) -> Json:
    headers = {"Authorization": f"Bearer {STRIPE_KEY}", "Stripe-Account": account}
    answer = deployment.simulator.client.get(f"/v1/{path}", headers=headers)
    found: Json = answer.raise_for_status().json()
    return found


def money(value: Json | None) -> Any:
    """The minor units and the currency of an amount."""
    return (int(value["minorUnits"]), value["currency"]) if value is not None else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text is not None else None


def _date(moment: int | None) -> datetime | None:
    return datetime.fromtimestamp(moment, UTC) if moment is not None else None


def _without_zero(sums: Mapping[str, int]) -> Counter[str]:
    return Counter({name.upper(): amount for name, amount in sums.items() if amount})
