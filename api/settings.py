"""Settings: read once from the environment, checked as a whole. The only module that reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from api.auth.tokens import AuthSettings, secret_key
from api.graphql import persisted
from connect.events.inbox import Policy
from connect.merchants.inputs import origin
from models import database

PREFIX = "CONNECTQL_"
DEFAULT_DATABASE = "sqlite:///var/connectql.db"
LIVE = ("sk_live_", "rk_live_")


class SettingsError(Exception):
    """Everything that is wrong with the settings, each with its remedy; never a value."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(f"- {problem}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Settings:
    """How this process runs. See .env.example for each variable."""

    production: bool
    host: str
    port: int
    public_url: str
    database_url: str = field(repr=False)
    stripe_api_key: str = field(repr=False)
    stripe_api_base: str | None
    stripe_timeout_seconds: int
    webhook_secrets: tuple[str, ...] = field(repr=False)
    webhook_url: str
    stripe_calls_per_second: int
    return_origins: frozenset[str]
    auth: AuthSettings
    graphiql: bool
    # By their ids; see `api.graphql.persisted`.
    persisted_operations: Mapping[str, str] = field(repr=False)
    only_persisted: bool
    worker: bool
    stale_after: timedelta
    backfill_after: timedelta
    drain_seconds: int
    live_connections: int
    live_connections_of_one: int
    requests_per_minute: int
    address_requests_per_minute: int
    trusted_proxies: tuple[str, ...]
    heartbeat_seconds: int
    idle_seconds: int
    max_cost: int
    execution_seconds: int
    kept_answers_bytes: int
    log_json: bool
    log_level: str
    inbox: Policy = field(default_factory=Policy)


def read(environment: Mapping[str, str]) -> Settings:
    """The settings in these variables. Raises SettingsError, which lists every problem at once."""
    reader = _Reader(environment)
    mode = reader.choice("ENVIRONMENT", "production", ("development", "production"))
    production = mode == "production"
    port = reader.number("PORT", 8000, 1, 65535)
    public_url = (reader.text("PUBLIC_URL") or f"http://localhost:{port}").rstrip("/")
    settings = Settings(
        production=production,
        host=reader.text("HOST") or "127.0.0.1",
        port=port,
        public_url=public_url,
        database_url=reader.secret("DATABASE_URL") or DEFAULT_DATABASE,
        stripe_api_key=reader.secret("STRIPE_API_KEY") or "",
        stripe_api_base=reader.text("STRIPE_API_BASE"),
        stripe_timeout_seconds=reader.number("STRIPE_TIMEOUT_SECONDS", 8, 1, 80),
        webhook_secrets=tuple(reader.listed(reader.secret("WEBHOOK_SECRETS"))),
        webhook_url=reader.text("WEBHOOK_URL") or f"{public_url}/webhooks/stripe",
        stripe_calls_per_second=reader.number("STRIPE_CALLS_PER_SECOND", 15, 1, 100),
        return_origins=frozenset(reader.listed(reader.text("RETURN_ORIGINS"))),
        auth=AuthSettings(
            issuer=reader.text("AUTH_ISSUER") or "",
            audience=reader.text("AUTH_AUDIENCE") or "",
            jwks_url=reader.text("JWKS_URL"),
            jwks_file=reader.path("JWKS_FILE"),
            hs256_secret=reader.secret("HS256_SECRET"),
            development_key_file=reader.path("DEVELOPMENT_KEY_FILE"),
            role_claim=reader.text("AUTH_ROLE_CLAIM") or "role",
            merchant_claim=reader.text("AUTH_MERCHANT_CLAIM") or "merchant",
        ),
        graphiql=reader.flag("GRAPHIQL", default=not production),
        persisted_operations=reader.manifest("PERSISTED_OPERATIONS"),
        only_persisted=reader.flag("ONLY_PERSISTED", default=False),
        worker=reader.flag("WORKER", default=True),
        stale_after=timedelta(seconds=reader.number("STALE_AFTER_SECONDS", 21_600, 1, 2_592_000)),
        backfill_after=timedelta(seconds=reader.number("BACKFILL_AFTER_SECONDS", 60, 1, 86_400)),
        drain_seconds=reader.number("DRAIN_SECONDS", 5 if production else 0, 0, 60),
        live_connections=reader.number("LIVE_CONNECTIONS", 5000, 1, 1_000_000),
        live_connections_of_one=reader.number("LIVE_CONNECTIONS_OF_ONE", 50, 1, 1_000_000),
        requests_per_minute=reader.number("REQUESTS_PER_MINUTE", 1200 if production else 0, 0, 1_000_000),
        address_requests_per_minute=reader.number("ADDRESS_REQUESTS_PER_MINUTE", 0, 0, 1_000_000),
        trusted_proxies=tuple(reader.listed(reader.text("TRUSTED_PROXIES"))),
        heartbeat_seconds=reader.number("HEARTBEAT_SECONDS", 15, 1, 300),
        idle_seconds=reader.number("IDLE_SECONDS", 60, 1, 86_400),
        max_cost=reader.number("MAX_COST", 150_000, 100, 10_000_000),
        execution_seconds=reader.number("EXECUTION_SECONDS", 30, 1, 600),
        kept_answers_bytes=reader.number("KEPT_ANSWERS_MB", 64, 0, 65_536) * 1024 * 1024,
        log_json=reader.choice("LOG_FORMAT", "json" if production else "text", ("json", "text")) == "json",
        log_level=reader.choice("LOG_LEVEL", "info", ("debug", "info", "warning", "error")),
    )
    problems = [*reader.problems, *_contradictions(settings)]
    if problems:
        raise SettingsError(problems)
    return settings


