"""`python -m simulator`: run the local Stripe."""

import os
import sys

import uvicorn

from simulator import settings
from simulator.app import create_app


def main() -> None:
    """Read the environment and serve until a signal ends it."""
    try:
        chosen = settings.read(os.environ)
    except settings.BadSetting as error:
        sys.exit(str(error))
    where = chosen.state or "memory only"
    print(f"Simulated Stripe on http://{chosen.host}:{chosen.port}/ (state: {where})", flush=True)  # noqa: T201
    uvicorn.run(
        create_app(chosen),
        host=chosen.host,
        port=chosen.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
