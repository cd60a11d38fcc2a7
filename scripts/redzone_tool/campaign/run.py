# SPDX-License-Identifier: GPL-2.0-only
"""Running the trials of a campaign that are missing, here or on Dask workers."""

from __future__ import annotations

import hashlib
import json
import math
import os
import queue
import resource
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redzone_tool import build, canaries, catalogue, locks, manifest, paths, replay, seeds, trials
from redzone_tool.campaign import attribute
from redzone_tool.campaign import spec as specs
from redzone_tool.campaign.spec import Job, Spec
from redzone_tool.campaign.store import DONE, FAILED, Event, FoundRow, Result, Store
from redzone_tool.errors import ENVIRONMENT, ToolError
from redzone_tool.session import Progress, Session

ATTEMPTS = 3            # a trial whose engine was ended from outside is begun anew
SPACE_MIB = 64
LOST = "lost"           # not a state of the file: the trial is still missing

Task = tuple[int, Job]


@dataclass
class Ended:
    """What a run of a campaign did."""

    finished: int = 0
    failed: int = 0
    overhead: float | None = None       # CPU beside the engines, as a part of theirs


def environment(job: Job) -> tuple[dict[str, str], dict[str, str]]:
    """What a job changes, and the same without the change."""
    if job.mode == specs.BUGS:
        bug = catalogue.bug(job.subject)
        return {**bug.env, "REDZONE_BUGS": bug.id}, dict(bug.env)
    if job.mode == specs.ALL:
        return {"REDZONE_BUGS": ",".join(b.id for b in catalogue.bugs(job.target))}, {}
    if job.mode == specs.GUARDS:
        return {"REDZONE_ABLATE": job.subject}, {}
    return {}, {}


def plan(job: Job, spec: Spec, folder: Path, cpu: int | None = None) -> trials.Plan:
    """A job as a trial."""
    target = trials.find_target(job.target)
    env, plain = environment(job)
    named = spec.binaries.get(job.target)
    return trials.Plan(
        target=target, engine=job.engine, sanitizer=job.sanitizer, folder=folder, env=env,
        plain=plain, seed=spec.seed + job.number, seconds=spec.seconds or spec.wall,
        cpu_seconds=spec.cpu_seconds, executions=spec.executions, memory_mib=spec.memory_mib,
        find_all=job.mode == specs.ALL, keep_inputs=True, cpu=cpu,
        binary=Path(named) if named else trials.engine_binary(target, job.engine, job.sanitizer))


def work(job: Job, spec: Spec, folder: Path, cpu: int | None = None,
         stop: threading.Event | None = None) -> Result | ToolError | None:
    """One trial from start to end; None when stopped, the error when it could not run."""
    try:
        build.check_space(folder, SPACE_MIB)
        todo = plan(job, spec, folder / _safe(job.name), cpu)
        try:
            outcome = trials.run(todo, stop)
            return None if outcome is None else _result(job, spec, todo, outcome)
        finally:
            trials.drop(todo)
    except ToolError as err:
        return err
    except OSError as err:
        return ToolError(f"{job.name}: {err.strerror}", ENVIRONMENT)


def _result(job: Job, spec: Spec, todo: trials.Plan, outcome: trials.Outcome) -> Result:
    name, amount = spec.budget
    spent = {"cpu_seconds": outcome.cpu_s, "seconds": outcome.wall_s,
             "executions": outcome.executions}[name]
    state, ended, message = DONE, outcome.exit, outcome.message
    if ended == "budget" and spent < 0.9 * amount - 1:
        ended = "wall limit"
    if ended == LOST:
        state = LOST
    elif ended == "failed":
        state = FAILED
    elif not outcome.executions and not outcome.found:
        state, message = FAILED, f"no execution within {outcome.wall_s:.0f} s"
    return Result(
        state=state, message=message, executions=outcome.executions, cpu_s=outcome.cpu_s,
        wall_s=outcome.wall_s, edges=outcome.edges, maxrss_kib=outcome.maxrss_kib,
        parts=outcome.parts, ended=ended, events=tuple(_events(todo, outcome)),
        findings=tuple(FoundRow(
            f.path.name, f.data, f.confirmed, f.clean, f.kind, f.summary, f.function,
            f.executions, f.cpu_s, _attribution(job, todo, f)) for f in outcome.found))


