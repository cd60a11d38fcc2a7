# SPDX-License-Identifier: GPL-2.0-only
"""Entry point: see that the command line's own packages are there, then run it.

Nothing but the standard library may be imported here before `setup.ensure`.
"""

import sys

from redzone_tool import setup
from redzone_tool.errors import INTERRUPTED, ToolError


def main() -> int:
    """Run the tool and return its exit code."""
    try:
        setup.log_to_stderr()
        setup.ensure("cli")
        from redzone_tool import cli
        return cli.main(sys.argv[1:])
    except ToolError as err:
        print(f"redzone: {err}", file=sys.stderr)
        return err.code
    except KeyboardInterrupt:
        print("redzone: interrupted", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
