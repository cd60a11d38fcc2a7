# SPDX-License-Identifier: GPL-2.0-only
"""`redzone measure`: the main job, from builds to the report."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redzone_tool import (bugtrials, build, catalogue, cleanruns, explorer, guardruns, kept,
                          locks, manifest, outcomes, paths, populations, replay, report,
                          results, seeds)
from redzone_tool.bugtrials import Proof, Run
from redzone_tool.catalogue import Bug, Target
from redzone_tool.cleanruns import CleanRun
from redzone_tool.errors import USAGE, ToolError
from redzone_tool.guardruns import TargetGuards
from redzone_tool.session import Progress, Session, Silent
from redzone_tool.store import Store

# Parts of a stage that fuzzes first and replays what it found afterwards.
EXPLORE_PART, ATTACK_PART = 0.4, 0.75
REPORT_S = 2.0


@dataclass(frozen=True)
class Options:
    """What to measure."""

    targets: tuple[Target, ...]
    seconds: float = 270.0              # wall time after the builds
    trials: int = 1
    engines: tuple[str, ...] = catalogue.ENGINES
    sanitizers: tuple[str, ...] = catalogue.SANITIZERS
    corpus: Path | None = None
    kept: bool = True                   # begin with the inputs kept by earlier measurements
    command: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {"targets": [t.name for t in self.targets], "seconds": self.seconds,
                "trials": self.trials, "engines": list(self.engines),
                "sanitizers": list(self.sanitizers), "kept": self.kept,
                "corpus": str(self.corpus) if self.corpus else None}


@dataclass
class Measured:
    """Everything found so far; the report can be written from it at any moment."""

    states: list[TargetGuards] = field(default_factory=list)
    bugs: list[Bug] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    clean: list[CleanRun] = field(default_factory=list)
    stages: dict[str, float] = field(default_factory=dict)      # wall seconds


def flavours(options: Options) -> list[str]:
    """The build trees a measurement uses."""
    names = ["native-guards", "libfuzzer-address-guards"]
    names += [f"libfuzzer-{s}-guards" for s in (*options.sanitizers, "memory")]
    names += [build.flavour(e, s, g) for e in options.engines for s in options.sanitizers
              for g in (True, False)]
    names += [build.flavour("libfuzzer", s) for s in options.sanitizers]
    return list(dict.fromkeys(names))


def corpus_files(options: Options, target: Target) -> list[Path]:
    """Inputs of --corpus for one target: its own sub-folder if there is one, else all."""
    if options.corpus is None:
        return []
    folder = options.corpus / target.name
    if not folder.is_dir():
        others = {t.name for t in catalogue.targets()}
        if any((options.corpus / name).is_dir() for name in others):
            return []
        folder = options.corpus
    found = [Path(base, name) for base, _, names in os.walk(folder) for name in sorted(names)]
    return sorted(p for p in found if p.is_file() and not p.name.startswith("."))


def run(options: Options, progress: Progress | None = None) -> dict[str, Any]:
    """Measure; the data of the report, which is also written to out/report."""
    say = progress or Silent()
    _check_corpus(options)
    with locks.exclusive(paths.out() / "measure", "measure"):
        measured = Measured(bugs=[b for t in options.targets for b in catalogue.bugs(t.name)])
        session = Session(paths.out() / "measure", time.monotonic() + options.seconds, say)
        shutil.rmtree(session.work, ignore_errors=True)
        interrupted = False
        store = Store(paths.out() / "redzone.db", options.as_dict())
        started = time.time()
        try:
            _build(options, say, measured)
            session.deadline = time.monotonic() + options.seconds - REPORT_S
            before = _binaries(options)
            _stages(options, session, measured, store)
            session.problems += [f"{name} was rebuilt during the measurement: its figures mix "
                                 "two builds" for name, state in _binaries(options).items()
                                 if state != before.get(name)]
        except KeyboardInterrupt:
            interrupted = True
            session.stop.set()
        for state in measured.states:
            kept.save(state.target.name, state.known)
        data = assemble(options, session, measured, started, interrupted)
        _keep_evidence(data)
        data["explorer"] = explorer.explore(populations.joined(data["guards"]))
        report.write(data, paths.out() / "report")
        store.finish("interrupted" if interrupted else "done", data["manifest"], data)
        return data


def _check_corpus(options: Options) -> None:
    if options.corpus is None:
        return
    if not options.corpus.is_dir():
        raise ToolError(f"{options.corpus}: no such folder", USAGE)
    if not any(corpus_files(options, t) for t in options.targets):
        raise ToolError(f"{options.corpus}: no inputs in it", USAGE)


def _build(options: Options, say: Progress, measured: Measured) -> None:
    names = flavours(options)
    say.stage("build", len(names))
    start = time.monotonic()
    seeds.ensure()
    for name in names:
        build.ensure(name)
        say.step(name)
    measured.stages["build"] = time.monotonic() - start


def _binaries(options: Options) -> dict[str, list[tuple[str, int]]]:
    """Name and time of every binary in the build trees, to notice a rebuild."""
    return {name: [(p.name, p.stat().st_mtime_ns)
                   for p in sorted((paths.build_dir(name) / "bin").glob("*")) if p.is_file()]
            for name in flavours(options)}


def _stages(options: Options, session: Session, measured: Measured, store: Store) -> None:
    for number, (name, work, weight) in enumerate(STAGES):
        if session.left() <= 0 or session.stop.is_set():
            session.skip(name)
            continue
        start = time.monotonic()
        rest = sum(w for _, _, w in STAGES[number:])
        work(options, session, measured, session.left() * weight / rest)
        measured.stages[name] = time.monotonic() - start
        store.job("stage", name, {"wall_s": measured.stages[name]})
    for run_ in measured.runs:
        store.job("trial", run_.cell.name, {
            "executions": run_.executions, "cpu_s": run_.cpu_s, "triggered": run_.triggered,
            "detected": run_.detected, "finding": run_.finding})


def _replays(options: Options, session: Session, measured: Measured, seconds: float) -> None:
    session.progress.stage("seeds and ablation", 6 * len(options.targets))
    until = time.monotonic() + seconds
    for number, target in enumerate(options.targets):
        state = guardruns.gather(target, corpus_files(options, target), options.kept)
        measured.states.append(state)
        for source in state.inputs:
            guardruns.count(session, state, source)
        _replay(session, options, state, state.all_inputs(), "seeds",
                _part(until, len(options.targets) - number))


def _replay(session: Session, options: Options, state: TargetGuards, files: Sequence[Path],
            label: str, until: float, guards: Sequence[str] = ()) -> None:
    guardruns.replay(session, state, files, label, until, guards, options.sanitizers)


def _proofs(options: Options, session: Session, measured: Measured, seconds: float) -> None:
    jobs = [(b, s) for b in measured.bugs for s in options.sanitizers]
    session.progress.stage("proof inputs of bugs", len(jobs))

    def work(job: tuple[Bug, str]) -> Proof:
        return bugtrials.proof(*job, session.work / "proofs")

    for _, proof in session.map(work, jobs):
        measured.proofs.append(proof)
        session.progress.step(f"{proof.bug} {proof.sanitizer}: {proof.seen}")


def _explore(options: Options, session: Session, measured: Measured, seconds: float) -> None:
    states = measured.states
    session.progress.stage("fuzzing for more inputs", 8 * len(states))
    for state in states:
        until = time.monotonic() + seconds / len(states)
        guardruns.link_inputs(session, state, guardruns.EXPLORE_INPUTS)
        guardruns.explore(session, state, EXPLORE_PART * seconds / len(states))
        measured.clean += [cleanruns.judge(state.target, "libfuzzer", sanitizer, True, ended)
                           for sanitizer, ended in state.explored]
        guardruns.count(session, state, "fuzzing")
        open_ = [name for name, entry in state.known.items()
                 if entry.outcome() not in outcomes.MEMORY_SAFETY]
        fresh = state.inputs.get("fuzzing", [])
        if open_ and fresh:
            _replay(session, options, state, fresh, "fuzzing",
                    until, open_)


def _attack(options: Options, session: Session, measured: Measured, seconds: float) -> None:
    states = measured.states
    session.progress.stage("fuzzing without guards",
                           sum(len(guardruns.candidates(s)) for s in states))
    until = time.monotonic() + seconds
    for state in states:
        guardruns.link_inputs(session, state, guardruns.ATTACK_INPUTS)
    found = guardruns.attack(session, states, ATTACK_PART * seconds)
    hit = [state for state in states if state.target.name in found]
    for number, state in enumerate(hit):
        inputs = found[state.target.name]
        _replay(session, options, state, [file for files in inputs.values() for file in files],
                "attack", _part(until, len(hit) - number), sorted(inputs))


def _part(until: float, shares: int) -> float:
    """When the first of several equal shares of the time left ends."""
    now = time.monotonic()
    return now + max(until - now, 0.0) / shares


def _shrink(options: Options, session: Session, measured: Measured, seconds: float) -> None:
    states = measured.states
    session.progress.stage("smallest inputs of lost guards", len(states))
    until = time.monotonic() + seconds
    for number, state in enumerate(states):
        name = state.target.name
        count = kept.save(name, state.known)
        smaller = kept.shrink(session, name, state.known, _part(until, len(states) - number))
        session.progress.step(f"{name}: {count} inputs kept, {smaller} made smaller")


def _trials(options: Options, session: Session, measured: Measured, seconds: float) -> None:
    cells = bugtrials.plan(measured.bugs, options.engines, options.sanitizers, options.trials)
    session.progress.stage("trials of bugs", len(cells))
    until = min(time.monotonic() + seconds, session.deadline)
    done = bugtrials.run_all(session, cells, until, measured.runs)
    if done < len(cells):
        session.skip(f"{len(cells) - done} of {len(cells)} planned trials of bugs")


def _clean(options: Options, session: Session, measured: Measured, seconds: float) -> None:
    jobs = len(options.targets) * len(options.engines) * len(options.sanitizers)
    session.progress.stage("fuzzing the clean port", jobs)
    each = session.left() * session.workers / max(jobs, 1) - 1.5
    cleanruns.run_all(session, options.targets, options.engines, options.sanitizers, each,
                      measured.clean)


# Name, work, weight: a stage gets its weight's part of the time that is left, so that what
# one does not use goes to the later ones.
STAGES = (
    ("seeds and ablation", _replays, 0.28),
    ("proof inputs of bugs", _proofs, 0.05),
    ("trials of bugs", _trials, 0.30),
    ("fuzzing for more inputs", _explore, 0.14),
    ("fuzzing without guards", _attack, 0.13),
    ("smallest inputs of lost guards", _shrink, 0.04),
    ("fuzzing the clean port", _clean, 0.10),
)


def assemble(options: Options, session: Session, measured: Measured, started: float,
             interrupted: bool) -> dict[str, Any]:
    """The report's data from what was measured, however far it came."""
    rows = [row for state in measured.states
            for row in results.guard_rows(state, f"{paths.root()}/")]
    index = _bug_index(measured)
    data: dict[str, Any] = {
        "schema": results.SCHEMA,
        "options": options.as_dict(),
        "interrupted": interrupted,
        "started": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started)),
        "wall_s": round(time.time() - started, 1),
        "stages": {k: round(v, 1) for k, v in measured.stages.items()},
        "targets": results.target_rows(measured.states, rows),
        "guards": rows,
        "families": results.family_rows(
            rows, {s.target.name: s.target.family for s in measured.states}),
        "shares": results.shares(populations.joined(rows)),
        "bugs": results.bug_rows(measured.bugs, measured.proofs, measured.runs,
                                 {s.target.name: s.canaries for s in measured.states}, index),
        "clean": results.clean_part(measured.clean),
        "growth": results.growth(measured.states),
        "residual": results.residual(measured.states),
        "not_done": list(_limits(options, session, measured, rows)),
        "problems": [*session.problems, *_clean_faults(measured)],
        "manifest": manifest.collect(
            flavours(options) if "build" in measured.stages else [],
            {f"{s.target.name}/{kind}": s.inputs[kind] for s in measured.states
             for kind in ("kept", *seeds.KINDS, "corpus") if s.inputs.get(kind)},
            {"libfuzzer -seed / afl-fuzz -s": "trial number; 1 otherwise; guard index + 1 "
             "when fuzzing without a guard", "bootstrap": 1}, options.command),
    }
    data["headline"] = results.headline(data)
    return data