def _attribution(job: Job, todo: trials.Plan, found: trials.Found) -> dict[str, Any] | None:
    """Which bugs a finding needs. With one bug on, its confirmation has said so already."""
    if not found.confirmed:
        return {"how": attribute.CLEAN if found.clean else attribute.CARRY_OVER, "sets": []}
    if job.mode == specs.ALL:
        return attribute.attribute(todo.target, job.sanitizer, found.data,
                                   todo.folder / "attribution").as_dict()
    return {"how": attribute.SETS, "sets": [[job.subject]]} if job.subject else None


def _events(todo: trials.Plan, outcome: trials.Outcome) -> Iterator[Event]:
    """The counters of the target's own bugs and guards that were reached."""
    if outcome.counters is None:
        return
    table = trials.table(todo.target, todo.sanitizer)
    own = {b.id for b in catalogue.bugs(todo.target.name)}
    named = [("bug", str(entry["id"]), int(entry["index"]))
             for entry in table["bugs"]
             if entry["id"] in own and int(entry["index"]) < len(outcome.counters.bugs)]
    named += [("guard", name, at) for at, name in enumerate(
        _guards(todo, table, len(outcome.counters.guards)))]
    for kind, name, at in named:
        counter = (outcome.counters.bugs if kind == "bug" else outcome.counters.guards)[at]
        if counter.reached:
            yield Event(kind, name, counter.reached, counter.violated,
                        counter.first_reached_exec, counter.first_violated_exec,
                        outcome.cpu_at(counter.first_reached_exec),
                        outcome.cpu_at(counter.first_violated_exec),
                        canaries.first_input(todo.counters, kind[0], at))


def _guards(todo: trials.Plan, table: dict[str, Any], count: int) -> list[str]:
    """An engine's binary holds the guards of its target, in the order of the whole table."""
    own = [str(g["id"]) for g in table["guards"] if g["file"] in todo.target.port]
    return own if len(own) == count else []


def _safe(name: str) -> str:
    """A job's name as that of a folder."""
    words = "".join(c if c.isalnum() or c in "-_." else "-" for c in name)
    return f"{words[:80]}-{hashlib.sha1(name.encode()).hexdigest()[:8]}"


def create(folder: Path, spec: Spec, command: str, progress: Progress) -> Store:
    """Plan a campaign and write it down; nothing runs yet."""
    jobs = specs.jobs(spec)
    _build(spec, progress)
    facts = manifest.collect(
        sorted({build.flavour(e, s, True) for e in spec.engines for s in spec.sanitizers}),
        {f"{name}/valid": seeds.files(name, "valid") for name in spec.targets
         if name != trials.SELFTEST.name},
        {"libfuzzer -seed / afl-fuzz -s": f"{spec.seed} + number of the trial"}, command)
    facts["binaries"] = fingerprints(spec)
    return Store.create(folder, spec.as_json(), jobs, facts)


def _build(spec: Spec, progress: Progress) -> None:
    progress.stage("build", 0)
    if any(name != trials.SELFTEST.name for name in spec.targets):
        seeds.ensure()
    for name in spec.targets:
        target = trials.find_target(name)
        for sanitizer in spec.sanitizers:
            trials.replay_binary(target, replay.flavour_for(sanitizer, True))
            for engine in spec.engines:
                trials.engine_binary(target, engine, sanitizer)


def fingerprints(spec: Spec) -> dict[str, str]:
    """A hash of every engine binary: a campaign is one build."""
    found = {}
    for name in spec.targets:
        target = trials.find_target(name)
        for engine in spec.engines:
            for sanitizer in spec.sanitizers:
                named = spec.binaries.get(name)
                file = Path(named) if named else trials.engine_binary(target, engine, sanitizer)
                try:
                    found[f"{name} {engine}-{sanitizer}"] = hashlib.sha256(
                        file.read_bytes()).hexdigest()[:16]
                except OSError as err:
                    raise ToolError(f"{file}: {err.strerror}") from None
    return found


