"""`python -m torture.armed create.answered:2 -m api`: run a module that dies at a fault point.

The number is optional. With `:2`, the process dies when it reaches the point for the second time.
"""

import runpy
import sys

from connect.platform import faultpoints


def main() -> None:
    """Run the module that the arguments name, as `python -m` would."""
    point, _, module, *arguments = sys.argv[1:]
    name, _, passes = point.partition(":")
    faultpoints.arm(name, int(passes or 1))
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
