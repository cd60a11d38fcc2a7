# SPDX-License-Identifier: GPL-2.0-only
"""
Make an input smaller that faults, keeping why: the same kind of report with the same top
frames in the same sanitizer, and, where bugs or lost guards are needed, clean without them.

Parts go first (records, packets), then bytes inside parts with lengths repaired, then any
bytes. Every step is written down, so that a stopped run goes on where it was.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from redzone_tool import paths, replay, structure, symbolise
from redzone_tool.errors import FINDING, ToolError
from redzone_tool.replay import Outcome
from redzone_tool.sanreport import Report
from redzone_tool.triage import play
from redzone_tool.triage.record import Entry, normalised

FRAMES = 3
SWITCHES = ("REDZONE_BUGS", "REDZONE_ABLATE")
PHASES = ("trailer", "parts", "inside parts", "bytes")


@dataclass(frozen=True)
class Cause:
    """What must stay as it is."""

    kind: str
    access: str
    stack: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.kind} in {' < '.join(self.stack) or 'unknown'}"


def cause_of(report: Report) -> Cause:
    """Of a symbolised report."""
    stack = tuple(normalised(report.frames)[:FRAMES])
    # Where a hang is stopped is an accident.
    return Cause(report.kind, report.access, () if report.kind == "timeout" else stack)


@dataclass
class Trial:
    """Plays candidates and says whether they keep the cause; never the same bytes twice."""

    entry: Entry
    sanitizer: str
    build: play.Build
    executor: Executor
    folder: Path
    cpu_limit: float
    plays: int = 0
    _known: dict[bytes, bool] = field(default_factory=dict)
    _symbols: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        report = self.entry.seen[self.sanitizer].report
        assert report is not None
        self.cause = cause_of(report)

    def keeps(self, data: bytes) -> bool:
        """Whether an input faults for the same cause."""
        key = hashlib.sha256(data).digest()
        if key not in self._known:
            self._known[key] = bool(data) and self._judge(data)
        return self._known[key]

    def _judge(self, data: bytes) -> bool:
        done = self._play(data, self.entry.env)
        if done.clean:
            return False
        text, = symbolise.symbolise([done.text], self._symbols)
        report = replay.report_of(replace(done, text=text), self.cpu_limit)
        if report is None or cause_of(report) != self.cause:
            return False
        bare = {k: v for k, v in self.entry.env.items() if k not in SWITCHES}
        return bare == self.entry.env or self._play(data, bare).clean

    def _play(self, data: bytes, env: Mapping[str, str]) -> Outcome:
        file = self.folder / "candidate"
        file.write_bytes(data)
        self.plays += 1
        plan = play.Plan((self.sanitizer,), 1, self.cpu_limit)
        task = play.Task(0, file, self.entry.target, {})
        return self.executor.submit(play_once, plan, self.build, task, dict(env),
                                    self.sanitizer).result()


def play_once(plan: play.Plan, build: play.Build, task: play.Task, env: dict[str, str],
              sanitizer: str) -> Outcome:
    """A worker's job."""
    return play.Player(plan, build, task).play(env, sanitizer)


@dataclass
class Progress:
    """Where a run is: the best input so far and the phase it was found in."""

    original: str               # sha256
    cause: str
    best: bytes
    phase: int = 0
    done: bool = False

    def save(self, path: Path) -> None:
        """Write it down, whole or not at all."""
        fresh = path.with_name(path.name + ".new")
        fresh.write_text(json.dumps({
            "schema": 1, "original": self.original, "cause": self.cause,
            "best": self.best.hex(), "phase": self.phase, "done": self.done}) + "\n")
        os.replace(fresh, path)


