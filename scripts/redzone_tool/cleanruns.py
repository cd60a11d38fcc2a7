# SPDX-License-Identifier: GPL-2.0-only
"""Fuzzing of the port as it is: no finding expected, and then a limit instead of a rate."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from redzone_tool import paths, replay, stats, trials
from redzone_tool.catalogue import Target
from redzone_tool.engines import Trial, TrialResult
from redzone_tool.session import Session

REPLAY_TIMEOUT_S = 20.0
MIN_RUN_S = 2.0


@dataclass(frozen=True)
class CleanRun:
    """One engine on the unchanged port."""

    target: str
    engine: str
    sanitizer: str
    executions: int
    cpu_s: float
    wall_s: float
    edges: int
    findings: tuple[str, ...] = ()      # inputs that faulted again alone
    kinds: tuple[str, ...] = ()
    unconfirmed: int = 0
    message: str = ""


@dataclass
class Exposure:
    """Several runs as one: findings in CPU-hours."""

    runs: list[CleanRun] = field(default_factory=list)

    def rate(self) -> stats.Rate:
        """Distinct findings per CPU-hour; only an upper limit when there is none."""
        found = {f for run in self.runs for f in run.kinds}
        return stats.poisson_rate(len(found), sum(run.cpu_s for run in self.runs) / 3600)


def run_all(session: Session, targets: Sequence[Target], engines: Sequence[str],
            sanitizers: Sequence[str], seconds: float, runs: list[CleanRun]) -> None:
    """Every target in every engine and sanitizer, `seconds` each; adds to `runs`."""
    jobs = [(target, engine, sanitizer) for target in targets for sanitizer in sanitizers
            for engine in engines]

    def work(job: tuple[Target, str, str]) -> CleanRun | None:
        return _one(session, *job, seconds)

    done = 0
    for _, run in session.map(work, jobs):
        if run is not None:
            done += 1
            runs.append(run)
            session.progress.step(
                f"{run.target} {run.engine}-{run.sanitizer}: {run.executions} executions, "
                f"{len(run.findings)} findings")
    if done < len(jobs):
        session.skip(f"fuzzing of the clean port in {len(jobs) - done} of {len(jobs)} "
                     "combinations of engine and sanitizer")


def _one(session: Session, target: Target, engine: str, sanitizer: str,
         seconds: float) -> CleanRun | None:
    folder = session.work / "clean" / f"{target.name}-{engine}-{sanitizer}"
    shutil.rmtree(folder, ignore_errors=True)
    ended = trials.run_engine(Trial(
        target=target.name, engine=engine, sanitizer=sanitizer, out_dir=folder,
        seconds=max(seconds, MIN_RUN_S), seeds=(paths.seed_dir(target.name, "valid"),),
        dictionary=target.dictionary_path, max_len=target.max_len), session.stop)
    if ended is None:
        return None
    run = judge(target, engine, sanitizer, False, ended)
    for name in ("corpus", "afl", "initial"):
        shutil.rmtree(folder / name, ignore_errors=True)
    return run


def judge(target: Target, engine: str, sanitizer: str, guards: bool,
          ended: TrialResult) -> CleanRun:
    """A run of the port as it is: what it found counts if it faults again alone."""
    flavour = replay.flavour_for(sanitizer, guards)
    kept, kinds, unconfirmed = [], [], 0
    for file in ended.findings:
        again = replay.run_one(target.name, file, flavour, timeout=REPLAY_TIMEOUT_S)
        if again.report is None:
            unconfirmed += 1
            continue
        kept.append(_keep(target.name, file))
        kinds.append(again.report.summary)
    return CleanRun(target.name, engine, sanitizer + ("-guards" if guards else ""),
                    ended.execs, ended.cpu_s, ended.wall_s, ended.edges, tuple(kept),
                    tuple(kinds), unconfirmed, ended.message)


def _keep(target: str, file: Path) -> str:
    """Findings outlive the scratch folder of the run."""
    folder = paths.findings_dir(target) / "measure"
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / file.name
    shutil.copyfile(file, copy)
    return str(copy)
