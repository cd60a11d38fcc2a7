# SPDX-License-Identifier: GPL-2.0-only
"""One run at a time on one output folder."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redzone_tool import paths
from redzone_tool.errors import ENVIRONMENT, ToolError


def name_of(folder: Path) -> str:
    """A short name for a folder that no other folder has."""
    path = folder.resolve()
    return f"{path.name}-{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"


@contextmanager
def exclusive(folder: Path, what: str) -> Iterator[None]:
    """Hold `folder` for `what`; a second run fails in one line, naming who holds it.

    The kernel drops the lock when the process dies, however it dies.
    """
    locks = paths.out() / "lock"
    locks.mkdir(parents=True, exist_ok=True)
    with open(locks / f"{name_of(folder)}.lock", "a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "another run"
            raise ToolError(f"{paths.shown(folder)} is in use by {holder}", ENVIRONMENT) from None
        lock.seek(0)
        lock.truncate()
        lock.write(f"{what} (process {os.getpid()})\n")
        lock.flush()
        yield
