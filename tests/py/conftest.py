# SPDX-License-Identifier: GPL-2.0-only
"""What several test files share: the tool as a process, the sample data."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from redzone_tool import paths

# A shell without job control starts background jobs with SIGINT ignored, and children
# would inherit that: the tests of Ctrl-C need it to work as at a terminal. A worker of
# pytest-xdist may import this outside its main thread; `redzone test` has seen to it there.
if (signal.getsignal(signal.SIGINT) == signal.SIG_IGN
        and threading.current_thread() is threading.main_thread()):
    signal.signal(signal.SIGINT, signal.default_int_handler)

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def redzone() -> Run:
    """Run `redzone ARGUMENTS…` as users do, but with Python named outright."""

    def run(*arguments: str, env: Mapping[str, str] | None = None, timeout: float = 600,
            cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
        full = {**os.environ, "PYTHONPATH": str(paths.root() / "scripts"), **(env or {})}
        return subprocess.run([sys.executable, "-s", "-m", "redzone_tool", *arguments],
                              capture_output=True, text=True, timeout=timeout, env=full,
                              cwd=cwd or paths.root(), stdin=subprocess.DEVNULL, check=False)

    return run


@pytest.fixture(scope="session")
def data() -> Path:
    """The sample data of other projects, or a skip that says what is missing."""
    folder = paths.data_dir()
    if folder is None:
        pytest.skip("REDZONE_DATA names no folder of sample data")
    return folder
