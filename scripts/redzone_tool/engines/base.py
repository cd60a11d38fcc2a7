# SPDX-License-Identifier: GPL-2.0-only
"""What all engines share: the trial, its figures, its process."""

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from redzone_tool import build, paths
from redzone_tool.engines import supervise
from redzone_tool.errors import ENVIRONMENT, ToolError, unknown

POLL_S = 0.25           # between two looks for findings
STATS_S = 1.0           # between two looks at the figures, which cost more
GRACE_S = 15.0          # beyond the budget, for start-up, calibration and the end

_PRIVATE = ("ASAN_OPTIONS", "UBSAN_OPTIONS", "MSAN_OPTIONS", "LSAN_OPTIONS", "REDZONE_ABLATE",
            "REDZONE_BUGS", "REDZONE_CANARIES", "REDZONE_SKB")


@dataclass(frozen=True)
class Trial:
    """One engine process from fixed seeds, RNG seed and budget."""

    target: str
    engine: str                         # libfuzzer or afl
    sanitizer: str                      # address, undefined, memory, address+undefined
    out_dir: Path                       # the trial's own: corpus, findings, log
    guards: bool = False                # the -guards flavour
    seconds: float = 0.0                # wall time; 0: no limit
    runs: int = 0                       # executions; 0: no limit
    cpu_seconds: float = 0.0            # CPU time of the whole process tree; 0: no limit
    memory_mib: int = 0                 # resident, of the largest process; 0: no limit
    seed: int = 1                       # of the engine's RNG
    corpus: Path | None = None          # kept corpus, written to; None: scratch in out_dir
    seeds: tuple[Path, ...] = ()        # folders only read
    env: Mapping[str, str] = field(default_factory=dict)    # REDZONE_BUGS and the like
    dictionary: Path | None = None
    max_len: int = 4096
    cmplog: bool = False                # AFL++ only
    stop_at_first: bool = True          # end at the first finding
    cpu: int | None = None              # pin to this CPU
    binary: Path | None = None          # instead of the flavour's target
    cmplog_binary: Path | None = None
    input_timeout_s: float = 2.0        # an input running longer is a hang
    engine_args: tuple[str, ...] = ()

    @property
    def flavour(self) -> str:
        """The build this trial runs."""
        return build.flavour(self.engine, self.sanitizer, self.guards)

    @property
    def findings_dir(self) -> Path:
        """Where inputs that fault are gathered."""
        return self.out_dir / "findings"


@dataclass(frozen=True)
class Stats:
    """The figures of a running trial."""

    execs: int = 0
    execs_per_s: float = 0.0
    edges: int = 0
    corpus: int = 0
    findings: int = 0
    elapsed: float = 0.0
    cpu_s: float = 0.0


@dataclass(frozen=True)
class TrialResult:
    """How a trial ended."""

    execs: int
    cpu_s: float
    findings: list[Path]
    exit: str               # budget, finding, stopped or failed
    wall_s: float = 0.0
    edges: int = 0
    corpus: int = 0
    maxrss_kib: int = 0     # of the largest process, engine included
    command: tuple[str, ...] = ()
    log: Path = Path()
    message: str = ""       # of a failed engine
    code: int = 0           # the engine's exit code; negative: killed by that signal


class Engine(Protocol):
    """One engine's command line, figures and findings."""

    def prepare(self, trial: Trial) -> None:
        """Lay out `trial.out_dir`."""

    def command(self, trial: Trial) -> list[str]:
        """The engine's command."""

    def environment(self, trial: Trial) -> dict[str, str]:
        """Variables the engine and its target need."""

    def stats(self, trial: Trial, pid: int | None = None) -> Stats:
        """Figures so far, from what the engine wrote; `pid` is the root of its processes."""

    def findings(self, trial: Trial) -> list[Path]:
        """Inputs that faulted so far, oldest first."""

    def failure(self, trial: Trial, code: int) -> str:
        """Why an engine that ended with `code` did not do its job; empty when it did."""


def engine(name: str) -> Engine:
    """The engine of that name."""
    from redzone_tool.engines import afl, libfuzzer
    known: dict[str, Engine] = {"libfuzzer": libfuzzer.LibFuzzer(), "afl": afl.Afl()}
    if name not in known:
        raise unknown("engine", name, known, "`redzone fuzz --help`")
    return known[name]


