# SPDX-License-Identifier: GPL-2.0-only
"""Child processes of long measurements: stoppable, bounded, their own process group."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

POLL_S = 0.05


def run(command: Sequence[str], env: Mapping[str, str], stderr: Path,
        stop: threading.Event | None = None, timeout: float | None = None,
        stdout: Path | None = None) -> int | None:
    """
    Run a command to its end; its exit code, or None when stopped or out of time.

    The child leads a process group of its own, so that Ctrl-C reaches it only through us
    and everything it forked goes with it.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    out_name = str(stdout) if stdout else os.devnull
    with open(stderr, "wb") as err, open(out_name, "wb") as out:
        with subprocess.Popen(list(command), env=dict(env), stdin=subprocess.DEVNULL,
                              stdout=out, stderr=err, start_new_session=True) as child:
            try:
                while True:
                    try:
                        return child.wait(POLL_S)
                    except subprocess.TimeoutExpired:
                        pass
                    late = deadline is not None and time.monotonic() > deadline
                    if late or (stop is not None and stop.is_set()):
                        return None
            finally:
                kill_group(child)


def kill_group(child: subprocess.Popen[Any]) -> None:
    """End a child that leads its own process group, and everything it started."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    child.wait()


def last_line(path: Path) -> str:
    """The last non-empty line of a log, for one-line errors."""
    try:
        lines = path.read_text(errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip() for line in reversed(lines) if line.strip()), "no output")