def _keep_evidence(data: dict[str, Any]) -> None:
    """Copy what does not last beside the report: inputs of fuzzing, and kept ones."""
    folder = paths.out() / "report" / "inputs"
    shutil.rmtree(folder, ignore_errors=True)
    passing = tuple(str(paths.out() / name).removeprefix(f"{paths.root()}/") + "/"
                    for name in ("measure", "kept"))
    for row in data["guards"]:
        for evidence in row["evidence"]:
            if not evidence["input"].startswith(passing):
                continue
            source = paths.root() / evidence["input"]
            copy = folder / f"{hashlib.sha1(source.read_bytes()).hexdigest()[:12]}.bin"
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
            evidence["input"] = str(copy).removeprefix(f"{paths.root()}/")


def _clean_faults(measured: Measured) -> Iterator[str]:
    """Inputs that fault with every guard on are findings, and no use for ablation."""
    for state in measured.states:
        for job, files in state.clean_faults.items():
            yield (f"{state.target.name}: {len(set(files))} inputs fault in the port as it is "
                   f"({job}), the first is {min(files).removeprefix(f'{paths.root()}/')}")


def _bug_index(measured: Measured) -> dict[str, int]:
    if not any(state.canaries for state in measured.states):
        return {}
    table = catalogue.guard_table(replay.flavour_for("address", guards=True))
    return {entry["id"]: int(entry["index"]) for entry in table["bugs"]}


