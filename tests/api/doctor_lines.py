"""The lines of the doctor's output, and functions that run the doctor and a worker's check."""

from datetime import timedelta
from pathlib import Path

from connect.platform import health
from connect.stripe_api.gateway import Gateway
from testing.deployment import Deployment
from testing.processes import Simulator
from testing.service import STRIPE_KEY

SETTINGS = "ok       settings: valid for development."
MIGRATED = "ok       migrations: all are applied."
DATABASE_CLOCK = "ok       clock of the database: agrees with this machine's."
STRIPE = "ok       Stripe: accepts the key (sandbox)."
STRIPE_CLOCK = "ok       clock of Stripe: agrees with this machine's."
KEYS = "ok       token keys: this machine's development key signs tokens."
WORKERS = "ok       workers: one was active within the last 5 minutes, and no event has waited long."
PLATFORM = "ok       platform: no known problems."
NO_DESTINATION = "?        event destination: unknown without Stripe."
WITHOUT = [
    "?        workers: unknown without a migrated database.",
    "?        platform: unknown without a migrated database.",
]
AWAY = (
    "PROBLEM  Stripe: Stripe gives no definite answer. Look at https://status.stripe.com and at the network "
    "between this service and api.stripe.com. Interrupted work continues automatically."
)
NO_WORKER = (
    "PROBLEM  workers: No worker has been active yet. Start a worker: `python -m api worker`, or `python -m "
    "api` without CONNECTQL_WORKER=off. If a worker runs, its log names the cause (`worker_step_failed`)."
)
FAILED = (
    "PROBLEM  platform: 1 event failed and will not be retried. Read `platform { events(state: FAILED) { "
    "edges { node { id lastError } } } }`, fix the cause, then call replayEvent for each."
)
RETRYING = (
    "?        platform: 1 event failed and will be retried. Read `platform { events(state: PENDING) { edges "
    "{ node { attempts lastError } } } }` and fix the cause. The retries continue automatically."
)
KEY_REFUSED = (
    "PROBLEM  Stripe: Stripe does not accept the platform's API key. Set CONNECTQL_STRIPE_API_KEY to a valid "
    "key (Stripe's Dashboard, Developers > API keys) and restart. docs/operating.md lists the permissions "
    "that a restricted key needs."
)
NO_KEYS = (
    "PROBLEM  token keys: CONNECTQL_JWKS_FILE provides no keys. The key set has no key for verifying "
    "signatures (RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA). Correct the file."
)


def doctor(service: Deployment, **changed: str) -> tuple[int, list[str]]:
    """Return the exit code and the lines of the output."""
    done = service.command("doctor", **changed)
    assert done.stderr == ""
    for secret in (STRIPE_KEY, "hunter2", service.environment["CONNECTQL_WEBHOOK_SECRETS"]):
        assert secret not in done.stdout
    return done.returncode, done.stdout.splitlines()


def listing(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


async def watch(service: Deployment, simulator: Simulator) -> None:
    """Run a worker's check, which normally runs once a minute."""
    gateway = Gateway(STRIPE_KEY, simulator.base_url)
    try:
        await health.watch(
            gateway,
            "tests",
            webhook_url=f"{service.url}/webhooks/stripe",
            stale_after=timedelta(hours=6),
            backfill_after=timedelta(seconds=60),
        )
    finally:
        await gateway.close()
