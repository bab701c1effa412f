"""The settings: their variables and their checks.

The settings are read from environment variables only through this module and
`api.configuration.stripe_settings`.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, get_origin, get_type_hints
from urllib.parse import urlsplit

from api.auth import providers
from api.auth.providers import AuthSettings
from api.configuration import board_settings, origins, stripe_settings, telemetry_settings
from api.configuration.board_settings import BoardSettings
from api.configuration.telemetry_settings import TelemetrySettings
from api.configuration.variables import SettingsError as SettingsError
from api.configuration.variables import Variables, split
from connect.embedded.components import Component
from connect.events.inbox import Policy
from connect.inputs import app_address
from connect.inputs.web_address import is_address
from connect.merchants.inputs import ReturnTargets
from connect.merchants.rules.dashboard import dashboard_addresses
from connect.outgoing import endpoints, mail, secrets
from connect.outgoing.rules import addresses
from connect.payments.rules.charging import Charging
from connect.payments.rules.money.fee_policies import FeePolicy
from connect.payments.rules.money.fees import FeeOnRefund
from connect.platform import pacing
from connect.platform.records.retention_rules import RULES
from connect.services.rules import access
from connect.stripe_api.gateway import LIVE_KEYS
from models import database
from resolvers.federation.names import Subgraph

DEFAULT_DATABASE = "sqlite:///var/connectql.db"
MIN_KEY = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of this process. The annotation of most fields holds the function that reads the variable.
    `.env.example` describes the variables.
    """

    production: Annotated[bool, lambda env: env.production]
    host: Annotated[str, lambda env: env.text("HOST") or "127.0.0.1"]
    port: Annotated[int, lambda env: env.number("PORT", 8000, 1, 65535)]
    public_url: str
    database_url: Annotated[str, lambda env: env.secret("DATABASE_URL") or DEFAULT_DATABASE] = field(
        repr=False
    )
    # The address for the connection that listens for changes.
    database_direct_url: Annotated[str | None, lambda env: env.secret("DATABASE_DIRECT_URL")] = field(
        repr=False
    )
    database_pooler: Annotated[
        str, lambda env: env.choice("DATABASE_POOLER", "auto", ("auto", "session", "transaction"))
    ]
    database_profile: Annotated[
        str,
        lambda env: env.choice(
            "DATABASE_PROFILE", database.POSTGRESQL, (database.POSTGRESQL, database.PORTABLE)
        ),
    ]
    database_connections: Annotated[
        int, lambda env: env.number("DATABASE_CONNECTIONS", database.CONNECTIONS, 2, 1000)
    ]
    database_silence_seconds: Annotated[
        int, lambda env: env.number("DATABASE_SILENCE_SECONDS", database.SILENCE_SECONDS, 1, 60)
    ]
    stripe_api_key: Annotated[str, lambda env: env.secret("STRIPE_API_KEY") or ""] = field(repr=False)
    # The platform's account. Only the key of an organization needs it.
    stripe_context: Annotated[str | None, lambda env: env.text("STRIPE_CONTEXT")]
    stripe_api_base: Annotated[str | None, lambda env: env.address("STRIPE_API_BASE")]
    stripe_dashboard_base: Annotated[
        str,
        lambda env: (env.address("STRIPE_DASHBOARD_BASE") or dashboard_addresses.STRIPE).rstrip("/"),
    ]
    stripe_publishable_key: Annotated[str | None, lambda env: env.text("STRIPE_PUBLISHABLE_KEY")]
    merchants_may_charge: Annotated[bool, lambda env: env.flag("MERCHANTS_MAY_CHARGE", default=False)]
    merchants_may_refund: Annotated[bool, lambda env: env.flag("MERCHANTS_MAY_REFUND", default=False)]
    merchants_may_answer_disputes: Annotated[
        bool, lambda env: env.flag("MERCHANTS_MAY_ANSWER_DISPUTES", default=False)
    ]
    merchants_may_pay_out: Annotated[bool, lambda env: env.flag("MERCHANTS_MAY_PAY_OUT", default=False)]
    # The embedded components that merchants may use.
    merchants_may_embed: Annotated[frozenset[Component], lambda env: env.components("MERCHANTS_MAY_EMBED")]
    # The recurring prices that merchants may subscribe to. The first is the default.
    service_prices: Annotated[tuple[str, ...], lambda env: split(env.text("SERVICE_PRICES"))]
    # How long merchants keep the access to the platform's product after a failed payment.
    service_grace: Annotated[
        timedelta, lambda env: timedelta(days=env.number("SERVICE_GRACE_DAYS", access.GRACE.days, 0, 365))
    ]
    # The trusted certificate authorities. OpenSSL and httpx read the same variable, SSL_CERT_FILE.
    ca_file: Annotated[Path | None, lambda env: env.ca_file()]
    stripe_timeout_seconds: Annotated[int, lambda env: env.number("STRIPE_TIMEOUT_SECONDS", 8, 1, 80)]
    webhook_secrets: Annotated[tuple[str, ...], lambda env: split(env.secret("WEBHOOK_SECRETS"))] = field(
        repr=False
    )
    webhook_url: str
    stripe_calls_per_second: Annotated[int, lambda env: env.number("STRIPE_CALLS_PER_SECOND", 20, 1, 100)]
    stripe_calls_per_second_of_operation: Annotated[
        int,
        lambda env: env.number("STRIPE_CALLS_PER_SECOND_OF_OPERATION", pacing.OPERATION_CALLS, 1, 100),
    ]
    stripe_calls_per_minute_of_merchant: Annotated[
        int, lambda env: env.number("STRIPE_CALLS_PER_MINUTE_OF_MERCHANT", 20, 0, 1_000_000)
    ]
    stripe_calls_per_minute_of_caller: Annotated[
        int, lambda env: env.number("STRIPE_CALLS_PER_MINUTE_OF_CALLER", 600, 0, 1_000_000)
    ]
    # Whether refunds return the platform's fee.
    fee_on_refund: Annotated[
        FeeOnRefund,
        lambda env: FeeOnRefund[env.choice("FEE_ON_REFUND", "keep", ("keep", "return")).upper()],
    ]
    return_origins: Annotated[frozenset[str], lambda env: env.origins("RETURN_ORIGINS")]
    # Schemes of apps, without a colon.
    return_schemes: Annotated[frozenset[str], lambda env: frozenset(split(env.text("RETURN_SCHEMES")))]
    browser_origins: Annotated[frozenset[str], lambda env: env.origins("BROWSER_ORIGINS", "RETURN_ORIGINS")]
    websocket_origins: Annotated[
        frozenset[str], lambda env: env.origins("WEBSOCKET_ORIGINS", "BROWSER_ORIGINS", "RETURN_ORIGINS")
    ]
    # None: payments have no fee, unless the call gives one.
    fee_policy: Annotated[FeePolicy | None, lambda env: env.fee_policy("FEE_POLICY")]
    wallet_domains: Annotated[frozenset[str], lambda env: env.domains("WALLET_DOMAINS")]
    auth: Annotated[
        AuthSettings,
        lambda env: AuthSettings(
            providers.read(env),
            hs256_secret=env.secret("HS256_SECRET"),
            development_key_file=env.path("DEVELOPMENT_KEY_FILE"),
        ),
    ]
    graphiql: Annotated[bool, lambda env: env.flag("GRAPHIQL", default=not env.production)]
    board: Annotated[BoardSettings, board_settings.read]
    # Documents by their ids; see `api.graphql.persisted`.
    persisted_operations: Annotated[Mapping[str, str], lambda env: env.manifest("PERSISTED_OPERATIONS")] = (
        field(repr=False)
    )
    only_persisted: Annotated[bool, lambda env: env.flag("ONLY_PERSISTED", default=False)]
    # The names in the subgraph. None if CONNECTQL_FEDERATION is off.
    subgraph: Annotated[Subgraph | None, lambda env: env.subgraph("FEDERATION")]
    # The keys that encrypt the secrets of event endpoints are derived from these texts. The current text
    # comes first.
    event_keys: Annotated[tuple[str, ...], lambda env: split(env.secret("EVENT_KEYS"))] = field(repr=False)
    event_private_hosts: Annotated[tuple[str, ...], lambda env: split(env.text("EVENT_PRIVATE_HOSTS"))]
    event_disable_after: Annotated[
        timedelta, lambda env: timedelta(days=env.number("EVENT_DISABLE_DAYS", 5, 1, 60))
    ]
    # The maximum number of notices about one merchant within 24 hours. 0: no new notices are written.
    notices_per_day: Annotated[int, lambda env: env.number("NOTICES_PER_DAY", 3, 0, 100)]
    # The server, sender and recipients of mails about notices. Without SMTP_URL, no mail is sent.
    smtp_url: Annotated[str | None, lambda env: env.secret("SMTP_URL")] = field(repr=False)
    mail_from: Annotated[str | None, lambda env: env.text("MAIL_FROM")]
    mail_to: Annotated[tuple[str, ...], lambda env: split(env.text("MAIL_TO"))]
    mail_link: Annotated[str | None, lambda env: env.text("MAIL_LINK")]
    mail_templates: Annotated[Path | None, lambda env: env.path("MAIL_TEMPLATES")]
    worker: Annotated[bool, lambda env: env.flag("WORKER", default=True)]
    stale_after: Annotated[timedelta, lambda env: env.duration("STALE_AFTER_SECONDS", 21_600, 1, 2_592_000)]
    backfill_after: Annotated[timedelta, lambda env: env.duration("BACKFILL_AFTER_SECONDS", 60, 1, 86_400)]
    # The number of days for which data is kept, by the name of its rule. 0 keeps it forever.
    retention: Annotated[Mapping[str, int], lambda env: env.days(RULES)]
    drain_seconds: Annotated[int, lambda env: env.number("DRAIN_SECONDS", 5 if env.production else 0, 0, 60)]
    live_connections: Annotated[int, lambda env: env.number("LIVE_CONNECTIONS", 5000, 1, 1_000_000)]
    live_connections_of_one: Annotated[
        int, lambda env: env.number("LIVE_CONNECTIONS_OF_ONE", 50, 1, 1_000_000)
    ]
    requests_per_minute: Annotated[
        int, lambda env: env.number("REQUESTS_PER_MINUTE", 1200 if env.production else 0, 0, 1_000_000)
    ]
    address_requests_per_minute: Annotated[
        int, lambda env: env.number("ADDRESS_REQUESTS_PER_MINUTE", 0, 0, 1_000_000)
    ]
    keep_alive_seconds: Annotated[int, lambda env: env.number("KEEP_ALIVE_SECONDS", 75, 1, 7200)]
    trusted_proxies: Annotated[tuple[str, ...], lambda env: split(env.text("TRUSTED_PROXIES"))]
    heartbeat_seconds: Annotated[int, lambda env: env.number("HEARTBEAT_SECONDS", 15, 1, 300)]
    idle_seconds: Annotated[int, lambda env: env.number("IDLE_SECONDS", 60, 1, 86_400)]
    max_cost: Annotated[int, lambda env: env.number("MAX_COST", 150_000, 100, 10_000_000)]
    execution_seconds: Annotated[int, lambda env: env.number("EXECUTION_SECONDS", 30, 1, 600)]
    kept_answers_bytes: Annotated[int, lambda env: env.number("KEPT_ANSWERS_MB", 64, 0, 65_536) * 1024 * 1024]
    telemetry: Annotated[TelemetrySettings, telemetry_settings.read]
    log_json: Annotated[
        bool,
        lambda env: (
            env.choice("LOG_FORMAT", "json" if env.production else "text", ("json", "text")) == "json"
        ),
    ]
    log_level: Annotated[
        str, lambda env: env.choice("LOG_LEVEL", "info", ("debug", "info", "warning", "error"))
    ]
    inbox: Policy = field(default_factory=Policy)

    @property
    def feed_url(self) -> str:
        return self.database_direct_url or self.database_url

    @property
    def outgoing(self) -> endpoints.Policy:
        """The settings of outgoing events. Without EVENT_KEYS, Stripe's API key encrypts the secrets."""
        return endpoints.Policy(
            secrets.box([*self.event_keys, self.stripe_api_key]),
            addresses.read_private_hosts(self.event_private_hosts),
            self.event_disable_after,
        )

    @property
    def mailing(self) -> mail.Mailing | None:
        if self.smtp_url is None or self.mail_from is None:
            return None
        return mail.Mailing(self.smtp_url, self.mail_from, self.mail_to, self.mail_link, self.mail_templates)

    @property
    def charging(self) -> Charging:
        return Charging(
            policy=self.fee_policy,
            merchants_may_charge=self.merchants_may_charge,
            merchants_may_refund=self.merchants_may_refund,
            merchants_may_answer_disputes=self.merchants_may_answer_disputes,
            merchants_may_pay_out=self.merchants_may_pay_out,
            publishable_key=self.stripe_publishable_key,
        )

    @property
    def returns(self) -> ReturnTargets:
        return ReturnTargets(self.return_origins, self.return_schemes)


