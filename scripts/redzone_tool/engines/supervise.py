# SPDX-License-Identifier: GPL-2.0-only
"""Runs one engine so that nothing of it outlives the tool and all its CPU time is counted.

Usage: supervise.py PARENT_PID RUSAGE.json LOG CPU_LIMIT_S[:MEMORY_MIB] COMMAND...

A limit of 0 is none. Memory is the resident set of the largest process of the tree.

AFL++ kills its fork server without waiting for the target behind it, so the CPU time of the
target would be lost with the orphan. This process is the reaper of all of them. Standard
library only: it must start in milliseconds.
"""

import ctypes
import json
import os
import resource
import select
import signal
import sys
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
POLL_S, LONGEST_S = 0.1, 0.25   # the longer the further from the limit


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def _die_with(parent: int, number: int) -> bool:
    """Ask for signal `number` when the parent dies; False if it has died before we could ask."""
    _prctl(PR_SET_PDEATHSIG, number)
    return os.getppid() == parent


def _start(command: list[str], log: str) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setsid()
        if not _die_with(parent, signal.SIGKILL):
            os._exit(127)
        null = os.open(os.devnull, os.O_RDONLY)
        sink = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(null, 0)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        os.execvp(command[0], command)
    except OSError as err:
        os.write(2, f"{command[0]}: {err.strerror}\n".encode())
    os._exit(127)


def children_of(pid: int) -> list[int]:
    """Direct children of a process, from /proc."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def tree_of(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for child in children_of(pid):
        found += tree_of(child)
    return found


def cpu_of(pid: int) -> float:
    """User and system seconds of a process tree so far, dead and waited-for ones included."""
    return sum(sum(_times(each)) for each in tree_of(pid))


def memory_of(pid: int) -> int:
    """Resident MiB of the largest process of a tree."""
    largest = 0
    for each in tree_of(pid):
        try:
            with open(f"/proc/{each}/statm", encoding="ascii") as file:
                largest = max(largest, int(file.read().split()[1]))
        except (OSError, IndexError):
            continue
    return largest * os.sysconf("SC_PAGE_SIZE") >> 20


def own_cpu_of(pid: int) -> float:
    """User and system seconds of one process without its children."""
    return sum(_times(pid)[:2])


def _times(pid: int) -> list[float]:
    """utime, stime, cutime, cstime in seconds; empty when the process is gone."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return []
    return [int(word) / os.sysconf("SC_CLK_TCK") for word in fields[11:15]]


def _kill_rest() -> None:
    """Kill and reap whatever the engine left behind."""
    for _ in range(200):
        rest = tree_of(os.getpid())[1:]
        for pid in rest:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.01)


def main() -> int:
    """See the module's text."""
    parent, rusage_file, log, command = (
        int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[5:])
    cpu_text, _, memory_text = sys.argv[4].partition(":")
    cpu_limit, memory_limit = float(cpu_text), int(memory_text or 0)
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    stopping = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda num, frame: stopping.append(num))
    if not _die_with(parent, signal.SIGTERM):
        return 1
    # An engine that ends, or a signal to us, ends the wait between two looks at once.
    wake, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.signal(signal.SIGCHLD, lambda num, frame: None)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    started = time.monotonic()
    main_pid = _start(command, log)
    status = None
    limited = swollen = False
    deadline = 0.0
    while status is None:
        pid, got = os.waitpid(-1, os.WNOHANG)
        if pid == main_pid:
            status = got
            continue
        if pid:
            continue
        now = time.monotonic()
        pause = LONGEST_S
        if cpu_limit and not stopping:
            left = cpu_limit - cpu_of(os.getpid())
            pause = min(LONGEST_S, max(POLL_S, left / 4))
            if left < 0:
                limited = True
                stopping.append(signal.SIGINT)
        if memory_limit and not stopping and memory_of(os.getpid()) > memory_limit:
            swollen = True
            stopping.append(signal.SIGINT)
        if stopping and not deadline:
            os.kill(main_pid, signal.SIGINT)
            deadline = now + 5
        if deadline and now > deadline:
            os.kill(main_pid, signal.SIGKILL)
        if select.select([wake], [], [], POLL_S if stopping else pause)[0]:
            os.read(wake, 4096)
    _kill_rest()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = resource.getrusage(resource.RUSAGE_SELF)
    code = os.waitstatus_to_exitcode(status)
    result = {"exit": code, "wall_s": time.monotonic() - started, "cpu_s":
              usage.ru_utime + usage.ru_stime, "own_cpu_s": own.ru_utime + own.ru_stime,
              "maxrss_kib": usage.ru_maxrss, "stopped": bool(stopping), "cpu_limited": limited,
              "memory_limited": swollen}
    with open(rusage_file + ".new", "w", encoding="ascii") as file:
        json.dump(result, file)
    os.replace(rusage_file + ".new", rusage_file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
