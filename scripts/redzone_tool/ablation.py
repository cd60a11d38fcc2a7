# SPDX-License-Identifier: GPL-2.0-only
"""
Guard ablation: replay inputs with one guard lost, in three sanitizers and two skb modes,
and say for each guard what its loss leads to.

`redzone-replay TARGET ablate` plays and confirms (harnesses/common/ablate.c); this module
starts it, reads its reports, and joins the runs. A class counts for a guard when any of the
three sanitizers confirmed it; the skb modes are never joined.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redzone_tool import build, outcomes, paths, procs, replay, sanreport, symbolise
from redzone_tool.catalogue import SANITIZERS, Guard
from redzone_tool.errors import ENVIRONMENT, ToolError

KERNEL = "kernel"
STRICT = "strict"
MODES = (KERNEL, STRICT)

CPU_MS = 100        # an input, ablated or not
MAX_FAULTS = 4      # that end a child before a guard's other inputs are left
KEEP = 8            # pieces of evidence a guard keeps

_DIGESTS = {"verdict": outcomes.VERDICT, "effects": outcomes.EFFECTS, "output": outcomes.OUTPUT}
_UNCOUNTED = ("carry-over", "nondeterministic")


@dataclass(frozen=True)
class Job:
    """One replay of a manifest in one sanitizer and one skb mode."""

    target: str
    sanitizer: str
    skb: str
    manifest: Path
    work: Path              # of this job alone: results and logs
    guards: tuple[str, ...] = ()    # empty: all
    cpu_ms: int = CPU_MS
    binary: str = "redzone-replay"

    @property
    def name(self) -> str:
        return f"{self.target} {self.sanitizer} skb={self.skb}"


@dataclass(frozen=True)
class Evidence:
    """One confirmed outcome: the input that shows it and where."""

    outcome: str
    sanitizer: str
    skb: str
    kind: str               # report kind, "hang", or the digest that differs
    input: str
    access: str = ""
    function: str = ""
    file: str = ""
    line: int = 0
    summary: str = ""

    def key(self) -> tuple[str, str, str, str, str]:
        return self.outcome, self.sanitizer, self.skb, self.kind, self.function


@dataclass
class Line:
    """One guard in one job."""

    guard: str
    executions: int
    violating: int
    truncated: bool
    evidence: list[Evidence] = field(default_factory=list)
    uncounted: dict[str, int] = field(default_factory=dict)


@dataclass
class JobResult:
    job: Job
    inputs: int = 0
    execs_per_s: float = 0.0
    clean_faults: list[str] = field(default_factory=list)
    clean_hangs: list[str] = field(default_factory=list)
    lines: dict[str, Line] = field(default_factory=dict)
    complete: bool = False
    wall_s: float = 0.0


@dataclass
class GuardOutcome:
    """What is known of one guard after all replays so far."""

    guard: Guard
    executions: dict[str, int] = field(default_factory=dict)       # by skb mode
    classes: dict[str, set[str]] = field(default_factory=dict)     # by skb mode
    violating: int = 0
    truncated: bool = False
    evidence: list[Evidence] = field(default_factory=list)
    uncounted: dict[str, int] = field(default_factory=dict)
    replayed: set[tuple[str, str]] = field(default_factory=set)    # sanitizer, skb

    def outcome(self, skb: str = KERNEL) -> str:
        """The worst class; without one, whether the guard was ever violated."""
        found = self.classes.get(skb)
        if found:
            return outcomes.worst(found)
        if self.violating and any(mode == skb for _, mode in self.replayed):
            return outcomes.NO_EFFECT
        return outcomes.UNDETERMINED

    def outcomes(self, skb: str = KERNEL) -> list[str]:
        """Every class found, worst first."""
        found = self.classes.get(skb)
        return sorted(found, key=outcomes.RANK.__getitem__) if found else [self.outcome(skb)]


def write_manifest(path: Path, inputs: Iterable[Path]) -> int:
    """List the inputs, each content once; returns how many there are."""
    seen: set[bytes] = set()
    lines: list[str] = []
    for file in inputs:
        digest = hashlib.sha1(file.read_bytes()).digest()
        if digest not in seen and "\n" not in str(file):
            seen.add(digest)
            lines.append(f"{file}\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines), encoding="utf-8")
    return len(lines)


def jobs(target: str, manifest: Path, work: Path, guards: Sequence[str] = (),
         sanitizers: Sequence[str] = SANITIZERS, modes: Sequence[str] = MODES) -> list[Job]:
    """The replays that together judge the guards; address first, it says most."""
    return [Job(target, sanitizer, skb, manifest, work / f"{sanitizer}-{skb}", tuple(guards))
            for sanitizer in sanitizers for skb in modes]


def environment(skb: str) -> dict[str, str]:
    """Sanitizer defaults, but reports are symbolised afterwards and in one go."""
    env = replay.environment({"REDZONE_SKB": skb})
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "MSAN_OPTIONS"):
        # A stripped module path could not be looked up again.
        env[name] = f"{env.get(name, '')}:symbolize=0:detect_leaks=0:strip_path_prefix=//"
    return env


def run(job: Job, stop: threading.Event | None = None,
        timeout: float | None = None) -> JobResult:
    """
    Replay one job. When stopped or out of time, the guards that were finished are in the
    result and `complete` is false.
    """
    exe = build.ensure(f"libfuzzer-{job.sanitizer}-guards") / "bin" / job.binary
    logs = job.work / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    lines = job.work / "guards.jsonl"
    command = [str(exe), job.target, "ablate", "--manifest", str(job.manifest),
               "--out", str(lines), "--log-dir", str(logs), "--cpu-ms", str(job.cpu_ms),
               "--max-faults", str(MAX_FAULTS)]
    if job.guards:
        command += ["--guards", ",".join(job.guards)]
    start = time.monotonic()
    ended = procs.run(command, environment(job.skb), job.work / "stderr", stop, timeout)
    result = parse(job, lines.read_text(encoding="utf-8") if lines.exists() else "")
    result.wall_s = time.monotonic() - start
    result.complete = ended == 0
    if ended not in (0, None):
        why = procs.last_line(job.work / "stderr")
        raise ToolError(f"ablation of {job.name} failed ({ended}): {why}", ENVIRONMENT)
    return result


def parse(job: Job, text: str) -> JobResult:
    """Read what `ablate` printed; a last line cut short is dropped."""
    result = JobResult(job)
    entries: list[dict[str, Any]] = []
    for row in text.splitlines():
        try:
            entries.append(json.loads(row))
        except ValueError:
            break
    reports = _reports(entries)
    for entry in entries:
        if "baseline" in entry:
            base = entry["baseline"]
            result.inputs = int(base["inputs"])
            result.execs_per_s = float(base["execs_per_s"])
            result.clean_faults = list(base["faults"])
            result.clean_hangs = list(base["hangs"])
            continue
        line = _line(job, entry, reports)
        result.lines[line.guard] = line
    return result


def _reports(entries: Iterable[Mapping[str, Any]]) -> dict[str, sanreport.Report | None]:
    """The parsed report of every log that a confirmed fault names."""
    logs = sorted({o["log"] for e in entries for o in e.get("outcomes", ())
                   if o.get("log") and o["confirmed"]})
    texts = []
    for log in logs:
        try:
            texts.append(Path(log).read_text(errors="replace"))
        except OSError:
            texts.append("")
    root = f"{paths.root()}/"
    whole = [text.replace(root, "") for text in symbolise.symbolise(texts)]
    return {log: sanreport.parse(text) for log, text in zip(logs, whole)}


def _line(job: Job, entry: Mapping[str, Any],
          reports: Mapping[str, sanreport.Report | None]) -> Line:
    line = Line(guard=entry["guard"], executions=int(entry["executions"]),
                violating=int(entry["violating_inputs"]), truncated=bool(entry["truncated"]))
    seen = set()
    for outcome in entry["outcomes"]:
        if not outcome["confirmed"]:
            kind = outcome["kind"] if outcome["kind"] in _UNCOUNTED else "carry-over"
            line.uncounted[kind] = line.uncounted.get(kind, 0) + 1
            continue
        evidence = _evidence(job, outcome, reports)
        if evidence.key() not in seen:
            seen.add(evidence.key())
            line.evidence.append(evidence)
    return line


def _evidence(job: Job, outcome: Mapping[str, Any],
              reports: Mapping[str, sanreport.Report | None]) -> Evidence:
    kind, file = outcome["kind"], outcome["input"]
    if kind in _DIGESTS:
        return Evidence(_DIGESTS[kind], job.sanitizer, job.skb, kind, file)
    if kind == "hang":
        return Evidence(outcomes.ASSERT, job.sanitizer, job.skb, kind, file,
                        summary=f"no end within {job.cpu_ms} ms of CPU time")
    report = reports.get(outcome.get("log") or "")
    if report is None:
        signal = outcome.get("signal")
        how = f"signal {signal}" if signal else f"exit {outcome.get('exit')}"
        return Evidence(outcomes.of_report(None), job.sanitizer, job.skb, how, file,
                        summary=f"died with {how}, no report")
    return Evidence(outcomes.of_report(report), job.sanitizer, job.skb, report.kind, file,
                    access=report.access, function=report.function, file=report.file,
                    line=report.line, summary=report.summary)


def merge(known: dict[str, GuardOutcome], results: Iterable[JobResult]) -> None:
    """Add the results of some jobs to what is known of the guards."""
    for result in results:
        job = result.job
        for line in result.lines.values():
            entry = known.get(line.guard)
            if entry is None:
                continue        # a guard of another target's port
            entry.replayed.add((job.sanitizer, job.skb))
            entry.executions[job.skb] = entry.executions.get(job.skb, 0) + line.executions
            entry.violating = max(entry.violating, line.violating)
            entry.truncated |= line.truncated
            for kind, count in line.uncounted.items():
                entry.uncounted[kind] = entry.uncounted.get(kind, 0) + count
            found = entry.classes.setdefault(job.skb, set())
            found |= {e.outcome for e in line.evidence}
            _keep(entry, line.evidence)


def _keep(entry: GuardOutcome, fresh: Sequence[Evidence]) -> None:
    """The worst and most different evidence; at least one piece for each class and mode."""
    have = {e.key() for e in entry.evidence}
    entry.evidence += [e for e in fresh if e.key() not in have]
    entry.evidence.sort(key=lambda e: (outcomes.RANK[e.outcome], e.skb, e.sanitizer))
    kept: list[Evidence] = []
    per_class: dict[tuple[str, str], int] = {}
    for evidence in entry.evidence:
        where = (evidence.outcome, evidence.skb)
        per_class[where] = per_class.get(where, 0) + 1
        if per_class[where] == 1 or len(kept) < KEEP:
            kept.append(evidence)
    entry.evidence = kept