def read(environment: Mapping[str, str]) -> Settings:
    """Return the settings in these variables. Raises SettingsError with all problems at once."""
    variables = Variables(environment)
    values = {
        name: hint.__metadata__[0](variables)
        for name, hint in get_type_hints(Settings, include_extras=True).items()
        if get_origin(hint) is Annotated
    }
    public_url = (variables.address("PUBLIC_URL") or f"http://localhost:{values['port']}").rstrip("/")
    webhook_url = variables.address("WEBHOOK_URL") or f"{public_url}/webhooks/stripe"
    settings = Settings(**values, public_url=public_url, webhook_url=webhook_url)
    problems = [*variables.problems, *_problems(settings)]
    problems += board_settings.problems(
        settings.board,
        production=settings.production,
        has_development_tokens=settings.auth.development_key_file is not None,
    )
    problems += telemetry_settings.problems(settings.telemetry, port=settings.port)
    if settings.production:
        problems += _production_problems(settings)
    if problems:
        raise SettingsError(problems)
    return settings


def read_subgraph(environment: Mapping[str, str]) -> Subgraph:
    """Return the names of the subgraph, even if CONNECTQL_FEDERATION is off. Raises SettingsError."""
    variables = Variables({**environment, "CONNECTQL_FEDERATION": "on"})
    names = variables.subgraph("FEDERATION")
    if names is None or variables.problems:
        raise SettingsError(variables.problems)
    return names