def load(path: Path, original: str, cause: str) -> Progress | None:
    """An earlier run's progress, if it was on the same input and cause."""
    try:
        saved: dict[str, Any] = json.loads(path.read_text())
        if (saved["original"], saved["cause"]) != (original, cause):
            return None
        return Progress(original, cause, bytes.fromhex(saved["best"]), int(saved["phase"]),
                        bool(saved["done"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


class Minimiser:
    """Goes through the phases until nothing more can be left out, or the time is up."""

    def __init__(self, keeps: Callable[[bytes], bool], form: str, progress: Progress,
                 save: Callable[[Progress], None], deadline: float = float("inf")):
        self.keeps, self.form, self.progress, self.save = keeps, form, progress, save
        self.deadline = deadline

    def run(self) -> Progress:
        """From the phase that was reached; the last two again while they help."""
        steps = (self._trailer, self._parts, self._inside, self._bytes)
        state = self.progress
        while not state.done and self._time():
            before = len(state.best)
            steps[state.phase]()
            if not self._time():
                break
            if state.phase + 1 < len(steps):
                state.phase += 1
            elif len(state.best) < before:
                state.phase = PHASES.index("parts")
            else:
                state.done = True
            self.save(state)
        return state

    def _time(self) -> bool:
        return time.monotonic() < self.deadline

    def _take(self, data: bytes) -> bool:
        """Make a candidate the best one if it is smaller and keeps the cause."""
        if len(data) >= len(self.progress.best) or not self._time() or not self.keeps(data):
            return False
        self.progress.best = data
        self.save(self.progress)
        return True

    def _trailer(self) -> None:
        parts = structure.cut(self.progress.best, self.form)
        if parts.trailer:
            self._take(replace(parts, trailer=b"").join())

    def _parts(self) -> None:
        parts = structure.cut(self.progress.best, self.form)
        for block in [len(parts.bodies), *structure.blocks(len(parts.bodies))]:
            at = 0
            while at < len(parts.bodies) and self._time():
                fewer = parts.without(at, at + block)
                if fewer.bodies and self._take(fewer.join()):
                    parts = fewer
                else:
                    at += block

    def _inside(self) -> None:
        parts = structure.cut(self.progress.best, self.form)
        if parts.form == "whole":
            return
        for number in range(len(parts.bodies)):
            for start, end in self._cuts(lambda: len(parts.bodies[number]),
                                         structure.head(parts.form, parts.bodies[number])):
                body = parts.bodies[number]
                shorter = parts.with_body(number, body[:start] + body[end:])
                if self._take(shorter.join()):
                    parts = shorter

    def _bytes(self) -> None:
        for start, end in self._cuts(lambda: len(self.progress.best), 0):
            best = self.progress.best
            self._take(best[:start] + best[end:])

    def _cuts(self, size: Callable[[], int], first: int) -> Iterator[tuple[int, int]]:
        """Ranges to leave out, large before small, from the end; sizes shrink meanwhile."""
        for block in structure.blocks(size() - first):
            at = size()
            while at > first and self._time():
                start = max(first, at - block)
                if at <= size():
                    yield start, at
                at = min(start, size())


def minimise(entry: Entry, sanitizer: str, form: str, state_file: Path, folder: Path,
             executor: Executor, seconds: float = 0.0,
             cpu_limit: float = replay.CPU_LIMIT_S) -> tuple[Progress, Trial]:
    """Minimise a triaged input; the state file says how far an earlier run came."""
    build = play.builds((sanitizer,))
    trial = Trial(entry, sanitizer, build, executor, folder, cpu_limit)
    words = f"{sanitizer}: {trial.cause}; {','.join(entry.needs[0]) if entry.needs else ''}"
    progress = load(state_file, entry.sha256, words) or Progress(entry.sha256, words, entry.data)
    if not trial.keeps(progress.best):
        raise ToolError(f"{entry.name} does not fault the same way twice", FINDING)
    deadline = time.monotonic() + seconds if seconds else float("inf")
    run = Minimiser(trial.keeps, form, progress, lambda p: p.save(state_file), deadline)
    return run.run(), trial


def state_of(output: Path) -> Path:
    """Where the progress of an output file is kept."""
    name = hashlib.sha256(str(output.resolve()).encode("utf-8", "surrogateescape")).hexdigest()
    return paths.out() / "minimise" / f"{name[:16]}.json"
