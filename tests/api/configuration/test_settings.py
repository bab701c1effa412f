"""Settings: the variables and the defaults."""

from datetime import timedelta
from pathlib import Path

import pytest

from api.auth.providers import AuthSettings, Provider
from api.configuration import settings as settings_module
from api.configuration.board_settings import BoardSettings
from api.configuration.settings import Settings, SettingsError
from api.configuration.telemetry_settings import TelemetrySettings
from connect.embedded.components import Component
from connect.payments.rules.money.fee_policies import FeePolicy, Terms
from connect.payments.rules.money.fees import FeeOnRefund
from connect.platform.records.retention_rules import DEFAULTS, RULES
from connect.scope import Role
from testing.processes import ROOT
from tests.api.production import KEY, PASSWORD, SHARED, SIGNING, environment, read


def test_the_defaults_are_those_of_production() -> None:
    assert read() == Settings(
        production=True,
        host="127.0.0.1",
        port=8000,
        public_url="https://connect.example",
        database_url="sqlite:////srv/connectql.db",
        database_direct_url=None,
        database_pooler="auto",
        database_profile="postgresql",
        database_connections=14,
        database_silence_seconds=2,
        stripe_api_key=KEY,
        stripe_context=None,
        stripe_api_base=None,
        stripe_dashboard_base="https://dashboard.stripe.com",
        stripe_publishable_key=None,
        merchants_may_charge=False,
        merchants_may_refund=False,
        merchants_may_answer_disputes=False,
        merchants_may_pay_out=False,
        merchants_may_embed=frozenset(),
        service_prices=(),
        service_grace=timedelta(days=14),
        ca_file=None,
        stripe_timeout_seconds=8,
        webhook_secrets=(SIGNING,),
        webhook_url="https://connect.example/webhooks/stripe",
        stripe_calls_per_second=20,
        stripe_calls_per_second_of_operation=25,
        stripe_calls_per_minute_of_merchant=20,
        stripe_calls_per_minute_of_caller=600,
        fee_on_refund=FeeOnRefund.KEEP,
        return_origins=frozenset({"https://app.example"}),
        return_schemes=frozenset(),
        browser_origins=frozenset({"https://app.example"}),
        websocket_origins=frozenset({"https://app.example"}),
        fee_policy=None,
        wallet_domains=frozenset(),
        event_keys=(),
        event_private_hosts=(),
        event_disable_after=timedelta(days=5),
        notices_per_day=3,
        smtp_url=None,
        mail_from=None,
        mail_to=(),
        mail_link=None,
        mail_templates=None,
        auth=AuthSettings(
            (Provider("https://id.example", ("connectql",), jwks_url="https://id.example/jwks"),)
        ),
        graphiql=False,
        board=BoardSettings(
            is_served=False,
            issuer="https://id.example",
            client_id=None,
            scopes=("openid",),
            audience=None,
            resource=None,
            provider_origins=frozenset(),
        ),
        persisted_operations={},
        only_persisted=False,
        subgraph=None,
        worker=True,
        stale_after=timedelta(hours=6),
        backfill_after=timedelta(minutes=1),
        retention={
            "events": 90,
            "timelines": 1095,
            "links": 30,
            "payers": 730,
            "requests": 90,
            "problems": 90,
            "clients": 90,
            "outgoing": 90,
            "audit": 0,
        },
        drain_seconds=5,
        live_connections=5000,
        live_connections_of_one=50,
        requests_per_minute=1200,
        address_requests_per_minute=0,
        keep_alive_seconds=75,
        trusted_proxies=(),
        heartbeat_seconds=15,
        idle_seconds=60,
        max_cost=150_000,
        execution_seconds=30,
        kept_answers_bytes=64 * 1024 * 1024,
        telemetry=TelemetrySettings("127.0.0.1", None, None, "http/protobuf"),
        log_json=True,
        log_level="info",
    )


