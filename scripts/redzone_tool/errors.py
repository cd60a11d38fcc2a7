# SPDX-License-Identifier: GPL-2.0-only
"""The one exception users see, and the exit codes of the tool."""

import difflib
from collections.abc import Iterable, Sequence

OK = 0
FINDING = 1         # a finding, a failed test, or an expected result that did not happen
USAGE = 2           # unknown name, unreadable or empty input, wrong option
ENVIRONMENT = 3     # missing package or compiler, failed build, disk full, folder in use
INTERRUPTED = 4     # Ctrl-C or SIGTERM; results so far are kept

EXIT_CODES = {
    OK: "all went as expected",
    FINDING: "a finding, a failed test, or an expected result that did not happen",
    USAGE: "bad use: unknown name, unreadable or empty input, wrong option",
    ENVIRONMENT: "environment: missing package, failed build, disk full, folder in use",
    INTERRUPTED: "interrupted; results so far are kept",
}


class ToolError(Exception):
    """Something the user can act on: one line, an exit code, perhaps some detail."""

    def __init__(self, message: str, code: int = USAGE, detail: Sequence[str] = ()):
        super().__init__(message)
        self.code = code
        self.detail = list(detail)


def unknown(what: str, name: str, known: Iterable[str], how_to_list: str) -> ToolError:
    """An error for a name that does not exist, naming the closest ones that do."""
    names = sorted(set(known))
    folded = {n.lower(): n for n in names}
    close = [folded[m] for m in difflib.get_close_matches(name.lower(), folded, n=2, cutoff=0.5)]
    if not close:
        close = [n for n in names if name and name.lower() in n.lower()][:2]
    hint = f": did you mean {' or '.join(close)}?" if close else ""
    return ToolError(f"unknown {what} '{name}'{hint} ({how_to_list} lists them)")
