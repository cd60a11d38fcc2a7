# SPDX-License-Identifier: GPL-2.0-only
"""
One trial of any kind: an engine from fixed seeds until its budget is spent, the port's own
counters, and what it found, each input judged by replaying it alone.

An engine ends at its first finding. A trial goes on with the next RNG seed and the corpus of
this trial when the finding did not repeat, or when the trial is to find all it can.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from redzone_tool import build, canaries, catalogue, engines, paths, replay
from redzone_tool.catalogue import Target
from redzone_tool.engines import Trial, TrialResult, afl

MAX_PARTS, SEED_STEP = 40, 100_000      # engine runs of one trial, and their RNG seeds
MIN_PART_S = 1.0
CONFIRM_TIMEOUT_S, HANG_TIMEOUT_S = 10.0, 4.0
KILLED = (-9, 137)                      # by the kernel or by hand, not by what was fuzzed

# Planted guards and no bugs: what campaigns are tried out with. In no table of targets.
SELFTEST = Target(name="selftest", family="tests", harness="tests/planted/selftest.c",
                  port=("tests/planted/planted.c",), max_len=64, seeds="", dictionary="",
                  form="frame")


@dataclass(frozen=True)
class Plan:
    """What one trial is to do."""

    target: Target
    engine: str
    sanitizer: str
    folder: Path
    env: Mapping[str, str] = field(default_factory=dict)        # with the bug or lost guard
    plain: Mapping[str, str] = field(default_factory=dict)      # the same port without it
    seed: int = 1
    seconds: float = 0.0            # wall
    cpu_seconds: float = 0.0
    executions: int = 0
    memory_mib: int = 0
    find_all: bool = False          # go on after a finding that repeats
    keep_inputs: bool = False       # the first that violated each guard or triggered each bug
    cpu: int | None = None
    binary: Path | None = None

    @property
    def counters(self) -> Path:
        """The port's counter file."""
        return self.folder / "canaries"

    @property
    def altered(self) -> bool:
        """Whether the port is not as it is: a finding must not happen without the change."""
        return dict(self.env) != dict(self.plain)


@dataclass(frozen=True)
class Found:
    """One input that ended an engine, and what it did when it was played alone."""

    path: Path              # in the trial's folder
    data: bytes
    confirmed: bool
    kind: str
    summary: str
    function: str
    executions: int         # of the trial when it was found
    cpu_s: float
    clean: bool             # it faults in the port as it is: a finding of another kind


@dataclass
class Outcome:
    """One finished trial."""

    executions: int = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0
    edges: int = 0
    corpus: int = 0
    maxrss_kib: int = 0
    parts: int = 0
    exit: str = ""          # budget, finding, failed or lost
    message: str = ""
    found: list[Found] = field(default_factory=list)
    counters: canaries.Canaries | None = None

    def cpu_at(self, execution: int) -> float:
        """CPU seconds, engine included, until an execution: in proportion to their number."""
        return min(1.0, execution / max(self.executions, 1)) * self.cpu_s

    @property
    def confirmed(self) -> list[Found]:
        """What counts as a finding."""
        return [f for f in self.found if f.confirmed]


def find_target(name: str) -> Target:
    """A target by name, `selftest` included."""
    return SELFTEST if name == SELFTEST.name else catalogue.target(name)


def replay_binary(target: Target, flavour: str) -> Path:
    """The replay binary of a flavour that knows the target."""
    name = "redzone-selftest" if target.name == SELFTEST.name else "redzone-replay"
    return build.ensure(flavour, [name]) / "bin" / name


def engine_binary(target: Target, engine: str, sanitizer: str) -> Path:
    """The -guards binary a trial of this engine and sanitizer runs."""
    flavour = build.flavour(engine, sanitizer, True)
    # afl-fuzz loads the target's mutator from a file beside it: all is built.
    alone = engine == "libfuzzer" or target.name == SELFTEST.name
    return build.ensure(flavour, [target.name] if alone else None) / "bin" / target.name


@lru_cache(maxsize=None)
def table(target: Target, sanitizer: str) -> dict[str, Any]:
    """The guard and bug table of the build that confirms findings of a sanitizer."""
    flavour = replay.flavour_for(sanitizer, True)
    return catalogue.guard_table(flavour, replay_binary(target, flavour))


