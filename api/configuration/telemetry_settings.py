"""The settings of metrics and traces, and their checks."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.configuration.variables import Variables

EXPORTERS = ("otlp", "console", "none")
ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
PROTOCOL = "http/protobuf"


@dataclass(frozen=True, slots=True)
class TelemetrySettings:
    """The address at which metrics are served, and the exporter of traces.

    Without a port, metrics are off. Without an exporter, traces are off. The OpenTelemetry SDK reads all
    other OTEL_… variables itself.
    """

    metrics_host: str
    metrics_port: int | None
    exporter: str | None
    protocol: str


def read(env: Variables) -> TelemetrySettings:
    has_endpoint = any(env.standard(name) for name in ENDPOINTS)
    exporter = env.standard("OTEL_TRACES_EXPORTER") or ("otlp" if has_endpoint else "none")
    if env.standard("OTEL_SDK_DISABLED").lower() == "true":
        exporter = "none"
    return TelemetrySettings(
        metrics_host=env.text("METRICS_HOST") or "127.0.0.1",
        metrics_port=env.number("METRICS_PORT", 0, 1, 65535) or None,
        exporter=exporter if exporter != "none" else None,
        protocol=env.standard("OTEL_EXPORTER_OTLP_PROTOCOL") or PROTOCOL,
    )


def problems(settings: TelemetrySettings, *, port: int) -> Iterator[str]:
    if settings.metrics_port == port:
        yield "CONNECTQL_METRICS_PORT must differ from CONNECTQL_PORT. /metrics has no authentication."
    if settings.exporter is not None and settings.exporter not in EXPORTERS:
        yield f"OTEL_TRACES_EXPORTER must be one of: {', '.join(EXPORTERS)}."
    if settings.exporter == "otlp" and settings.protocol != PROTOCOL:
        yield f"OTEL_EXPORTER_OTLP_PROTOCOL: this service sends {PROTOCOL} only, to port 4318 of a collector."
