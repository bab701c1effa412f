"""`python -m simulator`: run the local Stripe."""

import os
import sys

import uvicorn

from simulator import settings
from simulator.app import create_app
from simulator.platforms import commands


def main() -> None:
    """Serve. If there are arguments, run a command of `platforms` for a local Stripe that already runs."""
    if len(sys.argv) > 1:
        sys.exit(commands.run(sys.argv[1:], os.environ))
    serve()


def serve() -> None:
    """Read the environment and serve until a signal arrives."""
    try:
        config = settings.read(os.environ)
    except settings.BadSetting as error:
        sys.exit(str(error))
    place = config.state or "memory only"
    print(f"Simulated Stripe on http://{config.host}:{config.port}/ (state: {place})", flush=True)  # noqa: T201
    uvicorn.run(
        create_app(config),
        host=config.host,
        port=config.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