def test_development_has_its_own_defaults() -> None:
    result = read(ENVIRONMENT="development", PUBLIC_URL=None, RETURN_ORIGINS=None, PORT="8123")
    assert (result.production, result.public_url) == (False, "http://localhost:8123")
    assert (result.graphiql, result.log_json, result.return_origins) == (
        True,
        False,
        frozenset(),
    )


def test_the_variables_determine_the_settings(tmp_path: Path) -> None:
    manifest = tmp_path / "relay.json"
    manifest.write_text('{"viewer": "{ viewer { role } }"}')
    development = {
        "ENVIRONMENT": "development",
        "HOST": "::1",
        "PORT": "65535",
        "PUBLIC_URL": "http://connect.example:8080/sub/",
        "DATABASE_URL": f"postgresql://connectql:{PASSWORD}@db.example/connectql",
        "STRIPE_API_KEY": KEY.replace("sk_", "sk_org_"),
        "STRIPE_CONTEXT": "acct_1Platform",
        "STRIPE_API_BASE": "http://127.0.0.1:12111",
        "STRIPE_DASHBOARD_BASE": "http://127.0.0.1:12111/dashboard/",
        "STRIPE_TIMEOUT_SECONDS": "80",
        "WEBHOOK_SECRETS": f" {SIGNING} ,{SIGNING}2,",
        "WEBHOOK_URL": "http://hooks.example/stripe",
        "STRIPE_CALLS_PER_SECOND": "100",
        "STRIPE_CALLS_PER_SECOND_OF_OPERATION": "50",
        "STRIPE_CALLS_PER_MINUTE_OF_MERCHANT": "0",
        "STRIPE_CALLS_PER_MINUTE_OF_CALLER": "1200",
        "FEE_ON_REFUND": "return",
        "RETURN_ORIGINS": "http://app.example:3000, https://admin.example",
        "RETURN_SCHEMES": "myapp,com.example.app",
        "BROWSER_ORIGINS": "http://shop.example capacitor://localhost",
        "WEBSOCKET_ORIGINS": "tauri://localhost",
        "FEE_POLICY": "EUR 2.5% + 0.30 max 20, * 3%",
        "WALLET_DOMAINS": "App.example, münchen.example",
        "AUTH_ISSUER": "issuer",
        "AUTH_AUDIENCE": "audience, api://audience",
        "AUTH_AUDIENCE_CLAIM": "client_id",
        "JWKS_URL": "http://id.example/jwks?app=1",
        "JWKS_FILE": "pyproject.toml",
        "HS256_SECRET": SHARED,
        "DEVELOPMENT_KEY_FILE": "var/key.json",
        "AUTH_ROLE_CLAIM": "https://claims.example/role,scope",
        "AUTH_ROLES": "app operator=operator, app=shop = merchant,owner=merchant,",
        "AUTH_MERCHANT_CLAIM": "https://claims.example/merchant",
        "AUTH_REQUIRED_CLAIMS": "token_use=access, azp=a,azp=b,sid",
        "AUTH_ISSUER_2": "second",
        "AUTH_AUDIENCE_2": "audience",
        "JWKS_URL_2": "http://second.example/jwks",
        "AUTH_ISSUER_3": "third",
        "AUTH_AUDIENCE_3": "audience",
        "JWKS_FILE_3": "pyproject.toml",
        "GRAPHIQL": "off",
        "BOARD": "on",
        "BOARD_ISSUER": "http://id.example/tenant",
        "BOARD_CLIENT_ID": "board",
        "BOARD_SCOPES": "openid, offline_access",
        "BOARD_AUDIENCE": "connectql",
        "BOARD_RESOURCE": "https://connect.example",
        "BOARD_PROVIDER_ORIGINS": "https://login.example",
        "PERSISTED_OPERATIONS": str(manifest),
        "ONLY_PERSISTED": "on",
        "WORKER": "off",
        "STALE_AFTER_SECONDS": "2592000",
        "BACKFILL_AFTER_SECONDS": "120",
        **{rule.setting: str(400 + place) for place, rule in enumerate(RULES)},
        "DRAIN_SECONDS": "7",
        "LIVE_CONNECTIONS": "6",
        "LIVE_CONNECTIONS_OF_ONE": "5",
        "REQUESTS_PER_MINUTE": "30",
        "ADDRESS_REQUESTS_PER_MINUTE": "40",
        "KEEP_ALIVE_SECONDS": "620",
        "TRUSTED_PROXIES": "10.0.0.1, 10.1.0.0/16",
        "HEARTBEAT_SECONDS": "3",
        "IDLE_SECONDS": "2",
        "MAX_COST": "100",
        "EXECUTION_SECONDS": "600",
        "KEPT_ANSWERS_MB": "2",
        "DATABASE_DIRECT_URL": f"postgresql://connectql:{PASSWORD}@direct.example/connectql",
        "DATABASE_POOLER": "transaction",
        "DATABASE_PROFILE": "portable",
        "DATABASE_CONNECTIONS": "4",
        "DATABASE_SILENCE_SECONDS": "60",
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "debug",
        "STRIPE_PUBLISHABLE_KEY": "pk_test_" + "K" * 24,
        "MERCHANTS_MAY_CHARGE": "on",
        "MERCHANTS_MAY_REFUND": "on",
        "MERCHANTS_MAY_ANSWER_DISPUTES": "on",
        "MERCHANTS_MAY_PAY_OUT": "on",
        "MERCHANTS_MAY_EMBED": "payments, payouts",
        "SERVICE_PRICES": "price_basic,price_premium",
        "SERVICE_GRACE_DAYS": "30",
        "EVENT_KEYS": f"{SHARED},{SHARED}2",
        "EVENT_PRIVATE_HOSTS": "hooks.internal, 10.0.0.0/8",
        "EVENT_DISABLE_DAYS": "60",
        "METRICS_HOST": "*",
        "METRICS_PORT": "9464",
        "NOTICES_PER_DAY": "0",
        "SMTP_URL": f"smtps://connectql:{PASSWORD}@mail.example",
        "MAIL_FROM": "no-reply@app.example",
        "MAIL_TO": "ops@app.example, merchant",
        "MAIL_LINK": "https://app.example/{externalId}",
        "MAIL_TEMPLATES": "docs",
    }
    traced = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}
    assert settings_module.read({**environment({}, development), **traced}) == Settings(
        production=False,
        host="::1",
        port=65535,
        public_url="http://connect.example:8080/sub",
        database_url=f"postgresql://connectql:{PASSWORD}@db.example/connectql",
        database_direct_url=f"postgresql://connectql:{PASSWORD}@direct.example/connectql",
        database_pooler="transaction",
        database_profile="portable",
        database_connections=4,
        database_silence_seconds=60,
        stripe_api_key="sk_org_test_" + "K" * 24,
        stripe_context="acct_1Platform",
        stripe_api_base="http://127.0.0.1:12111",
        stripe_dashboard_base="http://127.0.0.1:12111/dashboard",
        stripe_publishable_key="pk_test_" + "K" * 24,
        merchants_may_charge=True,
        merchants_may_refund=True,
        merchants_may_answer_disputes=True,
        merchants_may_pay_out=True,
        merchants_may_embed=frozenset({Component.PAYMENTS, Component.PAYOUTS}),
        service_prices=("price_basic", "price_premium"),
        service_grace=timedelta(days=30),
        ca_file=None,
        stripe_timeout_seconds=80,
        webhook_secrets=(SIGNING, f"{SIGNING}2"),
        webhook_url="http://hooks.example/stripe",
        stripe_calls_per_second=100,
        stripe_calls_per_second_of_operation=50,
        stripe_calls_per_minute_of_merchant=0,
        stripe_calls_per_minute_of_caller=1200,
        fee_on_refund=FeeOnRefund.RETURN,
        return_origins=frozenset({"http://app.example:3000", "https://admin.example"}),
        return_schemes=frozenset({"com.example.app", "myapp"}),
        browser_origins=frozenset({"http://shop.example", "capacitor://localhost"}),
        websocket_origins=frozenset({"tauri://localhost"}),
        wallet_domains=frozenset({"app.example", "xn--mnchen-3ya.example"}),
        event_keys=(SHARED, f"{SHARED}2"),
        event_private_hosts=("hooks.internal", "10.0.0.0/8"),
        event_disable_after=timedelta(days=60),
        notices_per_day=0,
        smtp_url=f"smtps://connectql:{PASSWORD}@mail.example",
        mail_from="no-reply@app.example",
        mail_to=("ops@app.example", "merchant"),
        mail_link="https://app.example/{externalId}",
        mail_templates=Path("docs"),
        fee_policy=FeePolicy(
            {
                "EUR": Terms(basis_points=250, flat=30, maximum=2_000),
                "*": Terms(basis_points=300),
            }
        ),
        auth=AuthSettings(
            (
                Provider(
                    "issuer",
                    ("audience", "api://audience"),
                    audience_claim="client_id",
                    jwks_url="http://id.example/jwks?app=1",
                    jwks_file=Path("pyproject.toml"),
                    role_claims=("https://claims.example/role", "scope"),
                    roles={"app operator": Role.OPERATOR, "app=shop": Role.MERCHANT, "owner": Role.MERCHANT},
                    merchant_claim="https://claims.example/merchant",
                    required_claims={"token_use": ("access",), "azp": ("a", "b"), "sid": ()},
                ),
                Provider("second", ("audience",), jwks_url="http://second.example/jwks", suffix="_2"),
                Provider("third", ("audience",), jwks_file=Path("pyproject.toml"), suffix="_3"),
            ),
            hs256_secret=SHARED,
            development_key_file=Path("var/key.json"),
        ),
        graphiql=False,
        board=BoardSettings(
            is_served=True,
            issuer="http://id.example/tenant",
            client_id="board",
            scopes=("openid", "offline_access"),
            audience="connectql",
            resource="https://connect.example",
            provider_origins=frozenset({"https://login.example"}),
        ),
        persisted_operations={"viewer": "{ viewer { role } }"},
        only_persisted=True,
        subgraph=None,
        worker=False,
        stale_after=timedelta(days=30),
        backfill_after=timedelta(minutes=2),
        retention={name: 400 + place for place, name in enumerate(DEFAULTS)},
        drain_seconds=7,
        live_connections=6,
        live_connections_of_one=5,
        requests_per_minute=30,
        address_requests_per_minute=40,
        keep_alive_seconds=620,
        trusted_proxies=("10.0.0.1", "10.1.0.0/16"),
        heartbeat_seconds=3,
        idle_seconds=2,
        max_cost=100,
        execution_seconds=600,
        kept_answers_bytes=2 * 1024 * 1024,
        telemetry=TelemetrySettings("*", 9464, "otlp", "http/protobuf"),
        log_json=True,
        log_level="debug",
    )