def run(plan: Plan, stop: threading.Event | None = None) -> Outcome | None:
    """Run a trial to its end; None when the measurement was stopped."""
    shutil.rmtree(plan.folder, ignore_errors=True)
    plan.folder.mkdir(parents=True)
    shared = plan.counters
    if plan.keep_inputs:
        canaries.inputs_dir(shared).mkdir()
    done = Outcome()
    while True:
        part = _engine_run(plan, done, shared)
        ended = run_engine(part, stop)
        if ended is None:
            return None
        if ended.exit == "stopped" or ended.code in KILLED and ended.exit == "failed":
            done.exit, done.message = "lost", ended.message or "the engine was ended from outside"
            return done
        _add(done, ended, shared)
        for file in ended.findings:
            done.found.append(judge(plan, file, done))
        if plan.find_all and plan.engine == "afl":
            afl.Afl().keep_corpus(part)
        _drop_scratch(plan.folder / str(done.parts - 1))
        if done.exit != "finding" or (done.confirmed and not plan.find_all):
            return done
        if done.parts >= MAX_PARTS or _spent(plan, done):
            done.exit = "budget"
            return done


def run_engine(trial: Trial, stop: threading.Event | None = None) -> TrialResult | None:
    """Run an engine to its end or until the measurement stops; None when it was cut off."""
    last = None
    stream = engines.run(trial)
    try:
        for last in stream:
            if stop is not None and stop.is_set():
                break
    finally:
        stream.close()
    return last if isinstance(last, TrialResult) else None


def _engine_run(plan: Plan, done: Outcome, shared: Path) -> Trial:
    left = max(MIN_PART_S, plan.seconds - done.wall_s) if plan.seconds else 0.0
    cpu_left = max(MIN_PART_S, plan.cpu_seconds - done.cpu_s) if plan.cpu_seconds else 0.0
    valid = paths.seed_dir(plan.target.name, "valid")
    return Trial(
        target=plan.target.name, engine=plan.engine, sanitizer=plan.sanitizer,
        out_dir=plan.folder / str(done.parts), guards=True, seconds=left, cpu_seconds=cpu_left,
        runs=max(1, plan.executions - done.executions) if plan.executions else 0,
        memory_mib=plan.memory_mib, seed=plan.seed + done.parts * SEED_STEP,
        corpus=plan.folder / "corpus" if plan.find_all else None,
        seeds=(valid,) if valid.is_dir() else (),
        env={**plan.env, "REDZONE_CANARIES": str(shared)},
        dictionary=plan.target.dictionary_path, max_len=plan.target.max_len, cpu=plan.cpu,
        binary=plan.binary)


def _add(done: Outcome, ended: TrialResult, shared: Path) -> None:
    done.parts += 1
    done.executions += ended.execs
    done.cpu_s += ended.cpu_s
    done.wall_s += ended.wall_s
    done.edges = max(done.edges, ended.edges)
    done.corpus = max(done.corpus, ended.corpus)
    done.maxrss_kib = max(done.maxrss_kib, ended.maxrss_kib)
    done.exit, done.message = ended.exit, ended.message
    done.counters = canaries.read(shared)
    if done.counters and done.counters.execs:
        done.executions = done.counters.execs     # the port's own count


def _spent(plan: Plan, done: Outcome) -> bool:
    return bool((plan.seconds and plan.seconds - done.wall_s < MIN_PART_S)
                or (plan.cpu_seconds and plan.cpu_seconds - done.cpu_s < MIN_PART_S)
                or (plan.executions and done.executions >= plan.executions))


def judge(plan: Plan, file: Path, done: Outcome) -> Found:
    """Play a finding alone: as it was found, and in the port as it is."""
    flavour = replay.flavour_for(plan.sanitizer, True)
    exe = replay_binary(plan.target, flavour)
    limit = HANG_TIMEOUT_S if file.name.startswith("timeout") else CONFIRM_TIMEOUT_S
    on = replay.run_one(plan.target.name, file, flavour, plan.env, limit, exe)
    clean = on.report is not None and not plan.altered
    if plan.altered:
        clean = not replay.run_one(plan.target.name, file, flavour, plan.plain,
                                   CONFIRM_TIMEOUT_S, exe).clean
    report = on.report
    return Found(path=file, data=file.read_bytes(),
                 confirmed=report is not None and not (plan.altered and clean),
                 kind=report.kind if report else "", summary=report.summary if report else "",
                 function=report.function if report else "", executions=done.executions,
                 cpu_s=done.cpu_s, clean=clean)


def _drop_scratch(folder: Path) -> None:
    """Keep findings, log and counters; corpora of hundreds of trials fill a disk."""
    for name in ("corpus", "afl", "initial"):
        shutil.rmtree(folder / name, ignore_errors=True)


def drop(plan: Plan) -> None:
    """Remove all that a trial left on the disk."""
    shutil.rmtree(plan.folder, ignore_errors=True)