def _problems(settings: Settings) -> Iterator[str]:
    """Yield a message for each setting that is missing, malformed or contradictory in any environment."""
    auth = settings.auth
    yield from _database_problems(settings)
    yield from stripe_settings.problems(
        settings.stripe_api_key, settings.stripe_context, settings.stripe_api_base
    )
    yield from stripe_settings.publishable_key_problems(
        settings.stripe_publishable_key, settings.stripe_api_key
    )
    dashboard = settings.stripe_dashboard_base
    if dashboard != dashboard_addresses.STRIPE and settings.stripe_api_key.startswith(LIVE_KEYS):
        yield "With a live key, merchants use Stripe's Dashboard. Remove CONNECTQL_STRIPE_DASHBOARD_BASE."
    elif not is_address(dashboard) or set("?#") & set(dashboard):
        yield (
            "CONNECTQL_STRIPE_DASHBOARD_BASE must be an http(s) address, such as "
            "http://127.0.0.1:12111/dashboard."
        )
    if settings.stripe_api_key.startswith(LIVE_KEYS) and not settings.production:
        yield "A live key needs CONNECTQL_ENVIRONMENT=production."
    if not settings.webhook_secrets:
        yield (
            "CONNECTQL_WEBHOOK_SECRETS is missing. Create an event destination "
            "(python -m api destination) and set its signing secret (whsec_...)."
        )
    elif any(not secret.startswith("whsec_") for secret in settings.webhook_secrets):
        yield "CONNECTQL_WEBHOOK_SECRETS contains a value that is not a signing secret (whsec_...)."
    yield from providers.problems(auth)
    if auth.development_key_file and settings.host not in {"127.0.0.1", "::1", "localhost"}:
        yield (
            "Development tokens need a loopback address. "
            "Remove CONNECTQL_HOST or CONNECTQL_DEVELOPMENT_KEY_FILE."
        )
    for provider in auth.providers:
        if provider.jwks_url and not is_address(provider.jwks_url):
            yield f"{provider.setting('JWKS_URL')} must be the http(s) address of the issuer's keys."
    if not is_address(settings.public_url) or set("?#") & set(settings.public_url):
        yield "CONNECTQL_PUBLIC_URL must be the address of this service, such as https://api.example."
    elif not is_address(settings.webhook_url):
        yield (
            "CONNECTQL_WEBHOOK_URL must be the address of the event destination, "
            "such as https://api.example/webhooks/stripe."
        )
    for value in sorted(settings.return_origins):
        if not origins.is_web(value):
            yield (
                f"CONNECTQL_RETURN_ORIGINS: {value!r} is not an origin. "
                "Write https://app.example, without a path."
            )
    for value in sorted(settings.return_schemes):
        if problem := app_address.scheme_problem(value):
            yield f"CONNECTQL_RETURN_SCHEMES: {value!r} {problem}"
    for name, values in _page_origins(settings):
        for value in sorted(values):
            if not origins.is_web(value) and not origins.is_app(value):
                yield (
                    f"{name}: {value!r} is not an origin. Write https://app.example or "
                    "capacitor://localhost, without a path."
                )
    for value in settings.trusted_proxies:
        if value != "*" and (problem := _network_problem(value)):
            yield f"CONNECTQL_TRUSTED_PROXIES: {value!r} {problem}"
    if "*" in settings.trusted_proxies and len(settings.trusted_proxies) > 1:
        yield "CONNECTQL_TRUSTED_PROXIES: * trusts every address. Write it alone, or list the proxies."
    yield from _outgoing_problems(settings)
    yield from (
        f"CONNECTQL_SERVICE_PRICES: {value!r} is not the id of a price (price_...)."
        for value in settings.service_prices
        if not value.startswith("price_")
    )
    if settings.only_persisted and settings.subgraph is not None:
        yield (
            "CONNECTQL_ONLY_PERSISTED=on and CONNECTQL_FEDERATION=on exclude each other: a router sends "
            "operations of its own. Publish operations at the router."
        )


