"""`python -m contract.federation` composes the subgraph alone and beside other graphs (`compose.js`)."""

import json
import subprocess
import sys
from pathlib import Path

from resolvers.federation.names import Subgraph
from resolvers.federation.sdl import print_subgraph
from resolvers.schema import build

NODE = Path(sys.executable).parent / "node"
COMPOSE = Path(__file__).parent / "compose.js"


def main() -> int:
    """Return the exit code, which is 0 if all compositions give the expected result."""
    prefixes = {"plain": "", "prefixed": "Connect"}
    texts = {name: print_subgraph(build(Subgraph(prefix))) for name, prefix in prefixes.items()}
    return subprocess.run([NODE, COMPOSE], input=json.dumps(texts), text=True, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
