# SPDX-License-Identifier: GPL-2.0-only
"""
The guard stages of a measurement: count, replay and ablate, then fuzz for what is missing.

Fuzzing adds inputs only: whatever it finds counts after the same replay and confirmation in
three sanitizers and two skb modes as any other input.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from redzone_tool import ablation, budget, build, canaries, catalogue, kept, outcomes, procs
from redzone_tool import replay as replay_
from redzone_tool import seeds, trials
from redzone_tool.ablation import GuardOutcome, Job, JobResult
from redzone_tool.catalogue import Target
from redzone_tool.engines import Trial, TrialResult
from redzone_tool.session import Session

SOURCES = ("kept", "valid", "malformed", "corpus", "fuzzing")

EXPLORE_SANITIZERS = ("address", "memory")
ATTACK_RATE = 50_000    # executions a second, roughly: libFuzzer's own clock counts whole ones
EXPLORE_INPUTS, ATTACK_INPUTS = 20_000, 1_500     # that an engine starts from, at most
WAVE = 2                # runs a worker between two looks at the budget
CLEAN_CHECKS, CLEAN_TIMEOUT_S = 5, 5.0
RESTARTS = 20           # of exploration, after a finding in the port as it is

# What a lost guard may still be hiding; a fault would end each fuzzing run at once.
ATTACKED = (outcomes.NO_EFFECT, outcomes.OUTPUT, outcomes.EFFECTS, outcomes.VERDICT,
            outcomes.UNDEFINED)


@dataclass
class TargetGuards:
    """All that is known of the guards of one target."""

    target: Target
    inputs: dict[str, list[Path]]                       # by source
    known: dict[str, GuardOutcome]                      # by guard id
    reached: dict[str, dict[str, int]] = field(default_factory=dict)    # source -> id -> inputs
    violated: dict[str, dict[str, int]] = field(default_factory=dict)
    clean_faults: dict[str, list[str]] = field(default_factory=dict)    # job -> inputs
    fuzzed_execs: dict[str, int] = field(default_factory=dict)          # guard id -> executions
    explored: list[tuple[str, TrialResult]] = field(default_factory=list)   # by sanitizer
    folders: tuple[Path, ...] = ()                      # the inputs, for engines
    canaries: list[canaries.Canaries] = field(default_factory=list)
    first: dict[str, Path] = field(default_factory=dict)    # guard id -> first input violating it

    def all_inputs(self) -> list[Path]:
        return [file for source in SOURCES for file in self.inputs.get(source, [])]

    def count(self, table: dict[str, dict[str, int]], guard: str) -> int:
        return sum(counts.get(guard, 0) for counts in table.values())


def gather(target: Target, corpus: Sequence[Path], with_kept: bool = False) -> TargetGuards:
    """The guards of a target and the inputs to judge them with."""
    inputs = {"kept": kept.files(target.name) if with_kept else []}
    inputs |= {kind: seeds.files(target.name, kind) for kind in seeds.KINDS}
    inputs["corpus"] = list(corpus)
    guards = catalogue.guards_of(target)
    return TargetGuards(target, inputs, {g.id: GuardOutcome(g) for g in guards})


def count(session: Session, state: TargetGuards, source: str) -> None:
    """How many inputs of one source reach and violate each guard."""
    files = state.inputs.get(source, [])
    if not files:
        return
    folder = session.work / state.target.name / f"count-{source}"
    shutil.rmtree(folder, ignore_errors=True)
    manifest = folder / "manifest"
    ablation.write_manifest(manifest, files)
    shared = folder / "canaries"
    canaries.inputs_dir(shared).mkdir()
    exe = build.ensure("native-guards") / "bin" / "redzone-replay"
    env = {**ablation.environment(ablation.KERNEL), "REDZONE_CANARIES": str(shared)}
    ended = procs.run([str(exe), state.target.name, "run", "--manifest", str(manifest)], env,
                      folder / "stderr", session.stop, max(session.left(), 1.0))
    if ended is not None and ended != 0:
        session.problems.append(f"{state.target.name}: an input of {source} ends the replay: "
                                f"{procs.last_line(folder / 'stderr')}")
    seen = canaries.read(shared)
    if seen is None:
        return
    for guard in catalogue.guards_of(state.target, "native-guards"):
        if guard.id in state.known and guard.index < len(seen.guards):
            counter = seen.guards[guard.index]
            state.reached.setdefault(source, {})[guard.id] = counter.reached
            state.violated.setdefault(source, {})[guard.id] = counter.violated
            kept = canaries.inputs_dir(shared) / f"g{guard.index}"
            if counter.violated and kept.is_file():
                state.first.setdefault(guard.id, kept)


def replay(session: Session, state: TargetGuards, files: Sequence[Path], label: str,
           until: float, guards: Sequence[str] = (),
           sanitizers: Sequence[str] = catalogue.SANITIZERS) -> list[JobResult]:
    """Ablate the guards (all without a list) over some inputs; results go into `known`."""
    folder = session.work / state.target.name / f"ablate-{label}"
    shutil.rmtree(folder, ignore_errors=True)
    manifest = folder / "manifest"
    if not ablation.write_manifest(manifest, files):
        return []
    jobs = ablation.jobs(state.target.name, manifest, folder, guards, sanitizers)

    def work(job: Job) -> JobResult:
        return ablation.run(job, session.stop, max(until - time.monotonic(), 1.0))

    results = []
    for job, result in session.map(work, jobs, until):
        results.append(result)
        ablation.merge(state.known, [result])
        _judge_clean(session, state, result)
        if not result.complete:
            session.skip(f"ablation of all guards in {job.name} ({label})")
        session.progress.step(f"{job.name}: {result.inputs} inputs, "
                              f"{len(result.lines)} guards ablated in {result.wall_s:.1f} s")
    for job in jobs[len(results):]:
        session.skip(f"ablation in {job.name} ({label})")
    return results


def _judge_clean(session: Session, state: TargetGuards, result: JobResult) -> None:
    """Inputs that faulted with every guard on: a finding if the first few do so alone."""
    bad = result.clean_faults + result.clean_hangs
    if not bad:
        return
    job = result.job
    flavour = replay_.flavour_for(job.sanitizer, guards=True)
    alone = [file for file in bad[:CLEAN_CHECKS]
             if not replay_.run_one(job.target, Path(file), flavour, {"REDZONE_SKB": job.skb},
                                    CLEAN_TIMEOUT_S).clean]
    if alone:
        state.clean_faults.setdefault(f"{job.sanitizer} {job.skb}", []).extend(
            [*alone, *bad[CLEAN_CHECKS:]])
    else:
        session.problems.append(f"{job.name}: {len(bad)} inputs ended the replay with every "
                                f"guard on, but not alone; the first is {Path(bad[0]).name}")


def explore(session: Session, state: TargetGuards, seconds: float) -> None:
    """
    Fuzz the port as it is from all seeds; the inputs it keeps are replayed afterwards.

    The counters of this run also say when each historical bug's condition first held
    where nothing masks it.
    """
    until = min(time.monotonic() + seconds, session.deadline)

    def work(sanitizer: str) -> list[TrialResult]:
        folder = _explore_folder(session, state, sanitizer)
        shutil.rmtree(folder, ignore_errors=True)
        corpus = folder / "corpus"
        corpus.mkdir(parents=True)
        ends: list[TrialResult] = []
        while time.monotonic() < until - 1 and len(ends) <= RESTARTS:
            ended = trials.run_engine(Trial(
                target=state.target.name, engine="libfuzzer", sanitizer=sanitizer,
                out_dir=folder / str(len(ends)), guards=True, seed=len(ends) + 1,
                seconds=until - time.monotonic(), corpus=corpus, seeds=state.folders,
                env={"REDZONE_CANARIES": str(folder / "canaries")},
                dictionary=state.target.dictionary_path, max_len=state.target.max_len),
                session.stop)
            if ended is None:
                break
            ends.append(ended)
        return ends

    fresh: list[Path] = []
    for sanitizer, ends in session.map(work, EXPLORE_SANITIZERS):
        folder = _explore_folder(session, state, sanitizer)
        fresh += sorted(p for p in (folder / "corpus").glob("*") if p.is_file())
        seen = canaries.read(folder / "canaries")
        if seen:
            state.canaries.append(seen)
        state.explored += [(sanitizer, ended) for ended in ends]
        session.progress.step(f"{state.target.name} {sanitizer}: "
                              f"{sum(e.execs for e in ends)} executions, {len(fresh)} inputs kept")
    state.inputs["fuzzing"] = fresh


def _explore_folder(session: Session, state: TargetGuards, sanitizer: str) -> Path:
    return session.work / state.target.name / f"explore-{sanitizer}"


def candidates(state: TargetGuards) -> list[str]:
    """
    Guards worth fuzzing without them: violated, and no fault found yet. Those that few
    inputs violate come first: of their loss the least has been seen.
    """
    wanted = [(entry.violating, name) for name, entry in state.known.items()
              if entry.violating and entry.outcome() in ATTACKED]
    return [name for _, name in sorted(wanted)]


def attack(session: Session, states: Sequence[TargetGuards],
           seconds: float) -> dict[str, dict[str, list[Path]]]:
    """
    Fuzz with one guard lost at a time, the time shared over all of them where it pays
    (budget.py); returns the inputs that faulted, by target and guard.
    """
    by_name = {state.target.name: state for state in states}
    share = budget.of([(state.target.name, name, state.known[name].violating)
                       for state in states for name in candidates(state)])
    until = min(time.monotonic() + seconds, session.deadline)
    found: dict[str, dict[str, list[Path]]] = {}

    def work(arm: budget.Arm) -> TrialResult | None:
        return trials.run_engine(_lost(session, by_name[arm.target], arm), session.stop)

    while time.monotonic() < until and not session.stop.is_set():
        wave = share.wave(WAVE * session.workers)
        if not wave:
            break
        ran = 0
        for arm, result in session.map(work, wave, until):
            ran += 1
            state = by_name[arm.target]
            if result is None:
                continue
            share.ended(arm, bool(result.findings), result.edges)
            arm.closed |= result.exit == "failed"
            state.fuzzed_execs[arm.guard] = state.fuzzed_execs.get(arm.guard, 0) + result.execs
            if result.findings:
                found.setdefault(arm.target, {})[arm.guard] = list(result.findings)
            session.progress.step(f"{arm.guard}: {result.execs} executions, "
                                  f"{len(result.findings)} findings")
        if not ran:
            break
    for state in states:
        left = share.untried(state.target.name)
        if left:
            session.skip(f"{state.target.name}: fuzzing without each guard, {left} of "
                         f"{len(candidates(state))} guards")
    return found


def _lost(session: Session, state: TargetGuards, arm: budget.Arm) -> Trial:
    """The next run without a guard; it goes on from what the guard's earlier runs kept."""
    index = state.known[arm.guard].guard.index
    folder = session.work / state.target.name / f"attack-{index}"
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    return Trial(
        target=state.target.name, engine="libfuzzer", sanitizer="address", guards=True,
        out_dir=folder / str(arm.runs), runs=round(arm.seconds * ATTACK_RATE),
        seconds=2 * arm.seconds + 1, corpus=corpus, seeds=state.folders,
        seed=index + 1 + arm.runs * trials.SEED_STEP,
        env={"REDZONE_ABLATE": arm.guard, "REDZONE_SKB": ablation.KERNEL},
        dictionary=state.target.dictionary_path, max_len=state.target.max_len)


def link_inputs(session: Session, state: TargetGuards, limit: int) -> None:
    """
    The inputs so far in one folder, for engines to read from: all seeds, and of the others
    as many as `limit` leaves room for, spread evenly.
    """
    folder = session.work / state.target.name / "inputs"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    own = [f for kind in seeds.KINDS for f in state.inputs.get(kind, [])]
    others = state.inputs.get("fuzzing", []) + state.inputs.get("corpus", [])
    step = max(1.0, len(others) / max(limit - len(own), 1))
    own += [others[int(n * step)] for n in range(int(len(others) / step))]
    for number, file in enumerate(own):
        (folder / f"{number:06d}").symlink_to(file.absolute())
    state.folders = (folder,)