def run(trial: Trial) -> Generator[Stats | TrialResult, None, None]:
    """Run a trial; yields figures as they come and the TrialResult last.

    Closing the iterator or an exception ends the engine; its files stay.
    """
    driver = engine(trial.engine)
    trial.out_dir.mkdir(parents=True, exist_ok=True)
    if trial.findings_dir.exists():
        shutil.rmtree(trial.findings_dir)
    trial.findings_dir.mkdir()
    driver.prepare(trial)
    if trial.binary is None:
        build.ensure(trial.flavour)
    command = driver.command(trial)
    if trial.cpu is not None:
        command = ["taskset", "-c", str(trial.cpu), *command]
    rusage = trial.out_dir / "rusage.json"
    rusage.unlink(missing_ok=True)
    env = {k: v for k, v in os.environ.items() if k not in _PRIVATE and not k.startswith("AFL_")}
    env.update(driver.environment(trial))
    env.update(trial.env)
    started = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-S", "-E", supervise.__file__, str(os.getpid()), str(rusage),
         str(log_file(trial)), f"{trial.cpu_seconds}:{trial.memory_mib}", *command],
        cwd=trial.out_dir, env=env, stdin=subprocess.DEVNULL, start_new_session=True)
    stopped = False
    try:
        last, figures = 0.0, Stats()
        while child.poll() is None:
            now = time.monotonic() - started
            if now - last >= STATS_S or not last:
                last = now
                figures = _with_process(driver.stats(trial, child.pid), now,
                                        supervise.cpu_of(child.pid))
            yield figures       # also when it is no news: who reads may want to stop
            if trial.seconds and now > trial.seconds + GRACE_S:
                stopped = True
                _stop(child)
            if trial.stop_at_first and driver.findings(trial):
                _stop(child)    # AFL++ by itself goes on after a hang
            _wait(child)
    finally:
        _stop(child)
    yield _result(driver, trial, rusage, command, stopped, time.monotonic() - started)


def _wait(child: "subprocess.Popen[bytes]") -> None:
    """Until the child ends, POLL_S at most; Popen.wait() would look every 50 ms."""
    try:
        handle = os.pidfd_open(child.pid)
    except OSError:             # gone, or a kernel without pidfds
        time.sleep(POLL_S if child.poll() is None else 0)
        return
    try:
        select.select([handle], [], [], POLL_S)
    finally:
        os.close(handle)


def log_file(trial: Trial) -> Path:
    """The engine's output."""
    return trial.out_dir / "engine.log"


def _with_process(stats: Stats, elapsed: float, cpu_s: float) -> Stats:
    rate = stats.execs_per_s or (stats.execs / elapsed if elapsed else 0.0)
    return Stats(stats.execs, rate, stats.edges, stats.corpus, stats.findings, elapsed, cpu_s)


def _stop(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is not None:
        return
    child.send_signal(signal.SIGTERM)
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()    # its children die with it (PR_SET_PDEATHSIG)
        child.wait()


def _result(driver: Engine, trial: Trial, rusage: Path, command: list[str], stopped: bool,
            wall: float) -> TrialResult:
    stats = driver.stats(trial)
    found = driver.findings(trial)
    killed = False
    try:
        usage = json.loads(rusage.read_text())
    except (OSError, ValueError):
        usage = {"exit": -9, "cpu_s": 0.0, "wall_s": wall, "maxrss_kib": 0, "stopped": True}
        killed = True       # the supervisor itself: nothing says what was spent
    budget_ended = (usage.get("cpu_limited") or stopped
                    or (trial.seconds and usage["wall_s"] >= trial.seconds - 1))
    if killed and not stopped:
        end = "stopped"
    elif found and (trial.stop_at_first or not (budget_ended or usage["stopped"])):
        end = "finding"
    elif usage["stopped"] and not budget_ended:
        end = "stopped"
    else:
        end = "budget"
    message = "" if usage["stopped"] or found else driver.failure(trial, usage["exit"])
    if usage.get("memory_limited"):
        message = f"{trial.engine} used more than {trial.memory_mib} MiB"
    if message:
        end = "failed"
        if "No space left" in message or space_gone(trial.out_dir):
            raise ToolError("no space left on device (while fuzzing)", ENVIRONMENT)
    return TrialResult(
        execs=stats.execs, cpu_s=usage["cpu_s"], findings=found, exit=end,
        wall_s=usage["wall_s"], edges=stats.edges, corpus=stats.corpus,
        maxrss_kib=usage["maxrss_kib"], command=tuple(command), log=log_file(trial),
        message=message, code=usage["exit"])


def space_gone(folder: Path) -> bool:
    """Whether the disk below `folder` is as good as full."""
    return shutil.disk_usage(folder).free < 1 << 20


def tail(path: Path, size: int = 65536) -> str:
    """The last bytes of a text file; empty if there is none."""
    try:
        with open(path, "rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - size))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def target_binary(trial: Trial, flavour: str | None = None) -> Path:
    """The engine binary of a trial's target."""
    if trial.binary is not None and flavour is None:
        return trial.binary
    return paths.build_dir(flavour or trial.flavour) / "bin" / trial.target
