# SPDX-License-Identifier: GPL-2.0-only
"""Unattended fuzzing of many targets: short slices in turn, corpora kept and pruned.

Each slice is a `redzone fuzz` of its own: what kills one leaves the others alone. The state is
written after every slice, so a batch that was killed goes on where it stopped.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from redzone_tool import build, catalogue, corpusmin, locks, paths, stats
from redzone_tool.errors import FINDING, INTERRUPTED, OK, ToolError

SCHEMA = 1
# A corpus is pruned when it outgrew its last pruned size by this factor and count.
GROWTH = 1.5
GROWTH_FILES = 200
# What the corpus of one target may take at the end of a batch.
MOST_FILES = 20_000
MOST_MIB = 64
GRACE_S = 60.0


@dataclass(frozen=True, order=True)
class Job:
    """One target in one engine and sanitizer."""

    target: str
    engine: str
    sanitizer: str

    @property
    def name(self) -> str:
        """net_ipv6 libfuzzer-address"""
        return f"{self.target} {self.engine}-{self.sanitizer}"


@dataclass
class Record:
    """What a job did so far, over all batches."""

    slices: int = 0
    execs: int = 0
    cpu_s: float = 0.0
    edges: int = 0
    findings: dict[str, str] = field(default_factory=dict)      # name: input
    unconfirmed: int = 0
    failed: int = 0
    message: str = ""


@dataclass
class Corpus:
    """The kept corpus of a target."""

    files: int = 0
    bytes: int = 0
    pruned_to: int = 0
    prunes: int = 0


@dataclass
class State:
    """Everything a batch knows; lives in one file."""

    path: Path
    jobs: dict[str, Record] = field(default_factory=dict)
    corpora: dict[str, Corpus] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> State:
        """The state of earlier batches; a damaged file is put aside, not lost."""
        state = cls(path)
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            state.jobs = {name: Record(**record) for name, record in data["jobs"].items()}
            state.corpora = {name: Corpus(**entry) for name, entry in data["corpora"].items()}
        except FileNotFoundError:
            pass
        except (ValueError, KeyError, TypeError, AttributeError):
            path.replace(path.with_suffix(".damaged"))
            return cls(path)
        return state

    def save(self) -> None:
        """Replace the file at once."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_suffix(".new")
        new.write_text(json.dumps(self.data(), indent=1) + "\n", encoding="utf-8")
        new.replace(self.path)

    def data(self) -> dict[str, Any]:
        """For the file and for --json."""
        return {"schema": SCHEMA,
                "jobs": {name: asdict(record) for name, record in self.jobs.items()},
                "corpora": {name: asdict(entry) for name, entry in self.corpora.items()}}

    def record(self, job: Job) -> Record:
        """A job's record; made when it is new."""
        return self.jobs.setdefault(job.name, Record())

    def rate(self) -> stats.Rate:
        """Distinct findings per CPU-hour; an upper limit when there is none."""
        found = {name for record in self.jobs.values() for name in record.findings}
        return stats.poisson_rate(len(found), sum(r.cpu_s for r in self.jobs.values()) / 3600)


@dataclass
class _Running:
    job: Job
    child: subprocess.Popen[str]
    started: float
    seconds: float


def corpus_of(target: str) -> Path:
    """Where a batch keeps the corpus of a target."""
    return paths.corpus_dir(target, "batch")


def next_job(jobs: Sequence[Job], busy: Iterable[str], state: State,
             slice_s: float) -> Job | None:
    """The job that had the least CPU time so far, of a target that nobody works on.

    A slice that failed counts as used: a job that cannot run does not starve the others.
    """
    taken = set(busy)

    def spent(job: Job) -> tuple[float, Job]:
        record = state.record(job)
        return record.cpu_s + record.failed * slice_s, job

    free = [job for job in jobs if job.target not in taken]
    return min(free, key=spent) if free else None


