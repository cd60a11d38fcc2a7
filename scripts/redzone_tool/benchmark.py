# SPDX-License-Identifier: GPL-2.0-only
"""
How fast targets run beside a no-op, and how much memory harnesses and tool take.

Rates are executions per CPU-second of the whole process tree, so that neighbours on the
machine matter little; each run of a target has a no-op run of the same flavour right
beside it, and the ratio is the median over these pairs.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from redzone_tool import build, paths, seeds, trials
from redzone_tool.catalogue import Target
from redzone_tool.engines import Trial, TrialResult
from redzone_tool.errors import ENVIRONMENT, ToolError

NOOP = "noop"
SCHEMA = 1

FLAVOURS = ("libfuzzer-address", "libfuzzer-undefined", "libfuzzer-memory",
            "libfuzzer-address+undefined", "afl-address", "afl-undefined", "afl-memory")
QUICK_FLAVOURS = ("libfuzzer-address", "afl-address")
QUICK_BUDGET_S = 80.0
RUN_S, RUNS = 5.0, 5
QUICK_RUN_S, QUICK_RUNS = 4.0, 3
START_S = 0.8           # of a run, besides its budget

CORPUS_FILES = 100_000
HARNESS_LIMIT_MIB = 256
TOOL_LIMIT_MIB = 500

Say = Callable[[str], None]


@dataclass(frozen=True)
class Rate:
    """One run."""

    per_cpu_s: float
    per_wall_s: float
    maxrss_kib: int


@dataclass
class Speed:
    """One target in one flavour, runs paired with those of the no-op."""

    target: str
    flavour: str
    runs: list[Rate] = field(default_factory=list)
    noop: list[Rate] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        """The row of `bench --json`."""
        ratios = [a.per_cpu_s / b.per_cpu_s for a, b in zip(self.runs, self.noop)
                  if b.per_cpu_s]
        return {
            "target": self.target, "flavour": self.flavour,
            "execs_per_s": round(statistics.median(r.per_cpu_s for r in self.runs), 1),
            "noop_execs_per_s": round(statistics.median(r.per_cpu_s for r in self.noop), 1),
            "ratio": round(statistics.median(ratios), 4) if ratios else None,
            "ratio_min": round(min(ratios), 4) if ratios else None,
            "ratio_max": round(max(ratios), 4) if ratios else None,
            "wall_execs_per_s": round(statistics.median(r.per_wall_s for r in self.runs), 1),
            "noop_wall_execs_per_s": round(
                statistics.median(r.per_wall_s for r in self.noop), 1),
            "runs": len(ratios),
        }


@dataclass(frozen=True)
class Memory:
    """Peak memory of one process."""

    what: str
    peak_mib: float
    limit_mib: float

    def as_dict(self) -> dict[str, object]:
        return {"what": self.what, "peak_mib": round(self.peak_mib, 1),
                "limit_mib": self.limit_mib, "within": self.peak_mib <= self.limit_mib}


def flavours(chosen: Sequence[str], quick: bool) -> tuple[str, ...]:
    """The flavours to run: those chosen, or the default ones."""
    if chosen:
        for name in chosen:
            build.check_flavour(name)
            if name.split("-")[0] not in ("libfuzzer", "afl") or name.endswith("-guards") \
                    or name == "afl-cmplog":
                raise ToolError(f"bench compares fuzzing flavours, not {name}")
        return tuple(dict.fromkeys(chosen))
    return QUICK_FLAVOURS if quick else FLAVOURS


def speed(targets: Sequence[Target], names: Sequence[str], quick: bool, say: Say,
          run_s: float = 0.0) -> Iterator[Speed]:
    """Run every target beside the no-op in every flavour."""
    seeds.ensure()
    for name in names:
        build.ensure(name)
    repeats = QUICK_RUNS if quick else RUNS
    seconds = run_s or (QUICK_RUN_S if quick else RUN_S)
    if quick and not run_s:
        runs = len(names) * repeats * 2 * len(targets)
        seconds = min(seconds, max(1.0, QUICK_BUDGET_S / runs - START_S))
    for target in targets:
        for name in names:
            row = Speed(target.name, name)
            for number in range(repeats):
                row.noop.append(_rate(target, NOOP, name, seconds, number + 1))
                row.runs.append(_rate(target, _own_mutations(target, name), name, seconds,
                                      number + 1))
            say(f"{target.name} {name}: {row.as_dict()['ratio']}")
            yield row


def _own_mutations(target: Target, flavour: str) -> str:
    """The target without our mutator where it has one, since the no-op has none either:
    what is compared is the cost of parsing, not that of longer and deeper inputs."""
    plain = f"{target.name}-plain"
    return plain if (paths.build_dir(flavour) / "bin" / plain).exists() else target.name


def _rate(target: Target, binary: str, flavour: str, seconds: float, seed: int) -> Rate:
    ended = _run(target, binary, flavour, seconds, seed)
    if not ended.execs or not ended.cpu_s:
        raise ToolError(f"bench: {binary} in {flavour} executed nothing"
                        + (f": {ended.message}" if ended.message else ""), ENVIRONMENT)
    return Rate(ended.execs / ended.cpu_s, ended.execs / max(ended.wall_s, 1e-3),
                ended.maxrss_kib)


def _scratch() -> Path:
    """Where engines keep a run's corpus: in memory if possible, a disk is not measured."""
    memory_disk = Path("/dev/shm")
    if os.access(memory_disk, os.W_OK):
        return memory_disk / f"redzone-bench-{os.getpid()}"
    return paths.out() / "bench"