def test_in_production_return_schemes_can_be_set_instead_of_return_origins() -> None:
    settings = read(RETURN_ORIGINS=None, RETURN_SCHEMES="com.example.app")
    assert (settings.return_origins, settings.return_schemes) == (frozenset(), frozenset({"com.example.app"}))


def test_an_apps_scheme_may_begin_with_the_scheme_of_a_browser() -> None:
    settings = read(RETURN_SCHEMES="edgepay,operahouse,safaribooking")
    assert settings.return_schemes == {"edgepay", "operahouse", "safaribooking"}


def test_a_blank_variable_counts_as_unset() -> None:
    assert read(HOST=" ", PORT="", GRAPHIQL="  ", JWKS_FILE="") == read()
    assert read(PORT=" 80 ").port == 80


def test_the_file_of_trusted_authorities_must_exist() -> None:
    authorities = ROOT / "pyproject.toml"
    result = settings_module.read({**environment({}), "SSL_CERT_FILE": f" {authorities} "})
    assert result.ca_file == authorities
    with pytest.raises(SettingsError) as refused:
        settings_module.read({**environment({}), "SSL_CERT_FILE": "/nowhere/ca.pem"})
    assert refused.value.problems == ["SSL_CERT_FILE: the file /nowhere/ca.pem does not exist."]