def _database_problems(settings: Settings) -> Iterator[str]:
    try:
        database.config(settings.database_url)
    except ValueError as error:
        yield f"CONNECTQL_DATABASE_URL: {error}"
    if settings.database_profile == database.PORTABLE and settings.database_url.startswith("sqlite:"):
        yield "CONNECTQL_DATABASE_PROFILE=portable is for PostgreSQL only. Remove it."
    if settings.database_direct_url is not None:
        if settings.database_url.startswith("sqlite:") or settings.database_direct_url.startswith("sqlite:"):
            yield "CONNECTQL_DATABASE_DIRECT_URL is for PostgreSQL only. Remove it."
        else:
            try:
                database.config(settings.database_direct_url)
            except ValueError as error:
                yield f"CONNECTQL_DATABASE_DIRECT_URL: {error}"


def _outgoing_problems(settings: Settings) -> Iterator[str]:
    if settings.smtp_url is not None:
        if problem := mail.server_problem(settings.smtp_url):
            yield f"CONNECTQL_SMTP_URL {problem}"
        if settings.mail_from is None or not settings.mail_to:
            yield "CONNECTQL_SMTP_URL needs CONNECTQL_MAIL_FROM and CONNECTQL_MAIL_TO."
    if settings.mail_link is not None and not settings.mail_link.startswith("https://"):
        yield "CONNECTQL_MAIL_LINK must be an https address, such as https://app.example/{externalId}."
    if any(len(value) < MIN_KEY for value in settings.event_keys):
        yield f"CONNECTQL_EVENT_KEYS: a key has fewer than {MIN_KEY} characters. Use openssl rand -hex 32."
    for value in settings.event_private_hosts:
        if problem := addresses.private_host_problem(value):
            yield f"CONNECTQL_EVENT_PRIVATE_HOSTS: {value!r} {problem}"