def _limits(options: Options, session: Session, measured: Measured,
            rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """What this measurement does not show, besides what it had no time for."""
    yield from (f"not done for lack of time: {what}" for what in session.not_done)
    if options.trials < 10:
        yield (f"{options.trials} trial{'s' * (options.trials != 1)} for each bug, engine and "
               "sanitizer: medians and comparisons need at least 10 (--trials 10)")
    if set(options.sanitizers) != set(catalogue.SANITIZERS):
        yield ("outcomes of guards from " + ", ".join(options.sanitizers) + " only; the "
               "definition asks for " + ", ".join(catalogue.SANITIZERS))
    never = sum(r["violated"] == 0 for r in rows)
    if never:
        yield f"{never} guards were never violated: what the loss of these does is undetermined"
    late = sum(r["violated"] > 0 and r["outcome"] == outcomes.UNDETERMINED for r in rows)
    if late:
        yield f"{late} guards were violated, but there was no time to replay without them"
    uncounted = sum(sum(e.uncounted.values()) for s in measured.states
                    for e in s.known.values())
    if uncounted:
        yield (f"{uncounted} differences did not confirm in a fresh process (carry-over or "
               "nondeterministic) and are not counted")
    hidden = [b.id for b in measured.bugs
              if not any(e.is_report for e in b.expected.values())]
    if hidden:
        yield "no sanitizer is expected to report, so no trial was run: " + ", ".join(hidden)
