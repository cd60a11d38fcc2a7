# SPDX-License-Identifier: GPL-2.0-only
"""Local fuzzing: several engine processes on one corpus, findings triaged as they come."""

import os
import queue
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from redzone_tool import build, catalogue, locks, paths, replay, seeds
from redzone_tool.engines import afl, base
from redzone_tool.errors import ENVIRONMENT, ToolError
from redzone_tool.findings import Finding, Triage, target_folder

MAX_HITS_PER_JOB = 200      # a shallow bug found again and again: the job has told all it can
MIN_RESTART_S = 1.0


@dataclass(frozen=True)
class Plan:
    """What the user asked for."""

    target: catalogue.Target
    engine: str = "libfuzzer"
    sanitizer: str = "address+undefined"
    seconds: float = 60.0
    jobs: int = 1
    seed: int = 1
    bugs: tuple[catalogue.Bug, ...] = ()
    cmplog: bool = False
    corpus: Path | None = None
    max_findings: int = 0       # end after so many causes; 0: go on

    @property
    def guards(self) -> bool:
        """Bugs are brought back in guard builds only."""
        return bool(self.bugs)

    @property
    def env(self) -> dict[str, str]:
        """Variables of the target, those that a bug's entry asks for included."""
        if not self.bugs:
            return {}
        env = {name: value for bug in self.bugs for name, value in bug.env.items()}
        return {**env, "REDZONE_BUGS": ",".join(bug.id for bug in self.bugs)}

    @property
    def name(self) -> str:
        """Of the corpus: engine, sanitizer and whether bugs were in."""
        cmplog = "-cmplog" if self.cmplog else ""
        return f"{self.engine}-{self.sanitizer}{cmplog}" + ("-guards" if self.guards else "")


@dataclass
class Progress:
    """What a view shows."""

    plan: Plan
    started: float
    jobs: list[base.Stats]
    findings: list[Finding] = field(default_factory=list)
    unconfirmed: int = 0
    past_execs: list[int] = field(default_factory=list)
    past_cpu: list[float] = field(default_factory=list)

    @property
    def elapsed(self) -> float:
        """Wall seconds so far."""
        return time.monotonic() - self.started

    @property
    def left(self) -> float:
        """Wall seconds to go."""
        return max(0.0, self.plan.seconds - self.elapsed)

    @property
    def execs(self) -> int:
        """Executions of all jobs."""
        return sum(s.execs for s in self.jobs) + sum(self.past_execs)

    @property
    def cpu_s(self) -> float:
        """CPU seconds of all jobs."""
        return sum(s.cpu_s for s in self.jobs) + sum(self.past_cpu)

    @property
    def rate(self) -> float:
        """Executions per second of all jobs now."""
        return sum(s.execs_per_s for s in self.jobs)

    @property
    def edges(self) -> int:
        """The best job's."""
        return max((s.edges for s in self.jobs), default=0)

    @property
    def corpus(self) -> int:
        """The best job's."""
        return max((s.corpus for s in self.jobs), default=0)


@dataclass
class Summary:
    """How a run ended."""

    plan: Plan
    findings: list[Finding]
    unconfirmed: list[Path]
    execs: int
    cpu_s: float
    wall_s: float
    edges: int
    corpus: int
    corpus_dir: Path
    interrupted: bool


def scratch_dir(plan: Plan, corpus: Path) -> Path:
    """Engine folders and logs of a run; belongs to whoever holds the corpus."""
    return paths.out() / "fuzz" / plan.target.name / locks.name_of(corpus)


def clean_inputs(plan: Plan, corpus: Path, triage: Triage) -> Path:
    """Copy the valid seeds that do not fault, and move such inputs out of the kept corpus.

    One that faults would end libFuzzer before it starts, and AFL++ skips it without a word;
    both are findings.
    """
    name = plan.target.name
    folder = scratch_dir(plan, corpus) / "seeds"
    folder.mkdir(parents=True)
    inputs = seeds.files(name, "valid") + sorted(p for p in corpus.iterdir() if p.is_file())
    if not inputs:
        return folder
    results = replay.run(name, inputs, replay.flavour_for(plan.sanitizer, plan.guards), plan.env,
                         timeout=60 + 0.02 * len(inputs))
    for file, result in zip(inputs, results, strict=True):
        if result.report is not None:
            triage.add(file)
        if file.parent == corpus and result.report is not None:
            aside = corpus.with_name(corpus.name + "-faulting")
            aside.mkdir(exist_ok=True)
            file.replace(aside / file.name)
        elif file.parent != corpus and result.report is None and (
                file.stat().st_size <= plan.target.max_len):
            shutil.copyfile(file, folder / file.name)
    return folder


