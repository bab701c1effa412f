"""Metrics and traces of the whole service, and the files in deploy/monitoring that use the metrics."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import promql_parser
import pytest
import yaml  # type: ignore[import-untyped]
from prometheus_client.parser import text_string_to_metric_families

from testing import confidential
from testing.processes import ROOT, Simulator, free_port
from testing.service import Service, eventually, running
from testing.subscribers import SHOP, STATUS, socket
from tests.api.telemetry.collector import attributes, collecting

MONITORING = ROOT / "deploy/monitoring"
RENAME = """
mutation Rename {
  updateMerchant(input: {merchant: {externalId: "shop-1"}, displayName: "A secret name"}) { __typename }
}
"""
STRANGER = "00-11111111111111111111111111111111-2222222222222222-01"


@pytest.mark.listens  # the notification of a change carries its trace
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_webhooks_trace_leads_to_the_change_and_to_the_subscriptions_message(
    database_url: str, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "100")
    async with collecting() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        changed = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "TRUSTED_PROXIES": "203.0.113.1"}
        async with running(database_url, simulator, tmp_path, **changed) as service:
            service.http.headers["traceparent"] = STRANGER
            account = (await service.create())["merchant"]["account"]["stripeAccountId"]
            async with socket(service, token=service.token()) as client:
                await client.subscribe(STATUS, SHOP)
                await client.data()
                simulator.control(f"accounts/{account}", {"scenario": "activate"})
                while (await client.data())["merchantChanged"]["status"] != "ACTIVE":
                    pass
            answer = await service.post(RENAME)
    spans = {span.span_id: span for span in collector.spans}
    assert collector.resource["service.name"] == "connectql"

    # The span of the message links to the span that handled the events. That span links to the deliveries of
    # the events.
    handled = {span.span_id: span for span in collector.named("process stripe_event")}
    links = [link.span_id for message in collector.named("subscription") for link in message.links]
    told = [handled[key] for key in links if key in handled]
    assert {spans[link.span_id].name for link in told[0].links} == {"POST /webhooks/stripe"}
    # The spans of the fetch and of the statements are children of the span that handled the events.
    parts = {one.name: one for one in spans.values() if one.parent_span_id == told[0].span_id}
    assert parts.keys() > {"GET /v2/core/accounts/{id}", "SELECT merchant", "UPDATE merchant"}
    fetch = attributes(parts["GET /v2/core/accounts/{id}"])
    assert fetch["connectql.stripe.operation"] == "accounts.retrieve"
    assert fetch["http.response.header.request-id"].startswith("req_")

    # The service links to an untrusted caller's trace, but does not continue it.
    (rename,) = [one for one in collector.named("mutation") if attributes(one).get("graphql.operation.name")]
    request = spans[rename.parent_span_id]
    assert request.name == "POST /graphql"
    assert attributes(request)["connectql.request_id"] == answer.headers["X-Request-Id"]
    assert request.trace_id.hex() != STRANGER.split("-")[1]
    assert request.links[0].trace_id.hex() == STRANGER.split("-")[1]
    document = attributes(rename)["graphql.document"]
    assert " ".join(document.split()) == "mutation Rename { updateMerchant(input: ?) { __typename } }"
    text = str(collector.spans)
    assert "A secret name" not in text
    assert [kind for secret, kind in confidential.secrets() if secret in text] == []


@pytest.mark.slow
async def test_each_metric_of_the_dashboard_the_alerts_and_the_documents_exists(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    port = free_port()
    async with running(database_url, simulator, tmp_path, METRICS_PORT=str(port)) as service:
        account = (await service.create())["merchant"]["account"]["stripeAccountId"]
        simulator.control(f"accounts/{account}", {"scenario": "activate"})
        await eventually(lambda: _is_active(service))
        for _ in range(3):
            await service.merchant("shop-1", "displayName status")
        await service.error("{ nothing }")
        assert (await service.http.post("/graphql", json={"query": "{ viewer { role } }"})).status_code == 401
        async with socket(service, token=service.token()) as client:
            await client.subscribe(STATUS, SHOP)
            await client.data()
            answer = await _scrape(port)
    samples = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer)
        for sample in family.samples
    }

    def value(name: str, **labels: str) -> float:
        return samples[(f"connectql_{name}", *sorted(labels.items()))]

    assert value("operation_duration_seconds_count", type="query", outcome="ok") > 3
    assert value("operation_duration_seconds_count", type="unknown", outcome="invalid") == 1
    assert value("operation_cost_points_count", type="mutation") == 1
    assert value("refused_requests_total", code="UNAUTHENTICATED") == 1
    assert value("http_request_duration_seconds_count", route="/graphql", status="401") == 1
    assert value("http_request_duration_seconds_count", route="/webhooks/stripe", status="200") > 0
    assert value("live_operations_total", type="subscription") == 1
    assert value("live_connections", state="open") == 1
    assert value("cache_lookups_total", cache="answers", result="hit") > 0
    assert value("stripe_call_duration_seconds_count", operation="accounts.create", outcome="ok") == 1
    assert value("stripe_attempts_total") > 2
    assert value("event_delay_seconds_count") > 0
    assert value("events", state="failed") == 0
    assert value("merchants", status="CLOSED") == 0
    assert value("problem", code="STRIPE_KEY_REFUSED", severity="error") == 0
    assert value("workers_alive") == 1
    assert value("stripe_remaining_calls_per_second") > 10
    assert value("feed_listening") == 1
    assert value("outgoing_waiting_deliveries", age="minute") == 0
    assert value("event_endpoints", state="disabled") == 0
    reads = {
        "merchants",
        "events",
        "outgoing_events",
        "outgoing_deliveries",
        "event_endpoints",
        "problems",
        "workers",
        "stripe_calls",
    }
    assert {value("platform_read_success", read=read) for read in reads} == {1}
    assert "shop-1" not in answer
    assert account not in answer

    exported = set(re.findall(r"(?m)^# TYPE (\w+)", answer))
    for query in (*_dashboard_queries(), *_alert_queries()):
        used = {_family(name) for name in _metrics(promql_parser.parse(query))}
        assert used, query
        assert used <= exported | {"up"}, query
    documented = set(re.findall(r"`(connectql_\w+)`", (ROOT / "docs/monitoring.md").read_text()))
    ours = {name for name in exported if name.startswith("connectql_") and not name.endswith("_created")}
    assert {_family(name) for name in documented} == ours


@pytest.mark.slow
def test_no_telemetry_library_is_loaded_while_metrics_and_traces_are_off() -> None:
    program = "import sys, api.__main__\nprint({'opentelemetry', 'prometheus_client'} & set(sys.modules))"
    argv = [sys.executable, "-c", program]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_each_alert_has_a_test_and_a_section_of_the_runbook() -> None:
    rules = yaml.safe_load((MONITORING / "alerts.yaml").read_text())["groups"][0]["rules"]
    text = (ROOT / "docs/operating.md").read_text()
    sections = {heading.lower() for heading in re.findall(r"(?m)^#+ (\w+)$", text)}
    tests = (MONITORING / "alerts_test.yaml").read_text()
    for rule in rules:
        file, _, section = rule["annotations"]["runbook_url"].partition("#")
        assert (file, section in sections) == ("docs/operating.md", True), rule["alert"]
        assert f'alertname="{rule["alert"]}"' in tests


@pytest.mark.slow
def test_each_log_event_is_documented() -> None:
    text = (ROOT / "docs/monitoring.md").read_text().partition("### Requests and the process")[2]
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    assert set(re.findall(r"`(\w+)`", " ".join(rows))) == set(_log_events())


def _log_events() -> Iterator[str]:
    files = [
        file for room in ("api", "connect", "models", "resolvers") for file in (ROOT / room).rglob("*.py")
    ]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args):
                continue
            is_log = ast.unparse(node.func.value) == "log" or node.func.attr == "_log_request"
            if is_log and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value)


def _dashboard_queries() -> Iterator[str]:
    for panel in json.loads((MONITORING / "dashboard.json").read_text())["panels"]:
        for target in panel.get("targets", ()):
            yield target["expr"].replace("$__rate_interval", "1m")


def _alert_queries() -> Iterator[str]:
    for rule in yaml.safe_load((MONITORING / "alerts.yaml").read_text())["groups"][0]["rules"]:
        yield rule["expr"]


def _metrics(expression: Any) -> set[str]:
    """The names of the metrics in a query."""
    names: set[str] = set()

    def visit(node: Any) -> None:
        if isinstance(node, promql_parser.VectorSelector) and node.name is not None:
            names.add(node.name)

    promql_parser.walk(expression, visit)
    return names


def _family(name: str) -> str:
    return re.sub("_(bucket|count|sum)$", "", name)


async def _is_active(service: Service) -> bool:
    return bool((await service.merchant("shop-1", "status"))["status"] == "ACTIVE")


async def _scrape(port: int) -> str:
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"http://127.0.0.1:{port}/metrics")
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/plain")
        assert (await http.get(f"http://127.0.0.1:{port}/graphql")).status_code == 404
        return answer.text
