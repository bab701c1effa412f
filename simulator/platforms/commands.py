"""`python -m simulator platform FILE`, `save NAME` and `load NAME`, for a local Stripe that is running."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib import error, request

from simulator import settings

USAGE = "usage: python -m simulator [platform FILE | save NAME | load NAME]"


def run(arguments: Sequence[str], environment: Mapping[str, str]) -> str | int:
    """Run a command, and print its result. Returns 0, or an error message."""
    if len(arguments) != 2 or arguments[0] not in {"platform", "save", "load"}:
        return USAGE
    command, name = arguments
    paths = {"platform": "platforms", "save": f"saves/{name}", "load": f"saves/{name}/load"}
    try:
        body = Path(name).read_bytes() if command == "platform" else b""
        config = settings.read(environment)
    except (OSError, settings.BadSetting) as failure:
        return str(failure)
    url = f"http://{config.host}:{config.port}/simulator/{paths[command]}"
    opener = request.build_opener(request.ProxyHandler({}))
    try:
        with opener.open(request.Request(url, data=body, method="POST"), timeout=60) as answer:
            print(json.dumps(json.load(answer), indent=2))  # noqa: T201
    except error.HTTPError as refused:
        return str(json.load(refused)["error"]["message"])
    except OSError as failure:
        return f"The local Stripe does not answer at {url}: {failure}"
    return 0