class Batch:
    """Runs slices until the time is up; `say` gets one line an event."""

    def __init__(self, jobs: Sequence[Job], slice_s: float, workers: int,
                 say: Callable[[str], None], folder: Path | None = None) -> None:
        self.jobs = list(jobs)
        self.slice_s = slice_s
        self.workers = min(workers, len({job.target for job in jobs}))
        self.say = say
        self.state = State.load((folder or paths.out() / "batch") / "state.json")
        self.running: list[_Running] = []
        self.interrupted = False

    def run(self, seconds: float) -> None:
        """Slices for `seconds`, then every corpus that grew is pruned."""
        for flavour in sorted({build.flavour(j.engine, j.sanitizer) for j in self.jobs}):
            build.ensure(flavour)
        end = time.monotonic() + seconds
        with locks.exclusive(self.state.path.parent, "redzone batch"):
            try:
                self._slices(end)
            except KeyboardInterrupt:
                self.interrupted = True
            finally:
                self._stop()
                self.state.save()
            if not self.interrupted:
                for target in sorted({job.target for job in self.jobs}):
                    self._prune(target, force=True)
                self.state.save()

    def _slices(self, end: float) -> None:
        while True:
            self._reap()
            left = end - time.monotonic()
            while len(self.running) < self.workers and left >= 2:
                job = next_job(self.jobs, [r.job.target for r in self.running], self.state,
                               self.slice_s)
                if job is None:
                    break
                self._prune(job.target)
                self._start(job, min(self.slice_s, end - time.monotonic()))
                left = end - time.monotonic()
            if not self.running and left < 2:
                return
            time.sleep(0.2)

    def _start(self, job: Job, seconds: float) -> None:
        record = self.state.record(job)
        seconds = max(1.0, seconds)
        corpus_of(job.target).mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable, "-s", "-m", "redzone_tool", "fuzz", job.target, "--json",
            "--engine", job.engine, "--sanitizer", job.sanitizer, "--seconds", f"{seconds:.0f}",
            "--seed", str(1 + record.slices), "--corpus", str(corpus_of(job.target))]
        env = {**os.environ, "PYTHONPATH": str(paths.root() / "scripts")}
        child = subprocess.Popen(command, cwd=paths.root(), env=env, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                 start_new_session=True)
        self.running.append(_Running(job, child, time.monotonic(), seconds))

    def _reap(self) -> None:
        for slot in list(self.running):
            if slot.child.poll() is None:
                if time.monotonic() - slot.started > slot.seconds + GRACE_S:
                    slot.child.send_signal(signal.SIGTERM)
                    slot.started = time.monotonic()
                continue
            self.running.remove(slot)
            out, err = slot.child.communicate()
            self._take(slot.job, slot.child.returncode, out, err)
            self.state.save()

    def _take(self, job: Job, code: int, out: str, err: str) -> None:
        record = self.state.record(job)
        record.slices += 1
        try:
            result = json.loads(out) if code in (OK, FINDING, INTERRUPTED) else None
        except ValueError:
            result = None
        if result is None:
            record.failed += 1
            record.message = (err.strip().splitlines() or [f"exit {code}"])[-1]
            self.say(f"{job.name}: failed: {record.message}")
            return
        record.execs += int(result["execs"])
        record.cpu_s += float(result["cpu_s"])
        record.edges = max(record.edges, int(result["edges"]))
        record.unconfirmed += len(result["unconfirmed"])
        fresh = [f for f in result["findings"] if f["name"] not in record.findings]
        record.findings.update({f["name"]: f["input"] for f in fresh})
        self.say(f"{job.name}: {result['execs']} executions, {result['cpu_s']:.0f} CPU s, "
                 f"corpus {result['corpus']}, {len(fresh)} new findings")

    def _prune(self, target: str, force: bool = False) -> None:
        folder = corpus_of(target)
        entry = self.state.corpora.setdefault(target, Corpus())
        sizes = [p.stat().st_size for p in folder.iterdir()] if folder.is_dir() else []
        entry.files, entry.bytes = len(sizes), sum(sizes)
        grown = entry.files > entry.pruned_to * GROWTH + GROWTH_FILES
        big = entry.bytes > MOST_MIB << 20 or entry.files > MOST_FILES
        if not sizes or not (grown or big or (force and entry.files != entry.pruned_to)):
            return
        try:
            with locks.exclusive(folder, "redzone batch (pruning)"):
                done = corpusmin.minimise(target, folder, folder)
        except ToolError as error:
            self.say(f"{target}: not pruned: {error}")
            return
        entry.files, entry.bytes = done.after, done.bytes_after
        entry.pruned_to = done.after
        entry.prunes += 1
        self.say(f"{target}: corpus pruned from {done.before} to {done.after} files")

    def _stop(self) -> None:
        for slot in self.running:
            slot.child.send_signal(signal.SIGTERM)
        for slot in self.running:
            try:
                out, err = slot.child.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                slot.child.kill()
                out, err = slot.child.communicate()
            self._take(slot.job, slot.child.returncode, out, err)
        self.running = []


def peak_mib() -> int:
    """The largest process that a batch has waited for so far, engines included."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10


def within_limits(state: State) -> list[str]:
    """Corpora above the stated limits."""
    return [f"{name}: {entry.files} files, {entry.bytes >> 20} MiB"
            for name, entry in sorted(state.corpora.items())
            if entry.files > MOST_FILES or entry.bytes > MOST_MIB << 20]


def changed_targets(revision: str) -> list[catalogue.Target]:
    """Targets whose port, harness, seeds or mutator differ from `revision`."""
    done = subprocess.run(["git", "diff", "--name-only", revision, "--"], cwd=paths.root(),
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise ToolError(f"git knows no revision {revision}")
    return [target for target in catalogue.targets()
            if any(concerns(target, name) for name in done.stdout.splitlines())]


def concerns(target: catalogue.Target, name: str) -> bool:
    """Whether a changed file is part of a target; shared code is part of all."""
    if name.startswith(("parsers/kernel/", "parsers/guard/", "harnesses/common/", "cmake/")):
        return True
    own = {target.harness, target.dictionary, f"harnesses/mutators/{target.name}.c", *target.port}
    return (name in own or name.startswith((f"{target.seeds}/", f"parsers/{target.family}/"))
            and not name.endswith(".md"))
