# SPDX-License-Identifier: GPL-2.0-only
"""
A process that only plays inputs: no network where the system lets us give it up, no core
dumps, no large files, and it dies with the tool. What it starts inherits all of that.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38

LIMITS = (
    (resource.RLIMIT_CORE, 0),
    (resource.RLIMIT_FSIZE, 16 << 20),
    (resource.RLIMIT_NOFILE, 256),
    (resource.RLIMIT_MEMLOCK, 1 << 20),
    (resource.RLIMIT_MSGQUEUE, 0),
)


def enter(parent: int) -> None:
    """Give up, in a worker process, what playing an input does not need."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.setsid()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
    # As root the network alone; otherwise a user namespace comes with it, if it may.
    if libc.unshare(CLONE_NEWNET):
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)
    for what, most in LIMITS:
        hard = resource.getrlimit(what)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))


def networks() -> list[str]:
    """The network interfaces of this process other than its own loopback."""
    with open("/proc/self/net/dev", encoding="ascii") as file:
        names = [line.split(":")[0].strip() for line in file if ":" in line]
    return [name for name in names if name != "lo"]


@contextmanager
def pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Confined worker processes; all are gone when the block is left, however it is."""
    executor = ProcessPoolExecutor(workers, mp_context=get_context("fork"), initializer=enter,
                                   initargs=(os.getpid(),))
    executor.submit(int).result()       # workers fork now, before threads are started
    processes = list((executor._processes or {}).values())  # pylint: disable=protected-access
    try:
        yield executor
        executor.shutdown()
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            _end_session(process.pid)
        raise


def _end_session(leader: int | None) -> None:
    """Kill a worker and the replay it waits for (each replay leads a session of its own)."""
    if leader is None:
        return
    from redzone_tool.engines import supervise
    for pid in reversed(supervise.tree_of(leader)):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