_Event = tuple[int, "base.Stats | base.TrialResult | Path | BaseException"]


class _Job(threading.Thread):
    """One engine, started anew after each finding until the budget is used."""

    def __init__(self, index: int, plan: Plan, folders: tuple[Path, Path],
                 events: "queue.Queue[_Event]", stop: threading.Event):
        super().__init__(daemon=True)
        self.index = index
        self.plan = plan
        self.corpus, self.seeds = folders
        # AFL++ loses a third when its two processes wander over CPUs; the process id keeps
        # runs side by side apart.
        cpus = sorted(os.sched_getaffinity(0))
        self.cpu = cpus[(os.getpid() + index) % len(cpus)] if plan.engine == "afl" else None
        self.events = events
        self.stop = stop

    def run(self) -> None:
        """Thread body; whatever goes wrong is an event too."""
        try:
            self._rounds(time.monotonic() + self.plan.seconds)
        except BaseException as err:    # pylint: disable=broad-except
            self.events.put((self.index, err))

    def _rounds(self, deadline: float) -> None:
        hits = 0
        for attempt in range(1_000_000):
            left = deadline - time.monotonic()
            if left < MIN_RESTART_S or self.stop.is_set() or hits > MAX_HITS_PER_JOB:
                return
            trial = self._trial(left, attempt)
            result = self._one(trial)
            if result is None:
                return
            hits += len(result.findings)
            if result.exit == "failed":
                raise ToolError(f"{result.message} (log: {paths.shown(result.log)})", ENVIRONMENT)
            if result.exit != "finding":
                return

    def _one(self, trial: base.Trial) -> base.TrialResult | None:
        sent: set[Path] = set()
        result = None
        stream = base.run(trial)
        try:
            for item in stream:
                found = base.engine(trial.engine).findings(trial)
                for file in found:
                    if file not in sent:
                        sent.add(file)
                        self.events.put((self.index, file))
                self.events.put((self.index, item))
                if isinstance(item, base.TrialResult):
                    result = item
                elif self.stop.is_set():
                    break
        finally:
            # Closing the stream ends the engine cleanly; AFL++'s queue is kept.
            stream.close()
            driver = base.engine(trial.engine)
            if isinstance(driver, afl.Afl):
                driver.keep_corpus(trial)
        return result

    def _trial(self, left: float, attempt: int) -> base.Trial:
        plan = self.plan
        return base.Trial(
            target=plan.target.name, engine=plan.engine, sanitizer=plan.sanitizer,
            out_dir=scratch_dir(plan, self.corpus) / f"job{self.index}" / f"run{attempt}",
            guards=plan.guards, seconds=left, seed=plan.seed + self.index + 1000 * attempt,
            corpus=self.corpus, seeds=(self.seeds,),
            env=plan.env, dictionary=plan.target.dictionary_path, max_len=plan.target.max_len,
            cmplog=plan.cmplog, stop_at_first=plan.engine == "libfuzzer", cpu=self.cpu)


def prepare(plan: Plan) -> None:
    """Check the request and build what it needs."""
    if plan.cmplog and plan.engine != "afl":
        raise ToolError("--cmplog is AFL++'s: add --engine afl (libFuzzer traces comparisons "
                        "by itself)")
    if plan.corpus is not None and plan.corpus.exists() and not plan.corpus.is_dir():
        raise ToolError(f"corpus {paths.shown(plan.corpus)} is not a folder")
    flavour = build.flavour(plan.engine, plan.sanitizer, plan.guards)
    replay.flavour_for(plan.sanitizer, plan.guards)
    build.check_space(paths.out(), 64)
    build.ensure(flavour)
    build.ensure(replay.flavour_for(plan.sanitizer, plan.guards))
    if plan.cmplog:
        base.engine("afl").command(replace_trial(plan))
    seeds.ensure()