def _run(target: Target, binary: str, flavour: str, seconds: float, seed: int) -> TrialResult:
    engine, _, sanitizer = flavour.partition("-")
    folder = _scratch() / f"{binary}-{flavour}"
    shutil.rmtree(folder, ignore_errors=True)
    ended = trials.run_engine(Trial(
        target=binary, engine=engine, sanitizer=sanitizer, out_dir=folder, seconds=seconds,
        seed=seed, seeds=(paths.seed_dir(target.name, "valid"),), cpu=0,
        dictionary=target.dictionary_path, max_len=target.max_len))
    shutil.rmtree(folder, ignore_errors=True)
    if folder.parent != paths.out() / "bench":
        shutil.rmtree(folder.parent, ignore_errors=True)
    if ended is None:
        raise ToolError(f"bench: {binary} in {flavour} did not end", ENVIRONMENT)
    return ended


def memory(targets: Sequence[Target], seconds: float, say: Say) -> Iterator[Memory]:
    """Peak memory of each harness while fuzzing, and of the tool with a large corpus."""
    for target in targets:
        for flavour in QUICK_FLAVOURS:
            build.ensure(flavour)
            ended = _run(target, target.name, flavour, seconds, 1)
            found = Memory(f"{target.name} {flavour}, {seconds:.0f} s of fuzzing",
                           ended.maxrss_kib / 1024, HARNESS_LIMIT_MIB)
            say(f"{found.what}: {found.peak_mib:.0f} MiB")
            yield found
    yield tool_memory(targets[0], CORPUS_FILES, say)


def tool_memory(target: Target, files: int, say: Say) -> Memory:
    """The tool's own peak while it replays and ablates a corpus of many files."""
    folder = paths.out() / "bench" / "corpus"
    say(f"writing {files} files")
    make_corpus(target, folder, files)
    build.ensure("native-guards")
    build.ensure("libfuzzer-address-guards")
    done = subprocess.run(
        [sys.executable, "-m", "redzone_tool.corpusload", target.name, str(folder)],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    shutil.rmtree(folder, ignore_errors=True)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise ToolError(f"bench --memory: {lines[-1] if lines else 'no output'}", ENVIRONMENT)
    return Memory(f"the tool with a corpus of {files} files", int(done.stdout) / 1024,
                  TOOL_LIMIT_MIB)


def make_corpus(target: Target, folder: Path, files: int) -> None:
    """Many different files: seeds with a few bytes changed, the same ones every time."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    originals = [p.read_bytes() for p in seeds.files(target.name)] or [b""]
    for number in range(files):
        data = bytearray(originals[number % len(originals)])
        round_ = number // len(originals)
        if data:
            at = round_ * 7919 % len(data)
            data[at] = (data[at] + 1 + round_ % 255) % 256
        (folder / f"{number:06d}").write_bytes(bytes(data) + round_.to_bytes(3, "little"))
