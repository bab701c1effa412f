"""`.tools/deploy/bin/python chart.py CHART MONITORING`: render a chart with Helm's own engine, and check the
objects. MONITORING is the folder with the alert rules and the dashboard.
"""

import json
import sys
from pathlib import Path
from typing import Any

import helm_python  # type: ignore[import-not-found]
import kubernetes_validate  # type: ignore[import-not-found]
import yaml  # type: ignore[import-untyped]

# The oldest version that the chart supports, and the newest whose schemas are installed.
KUBERNETES = ("1.27", "1.37")
LEAST: dict[str, Any] = {
    "image": {"repository": "registry.example/connectql"},
    "settings": {"PUBLIC_URL": "https://connect.example"},
}
ALL: dict[str, Any] = {
    **LEAST,
    "api": {"autoscaling": {"enabled": True}},
    "ingress": {"enabled": True, "className": "nginx", "host": "connect.example", "tlsSecret": "tls"},
    "networkPolicy": {"ingressFrom": [{"podSelector": {"matchLabels": {"app": "proxy"}}}]},
    "metrics": {
        "enabled": True,
        "podMonitor": {"enabled": True, "labels": {"release": "prometheus"}},
        "prometheusRule": {"enabled": True, "labels": {"release": "prometheus"}},
        "dashboard": {"enabled": True, "annotations": {"grafana_folder": "shops"}},
    },
    "tracing": {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318"},
    "secrets": {"tracingHeaders": "tracing-headers"},
    "podAnnotations": {"example.com/a": "b"},
    "nodeSelector": {"kubernetes.io/arch": "amd64"},
    "tolerations": [{"key": "a", "operator": "Exists"}],
    "serviceAccount": {"annotations": {"example.com/a": "b"}},
}
# Values that the schema or a template must refuse.
WRONG: tuple[dict[str, Any], ...] = (
    {},
    {**LEAST, "setings": {}},
    {**LEAST, "image": {"repository": ""}},
    {**LEAST, "settings": {**LEAST["settings"], "STRIPE_API_KEY": "sk_test_1"}},
    {**LEAST, "settings": {**LEAST["settings"], "MAX_COST": 1000}},
    {**LEAST, "ingress": {"enabled": True}},
    {**LEAST, "tracing": {"OTEL_EXPORTER_OTLP_HEADERS": "api-key=secret"}},
)
# Kinds of objects of the Prometheus Operator, whose schemas are not installed.
UNKNOWN = {"PodMonitor", "PrometheusRule"}
COMPONENTS = {"api", "worker", "migration", "test"}


def main() -> None:
    folder, monitoring = sys.argv[1:]
    with helm_python.Chart.load(folder) as chart:
        for values in (LEAST, ALL):
            rendered = render(chart, values)
            for version in KUBERNETES:
                for one in rendered:
                    if one["kind"] in UNKNOWN:
                        continue
                    kubernetes_validate.validate(one, version, strict=True)
            check(rendered)
            check_metrics(rendered, is_on="metrics" in values)
            check_rules_and_dashboard(rendered, Path(monitoring) if "metrics" in values else None)
        for values in WRONG:
            try:
                render(chart, values)
            except helm_python.HelmError:
                continue
            sys.exit(f"the chart accepts {values}")


def render(chart: Any, values: dict[str, Any]) -> list[dict[str, Any]]:
    texts = chart.render(values, name="trial", namespace="shops")
    files = (text for name, text in texts.items() if name.endswith(".yaml"))
    return [one for text in files for one in yaml.safe_load_all(text) if one]


def check(rendered: list[dict[str, Any]]) -> None:
    """Check that pods and labels are as docs/deploying.md promises."""
    for one in rendered:
        labels = one["metadata"]["labels"]
        assert labels["app.kubernetes.io/name"] == "connectql", one
        assert labels["app.kubernetes.io/instance"] == "trial", one
        assert labels["app.kubernetes.io/version"], one
    pods = [one["spec"]["template"]["spec"] for one in rendered if one["kind"] in {"Deployment", "Job"}]
    pods += [one["spec"] for one in rendered if one["kind"] == "Pod"]
    assert len(pods) == len(COMPONENTS), rendered
    for pod in pods:
        assert pod["securityContext"]["runAsNonRoot"] is True, pod
        assert pod["enableServiceLinks"] is False, pod
        assert pod["automountServiceAccountToken"] is False, pod
        for container in pod["containers"]:
            security = container["securityContext"]
            assert security["readOnlyRootFilesystem"] is True, container
            assert security["allowPrivilegeEscalation"] is False, container
            assert security["capabilities"] == {"drop": ["ALL"]}, container
            names = {variable["name"] for variable in container.get("env", ())}
            assert not names & {"CONNECTQL_STRIPE_API_KEY", "CONNECTQL_DATABASE_URL"}, names


def check_metrics(rendered: list[dict[str, Any]], *, is_on: bool) -> None:
    """Check that pods serve metrics and Prometheus scrapes them, but only if metrics are enabled."""
    pods = [one["spec"]["template"] for one in rendered if one["kind"] == "Deployment"]
    for pod in pods:
        (container,) = pod["spec"]["containers"]
        ports = {port["name"]: port["containerPort"] for port in container.get("ports", ())}
        variables = {one["name"]: one.get("value", one.get("valueFrom")) for one in container["env"]}
        annotations = pod["metadata"].get("annotations", {})
        assert ("metrics" in ports) is is_on, container
        assert variables.get("CONNECTQL_METRICS_PORT") == ("9464" if is_on else None), variables
        assert annotations.get("prometheus.io/port") == ("9464" if is_on else None), annotations
        assert ("OTEL_EXPORTER_OTLP_ENDPOINT" in variables) is is_on, variables
        headers = {"secretKeyRef": {"name": "connectql", "key": "tracing-headers"}} if is_on else None
        assert variables.get("OTEL_EXPORTER_OTLP_HEADERS") == headers, variables
    kinds = [one["kind"] for one in rendered]
    assert ("PodMonitor" in kinds) is is_on, kinds
    policies = {one["metadata"]["name"] for one in rendered if one["kind"] == "NetworkPolicy"}
    assert ("connectql-metrics" in {name.removeprefix("trial-") for name in policies}) is is_on, policies


def check_rules_and_dashboard(rendered: list[dict[str, Any]], expected: Path | None) -> None:
    """Check that Prometheus and Grafana get the alert rules and the dashboard unchanged."""
    rules = [one["spec"] for one in rendered if one["kind"] == "PrometheusRule"]
    maps = [one for one in rendered if one["kind"] == "ConfigMap"]
    if expected is None:
        assert not rules, rules
        assert not maps, maps
        return
    assert rules == [yaml.safe_load((expected / "alerts.yaml").read_text())], rules
    (one,) = maps
    assert one["metadata"]["labels"]["grafana_dashboard"] == "1", one["metadata"]
    dashboard = json.loads(one["data"]["connectql.json"])
    assert dashboard == json.loads((expected / "dashboard.json").read_text()), dashboard


if __name__ == "__main__":
    main()