def _production_problems(settings: Settings) -> Iterator[str]:
    if settings.database_url == DEFAULT_DATABASE:
        yield "CONNECTQL_DATABASE_URL is missing. Production has no default database."
    if settings.auth.development_key_file:
        yield (
            "Development tokens are refused in production. Remove CONNECTQL_DEVELOPMENT_KEY_FILE, "
            "or set CONNECTQL_ENVIRONMENT=development."
        )
    for provider in settings.auth.providers:
        if provider.jwks_url and not provider.jwks_url.startswith("https://"):
            yield f"{provider.setting('JWKS_URL')} must be an https address in production."
    if not settings.public_url.startswith("https://"):
        yield "CONNECTQL_PUBLIC_URL must be an https address in production."
    elif _is_unprotected(settings.webhook_url):
        yield "CONNECTQL_WEBHOOK_URL must be an https address in production, except on this machine."
    for name, value in (
        ("STRIPE_API_BASE", settings.stripe_api_base),
        ("STRIPE_DASHBOARD_BASE", settings.stripe_dashboard_base),
    ):
        if value and _is_unprotected(value):
            yield f"CONNECTQL_{name} must be an https address in production, except on this machine."
    if not settings.return_origins and not settings.return_schemes:
        yield "CONNECTQL_RETURN_ORIGINS is missing. List the origins of your app: https://app.example"
    if any(not value.startswith("https://") for value in settings.return_origins):
        yield "CONNECTQL_RETURN_ORIGINS must contain only https origins in production."
    for name, values in _page_origins(settings):
        if any(value.startswith("http://") and not origins.is_on_the_device(value) for value in values):
            yield f"{name} must not contain http origins in production, except those of localhost."


def _is_unprotected(address: str) -> bool:
    """Whether this is an http address on another machine."""
    is_http = is_address(address) and urlsplit(address).scheme == "http"
    return is_http and not origins.is_on_the_device(address)


def _page_origins(settings: Settings) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the variables that list origins of pages, each with its origins. A variable with its default
    value is omitted.
    """
    if settings.browser_origins != settings.return_origins:
        yield "CONNECTQL_BROWSER_ORIGINS", settings.browser_origins
    if settings.websocket_origins != settings.browser_origins:
        yield "CONNECTQL_WEBSOCKET_ORIGINS", settings.websocket_origins


def _network_problem(value: str) -> str | None:
    """Return the reason why this is neither an address nor a network, or None if it is one of them."""
    try:
        ip_network(value)
    except ValueError:
        with suppress(ValueError):
            network = ip_network(value, strict=False)
            return f"is an address with a prefix length. Write the network: {network}."
        return "is not an address or a network. Write 10.0.0.1, 10.0.0.0/8 or fd00::/8."
    return None