def stripe(environment: Mapping[str, str]) -> tuple[str, str | None]:
    """Stripe's key and address alone: the event destination is made before anything else is known."""
    reader = _Reader(environment)
    key, base = reader.secret("STRIPE_API_KEY") or "", reader.text("STRIPE_API_BASE")
    problems = [*reader.problems, *_wrong_with_stripe(key, base)]
    if problems:
        raise SettingsError(problems)
    return key, base


class _Reader:
    """Takes variables by name and collects what cannot be read."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.problems: list[str] = []

    def text(self, name: str) -> str | None:
        return self._environment.get(PREFIX + name, "").strip() or None

    def secret(self, name: str) -> str | None:
        """The variable itself, or the content of the file that `<NAME>_FILE` names."""
        value, file = self.text(name), self.path(f"{name}_FILE")
        if value is not None and file is not None:
            self.problems.append(f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set. Keep one.")
        if value is None and file is not None:
            try:
                return file.read_text(encoding="utf-8").strip() or None
            except OSError as error:
                self.problems.append(f"{PREFIX}{name}_FILE: {file} cannot be read: {error.strerror}.")
            except UnicodeDecodeError:
                self.problems.append(f"{PREFIX}{name}_FILE: {file} is no UTF-8 text.")
        return value

    def path(self, name: str) -> Path | None:
        value = self.text(name)
        return Path(value) if value is not None else None

    def manifest(self, name: str) -> dict[str, str]:
        """The documents in the manifest that a variable names."""
        file = self.path(name)
        try:
            return persisted.published(file) if file is not None else {}
        except ValueError as error:
            self.problems.append(f"{PREFIX}{name}: {error}")
            return {}

    def listed(self, value: str | None) -> list[str]:
        # Between commas or, as in a file of secrets, one on each line.
        return (value or "").replace(",", " ").split()

    def number(self, name: str, default: int, least: int, most: int) -> int:
        value = self.text(name)
        if value is None:
            return default
        if not value.isascii() or not value.isdigit() or len(value) > 12 or not least <= int(value) <= most:
            self.problems.append(f"{PREFIX}{name} must be a whole number from {least} to {most}.")
            return default
        return int(value)

    def choice(self, name: str, default: str, known: tuple[str, ...]) -> str:
        value = self.text(name)
        if value is not None and value not in known:
            self.problems.append(f"{PREFIX}{name} must be one of: {', '.join(known)}.")
            return default
        return value or default

    def flag(self, name: str, *, default: bool) -> bool:
        return self.choice(name, "on" if default else "off", ("on", "off")) == "on"


def _contradictions(settings: Settings) -> list[str]:
    """What cannot be meant together, each with the remedy."""
    found: list[str] = []
    auth = settings.auth
    try:
        database.config(settings.database_url)
    except ValueError as error:
        found.append(f"{PREFIX}DATABASE_URL: {error}")
    found.extend(_wrong_with_stripe(settings.stripe_api_key, settings.stripe_api_base))
    if settings.stripe_api_key.startswith(LIVE) and not settings.production:
        found.append(f"A live key needs {PREFIX}ENVIRONMENT=production.")
    if not settings.webhook_secrets:
        found.append(
            f"{PREFIX}WEBHOOK_SECRETS is missing. Create an event destination "
            "(python -m api destination) and set its signing secret (whsec_...)."
        )
    elif any(not secret.startswith("whsec_") for secret in settings.webhook_secrets):
        found.append(f"{PREFIX}WEBHOOK_SECRETS holds something that is no signing secret (whsec_...).")
    if not auth.issuer or not auth.audience:
        found.append(f"Set {PREFIX}AUTH_ISSUER and {PREFIX}AUTH_AUDIENCE: who issues tokens, and for whom.")
    if not (auth.jwks_url or auth.jwks_file or auth.hs256_secret or auth.development_key_file):
        found.append(
            f"Nothing can verify tokens. Set {PREFIX}JWKS_URL, {PREFIX}JWKS_FILE or {PREFIX}HS256_SECRET."
        )
    if auth.jwks_file is not None and not auth.jwks_file.is_file():
        found.append(f"{PREFIX}JWKS_FILE: there is no file {auth.jwks_file}.")
    if auth.development_key_file and settings.host not in {"127.0.0.1", "::1", "localhost"}:
        found.append(
            "Development tokens are for this machine alone. "
            f"Remove {PREFIX}HOST or {PREFIX}DEVELOPMENT_KEY_FILE."
        )
    if auth.hs256_secret is not None:
        try:
            secret_key(auth.hs256_secret)
        except ValueError as error:
            found.append(str(error))
    if auth.jwks_url and _address(auth.jwks_url) is None:
        found.append(f"{PREFIX}JWKS_URL must be an http(s) address: where the issuer publishes its keys.")
    public = _address(settings.public_url)
    if public is None or public.query or public.fragment:
        found.append(f"{PREFIX}PUBLIC_URL must be the address of this service, such as https://api.example.")
    elif _address(settings.webhook_url) is None:
        found.append(
            f"{PREFIX}WEBHOOK_URL must be the address of the event destination, "
            "such as https://api.example/webhooks/stripe."
        )
    found.extend(
        f"{PREFIX}RETURN_ORIGINS: {value!r} is no origin. Write https://app.example, nothing behind the host."
        for value in sorted(settings.return_origins)
        if not _is_origin(value)
    )
    if settings.only_persisted and not settings.persisted_operations:
        found.append(
            f"{PREFIX}ONLY_PERSISTED leaves nothing that may be asked. Name a manifest of operations in "
            f"{PREFIX}PERSISTED_OPERATIONS, or remove it."
        )
    if settings.production:
        found.extend(_unfit_for_production(settings))
    return found


def _wrong_with_stripe(key: str, base: str | None) -> list[str]:
    found: list[str] = []
    if not key:
        found.append(
            f"{PREFIX}STRIPE_API_KEY is missing. Set a key of your Stripe sandbox (sk_test_...), "
            "or use `make run`, which brings a local Stripe."
        )
    elif not key.startswith((*LIVE, "sk_test_", "rk_test_")):
        found.append(f"{PREFIX}STRIPE_API_KEY is not a secret key. It begins with sk_test_ or sk_live_.")
    if base and key.startswith(LIVE):
        found.append(f"A live key must not be sent elsewhere. Remove {PREFIX}STRIPE_API_BASE.")
    elif base and _address(base) is None:
        found.append(f"{PREFIX}STRIPE_API_BASE must be an http(s) address, such as http://127.0.0.1:12111.")
    return found


def _unfit_for_production(settings: Settings) -> list[str]:
    found: list[str] = []
    if settings.database_url == DEFAULT_DATABASE:
        found.append(f"{PREFIX}DATABASE_URL is missing. Production must say where its data is.")
    if settings.auth.development_key_file:
        found.append(
            f"Development tokens are refused in production. Remove {PREFIX}DEVELOPMENT_KEY_FILE, "
            f"or set {PREFIX}ENVIRONMENT=development."
        )
    if settings.auth.jwks_url and not settings.auth.jwks_url.startswith("https://"):
        found.append(f"{PREFIX}JWKS_URL must be an https address in production.")
    if not settings.public_url.startswith("https://"):
        found.append(f"{PREFIX}PUBLIC_URL must be an https address in production.")
    if not settings.return_origins:
        found.append(f"{PREFIX}RETURN_ORIGINS is missing. List the origins of your app: https://app.example")
    if any(not value.startswith("https://") for value in settings.return_origins):
        found.append(f"{PREFIX}RETURN_ORIGINS must be https in production.")
    return found


def _is_origin(value: str) -> bool:
    parts = _address(value)
    return parts is not None and origin(parts) == value and "*" not in value


def _address(value: str) -> SplitResult | None:
    """The parts of an http(s) address without credentials; None when it is something else."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return parts if is_web and "@" not in parts.netloc else None