def replace_trial(plan: Plan) -> base.Trial:
    """A trial that is never run: its command line builds what it names."""
    return base.Trial(plan.target.name, plan.engine, plan.sanitizer, paths.out(),
                      guards=plan.guards, cmplog=plan.cmplog)


def run(plan: Plan, view: Callable[[Progress], None],
        tell: Callable[[Finding], None] = lambda finding: None) -> Summary:
    """Fuzz until the time is up, Ctrl-C, or enough findings; everything found is kept."""
    prepare(plan)
    corpus = plan.corpus or paths.corpus_dir(plan.target.name, plan.name)
    corpus.mkdir(parents=True, exist_ok=True)
    with locks.exclusive(corpus, f"redzone fuzz {plan.target.name}"):
        return _run_locked(plan, corpus, view, tell)


def _run_locked(plan: Plan, corpus: Path, view: Callable[[Progress], None],
                tell: Callable[[Finding], None]) -> Summary:
    shutil.rmtree(scratch_dir(plan, corpus), ignore_errors=True)
    triage = Triage(plan.target.name, plan.sanitizer, plan.guards, plan.env,
                    target_folder(plan.target.name, plan.sanitizer, plan.guards))
    progress = Progress(plan, time.monotonic(), [base.Stats() for _ in range(plan.jobs)],
                        past_execs=[0] * plan.jobs, past_cpu=[0.0] * plan.jobs)
    events: queue.Queue[_Event] = queue.Queue()
    stop = threading.Event()
    folders = (corpus, clean_inputs(plan, corpus, triage))
    for finding in triage.findings.values():
        tell(finding)
    progress.findings = list(triage.findings.values())
    progress.started = time.monotonic()
    jobs = [_Job(i, plan, folders, events, stop) for i in range(plan.jobs)]
    interrupted = False
    for job in jobs:
        job.start()
    try:
        while any(job.is_alive() for job in jobs):
            _drain(events, progress, triage, tell, wait=0.25)
            view(progress)
            if base.space_gone(corpus):   # libFuzzer would go on without a word
                raise ToolError("no space left on device (the corpus cannot grow)", ENVIRONMENT)
            if plan.max_findings and len(triage.findings) >= plan.max_findings:
                break
    except KeyboardInterrupt:
        interrupted = True
    finally:
        stop.set()
        for job in jobs:
            job.join(20)
    _drain(events, progress, triage, tell, wait=0)
    view(progress)
    return Summary(plan, list(triage.findings.values()), triage.unconfirmed, progress.execs,
                   progress.cpu_s, progress.elapsed, progress.edges, progress.corpus, corpus,
                   interrupted)


def _drain(events: "queue.Queue[_Event]", progress: Progress, triage: Triage,
           tell: Callable[[Finding], None], wait: float) -> None:
    """Take in what the jobs reported; waits for the first event at most `wait` seconds."""
    while True:
        try:
            index, item = events.get(timeout=wait) if wait else events.get_nowait()
        except queue.Empty:
            return
        wait = 0
        if isinstance(item, BaseException):
            raise item
        if isinstance(item, base.Stats):
            progress.jobs[index] = item
        elif isinstance(item, base.TrialResult):
            progress.past_execs[index] += item.execs
            progress.past_cpu[index] += item.cpu_s
            progress.jobs[index] = replace(progress.jobs[index], execs=0, cpu_s=0.0,
                                           execs_per_s=0.0, edges=max(
                                               item.edges, progress.jobs[index].edges),
                                           corpus=max(item.corpus, progress.jobs[index].corpus))
        else:
            finding = triage.add(item)
            progress.unconfirmed = len(triage.unconfirmed)
            progress.findings = list(triage.findings.values())
            if finding is not None:
                tell(finding)


def check_bugs(names: str | None, target: catalogue.Target) -> tuple[catalogue.Bug, ...]:
    """The bugs behind a --bugs option, checked against the catalogue."""
    found: Sequence[catalogue.Bug] = catalogue.bug_list(names, target.name)
    for bug in found:
        if bug.family != target.family:
            raise ToolError(f"bug {bug.id} belongs to {bug.target}, not to {target.name}")
    return tuple(found)
