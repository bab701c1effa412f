import pytest

from api.configuration import settings as settings_module
from api.configuration.settings import SettingsError
from tests.api.production import environment, problems

ENDPOINT = {"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}


@pytest.mark.parametrize(
    ("variables", "exporter"),
    [
        ({}, None),
        (ENDPOINT, "otlp"),
        ({**ENDPOINT, "OTEL_TRACES_EXPORTER": "none"}, None),
        ({**ENDPOINT, "OTEL_SDK_DISABLED": "TRUE"}, None),
        ({"OTEL_TRACES_EXPORTER": "console"}, "console"),
    ],
)
def test_the_standard_opentelemetry_variables_configure_traces(
    variables: dict[str, str], exporter: str | None
) -> None:
    assert settings_module.read({**environment({}), **variables}).telemetry.exporter == exporter


def test_unusable_settings_are_refused_with_a_remedy() -> None:
    assert problems(METRICS_PORT="8000") == [
        "CONNECTQL_METRICS_PORT must differ from CONNECTQL_PORT. /metrics has no authentication."
    ]
    unusable = {"OTEL_TRACES_EXPORTER": "zipkin"}, {**ENDPOINT, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}
    for variables, text in zip(unusable, ("must be one of: otlp, console, none.", "port 4318"), strict=True):
        with pytest.raises(SettingsError, match=text):
            settings_module.read({**environment({}), **variables})
