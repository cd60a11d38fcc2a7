# SPDX-License-Identifier: GPL-2.0-only
"""
Historical bugs, brought back one at a time: proof inputs, then fuzzing trials.

A trial starts from `valid` seeds with an empty corpus. Reached and triggered come from the
port's own counters, detected from the engine and only after the finding repeated: a fault
with the bug on, none with it off. Per trial: detected <= triggered <= reached.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from redzone_tool import canaries, catalogue, replay, stats, survival, trials
from redzone_tool.catalogue import Bug, Target
from redzone_tool.session import Session

MIN_TRIAL_S = 3.0
MAX_TRIAL_S = 180.0
CONFIRM_TIMEOUT_S = 10.0
HANG_TIMEOUT_S = 4.0     # where a hang is what is expected


@dataclass(frozen=True)
class Proof:
    """The proof input of a bug in one sanitizer, with the bug on and off."""

    bug: str
    sanitizer: str
    expected: str
    expected_frame: str
    seen: str               # report kind, or "none"
    frame: str
    triggered: bool
    detected: bool
    clean_without: bool
    as_expected: bool


@dataclass(frozen=True)
class Cell:
    """One planned trial."""

    bug: Bug
    target: Target
    engine: str
    sanitizer: str
    number: int

    @property
    def name(self) -> str:
        return f"{self.bug.id} {self.engine}-{self.sanitizer} #{self.number}"


@dataclass
class Run:
    """One finished trial; times are inf where the event did not happen (censored)."""

    cell: Cell
    executions: int = 0
    cpu_s: float = 0.0
    wall_s: float = 0.0
    budget_s: float = 0.0
    reached: bool = False
    triggered: bool = False
    detected: bool = False
    execs_to_trigger: float = math.inf
    cpu_to_trigger: float = math.inf
    execs_to_detect: float = math.inf
    cpu_to_detect: float = math.inf
    finding: str = ""
    finding_kind: str = ""
    unconfirmed: int = 0


@dataclass
class Summary:
    """All trials of one bug x engine x sanitizer."""

    bug: str
    engine: str
    sanitizer: str
    runs: list[Run] = field(default_factory=list)

    def hits(self, what: str) -> tuple[int, stats.Interval]:
        k = sum(bool(getattr(run, what)) for run in self.runs)
        return k, stats.clopper_pearson(k, len(self.runs))

    def sample(self, what: str) -> survival.Sample:
        """Times to an event over the trials; a trial was watched for all it spent."""
        spent = "executions" if what.startswith("execs") else "cpu_s"
        values = [float(getattr(run, what)) for run in self.runs]
        watched = [float(getattr(run, spent)) for run in self.runs]
        return survival.Sample.of(values, [w if math.isinf(v) else max(v, w)
                                           for v, w in zip(values, watched)])

    def median(self, what: str) -> stats.Median:
        spent = "executions" if what.startswith("execs") else "cpu_s"
        return stats.median([getattr(run, what) for run in self.runs],
                            watched=[getattr(run, spent) for run in self.runs])


def proof(bug: Bug, sanitizer: str, work: Path) -> Proof:
    """Replay the proof input of a bug: with the bug, then without."""
    flavour = replay.flavour_for(sanitizer, guards=True)
    shared = work / f"proof-{bug.token}-{sanitizer}"
    work.mkdir(parents=True, exist_ok=True)
    shared.unlink(missing_ok=True)
    expected = bug.expected.get(sanitizer, catalogue.Expected(catalogue.NO_REPORT))
    limit = HANG_TIMEOUT_S if expected.kind == "timeout" else CONFIRM_TIMEOUT_S
    on = replay.run_one(bug.target, bug.input, flavour, {
        **bug.env, "REDZONE_BUGS": bug.id, "REDZONE_CANARIES": str(shared)}, limit)
    off = replay.run_one(bug.target, bug.input, flavour, dict(bug.env), CONFIRM_TIMEOUT_S)
    counter = bug_counter(canaries.read(shared), bug, flavour)
    seen = on.report.kind if on.report else catalogue.NO_REPORT
    right = seen == expected.kind if expected.is_report else on.report is None
    right |= expected.kind == catalogue.UNPREDICTABLE
    if right and expected.frame and on.report:
        right = on.report.mentions(expected.frame, 3)
    return Proof(bug=bug.id, sanitizer=sanitizer, expected=expected.kind,
                 expected_frame=expected.frame, seen=seen,
                 frame=on.report.function if on.report else "",
                 triggered=bool(counter and counter.violated), detected=on.report is not None,
                 clean_without=off.clean, as_expected=right and off.clean)


def plan(bugs: Sequence[Bug], engines: Sequence[str], sanitizers: Sequence[str],
         trials: int) -> list[Cell]:
    """
    The trials, most telling first: every bug once in the sanitizer that should see it
    before any bug twice. A sanitizer that is expected to report nothing gets no trial.
    """
    cells = []
    for bug in bugs:
        seeing = [s for s in sanitizers
                  if s in bug.expected and bug.expected[s].is_report]
        places = [(e, s) for s in seeing for e in engines]
        for number in range(1, trials + 1):
            for rank, (engine, sanitizer) in enumerate(places):
                cells.append(((number, rank), Cell(
                    bug, catalogue.target(bug.target), engine, sanitizer, number)))
    cells.sort(key=lambda item: (item[0], item[1].bug.id))
    return [cell for _, cell in cells]


def trial(session: Session, cell: Cell, seconds: float) -> Run | None:
    """One trial and the confirmation of what it found; None when it was cut off."""
    folder = session.work / "trials" / cell.name.replace(" ", "-").replace("#", "")
    done = trials.run(trials.Plan(
        target=cell.target, engine=cell.engine, sanitizer=cell.sanitizer, folder=folder,
        env={**cell.bug.env, "REDZONE_BUGS": cell.bug.id}, plain=cell.bug.env,
        seed=cell.number, seconds=seconds), session.stop)
    if done is None or done.exit == "lost":
        return None
    if done.exit == "failed":
        session.problems.append(f"{cell.name}: {done.message}")
    return _run_of(cell, done, seconds)


def _run_of(cell: Cell, done: trials.Outcome, seconds: float) -> Run:
    """
    Executions are the port's own count. CPU time to trigger is the trial's CPU time, engine
    included, in proportion to the executions before it: the port's clock does not see an
    engine in another process.
    """
    run = Run(cell, executions=done.executions, cpu_s=done.cpu_s, wall_s=done.wall_s,
              budget_s=seconds, unconfirmed=len(done.found) - len(done.confirmed))
    counter = bug_counter(done.counters, cell.bug, replay.flavour_for(cell.sanitizer, True))
    if counter is not None:
        run.reached, run.triggered = counter.reached > 0, counter.violated > 0
    if counter is not None and run.triggered:
        run.execs_to_trigger = counter.first_violated_exec
        run.cpu_to_trigger = done.cpu_at(counter.first_violated_exec)
    for found in done.confirmed[:1]:
        run.detected = run.triggered = run.reached = True
        run.finding, run.finding_kind = str(found.path), found.kind
        run.execs_to_detect, run.cpu_to_detect = found.executions, found.cpu_s
        run.execs_to_trigger = min(run.execs_to_trigger, found.executions)
        run.cpu_to_trigger = min(run.cpu_to_trigger, found.cpu_s)
    return run


def summarise(runs: Iterable[Run]) -> list[Summary]:
    """Trials of one bug, engine and sanitizer together."""
    groups: dict[tuple[str, str, str], Summary] = {}
    for run in runs:
        key = (run.cell.bug.id, run.cell.engine, run.cell.sanitizer)
        groups.setdefault(key, Summary(*key)).runs.append(run)
    return [groups[key] for key in sorted(groups)]


def bug_counter(seen: canaries.Canaries | None, bug: Bug,
                flavour: str) -> canaries.Counter | None:
    """The counters of one bug, found by its index in the build's bug table."""
    if seen is None:
        return None
    for entry in catalogue.guard_table(flavour)["bugs"]:
        if entry["id"] == bug.id and int(entry["index"]) < len(seen.bugs):
            return seen.bugs[int(entry["index"])]
    return None


def run_all(session: Session, cells: Sequence[Cell], until: float, runs: list[Run]) -> int:
    """
    As many trials as the time allows, the time spread evenly over those that remain.

    Finished ones are added to `runs` at once; returns how many there were.
    """
    started = 0

    def work(cell: Cell) -> Run | None:
        nonlocal started
        remaining = len(cells) - started
        started += 1
        left = max(0.0, until - time.monotonic())
        seconds = left * session.workers / max(remaining, 1)
        return trial(session, cell, min(max(seconds, MIN_TRIAL_S), MAX_TRIAL_S))

    finished = 0
    for cell, run in session.map(work, cells, until - MIN_TRIAL_S / 2):
        if run is not None:
            finished += 1
            runs.append(run)
            session.progress.step(f"{cell.name}: {_word(run)}")
    return finished


def _word(run: Run) -> str:
    if run.detected:
        return (f"detected ({run.finding_kind}) after {run.executions} executions, "
                f"{run.cpu_s:.1f} CPU seconds")
    state = "triggered, not detected" if run.triggered else (
        "reached, not triggered" if run.reached else "not reached")
    return f"{state} in {run.executions} executions, {run.cpu_s:.1f} CPU seconds"