def resume(store: Store, progress: Progress, workers: int, retry_failed: bool = False,
           scheduler: str = "", force: bool = False) -> Ended:
    """Run exactly the trials that are missing."""
    spec = specs.of(json.loads(store.meta("spec")), paths.shown(store.path))
    folder = store.path.parent / "trials"
    ended = Ended()
    with locks.exclusive(store.path.parent, f"campaign {store.path.parent.name}"):
        todo = store.missing(retry_failed)
        if not todo:
            return ended
        _build(spec, progress)
        _same_build(store, spec, force)
        before = _cpu()
        spent = 0.0
        progress.stage("trials", len(todo))
        while todo:
            again: list[Task] = []
            results = (_remote(scheduler, todo, spec, folder) if scheduler
                       else _local(todo, spec, folder, workers, progress))
            for (number, job), result in results:
                if isinstance(result, ToolError):
                    if result.code == ENVIRONMENT:
                        raise result        # a full disk fails every trial that follows
                    result = Result(FAILED, str(result), ended="failed")
                if result.state == LOST:
                    if store.lost(number) < ATTEMPTS:
                        again.append((number, job))
                        progress.note(f"{job.name}: {result.message}: begun anew")
                        continue
                    result = Result(FAILED, f"{result.message}, {ATTEMPTS} times", ended=LOST)
                if store.finish(number, result):
                    spent += result.cpu_s
                    ended.finished += result.state == DONE
                    ended.failed += result.state == FAILED
                    progress.step(f"{job.name}: {word(result)}")
            todo = again
        if spent and not scheduler:
            ended.overhead = max(0.0, _cpu() - before - spent) / spent
            store.note("overhead", f"{ended.overhead:.4f}")
    return ended


def _same_build(store: Store, spec: Spec, force: bool) -> None:
    then = json.loads(store.meta("manifest")).get("binaries", {})
    changed = sorted(name for name, mark in fingerprints(spec).items() if then.get(name) != mark)
    if changed and not force:
        raise ToolError(f"{changed[0]} was rebuilt since this campaign began: its figures would "
                        "mix two builds (--force goes on)", ENVIRONMENT)


def _cpu() -> float:
    """CPU seconds of this process and of all it has waited for."""
    return sum(u.ru_utime + u.ru_stime for u in (
        resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)))


def _local(todo: Sequence[Task], spec: Spec, folder: Path, workers: int, progress: Progress,
           ) -> Iterator[tuple[Task, Result | ToolError]]:
    """Trials side by side on this machine, each on a CPU of its own while there are enough."""
    cpus: queue.Queue[int | None] = queue.Queue()
    mine = sorted(os.sched_getaffinity(0))
    for slot in range(workers):
        cpus.put(mine[slot] if workers <= len(mine) else None)
    session = Session(folder, math.inf, progress, workers=workers)

    def one(task: Task) -> Result | ToolError | None:
        cpu = cpus.get()
        try:
            return work(task[1], spec, folder, cpu, session.stop)
        finally:
            cpus.put(cpu)

    for task, result in session.map(one, todo):
        if result is not None:
            yield task, result


def _remote(scheduler: str, todo: Sequence[Task], spec: Spec, folder: Path,
            ) -> Iterator[tuple[Task, Result | ToolError]]:
    """Trials on Dask workers that see the same files; this process alone writes the record."""
    from redzone_tool.campaign import dask
    yield from dask.run(scheduler, todo, spec, folder)


def word(result: Result) -> str:
    """A trial in a line."""
    if result.state == FAILED:
        return f"failed: {result.message}"
    hits = [f for f in result.findings if f.confirmed]
    figures = f"{result.executions} executions, {result.cpu_s:.1f} CPU s"
    if not hits:
        return f"nothing in {figures}" + (" (wall limit)" if result.ended == "wall limit" else "")
    return f"{hits[0].kind} after {hits[0].executions} executions, {hits[0].cpu_s:.1f} CPU s" + (
        f", {len(hits)} findings in {figures}" if len(hits) > 1 else "")
